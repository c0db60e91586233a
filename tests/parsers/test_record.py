"""One page to one record: dates, address, title, lead and by-line in each layout."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from crawler.parsers import (
    parse_article,
)
from tests.sample import (
    BRIDGE,
    BYLINE,
    CANONICAL,
    CHILLI,
    CONTEST,
    FILM,
    GARDEN,
    HEADLINE,
    OG_TITLE,
    PRINTED,
    RECORDS,
    STATED,
    TORCHES,
    address,
    page,
    record,
    whole,
)

# One article of each layout, and those with something of their own.


@pytest.mark.parametrize("identifier", RECORDS)
def test_sample_article(identifier: str) -> None:
    expected = RECORDS[identifier] | {"images": [], "word_count": 0}
    got = whole(identifier)
    expected["word_count"] = len(expected["body"].split())
    # The sample names the head photo; pictures in the text may follow.
    photos = RECORDS[identifier]["images"]
    expected["images"] = photos + got["images"][len(photos) :]
    assert {name: got[name] for name in expected} == expected


# --- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "stated", "moment", "read_from"),
    [
        # Both name the minute: the metadata knows the second, if it knows one.
        (PRINTED, "2022-08-15T16:25:07+07:00", "2022-08-15T16:25:07+07:00", "metadata"),
        (PRINTED, "2022-08-15T09:25:07Z", "2022-08-15T16:25:07+07:00", "metadata"),
        (PRINTED, "2022-08-15T16:25:07", "2022-08-15T16:25:07+07:00", "metadata"),
        (PRINTED, "2022-08-15T16:25:00+07:00", "2022-08-15T16:25:00+07:00", "page"),
        # They disagree: what is printed counts.
        (PRINTED, "2022-08-15T16:31:07+07:00", "2022-08-15T16:25:00+07:00", "page"),
        (PRINTED, "2022-08-14T16:25:00+07:00", "2022-08-15T16:25:00+07:00", "page"),
        (PRINTED, "2099-01-01T00:00:00+07:00", "2022-08-15T16:25:00+07:00", "page"),
        (
            "Senin 15 Aug 2022 20:00 WIB",
            "2022-08-15T16:25:07+07:00",
            "2022-08-15T20:00:00+07:00",
            "page",
        ),
        # One of them.
        (PRINTED, "", "2022-08-15T16:25:00+07:00", "page"),
        (PRINTED, "kemarin", "2022-08-15T16:25:00+07:00", "page"),
        ("", "2022-08-15T16:25:07+07:00", "2022-08-15T16:25:07+07:00", "metadata"),
        # A queued article comes half a day after its id.
        ("Selasa 16 Aug 2022 05:00 WIB", "", "2022-08-16T05:00:00+07:00", "page"),
        # None of them, or one that cannot be: the id was made at 16.21.40.
        ("", "", "2022-08-15T16:21:40+07:00", "id"),
        ("Senin 15 Aug 2032 16:25 WIB", "", "2022-08-15T16:21:40+07:00", "id"),
        ("Jumat 05 Aug 2022 16:25 WIB", "", "2022-08-15T16:21:40+07:00", "id"),
        ("", "2099-01-01T00:00:00+07:00", "2022-08-15T16:21:40+07:00", "id"),
        ("", "1970-01-01T07:00:00+07:00", "2022-08-15T16:21:40+07:00", "id"),
        (
            "Senin 15 Aug 2032 16:25 WIB",
            "2022-08-15T16:25:07+07:00",
            "2022-08-15T16:25:07+07:00",
            "metadata",
        ),
    ],
)
def test_published(printed: str, stated: str, moment: str, read_from: str) -> None:
    got = record(CHILLI, (PRINTED, printed), (STATED, stated))
    assert (got["published_at"], got["published_from"]) == (moment, read_from)
    assert got["published_raw"] == (" ".join(printed.split()) or None)


@pytest.mark.parametrize(
    ("identifier", "old", "new"),
    [
        (BRIDGE, r"Senin  15 Aug 2022  14:47 WIB", "Senin 15 Agustus 2022 14:47 WIB"),
        (BRIDGE, r"Senin  15 Aug 2022  14:47 WIB", "Monday, 15 August 2022 | 14:47 WIB"),
        (CONTEST, r"Senin, 15 Agustus 2022, 10:31 WIB", "Senin , 15 August 2022, 10:31 WIB"),
        (FILM, r"Senin, 15 Agustus 2022, 11:05 WIB", "Senin, 15 Agustus 2022, 11:05 WIB"),
    ],
)
def test_published_in_every_form(identifier: str, old: str, new: str) -> None:
    got = record(identifier, (old, new))
    assert got["published_raw"] == new
    assert got["published_at"] == RECORDS[identifier]["published_at"]


@pytest.mark.parametrize("identifier", [CHILLI, BRIDGE, CONTEST, FILM, TORCHES])
def test_dates_around_the_article_are_none_of_it(identifier: str) -> None:
    """The page's own date, and those of other headlines, are not taken for a missing one."""
    raw = re.escape(RECORDS[identifier]["published_raw"]).replace(r"\ ", r"\s+")
    changes = [(raw, "")]
    if identifier in (CHILLI, BRIDGE):
        changes.append((r"2022-08-15T\d\d:\d\d:\d\d\+07:00", ""))
    got = record(identifier, *changes)
    assert (got["published_raw"], got["published_from"]) == (None, "id")


