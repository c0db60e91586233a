"""A WARC as an archive might have it: articles, corrections, repetitions, an end; and more."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crawler.captures.warc import iter_captures
from crawler.captures.writer import WarcWriter
from crawler.dates import WIB
from tests.parsers.test_numbered import ASP, DATE, page_of_2005
from tests.site.stories import article_page, made_up

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site import Story

HTML = ((b"Content-Type", b"text/html; charset=utf-8"),)
GZIP = (*HTML, (b"Content-Encoding", b"gzip"))
BEGIN = datetime(2022, 8, 15, 9, tzinfo=WIB)
STORIES = [made_up(n, BEGIN + timedelta(hours=n)) for n in range(7)]
CORRECTED, REPEATED, BACK, REMOVED, PACKED, *_ = STORIES
OLD = made_up(90, datetime(2019, 5, 1, 9, tzinfo=WIB))  # out of the days that are asked for
ALL = ("-a", "since=2005-01-01", "-a", "until=2022-08-31")
AUGUST = ("-a", "since=2022-08-01", "-a", "until=2022-08-31")
Contents = dict[str, list[tuple[object, ...]]]
_LEFT_OUT = {
    "articles": ("first_seen_at", "updated_at"),
    "revisions": ("id", "seen_at", "run_id"),
    "pages": ("found_run", "found_at", "next_check_at"),
    "captures": ("id", "file", "offset", "length", "digest", "payload_type", "revisit"),
    "images": (),
    "related": (),
    "article_tags": ("tag_id",),
}


def corrected(story: Story) -> Story:
    return replace(story, paragraphs=(*story.paragraphs, "Panitia menambah satu hari kegiatan."))


def _page(story: Story) -> bytes:
    return article_page(story, "republika2023")


def warc(folder: Path) -> Path:
    """Write it; gives the file."""
    writer = WarcWriter(folder)
    moments = (datetime(2022, 8, 16, tzinfo=UTC) + timedelta(hours=n) for n in range(99))

    def capture(url: str, payload: bytes, status: int = 200) -> None:
        writer.response(url, status, HTML, payload, next(moments))

    def again(story: Story) -> None:
        """The server sent once more what it sent first."""
        first = next(one for one in iter_captures(next(folder.iterdir())) if one.url == story.url)
        writer.revisit(story.url, 200, HTML, first, next(moments))

    for story in STORIES:
        if story not in (REMOVED, PACKED):
            capture(story.url, _page(story))
    capture(CORRECTED.url, _page(corrected(CORRECTED)))
    again(REPEATED)
    capture(BACK.url, _page(corrected(BACK)))
    again(BACK)
    capture(REMOVED.url, b"<html>Tidak ada</html>", 404)
    writer.response(PACKED.url, 200, GZIP, gzip.compress(_page(PACKED)), next(moments))
    capture(ASP, page_of_2005(DATE).encode())
    capture(OLD.url, _page(OLD))
    capture("https://www.republika.co.id/indeks", b"<html>Indeks</html>")
    writer.close()
    (file,) = folder.iterdir()
    return file


def contents(database: Path) -> Contents:
    """What a database holds, without the moments of its runs and the places of its captures."""
    found = {}
    with closing(sqlite3.connect(database)) as connection:
        for table, left_out in _LEFT_OUT.items():
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            columns = ", ".join(name for name in names if name not in left_out)
            where = "WHERE article_id IS NOT NULL" if table == "captures" else ""
            rows = connection.execute(f"SELECT {columns} FROM {table} {where}").fetchall()
            found[table] = sorted(rows, key=repr)
    return found
