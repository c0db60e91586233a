"""What stands among the text: photos with their captions, posts, furniture, the next article."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler.article import Image, Related
from crawler.parsers.body.cleaner import Body, read_body
from crawler.parsers.text import meaningful, squeeze

BASE = "https://news.republika.co.id/berita/rgnc3q900/jembatan-gantung-baru"
CHILLI = '<a href="/berita/rgl4s0900/cabai-dijemur">Cabai Dijemur di Rak Surya</a>'
ONION = '<a href="https://ekonomi.republika.co.id/berita/rgl4s1900/bawang">Bawang Dipanen</a>'
RELATED_CHILLI = Related(
    related_id="rgl4s0900",
    url="https://news.republika.co.id/berita/rgl4s0900/cabai-dijemur",
    title="Cabai Dijemur di Rak Surya",
)
RELATED_ONION = Related(
    related_id="rgl4s1900",
    url="https://ekonomi.republika.co.id/berita/rgl4s1900/bawang",
    title="Bawang Dipanen",
)
PHOTO = "https://static.republika.co.id/uploads/images/headline_slide/rakit.jpg"


def read(fragment: str) -> Body:
    """Read a fragment as it stands in a page's tree."""
    body = LexborHTMLParser(f"<body>{fragment}").body
    assert body
    return read_body(body, BASE, "Jembatan Gantung Baru", "rgnc3q900")


@pytest.mark.parametrize(
    ("fragment", "image"),
    [
        (f'<p><img src="{PHOTO}"></p>', Image(url=PHOTO)),
        (f'<p><img alt="Rakit bambu" src="{PHOTO}"></p>', Image(url=PHOTO, caption="Rakit bambu")),
        # Pictures that load late, and that are relative.
        (f'<img data-original="{PHOTO}" src="/files/placeholder.png">', Image(url=PHOTO)),
        (f'<img data-src="{PHOTO}" src="data:image/gif;base64,R0lG">', Image(url=PHOTO)),
        ('<img src="/uploads/a.jpg">', Image(url="https://news.republika.co.id/uploads/a.jpg")),
        (f'<amp-img src="{PHOTO}" alt="Rakit"></amp-img>', Image(url=PHOTO, caption="Rakit")),
        # The caption: of a figure, in a quotation after it, as a paragraph with its credit.
        (
            f'<figure><img src="{PHOTO}" alt="x">\n<figcaption>Rakit bambu.</figcaption></figure>',
            Image(url=PHOTO, caption="Rakit bambu."),
        ),
        (
            f'<figure><img src="{PHOTO}" alt="x"><figcaption>Rakit bambu.</figcaption></figure>',
            Image(url=PHOTO, caption="Rakit bambu."),
        ),
        (
            (
                f'<p><img alt="photo" src="{PHOTO}"></p>\n<p> </p>\n'
                "<blockquote>Rakit yang dipakai warga. Foto diambil pekan lalu.</blockquote>"
            ),
            Image(url=PHOTO, caption="Rakit yang dipakai warga. Foto diambil pekan lalu."),
        ),
        (
            f'<img src="{PHOTO}"><blockquote><p>Rakit bambu.</p></blockquote>',
            Image(url=PHOTO, caption="Rakit bambu."),
        ),
        (
            f'<p><img src="{PHOTO}"></p><p>Rakit bambu, Senin (15/8). - (Dok Panitia)</p>',
            Image(url=PHOTO, caption="Rakit bambu, Senin (15/8).", credit="Dok Panitia"),
        ),
        (
            f'<p><img src="{PHOTO}"><br>Rakit bambu | Foto: Republika</p>',
            Image(url=PHOTO, caption="Rakit bambu", credit="Republika"),
        ),
        (
            f'<p><img alt="Rakit bambu" src="{PHOTO}"></p><p>Rakit bambu</p>',
            Image(url=PHOTO, caption="Rakit bambu"),
        ),
    ],
)
def test_photo_and_its_caption_leave_the_text(fragment: str, image: Image) -> None:
    body = read(f"<p>Satu.</p>{fragment}<p>Dua.</p>")
    assert body.paragraphs == ["Satu.", "Dua."]
    assert body.images == [image]


