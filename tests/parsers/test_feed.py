"""Feeds: the articles of RSS and of the sitemap, whole, broken and hostile ones."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from resource import RUSAGE_SELF, getrusage
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers import ParseError
from crawler.parsers.feed import parse_feed
from crawler.parsers.listing import ListedArticle
from tests.corpus import corpus

if TYPE_CHECKING:
    from pathlib import Path

WIB = timezone(timedelta(hours=7))
FEED = "https://www.republika.co.id/rss/ekonomi"
CHILLI = "https://ekonomi.republika.co.id/berita/rgngo4900/harga-cabai"
BRIDGE = "https://news.republika.co.id/berita/rgnc3q900/jembatan-gantung"
DATE = "Mon, 15 Aug 2022 16:25:08 +0700"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
)


def item(link: str = CHILLI, title: str = "Harga Cabai", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def rss(*items: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {NAMESPACES}><channel>
<title>Republika Online RSS Feed</title><link>http://www.republika.co.id</link>
<lastBuildDate>Thu, 01 Jan 1970 07:00:00 +0700</lastBuildDate>
<image><url>http://www.republika.co.id/logo.png</url><link>{BRIDGE}</link></image>
{"".join(items)}</channel></rss>"""


def entry(loc: str = CHILLI, more: str = "") -> str:
    return f"<url><loc>{loc}</loc>{more}</url>"


