"""Where the raw pages lie: the table ``captures``."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.database.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Where one raw page lies; the fields are the columns of ``captures``."""

    article_id: str | None
    url: str
    fetched_at: str  # ISO 8601 with +07:00
    status: int  # of the HTTP answer; 304: a revisit record
    payload_type: str | None  # "text/html"
    digest: str  # of the payload, "sha1:BASE32"
    file: str  # inside the captures folder, or absolute
    offset: int  # bytes
    length: int  # bytes
    revisit: bool = False  # its payload is that of another capture with the same digest


CAPTURE_COLUMNS = tuple(field.name for field in fields(Capture))
# As dataclasses.astuple, which is ten times as slow, since it copies every value.
_row = attrgetter(*CAPTURE_COLUMNS)
_WRITE = f"""
    INSERT INTO {{table}} ({", ".join(CAPTURE_COLUMNS)})
    VALUES ({", ".join("?" for _ in CAPTURE_COLUMNS)})
    ON CONFLICT (file, offset) DO NOTHING
"""  # noqa: S608  # names of our own columns


class Captures:
    """The captures of a database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, capture: Capture, table: str = "captures") -> None:
        """Write a row of ``captures``, or of a table like it; a place that is there stays."""
        with self._connection.transaction():
            self._write(capture, table)

    def remember(self, capture: Capture) -> None:
        """Write the row with the next transaction: that of the article and its page's state."""
        self._connection.before_commit(partial(self._write, capture))

    def _write(self, capture: Capture, table: str = "captures") -> None:
        self._connection.execute(_WRITE.format(table=table), _row(capture))

    def last(self, url: str) -> Capture | None:
        """The newest committed capture of exactly this address with status 200."""
        return self._newest("url = ? AND status = 200", url)

    def of_article(self, article_id: str) -> list[Capture]:
        """The committed captures of an article with status 200."""
        return self._select("article_id = ? AND status = 200 ORDER BY fetched_at", article_id)

    def newest(self) -> Capture | None:
        """The capture that was committed last to the captures folder itself."""
        captures = self._select("instr(file, '/') = 0 ORDER BY id DESC LIMIT 1")
        return captures[0] if captures else None

    def at(self, file: str, offset: int) -> Capture | None:
        """The committed capture that lies there."""
        return next(iter(self._select("file = ? AND offset = ?", file, str(offset))), None)

    def in_file(self, file: str) -> list[Capture]:
        """The committed captures that lie in this file, as it has them."""
        return self._select("file = ? ORDER BY offset", file)

    def forget(self, captures: Iterable[Capture]) -> None:
        """Delete the rows of captures that are lost."""
        with self._connection.transaction():
            self._connection.executemany(
                "DELETE FROM captures WHERE file = ? AND offset = ?",
                [(capture.file, capture.offset) for capture in captures],
            )

    def with_payload(self, digest: str, table: str = "captures") -> Capture | None:
        """The newest committed capture that holds a payload of this digest."""
        return self._newest("digest = ? AND NOT revisit", digest, table)

    def _newest(self, condition: str, value: str, table: str = "captures") -> Capture | None:
        newest = f"{condition} ORDER BY fetched_at DESC, rowid DESC LIMIT 1"
        captures = self._select(newest, value, table=table)
        return captures[0] if captures else None

    def _select(self, condition: str, *values: str, table: str = "captures") -> list[Capture]:
        query = f"SELECT {', '.join(CAPTURE_COLUMNS)} FROM {table} WHERE {condition}"  # noqa: S608
        return [Capture(**row) for row in self._connection.rows(query, values)]
