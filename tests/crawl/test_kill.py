"""Thirty kills at random moments of one crawl lose nothing, and double nothing."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from crawler.captures.warc import iter_captures, read_capture
from crawler.dates import WIB
from tests import site as played
from tests.site import Crawler, running_site

if TYPE_CHECKING:
    from collections.abc import Iterator

KILLS = 30
ARTICLES = 500
DAYS = 5
LAST = datetime(2022, 8, 19, 20, tzinfo=WIB)
SPAN = ("-a", "since=2022-08-15", "-a", "until=2022-08-19")
# A kill comes when the site has seen so many requests of a run, and so many seconds later: however
# slow the machine is, all of them hit the crawl, and most of it.
REQUESTS = 30
SECONDS = 0.05
AT_A_TIME = 4
PACE = {"DOWNLOAD_DELAY": 0.02, "CONCURRENT_REQUESTS_PER_DOMAIN": AT_A_TIME}
# What each article stored is in at any instant.
STORED = """
    SELECT (SELECT count(*) FROM articles),
        (SELECT count(*) FROM pages WHERE state = 'stored'),
        (SELECT coalesce(sum(new), 0) FROM runs)
"""
COUNTS = ("new", "updated", "unchanged", "rejected", "gone", "failed", "pending")

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A crawl that is killed thirty times and started again each time, and then ends."""
    moments = random.Random(20_220_815)
    with running_site() as site:
        for day in range(DAYS):
            site.publish(
                ARTICLES // DAYS,
                until=LAST - timedelta(days=day),
                spacing=timedelta(minutes=7),
                host="news.republika.co.id",
                section=("News", "Umum"),
            )
        # A twentieth is slower, so that answers do not come in the order of the requests.
        for story in list(site.articles.values())[::20]:
            site.misbehave(story.id, played.slow(0.05))
        crawler = Crawler(tmp_path_factory.mktemp("killed"), site)
        stored = []
        for _ in range(KILLS):
            until = len(site.requests) + moments.randint(1, REQUESTS)
            with crawler.start("backfill", *SPAN, **PACE) as run:
                deadline = time.monotonic() + 60
                while len(site.requests) < until:
                    assert run.poll() is None, crawler.log.read_text()
                    assert time.monotonic() < deadline, "nothing was asked"
                    time.sleep(0.001)
                time.sleep(moments.uniform(0, SECONDS))
                run.kill()
            assert run.returncode == -9, "the crawl ended before it was killed"
            stored.append(tuple(crawler.rows(STORED)[0]))
        done = crawler.crawl("backfill", *SPAN)
        yield SimpleNamespace(site=site, crawler=crawler, done=done, stored=stored)


def test_the_last_run_is_healthy(killed: SimpleNamespace) -> None:
    assert killed.done.returncode == 0, killed.done.stderr
    assert ", 0 rejected, 0 gone, 0 failed, 0 pending" in killed.done.stdout


def test_each_kill_hit_the_crawl(killed: SimpleNamespace) -> None:
    runs = killed.crawler.rows("SELECT * FROM runs ORDER BY id")
    assert len(runs) == KILLS + 1
    assert [run["finish_reason"] for run in runs] == ["killed"] * KILLS + ["finished"]
    assert [run["healthy"] for run in runs] == [0] * KILLS + [1]
    stored = [articles for articles, *_ in killed.stored]
    assert stored[0] < ARTICLES / 10
    assert ARTICLES / 4 < stored[-1] < ARTICLES
    assert len(set(stored)) > KILLS / 2


def test_after_each_kill_all_that_was_stored_was_stored_whole(killed: SimpleNamespace) -> None:
    for articles, pages, new in killed.stored:
        assert articles == pages == new
    assert killed.stored == sorted(killed.stored), "no record was lost again"


def test_every_article_is_stored_once(killed: SimpleNamespace) -> None:
    stored = killed.crawler.rows("SELECT id, title, body FROM articles ORDER BY id")
    assert [tuple(row) for row in stored] == [
        (story.id, story.title, "\n\n".join(story.paragraphs))
        for _, story in sorted(killed.site.articles.items())
    ]
    states = killed.crawler.rows("SELECT state, count(*) FROM pages GROUP BY state")
    assert [tuple(row) for row in states] == [("stored", ARTICLES)]
    assert killed.crawler.rows("SELECT 1 FROM revisions") == []


def test_counts_of_every_run_balance(killed: SimpleNamespace) -> None:
    runs = killed.crawler.rows("SELECT * FROM runs")
    for run in runs:
        assert run["found"] == sum(run[name] for name in COUNTS), dict(run)
    assert sum(run["new"] for run in runs) == ARTICLES, "each is new in one run"


def test_no_article_is_fetched_more_often_than_need_be(killed: SimpleNamespace) -> None:
    asked = Counter(one.path for one in killed.site.asked("/berita/"))
    assert len(asked) == ARTICLES
    assert max(asked.values()) <= KILLS + 1
    # What is fetched again is what was on its way when a kill came: no more at a time than that.
    assert sum(asked.values()) <= ARTICLES + KILLS * 2 * AT_A_TIME


def test_the_database_is_whole(killed: SimpleNamespace) -> None:
    assert killed.crawler.rows("PRAGMA integrity_check")[0][0] == "ok"
    assert killed.crawler.rows("PRAGMA foreign_key_check") == []
    (number,) = killed.crawler.rows(
        "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'kegiatan'"
    )
    assert number[0] == ARTICLES, "the full-text index has each once"


def test_every_capture_can_be_read(killed: SimpleNamespace) -> None:
    captures = killed.crawler.rows("SELECT * FROM captures")
    for row in captures:
        captured = read_capture(killed.crawler.captures / row["file"], row["offset"])
        assert (captured.url, captured.status, captured.length) == (
            *(row["url"], row["status"], row["length"]),
        )
    with_page = {row["article_id"] for row in captures if row["status"] == 200}
    assert set(killed.site.articles) <= with_page, "each record has its proof"


def test_every_warc_can_be_read_through(killed: SimpleNamespace) -> None:
    files = sorted(killed.crawler.captures.glob("*.warc.gz"))
    assert len(files) > KILLS / 2, "each run that came so far has one of its own"
    read = Counter(
        (path.name, captured.offset) for path in files for captured in iter_captures(path)
    )
    known = {
        (row["file"], row["offset"])
        for row in killed.crawler.rows("SELECT file, offset FROM captures")
    }
    assert known <= set(read), "what the table names is met on the way"
    assert max(read.values()) == 1
