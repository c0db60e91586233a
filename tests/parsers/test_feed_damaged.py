"""Feeds and sitemaps that are broken, cut off or hostile."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from resource import RUSAGE_SELF, getrusage
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers import ParseError
from crawler.parsers.feed import parse_feed
from tests.corpus import corpus

if TYPE_CHECKING:
    from pathlib import Path
from tests.parsers.feeds import (
    BRIDGE,
    CHILLI,
    DATE,
    FEED,
    NAMESPACES,
    entry,
    ids,
    item,
    rss,
    sitemap,
)

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
