"""What the site lists against what is stored: found out, named, and made up for."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from crawler.dates import WIB, now
from tests import site as played
from tests.site import Crawler, running_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.site import Site

NEWS: dict[str, Any] = {"host": "news.republika.co.id", "section": ("News", "Umum")}
FIRST = datetime(2022, 8, 15, 12, tzinfo=WIB)
SECOND = FIRST + timedelta(days=1)
BACKFILL = ("backfill", "-a", "since=2022-08-15", "-a", "until=2022-08-16")
SPAN = ("--since", "2022-08-15", "--until", "2022-08-16")
HEADER = ["day", "listed", "stored", "rejected", "gone", "failed", "missing"]


def table(stdout: str) -> tuple[dict[str, list[int]], list[list[str]]]:
    """The counts of each day, and the rows of the list below them."""
    days, _, listed = stdout.partition("\n\n")
    header, *rows = days.splitlines()
    assert header.split() == HEADER
    counts = {}
    for row in rows:
        day, *numbers = row.split()
        if not re.fullmatch(r"all|\d{4}-\d\d-\d\d", day):
            break  # what is said below the table
        counts[day] = list(map(int, numbers))
    return counts, [re.split(r"\s{2,}", line.strip()) for line in listed.splitlines()[1:]]


@pytest.fixture(scope="module")
def period(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Two days that were crawled: of the first, one article each is failed, gone and rejected."""
    with running_site() as site:
        first = site.publish(12, until=FIRST, **NEWS)
        second = site.publish(15, until=SECOND, **NEWS)
        failed, gone, twin = first[:3]
        site.misbehave(failed.id, played.answer(500))
        site.misbehave(gone.id, played.answer(404))
        # The same text twice, under the ids and addresses of both.
        site.add(replace(first[3], id=twin.id, published=twin.published))
        folder = tmp_path_factory.mktemp("period")
        crawler = Crawler(folder, site)
        done = crawler.crawl(*BACKFILL, RETRY_TIMES=0, CONCURRENT_REQUESTS=1)
        assert done.returncode == 0, done.stderr
        assert "found 27: 24 new, 0 updated, 0 unchanged, 1 rejected, 1 gone, 1 failed" in (
            done.stdout
        )
        (rejected,) = crawler.rows("SELECT id FROM pages WHERE state = 'rejected'")[0]
        yield SimpleNamespace(
            site=site,
            folder=folder,
            failed=failed,
            gone=gone,
            rejected=site.articles[rejected],
            second=second,
        )


@pytest.fixture
def crawler(period: SimpleNamespace, tmp_path: Path) -> Crawler:
    """The crawled period in a folder of the test's own; the site has noted nothing yet."""
    shutil.copytree(period.folder, tmp_path / "mine")
    period.site.requests.clear()
    return Crawler(tmp_path / "mine", period.site)


def change(crawler: Crawler, *statements: tuple[str, list[str]]) -> None:
    with closing(sqlite3.connect(crawler.database)) as connection, connection:
        for sql, values in statements:
            connection.execute(sql, values)


def test_a_whole_period_is_healthy(crawler: Crawler, period: SimpleNamespace) -> None:
    before = [tuple(row) for row in crawler.rows("SELECT * FROM pages ORDER BY id")]
    done = crawler.scrapy("audit", *SPAN)
    assert done.returncode == 0, done.stderr
    counts, listed = table(done.stdout)
    assert counts == {
        "2022-08-15": [12, 9, 1, 1, 1, 0],
        "2022-08-16": [15, 15, 0, 0, 0, 0],
        "all": [27, 24, 1, 1, 1, 0],
    }
    assert listed == []
    assert period.site.asked("/berita/") == [], "no article is fetched"
    assert [tuple(row) for row in crawler.rows("SELECT * FROM pages ORDER BY id")] == before


def test_what_is_not_stored_is_listed_with_its_reason(
    crawler: Crawler, period: SimpleNamespace
) -> None:
    done = crawler.scrapy("audit", *SPAN, "--list")
    assert done.returncode == 0, done.stderr
    _, listed = table(done.stdout)
    assert [(row[0], *row[1:4]) for row in listed] == [
        ("2022-08-15", state, story.id, story.url)
        for story, state in sorted(
            [(period.failed, "failed"), (period.gone, "gone"), (period.rejected, "rejected")],
            key=lambda entry: entry[0].published,
            reverse=True,
        )
    ]
    reasons = {row[1]: row[4] for row in listed}
    assert reasons.pop("rejected").startswith("the same text is stored already, as ")
    assert reasons == {"failed": "HTTP 500", "gone": "HTTP 404"}


def test_the_days_as_json(crawler: Crawler, period: SimpleNamespace) -> None:
    done = crawler.scrapy("audit", *SPAN, "--json")
    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    counts = {"listed": 12, "stored": 9, "rejected": 1, "gone": 1, "failed": 1, "missing": 0}
    articles = first.pop("articles")
    assert first == {"day": "2022-08-15", **counts}
    assert {row["id"]: row["state"] for row in articles} == {
        period.failed.id: "failed",
        period.gone.id: "gone",
        period.rejected.id: "rejected",
    }
    assert {row["reason"] for row in articles} >= {"HTTP 500", "HTTP 404"}
    assert (second["day"], second["stored"], second["articles"]) == ("2022-08-16", 15, [])


