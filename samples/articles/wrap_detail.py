"""Articles in the layout of 2018-22."""

from __future__ import annotations

from samples.articles.model import (
    Article,
    Aside,
    BacaJuga,
    Heading,
    Link,
    P,
    Quote,
    ad,
    at,
    photo,
)

# Blank paragraphs between the paragraphs; a photo in the text with its caption as a block
# quotation; a related article as a bold paragraph; an em dash after the place.
BRIDGE = Article(
    kanal="news",
    layout="wrap_detail",
    title="Jembatan Gantung Baru Pangkas Perjalanan Warga Desa",
    lead="Anak sekolah tidak perlu lagi memutar sejauh tujuh kilometer.",
    made=at(14, 43, 2),
    printed=at(14, 47),
    stated=at(14, 47, 33),
    section=("News", "Nusantara"),
    tags=("jembatan gantung", "sukabumi"),
    style="spaced",
    photos=(
        photo(
            "jembatan-gantung",
            "220815144100-601",
            "Warga melintasi jembatan gantung yang baru selesai dibangun.",
            "Antara/Contoh Reporter",
        ),
    ),
    opening="REPUBLIKA.CO.ID, SUKABUMI — ",
    dateline="SUKABUMI",
    body=(
        P(
            "Warga dua desa di Kabupaten Sukabumi, Jawa Barat, kini dapat menyeberangi sungai lewat"
            " jembatan gantung sepanjang 96 meter. Jembatan itu menggantikan rakit bambu yang"
            " dipakai sejak belasan tahun lalu."
        ),
        P(
            "Kepala desa mengatakan, jembatan dikerjakan selama lima bulan dengan dana desa dan"
            " gotong royong. Setiap akhir pekan sekitar 60 warga datang membantu."
        ),
        BacaJuga("strong", (Link("Rakit Bambu Terakhir Jadi Pajangan Balai Desa", at(10, 5)),)),
        Aside(
            '<p><img alt="photo" src="https://static.republika.co.id/uploads/images/headline_slide/'
            'rakit-bambu_220815143000-602.jpeg"></p>\n<p> </p>\n<blockquote>Rakit bambu yang'
            " sebelumnya dipakai warga menyeberang. Foto diambil pekan lalu.</blockquote>"
        ),
        P(
            "Sebelum ada jembatan, anak sekolah harus memutar sejauh tujuh kilometer bila sungai"
            ' meluap. "Sekarang saya bisa berangkat setengah jam lebih siang," kata seorang siswi'
            " kelas enam."
        ),
        P(
            "Pemerintah kabupaten berencana memasang lampu bertenaga surya di kedua ujung jembatan"
            " sebelum musim hujan tiba."
        ),
    ),
)

# A place glued to its dashes; a box of related articles; a sub-heading; quoted speech as a block;
# the label of an ad; and sentences that only look like furniture.
MOBILE_LIBRARY = Article(
    kanal="rejabar",
    layout="wrap_detail",
    title="Perpustakaan Keliling Bandung Kini Singgah hingga Malam",
    lead="Mobil buku menunggu orang tua pulang kerja.",
    made=at(12, 52, 47),
    printed=at(12, 58),
    stated=at(12, 58, 20),
    section=("Rejabar", "Bandung Raya"),
    tags=("perpustakaan keliling", "bandung", "literasi"),
    photos=(
        photo(
            "perpustakaan-keliling",
            "220815125000-701",
            "Anak-anak memilih buku di mobil perpustakaan keliling.",
            "Dok Perpustakaan",
        ),
    ),
    opening="REPUBLIKA.CO.ID, BANDUNG--",
    dateline="BANDUNG",
    body=(
        P(
            "Mobil perpustakaan keliling di Kota Bandung kini singgah di kampung-kampung hingga"
            " pukul 20.00 WIB. Jadwal baru itu dibuat agar orang tua dapat menemani anaknya"
            " sepulang kerja."
        ),
        P(
            "Petugas mengajak orang tua baca juga buku cerita daerah bersama anak-anak, bukan hanya"
            " buku pelajaran."
        ),
        BacaJuga("taiching", (Link("Taman Bacaan di Gang Sempit Tambah Rak", at(15, 12, day=14)),)),
        P(
            "Sumber dana program itu berasal dari anggaran kota dan sumbangan warga. Tahun ini"
            " tersedia 3.200 judul baru."
        ),
        ad("1475030147350", "Advertisement"),
        P(
            "Advertisement di badan mobil sengaja tidak dipasang supaya anak-anak hanya melihat"
            " gambar buku, kata kepala dinas."
        ),
        Heading("Bayar dengan satu cerita"),
        P("Setiap peminjam yang mengembalikan buku diminta menceritakan isinya kepada petugas."),
        Quote('"Ada yang bercerita sampai setengah jam, dan antrean ikut mendengarkan."'),
        P("Program itu akan dinilai kembali pada Desember."),
    ),
)

