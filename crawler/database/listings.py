"""Which listings were read to their end: the table ``listings``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.database.connection import Connection
    from crawler.database.runs import Runs


class Listings:
    """The listings of the site that runs have read to their end."""

    def __init__(self, connection: Connection, runs: Runs) -> None:
        self._connection = connection
        self._runs = runs

    def complete(self, name: str, articles: int, now: str) -> None:
        """Remember that the present run read this listing to its end."""
        with self._connection.transaction():
            self._connection.execute(
                "INSERT INTO listings (name, run_id, completed_at, articles) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET run_id = excluded.run_id,"
                " completed_at = excluded.completed_at, articles = excluded.articles",
                [name, self._runs.current, now, articles],
            )

    def is_complete(self, *names: str) -> bool:
        """Whether one of these listings was ever read to its end."""
        return bool(
            self._connection.rows(
                "SELECT 1 FROM listings WHERE name IN (SELECT value FROM json_each(?))",
                [json.dumps(names)],
            )
        )

    def completed_at(self, name: str) -> str | None:
        """When this listing was last read to its end; None if it never was."""
        rows = self._connection.rows("SELECT completed_at FROM listings WHERE name = ?", [name])
        return rows[0]["completed_at"] if rows else None

    def unseen(self, name: str, ids: Iterable[str]) -> set[str]:
        """Those of these articles that were not known when this listing was last read to its end.

        What a run found that was killed before it came to the end is unseen: after it there may
        be more. All of them, where the listing was never read to its end.
        """
        ids = list(ids)
        rows = self._connection.rows(
            # Without a run: by an older version, or an archive.
            "SELECT id FROM pages WHERE id IN (SELECT value FROM json_each(?))"
            " AND coalesce(found_run, 0) <="
            " (SELECT run_id FROM listings WHERE name = ?)",
            [json.dumps(ids), name],
        )
        return set(ids) - {row["id"] for row in rows}
