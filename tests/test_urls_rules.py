"""Addresses: links, hosts, parts, the id's clock, and what holds for any text."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import WIB
from crawler.urls import (
    article_id,
    canonical_key,
    canonical_url,
    classify,
    id_time,
    is_republika_host,
    part_number,
)
from tests.addresses import NEWS, R, W
from tests.corpus import corpus


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("/berita/r8m4kt370/panen", f"{NEWS}/hukum", f"{NEWS}/berita/r8m4kt370/panen"),
        ("../berita/r8m4kt370/panen", f"{NEWS}/tag/padi", f"{NEWS}/berita/r8m4kt370/panen"),
        ("//www.republika.co.id/rss", NEWS, f"{W}/rss"),
        ("?q=padi", f"{R}/search/v3/", f"{R}/search/v3/?q=padi"),
        ("/berita/r8m4kt370/panen", "https://example.com/", None),
        ("/berita/r8m4kt370/panen", "https://[", None),
        ("panen", f"{R}/tag/\x00/x", None),
        ("#komentar", f"{R}/berita/r8m4kt370/panen", None),
        ("javascript:void(0)", R, None),
    ],
)
def test_a_link_is_resolved_against_its_page(url, base, expected):
    assert classify(url, base).url == expected


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("republika.co.id", True),
        ("News.Republika.co.id", True),
        ("republika.co.id.", True),
        ("m.ihram.co.id", True),
        ("ekbis.co", True),
        ("esgnow.id", True),
        ("republika.co.id..", False),
        ("evilrepublika.co.id", False),
        ("republika.co.id.evil.com", False),
        ("republika-co.id", False),
        ("republikaxco.id", False),
        ("republika.id", False),
        ("kreta.id", False),
        (".republika.co.id", False),
        ("co.id", False),
        ("", False),
        (None, False),
    ],
)
def test_hosts(host, ours):
    assert is_republika_host(host) is ours


@pytest.mark.parametrize(
    ("url", "number"),
    [
        (f"{R}/berita/r8m4kt370/panen", 0),
        (f"{R}/berita/r8m4kt370/panen-part1", 1),
        (f"{R}/berita/r8m4kt370/panen-part12/?x=-part3#-part4", 12),
        (f"{R}/berita/r8m4kt370-part2", 2),
        (f"{R}/amp/r8m4kt370/panen-PART2", 2),
        (f"{R}/tag/panen-part2", 0),
        ("https://example.com/berita/r8m4kt370/panen-part2", 0),
    ],
)
def test_part_number(url, number):
    assert part_number(url) == number


def test_the_id_is_a_clock():
    moment = id_time("rgmwym370")
    assert moment == datetime(2022, 8, 15, 9, 15, 58, tzinfo=WIB)
    assert moment.utcoffset() == timedelta(hours=7)


def test_the_clock_of_an_id_ends_a_day_after_now():
    created = datetime(2022, 8, 15, 2, 15, 58, tzinfo=UTC)
    assert id_time("rgmwym370", now=created - timedelta(days=1)) == created
    assert id_time("rgmwym370", now=created - timedelta(days=1, seconds=1)) is None


@pytest.mark.parametrize(
    "text",
    ["", "rgmwy", "rgm-ym370", "rgmwym370x", "daerah", "zzzzzz", "000000", "RGMWYM370",
     "online-195393", "berita-105623"],
)  # fmt: skip
def test_no_id_has_no_time(text):
    assert id_time(text) is None


PIECES = st.sampled_from([
    "https:", "http:", "//", "/", "republika.co.id", "www.", ":80", "berita", "amp", "share", "tag",
    "kanal", "nasional", "daerah", "r8m4kt370", "ovwekx", "polisi", "17/09/07", "inpicture", "-",
    "-5", "-part2", "%c2%a0", "%25C2%25A0", "%20", "?", "&", "=", "utm_a", "#", "panen", "raya",
    ".asp", "online_detail.asp", "id=", "12345",
    "\u00a0", "é", "[", "]", "@", "\\", "\ud800", "\x00",
])  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)), st.none() | st.text())
def test_any_text_is_something(text, base):
    address = classify(text, base)
    assert (address.url is None) == (address.kind in {"external", "invalid"})
    once = canonical_url(text)
    assert canonical_url(once) == once
    part_number(text)
    id_time(text)
    is_republika_host(text)
    assert article_id(text) == classify(text).id


@given(st.lists(PIECES, max_size=8).map("".join))
def test_a_canonical_address_shows_the_same(tail):
    url = f"{R}/berita/{tail}"
    assert article_id(canonical_url(url)) == article_id(url)


def base36(number):
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


@pytest.mark.parametrize("letter", [" ", "é", "x"])
@pytest.mark.parametrize("length", [600, 1300, 1400, 4000, 4040, 4058, 4060])
def test_what_is_too_long_when_it_is_encoded_shows_nothing(letter, length):
    url = f"http://republika.co.id/berita/r8m4kt370/a{letter * length}a"
    assert article_id(canonical_url(url)) == article_id(url)
    assert canonical_url(canonical_url(url)) == canonical_url(url)


FORMS = (
    "https://news.republika.co.id/berita/{id}/{slug}",
    "http://www.republika.co.id/berita//{id}/{slug}/",
    "HTTPS://REPUBLIKA.CO.ID/Berita/{id}/{slug}?utm_source=x&page=2#komentar",
    "https://m.republika.co.id/berita/{id}",
    "https://republika.co.id/berita/{id}/{slug}-part3",
    "https://republika.co.id/berita/{id}/{slug}-%25C2%25A0",
    "https://republika.co.id/berita/nasional/daerah/{id}/{slug}",
    "https://republika.co.id/berita/nasional/daerah/{date}/{id}-{slug}",
    "https://republika.co.id/amp/{id}/{slug}",
    "https://republika.co.id/amp_version/{id}",
    "https://republika.co.id/share/{id}",
    "https://ihram.co.id/r/{id}",
    "//ekbis.co/berita/{id}/{slug}",
    "/berita/{id}/{slug}",
    " republika.co.id/berita/{id}\n",
)
IDS = st.builds(
    lambda seconds, editor: f"{base36(seconds)}{editor}",
    st.integers(int(datetime(2010, 1, 2, tzinfo=UTC).timestamp()), 1_750_000_000),
    st.sampled_from(("330", "370", "430", "1", "512", "8225000")),
)
SLUGS = st.lists(
    st.sampled_from(
        ("panen", "polisi", "daerah", "2017", "liga", "1", "berita", "amp", "r8m4kt370")
    ),
    min_size=1,
    max_size=5,
).map("-".join)


@given(IDS, SLUGS, st.dates(date(2010, 1, 1), date(2019, 12, 31)))
def test_an_article_at_every_form_of_its_address_is_one(identifier, slug, day):
    forms = [form.format(id=identifier, slug=slug, date=f"{day:%y/%m/%d}") for form in FORMS]
    assert {(article_id(form), canonical_key(form)) for form in forms} == {(identifier, identifier)}
    for form in forms:
        once = canonical_url(form)
        assert article_id(once) == identifier
        assert canonical_url(once) == once
        assert not any(mark in once for mark in ("?", "#", "-part"))


def test_the_corpus():
    rows = [json.loads(line) for line in (corpus() / "urls.jsonl").read_text().splitlines()]
    base = "http://www.republika.co.id"
    wrong = [
        (row, classify(row["url"], base), canonical_key(row["url"], base))
        for row in rows
        if not row.get("unscored")
        and row["kind"] != "legacy"  # checked when numbers of before 2008 made no id
        and not (
            classify(row["url"], base).id == row["id"]
            and classify(row["url"], base).kind in [row["kind"], *row.get("alt_kind", [])]
            and canonical_key(row["url"], base) == row["canonical_key"]
        )
    ]
    assert len(rows) >= 100
    assert wrong == []
