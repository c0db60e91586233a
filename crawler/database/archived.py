"""What web archives have of the articles, and what became of it: the table ``archived``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crawler.database.captures import CAPTURE_COLUMNS, Capture

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from crawler.database.connection import Connection

_MOST_TRIES = 3  # for a capture that cannot be had, each in a run of its own
_MISSING = """
    AND NOT EXISTS (SELECT 1 FROM pages
        WHERE pages.id = article_id AND state NOT IN ('gone', 'rejected'))
"""


class Listed(NamedTuple):
    """One capture as an index lists it, of an article."""

    article_id: str
    day: str  # of the article, by its id; else of the capture
    url: str
    timestamp: str  # YYYYMMDDhhmmss, UTC
    status: int | None
    digest: str
    filename: str
    offset: int
    length: int


class Waiting(NamedTuple):
    """A capture that is to be had from the archive."""

    number: int
    listed: Listed


_COLUMNS = ", ".join(Listed._fields)
_ADD = f"""
    INSERT INTO archived (source, {_COLUMNS}) VALUES ({"?, " * len(Listed._fields)}?)
    ON CONFLICT (source, url, timestamp) DO NOTHING
"""  # noqa: S608  # names of our own columns


class Archived:
    """The frontier of one run over a web archive."""

    def __init__(self, connection: Connection, source: str) -> None:
        self._connection = connection
        self._source = source

    # -- the index ---------------------------------------------------------------------------

    def place(self, query: str, first: str, since: str) -> str | None:
        """From which place on a query is to be asked; None where all was read ``since`` then."""
        place: str | None = first
        seen = set()
        while place is not None and place not in seen:  # a key that comes back leads nowhere
            seen.add(place)
            rows = self._connection.rows(
                "SELECT following FROM archive_indexes"
                " WHERE query = ? AND place = ? AND read_at >= ?",
                [query, place, since],
            )
            if not rows:
                return place
            place = rows[0]["following"]
        return None

    def add(
        self, query: str, place: str, following: str | None, listed: Iterable[Listed], now: str
    ) -> None:
        """Commit what an index lists at a place, and where it goes on."""
        with self._connection.transaction():
            self._connection.executemany(_ADD, [(self._source, *one) for one in listed])
            self._connection.execute(
                "INSERT OR REPLACE INTO archive_indexes (query, place, following, read_at)"
                " VALUES (?, ?, ?, ?)",
                [query, place, following, now],
            )

    def done(self, ids: Iterable[str]) -> set[str]:
        """Which of these articles have nothing that waits."""
        waiting = "SELECT 1 FROM archived WHERE source = ? AND article_id = ? AND state = 'pending'"
        return {i for i in set(ids) if not self._connection.rows(waiting, [self._source, i])}

    # -- captures ----------------------------------------------------------------------------

    def try_again(self) -> None:
        """Have wait what failed in earlier runs, unless it did too often."""
        with self._connection.transaction():
            self._connection.execute(
                "UPDATE archived SET state = 'pending' WHERE source = ? AND state = 'failed'"
                " AND tries < ?",
                [self._source, _MOST_TRIES],
            )

    def next_article(self, since: date, until: date, *, missing: bool) -> str | None:
        """The article of these days whose captures are had next: the first that was captured.

        ``missing``: only of those that are gone, rejected or unknown.
        """
        rows = self._connection.rows(
            "SELECT article_id FROM archived WHERE source = ? AND state = 'pending'"  # noqa: S608
            f" AND day BETWEEN ? AND ? {_MISSING if missing else ''}"
            " ORDER BY timestamp, id LIMIT 1",
            [self._source, str(since), str(until)],
        )
        return str(rows[0]["article_id"]) if rows else None

    def waiting(self, article_id: str) -> list[Waiting]:
        """What is to be had of an article, by date."""
        rows = self._connection.rows(
            f"SELECT id, {_COLUMNS} FROM archived WHERE source = ? AND article_id = ?"  # noqa: S608
            " AND state = 'pending' AND capture_file IS NULL ORDER BY timestamp, id",
            [self._source, article_id],
        )
        return [Waiting(row.pop("id"), Listed(**row)) for row in rows]

    def same(self, listed: Listed) -> tuple[str, int] | None:
        """Where the capture of an article lies that has the same payload, by the archive's digest.

        Whatever the archive sent for it, the digest is of what it captured.
        """
        if not listed.digest:
            return None
        rows = self._connection.rows(
            "SELECT capture_file, capture_offset FROM archived WHERE source = ? AND article_id = ?"
            " AND digest = ? AND status = coalesce(?, status) AND capture_file IS NOT NULL"
            " ORDER BY timestamp LIMIT 1",
            [self._source, listed.article_id, listed.digest, listed.status],
        )
        return (rows[0]["capture_file"], rows[0]["capture_offset"]) if rows else None

    def kept(self, number: int, capture: Capture) -> None:
        """Note where a capture lies; it waits for its article to be settled."""
        self._connection.execute(
            "UPDATE archived SET capture_file = ?, capture_offset = ?, reason = NULL WHERE id = ?",
            [capture.file, capture.offset, number],
        )

    def failed(self, number: int, reason: str) -> None:
        """Note why a capture could not be had."""
        with self._connection.transaction():
            self._connection.execute(
                "UPDATE archived SET state = 'failed', reason = ?, tries = tries + 1 WHERE id = ?",
                [reason, number],
            )

    def settled(self, article_id: str) -> None:
        """Note that what was had of an article is in its record."""
        self._connection.execute(
            "UPDATE archived SET state = 'kept'"
            " WHERE source = ? AND article_id = ? AND state = 'pending'",
            [self._source, article_id],
        )

    def captures(self, article_id: str, condition: str) -> list[Capture]:
        """What came from the archive for an article and meets a condition, by date."""
        rows = self._connection.rows(
            f"SELECT {', '.join(CAPTURE_COLUMNS)} FROM captures"  # noqa: S608  # never a value
            " WHERE (file, offset) IN (SELECT capture_file, capture_offset FROM archived"
            f" WHERE source = ? AND article_id = ?) AND {condition} ORDER BY fetched_at, id",
            [self._source, article_id],
        )
        return [Capture(**row) for row in rows]

    def reasons(self) -> dict[str, int]:
        """How many captures could not be had, by why."""
        rows = self._connection.rows(
            "SELECT reason, count(*) AS number FROM archived WHERE source = ? AND state = 'failed'"
            " GROUP BY reason ORDER BY number DESC",
            [self._source],
        )
        return {row["reason"]: row["number"] for row in rows}
