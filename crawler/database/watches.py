"""What each standing search has shown already."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from crawler.database.connection import Connection
from crawler.dates import iso, now

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def add_shown(path: Path, name: str, articles: Iterable[str]) -> None:
    """Have the search of this name show these articles, by id, no more; raises `StoreError`.

    A crawl may go on meanwhile.
    """
    moment = iso(now())
    rows = [(name, article, moment) for article in articles]
    with closing(Connection(path)) as connection, connection.transaction():
        connection.executemany("INSERT OR IGNORE INTO watches VALUES (?, ?, ?)", rows)
