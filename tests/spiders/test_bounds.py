"""Listings without end: they are followed as far as a real one could go, and it is said."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from crawler.dates import WIB, now
from crawler.parsers.listing import ListedArticle
from samples.articles import model
from spiders.bounds import Bounds
from tests import site as played
from tests.helpers import last_run, unhealthy
from tests.site import Crawler
from tests.site.listings import listing
from tests.site.stories import made_up

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site import Site

DAY = datetime(2022, 8, 15, tzinfo=WIB)
BACKFILL = ("backfill", "-a", "since=2022-08-15", "-a", "until=2022-08-15")
URL = "https://republika.co.id/index/0"


def listed(moments: list[datetime]) -> list[ListedArticle]:
    ids = [model.article_id(moment, "430") for moment in moments]
    return [ListedArticle(one, f"{URL}/{one}", None, None, None, None) for one in ids]


def follow(bounds: Bounds, pages: list[list[datetime]]) -> tuple[int, int, str | None]:
    """How many pages are read, how many articles of the last one, and why no more."""
    number, within, reason = 0, 0, None
    for page in pages:
        number += 1
        within, reason = bounds.look(listed(page), URL)
        if reason:
            break
    return number, within, reason


def back_from(start: datetime, spacing: timedelta, pages: int) -> list[list[datetime]]:
    return [[start - (50 * page + n) * spacing for n in range(50)] for page in range(pages)]


def test_a_real_listing_is_read_to_its_end() -> None:
    """Of 400 articles a day, over five years; and the busiest day one can think of."""
    years = back_from(DAY, timedelta(days=1) / 400, 5 * 365 * 8)
    assert follow(Bounds(), years)[0::2] == (len(years), None)
    busy = back_from(DAY + timedelta(hours=23), timedelta(seconds=45), 38)
    assert follow(Bounds(days=1), busy)[0::2] == (38, None)


@pytest.mark.parametrize(
    ("pages", "read", "within", "reason"),
    [
        (back_from(DAY, timedelta(hours=1), 99), 60, 50, "goes on for more than 60 pages"),
        (
            back_from(DAY + timedelta(hours=23), timedelta(seconds=10), 99),
            *(41, 0, "shows more than 2000 articles of 2022-08-15"),
        ),
        (back_from(DAY, timedelta(minutes=1), 1) * 150, 60, 50, "for more than 60 pages"),
        (
            [[DAY + n * timedelta(minutes=1) for n in range(3000)]],
            *(1, 2000, "shows more than 2000 articles on one page"),
        ),
    ],
)
def test_where_it_ends(pages: list[list[datetime]], read: int, within: int, reason: str) -> None:
    number, last, told = follow(Bounds(days=1), pages)
    assert (number, last) == (read, within)
    assert told
    assert reason in told
    assert URL in told


def test_what_is_pinned_ends_no_listing() -> None:
    """An article of years ago on the first page, and a new one on each."""
    pages = [[DAY, *page] for page in back_from(DAY, timedelta(minutes=20), 300)]
    pages[0].append(DAY - timedelta(days=3_000))
    assert follow(Bounds(), pages)[0::2] == (300, None)


def test_a_listing_of_years_that_does_not_go_back() -> None:
    later = [[DAY + timedelta(days=n)] for n in range(300)]
    number, _, reason = follow(Bounds(), later)
    assert (number, reason) == (101, f"a listing shows nothing older on 100 pages: {URL}")


# -- crawls ----------------------------------------------------------------------------------------


def endless(start: datetime, spacing: timedelta) -> played.Behaviour:
    """Fifty new made-up articles on each page, whatever is asked for."""
    numbers = count()

    def answer(url: str, right: played.Response) -> played.Response:
        stories = [made_up(n, start - n * spacing) for n in (next(numbers) for _ in range(50))]
        return played.content(listing("Indeks", stories, step=50))(url, right)

    return answer


def test_an_endless_day_ends(website: Site, tmp_path: Path) -> None:
    real = website.publish(20, until=DAY + timedelta(hours=23))
    spacing = timedelta(seconds=1)
    website.misbehave(
        re.compile(r"/index/(?!0/)\d+/2022/08/15"), endless(DAY + timedelta(hours=12), spacing)
    )
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl(*BACKFILL, CAPTURES="", RECHECK_AGES="", RETRY_TIMES=0)
    assert done.returncode == 1
    says = unhealthy(done)
    assert any("a listing shows more than 2000 articles of 2022-08-15" in line for line in says)
    assert "1000 articles in a row that the site lists give no record" in says
    assert len(website.asked("/index/")) < 60
    assert len(website.asked("/berita/")) <= 1_000 + len(real) + 50
    run = last_run(crawler)
    assert run["new"] == 20
    assert run["pending"] > 900, "nothing is lost"
    assert crawler.rows("SELECT count(*) FROM pages")[0][0] == run["found"]
    assert crawler.rows("SELECT 1 FROM listings") == [], "the day is not complete"


def test_an_endless_index_ends(website: Site, tmp_path: Path) -> None:
    website.publish(20, until=now() - timedelta(minutes=5))
    crawler = Crawler(tmp_path, website)
    assert crawler.crawl("latest", RECHECK_AGES="").returncode == 0
    website.requests.clear()
    website.misbehave("/index/", endless(now(), timedelta(hours=1)))
    # What it shows exists, as far as the answers go.
    website.misbehave("/berita/", played.answer(500))
    done = crawler.crawl("latest", CAPTURES="", RECHECK_AGES="", RETRY_TIMES=0)
    assert done.returncode == 1
    assert any("a listing goes on for more than 120 pages" in line for line in unhealthy(done))
    assert len(website.asked("/index/")) == 120


def test_a_page_of_thousands_of_links(website: Site, tmp_path: Path) -> None:
    until = DAY + timedelta(hours=23)
    stories = [made_up(n, until - timedelta(seconds=2 * n)) for n in range(14_000)]
    website.misbehave("/index/", played.content(listing("Indeks", stories, step=14_000)), times=1)
    website.add(*stories[:3])
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl(*BACKFILL, CAPTURES="", RECHECK_AGES="", RETRY_TIMES=0)
    assert done.returncode == 1
    (line, *_) = unhealthy(done)
    assert line.startswith("a listing shows more than 2000 articles on one page: ")
    run = last_run(crawler)
    assert (run["found"], run["new"]) == (14_000, 3)
    assert run["pending"] >= 12_000
    # What it held back waits behind what is found later, except for the first batch.
    later = website.publish(3, until=now() - timedelta(minutes=5))
    website.behave()
    website.requests.clear()
    crawler.crawl("latest", CAPTURES="", RECHECK_AGES="")
    first = {asked.path.split("/")[2] for asked in website.asked("/berita/")[:250]}
    assert {story.id for story in later} <= first


def test_an_index_that_is_hardly_of_the_day(website: Site, tmp_path: Path) -> None:
    of_day = website.publish(20, until=DAY + timedelta(hours=20))
    others = website.publish(25, until=DAY - timedelta(days=30))
    index = "https://republika.co.id/index/0/2022/08/15"
    website.misbehave(index, played.content(listing("Indeks", [*of_day, *others], step=50)))
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl(*BACKFILL, RECHECK_AGES="")
    assert done.returncode == 1
    assert unhealthy(done) == [
        f"most articles that the index of 2022-08-15 shows are of other days: 25 of 45: {index}"
    ]
    assert last_run(crawler)["found"] == 20
