"""A part of what tests/faults/ground.py moves under a run, and what may be moved."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.crawl.refusals import BACKFILL, DAY
from tests.faults import ground
from tests.faults.checks import NEWS, complete
from tests.helpers import wait_for
from tests.site import Crawler

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site import Site


@pytest.mark.parametrize(
    "name",
    ["database moved", "database emptied", "its log cut in half", "WARC cut in half", "WARC moved"],
)
def test_a_run_ends_whose_ground_moves(name: str, tmp_path: Path) -> None:
    assert ground.play(name, tmp_path / "moved") == []


def test_a_database_may_be_made_smaller_under_a_run(website: Site, tmp_path: Path) -> None:
    website.publish(60, until=DAY, spacing=timedelta(minutes=1), **NEWS)
    crawler = Crawler(tmp_path, website)
    with crawler.start(*BACKFILL, **ground.SLOWLY) as run:
        wait_for(lambda: len(website.asked("/berita/")) > 5)
        with closing(sqlite3.connect(crawler.database, isolation_level=None)) as connection:
            connection.execute("CREATE TABLE other AS SELECT zeroblob(1000000)")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            size = crawler.database.stat().st_size
            connection.execute("DROP TABLE other")
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            assert crawler.database.stat().st_size < size - 900_000
        assert run.wait(timeout=60) == 0, crawler.log.read_text()
    assert complete(crawler) == []