def sitemap(*entries: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{"".join(entries)}</urlset>"""


def ids(feed: bytes | str) -> list[str]:
    return [article.id for article in parse_feed(feed, FEED)]


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


TWO = rss(item(more=f"<pubDate>{DATE}</pubDate>"), item(BRIDGE, "Jembatan"))


@pytest.mark.parametrize(
    "feed",
    [
        TWO.encode(),
        "\n\r\n " + TWO,
        "\ufeff" + TWO,
        b"\xef\xbb\xbf\n" + TWO.encode(),
        "<br />\n<b>Warning</b>: Undefined index in /var/www on line 3\n" + TWO,
        TWO.replace("UTF-8", "us-ascii"),
        TWO.replace("UTF-8", "UTF-16").encode(),
        TWO.replace("UTF-8", "tak-dikenal").encode(),
        TWO.replace("Jembatan", "Jembatan “Caf\u00e9”").encode("windows-1252"),
        TWO.replace("Jembatan", "Jembatan \ud83d"),
        TWO.replace(f" {NAMESPACES}", ""),
        TWO.replace("<item>", '<item rdf:about="x">'),
        TWO.replace("</item>", "", 1),
        TWO.replace("</item>", "</item></item>"),
        TWO.replace("</channel></rss>", ""),
        TWO + "<!-- 0.1 s -->",
        TWO.replace("\n", "\r\n"),
        TWO.replace("<title>Jembatan", "<media:title>x<title>Jembatan"),
    ],
)
def test_broken_feed_is_read_as_if_whole(feed: bytes | str) -> None:
    assert [article.id for article in parse_feed(feed, FEED)] == ["rgngo4900", "rgnc3q900"]
    assert parse_feed(feed, FEED)[0] == parse_feed(TWO, FEED)[0]


@pytest.mark.parametrize(
    "title",
    [
        "Harga < 5 & <br> kali</title>",
        "Harga Cabai",
        "<![CDATA[Harga</title>",
        "<b>" * 2000,
        "\ud83d\x00\x1b</title>",
        "Harga</judul>",
        "Harga</title></channel></rss>",
    ],
)
def test_broken_item_costs_no_other(title: str) -> None:
    broken = TWO.replace("Harga Cabai</title>", title)
    assert parse_feed(broken, FEED)[-1] == parse_feed(TWO, FEED)[-1]


FRAGMENTS = """
    < > & ]]> <![CDATA[ <!-- --> </item> <item> </rss> <rss <? ?> <!DOCTYPE <!ENTITY xmlns:x='' x:y
    &#0; &#xD800; &#x110000; &nbsp &x; \x00 \xff \ud800 http://[ ' " = /
""".split()
damages = st.tuples(st.floats(0, 1), st.integers(0, 60), st.sampled_from(FRAGMENTS))


@given(st.lists(damages, max_size=12))
def test_whatever_is_damaged_nothing_but_parse_error_is_raised(
    damage: list[tuple[float, int, str]],
) -> None:
    feed = TWO
    for place, cut, fragment in damage:
        start = int(place * len(feed))
        feed = feed[:start] + fragment + feed[start + cut :]
    for source in (feed, feed.encode("latin-1", "replace"), feed.encode("utf-8", "surrogatepass")):
        with suppress(ParseError):
            assert all(article.id and article.url for article in parse_feed(source, FEED))


@pytest.mark.parametrize(
    ("feed", "end"),
    [
        (TWO, "</item"),
        (sitemap(entry(more=f"<lastmod>{DATE}</lastmod>"), entry(BRIDGE)), "</url"),
    ],
)
def test_of_a_feed_that_is_cut_off_what_is_whole_is_given(feed: str, end: str) -> None:
    """Cut off anywhere, it gives every article that was sent whole, and no half address."""
    whole = parse_feed(feed, FEED)
    assert len(whole) == 2
    first = feed.index("<rss ") + 5 if end == "</item" else feed.index("<urlset") + 8
    for length in range(first, len(feed)):
        sent = feed[:length].partition("</urlset")[0].count(end)
        assert parse_feed(feed[:length], FEED) == whole[:sent]


def laughs(kind: str) -> str:
    entities = ['<!ENTITY a0 "haha">']
    entities += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)]
    used = "&a11;"
    if kind == "quadratic":
        entities, used = [f'<!ENTITY a "{"x" * 100_000}">'], "&a;" * 100_000
    elif kind == "parameter":
        entities = ['<!ENTITY % p0 "haha">']
        entities += [f"<!ENTITY % p{n} '{f'%p{n - 1};' * 10}'>" for n in range(1, 12)]
        entities.append("%p11;")
    elif kind == "attributes":
        entities = [f'<!ATTLIST link x CDATA "{"x" * 100_000}">']
        used = "<link/>" * 50_000
    doctype = f"<!DOCTYPE rss [{''.join(entities)}]>"
    feed = rss(item(more=f"<x>{used}</x>"), item(BRIDGE, title=f"A{used}"))
    return feed.replace("<rss ", doctype + "<rss ")


@pytest.mark.parametrize(
    "feed",
    [
        *map(laughs, ("laughs", "quadratic", "parameter", "attributes")),
        laughs("laughs").replace("<item>", "<item>" + laughs("laughs").partition("<rss")[0]),
        "<rss>" + "<item>" * 500_000,
        "<rss>" + "<item>" * 40_000 + "</item>" * 40_000,
        "<rss>" + "<item " * 500_000,
        "<rss>" + "<rss " * 500_000,
        "<urlset>" + "<url></url>" * 100_000,
        "<rss>" + item("<link>" * 500_000),
        "<rss>" + item("<link>" * 100_000 + "</link>" * 100_000),
        "<rss>" + item(title="<b>" * 500_000),
        "<rss>" + item(title="<b " + "".join(f"a{n}='' " for n in range(50_000)) + ">"),
        "<rss>" + item(title="&" * 3_000_000),
        "<rss>" + item(title="&amp" * 1_000_000),
        "<rss>" + item(title="&#65;" * 500_000),
        "<rss>" + item(title="<![CDATA[" * 300_000),
        "<rss>" + item(title="<!--" * 500_000),
        "<rss>" + item(title=" " * 3_000_000),
        "<rss>" + item(title="<" * 2_000_000),
        "<rss>" + item(more="<pubDate>" + "1" * 2_000_000 + "</pubDate>"),
        "<rss>" + item("https://republika.co.id/" + "a" * 2_000_000),
    ],
    ids=lambda feed: f"{feed[:10]}{len(feed)}",
)
def test_hostile_feed_ends_quickly_and_small(feed: str) -> None:
    peak, began = getrusage(RUSAGE_SELF).ru_maxrss, time.process_time()
    with suppress(ParseError):
        ids(feed)
    assert time.process_time() - began < 5
    assert getrusage(RUSAGE_SELF).ru_maxrss - peak < 200_000  # KB


def test_entities_and_files_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("rahasia")
    doctype = f'<!DOCTYPE rss SYSTEM "{secret.as_uri()}" [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
    for feed in (
        rss(item(title="A&a;")).replace("<rss ", doctype + "<rss "),
        rss(item(title=f"A{doctype}&a;")),
        rss(f"{doctype}{item(title='A&a;')}"),
    ):
        (article,) = parse_feed(feed, FEED)
        assert "rahasia" not in (article.title or "")


def test_largest_sitemap() -> None:
    entries = [entry(CHILLI.replace("rgngo4900", f"rgngo4{n}")) for n in range(50_000)]
    assert len(ids(sitemap(*entries))) == 50_000
    with pytest.raises(ParseError, match="more than 50,000 entries"):
        ids(sitemap(*entries, entry()))


def test_real_feed() -> None:
    label = json.loads((corpus() / "expected" / "real_rss_20151105.json").read_text())
    feed = (corpus() / label["_meta"]["html"]).read_bytes()
    listed = parse_feed(feed, label["_meta"]["fetch_url"])
    assert len(listed) == 10
    assert [
        {
            "id": article.id,
            "url": article.url.replace("https:", "http:"),
            "title": article.title,
            "date_raw": article.date_raw,
            "date": article.listed_at.isoformat() if article.listed_at else None,
            "category": article.section,
        }
        for article in listed
    ] == [
        {name: value for name, value in article.items() if name != "editor"}
        for article in label["items"]
    ]
