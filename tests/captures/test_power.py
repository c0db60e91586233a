"""After a power failure: what the database knows, and the disk never got, is asked for again."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from crawler.captures.warc import read_capture
from crawler.dates import WIB
from tests.helpers import DAY, stored, wait_for
from tests.site import Crawler

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.site import Site


def cut(warc: Path, offset: int) -> None:
    with warc.open("r+b") as file:
        file.truncate(offset + 100)


def zeroed(warc: Path, offset: int) -> None:
    size = warc.stat().st_size
    with warc.open("r+b") as file:
        file.seek(offset)
        file.write(bytes(size - offset))


def removed(warc: Path, offset: int) -> None:
    warc.unlink()


def power_fails(crawler: Crawler) -> None:
    """Leave the last run as one that was under way."""
    with sqlite3.connect(crawler.database) as connection:
        connection.execute("UPDATE runs SET finished_at = NULL, finish_reason = NULL")
    connection.close()


@pytest.mark.parametrize("lose", [cut, zeroed, removed])
def test_an_article_whose_page_was_lost_is_asked_again(
    website: Site, tmp_path: Path, lose: Callable[[Path, int], None]
) -> None:
    story, other = website.publish(2, until=datetime(2022, 8, 15, 20, tzinfo=WIB))
    crawler = Crawler(tmp_path, website)
    assert crawler.crawl("article", "-a", f"url={story.url}").returncode == 0
    captures = f"SELECT * FROM captures WHERE article_id = '{story.id}'"
    (lost,) = crawler.rows(captures)
    lose(crawler.captures / lost["file"], lost["offset"])
    power_fails(crawler)

    done = crawler.crawl("article", "-a", f"url={other.url}")
    assert "captures that the last run could not save, asked again: " in done.stderr
    assert "Traceback" not in done.stderr
    (page,) = crawler.rows(f"SELECT * FROM pages WHERE id = '{story.id}'")
    assert page["state"] == "stored"
    (run,) = crawler.rows("SELECT started_at, finished_at FROM runs WHERE id = 2")
    assert run["started_at"] <= page["next_check_at"] <= run["finished_at"]
    assert not crawler.rows(captures)

    assert crawler.crawl("article", "-a", f"url={story.url}").returncode == 0
    (kept,) = crawler.rows(captures)
    captured = read_capture(crawler.captures / kept["file"], kept["offset"])
    assert captured.payload
    assert not captured.revisit


def test_files_that_were_moved_away_are_not_missed(website: Site, tmp_path: Path) -> None:
    story, other = website.publish(2, until=datetime(2022, 8, 15, 20, tzinfo=WIB))
    crawler = Crawler(tmp_path, website)
    assert crawler.crawl("article", "-a", f"url={story.url}").returncode == 0
    before = crawler.rows("SELECT count(*) FROM captures")[0][0]
    for warc in crawler.captures.iterdir():
        warc.unlink()
    done = crawler.crawl("article", "-a", f"url={other.url}")
    assert "could not save" not in done.stderr
    assert crawler.rows("SELECT count(*) FROM captures")[0][0] > before


def test_a_folder_that_is_removed_ends_the_run(website: Site, tmp_path: Path) -> None:
    stories = website.publish(60, until=datetime(2022, 8, 15, 20, tzinfo=WIB))
    crawler = Crawler(tmp_path, website)
    with crawler.start("backfill", *DAY, DOWNLOAD_DELAY=0.1) as crawl:
        wait_for(lambda: crawler.captures.exists() and len(stored(crawler)) > 3)
        shutil.rmtree(crawler.captures)
    assert crawl.returncode == 1
    log = crawler.log.read_text()
    assert f"unhealthy: storing failed: {crawler.captures} cannot be written: No such file" in log
    assert "Traceback" not in log
    assert len(stored(crawler)) < len(stories)
