"""Listings: which articles they show, and in which order."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from crawler.captures.payloads import decode_payload
from crawler.captures.warc import iter_captures
from crawler.parsers.listing import ListedArticle, parse_listing
from tests.helpers import SAMPLES
from tests.parsers.listings import CHILLI, INDEX, card, html, index

WIB = timezone(timedelta(hours=7))
NOW = datetime(2022, 8, 16, 8, 0, tzinfo=WIB)
BRIDGE = "https://news.republika.co.id/berita/rgnc3q900/jembatan-gantung"


def index_page(offset: int) -> bytes:
    url = f"https://republika.co.id/index/{offset}/2022/08/15"
    captures = iter_captures(SAMPLES / "republika-2022-08-15.warc.gz")
    found = [capture for capture in captures if capture.url == url]
    return decode_payload(found[0].headers, found[0].payload)


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
