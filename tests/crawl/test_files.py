"""Disks and databases that cannot be written, and what is left for later."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from crawler.dates import now
from tests import site as played
from tests.helpers import ROOT, last_run, pages, stored, unhealthy, wait_for, with_mounts
from tests.site import Crawler, running_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.site import Site, Story
from tests.crawl.refusals import BACKFILL, DAY
from tests.crawl.trouble import NEWS, articles

Done = subprocess.CompletedProcess[str]


# --- disks ------------------------------------------------------------------------------------


def crawl_under(command: Sequence[str], crawler: Crawler, *args: str) -> Done:
    return subprocess.run(
        [*command, sys.executable, "-m", "scrapy", "crawl", *args],
        cwd=ROOT,
        env=crawler.environment(),
        check=False,
        capture_output=True,
        text=True,
        timeout=crawler.TIMEOUT,
    )


def full_disk(folder: Path, kept: Path, size: str) -> list[str]:
    """A command before another for which ``folder`` is on a disk of that size.

    What stands on it in the end is in ``kept``.
    """
    return with_mounts(
        f"mount -t tmpfs -o size={size} tmpfs {folder}\n"
        f'code=0; "$@" || code=$?\ncp -a {folder}/. {kept}\nexit $code'
    )


@pytest.mark.parametrize(
    ("what", "size", "says"),
    [
        ("database", "640k", "cannot be written: the disk is full"),
        ("captures", "64k", "cannot be written: No space left on device"),
    ],
)
def test_a_full_disk_is_said_and_nothing_is_lost(
    website: Site, tmp_path: Path, what: str, size: str, says: str
) -> None:
    website.publish(100, until=DAY, spacing=timedelta(minutes=1), **NEWS)
    small, kept = tmp_path / "small", tmp_path / "kept"
    for folder in (small, kept):
        folder.mkdir()
    crawler = Crawler(tmp_path, website)
    setattr(crawler, what, small / getattr(crawler, what).name)
    done = crawl_under(full_disk(small, kept, size), crawler, *BACKFILL)
    full = [line for line in unhealthy(done) if says in line]
    assert len(full) == 1
    assert str(getattr(crawler, what)) in full[0]
    setattr(crawler, what, kept / getattr(crawler, what).name)
    some = stored(crawler)
    assert 0 < len(some) < 100
    assert crawler.rows("PRAGMA integrity_check")[0][0] == "ok"
    states = {page_id: page["state"] for page_id, page in pages(crawler).items()}
    assert {page_id for page_id, state in states.items() if state == "stored"} == some
    assert set(states.values()) <= {"stored", "pending"}
    # With room again, the next run stores all.
    again = crawler.crawl(*BACKFILL)
    assert again.returncode == 0, again.stderr
    assert stored(crawler) == set(website.articles)
    assert f" {100 - len(some)} new, 0 updated, " in again.stdout
    assert last_run(crawler)["pending"] == 0


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A site of 40 stories, and a folder with a database of 30 of them."""
    folder = tmp_path_factory.mktemp("filled")
    with running_site() as site:
        site.publish(30, until=DAY - timedelta(days=1), **NEWS)
        crawler = Crawler(folder, site)
        done = crawler.crawl(*(arg.replace("15", "14") for arg in BACKFILL))
        assert done.returncode == 0, done.stderr
        site.publish(10, until=DAY, **NEWS)
        yield SimpleNamespace(site=site, folder=folder)


@pytest.fixture
def mine(filled: SimpleNamespace, tmp_path: Path) -> Crawler:
    """The filled database in a folder of the test's own."""
    shutil.copytree(filled.folder, tmp_path / "mine")
    return Crawler(tmp_path / "mine", filled.site)


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_read_only_database_is_said(mine: Crawler, what: str) -> None:
    place = mine.database if what == "file" else mine.database.parent
    before = mine.database.read_bytes()
    script = f'mount --bind {place} {place}\nmount -o remount,bind,ro {place}\nexec "$@"'
    done = crawl_under(with_mounts(script), mine, *BACKFILL)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    # Of a run that began, the log has it too.
    said = [line for line in done.stderr.splitlines() if "cannot be" in line and "[" not in line]
    assert len(said) == 1, done.stderr
    assert str(mine.database) in said[0]
    assert "read-only" in said[0].lower()
    assert mine.database.read_bytes() == before


