"""Furniture: lines that stand in the text's element and are none of the text."""

from __future__ import annotations

import json

import pytest

from crawler.parsers.body import furniture
from crawler.parsers.body.controls import is_control
from crawler.parsers.body.furniture import Caption
from tests.corpus import corpus


def dropped(line: str) -> bool:
    """Whether any rule takes the line out of the text."""
    return bool(
        furniture.is_furniture(line)
        or furniture.is_loader(line)
        or furniture.is_pager(line)
        or is_control(line)
        or furniture.list_heading(line)
        or furniture.baca_title(line) is not None
        or furniture.source_names(line) is not None
        or furniture.caption_line(line)
    )


@pytest.mark.parametrize(
    "line",
    [
        # Advertising.
        "Advertisement",
        "ADVERTISEMENT",
        "Advertisements",
        "Iklan",
        "Tidak ada kode iklan yang tersedia.",
        # The publisher's channels.
        "Ikuti Whatsapp Channel Republika",
        "Ikuti WhatsApp Channel Republika!",
        "Yuk, gabung saluran WhatsApp Republika",
        "Follow Google News Republika",
        "Dapatkan Update Berita Republika",
        "Yuk Ngaji Hari Ini",
        "BACA JUGA: Update Berita-Berita Politik Perspektif Republika.co.id, Klik di Sini",
        "Ikuti News Analysis Isu-Isu Terkini Perspektif Republika.co.id, Klik di Sini.",
        # The whole text stands elsewhere.
        "Baca berita selengkapnya di sini.",
        "Baca selengkapnya",
        "Baca Selengkapnya di ihram.co.id",
        "Baca Selengkapnya di republika.id",
        "Lihat Artikel Asli",
        "Lihat Artikel Asli Baca Selengkapnya di republika.id",
        # Counters and headings.
        "SHARE",
        "Share",
        "KOMENTAR",
        "Komentar : 0",
        "TAG",
        "TAGS",
        "EMBED",
        "Terpopuler",
        "TERKINI",
        "Halaman Selanjutnya",
        "Rekomendasi - Selasa , 16 Aug 2022, 06:06 WIB Panen Raya Bawang Merah Dimulai",
        "Disclaimer",
        "Retizen adalah Blog Republika Netizen untuk menyampaikan gagasan.",
        # Posts of social networks.
        "A post shared by Republika Online (@republikaonline)",
        "Sebuah kiriman dibagikan oleh Republika Online (@republikaonline)",
        "Lihat postingan ini di Instagram",
        "View this post on Instagram",
        # Signatures of videos, phones and photos.
        "Videografer | Contoh Reporter",
        "Video Editor | Contoh Reporter",
        "Videography: Contoh Reporter",
        "Artikel ini telah tayang di Republika.co.id dengan judul Pasar Ikan Dibuka",
        "Berita ini sudah pertama kali terbit di contoh-desa.id.",
        "Sent from my iPhone",
        "Sent from yahoo",
        "Foto: Republika/Contoh Reporter",
        "Foto:",
        "<caption>",
        # What a script leaves.
        "';",
        "`",
    ],
)
def test_carries_nothing(line: str) -> None:
    assert furniture.is_furniture(line)


def test_a_sentence_of_where_it_was_published_is_text() -> None:
    for line in (
        "Artikel ini telah dimuat di jurnal kampus itu sepuluh tahun lalu.",
        "Berita ini sudah tayang di televisi.",
    ):
        assert not furniture.is_furniture(line)


@pytest.mark.parametrize(
    "line", ["Loading...", "Loading…", "loading ....", "Loading . . .", "Memuat..."]
)
def test_loader_of_the_next_article(line: str) -> None:
    assert furniture.is_loader(line)


@pytest.mark.parametrize("line", ["Halaman 2 / 5", "halaman 1 dari 3", "Page 2 of 4"])
def test_pager(line: str) -> None:
    assert furniture.is_pager(line)


@pytest.mark.parametrize("line", ["Loading dock itu...", "Halaman 2 buku itu sobek.", "Halaman"])
def test_sentence_is_neither_loader_nor_pager(line: str) -> None:
    assert not furniture.is_loader(line)
    assert not furniture.is_pager(line)


@pytest.mark.parametrize(
    "line",
    [
        "A- A+ Cetak",
        "Bagikan Facebook X WhatsApp",
        "Ikuti kami di Google News",
        "SCROLL TO CONTINUE WITH CONTENT",
        "Scroll untuk melanjutkan membaca",
        "Sponsored",
        "❮ ❯",
    ],
)
def test_controls_of_the_page(line: str) -> None:
    assert is_control(line)


