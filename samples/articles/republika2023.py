"""Articles in the layout of 2023-26."""

from __future__ import annotations

from samples.articles.model import (
    Article,
    Aside,
    BacaJuga,
    Items,
    Link,
    P,
    at,
    photo,
)

# A dateline with a no-break space; a video; a photo with its caption as a paragraph; an empty ad.
KITES = Article(
    kanal="gayahidup",
    layout="republika2023",
    title="Festival Layang-Layang Gianyar Hadirkan Naga 80 Meter",
    lead="Panitia melarang benang gelasan dan memeriksa setiap layangan sebelum diterbangkan.",
    made=at(17, 36, 12),
    printed=at(17, 40),
    stated=at(17, 40, 26),
    section=("Gaya Hidup", "Travelling"),
    tags=("layang-layang", "gianyar", "festival"),
    photos=(
        photo(
            "festival-layanglayang-gianyar",
            "220815173500-101",
            "Peserta menyiapkan layangan sebelum diterbangkan di pesisir Gianyar, Bali.",
            "Dok Panitia",
        ),
    ),
    opening="REPUBLIKA.CO.ID,&nbsp;GIANYAR -- ",
    dateline="GIANYAR",
    body=(
        P(
            "Ratusan layang-layang memenuhi langit pesisir Kabupaten Gianyar, Bali, Senin (15/8)."
            " Festival yang diikuti delapan desa itu digelar lagi setelah dua tahun libur."
        ),
        P(
            "Layangan terbesar berbentuk naga dengan ekor sepanjang 80 meter. Untuk"
            " menerbangkannya, sedikitnya 40 orang menarik tali secara bergantian."
        ),
        Aside(
            '<div class="iframe-container"><div id="player">'
            '<iframe title="YouTube video player" src="https://www.youtube.com/embed/contoh00000"'
            ' width="100%" height="315" frameborder="0" allowfullscreen></iframe></div></div>\n'
            "<!-- RECREATIVE -->"
        ),
        P('"Angin tahun ini bagus, bertiup dari tenggara sejak pagi," ujar ketua panitia.'),
        Aside(
            '<!-- B1 --><p class="b2"><p><img class="img-responsive" alt="" src="https://static'
            '.republika.co.id/uploads/images/headline_slide/layangan-naga_220815170000-102.jpeg">'
            "</p>"
        ),
        Aside(
            '<!-- B1 --><p class="b2">\n            <p>Layangan naga diarak menuju lapangan di'
            " Gianyar, Senin (15/8). - (Dok Panitia)</p>"
        ),
        P(
            "Panitia melarang benang gelasan karena dapat melukai orang. Setiap layangan diperiksa"
            " di pintu lapangan, dan peserta yang melanggar diminta mengganti benangnya."
        ),
        Aside(
            "<div style=\"width:100%;text-align:center\"><div id='div-gpt-ad-1490520387709-0'>"
            "<span>Tidak ada kode iklan yang tersedia.</span><script>googletag.cmd.push(function()"
            " { googletag.display('div-gpt-ad-1490520387709-0'); });</script></div></div>"
        ),
        P(
            "Pengunjung juga dapat mengikuti kelas merangkai bambu untuk anak-anak. Kelas itu"
            " dibuka setiap sore hingga festival ditutup pada Ahad (21/8)."
        ),
    ),
)

# The common case: related articles in a box with relative links, tag links, a source in the notes,
# and a correction forty minutes later.
CHILLI = Article(
    kanal="ekonomi",
    layout="republika2023",
    title="Harga Cabai Rawit di Pasar Induk Mulai Turun",
    lead="Pasokan dari tiga sentra tanam kembali lancar setelah jalan diperbaiki.",
    made=at(16, 21, 40),
    printed=at(16, 25),
    stated=at(16, 25, 7),
    modified=at(17, 5, 30),
    sources=("Antara",),
    section=("Ekonomi", "Pertanian"),
    tags=("cabai rawit", "harga pangan", "pasar induk"),
    photos=(
        photo(
            "harga-cabai-rawit",
            "220815162000-201",
            "Pedagang memilah cabai rawit di sebuah pasar (ilustrasi).",
            "Republika/Contoh Reporter",
        ),
    ),
    opening="REPUBLIKA.CO.ID, JAKARTA -- ",
    dateline="JAKARTA",
    body=(
        P(
            "Harga[ cabai rawit ](cabai-rawit)merah di Pasar Induk Kramat Jati, Jakarta Timur,"
            " mulai turun pada awal pekan ini. Pedagang menjualnya Rp 58 ribu per kilogram, lebih"
            " murah dibandingkan pekan lalu yang mencapai Rp 74 ribu."
        ),
        P(
            "Kepala pasar mengatakan, pasokan dari tiga sentra tanam di Jawa kembali lancar setelah"
            " jalan yang rusak selesai diperbaiki. Dalam sehari sekitar 30 truk masuk ke[ pasar"
            " induk](pasar-induk), dua kali lipat dari pekan sebelumnya."
        ),
        BacaJuga(
            "picked",
            (
                Link("Petani Garut Coba Keringkan Cabai dengan Rak Surya", at(8, 15, day=14), None),
                Link("Warung Makan Kurangi Sambal Gratis", at(13, 2, day=13), None),
            ),
        ),
        P(
            '"Kalau cuaca tetap seperti ini, dua pekan lagi harga akan kembali biasa," ujar dia,'
            " Senin (15/8)."
        ),
        P(
            "Seorang pembeli asal Condet mengaku kini berani membeli satu kilogram. Sebelumnya ia"
            " hanya membeli seperempat kilogram untuk kebutuhan dapur selama tiga hari."
        ),
    ),
)

