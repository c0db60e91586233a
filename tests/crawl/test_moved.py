"""A database or a WARC that is moved, removed or cut off under a run ends the run, unhealthy."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.crawl.refusals import BACKFILL, DAY
from tests.crawl.trouble import NEWS
from tests.faults.checks import complete
from tests.helpers import wait_for
from tests.site import Crawler

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site import Site

SLOWLY = {"DOWNLOAD_DELAY": 0.1, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}


@pytest.mark.parametrize("how", ["moved", "removed", "log removed"])
def test_what_nobody_would_find_is_not_written(website: Site, tmp_path: Path, how: str) -> None:
    website.publish(60, until=DAY, spacing=timedelta(minutes=1), **NEWS)
    crawler = Crawler(tmp_path, website)
    database = crawler.database
    with crawler.start(*BACKFILL, **SLOWLY) as run:
        wait_for(lambda: len(website.asked("/berita/")) > 5)
        match how:
            case "moved":
                database.rename(tmp_path / "elsewhere.db")
            case "removed":
                database.unlink()
            case "log removed":
                (tmp_path / "republika.db-wal").unlink()
        code = run.wait(timeout=60)
    said = crawler.log.read_text()
    assert code == 1, said
    says = f"unhealthy: storing failed: {database} was moved or removed while it was in use"
    assert says in said.splitlines()
    assert "Traceback" not in said
    assert len(website.asked("/berita/")) < 60, "it ended at once"
    # The next run has what it needs: nothing of the former one misleads it.
    again = crawler.crawl(*BACKFILL)
    assert again.returncode == 0, again.stderr
    assert crawler.rows("SELECT count(*) AS n FROM articles")[0]["n"] == 60


@pytest.mark.parametrize("what", ["republika.db", "republika.db-wal", "captures/*.warc.gz"])
@pytest.mark.parametrize("part", [0, 0.5])
def test_what_is_cut_off_is_not_written_to(
    website: Site, tmp_path: Path, what: str, part: float
) -> None:
    website.publish(60, until=DAY, spacing=timedelta(minutes=1), **NEWS)
    crawler = Crawler(tmp_path, website)
    with crawler.start(*BACKFILL, **SLOWLY) as run:
        wait_for(lambda: len(website.asked("/berita/")) > 5)
        (path,) = tmp_path.glob(what)
        while run.poll() is None and path.exists():  # once may fall into a commit, and show later
            os.truncate(path, int(path.stat().st_size * part))
            time.sleep(0.05)
        code = run.wait(timeout=60)
    said = crawler.log.read_text()
    assert code == 1, said
    if what.startswith("captures"):
        says = f"{crawler.captures} cannot be written: a file was cut off or written to"
    else:
        says = f"{crawler.database} "  # was cut off, or is damaged
    assert f"unhealthy: storing failed: {says}" in said
    assert "Traceback" not in said
    assert len(website.asked("/berita/")) < 60, "it ended at once"
    if what.startswith("captures"):  # what was in it is fetched again
        again = crawler.crawl(*BACKFILL)
        assert again.returncode == 0, again.stderr
        assert [wrong for wrong in complete(crawler) if "capture" in wrong] == []


def test_a_database_may_be_made_smaller_under_a_run(website: Site, tmp_path: Path) -> None:
    website.publish(60, until=DAY, spacing=timedelta(minutes=1), **NEWS)
    crawler = Crawler(tmp_path, website)
    with crawler.start(*BACKFILL, **SLOWLY) as run:
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
