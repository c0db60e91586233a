"""Which archives were read: the table ``sources``."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.database.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An archive that was read to its end; the fields are the columns of ``sources``."""

    name: str  # absolute path, or address; of an own file its name in the captures folder
    size: int  # bytes
    stamp: str  # etag, or moment of change: another one, and the file is another
    records: int  # that it has
    kept: int  # of them: captures of articles
    damaged: int  # records that cannot be read
    file: str | None  # where what is kept lies in the captures folder; None: where it was
    read_at: str  # ISO 8601 with +07:00
    stored_at: str | None = None  # when its articles were stored; None: not yet

    def is_of(self, size: int, stamp: str) -> bool:
        """Whether the file is still the one that was read."""
        return (self.size, self.stamp) == (size, stamp)


COLUMNS = tuple(field.name for field in fields(Source))
_row = attrgetter(*COLUMNS)
_PUT = f"""
    INSERT OR REPLACE INTO main.sources ({", ".join(COLUMNS)})
    VALUES ({", ".join("?" for _ in COLUMNS)})
"""  # noqa: S608  # names of our own columns


class SourceFiles:
    """The archives that a database has read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> dict[str, Source]:
        """Each by its name."""
        rows = self._connection.rows(f"SELECT {', '.join(COLUMNS)} FROM main.sources")  # noqa: S608
        return {row["name"]: Source(**row) for row in rows}

    def put(self, source: Source) -> None:
        """Remember that an archive was read."""
        with self._connection.transaction():
            self._connection.execute(_PUT, _row(source))

    def stored(self, names: Iterable[str], now: str) -> None:
        """Remember that the articles of these are stored."""
        with self._connection.transaction():
            self._connection.executemany(
                "UPDATE main.sources SET stored_at = ? WHERE name = ? AND stored_at IS NULL",
                [(now, name) for name in names],
            )
