"""A database that is moved or removed under a run ends the run, which is not healthy."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.crawl.refusals import BACKFILL, DAY
from tests.crawl.trouble import NEWS
from tests.helpers import wait_for
from tests.site import Crawler

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site import Site


@pytest.mark.parametrize("how", ["moved", "removed", "log removed"])
def test_what_nobody_would_find_is_not_written(website: Site, tmp_path: Path, how: str) -> None:
    website.publish(60, until=DAY, spacing=timedelta(minutes=1), **NEWS)
    crawler = Crawler(tmp_path, website)
    database = crawler.database
    slowly = {"DOWNLOAD_DELAY": 0.1, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
    with crawler.start(*BACKFILL, **slowly) as run:
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
