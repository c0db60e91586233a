"""Feeds and sitemaps: what an entry states."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from crawler.parsers import ParseError
from crawler.parsers.feed import parse_feed
from crawler.parsers.listing import ListedArticle
from tests.parsers.feeds import BRIDGE, CHILLI, DATE, FEED, entry, ids, item, rss, sitemap

WIB = timezone(timedelta(hours=7))


def test_what_an_item_of_rss_says() -> None:
    more = f"""<comments>{CHILLI}#komentar</comments><pubDate>{DATE}</pubDate>
<dc:creator>Contoh Redaktur</dc:creator><category><![CDATA[Pertanian]]></category>
<media:content url="https://static.republika.co.id/x.jpg"><media:title>Pasar</media:title>
</media:content><guid isPermaLink="false">{CHILLI}</guid>
<description><![CDATA[<img src="x.jpg">REPUBLIKA.CO.ID,&nbsp;BREBES &ndash; ...]]></description>"""
    assert parse_feed(rss(item(more=more)), FEED) == [
        ListedArticle(
            id="rgngo4900",
            url=CHILLI,
            title="Harga Cabai",
            section="Pertanian",
            date_raw=DATE,
            listed_at=datetime(2022, 8, 15, 16, 25, 8, tzinfo=WIB),
        )
    ]


def test_what_an_entry_of_the_sitemap_says() -> None:
    image = "<image:image><image:loc>https://static.republika.co.id/x.jpg</image:loc></image:image>"
    changed = "<lastmod>2022-08-15T18:00:00+07:00</lastmod>"
    static = entry("https://republika.co.id/kanal/ekonomi/", changed)
    assert parse_feed(sitemap(static, entry(more=image + changed)), FEED) == [
        ListedArticle(
            id="rgngo4900",
            url=CHILLI,
            title=None,
            section=None,
            date_raw="2022-08-15T18:00:00+07:00",
            listed_at=datetime(2022, 8, 15, 18, 0, tzinfo=WIB),
        )
    ]


@pytest.mark.parametrize("feed", [rss(), sitemap(), "<rss/>", "<urlset >"])
def test_a_feed_without_articles_is_an_empty_list(feed: str) -> None:
    assert parse_feed(feed, FEED) == []


def test_a_sitemap_of_sitemaps_lists_no_articles() -> None:
    index = f"<sitemapindex><sitemap><loc>{CHILLI}</loc></sitemap></sitemapindex>"
    assert parse_feed(index, FEED) == []


@pytest.mark.parametrize(
    "page",
    [
        "",
        b"",
        "  \n",
        "<?xml version='1.0'?>",
        (
            '<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml"></head>'
            f'<body><a href="{CHILLI}">rss</a></body></html>'
        ),
        '{"rss": [{"link": "x"}]}',
        "rss",
        "<rsss></rsss>",
        b"\x1f\x8b\x08\x00" + bytes(range(256)),
    ],
)
def test_what_is_no_feed_is_an_error(page: bytes | str) -> None:
    with pytest.raises(ParseError, match="no feed"):
        parse_feed(page, FEED)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        (CHILLI, CHILLI),
        (f"\n  {CHILLI}\n", CHILLI),
        (f"<![CDATA[{CHILLI}]]>", CHILLI),
        (f"{CHILLI}?utm_source=rss&amp;utm_medium=feed", CHILLI),
        (f"{CHILLI}?utm_source=rss&utm_medium=feed#atas", CHILLI),
        (f"<![CDATA[{CHILLI}?utm_source=rss&utm_medium=feed]]>", CHILLI),
        (
            "/berita/rgngo4900/harga-cabai",
            "https://www.republika.co.id/berita/rgngo4900/harga-cabai",
        ),
        (
            "http://republika.co.id/berita//rgngo4900/x",
            "https://republika.co.id/berita/rgngo4900/x",
        ),
        (
            "http://nasional.republika.co.id/berita/nasional/hukum/15/11/05/nxc181330-sidang",
            "https://nasional.republika.co.id/berita/nasional/hukum/15/11/05/nxc181330-sidang",
        ),
        ("https://ihram.co.id/berita/rgngo4900/x", "https://ihram.co.id/berita/rgngo4900/x"),
        ("https://m.republika.co.id/amp/rgngo4900", "https://m.republika.co.id/amp/rgngo4900"),
        ("https://republika.co.id/share/rgngo4900", "https://republika.co.id/share/rgngo4900"),
    ],
)
def test_address_of_an_article(link: str, url: str) -> None:
    for feed in (rss(item(link)), sitemap(entry(link))):
        assert [article.url for article in parse_feed(feed, FEED)] == [url]


@pytest.mark.parametrize(
    "link",
    [
        "https://kreta.id/berita/1500/tips-merawat-sepeda",
        "https://contoh.id/berita/rgngo4900/harga-cabai",
        "https://retizen.republika.co.id/posts/170000/catatan-warga",
        "https://republika.co.id/tag/cabai",
        "https://republika.co.id/page/penulis/900/contoh-redaktur",
        "https://republika.co.id/index/0/2022/08/15",
        "https://ekonomi.republika.co.id/",
        "https://republika.co.id/berita/polisi",
        "https://static.republika.co.id/uploads/images/x.jpg",
        "javascript:void(0)",
        "http://[",
        "",
    ],
)
def test_what_is_no_article_of_the_site_is_not_listed(link: str) -> None:
    assert parse_feed(rss(item(link)), FEED) == []
    assert parse_feed(sitemap(entry(link)), FEED) == []


@pytest.mark.parametrize(
    "inside",
    [
        f"<guid>{CHILLI}</guid>",
        f"<link/><guid isPermaLink='false'>{CHILLI}</guid>",
        f"<link>https://feeds.contoh.id/~r/1</link><guid>{CHILLI}</guid>",
        f"<link></link><link>{CHILLI}</link>",
    ],
)
def test_link_that_stands_elsewhere_in_the_item(inside: str) -> None:
    assert ids(rss(f"<item>{inside}</item>")) == ["rgngo4900"]


def test_an_article_is_listed_once_in_the_place_where_it_is_first() -> None:
    again = CHILLI.replace("//ekonomi.", "//www.")
    listed = parse_feed(rss(item(), item(BRIDGE, "Jembatan"), item(again, "Lagi")), FEED)
    assert [(article.id, article.title) for article in listed] == [
        ("rgngo4900", "Harga Cabai"),
        ("rgnc3q900", "Jembatan"),
    ]
    assert listed[0].url == CHILLI


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("Harga &amp; Pasokan", "Harga & Pasokan"),
        ("Harga & Pasokan", "Harga & Pasokan"),
        ("Harga&nbsp; Cabai &ndash; Naik", "Harga Cabai – Naik"),
        ("Harga &amp;amp; Pasokan", "Harga & Pasokan"),
        ("Harga &#8211; Pasokan", "Harga – Pasokan"),
        ("Harga &#x2013; Pasokan", "Harga – Pasokan"),
        ("Harga &tak; dikenal; &", "Harga &tak; dikenal; &"),
        ("<![CDATA[Harga & &quot;Pasokan&quot;]]>", 'Harga & "Pasokan"'),
        ("<![CDATA[Kata <em>Republika</em>]]>", "Kata Republika"),
        ("Kata <em>Republika</em>", "Kata Republika"),
        ("<!-- cabai -->Harga<?php ?> Cabai", "Harga Cabai"),
        ("Harga\n\tCabai", "Harga Cabai"),
        ("Harga Cabai - Republika Online", "Harga Cabai"),
        ("Harga &#xD800;&#55296;&#0;&#x110000; Cabai", "Harga \ufffd\ufffd\ufffd\ufffd Cabai"),
        ("Harga &#" + "1" * 4000 + "; Cabai", "Harga \ufffd Cabai"),
        ("Harga &#" + "1" * 5000 + "; Cabai", None),
        ("<![CDATA[Harga &#" + "1" * 5000 + ";]]>", None),
        ("Harga\x00 Ca\x0bbai", "Harga Cabai"),
        ("", None),
        ("...", None),
    ],
)
def test_title(printed: str, title: str | None) -> None:
    (article,) = parse_feed(rss(item(title=printed)), FEED)
    assert article.title == title


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("Mon, 15 Aug 2022 16:25:08 +0700", "2022-08-15T16:25:08+07:00"),
        ("Mon, 15 Aug 2022 09:25:08 GMT", "2022-08-15T16:25:08+07:00"),
        ("Mon, 15 Aug 2022 09:25:08 UT", "2022-08-15T16:25:08+07:00"),
        ("Mon, 15 Aug 2022 04:25:08 EST", "2022-08-15T16:25:08+07:00"),
        ("15 Aug 22 16:25 +0700", "2022-08-15T16:25:00+07:00"),
        ("Sen, 15 Agu 2022 16:25:08 WIB", "2022-08-15T16:25:08+07:00"),
        ("Jum'at, 11 Nopember 2022 16:25 WIB", "2022-11-11T16:25:00+07:00"),
        ("Senin, 15 Agustus 2022 18:25:00 WIT", "2022-08-15T16:25:00+07:00"),
        ("2022-08-15T16:25:08+07:00", "2022-08-15T16:25:08+07:00"),
        ("2022-08-15T09:25:08Z", "2022-08-15T16:25:08+07:00"),
        ("2022-08-15 16:25:08", "2022-08-15T16:25:08+07:00"),
        ("2022-08-15", "2022-08-15T00:00:00+07:00"),
        (f"<![CDATA[ {DATE} ]]>", "2022-08-15T16:25:08+07:00"),
        ("Thu, 01 Jan 1970 07:00:00 +0700", None),
        ("Mon, 15 Aug 22 16:25:08 XYZ", None),
        ("Mon, 32 Aug 2022 16:25:08 +0700", None),
        ("Mon, 15 Aug 22 16:25:99999999999999999999 +0700", None),
        ("kemarin", None),
        ("2022", None),
    ],
)
def test_date(printed: str, moment: str | None) -> None:
    (published,) = parse_feed(rss(item(more=f"<pubDate>{printed}</pubDate>")), FEED)
    (changed,) = parse_feed(sitemap(entry(more=f"<lastmod>{printed}</lastmod>")), FEED)
    assert published.listed_at == (datetime.fromisoformat(moment) if moment else None)
    assert (published.date_raw or "") in printed
    if published.listed_at:
        assert published.listed_at.utcoffset() == timedelta(hours=7)
    assert (changed.listed_at, changed.date_raw) == (published.listed_at, published.date_raw)


def test_the_feed_s_own_date_is_no_item_s() -> None:
    (article,) = parse_feed(rss(item()), FEED)
    assert (article.date_raw, article.listed_at) == (None, None)
