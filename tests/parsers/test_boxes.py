"""Blocks among the paragraphs: what is taken out by what it is made of, and what stays."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.parsers.body.cleaner import Body, read_body

BASE = "https://news.republika.co.id/berita/rgnc3q900/jembatan-gantung-baru"
OPENING = "Warga memperbaiki jembatan bambu bersama-sama sejak subuh, dibantu anak-anak sekolah."
END = "Jembatan dibuka lagi pekan depan setelah diperiksa oleh petugas dari dinas pekerjaan umum."
FISH = '<a href="/berita/rgl4s1900/pasar-ikan">Pasar Ikan Dibuka</a>'
SCHOOL = '<a href="/berita/rgl4s2900/sekolah">Sekolah Apung Diresmikan</a>'
PICTURE = '<a href="/berita/rgl4s1900/pasar-ikan"><img src="/thumb.jpg"></a>'
UPLOAD = "https://static.republika.co.id/uploads/images/inpicture_slide/a_220815-701.jpg"


def read(block: str) -> Body:
    """The text with a block between its two paragraphs."""
    html = f"<body><div><p>REPUBLIKA.CO.ID, TEGAL -- {OPENING}</p>{block}<p>{END}</p></div>"
    container = LexborHTMLParser(html).css_first("div")
    assert container
    return read_body(container, BASE, "Jembatan Gantung Baru", "rgnc3q900")


@pytest.mark.parametrize(
    "block",
    [
        # Fields and players, with the labels around them.
        "<div><p>Siapa juara?</p><label><input>Tim A</label><button>Pilih</button></div>",
        "<h3>Video Pilihan</h3><div><iframe src='https://www.youtube.com/embed/x'></iframe></div>",
        "<amp-video-iframe><p>Video Terkini</p></amp-video-iframe>",
        "<div class='rx'><p>Bagaimana reaksi Anda?</p><button>Suka <i>12</i></button></div>",
        "<div><span>Suka artikel ini?</span> <a href='#'>Ya</a> <a href='#'>Tidak</a></div>",
        "<div><p>Ringkas dengan AI</p><span role=button>Mulai</span></div>",
        "<div role=dialog><p>Situs ini memakai cookie.</p><button>Setuju</button></div>",
        "<div><h4>Kuis: Seberapa Tahu Anda?</h4><form><input></form></div>",
        # A table of contents.
        "<nav><p>Daftar Isi</p><ol><li><a href='#b1'>Awal kerja</a></li></ol></nav>",
        "<p><b>Daftar Isi</b></p><ul><li><a href='#b1'>Awal</a></li></ul>",
        # Comments, the author, advertisements, app stores.
        "<details><summary>Komentar (2)</summary><div><b>Pembaca</b><p>Bagus.</p></div></details>",
        "<div><img><b>Tentang Penulis</b><p>Wartawan desk daerah.</p><a href='/x'>Lihat</a></div>",
        "<div><i>Suka</i><a href='https://iklan.example/x' rel='nofollow sponsored'>Cara</a></div>",
        "<div><p>Lebih nyaman di aplikasi</p><a href='https://play.google.com/x'><img></a></div>",
        "<div><p>Apakah ini membantu?</p><a href='#' role=button>Ya</a></div>",
        "<div><span>1.204</span> <span>kali dilihat</span></div>",
        # A card of another site, and those of other articles.
        "<div><i>Untuk Anda</i><ul><li><a href='https://x.example/'><img>Cara</a></li></ul></div>",
        f"<div class='x1'><div>{FISH}</div><div>Selasa, 16 Aug 2022, 08:00 WIB</div></div>",
        f"<table><tr><td>{PICTURE}</td><td>{FISH}<br>Kafe baru dibuka kemarin.</td></tr></table>",
        f"<section><h3>Untuk Anda</h3><ul><li>{FISH}</li><li>{SCHOOL}</li></ul></section>",
        f"<h4>Kabar Kota</h4><ul><li>{FISH}</li><li>{SCHOOL}</li></ul>",
        f"<div>{PICTURE}<div><h4>{FISH}</h4><p>Pasar dibuka kembali kemarin pagi.</p></div></div>",
        # Without a link, and links after a label.
        "<p>Baca Juga » Pasar Ikan Dibuka</p>",
        "<p>Baca juga – Pasar Ikan Dibuka</p>",
        f"<p>Artikel terkait: {FISH}</p>",
        f"<p>Laporan sebelumnya: {FISH}, {SCHOOL}</p>",
        # Buttons that lead to the publisher's accounts.
        "<p>Temukan kabar lainnya di <a href='https://news.google.com/x'>Google News</a></p>",
        "<div><button>Salin tautan</button><span>Tautan disalin</span></div>",
        # By-lines.
        "<p>Editor: Contoh Redaktur</p>",
    ],
)
def test_block_is_not_text(block: str) -> None:
    body = read(block)
    assert body.paragraphs == [OPENING, END]


@pytest.mark.parametrize("label", ["Lihat juga:", "Simak juga", "Baca pula:", "Read also:"])
def test_other_words_for_baca_juga(label: str) -> None:
    body = read(f"<p>{label} {FISH}</p>")
    assert body.paragraphs == [OPENING, END]
    assert [link.related_id for link in body.related] == ["rgl4s1900"]


@pytest.mark.parametrize(
    ("block", "kept"),
    [
        (f"<h3>{FISH}</h3>", "Pasar Ikan Dibuka"),  # as the headings of a digest are
        (f"<p>{FISH}</p>", "Pasar Ikan Dibuka"),
        ("<h3>Dikerjakan Bersama</h3>", "Dikerjakan Bersama"),
        ("<p>Ketua RT: Kami bangga.</p>", "Ketua RT: Kami bangga."),
        (
            "<p>Data itu dimuat di <a href='https://bps.go.id/x'>situs BPS</a>.</p>",
            "Data itu dimuat di situs BPS.",
        ),
        ("<ul><li>Pakai helm.</li></ul>", "Pakai helm."),
        (f"<div><p>{OPENING}</p><button>Salin</button></div>", OPENING),
        (
            "<div><p>Dermaga dibangun pelaut.</p><button>☆</button></div>",
            "Dermaga dibangun pelaut.",
        ),
        (f"<div><p>{END}</p><iframe src='https://www.youtube.com/embed/x'></iframe></div>", END),
        (f"<form><p>{OPENING} {END}</p></form>", f"{OPENING} {END}"),  # around the text
        (  # a link, a button and accounts within a sentence
            "<div>Semen dari <a rel='sponsored' href='https://toko.example'>toko</a> itu.</div>",
            "Semen dari toko itu.",
        ),
        ("<div>Ada <span role=button>tali ukur</span> di sana.</div>", "Ada tali ukur di sana."),
        (
            "<div>Di <a href='https://facebook.com/x'>A</a> dan <a href='https://x.com/x'>B</a>.</div>",
            "Di A dan B.",
        ),
        ("<p>Warga <a href='#'>memperbaiki</a> jembatan.</p>", "Warga memperbaiki jembatan."),
        ("<h4>Tentang Penulis Buku Itu</h4>", "Tentang Penulis Buku Itu"),
        ("<p>Kuis itu diikuti tiga puluh murid.</p>", "Kuis itu diikuti tiga puluh murid."),
        ("<p>Sumber: air itu dari bukit, katanya.</p>", "Sumber: air itu dari bukit, katanya."),
        ("<p>Redaktur: pekerjaan itu berat.</p>", "Redaktur: pekerjaan itu berat."),
    ],
)
def test_block_is_text(block: str, kept: str) -> None:
    assert read(block).paragraphs == [OPENING, kept, END]


def test_baca_juga_within_a_paragraph_leaves_no_full_stop() -> None:
    body = read(f"<p>Warga senang. Baca juga: {FISH}. Anak-anak menyeberang.</p>")
    assert body.paragraphs[1] == "Warga senang. Anak-anak menyeberang."
    assert [link.title for link in body.related] == ["Pasar Ikan Dibuka"]


def test_caption_and_credit_that_are_named_so() -> None:
    body = read(
        f"<div><img src='{UPLOAD}'><div class='caption'>Petugas merakit kotak</div>"
        "<div class='source'>Antara/Contoh</div></div>"
    )
    assert body.paragraphs == [OPENING, END]
    (photo,) = body.images
    assert (photo.caption, photo.credit) == ("Petugas merakit kotak", "Antara/Contoh")


def test_names_of_a_by_line_below_the_text() -> None:
    body = read("<p>Editor: Contoh Redaktur</p><p>Reporter: Contoh Reporter</p>")
    assert (body.authors, body.editors) == (["Contoh Reporter"], ["Contoh Redaktur"])


def test_text_that_goes_on_for_subscribers_is_cut() -> None:
    body = read("<p>Berlangganan Republika.id untuk membaca selengkapnya</p>")
    assert body.paragraphs == [OPENING, END]
    assert body.cut
