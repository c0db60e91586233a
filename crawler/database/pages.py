"""The crawl's memory of every known article, and what it is to fetch: the table ``pages``."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from crawler.database.connection import Connection
    from crawler.database.runs import Runs

PageState = Literal["pending", "stored", "rejected", "gone", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article that a listing shows, or a user asks for."""

    id: str
    url: str
    found_in: str | None = None  # address of the listing
    listed_at: str | None = None  # the moment it prints, ISO 8601 with +07:00


class PendingPage(NamedTuple):
    """A page to be fetched; with the validators of what is stored of it, if it is."""

    id: str
    url: str
    etag: str | None = None
    last_modified: str | None = None


_found_row = attrgetter(*(field.name for field in fields(Found)))

_IS_STORED = "state = 'stored' AND EXISTS (SELECT 1 FROM articles WHERE articles.id = pages.id)"
# What is formatted into SQL here are conditions of our own, never a value.
_PENDING = f"""
    SELECT id, url, iif({_IS_STORED}, etag, NULL), iif({_IS_STORED}, last_modified, NULL) FROM pages
"""  # noqa: S608
_ADD = """
    INSERT INTO pages (id, url, found_in, listed_at, found_at, found_run, state)
    VALUES (?, ?, ?, ?, ?, ?, 'pending')
"""
_FIND = f"""
    {_ADD} ON CONFLICT (id) DO UPDATE SET listed_at = excluded.listed_at
    WHERE pages.listed_at IS NULL AND excluded.listed_at IS NOT NULL
"""
_REQUEST = f"""
    {_ADD} ON CONFLICT (id) DO UPDATE SET url = excluded.url, failures = 0,
        next_check_at = excluded.found_at,
        state = iif({_IS_STORED}, 'stored', 'pending'),
        reason = iif({_IS_STORED}, pages.reason, NULL),
        listed_at = coalesce(pages.listed_at, excluded.listed_at)
"""


class Pages:
    """The frontier: what was found, what is due, and how each page stands."""

    def __init__(self, connection: Connection, runs: Runs) -> None:
        self._connection = connection
        self._runs = runs

    # -- what is to be fetched ---------------------------------------------------------------

    def find(self, pages: Iterable[Found], now: str) -> dict[str, PageState | None]:
        """Record what a listing shows, before any of it is fetched.

        An unknown page becomes pending. A known one stays as it is, except that the moment of its
        listing is filled in where it was missing. Returns the state that each page had before, None
        where it was unknown, in the order given.
        """
        unique = _unique(pages)
        with self._connection.transaction():
            before = self.states(unique)
            self._connection.executemany(
                _FIND, [(*_found_row(page), now, self._runs.current) for page in unique.values()]
            )
        return {page_id: before.get(page_id) for page_id in unique}

    def request(self, pages: Iterable[Found], now: str) -> list[PendingPage]:
        """Make these pages due whatever their state, at the addresses given.

        Returns them, each once, in the order given.
        """
        unique = _unique(pages)
        with self._connection.transaction():
            self._connection.executemany(
                _REQUEST, [(*_found_row(page), now, self._runs.current) for page in unique.values()]
            )
            rows = self._connection.execute(
                f"{_PENDING} WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608
                [json.dumps(list(unique))],
            ).fetchall()
        requested = {row[0]: PendingPage(*row) for row in rows}
        return [requested[page_id] for page_id in unique]

    def due(
        self, limit: int, *, now: str, exclude: Collection[str] = (), rechecks: bool = True
    ) -> list[PendingPage]:
        """The next pages to fetch, at most ``limit``.

        First what was found and never fetched, in the order in which it was found, and of it first
        what was never postponed; then what failed and has waited; then, with ``rechecks``, what may
        have changed. ``exclude``: ids that are being dealt with.
        """
        kinds = [
            ("state = 'pending' AND reason IS NULL", "found_at, rowid"),
            ("state = 'pending' AND reason IS NOT NULL", "found_at, rowid"),
            ("state = 'failed' AND next_check_at <= :now", "next_check_at"),
        ]
        if rechecks:
            changing = "state IN ('stored', 'rejected', 'gone') AND next_check_at <= :now"
            kinds.append((changing, "next_check_at"))
        pages: list[PendingPage] = []
        excluded = json.dumps(list(exclude))
        for condition, order in kinds:
            rows = self._connection.rows(
                f"{_PENDING} WHERE {condition} AND id NOT IN"  # noqa: S608
                f" (SELECT value FROM json_each(:exclude)) ORDER BY {order} LIMIT :limit",
                {"now": now, "exclude": excluded, "limit": limit - len(pages)},
            )
            pages += (PendingPage(*row.values()) for row in rows)
        return pages

    def waiting(self, now: str) -> int:
        """How many pages are due."""
        (row,) = self._connection.rows(
            "SELECT (SELECT count(*) FROM pages WHERE state = 'pending')"
            " + (SELECT count(*) FROM pages WHERE next_check_at <= ?"
            " AND state IN ('failed', 'stored', 'rejected', 'gone')) AS number",
            [now],
        )
        return int(row["number"])

    # -- how pages stand ---------------------------------------------------------------------

    def states(self, ids: Iterable[str]) -> dict[str, PageState]:
        """The state of each of these pages that is known."""
        rows = self._connection.rows(
            "SELECT id, state FROM pages WHERE id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(ids))],
        )
        return {row["id"]: row["state"] for row in rows}

    def known(self, ids: Iterable[str]) -> list[PendingPage]:
        """The address of each of these pages that is known."""
        rows = self._connection.rows(
            "SELECT id, url FROM pages WHERE id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(ids))],
        )
        return [PendingPage(**row) for row in rows]

    def is_stored(self, page_id: str) -> bool:
        """Whether the page's state is ``stored``, and its record there."""
        query = f"SELECT 1 FROM pages WHERE id = ? AND {_IS_STORED}"  # noqa: S608
        return bool(self._connection.rows(query, [page_id]))

    def standing(self, ids: Iterable[str]) -> dict[str, tuple[str, str | None]]:
        """For each of these pages that is known: its state, and the reason of it.

        ``lost`` is the state of one that was stored and whose record is not there any more, and
        ``given up`` of one that failed and is not tried again.
        """
        rows = self._connection.rows(
            "SELECT id, reason, CASE WHEN state = 'stored' AND NOT EXISTS"
            " (SELECT 1 FROM articles WHERE articles.id = pages.id) THEN 'lost'"
            " WHEN state = 'failed' AND next_check_at IS NULL THEN 'given up'"
            " ELSE state END AS state"
            " FROM pages WHERE id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(ids))],
        )
        return {row["id"]: (row["state"], row["reason"]) for row in rows}

    def postpone(self, ids: Iterable[str], reason: str) -> None:
        """Say why pages were not asked for; they wait for the next run, after those without one."""
        with self._connection.transaction():
            self._connection.execute(
                "UPDATE pages SET reason = ? WHERE state = 'pending'"
                " AND id IN (SELECT value FROM json_each(?))",
                [reason, json.dumps(list(ids))],
            )

    def postpone_found(self, reason: str) -> None:
        """The same of all that the present run found, and has not asked for."""
        with self._connection.transaction():
            self._connection.execute(
                "UPDATE pages SET reason = ?"
                " WHERE state = 'pending' AND reason IS NULL AND found_run = ?",
                [reason, self._runs.current],
            )


def _unique(pages: Iterable[Found]) -> dict[str, Found]:
    unique: dict[str, Found] = {}
    for page in pages:
        unique.setdefault(page.id, page)
    return unique