@pytest.mark.parametrize("table", ["header", "articles", "pages"])
def test_a_damaged_database_is_said(mine: Crawler, table: str) -> None:
    with closing(sqlite3.connect(mine.database)) as connection:
        assert connection.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        sql = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = connection.execute(sql, [table]).fetchone() or (1,)
    with mine.database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * (16 if table == "header" else size))
    done = mine.crawl(*BACKFILL)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    says = f"{mine.database} is " + ("not a SQLite database" if table == "header" else "damaged: ")
    # Of a run that began, the log has it too.
    said = [line for line in done.stderr.splitlines() if says in line and "[" not in line]
    assert len(said) == 1, done.stderr


# --- other processes --------------------------------------------------------------------------


LOCKED = 20  # seconds
LOCK = f"""
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep({LOCKED})
connection.execute("ROLLBACK")
"""


@pytest.fixture(scope="module", autouse=True)
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], SimpleNamespace]]:
    """A crawl against a database that another process locks for 20 seconds.

    It goes on beside the other tests; the last one asks for what came of it.
    """
    folder = tmp_path_factory.mktemp("locked")
    with running_site() as site, ThreadPoolExecutor(max_workers=1) as pool:
        site.publish(5, until=DAY, **NEWS)
        crawler = Crawler(folder, site)

        def crawl() -> SimpleNamespace:
            first = crawler.crawl(*BACKFILL, CLOSESPIDER_ITEMCOUNT=1, CONCURRENT_REQUESTS=1)
            assert crawler.database.exists(), first.stderr
            before = len(stored(crawler))
            with subprocess.Popen(
                [sys.executable, "-c", LOCK, str(crawler.database)], stdout=subprocess.PIPE
            ) as holder:
                assert holder.stdout
                assert holder.stdout.readline() == b"locked\n"
                began = time.monotonic()
                done = crawler.crawl(*BACKFILL)
                took = time.monotonic() - began
            return SimpleNamespace(crawler=crawler, done=done, took=took, before=before)

        yield pool.submit(crawl).result


def test_a_second_run_at_once_is_told_to_come_back(mine: Crawler, filled: SimpleNamespace) -> None:
    site = filled.site
    site.requests.clear()
    site.misbehave("/index/", played.hang())
    with mine.start(*BACKFILL) as first:
        wait_for(lambda: site.asked("/index/0/2022/08/15"))
        began = time.monotonic()
        second = mine.crawl(*BACKFILL, DOWNLOAD_TIMEOUT=1, RETRY_TIMES=0)
        took = time.monotonic() - began
        assert first.poll() is None, "the first goes on"
        first.kill()
    site.behave()
    assert second.returncode == 75
    says = f"scrapy crawl backfill: process {first.pid} holds {mine.database}; try again when"
    assert any(line.startswith(says) for line in second.stderr.splitlines()), second.stderr
    assert "Traceback" not in second.stderr
    assert second.stdout == ""
    assert took < 15, "at once"
    assert len(mine.rows("SELECT 1 FROM runs")) == 2, "a run that never was is in no history"
    # The dead one's lock file is in nobody's way.
    assert Path(f"{mine.database}.lock").read_text() == f"{first.pid}\n"
    third = mine.crawl(*BACKFILL)
    assert third.returncode == 0, third.stderr
    assert len(stored(mine)) == 40


# --- retries over runs ------------------------------------------------------------------------