@pytest.mark.parametrize(
    ("stated", "modified"),
    [
        ("2022-08-15T17:05:30+07:00", "2022-08-15T17:05:30+07:00"),
        ("2022-08-15T10:05:30Z", "2022-08-15T17:05:30+07:00"),
        ("2022-08-15T16:25:07+07:00", None),
        ("2022-08-15T16:25:40+07:00", None),  # within the minute: the system saved it twice
        ("2022-08-15T10:00:00+07:00", None),  # before it was published
        ("", None),
        ("kemarin", None),
    ],
)
def test_modified(stated: str, modified: str | None) -> None:
    assert record(CHILLI, (r"2022-08-15T17:05:30\+07:00", stated))["modified_at"] == modified


# --- address --------------------------------------------------------------------------------------

OWN = "https://ekonomi.republika.co.id/berita/rgngo4900/harga-cabai"


@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        (OWN, OWN),
        ("http://ekonomi.republika.co.id/berita//rgngo4900/harga-cabai?utm_source=x#top", OWN),
        (f"{OWN}-part2", OWN),
        (
            "/berita/rgngo4900/harga-cabai",
            "https://www.republika.co.id/berita/rgngo4900/harga-cabai",
        ),
        # No article address of the same id: the address asked for.
        ("", "https://www.republika.co.id/berita/rgngo4900/asked"),
        (
            "https://republika.co.id/share/rgngo4900",
            "https://www.republika.co.id/berita/rgngo4900/asked",
        ),
        (
            "https://contoh.id/berita/rgngo4900/harga",
            "https://www.republika.co.id/berita/rgngo4900/asked",
        ),
        ("https://republika.co.id/", "https://www.republika.co.id/berita/rgngo4900/asked"),
        ("http://[", "https://www.republika.co.id/berita/rgngo4900/asked"),
    ],
)
def test_url(canonical: str, url: str) -> None:
    html = page(CHILLI, (CANONICAL, f'<link rel="canonical" href="{canonical}" />'))
    asked = "http://www.republika.co.id//berita/rgngo4900/asked?utm_medium=y&page=2#comments"
    article = parse_article(html, asked)
    assert (article.id, article.url) == (CHILLI, url)


@pytest.mark.parametrize(
    "asked",
    [
        "https://republika.co.id/berita//rgngo4900/harga-cabai",
        "http://m.republika.co.id/berita/ekonomi/pertanian/22/08/15/rgngo4900-harga-cabai",
        "https://fbeta.republika.co.id/berita/rgngo4900",
        "https://republika.co.id/share/rgngo4900",
        "https://republika.co.id/r/rgngo4900",
        "https://republika.co.id/amp/rgngo4900/harga-cabai",
        "https://ekonomi.republika.co.id/berita/rgngo4900/harga-cabai-part1",
    ],
)
def test_the_same_record_at_every_address(asked: str) -> None:
    here = parse_article(page(CHILLI), asked)
    there = parse_article(page(CHILLI), address(CHILLI))
    assert [link.related_id for link in here.related] == [link.related_id for link in there.related]
    assert replace(here, related=[]) == replace(there, related=[])  # its links are relative


