"""What tests of `scrapy reparse` share."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from crawler.captures.writer import WarcWriter
from tests.helpers import scrapy

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

HTML = ((b"Content-Type", b"text/html; charset=utf-8"),)
FIRST = datetime(2022, 8, 16, tzinfo=UTC)
PUTIN = "rgmwym370"


# What a run leaves behind of its own.
RUN_TIMES = {"first_seen_at", "updated_at"}


def reparse(database: Path, *args: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    """With captures beside the database, unless ``settings`` names others."""
    where = {"REPUBLIKA_CAPTURES": str(database.with_suffix(".captures")), **settings}
    return scrapy("reparse", *args, "-s", f"DATABASE={database}", **where)


def archive(folder: Path, *captures: tuple[str, int, str], begin: datetime = FIRST) -> Path:
    """A WARC of these addresses, statuses and pages, each an hour after the one before it."""
    writer = WarcWriter(folder)
    for hours, (url, status, page) in enumerate(captures):
        date = begin + timedelta(hours=hours)
        writer.response(url, status, HTML, page.encode(), date)
    writer.close()
    return folder


def records(database: Path) -> dict[str, list[tuple]]:
    """All that the tables of articles hold, but for the times of the run."""
    connection = sqlite3.connect(database)
    try:
        names = [row[1] for row in connection.execute("PRAGMA table_info(articles)")]
        columns = ", ".join(name for name in names if name not in RUN_TIMES)
        selects = {
            "articles": f"SELECT {columns} FROM articles",
            "images": "SELECT * FROM images",
            "related": "SELECT * FROM related",
            "tags": "SELECT article_id, name FROM article_tags JOIN tags ON id = tag_id",
            "revisions": "SELECT article_id, title, body, fetched_at FROM revisions",
            "pages": "SELECT id, state FROM pages",
        }
        return {
            table: sorted(connection.execute(select).fetchall(), key=repr)
            for table, select in selects.items()
        }
    finally:
        connection.close()