def test_what_failed_is_asked_again_when_due_and_given_up(website: Site, tmp_path: Path) -> None:
    bad, *good = website.publish(6, **NEWS)
    website.misbehave(bad.id, played.answer(500))
    crawler = Crawler(tmp_path, website)

    def run(*stories: Story, waits: str) -> sqlite3.Row:
        asked = articles(tmp_path, *stories)
        done = crawler.crawl(*asked, RETRY_WAITS=waits, RETRY_TIMES=0)
        assert done.returncode == 0, done.stderr
        return pages(crawler)[bad.id]

    page = run(bad, good[0], waits="1h,2h")
    assert (page["state"], page["reason"], page["failures"]) == ("failed", "HTTP 500", 1)
    page = run(good[1], waits="1s,2s")
    assert (len(website.asked(bad.id)), page["failures"]) == (1, 1), "it is not due for an hour"
    # The hour is over.
    with closing(sqlite3.connect(crawler.database)) as connection, connection:
        moment = (now() - timedelta(seconds=1)).isoformat(timespec="seconds")
        connection.execute("UPDATE pages SET next_check_at = ? WHERE id = ?", [moment, bad.id])
    page = run(good[2], waits="1s,2s")
    assert (len(website.asked(bad.id)), page["failures"], page["state"]) == (2, 2, "failed")
    due = datetime.fromisoformat(page["next_check_at"])
    time.sleep(max(0, (due - now()).total_seconds()))
    page = run(good[3], waits="1s,2s")
    says = "given up after 3 failures in a row: HTTP 500"
    assert (len(website.asked(bad.id)), page["state"], page["reason"]) == (3, "failed", says)
    assert page["next_check_at"] is None
    run(good[4], waits="1s,2s")
    assert len(website.asked(bad.id)) == 3, "it is asked no more"
    # But for who wants it.
    website.behave()
    page = run(bad, waits="1s,2s")
    assert (page["state"], page["reason"], page["failures"]) == ("stored", None, 0)


# --- leftovers --------------------------------------------------------------------------------


def test_leftovers_of_one_spider_are_taken_up_by_each_other(website: Site, tmp_path: Path) -> None:
    left = website.publish(30, until=DAY, **NEWS)
    (other,) = website.publish(**NEWS, tags=("Lain",))
    first = Crawler(tmp_path / "first", website)
    first.folder.mkdir()
    done = first.crawl(*BACKFILL, CLOSESPIDER_ITEMCOUNT=5, CONCURRENT_REQUESTS=1)
    assert done.returncode == 0, "a limit that the operator set is no trouble"
    row = last_run(first)
    assert row["finish_reason"] == "closespider_itemcount"
    assert (row["found"], row["new"] + row["pending"]) == (30, 30)
    assert row["pending"] > 20
    done_before = stored(first)
    assert len(done_before) == row["new"]
    # Nothing shows them any more.
    website.misbehave(
        lambda host, path: "/berita/" not in path and "robots" not in path,
        played.content(
            "<html><title>Topic lain</title><ul class='wrap-latest'>"
            f"<li><a href='{other.url}'><h3>{other.title}</h3></a></li></ul></html>"
        ),
    )
    today = f"since={now():%Y-%m-%d}"
    spiders: tuple[tuple[str, ...], ...] = (
        ("latest",),
        ("backfill", "-a", today),
        ("topic", "-a", "tag=lain"),
        ("article", "-a", f"url={other.url}"),
    )

    def take_up(args: tuple[str, ...]) -> tuple[str, Done, Crawler]:
        shutil.copytree(first.folder, tmp_path / args[0])
        crawler = Crawler(tmp_path / args[0], website)
        return args[0], crawler.crawl(*args), crawler

    with ThreadPoolExecutor(max_workers=2) as pool:  # a crawl is mostly start-up
        taken_up = list(pool.map(take_up, spiders))
    for spider, done, crawler in taken_up:
        assert done.returncode == 0, (spider, done.stderr)
        assert stored(crawler) == {story.id for story in (*left, other)}, spider
        row = last_run(crawler)
        assert (row["spider"], row["new"], row["pending"]) == (spider, 31 - len(done_before), 0)


# --- the end of the lock ----------------------------------------------------------------------


def test_a_locked_database_is_waited_for(locked: Callable[[], SimpleNamespace]) -> None:
    came = locked()
    assert came.done.returncode == 0, came.done.stderr
    assert came.took > LOCKED - 1
    assert 0 < came.before < 5
    assert len(stored(came.crawler)) == 5
