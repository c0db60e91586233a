"""What must hold after a fault, whatever it was; each check gives what is wrong, in words."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.captures.warc import read_capture
from crawler.errors import CaptureError
from tests.crawl.refusals import BACKFILL, DAY
from tests.site import Crawler, running_site

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.site import Site

COUNTS = ("new", "updated", "unchanged", "rejected", "gone", "failed", "pending")
NEWS: dict[str, Any] = {
    "host": "news.republika.co.id",
    "section": ("News", "Umum"),
    "tags": ("Warga",),
}
QUIET = ("-L", "ERROR")


class Played(NamedTuple):
    """A site, and a folder with a database and captures of all its stories."""

    site: Site
    folder: Path

    def copy(self, folder: Path) -> Crawler:
        """A crawler with a copy of them in ``folder``, which is made."""
        shutil.copytree(self.folder, folder)
        return Crawler(folder, self.site)


@contextmanager
def playing(folder: Path, stories: int) -> Iterator[Played]:
    """A site with so many stories of one day, crawled into ``folder``, which is made."""
    folder.mkdir()
    with running_site() as site:
        site.publish(stories, until=DAY, spacing=timedelta(minutes=1), **NEWS)
        done = Crawler(folder, site).crawl(*BACKFILL)
        assert done.returncode == 0, done.stderr
        yield Played(site, folder)


def ended(
    done: subprocess.CompletedProcess[str], code: int, most_lines: int | None = None
) -> list[str]:
    """What is wrong with how a command ended."""
    said = done.stdout + done.stderr
    wrong = (
        [] if done.returncode == code else [f"exit {done.returncode}, not {code}: {said[-300:]}"]
    )
    if "Traceback" in said or "Exception ignored" in said:
        wrong.append(f"a traceback: {said[-300:]}")
    lines = done.stderr.splitlines()
    if most_lines is not None and len(lines) > most_lines:
        wrong.append(f"{len(lines)} lines on stderr: {lines[0]}")
    return wrong


def sound(crawler: Crawler) -> list[str]:
    """What is wrong with the database and the captures, at any instant."""
    wrong: list[str] = []
    if not crawler.database.exists():
        return wrong
    try:
        for pragma, right in (("integrity_check", ["ok"]), ("foreign_key_check", [])):
            found = [row[0] for row in crawler.rows(f"PRAGMA {pragma}")]
            if found != right:
                wrong.append(f"{pragma}: {found[:3]}")
        for run in _rows(crawler, "runs"):
            if run["found"] != sum(run[name] for name in COUNTS):
                wrong.append(f"the counts of run {run['id']} do not balance")
        for row in _rows(crawler, "captures"):
            captured = read_capture(crawler.captures / row["file"], row["offset"])
            if captured.url != row["url"]:
                wrong.append(f"capture {row['id']} is of {captured.url}")
    except (CaptureError, OSError, sqlite3.Error) as error:
        wrong.append(str(error))
    stories = {story.id: as_record(story) for story in crawler.site.articles.values()}
    wrong += [
        f"{row['id']} is stored wrongly"
        for row in _rows(crawler, "articles")
        if (row["title"], row["body"]) != stories.get(row["id"])
    ]
    return wrong


def complete(crawler: Crawler) -> list[str]:
    """As `sound`, and what is missing of the site."""
    wrong = sound(crawler)
    ids = set(crawler.site.articles)
    if lost := ids - {row["id"] for row in _rows(crawler, "articles")}:
        wrong.append(f"{len(lost)} articles are lost")
    if waiting := [row for row in _rows(crawler, "pages") if row["state"] != "stored"]:
        wrong.append(f"{len(waiting)} pages are not stored: {waiting[0]['reason']}")
    found = crawler.scrapy("search", "--json", "--limit", "1000", "kegiatan")
    if found.stdout.count("\n") != len(ids):
        wrong.append(f"search finds {found.stdout.count(chr(10))} of {len(ids)}: {found.stderr}")
    return wrong


def as_record(story: Any) -> tuple[str, str]:
    """The title and the body that are to be stored of a story."""
    return story.title, "\n\n".join(story.paragraphs)


def _rows(crawler: Crawler, table: str) -> Sequence[sqlite3.Row]:
    exists = "SELECT 1 FROM sqlite_master WHERE name = ?"
    if not crawler.database.exists() or not crawler.rows(exists, table):
        return []
    return crawler.rows(f"SELECT * FROM {table}")  # a name of ours
