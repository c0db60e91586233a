"""Listings: the articles that an index, a tag or a section shows, in every generation of them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from crawler.captures.payloads import decode_payload
from crawler.captures.warc import iter_captures
from crawler.parsers import NotAnArticle, ParseError
from crawler.parsers.listing import ListedArticle, next_offset, parse_listing, tag_is_known
from tests.corpus import corpus
from tests.helpers import SAMPLES

WIB = timezone(timedelta(hours=7))
NOW = datetime(2022, 8, 16, 8, 0, tzinfo=WIB)
INDEX = "https://republika.co.id/index/0/2022/08/15"
CHILLI = "https://ekonomi.republika.co.id/berita/rgngo4900/harga-cabai"
BRIDGE = "https://news.republika.co.id/berita/rgnc3q900/jembatan-gantung"


def index_page(offset: int) -> bytes:
    url = f"https://republika.co.id/index/{offset}/2022/08/15"
    captures = iter_captures(SAMPLES / "republika-2022-08-15.warc.gz")
    found = [capture for capture in captures if capture.url == url]
    return decode_payload(found[0].headers, found[0].payload)


def html(body: str) -> str:
    return f"<!DOCTYPE html><html><head><title>Indeks</title></head><body>{body}</body></html>"


@pytest.mark.parametrize("offset", [0, 50])
def test_index_of_the_sample_day(offset: int) -> None:
    expected = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
    records = {record["id"]: record for record in expected["records"] + expected["outside"]}
    lost = {article["id"]: article for article in expected["lost"]}
    listed = parse_listing(index_page(offset), INDEX)
    assert len(listed) == {0: 10, 50: 13}[offset]
    for article in listed:
        assert article.id in records or article.id in lost
        assert article.listed_at is not None
        if article.id in records:
            record = records[article.id]
            # One is listed at its second address, on www.
            assert article.url.rpartition("/")[2] == record["url"].rpartition("/")[2]
            assert article.title == record["title"]
            printed = datetime.fromisoformat(record["published_at"]).replace(second=0)
            assert article.listed_at == printed
            assert record["section"] is None or record["section"].endswith(str(article.section))
    assert not {article.url for article in listed} & set(expected["ignored"])


def test_an_index_without_articles_is_an_empty_list() -> None:
    assert parse_listing(index_page(100), INDEX) == []


CARD = """<li class="list-group-item list-border conten1"><a href="{url}">
  <div class="col-md-3"><div class="thumbnail"><div class="image"><img class="lazy" alt="{title}"
   data-original="https://static.republika.co.id/uploads/images/inpicture_widget/x.jpeg"></div>
  </div></div>
  <div class="col-md-9"><div class="caption"><div class="date">
    <span class="kanal-info">Pertanian</span> - {date}</div>
    <h3><span>{title}</span></h3></div></div></a></li>"""


def index(*cards: str) -> str:
    return html(f'<ul class="list-group wrap-latest">{"".join(cards)}</ul>')


def card(url: str = CHILLI, title: str = "Harga Cabai", date: str = "15 August 2022, 16:25") -> str:
    return CARD.format(url=url, title=title, date=date)


@pytest.mark.parametrize(
    "body",
    [
        # 2023 and later.
        f'<ul class="wrap-latest">{card()}</ul>',
        # 2018-22.
        (
            '<div class="set_subkanal"><div class="x"><a href="{url}"><img alt=""></a></div>'
            '<div class="txt_subkanal"><h2><a href="{url}">Harga Cabai</a></h2>'
            "<h6>Monday, 15 Aug 2022 16:25 WIB</h6></div></div>"
        ),
        # 2016-17.
        (
            '<div class="wp-indeks"><a href="{url}"><div class="item1"><div class="date">Senin,'
            ' 15 Agustus 2022, 16:25 WIB</div></div><div class="item2"><img alt="Harga Cabai">'
            '</div><div class="item3">Harga Cabai</div></a></div>'
        ),
        # 2014-15, without dates.
        '<h4><a href="{url}">Harga Cabai</a></h4>',
        # What nobody knows.
        '<div class="baru"><a href="{url}">Harga Cabai</a></div>',
    ],
)
def test_every_generation_of_the_index(body: str) -> None:
    (article,) = parse_listing(html(body.replace("{url}", CHILLI)), INDEX)
    assert (article.id, article.url, article.title) == ("rgngo4900", CHILLI, "Harga Cabai")
    if "16:25" in body:
        assert article.listed_at == datetime(2022, 8, 15, 16, 25, tzinfo=WIB)
    else:
        assert (article.date_raw, article.listed_at) == (None, None)


@pytest.mark.parametrize(
    "listed",
    [
        f'<ul class="wrap-latest">{card()}</ul>',
        f'<div class="set_subkanal"><h2><a href="{CHILLI}">Cabai</a></h2></div>',
        f'<div class="wp-indeks"><a href="{CHILLI}">Cabai</a></div>',
        f'<h4><a href="{CHILLI}">Cabai</a></h4>',
    ],
)
def test_links_of_menus_are_not_listed(listed: str) -> None:
    """Only the list itself counts where one is known: links of the page's head and foot do not."""
    menu = f'<nav><a href="{BRIDGE}">Terpopuler: Jembatan</a></nav>'
    articles = parse_listing(html(menu + listed + menu), INDEX)
    assert [article.id for article in articles] == ["rgngo4900"]