@pytest.mark.parametrize(
    "image",
    [
        "<img>",
        '<img src="">',
        '<img src="https://republika.co.id/files/images/placeholder.png">',
        '<img src="data:image/gif;base64,R0lG">',
        '<img src="https://[::1/a.jpg">',
    ],
)
def test_placeholder_is_no_photo(image: str) -> None:
    assert read(f"<p>Satu.</p>{image}").images == []


@pytest.mark.parametrize("quote", ['"Kami senang."', "“Kami senang.”", "''Kami senang.''"])
def test_quoted_speech_after_a_photo_is_text(quote: str) -> None:
    body = read(f'<p><img src="/uploads/a.jpg"></p><blockquote>{quote}</blockquote>')
    assert body.paragraphs == [quote]


@pytest.mark.parametrize(
    "fragment",
    [
        "<p>Gugatan itu diajukan ke Mahkamah Konstitusi (MK).</p>",
        "<p>Harga naik pada Senin (15/8).</p>",
        "<p>Warga antre sejak subuh.</p>",
        '<p>"Kami ke Mahkamah Konstitusi (MK)."</p>',
        "<h2>Menuai pro dan kontra</h2>",
    ],
)
def test_text_after_a_photo_is_no_caption(fragment: str) -> None:
    assert len(read(f'<p><img src="/uploads/a.jpg"></p>{fragment}<p>Dua.</p>').paragraphs) == 2


def test_items_of_a_list_are_no_captions() -> None:
    body = read("<ol><li>Contoh Peserta - (Malang)</li><li>Contoh Lain - (Kediri)</li></ol>")
    assert body.paragraphs == ["Contoh Peserta - (Malang)", "Contoh Lain - (Kediri)"]


def test_a_quotation_is_no_caption_when_text_stands_between() -> None:
    body = read('<img src="/uploads/a.jpg"><p>Satu.</p><blockquote>Dua.</blockquote>')
    assert body.paragraphs == ["Satu.", "Dua."]


@pytest.mark.parametrize(
    "fragment",
    [
        (
            '<blockquote class="instagram-media"><a href="https://www.instagram.com/p/Contoh/">Lihat'
            " postingan ini di Instagram</a><p>A post shared by Republika Online (@republikaonline)"
            "</p></blockquote>"
        ),
        (
            '<blockquote><p>Kicauan</p>- Contoh <a href="https://twitter.com/contoh/status/1">15'
            " Aug</a></blockquote>"
        ),
        '<blockquote><a href="https://www.tiktok.com/@contoh/video/1">@contoh</a></blockquote>',
        "<p>A post shared by Republika Online (@republikaonline)</p>",
        "<p>Advertisement</p>",
        '<div class="ads"><span>Tidak ada kode iklan yang tersedia.</span></div>',
        "<p>Ikuti Whatsapp Channel Republika</p>",
        "<p>Videografer | Contoh Reporter</p>",
        "<p>Sent from my iPhone</p>",
        "<p>Dapatkan Update Berita Republika</p>",
        "<script>var a = '<p>Tiga.</p>';</script><style>p { color: red }</style>",
        "<!-- RECREATIVE --><!-- <p>Tiga.</p> -->",
        "<h1>Jembatan Gantung Baru</h1>",
    ],
)
def test_what_is_no_text_leaves_it(fragment: str) -> None:
    assert read(f"<p>Satu.</p>{fragment}<p>Dua.</p>").paragraphs == ["Satu.", "Dua."]


def test_quoted_speech_with_a_link_to_an_account_is_text() -> None:
    quote = '"Kami senang," tulisnya di <a href="https://www.instagram.com/contoh/">Instagram</a>.'
    body = read(f"<p>Satu.</p><blockquote>{quote}</blockquote>")
    assert body.paragraphs == ["Satu.", '"Kami senang," tulisnya di Instagram.']


