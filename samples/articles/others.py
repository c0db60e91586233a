"""Articles as AMP and in the layouts of 2013-18."""

from __future__ import annotations

from samples.articles.model import (
    Article,
    Aside,
    BacaJuga,
    Items,
    Link,
    P,
    Photo,
    at,
    photo,
)

# No date is printed, and no slash divides the by-line.
GARDEN = Article(
    kanal="khazanah",
    layout="amp",
    title="Remaja Masjid Kelola Kebun Sayur di Halaman Belakang",
    lead="Hasil panen dibagikan kepada jamaah setiap Jumat.",
    made=at(12, 16, 35),
    printed=at(12, 20),
    stated=at(12, 20, 45),
    section=("Khazanah", "Islam Nusantara"),
    tags=("remaja masjid", "kebun sayur"),
    photos=(
        photo(
            "kebun-sayur",
            "220815121500-141",
            "Remaja masjid memanen kangkung di Sleman.",
            "Dok Takmir",
        ),
    ),
    opening="REPUBLIKA.CO.ID, SLEMAN -- ",
    dateline="SLEMAN",
    body=(
        P(
            "Lahan kosong di belakang sebuah masjid di Sleman, Daerah Istimewa Yogyakarta, kini"
            " menjadi kebun sayur yang dikelola remaja masjid. Luasnya tidak lebih dari lapangan"
            " bulu tangkis."
        ),
        P(
            "Kangkung, bayam, dan terung dipanen setiap Kamis sore dan dibagikan kepada jamaah"
            " selepas shalat Jumat."
        ),
        BacaJuga(
            "picked",
            (
                Link("Air Wudhu Dipakai Ulang untuk Menyiram Taman", at(9, 51, day=14)),
                Link("Kajian Subuh Ditutup dengan Bubur Kacang Hijau", at(5, 48, day=14)),
            ),
        ),
        Aside(
            '<amp-ad width="300" height="250" type="doubleclick"'
            ' data-slot="/00000000/amp_detail_3"></amp-ad>'
        ),
        P(
            '"Awalnya hanya lima pot, sekarang ada delapan bedeng," kata ketua remaja masjid.'
            " Pupuknya dibuat dari daun kering di halaman."
        ),
        P("Takmir berencana menyediakan lahan kedua di samping tempat parkir."),
    ),
)

# --- layout newrol ----------------------------------------------------------------------------

# No place after the brand; the by-line as a table with the source; hidden residue of a paste.
SHORT_FILM = Article(
    kanal="gayahidup",
    layout="newrol",
    title="Film Pendek Karya Pelajar Diputar di Balai Desa",
    made=at(11, 0, 20),
    printed=at(11, 5),
    sources=("Antara",),
    section=("Gaya Hidup", "Film"),
    tags=("film pendek", "pelajar"),
    photos=(
        photo(
            "film-pendek",
            "220815105500-151",
            "Warga menonton film pendek di balai desa.",
            "Antara/Contoh Reporter",
        ),
    ),
    opening="REPUBLIKA.CO.ID, ",
    body=(
        P(
            "Film pendek buatan sebelas pelajar tentang tukang sepatu keliling diputar di balai"
            " desa, Ahad (14/8) malam. Lebih dari 200 warga menonton sambil duduk di atas tikar."
        ),
        P(
            "Gambar diambil dengan telepon genggam selama dua akhir pekan. Para pelajar meminjam"
            " lampu dari toko kelontong dan merekam suara di dalam lemari pakaian."
        ),
        P(
            '"Kami tertawa waktu melihat diri sendiri di layar," kata tukang sepatu yang menjadi'
            " pemeran utama."
        ),
        Aside(
            '<div id="__if72ru4sdfsdfrkjahiuyi_once" style="display: none;">&nbsp;</div>'
            '<div id="__zsc_once" style="display:none;">Sent from yahoo</div>'
        ),
    ),
)

# --- layout rol -------------------------------------------------------------------------------