@pytest.mark.parametrize(
    "line", ["Bagikan ini.", "Ikuti terus!", "Tag harga itu lepas", "Berita ini dari Google"]
)
def test_words_of_controls_in_a_sentence_are_text(line: str) -> None:
    assert not is_control(line)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Baca Juga", "baca"),
        ("BACA JUGA", "baca"),
        ("Baca juga:", "baca"),
        ("Baca Juga :", "baca"),
        ("(Baca Juga)", "baca"),
        ("Berita Terkait:", "other"),
        ("Berita Lainnya", "other"),
        ("BERITA LAINNYA", "other"),
        ("Berita Terpopuler", "other"),
        ("Artikel Terkait", "other"),
        ("Rekomendasi", "other"),
        ("Baca juga buku cerita", None),
        ("Berita terkait gempa itu simpang siur.", None),
        ("Rekomendasi dokter", None),
        ("", None),
    ],
)
def test_heading_of_a_list_of_links(line: str, kind: str | None) -> None:
    assert furniture.list_heading(line) == kind


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Baca juga : Kereta Tua Jadi Ruang Baca", "Kereta Tua Jadi Ruang Baca"),
        ("Baca juga: Kereta Tua: dari Rongsokan", "Kereta Tua: dari Rongsokan"),
        ("Baca Juga:Kereta Tua", "Kereta Tua"),
        ("BACA JUGA: Kereta Tua", "Kereta Tua"),
        ("Baca: Kereta Tua", "Kereta Tua"),
        ("(Baca: Kereta Tua)", "Kereta Tua)"),
        ("[Baca juga: Kereta Tua]", "Kereta Tua]"),
        ("Baca juga:", ""),
        ("Baca juga dilakukan siswa di rumah, kata dia.", None),
        ("Baca: Iqra, kata malaikat.", None),
        ("Baca lima berita terpopuler sepanjang 24 jam terakhir:", None),
        ("Ia berkata, baca juga: apa saja.", None),
        ("Pembaca: Kami", None),
        ("", None),
    ],
)
def test_title_of_a_related_article(line: str, title: str | None) -> None:
    assert furniture.baca_title(line) == title


@pytest.mark.parametrize(
    ("line", "short"),
    [
        (
            "Harga turun (Baca: Cabai Dijemur) sejak Senin.",
            "Harga turun sejak Senin.",
        ),
        (
            "Harga turun. (Baca juga: Cabai (Rawit) Dijemur)",
            "Harga turun.",
        ),
        ("Harga turun (BACA: Cabai Dijemur).", "Harga turun."),
        ("Harga turun (baca laporan kami kemarin) lagi.", None),
        ("Ia (baca: kepala pasar) tidak menjawab.", None),  # that is to say
        ("Harga turun (15/8) lagi.", None),
    ],
)
def test_aside_within_a_paragraph(line: str, short: str | None) -> None:
    rest = line
    for aside in furniture.asides(line):
        rest = rest.replace(aside, "")
    assert rest == (line if short is None else short)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("sumber : Antara", ["Antara"]),
        ("Sumber : Reuters", ["Reuters"]),
        ("SUMBER: ANTARA", ["ANTARA"]),
        ("Sumber: Antara.", ["Antara"]),
        ("sumber : Antara, Reuters", ["Antara", "Reuters"]),
        ("sumber : Antara/Reuters", ["Antara", "Reuters"]),
        ("Sumber : kemenag.go.id", ["kemenag.go.id"]),
        ("sumber : https://contoh.id/a,b/c", ["https://contoh.id/a,b/c"]),
        ("Sumber dana program itu berasal dari anggaran kota.", None),
        ("Sumber tersebut: tidak jelas", None),
        ("Menurut sumber : tidak ada", None),
        ("sumber : Antara dan Reuters", ["Antara", "Reuters"]),
        ("(Sumber: Antara)", ["Antara"]),
        ("sumber :", []),  # the names stand below
        ("", None),
    ],
)
def test_sources(line: str, names: list[str] | None) -> None:
    assert furniture.source_names(line) == names


