"""Captures lie beside their database; those of another one are left to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from crawler.captures.folder import captures_folder
from crawler.captures.writer import WarcWriter
from crawler.dates import iso
from tests.helpers import pages, stored
from tests.site import Crawler

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site import Site

NEWS: dict[str, Any] = {"host": "news.republika.co.id", "section": ("News", "Umum")}


def folder_of(database: Path, captures: str | None = None) -> Path | None:
    return captures_folder({"DATABASE": str(database), "CAPTURES": captures})


def test_captures_lie_beside_their_database(tmp_path: Path) -> None:
    assert folder_of(tmp_path / "republika.db") == tmp_path / "captures"
    assert folder_of(tmp_path / "x.db") == tmp_path / "x.captures"
    assert folder_of(tmp_path / "x.db", "") is None
    assert folder_of(tmp_path / "x.db", str(tmp_path / "y")) == tmp_path / "y"


@pytest.fixture
def shared(website: Site, tmp_path: Path) -> tuple[Crawler, Crawler]:
    """Two databases whose captures lie in one folder ``captures``, as once by default."""
    crawlers = []
    for name in ("a.db", "b.db"):
        (story,) = website.publish(**NEWS)
        crawler = Crawler(tmp_path, website)
        crawler.database = tmp_path / name
        assert crawler.crawl("article", "-a", f"url={story.url}").returncode == 0
        crawlers.append(crawler)
    return crawlers[0], crawlers[1]


def test_what_lies_in_a_shared_folder_goes_on_working(
    shared: tuple[Crawler, Crawler], tmp_path: Path
) -> None:
    ours, theirs = shared
    assert folder_of(ours.database) == tmp_path / "captures"
    before = stored(ours)
    done = ours.scrapy("reparse", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert stored(ours) == before
    assert f"note: files of {theirs.database}, left alone unless named: 1" in done.stdout
    # A database that is new has a folder of its own, and takes nothing from that one.
    assert folder_of(tmp_path / "c.db") == tmp_path / "c.captures"
    # Asked for, they are read.
    (file,) = {row["file"] for row in theirs.rows("SELECT file FROM captures")}
    done = ours.scrapy("reparse", "--jobs", "1", str(tmp_path / "captures" / file))
    assert done.returncode == 0, done.stderr
    assert stored(ours) == before | stored(theirs)


def test_files_that_may_be_of_a_database_that_cannot_be_read_are_left_alone(
    shared: tuple[Crawler, Crawler],
) -> None:
    ours, theirs = shared
    before = stored(ours)
    with theirs.database.open("r+b") as file:  # damaged after its first page
        file.seek(4096)
        file.write(b"\xa5" * 4096 * 200)
    done = ours.scrapy("reparse", "--jobs", "1")
    assert done.returncode == 1
    assert done.stderr.startswith(f"scrapy reparse: {theirs.database} cannot be read (")
    assert done.stderr.endswith("is not known: name the files to read, or move it away\n")
    assert len(done.stderr.splitlines()) == 1
    assert stored(ours) == before
    (file_name,) = {row["file"] for row in ours.rows("SELECT file FROM captures")}
    named = ours.scrapy("reparse", "--jobs", "1", str(ours.captures / file_name))
    assert named.returncode == 0, named.stderr


def test_a_database_may_be_lost_where_it_has_a_folder_alone(
    shared: tuple[Crawler, Crawler], tmp_path: Path
) -> None:
    ours, theirs = shared
    both = stored(ours) | stored(theirs)
    for crawler in shared:
        crawler.database.unlink()
    crawler = shared[0]
    crawler.database = tmp_path / "republika.db"
    done = crawler.scrapy("reparse", "--reindex", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert stored(crawler) == both


def test_a_clock_that_was_ahead_freezes_nothing(website: Site, tmp_path: Path) -> None:
    bad, good, other = website.publish(3, **NEWS)
    crawler = Crawler(tmp_path, website)
    assert crawler.crawl("article", "-a", f"url={good.url}").returncode == 0
    # As a run of 2038 leaves what failed, and what it fetched.
    ahead = datetime.fromisoformat("2038-01-19T03:14:07+07:00")
    url, moment = bad.url, iso(ahead)
    with closing(sqlite3.connect(crawler.database)) as connection, connection:
        connection.execute(
            "INSERT INTO pages (id, url, state, found_at, next_check_at, failures, attempts)"
            " VALUES (?, ?, 'failed', ?, ?, 1, 1)",
            [bad.id, url, moment, moment],
        )
    assert crawler.crawl("article", "-a", f"url={other.url}").returncode == 0
    assert pages(crawler)[bad.id]["state"] == "stored"
    page = crawler.scrapy("show", good.id, "--raw").stdout
    writer = WarcWriter(crawler.captures)
    headers = ((b"Content-Type", b"text/html; charset=utf-8"),)
    wrong = page.replace(good.title, "Judul yang Lama")
    writer.response(good.url, 200, headers, wrong.encode(), ahead)
    writer.close()
    done = crawler.scrapy("reparse", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert "note: captures dated after now, which are no article's latest: 1" in done.stdout
    (row,) = crawler.rows("SELECT title FROM articles WHERE id = ?", good.id)
    assert row["title"] == good.title
