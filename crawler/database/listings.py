"""Which listings were read to their end: the table ``listings``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.database.connection import Connection
    from crawler.database.runs import Runs

# A page without a run was found by an older version, or in an archive. Runs of other machines are
# numbered after this one's own, whenever they were; its own clock may have been wrong once.
_SEEN = """
    WITH begun AS (
        SELECT id, started_at, json_extract(arguments, '$.machine') AS machine FROM runs
    )
    SELECT pages.id FROM pages JOIN listings ON name = :name
    LEFT JOIN begun AS finder ON finder.id = found_run
    LEFT JOIN begun AS reader ON reader.id = run_id
    WHERE pages.id IN (SELECT value FROM json_each(:ids)) AND CASE
        WHEN finder.machine IS reader.machine THEN coalesce(found_run, 0) <= run_id
        ELSE coalesce(finder.started_at, '') <= reader.started_at
    END
"""


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
            _SEEN,
            {"ids": json.dumps(ids), "name": name},
        )
        return set(ids) - {row["id"] for row in rows}