# The one real article; only what stands around it is made up.
PUTIN = Article(
    kanal="www",
    layout="wrap_detail",
    title="Putin Janjikan Perluas Hubungan dengan Korea Utara",
    lead="Putin mengatakan hubungan yang lebih erat akan menjadi kepentingan kedua negara.",
    made=at(9, 15, 58),
    suffix="370",
    printed=at(9, 15),
    stated=at(9, 15, 0),
    reporters=("Dwina Agustin",),
    editors=("Friska Yolandha",),
    sources=("Reuters",),
    section=("News", "Internasional"),
    tags=("korea utara", "rusia"),
    photos=(
        photo(
            "putin-janjikan-perluas-hubungan-dengan-korea-utara",
            "220815091500-601",
            "Presiden Rusia Vladimir Putin (kanan) memperlihatkan sebilah pedang Rusia sebagai"
            " hadiah kepada Pemimpin Korea Utara (Korut) Kim Jong-un di Vladivostok, Rusia, Kamis"
            " (25/4). Putin mengatakan hubungan yang lebih erat akan menjadi kepentingan kedua"
            " negara.",
            "Alexei Nikolsky, Sputnik, Kremlin Pool Photo",
        ),
    ),
    opening="REPUBLIKA.CO.ID, PYONGYANG -- ",
    dateline="PYONGYANG",
    body=(
        P(
            "Presiden Rusia Vladimir Putin mengirimkan surat kepada kepada pemimpin Korea Utara Kim"
            " Jong-un dalam hari pembebasan Korea. Laporan media pemerintah Korea Utara KCNA, Putin"
            " menekankan bahwa kedua negara akan memperluas hubungan bilateral yang komprehensif"
            " dan konstruktif dengan upaya bersama."
        ),
        P(
            "Putin mengatakan hubungan yang lebih erat akan menjadi kepentingan kedua negara. Dia"
            " akan membantu memperkuat keamanan dan stabilitas semenanjung Korea dan kawasan Asia"
            " Timur Laut."
        ),
        BacaJuga("picked", (Link("Jamuan Teh Tetangga Awali Bulan Agustus", at(6, 58)),)),
        P(
            "Kim juga mengirim surat kepada Putin sebagai balasan. Dia mengatakan persahabatan"
            " Rusia-Korea Utara telah ditempa dalam Perang Dunia II dengan kemenangan atas Jepang"
            " yang telah menduduki semenanjung Korea."
        ),
        P(
            '"Kerja sama strategis dan taktis, dukungan dan solidaritas antara kedua negara telah'
            " mencapai tingkat yang baru adalah upaya bersama mereka untuk menggagalkan ancaman dan"
            ' provokasi dari pasukan militer yang bermusuhan," kata Kim dalam surat itu.'
        ),
        ad("1451532301590"),
        P(
            "Kim memperkirakan kerja sama antara Rusia dan Korea Utara akan tumbuh. Nada positif"
            " ini berdasarkan kesepakatan yang ditandatangani pada 2019 ketika dia bertemu dengan"
            " Putin."
        ),
        P(
            "Korea Utara pada Juli mengakui dua republik yang memisahkan diri di Ukraina timur"
            " sebagai negara merdeka. Para pejabat meningkatkan prospek pekerja Korea Utara dikirim"
            " ke daerah tersebut untuk membantu dalam konstruksi dan tenaga kerja lainnya."
        ),
        P(
            "Langkah itu membuat Korea Utara menjadi negara ketiga setelah Rusia dan Suriah yang"
            " mengakui dua entitas yang memisahkan diri, Donetsk (DPR) dan Republik Rakyat Luhansk"
            " (LPR), di wilayah Donbas Ukraina. Bahkan Menteri Luar Negeri Korea Utara Choe Son Hui"
            " telah mengirim surat kepada rekan-rekannya di kedua wilayah tersebut untuk menyatakan"
            " keinginan untuk mengembangkan hubungan antarnegara dengan negara-negara itu dalam"
            " gagasan kemerdekaan, perdamaian dan persahabatan."
        ),
    ),
)

# A bold dateline; related articles as paragraphs without a link; a post of a social network; a
# single line break.
BOOK_BUS = Article(
    kanal="internasional",
    layout="wrap_detail",
    title="Bus Tua di Caracas Disulap Jadi Toko Buku",
    lead="Pembeli boleh membayar dengan buku lama.",
    made=at(7, 46, 9),
    printed=at(7, 50),
    stated=at(7, 50, 44),
    section=("Internasional", "Amerika"),
    tags=("caracas", "toko buku"),
    photos=(photo("bus-buku", "220815074500-801", "Bus kota tua (ilustrasi).", "EPA"),),
    opening="<strong>REPUBLIKA.CO.ID, CARACAS - </strong>",
    dateline="CARACAS",
    body=(
        P(
            "Sebuah bus kota yang sudah tidak dipakai di Caracas, Venezuela, diubah menjadi toko"
            " buku. Kursinya dilepas, dan di tempatnya kini berdiri 14 rak kayu."
        ),
        BacaJuga("unlinked", (Link("Kereta Tua Jadi Ruang Baca", at(16, 40, day=14)),)),
        P(
            "Pemiliknya, seorang bekas sopir, menerima pembayaran dengan buku lama."
            ' "Dua buku tua ditukar satu buku baru," ujarnya.'
        ),
        P("Bus itu buka setiap hari:\npukul 09.00 hingga 18.00 waktu setempat."),
        BacaJuga("unlinked", (Link("Kios Koran Kembali Diminati", at(8, 8, day=13)),)),
        P("Warga sekitar meminta agar bus kedua ditempatkan di dekat rumah sakit."),
        Aside(
            '<blockquote class="instagram-media"'
            ' data-instgrm-permalink="https://www.instagram.com/p/Contoh00000/">'
            '<a href="https://www.instagram.com/p/Contoh00000/">Lihat postingan ini di Instagram'
            "</a><p>A post shared by Republika Online (@republikaonline)</p></blockquote>"
        ),
    ),
)
