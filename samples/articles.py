"""The made-up Republika day as data: what its pages say, and with that what a record must hold.

Every article but one (`PUTIN`, the known example of the layout) is invented, people in it are
roles. An id is a clock, so ids are made from times (`article_id`). Articles in the layouts of
2013-18 carry the ids of that day as well: the site serves old templates, and all of them have to
be read in one run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

WIB = timezone(timedelta(hours=7))
_TAG_LINK = re.compile(r"\[([^]]*)\]\(([a-z0-9-]+)\)")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def at(hour: int, minute: int, second: int = 0, *, day: int = 15) -> datetime:
    """A moment of August 2022 in western Indonesia."""
    return datetime(2022, 8, day, hour, minute, second, tzinfo=WIB)


def article_id(moment: datetime, suffix: str = "900") -> str:
    """The id of what was made at ``moment``: base-36 seconds, then the editor's number."""
    seconds, clock = int(moment.timestamp()), ""
    while seconds:
        seconds, digit = divmod(seconds, 36)
        clock = _DIGITS[digit] + clock
    return clock + suffix


def slug(title: str) -> str:
    """The title as it stands in an address."""
    return re.sub(r"[^a-z0-9 ]", "", title.lower()).replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another article; without a ``host`` it is relative to the page."""

    title: str
    made: datetime
    host: str | None = "republika.co.id"

    @property
    def id(self) -> str:
        return article_id(self.made)

    @property
    def path(self) -> str:
        return f"/berita/{self.id}/{slug(self.title)}"

    @property
    def href(self) -> str:
        return f"https://{self.host}{self.path}" if self.host else self.path


@dataclass(frozen=True, slots=True)
class Photo:
    url: str
    caption: str | None
    credit: str | None


@dataclass(frozen=True, slots=True)
class P:
    """A paragraph; ``[ words ](tag)`` is a link to a tag, ``\\n`` a line break."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Quoted speech, set off as a block: it is text."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    texts: tuple[str, ...]
    tag: Literal["ol", "ul"]


@dataclass(frozen=True, slots=True)
class Aside:
    """What stands among the paragraphs and is no text."""

    html: str


@dataclass(frozen=True, slots=True)
class BacaJuga:
    """Links to other articles, in one of the forms that the site has for them."""

    form: Literal["picked", "taiching", "strong", "bare", "paren", "unlinked"]
    links: tuple[Link, ...]


Block = P | Heading | Quote | Items | Aside | BacaJuga


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article. ``opening`` is the HTML before its first paragraph, ``dateline`` what it says.

    ``made`` is the moment in the id, ``printed`` the one on the page (to the minute), ``stated``
    the one in the metadata (to the second; None where the layout has none). ``author_line`` names
    the reporter where the by-line does not. ``continued`` stands on a second page.
    """

    kanal: str
    layout: Literal["newrol", "rol", "wrap_detail", "republika2023", "amp"]
    title: str
    made: datetime
    printed: datetime
    opening: str
    body: tuple[Block, ...]
    dateline: str | None = None
    suffix: str = "900"
    lead: str | None = None
    stated: datetime | None = None
    modified: datetime | None = None
    reporters: tuple[str, ...] = ("Contoh Reporter",)
    editors: tuple[str, ...] = ("Contoh Redaktur",)
    author_line: str | None = None
    sources: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    photos: tuple[Photo, ...] = ()
    continued: tuple[Block, ...] = ()
    language: Literal["id", "en"] = "id"
    kind: Literal["article", "gallery"] = "article"
    partial: bool = False
    style: Literal["plain", "spaced", "br"] = "plain"
    empty_h1: bool = False

    @property
    def id(self) -> str:
        return article_id(self.made, self.suffix)

    @property
    def host(self) -> str:
        return f"{self.kanal}.republika.co.id"

    @property
    def url(self) -> str:
        return f"https://{self.host}/berita/{self.id}/{slug(self.title)}"

    @property
    def published(self) -> datetime:
        """The metadata knows the second; but where it names another minute, the page is right."""
        same = self.stated and self.stated.replace(second=0) == self.printed
        return self.stated if self.stated and same else self.printed

    @property
    def text(self) -> str:
        return "\n\n".join(_paragraphs(self.body + self.continued))

    @property
    def related(self) -> list[Link]:
        return [
            Link(link.title, link.made, link.host or self.host)
            for block in self.body + self.continued
            if isinstance(block, BacaJuga) and block.form != "unlinked"
            for link in block.links
        ]


def linked(text: str, link: str) -> str:
    """Paragraph text with its tag links put in; ``link`` is a replacement of words and tag."""
    return _TAG_LINK.sub(link, text)


def _paragraphs(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case P(text) | Heading(text) | Quote(text):
                yield linked(text, r"\1")
            case Items(texts):
                yield from texts


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a date index."""

    kanal: str
    printed: datetime
    title: str
    url: str
    external: bool = False