@pytest.mark.parametrize(
    ("printed", "raw", "moment"),
    [
        ("15 August 2022, 16:25", "15 August 2022, 16:25", "2022-08-15T16:25:00+07:00"),
        (
            "Senin , 15 Aug 2022, 16:25 WIB",
            "Senin , 15 Aug 2022, 16:25 WIB",
            "2022-08-15T16:25:00+07:00",
        ),
        ("Monday, 15 August 2022", "Monday, 15 August 2022", "2022-08-15T00:00:00+07:00"),
        ("7 menit yang lalu", "7 menit yang lalu", "2022-08-16T07:53:00+07:00"),
        ("1 jam yang lalu", "1 jam yang lalu", "2022-08-16T07:00:00+07:00"),
        ("6 detik yang lalu", "6 detik yang lalu", "2022-08-16T07:59:54+07:00"),
        ("24 minutes ago", "24 minutes ago", "2022-08-16T07:36:00+07:00"),
        ("Liga 1", None, None),
        ("", None, None),
    ],
)
def test_date_of_an_item(printed: str, raw: str | None, moment: str | None) -> None:
    (article,) = parse_listing(index(card(date=printed)), INDEX, NOW)
    assert article.date_raw == raw
    assert article.listed_at == (datetime.fromisoformat(moment) if moment else None)


def test_relative_date_is_none_where_nobody_says_when_the_page_was_fetched() -> None:
    (article,) = parse_listing(index(card(date="7 menit yang lalu")), INDEX)
    assert article.listed_at is None


def test_what_an_item_says() -> None:
    listed = parse_listing(index(card(title="Harga &amp; Pasokan&nbsp; Cabai")), INDEX)
    assert listed == [
        ListedArticle(
            id="rgngo4900",
            url=CHILLI,
            title="Harga & Pasokan Cabai",
            section="Pertanian",
            date_raw="15 August 2022, 16:25",
            listed_at=datetime(2022, 8, 15, 16, 25, tzinfo=WIB),
        )
    ]


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/berita/rgngo4900/harga-cabai", "https://republika.co.id/berita/rgngo4900/harga-cabai"),
        (
            "//news.republika.co.id/berita/rgngo4900/x",
            "https://news.republika.co.id/berita/rgngo4900/x",
        ),
        (
            "https://republika.co.id/berita//rgngo4900/x",
            "https://republika.co.id/berita/rgngo4900/x",
        ),
        (
            "http://www.republika.co.id/berita/rgngo4900/x?utm_source=y#z",
            "https://www.republika.co.id/berita/rgngo4900/x",
        ),
        ("https://ihram.co.id/berita/rgngo4900/x", "https://ihram.co.id/berita/rgngo4900/x"),
    ],
)
def test_address_of_an_item(href: str, url: str) -> None:
    assert [article.url for article in parse_listing(index(card(url=href)), INDEX)] == [url]


@pytest.mark.parametrize(
    "href",
    [
        "https://kreta.id/berita/1500/tips-merawat-sepeda",
        "https://contoh.id/berita/rgngo4900/harga-cabai",
        "https://retizen.republika.co.id/posts/170000/catatan-warga",
        "https://ekonomi.republika.co.id/berita/rgngo4900/harga-cabai-part1",
        "https://republika.co.id/tag/cabai",
        "https://republika.co.id/page/penulis/900/contoh-redaktur",
        "https://republika.co.id/index/50/2022/08/15",
        "https://ekonomi.republika.co.id/",
        "https://static.republika.co.id/uploads/images/x.jpg",
        "javascript:void(0)",
        "#",
        "",
        "http://[",
    ],
)
def test_what_is_no_article_of_the_site_is_not_listed(href: str) -> None:
    assert parse_listing(index(card(url=href)), INDEX) == []


def test_an_article_is_listed_once_in_the_place_where_it_is_first() -> None:
    again = CHILLI.replace("//ekonomi.", "//www.")
    listed = parse_listing(index(card(), card(BRIDGE, "Jembatan"), card(again)), INDEX)
    assert [article.id for article in listed] == ["rgngo4900", "rgnc3q900"]
    assert listed[0].url == CHILLI


def test_of_two_links_to_an_article_the_one_with_words_is_its_title() -> None:
    links = f'<a href="{CHILLI}"></a><h2><a href="{CHILLI}">Cabai</a></h2>'
    body = f'<div class="set_subkanal">{links}</div>'
    assert [article.title for article in parse_listing(html(body), INDEX)] == ["Cabai"]


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
