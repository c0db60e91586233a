"""The text of a record: what is none of it, its hash, and whether it is all."""

from __future__ import annotations

import pytest

from crawler.article import content_hash
from crawler.parsers import (
    PARSER_VERSION,
)
from tests.sample import (
    BYLINE,
    CHILLI,
    HEADLINE,
    KEYWORDS,
    RECORDS,
    SURAU,
    TEASER,
    record,
)

# --- the text -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fragment",
    [
        '<div id="__zsc_once" style="display:none;">Kutipan dari situs lain.</div>',
        '<div style="color: red; display: none">Kutipan dari situs lain.</div>',
        "<p hidden>Kutipan dari situs lain.</p>",
        "<script>document.write('<p>Kutipan</p>')</script>",
        '<div class="iframe-container"><iframe src="https://www.youtube.com/embed/x">Video</iframe></div>',
        "<form><input value='x'><button>Kirim</button><select><option>Satu</select></form>",
        "<noscript><p>Aktifkan JavaScript.</p></noscript>",
        '<div class="ads"><span>Pasang iklan di sini</span></div>',
        "<svg><text>Grafik</text></svg>",
    ],
)
def test_what_no_reader_sees_is_no_text(fragment: str) -> None:
    got = record(CHILLI, ('<p class="b2">   <p>Seorang', f'{fragment}<p class="b2">   <p>Seorang'))
    assert got["body"] == RECORDS[CHILLI]["body"]


def test_notes_under_the_text_are_none_of_it() -> None:
    loader = r'<div id="next-article".*?</div>'
    got = record(CHILLI, (loader, ""), ("<p>sumber : ", "<p>Catatan kaki.</p><p>sumber : "))
    assert got["body"] == RECORDS[CHILLI]["body"]
    assert got["sources"] == ["Antara"]


NEXT = """<article><h1>Artikel Lain</h1><p>REPUBLIKA.CO.ID, BOGOR -- Isi artikel lain.</p>
<p>Paragraf lain yang panjang sekali, lebih panjang dari artikel yang diminta. %s</p>
<div class="footnote-wrap"><p>sumber : Reuters</p></div></article>""" % ("kata " * 200)


@pytest.mark.parametrize(
    "place",
    [
        r"(?<=data-id=\"rgngo4900\">)(?=</div>)",  # in the loader
        r"(?=<div id=\"scroll-trigger\">)",  # behind it
        r"(?<=Loading...</div>)",  # behind the word that the loader shows
    ],
)
def test_next_article_is_never_merged(place: str) -> None:
    got = record(CHILLI, (place, NEXT))
    expected = record(CHILLI)
    assert got == expected


def test_word_count_and_hash_are_of_the_text() -> None:
    got = record(CHILLI)
    assert got["word_count"] == len(got["body"].split())
    assert got["content_hash"] == content_hash(got["title"], got["lead"], got["body"])
    assert got["parser_version"] == PARSER_VERSION


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ([("Terpopuler", "Paling Banyak Dibaca")], True),
        (
            [('<p class="b2">   <p>Seorang', '<p>Advertisement</p><p class="b2">  \n <p>Seorang')],
            True,
        ),
        ([(KEYWORDS, "")], True),
        ([("Seorang pembeli", "Dua pembeli")], False),
        ([(HEADLINE, "<h1>Harga Cabai Turun</h1>")], False),
        ([(r"(?<=>)Pasokan dari tiga sentra", "Pasokan dari empat sentra")], False),
    ],
)
def test_hash_changes_with_what_is_said(changes: list[tuple[str, str]], same: bool) -> None:
    before, after = record(CHILLI), record(CHILLI, *changes)
    assert (after["content_hash"] == before["content_hash"]) is same


@pytest.mark.parametrize(
    ("identifier", "changes", "partial"),
    [
        (CHILLI, [], False),
        (TEASER, [], True),
        (SURAU, [], True),  # its second page is still to come
        (
            CHILLI,
            [(r"(?=<div id=\"next-article\")", "<p>Baca Selengkapnya di ihram.co.id</p>")],
            True,
        ),
        (CHILLI, [(BYLINE, "Rep: republika.id/ Red: republika.id")], True),
    ],
)
def test_partial(identifier: str, changes: list[tuple[str, str]], partial: bool) -> None:
    assert record(identifier, *changes)["partial"] == partial