def _photo(name: str, stamp: str, caption: str | None, credit: str | None) -> Photo:
    folder = "https://static.republika.co.id/uploads/images/inpicture_slide"
    return Photo(f"{folder}/{name}_{stamp}.jpg", caption, credit)


def _ad(number: str, words: str | None = None) -> Aside:
    """An ad slot of layout wrap_detail, with the words that it shows."""
    label = f'<span class="ads-label">{words}</span>' if words else ""
    return Aside(
        f'<div id="div-gpt-ad-{number}-0" class="ads detail_text"'
        ' style="margin:0px auto; width:300px; height:auto;">'
        f"{label}<script>googletag.cmd.push(function() {{"
        f" googletag.display('div-gpt-ad-{number}-0'); }});</script></div>"
    )


# What stands around an article: headlines of other days, and the day the page was asked for.
HEADLINES = (
    (
        "Nusantara",
        "Sabtu , 13 Aug 2022, 20:32 WIB",
        Link("Jalur Sepeda Baru Mulai Dicat di Pusat Kota", at(20, 30, day=13)),
    ),
    (
        "Pertanian",
        "Ahad , 14 Aug 2022, 11:11 WIB",
        Link("Panen Raya Bawang Merah Dimulai Pekan Depan", at(11, 8, day=14)),
    ),
    (
        "Bisnis",
        "12 August 2022, 12:35",
        Link("Kerajinan Rotan Desa Tembus Pasar Mancanegara", at(12, 31, day=12)),
    ),
    (
        "Travelling",
        "7 menit yang lalu",
        Link("Stasiun Kecil di Kaki Bukit Kembali Layani Penumpang", at(7, 59, day=16)),
    ),
)
PAGE_DATE = "Tuesday, 18 Muharram 1444 / 16 August 2022"
PAGE_DATE_ID = "Selasa, 18 Muharram 1444 / 16 Agustus 2022"
RECOMMENDED = "Selasa , 16 Aug 2022, 06:06 WIB"

