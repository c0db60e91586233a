"""Listings: walls, tags, and where the next page begins."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from crawler.parsers import NotAnArticle, ParseError
from crawler.parsers.listing import next_offset, parse_listing, tag_is_known
from tests.corpus import corpus
from tests.parsers.listings import CHILLI, INDEX, card, html, index


@pytest.mark.parametrize(
    "page", ["", b"", "   ", "bukan HTML", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9]
)
def test_page_that_holds_no_html_is_an_error(page: str | bytes) -> None:
    with pytest.raises(ParseError):
        parse_listing(page, INDEX)


def test_real_index() -> None:
    label = json.loads((corpus() / "expected" / "egi_indeks_realid.json").read_text())
    page = (corpus() / "html" / "egi_indeks_realid.html").read_bytes()
    now = datetime.fromisoformat(label["_meta"]["now"])
    listed = parse_listing(page, label["_meta"]["fetch_url"], now)
    assert [
        {
            "id": article.id,
            "url": article.url,
            "title": article.title,
            "date_raw": article.date_raw,
            "kanal": article.section,
            "date": article.listed_at.isoformat() if article.listed_at else None,
        }
        for article in listed
    ] == label["items"]


# -- walls


WALLS = [
    "<title>Just a moment...</title><p>Checking your browser",
    "<title>Attention Required! | Contoh</title>",
    "<title>republika.co.id</title><script src='/cdn-cgi/challenge-platform/x.js'></script>",
    "<title></title><div class='g-recaptcha'></div>",
    "<h1>Access Denied</h1>",
]


@pytest.mark.parametrize("wall", WALLS)
def test_a_wall_against_robots_is_no_empty_listing(wall: str) -> None:
    with pytest.raises(NotAnArticle) as error:
        parse_listing(f"<html><head></head><body>{wall}</body></html>", INDEX)
    assert error.value.kind == "challenge"
    assert error.value.reason.startswith("a wall against robots answers: ")


def test_a_listing_that_speaks_of_walls_is_none() -> None:
    listed = parse_listing(index(card(title="Access Denied: Situs Diblokir")), INDEX)
    assert [article.id for article in listed] == ["rgngo4900"]


# -- tags

TAG = "https://republika.co.id/tag/timnas-indonesia"


def titled(title: str) -> str:
    return f"<html><head><title>{title}</title></head><body>{card()}</body></html>"


@pytest.mark.parametrize(
    ("title", "url", "known"),
    [
        ("Topic timnas-indonesia | Republika Online", TAG, True),
        ("Kumpulan Topic Bola |Republika Online", TAG, True),
        ("TOPIC", TAG, True),
        ("Berita Timnas Indonesia Hari Ini | Republika Online", TAG, True),
        ("Berita Timnas Indonesia Hari Ini", f"{TAG}/50", True),
        ("Berita Timnas Indonesia Hari Ini", f"{TAG}?utm_source=x", True),
        ("Kabar Harga Cabai", "https://republika.co.id/tag/harga%2Dcabai", True),
        ("Republika Online - Berita Terkini", TAG, False),
        ("Berita Timnas", TAG, False),
        ("Indonesia Timnas", TAG, False),
        ("Republika Online", TAG, False),
        ("", TAG, False),
    ],
)
def test_whether_the_site_has_a_tag(title: str, url: str, known: bool) -> None:
    assert tag_is_known(titled(title), url) is known
    assert tag_is_known(titled(title).encode(), url) is known


def test_a_tag_page_that_holds_no_html_is_an_error() -> None:
    for read in (tag_is_known, lambda page, url: next_offset(page, url, 0)):
        with pytest.raises(ParseError):
            read("bukan HTML", TAG)


def pager(*hrefs: str) -> str:
    links = "".join(f'<a href="{href}">{number}</a>' for number, href in enumerate(hrefs))
    return html(f"{card()}<nav>{links}</nav>")


@pytest.mark.parametrize(
    ("hrefs", "url", "offset", "following"),
    [
        ([f"{TAG}/5", f"{TAG}/10", f"{TAG}/95"], TAG, 0, 5),
        ([f"{TAG}/95", f"{TAG}/10", f"{TAG}/5"], TAG, 0, 5),
        ([TAG, f"{TAG}/5", f"{TAG}/10", f"{TAG}/15"], f"{TAG}/10", 10, 15),
        ([TAG, f"{TAG}/5", f"{TAG}/10"], f"{TAG}/10", 10, None),
        ([], TAG, 0, None),
        # However the address is written.
        (["/tag/timnas-indonesia/5"], TAG, 0, 5),
        (["timnas-indonesia/5"], TAG, 0, 5),
        (["//republika.co.id/tag/timnas-indonesia/5"], TAG, 0, 5),
        (["http://www.republika.co.id/tag/timnas-indonesia/5/"], TAG, 0, 5),
        (["https://republika.co.id/tag//timnas-indonesia/5#x"], TAG, 0, 5),
        (["https://republika.co.id/tag/timnas-indonesia/5?utm_source=x"], TAG, 0, 5),
        (["/tag/timnas-indonesia/005"], f"{TAG}/", 0, 5),
        (["/tag/timnas-indonesia/20"], f"{TAG}/10/", 10, 20),
        # A tag that is a number.
        (["/tag/2024/5"], "https://republika.co.id/tag/2024", 0, 5),
        (["/tag/2025", "/tag/5"], "https://republika.co.id/tag/2024", 0, None),
        (["/tag/5/10"], "https://republika.co.id/tag/5/5", 5, 10),
        # What is no page of this tag.
        (["/tag/timnas/5", "/tag/timnas-indonesia-u23/5", "/tag/5"], TAG, 0, None),
        (["/index/5", "/berita/5", "https://republika.co.id/5", CHILLI], TAG, 0, None),
        (["https://contoh.id/tag/timnas-indonesia/5"], TAG, 0, None),
        (["/tag/timnas-indonesia/-5", "/tag/timnas-indonesia/5a"], TAG, 0, None),
        (["/tag/timnas-indonesia/0", "/tag/timnas-indonesia/"], TAG, 0, None),
        # What is no address.
        (["http://[bad", "http://[bad/tag/timnas-indonesia/5", f"{TAG}/5"], TAG, 0, 5),
        (["http://republika.co.id:99999999/tag/timnas-indonesia/5"], TAG, 0, None),
        (["javascript:void(0)", "#", "", "//", "?", "http://", "\\\\x", "\ud800"], TAG, 0, None),
        (["/tag/timnas-indonesia/²", "/tag/timnas-indonesia/٥"], TAG, 0, None),
        (["/tag/timnas-indonesia/" + "9" * 5000], TAG, 0, None),
    ],
)
def test_where_the_next_page_of_a_tag_begins(
    hrefs: list[str], url: str, offset: int, following: int | None
) -> None:
    assert next_offset(pager(*hrefs), url, offset) == following


def test_a_link_without_an_address_is_no_next_page() -> None:
    assert next_offset(html("<a>1</a><a href>2</a><a name='x'>3</a>"), TAG, 0) is None