@pytest.mark.parametrize(
    ("line", "caption"),
    [
        (
            "Layangan diarak ke lapangan, Senin (15/8). - (Dok Panitia)",
            Caption("Layangan diarak ke lapangan, Senin (15/8).", "Dok Panitia"),
        ),
        ("Panen cabai - (Tim infografis)", Caption("Panen cabai", "Tim infografis")),
        (
            "Panen cabai -(Republika/Contoh Reporter).",
            Caption("Panen cabai", "Republika/Contoh Reporter"),
        ),
        (
            "Panen cabai Foto: Dok Panitia Panen cabai",
            Caption("Panen cabai", "Dok Panitia"),
        ),
        ("Panen cabai | Foto: Republika", Caption("Panen cabai", "Republika")),
        # Sentences and results.
        ("Juara 3. Contoh Peserta - Malang", None),
        ("Kampung Rawa 2-1 Kampung Sawah - (4)", None),
        ("Harga turun (15/8) - lalu naik (16/8) lagi.", None),
        ("Harga cabai turun (ilustrasi)", None),
        ("Foto copy KTP harus dibawa.", None),
        ("", None),
    ],
)
def test_caption_that_stands_as_text(line: str, caption: Caption | None) -> None:
    assert furniture.caption_line(line) == caption


def test_caption_below_a_photo_needs_no_dash() -> None:
    line = "Warga antre membeli cabai. (Republika/Contoh Reporter)"
    caption = Caption("Warga antre membeli cabai", "Republika/Contoh Reporter")
    assert furniture.caption_line(line, below_photo=True) == caption
    assert furniture.caption_line(line) is None


@pytest.mark.parametrize(
    ("line", "below"),
    [
        ("Tags: #", True),
        ("Share Tweet WhatsApp", True),
        ("Redaktur : Contoh Redaktur", True),
        ("Reporter : Contoh Reporter", True),
        ("Tag harga di pasar ditulis tangan.", False),
        ("Redaktur itu pulang.", False),
        ("", False),
    ],
)
def test_what_stands_below_an_article(line: str, below: bool) -> None:
    assert furniture.is_below(line) is below


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        ("Baca Selengkapnya di ihram.co.id", True),
        ("Baca Selengkapnya di republika.id", True),
        ("Lihat Artikel Asli", True),
        ("Baca berita selengkapnya di sini.", False),
        ("Advertisement", False),
    ],
)
def test_line_that_says_the_text_is_cut(line: str, cut: bool) -> None:
    assert furniture.is_cut(line) is cut


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement di badan mobil sengaja tidak dipasang.",
        "Iklan itu ditayangkan selama sebulan.",
        "Ikuti lomba layang-layang akhir pekan ini.",
        "Ia mengajak warga gabung grup WhatsApp desa untuk melaporkan banjir dan kebakaran.",
        "Komentar : warga menyambut baik rencana itu.",
        "Terpopuler di antaranya adalah cerita rakyat.",
        "Tag harga di pasar itu ditulis tangan.",
        "Baca selengkapnya buku itu sebelum berkomentar, kata dia kepada para siswa di sekolah.",
        "Petugas mengajak orang tua baca juga buku cerita daerah.",
        "Video editor itu bekerja dari rumah.",
        "Loading barang dilakukan malam hari.",
        "Sumber air di desa itu: mata air di lereng.",
        "Rekomendasi itu akan dibahas besok.",
        '"Bagus sekali," katanya.',
        "Menuai pro dan kontra",
        "1. Harga Cabai Turun",
        "JAKARTA -- Harga cabai turun.",
        "Foto-foto itu dipajang di balai desa.",
        "Ia membagikannya di Instagram.",
        "Kerabatnya menulis kepada Republika.co.id.",
        "-",
        "",
    ],
)
def test_text_stays(line: str) -> None:
    assert not dropped(line)


def test_a_long_line_is_text_whatever_it_begins_with() -> None:
    assert not dropped("Foto: " + "warga mengangkat karung, " * 10 + "pulang.")
    assert not dropped("Warga mendaftar di balai desa, " * 10 + "atau klik di sini")


def test_real_lines() -> None:
    table = (corpus() / "furniture.jsonl").read_text(encoding="utf-8")
    rows = [
        row
        for row in map(json.loads, table.splitlines())
        # Author lines go with the dateline; of a few lines nobody can say what they are.
        if row["scope"] == "body" and row["why"] != "author line" and not row.get("doubtful")
    ]
    assert len(rows) > 80
    assert [row["line"] for row in rows if dropped(row["line"]) == row["keep"]] == []
