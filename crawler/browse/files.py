"""What a reader asks for as a file, and the command that gives the same without a limit."""

from __future__ import annotations

import io
import shlex
from typing import TYPE_CHECKING

from crawler.query.export import RECORD, rows, write_csv, write_jsonl
from crawler.site import SECTIONS

if TYPE_CHECKING:
    import sqlite3

    from crawler.browse.asked import Query
    from crawler.query.filter import Filter

MOST = 1_000  # articles of a file, which is made in memory
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
}


def in_file(connection: sqlite3.Connection, asked: Filter, form: str, limit: int) -> bytes:
    """The first articles by date, at most ``limit``, as `scrapy export` writes them."""
    file = io.BytesIO()
    articles = rows(connection, RECORD, asked, lambda _: None, limit)
    if form == "csv":
        write_csv(file, RECORD, articles, bom=True)
    else:
        write_jsonl(file, RECORD, articles)
    return file.getvalue()


def command(query: Query) -> str | None:
    """The command for all of them; None where it has no option for what is asked for."""
    filters = query.filters
    if filters.pop("layout", None) or (query.section and query.section not in SECTIONS):
        return None
    words = ["scrapy", "export", "-o", "articles.csv"]
    for name, value in filters.items():
        option = f"--{name.replace('_', '-')}"
        words += [option] if name.startswith("no_") else [option, value]
    return shlex.join([*words, *query.words.split()])
