"""What users of other crawlers suffer from: dates."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from crawler.parsers import ParseError, parse_article
from crawler.parsers.listing import parse_listing
from crawler.urls import id_time
from tests.sample import (
    BRIDGE,
    CHILLI,
    CONTEST,
    FILM,
    GARDEN,
    PRINTED,
    RECORDS,
    STATED,
    TORCHES,
    address,
    page,
    record,
)

if TYPE_CHECKING:
    from crawler.article import Article

WIB = timezone(timedelta(hours=7))
LAYOUTS = [CHILLI, BRIDGE, CONTEST, FILM, GARDEN, TORCHES]
JSON_LD = r'<script type="application/ld\+json">\s*{\s*"@context": "http://schema.org".*?</script>'
META_DATE = r'<meta property="article:published_time"[^>]*>'


GRAPH = (
    '{"@type": "WebPage"}, {"@type": "NewsArticle", "datePublished": "2022-08-15T16:25:07+07:00"}'
)


def dated(moment: datetime, printed: str) -> Article:
    """An article with the id of a moment, which prints a date and says it nowhere else."""
    seconds, identifier = int(moment.timestamp()), ""
    while seconds:
        seconds, digit = divmod(seconds, 36)
        identifier = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + identifier
    html = page(CHILLI, (PRINTED, printed), (STATED, ""))
    url = address(CHILLI).replace(CHILLI, f"{identifier}900")
    return parse_article(html.replace(CHILLI, f"{identifier}900"), url)


# --- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "read_from"),
    [
        ([(META_DATE, ""), (JSON_LD, "")], "page"),
        ([(PRINTED, ""), (JSON_LD, "")], "metadata"),
        ([(PRINTED, ""), (META_DATE, "")], "metadata"),
        (
            [
                (PRINTED, ""),
                (META_DATE, ""),
                (JSON_LD, f'<script type="application/ld+json">{{"@graph": [{GRAPH}]}}</script>'),
            ],
            "metadata",
        ),
    ],
)
def test_no_date_though_the_page_has_one(changes: list[tuple[str, str]], read_from: str) -> None:
    """Any one of the three places that have it is enough: print, meta element, JSON-LD."""
    got = record(CHILLI, *changes)
    assert got["published_at"][:16] == "2022-08-15T16:25"
    assert got["published_from"] == read_from


def test_a_date_in_the_future() -> None:
    """It is not believed, but what was printed is kept, and so is where the date came from."""
    future = "Senin 15 Aug 2095 16:25 WIB"
    got = record(CHILLI, (PRINTED, future), (STATED, "2095-08-15T16:25:00+07:00"))
    assert (got["published_at"], got["published_from"]) == ("2022-08-15T16:21:40+07:00", "id")
    assert got["published_raw"] == future


def test_a_date_in_the_path_of_the_address_is_not_the_article_s() -> None:
    url = "https://ekonomi.republika.co.id/berita/ekonomi/makro/22/08/12/rgngo4900-harga-cabai"
    assert parse_article(page(CHILLI), url).published_at == RECORDS[CHILLI]["published_at"]


@pytest.mark.parametrize("identifier", LAYOUTS)
def test_the_crawl_date_is_never_filled_in(identifier: str) -> None:
    """Without a date on the page it is that of the id, and says so; the clock is never asked."""
    html = re.sub(r"\w+\s*,?\s+15 (?:Aug|Agustus) 2022\s*,?\s+[\d:]+ WIB", "", page(identifier))
    html = re.sub(r"2022-08-15T[\d:]+\+07:00", "", html)
    article = parse_article(html, address(identifier))
    made = id_time(identifier)
    assert made is not None
    assert (article.published_at, article.published_from) == (made.isoformat(), "id")
    assert article.fetched_at is None


# An AMP page prints no date of its own.
@pytest.mark.parametrize("identifier", [known for known in LAYOUTS if known != GARDEN])
@pytest.mark.parametrize("renamed", [True, False])
def test_a_clock_in_the_head_of_the_page_is_no_date_of_the_article(
    identifier: str, renamed: bool
) -> None:
    """It shows when the page was fetched: on the day of the article a likely date."""
    expected = parse_article(page(identifier), address(identifier))
    clock = "<div>Senin 15 Aug 2022 23:45 WIB</div>"
    html = re.sub(r"(<body[^>]*>)", rf"\1{clock}", page(identifier))
    if renamed:
        html = re.sub(r'\b(class|id|itemprop)="[^"]*"', r'\1="baru"', html)
    assert parse_article(html, address(identifier)).published_at == expected.published_at


def test_no_date_at_all_is_an_error_and_not_today() -> None:
    # This id is no clock: it would be of 1990.
    html = page(CHILLI, (PRINTED, ""), (STATED, "")).replace(CHILLI, "aaaaaa900")
    with pytest.raises(ParseError, match="date"):
        parse_article(html, address(CHILLI).replace(CHILLI, "aaaaaa900"))


@pytest.mark.parametrize(
    "stated",
    [
        "2022-08-15T16:25:07+07:00",
        "2022-08-15T09:25:07+00:00",
        "2022-08-15T09:25:07Z",
        "2022-08-15T17:25:07+08:00",
        "2022-08-15T16:25:07",
        "2022-08-15 16:25:07",
    ],
)
def test_time_zones_are_never_lost(stated: str) -> None:
    for changes in ([(STATED, stated)], [(STATED, stated), (PRINTED, "")]):
        assert record(CHILLI, *changes)["published_at"] == "2022-08-15T16:25:07+07:00"


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("Jum'at, 07 Nopember 2014, 09:15 WIB", datetime(2014, 11, 7, 9, 15, tzinfo=WIB)),
        ("Minggu, 01 Mei 2016, 06:05 WIB", datetime(2016, 5, 1, 6, 5, tzinfo=WIB)),
        ("Ahad 02 Dec 2018 23:59 WIB", datetime(2018, 12, 2, 23, 59, tzinfo=WIB)),
        ("Selasa 03 Agustus 2021 00:00 WIB", datetime(2021, 8, 3, 0, 0, tzinfo=WIB)),
        ("Kamis , 05 Oct 2017, 13:16 WIB", datetime(2017, 10, 5, 13, 16, tzinfo=WIB)),
        ("Rabu 12 Okt 2022 13:16 WITA", datetime(2022, 10, 12, 12, 16, tzinfo=WIB)),
    ],
)
def test_dates_in_indonesian(printed: str, moment: datetime) -> None:
    article = dated(moment - timedelta(minutes=4), printed)
    assert (article.published_at, article.published_from) == (moment.isoformat(), "page")


def test_reading_dates_takes_no_time() -> None:
    """A listing of two thousand dates, and as many words that are none, costs no second of each."""
    card = '<li><a href="/berita/rgn%03d900/x"><span class="kanal-info">Liga 1</span> - %s</a></li>'
    dates = ("7 menit yang lalu", "Senin , 15 Aug 2022, 16:25 WIB", "Harga 2022 naik 15 persen")
    cards = "".join(card % (number % 1000, dates[number % 3]) for number in range(2_000))
    started = time.process_time()
    listed = parse_listing(
        f"<ul class='wrap-latest'>{cards}</ul>",
        "https://republika.co.id/index/0",
        datetime(2022, 8, 16, tzinfo=WIB),
    )
    assert time.process_time() - started < 5
    assert len(listed) == 1_000


def test_a_date_filter_that_downloads_everything() -> None:
    """It need not: the address alone says on which day its article was made."""
    for identifier, expected in RECORDS.items():
        made = id_time(identifier)
        assert made is not None
        assert made.date().isoformat() == expected["published_at"][:10]