# The h1 is empty; the metadata names another minute than the page; a list of results; a heading
# with a list of links; a tag link that carries the spaces.
FOOTBALL = Article(
    kanal="sport",
    layout="republika2023",
    title="Kampung Rawa Juara Turnamen Antarkampung Lewat Adu Penalti",
    lead="Kiper pengganti menahan dua tendangan dalam adu penalti.",
    made=at(15, 1, 30),
    printed=at(15, 30),
    stated=at(15, 2, 11),
    section=("Sport", "Arena Lain"),
    tags=("sepak bola", "turnamen antarkampung"),
    photos=(
        photo(
            "turnamen-antarkampung",
            "220815145900-301",
            "Pemain Kampung Rawa merayakan kemenangan di lapangan kecamatan.",
            None,
        ),
    ),
    opening="REPUBLIKA.CO.ID, BEKASI - ",
    dateline="BEKASI",
    empty_h1=True,
    body=(
        P(
            "Kampung Rawa menjuarai turnamen sepak bola antarkampung se-kecamatan setelah menang"
            " 4-3 dalam adu penalti atas Kampung Sawah, Ahad (14/8) sore. Kedua tim bermain imbang"
            " tanpa gol selama 70 menit."
        ),
        P(
            "Bek[ Bali United ](bali-united)FC yang sedang pulang kampung ikut memberi semangat"
            " dari pinggir lapangan. Ia pernah membela Kampung Rawa semasa sekolah."
        ),
        BacaJuga(
            "bare",
            (
                Link("Lapangan Kecamatan Dipasangi Lampu Baru", at(19, 44, day=13)),
                Link("Wasit Muda Berlatih di Akhir Pekan", at(9, 20, day=14)),
            ),
        ),
        P("Berikut hasil lengkap dua partai terakhir:"),
        Items(
            (
                "Kampung Rawa 0-0 Kampung Sawah (penalti 4-3)",
                "Kampung Duri 2-1 Kampung Melayu - perebutan tempat ketiga",
            ),
            "ol",
        ),
        P(
            '"Kami berlatih setiap Subuh selama sebulan, dan hari ini semua terbayar," kata kapten'
            " Kampung Rawa."
        ),
    ),
)

ENGLISH = Article(
    kanal="en",
    layout="republika2023",
    title="Library Boat Brings Books to Children Along the Musi River",
    lead="The boat calls at eleven villages and stays for one afternoon in each of them.",
    made=at(13, 31, 5),
    printed=at(13, 35),
    stated=at(13, 35, 0),
    section=("English", "General"),
    tags=("library", "musi river", "education"),
    language="en",
    photos=(
        photo(
            "library-boat",
            "220815132900-401",
            "Children read on the deck of the library boat.",
            "Courtesy of the village library",
        ),
    ),
    opening="REPUBLIKA.CO.ID, PALEMBANG -- ",
    dateline="PALEMBANG",
    body=(
        P(
            "A wooden boat that used to carry rice now carries two thousand books to the villages"
            " along the Musi River in South Sumatra. It calls at eleven villages and stays for one"
            " afternoon in each of them."
        ),
        P(
            '"The children hear the engine from far away and run to the jetty," the librarian said'
            " on Monday. She has been with the boat since it was painted blue in the spring."
        ),
        P(
            "Parents may borrow books as well. According to the village office, cookery and fish"
            " farming are asked for most, and hardly a book has come back wet."
        ),
        P("The provincial library plans to put a second boat on the water by the end of the year."),
    ),
)

# Listed at two addresses, on the kanal's host and on www: one article, one page.
SPRINKLER = Article(
    kanal="tekno",
    layout="republika2023",
    title="Siswa SMK Rakit Penyiram Tanaman yang Membaca Cuaca",
    lead="Alat itu hanya menyiram bila tanah benar-benar kering.",
    made=at(11, 40, 18),
    printed=at(11, 44),
    stated=at(11, 44, 53),
    reporters=("Contoh Reporter", "Contoh Reporter Dua"),
    section=("Tekno", "Sains"),
    tags=("siswa smk", "teknologi pertanian"),
    photos=(
        photo(
            "penyiram-tanaman",
            "220815113900-501",
            "Siswa memasang sensor kelembapan di kebun sekolah.",
            "Istimewa",
        ),
    ),
    opening="REPUBLIKA.CO.ID, MALANG -- ",
    dateline="MALANG",
    body=(
        P(
            "Sekelompok siswa SMK di Malang, Jawa Timur, merakit alat penyiram tanaman yang membaca"
            " kelembapan tanah dan prakiraan cuaca. Alat itu hanya menyiram bila tanah benar-benar"
            " kering dan hujan tidak akan turun dalam enam jam."
        ),
        Aside('<p class="b2">\n            <p>&nbsp;</p>'),
        P(
            "Menurut guru pembimbing, seluruh bahan dapat dibeli di toko elektronik dengan biaya"
            " kurang dari Rp 250 ribu. Kebun sekolah kini memakai air separuh dari biasanya."
        ),
        P(
            "Para siswa membagikan gambar rangkaiannya secara cuma-cuma. Sudah ada empat kelompok"
            " tani yang meminta untuk diajari merakitnya."
        ),
        Aside("<p>Ikuti Whatsapp Channel Republika</p>"),
    ),
)