# The text is one paragraph with line breaks; the reporter is a code; the source stands below.
READING_CONTEST = Article(
    kanal="news",
    layout="rol",
    title="Lomba Membaca Nyaring Diikuti 300 Murid SD",
    made=at(10, 26, 55),
    printed=at(10, 31),
    reporters=("C31",),
    sources=("Antara",),
    section=("News", "Pendidikan"),
    tags=("lomba membaca", "semarang"),
    style="br",
    photos=(
        photo(
            "lomba-membaca-nyaring",
            "220815102500-161",
            "Seorang murid membaca di depan juri.",
            "Antara/Contoh Reporter",
        ),
    ),
    opening="REPUBLIKA.CO.ID, SEMARANG -- ",
    dateline="SEMARANG",
    body=(
        P(
            "Sebanyak 300 murid sekolah dasar mengikuti lomba membaca nyaring di Semarang, Jawa"
            " Tengah, Senin (15/8). Setiap peserta membacakan satu halaman cerita pilihannya."
        ),
        P(
            "Juri menilai kejelasan suara, jeda, dan cara peserta menatap pendengar. Peserta yang"
            " gugup boleh mengulang satu kali."
        ),
        P(
            '"Yang penting bukan cepat, tetapi membuat orang mau mendengarkan," ujar ketua dewan'
            " juri."
        ),
        P("Sepuluh pembaca terbaik akan tampil di radio pemerintah kota bulan depan."),
    ),
)

# A related article in brackets; an unordered list; no reporter.
KITCHEN = Article(
    kanal="khazanah",
    layout="rol",
    title="Ibu-Ibu Pengajian Siapkan 500 Nasi Bungkus",
    made=at(8, 35, 10),
    printed=at(8, 40),
    reporters=(),
    section=("Khazanah", "Filantropi"),
    tags=("nasi bungkus", "pengajian"),
    photos=(photo("nasi-bungkus", "220815083000-171", "Nasi bungkus (ilustrasi).", "Istimewa"),),
    opening="REPUBLIKA.CO.ID, SOLO -- ",
    dateline="SOLO",
    body=(
        P(
            "Ibu-ibu pengajian di Solo, Jawa Tengah, menyiapkan 500 nasi bungkus untuk peserta"
            " kerja bakti menyambut Hari Kemerdekaan."
        ),
        BacaJuga("paren", (Link("Kerja Bakti Dimulai dari Gang Terkecil", at(14, 33, day=14)),)),
        P("Setiap bungkus berisi:"),
        Items(("nasi dan urap", "telur rebus", "kerupuk"), "ul"),
        P("Memasak dimulai pukul 02.00 WIB dan selesai sebelum matahari terbit."),
    ),
)

# The skin of photo galleries: no breadcrumb, a caption and its credit in one attribute.
TORCHES = Article(
    kanal="visual",
    layout="rol",
    title="Pawai Obor Sambut Hari Kemerdekaan di Kampung Tepi Kali",
    made=at(15, 58, 44),
    printed=at(16, 2),
    reporters=(),
    tags=("pawai obor", "hari kemerdekaan"),
    kind="gallery",
    style="br",
    photos=tuple(
        Photo(
            "https://static.republika.co.id/uploads/images/widget_box/"
            f"pawai-obor_22081515{minute}00-18{number}.jpg",
            caption,
            "Republika/Contoh Reporter",
        )
        for number, minute, caption in (
            (1, 40, "Warga menyalakan obor di tepi kali, Jakarta, Ahad (14/8) malam."),
            (2, 42, "Anak-anak membawa lampion kertas dalam pawai obor, Ahad (14/8) malam."),
            (3, 45, "Peserta pawai melintasi jembatan kampung, Ahad (14/8) malam."),
        )
    ),
    opening="REPUBLIKA.CO.ID, JAKARTA -- ",
    dateline="JAKARTA",
    body=(
        P("Ratusan warga kampung tepi kali di Jakarta mengikuti pawai obor, Ahad (14/8) malam."),
        P(
            "Pawai sepanjang tiga kilometer itu diadakan untuk menyambut Hari Kemerdekaan dan"
            " ditutup dengan doa bersama di lapangan."
        ),
    ),
)
