"""What a crawl writes to is moved, removed or cut off under it."""

from __future__ import annotations

import os
import shutil
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.crawl.refusals import BACKFILL, DAY
from tests.faults.checks import NEWS, QUIET, complete, ended
from tests.helpers import wait_for
from tests.site import Crawler, running_site

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Move = Callable[[Path, subprocess.Popen[bytes]], None]

STORIES = 30
SLOWLY = {"DOWNLOAD_DELAY": 0.1, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
DATABASE, LOG, WARC = "republika.db", "republika.db-wal", "captures/*.warc.gz"
FOLDER = "captures"


def _moved(path: Path, run: subprocess.Popen[bytes]) -> None:
    path.rename(path.with_name("elsewhere"))


def _removed(path: Path, run: subprocess.Popen[bytes]) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _cut(part: float) -> Move:
    def cut(path: Path, run: subprocess.Popen[bytes]) -> None:
        while run.poll() is None and path.exists():  # once may fall into a commit, and show later
            os.truncate(path, int(path.stat().st_size * part))
            time.sleep(0.05)

    return cut


# What is done to which path, and what is told of it.
MOVES: dict[str, tuple[str, Move, str]] = {
    "database moved": (DATABASE, _moved, "was moved or removed while it was in use"),
    "database removed": (DATABASE, _removed, "was moved or removed while it was in use"),
    "database emptied": (DATABASE, _cut(0), "republika.db "),
    "database cut in half": (DATABASE, _cut(0.5), "republika.db "),
    "its log removed": (LOG, _removed, "was moved or removed while it was in use"),
    "its log emptied": (LOG, _cut(0), "republika.db "),
    "its log cut in half": (LOG, _cut(0.5), "republika.db "),
    "captures moved": (FOLDER, _moved, "captures cannot be written: "),
    "captures removed": (FOLDER, _removed, "captures cannot be written: "),
    "WARC moved": (WARC, _moved, "captures cannot be written: "),
    "WARC removed": (WARC, _removed, "captures cannot be written: "),
    "WARC emptied": (WARC, _cut(0), "captures cannot be written: a file was cut off"),
    "WARC cut in half": (WARC, _cut(0.5), "captures cannot be written: a file was cut off"),
}


def play(name: str, folder: Path) -> list[str]:
    """Crawl so, and then again until all is there; gives what is wrong."""
    what, move, tells = MOVES[name]
    with running_site() as site:
        site.publish(STORIES, until=DAY, spacing=timedelta(minutes=1), **NEWS)
        folder.mkdir()
        crawler = Crawler(folder, site)
        with crawler.start(*BACKFILL, **SLOWLY) as run:
            wait_for(lambda: len(site.asked("/berita/")) > 5)
            (path,) = folder.glob(what)
            move(path, run)
            code = run.wait(timeout=60)
        told = crawler.log.read_text()
        wrong = [] if code == 1 else [f"exit {code}, not 1: {told[-300:]}"]
        reasons = [line for line in told.splitlines() if line.startswith("unhealthy: ")]
        if not any("storing failed" in line and tells in line for line in reasons):
            wrong.append(f"told: {reasons}")
        if "Traceback" in told:
            wrong.append("a traceback")
        if len(site.asked("/berita/")) == STORIES:
            wrong.append("it did not end at once")
        done = crawler.crawl(*BACKFILL, *QUIET)
        if done.returncode and what in (DATABASE, LOG) and "is damaged: " in done.stderr:
            for file in folder.glob("republika.db*"):
                file.unlink()
            done = crawler.crawl(*BACKFILL, *QUIET)
        return wrong + ended(done, 0) + complete(crawler)