# --- layout republika2023 ---------------------------------------------------------------------

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
        _photo(
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
        _photo(
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
        _photo(
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
        _photo(
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
        _photo(
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

# --- layout wrap_detail -----------------------------------------------------------------------

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
        _photo(
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
        _photo(
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
        _ad("1475030147350", "Advertisement"),
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
        _photo(
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
        _ad("1451532301590"),
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
    photos=(_photo("bus-buku", "220815074500-801", "Bus kota tua (ilustrasi).", "EPA"),),
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

# A paid article of which the page gives the first lines only.
TEASER = Article(
    kanal="www",
    layout="wrap_detail",
    title="Menjaga Resep Lama di Warung Pinggir Rel",
    made=at(7, 11, 33),
    suffix="3925000",
    printed=at(7, 15),
    stated=at(7, 15, 16),
    reporters=("republika.id",),
    editors=("republika.id",),
    section=("Gaya Hidup", "Kuliner"),
    tags=("kuliner", "warung"),
    partial=True,
    photos=(_photo("warung-pinggir-rel", "220815071000-901", None, None),),
    opening="JAKARTA – ",
    dateline="JAKARTA",
    body=(
        P(
            "Warung di pinggir rel itu sudah tiga kali pindah, tetapi kuah sotonya tetap dimasak di"
            " atas tungku yang sama. Pemiliknya, generasi ketiga, masih menakar bumbu dengan..."
        ),
        Aside(
            '<p class="premium-content"><a href="https://www.republika.id/posts/00000/">Lihat'
            ' Artikel Asli</a> <a href="https://www.republika.id">Baca Selengkapnya di'
            " republika.id</a></p>"
        ),
    ),
)

# Two pages; the second begins with the last paragraph of the first.
PRAYER_HOUSE = Article(
    kanal="khazanah",
    layout="wrap_detail",
    title="Merawat Surau Kayu di Lereng Gunung",
    lead="Papan yang lapuk diganti satu per satu, tanpa paku.",
    made=at(6, 1, 24),
    printed=at(6, 5),
    stated=at(6, 5, 38),
    reporters=("Contoh Reporter Dua",),
    section=("Khazanah", "Islam Nusantara"),
    tags=("surau", "warisan budaya"),
    photos=(
        _photo(
            "surau-kayu",
            "220815060000-111",
            "Surau kayu di lereng gunung (ilustrasi).",
            "Republika/Contoh Reporter Dua",
        ),
    ),
    opening="REPUBLIKA.CO.ID, PADANG PANJANG -- ",
    dateline="PADANG PANJANG",
    body=(
        P(
            "Surau kayu di sebuah nagari di Padang Panjang, Sumatra Barat, berumur lebih dari satu"
            " abad. Setiap tahun warga berkumpul untuk mengganti papan yang lapuk."
        ),
        P(
            "Pekerjaan itu dilakukan tanpa paku. Tukang tertua memilih kayu, sedangkan anak-anak"
            " muda memotong dan memasang pasak di bawah pengawasannya."
        ),
        P(
            "Tahun ini giliran dinding utara yang diperbaiki. Dari 48 papan, 11 di antaranya harus"
            " diganti."
        ),
    ),
    continued=(
        P(
            "Kayu pengganti diambil dari kebun milik nagari. Untuk setiap pohon yang ditebang,"
            " warga menanam tiga bibit baru."
        ),
        P(
            "Pengurus surau mencatat semua perbaikan dalam buku tebal. Catatan tertua yang masih"
            " terbaca berasal dari tahun 1931."
        ),
        P("Perbaikan ditutup dengan makan bersama di halaman surau selepas Maghrib."),
    ),
)

# The reporter's name stands in an author line of the text, not in the by-line.
PLAYGROUND = Article(
    kanal="www",
    layout="wrap_detail",
    title="Mengapa Anak Perlu Bermain di Luar Rumah",
    lead="Satu jam di bawah matahari pagi sudah cukup.",
    made=at(5, 24, 51),
    printed=at(5, 30),
    stated=at(5, 30, 2),
    reporters=("Contoh Reporter Dua",),
    author_line="Oleh : Contoh Reporter Dua",
    section=("Kolom", "Wawasan"),
    tags=("anak", "bermain"),
    photos=(
        _photo("bermain-di-luar", "220815052000-121", "Anak bermain (ilustrasi).", "Istimewa"),
    ),
    opening="REPUBLIKA.CO.ID, DEPOK -- ",
    dateline="DEPOK",
    body=(
        P(
            "Halaman rumah makin sempit, dan waktu anak di depan layar makin panjang. Padahal"
            " bermain di luar rumah tidak perlu biaya."
        ),
        P(
            "Satu jam di bawah matahari pagi sudah cukup. Anak belajar mengukur tenaga, menunggu"
            " giliran, dan menyelesaikan pertengkaran kecil tanpa orang dewasa."
        ),
        P(
            "Orang tua cukup duduk agak jauh dan menahan diri untuk tidak sebentar-sebentar"
            " memanggil pulang."
        ),
    ),
)

# On the day's index, but its id says that it is of 12 August.
NIGHT_MARKET = Article(
    kanal="news",
    layout="wrap_detail",
    title="Pasar Malam Keliling Kembali Singgah di Alun-Alun",
    lead="Komidi putar menjadi wahana yang paling ditunggu.",
    made=at(19, 22, 14, day=12),
    printed=at(19, 26, day=12),
    stated=at(19, 26, 3, day=12),
    section=("News", "Nusantara"),
    tags=("pasar malam", "tegal"),
    photos=(_photo("pasar-malam", "220812191900-131", "Komidi putar (ilustrasi).", "Istimewa"),),
    opening="REPUBLIKA.CO.ID, TEGAL -- ",
    dateline="TEGAL",
    body=(
        P(
            "Pasar malam keliling kembali singgah di alun-alun Kota Tegal, Jawa Tengah, mulai Jumat"
            " (12/8). Komidi putar menjadi wahana yang paling ditunggu anak-anak."
        ),
        P("Pengelola menjual karcis seharga Rp 5.000 dan membatasi jumlah penumpang tiap putaran."),
        P("Pasar malam akan berlangsung selama sepuluh hari."),
    ),
)

# --- layout amp -------------------------------------------------------------------------------

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
        _photo(
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
        _photo(
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
        _photo(
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
    photos=(_photo("nasi-bungkus", "220815083000-171", "Nasi bungkus (ilustrasi).", "Istimewa"),),
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

# --- articles that give no record -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lost:
    """An article on the index that becomes no record; ``state`` and ``why`` are what a run says."""

    kanal: str
    title: str
    made: datetime
    printed: datetime
    state: Literal["gone", "rejected"]
    why: str

    @property
    def id(self) -> str:
        return article_id(self.made)

    @property
    def url(self) -> str:
        return f"https://{self.kanal}.republika.co.id/berita/{self.id}/{slug(self.title)}"


BOOK_FAIR = Lost(
    "news",
    "Bazar Buku Bekas Dipadati Pengunjung",
    at(14, 6, 31),
    at(14, 10),
    "gone",
    "answered 200 with the home page",
)
FISH_STALL = Lost(
    "ekonomi",
    "Koperasi Nelayan Buka Gerai Ikan Segar",
    at(8, 8, 2),
    at(8, 12),
    "gone",
    "answered 404",
)
DRAIN = Lost(
    "news",
    "Warga Gotong Royong Bersihkan Saluran Air",
    at(6, 44, 29),
    at(6, 48),
    "rejected",
    "an article's page without text and without a readable date",
)

RECORDS = (
    KITES,
    CHILLI,
    TORCHES,
    FOOTBALL,
    BRIDGE,
    ENGLISH,
    MOBILE_LIBRARY,
    GARDEN,
    SPRINKLER,
    SHORT_FILM,
    READING_CONTEST,
    PUTIN,
    KITCHEN,
    BOOK_BUS,
    TEASER,
    PRAYER_HOUSE,
    PLAYGROUND,
)
LOST = (BOOK_FAIR, FISH_STALL, DRAIN)


def _entry(kanal: str, article: Article | Lost, url: str | None = None) -> Entry:
    return Entry(kanal, article.printed, article.title, url or article.url)


# The second address of SPRINKLER.
SPRINKLER_ON_WWW = SPRINKLER.url.replace("//tekno.", "//www.")

# The date index, page by page. A crawler leaves out what is not the site's news: an item of
# another company, a reader's post.
INDEX = (
    (
        _entry("Travelling", KITES),
        _entry("Pertanian", CHILLI),
        _entry("In Picture", TORCHES),
        Entry(
            "Kreta",
            at(15, 48),
            "Tips Merawat Sepeda Lipat di Musim Hujan",
            "https://kreta.id/berita/1500/tips-merawat-sepeda-lipat-di-musim-hujan",
            external=True,
        ),
        _entry("Arena Lain", FOOTBALL),
        _entry("Nusantara", BRIDGE),
        _entry("Umum", BOOK_FAIR),
        _entry("General", ENGLISH),
        Entry(
            "Retizen",
            at(13, 10),
            "Catatan Warga tentang Pohon Mangga di Ujung Gang",
            "https://retizen.republika.co.id/posts/170000/catatan-warga-tentang-pohon-mangga",
        ),
        _entry("Bandung Raya", MOBILE_LIBRARY),
        _entry("Islam Nusantara", GARDEN),
        _entry("Sains", SPRINKLER, SPRINKLER_ON_WWW),
    ),
    (
        _entry("Islam Nusantara", GARDEN),  # slid from the first page while the index grew
        _entry("Sains", SPRINKLER),
        _entry("Film", SHORT_FILM),
        _entry("Pendidikan", READING_CONTEST),
        _entry("Internasional", PUTIN),
        _entry("Filantropi", KITCHEN),
        _entry("Bisnis", FISH_STALL),
        _entry("Amerika", BOOK_BUS),
        _entry("Kuliner", TEASER),
        _entry("Umum", DRAIN),
        _entry("Islam Nusantara", PRAYER_HOUSE),
        _entry("Wawasan", PLAYGROUND),
        _entry("Nusantara", NIGHT_MARKET),
    ),
    (),
)