# --- title, lead, by-line -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ([], "Harga Cabai Rawit di Pasar Induk Mulai Turun"),
        ([(HEADLINE, "<h1>\n\tHarga&nbsp; Cabai\n</h1>")], "Harga Cabai"),
        ([(HEADLINE, "<h1>Harga <em>Cabai</em> &amp; Bawang</h1>")], "Harga Cabai & Bawang"),
        ([(HEADLINE, "<h1>Membaca &lt;em&gt;Republika&lt;/em&gt;</h1>")], "Membaca Republika"),
        ([(HEADLINE, "<h1>Harga Cabai<br>Turun</h1>")], "Harga Cabai Turun"),
        ([(HEADLINE, "<h1>Harga Cabai | Republika Online</h1>")], "Harga Cabai"),
        # An empty h1: what the head says, without the site's name.
        (
            [
                (HEADLINE, "<h1> </h1>"),
                (
                    OG_TITLE,
                    '<meta property="og:title" content="Cabai &amp; Bawang |Republika Online">',
                ),
            ],
            "Cabai & Bawang",
        ),
        (
            [(HEADLINE, ""), (OG_TITLE, ""), (r"<title>[^<]*</title>", "<title>Republika</title>")],
            "Harga Cabai Rawit di Pasar Induk Mulai Turun",
        ),
        (
            [
                (HEADLINE, ""),
                (OG_TITLE, ""),
                (r'"headline": "[^"]*"', '"headline": ""'),
                (r"<title>[^<]*</title>", "<title>Cabai - Republika Online</title>"),
            ],
            "Cabai",
        ),
    ],
)
def test_title(changes: list[tuple[str, str]], title: str) -> None:
    assert record(CHILLI, *changes)["title"] == title


@pytest.mark.parametrize("identifier", [CHILLI, BRIDGE, GARDEN])
def test_lead_is_what_is_printed(identifier: str) -> None:
    lead = RECORDS[identifier]["lead"]
    assert record(identifier)["lead"] == lead
    # Printed nowhere, it is what the head says of the opening, and no lead.
    printed = rf"(?<=>){re.escape(lead)}(?=<)"
    assert record(identifier, (printed, ""))["lead"] is None


@pytest.mark.parametrize("identifier", [CONTEST, FILM, TORCHES])
def test_no_lead_where_the_head_repeats_the_opening(identifier: str) -> None:
    assert record(identifier)["lead"] is None


@pytest.mark.parametrize(
    ("byline", "reporters", "editors"),
    [
        ("Rep: C31/ Red: Contoh Redaktur", ["C31"], ["Contoh Redaktur"]),
        ("Red: <a href='#'>Contoh Redaktur</a>", [], ["Contoh Redaktur"]),
        ("Rep: Contoh Reporter", ["Contoh Reporter"], []),
        ("", [], []),
    ],
)
def test_byline(byline: str, reporters: list[str], editors: list[str]) -> None:
    got = record(CHILLI, (BYLINE, byline))
    assert (got["reporters"], got["editors"]) == (reporters, editors)


def test_author_line_counts_where_the_byline_names_no_reporter() -> None:
    opening = "<p>Oleh : Contoh Reporter Dua, Dosen Contoh</p><p>REPUBLIKA.CO.ID, JAKARTA"
    changes = [("<p>REPUBLIKA.CO.ID, JAKARTA", opening)]
    assert record(CHILLI, *changes)["reporters"] == ["Contoh Reporter"]
    changes.append((BYLINE, "Red: Contoh Redaktur"))
    got = record(CHILLI, *changes)
    assert got["reporters"] == ["Contoh Reporter Dua"]
    assert got["body"] == RECORDS[CHILLI]["body"]