def test_text_ends_at_the_loader_of_the_next_article() -> None:
    body = read("<p>Satu.</p><div>Loading...</div><p>REPUBLIKA.CO.ID, BOGOR -- Dua.</p>")
    assert body.paragraphs == ["Satu."]


@pytest.mark.parametrize(
    ("fragment", "cut"),
    [
        ("<p>Baca Selengkapnya di ihram.co.id</p>", True),
        ('<p><a href="https://www.republika.id/x">Lihat Artikel Asli</a></p>', True),
        ("<p>Baca berita selengkapnya di sini.</p>", False),
        ("", False),
    ],
)
def test_a_text_that_goes_on_elsewhere_is_cut(fragment: str, cut: bool) -> None:
    body = read(f"<p>Satu.</p>{fragment}")
    assert body.paragraphs == ["Satu."]
    assert body.cut is cut


FURNITURE = (
    "<p>Advertisement</p>",
    "<div class='ads'><span>ADVERTISEMENT</span></div>",
    "<p>&nbsp;</p>",
    "<!-- B1 --><p class='b2'>",
    f"<p>Baca Juga: {CHILLI}</p>",
    f"<p><strong>Baca juga</strong></p><ul><li>{CHILLI}</li><li>{ONION}</li></ul>",
    f"<div>Berita Terkait:</div><div>{CHILLI}</div>",
    f"<p>(Baca: {ONION})</p>",
    "<p>Ikuti Whatsapp Channel Republika</p>",
    "<p>A post shared by Contoh (@contoh)</p>",
    "<p>sumber : Antara, Reuters</p>",
    '<img src="/uploads/a.jpg" alt="Warga antre.">',
    '<figure><img src="/uploads/b.jpg"><figcaption>Warga pulang. (Contoh)</figcaption></figure>',
    "<p>Warga menanam pohon. - (Contoh/Panitia)</p>",
    "<script>var a = '<p>Tiga.</p>';</script>",
    "<p>Foto: Contoh/Panitia</p>",
    "<p>Dapatkan Update Berita Republika</p>",
    "<h1>Jembatan Gantung Baru</h1>",
    "<p>';</p>",
)
texts = st.lists(
    st.sampled_from(
        "warga desa itu menanam & menjual 12 pohon <b> di Kota Malang kemarin, baca juga iklan foto"
        " sumber air \u201ckami senang\u201d (ilustrasi) tiga-empat".split()
    ),
    min_size=3,
    max_size=14,
).map(lambda words: f"Mereka {' '.join(words)} lagi.")
blocks = st.sampled_from(("<p>{}</p>", "<div>{}</div>", "<h2>{}</h2>", "<div><p>{}</p></div>",
                          "<p><span>{}</span></p>", "<p>{}<br><br></p>", "<p>{}"))  # fmt: skip


@given(
    st.lists(st.tuples(texts, blocks), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 6), st.sampled_from(FURNITURE)), max_size=8),
)
def test_furniture_between_paragraphs_leaves_and_no_paragraph_does(
    paragraphs: list[tuple[str, str]], furniture: list[tuple[int, str]]
) -> None:
    pieces = []
    for place, (text, block) in enumerate(paragraphs):
        pieces += [piece for at, piece in furniture if at == place]
        pieces.append(block.format(escape(text)))
    pieces += [piece for at, piece in furniture if at >= len(paragraphs)]
    body = read("\n".join(pieces))
    assert body.paragraphs == [text for text, _ in paragraphs]
    assert {link.url for link in body.related} <= {RELATED_CHILLI.url, RELATED_ONION.url}
    assert not body.cut


@given(st.text())
def test_squeezed_text_is_squeezed(text: str) -> None:
    once = squeeze(text)
    assert squeeze(once) == once
    assert once == once.strip()
    assert meaningful(text) in (None, once)
    once.encode()