def test_what_is_missing_is_found_listed_and_repaired(
    crawler: Crawler, period: SimpleNamespace
) -> None:
    unknown, pending, lost, *_ = period.second
    change(
        crawler,
        ("DELETE FROM articles WHERE id IN (?, ?)", [unknown.id, pending.id]),
        ("DELETE FROM pages WHERE id = ?", [unknown.id]),
        ("UPDATE pages SET state = 'pending' WHERE id = ?", [pending.id]),
        ("DELETE FROM articles WHERE id = ?", [lost.id]),
    )
    done = crawler.scrapy("audit", *SPAN, "--list")
    assert done.returncode == 1
    assert "unhealthy: missing articles: 3" in done.stderr.splitlines()
    counts, listed = table(done.stdout)
    assert counts["2022-08-16"] == [15, 12, 0, 0, 0, 3]
    assert counts["all"] == [27, 21, 1, 1, 1, 3]
    missing = {row[2]: (row[0], row[3], row[4]) for row in listed if row[1] == "missing"}
    day = "2022-08-16"
    assert missing == {
        unknown.id: (day, unknown.url, "it was never found"),
        pending.id: (day, pending.url, "it was found, and not fetched yet"),
        lost.id: (day, lost.url, "it was stored, and its record is not there any more"),
    }
    assert period.site.asked("/berita/") == []
    known = crawler.rows("SELECT 1 FROM pages WHERE id = ?", unknown.id)
    assert known == [], "without --repair nothing is changed"

    repair = crawler.scrapy("audit", *SPAN, "--repair")
    assert repair.returncode == 1, "they are missing still"
    assert "the next crawl fetches what is missing: 3" in repair.stdout
    assert period.site.asked("/berita/") == []

    crawl = crawler.crawl(*BACKFILL)
    assert crawl.returncode == 0, crawl.stderr
    assert " 3 new, 0 updated" in crawl.stdout
    fetched = sorted(asked.path for asked in period.site.asked("/berita/"))
    assert fetched == sorted(story.path for story in (unknown, pending, lost))

    after = crawler.scrapy("audit", *SPAN)
    assert after.returncode == 0, after.stderr
    assert table(after.stdout)[0]["all"] == [27, 24, 1, 1, 1, 0]

    # Audits are in the history, with what they were asked and what they found.
    runs = crawler.rows("SELECT * FROM runs WHERE spider = 'audit' ORDER BY id")
    assert [run["healthy"] for run in runs] == [0, 0, 1]
    assert '"since": "2022-08-15"' in runs[0]["arguments"]
    assert '"repair": "yes"' in runs[1]["arguments"]
    for run in runs:
        states = ("new", "updated", "unchanged", "rejected", "gone", "failed", "pending")
        assert run["found"] == sum(run[state] for state in states) == 27


def test_an_index_that_cannot_be_read_is_unhealthy(
    crawler: Crawler, period: SimpleNamespace
) -> None:
    period.site.misbehave(re.compile("/index/.*2022.08.16"), played.answer(404))
    try:
        done = crawler.scrapy("audit", *SPAN)
    finally:
        period.site.misbehave("/index/", lambda url, right: right)
    assert done.returncode == 1
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("unhealthy: "))
    assert line.startswith("unhealthy: the index of 2022-08-16 is incomplete: ")
    counts, _ = table(done.stdout)
    assert counts["2022-08-15"] == [12, 9, 1, 1, 1, 0], "the other day is shown"
    assert counts["2022-08-16"] == [0] * 6


def test_while_a_crawl_runs_it_says_come_back(crawler: Crawler, period: SimpleNamespace) -> None:
    period.site.misbehave("/rss", played.hang())
    with crawler.start("latest") as process:
        deadline = time.monotonic() + 30
        while not period.site.asked("/rss"):
            assert time.monotonic() < deadline, "nothing was asked"
            time.sleep(0.02)
        done = crawler.scrapy("audit", *SPAN)
        process.kill()
    assert done.returncode == 75
    says = f"scrapy audit: process {process.pid} holds {crawler.database}; try again"
    assert any(line.startswith(says) for line in done.stderr.splitlines()), done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "since is missing"),
        (("--since", "15/08/2022"), "--since: '15/08/2022' is not a day"),
        (("--since", "2022-02-30"), "--since: '2022-02-30' is not a day"),
        (("--since", "2022-08-15", "--until", "x"), "--until: 'x' is not a day"),
        (
            ("--since", "2022-08-15", "--until", "2022-08-14"),
            "--until 2022-08-14 is before --since 2022-08-15",
        ),
        (("--since", f"{now() + timedelta(days=2):%Y-%m-%d}"), "is in the future"),
        (("2022-08-15",), "give the days by --since and --until"),
    ],
)
def test_bad_arguments_end_at_once(
    website: Site, tmp_path: Path, args: tuple[str, ...], says: str
) -> None:
    crawler = Crawler(tmp_path, website)
    done = crawler.scrapy("audit", *args)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert website.requests == []
    assert not crawler.database.exists()
