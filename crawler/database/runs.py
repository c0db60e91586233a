"""The run history: what each crawl was, what came of it, and which listings are read to the end."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.database.store import COUNTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crawler.database.store import Store

_KILLED = "the process was killed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One row of ``runs``."""

    id: int
    spider: str
    arguments: dict[str, str]
    versions: dict[str, str]
    started_at: str
    finished_at: str | None  # None: still running, or killed
    finish_reason: str | None
    counts: dict[str, int]
    healthy: bool | None
    why: list[str]  # it is not healthy
    notes: list[str]


class Ledger:
    """The runs of a database, and the listings that they read to the end."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._db = store.db

    # -- runs --------------------------------------------------------------------------------

    def begin(
        self, spider: str, arguments: Mapping[str, str], versions: Mapping[str, str], now: str
    ) -> int:
        """Open a run, which the store's writes then belong to; gives its id.

        Only one run holds a database at a time: what has not ended by now was killed.
        """
        with self._store.transaction():
            self._db.execute(
                "UPDATE runs SET finish_reason = 'killed', healthy = 0, why = ?"
                " WHERE finished_at IS NULL AND finish_reason IS NULL",
                [_KILLED],
            )
            run_id = self._db.execute(
                "INSERT INTO runs (spider, arguments, versions, started_at) VALUES (?, ?, ?, ?)",
                [spider, _json(arguments), _json(versions), now],
            ).lastrowid
        assert run_id is not None
        self._store.run_id = run_id
        return run_id

    def end(
        self,
        run_id: int,
        *,
        reason: str,
        why: Iterable[str],
        notes: Iterable[str],
        fields: Mapping[str, Mapping[str, int]],
        now: str,
    ) -> None:
        """Close a run with its verdict; its counts are written with it."""
        lines = "\n".join(why)
        with self._store.transaction():
            self._db.execute(
                "UPDATE runs SET finished_at = ?, finish_reason = ?, healthy = ?, why = ?,"
                " notes = ?, fields = ? WHERE id = ?",
                [
                    now,
                    reason,
                    int(not lines),
                    lines or None,
                    "\n".join(notes) or None,
                    _json(fields),
                    run_id,
                ],
            )

    def last(self, number: int) -> list[Run]:
        """The last runs, the newest first."""
        rows = self._store.rows("SELECT * FROM runs ORDER BY id DESC LIMIT ?", [number])
        return [_run(row) for row in rows]

    def run(self, run_id: int) -> Run | None:
        """The run of this number."""
        rows = self._store.rows("SELECT * FROM runs WHERE id = ?", [run_id])
        return _run(rows[0]) if rows else None

    def changes(self, run_id: int) -> list[dict[str, Any]]:
        """The articles that a run found changed: article_id, title, url, and what changed."""
        return self._store.rows(
            "SELECT article_id, articles.title, articles.url, changes FROM revisions"
            " JOIN articles ON articles.id = article_id WHERE run_id = ? ORDER BY revisions.id",
            [run_id],
        )

    def fields_before(self, run_id: int, number: int) -> dict[str, Counter[str]]:
        """By layout, how many records of the spider's last runs before this one had each field."""
        history: dict[str, Counter[str]] = {}
        for row in self._store.rows(
            "SELECT fields FROM runs WHERE id < :id AND fields != '{}'"
            " AND spider = (SELECT spider FROM runs WHERE id = :id) ORDER BY id DESC LIMIT :number",
            {"id": run_id, "number": number},
        ):
            for layout, counts in json.loads(row["fields"]).items():
                history.setdefault(layout, Counter()).update(counts)
        return history

    # -- listings ----------------------------------------------------------------------------

    def completed(self, name: str, articles: int, now: str) -> None:
        """Remember that the present run read this listing to its end."""
        with self._store.transaction():
            self._db.execute(
                "INSERT INTO listings (name, run_id, completed_at, articles) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET run_id = excluded.run_id,"
                " completed_at = excluded.completed_at, articles = excluded.articles",
                [name, self._store.run_id, now, articles],
            )

    def is_complete(self, *names: str) -> bool:
        """Whether one of these listings was ever read to its end."""
        return bool(
            self._store.rows(
                "SELECT 1 FROM listings WHERE name IN (SELECT value FROM json_each(?))",
                [json.dumps(names)],
            )
        )

    def unseen(self, name: str, ids: Iterable[str]) -> set[str]:
        """Those of these articles that were not known when this listing was last read to its end.

        What a run found that was killed before it came to the end is unseen: behind it there may
        be more. All of them, where the listing was never read to its end.
        """
        ids = list(ids)
        rows = self._store.rows(
            # Without a run: by an older version, or an archive.
            "SELECT id FROM pages WHERE id IN (SELECT value FROM json_each(?))"
            " AND coalesce(found_run, 0) <="
            " (SELECT run_id FROM listings WHERE name = ?)",
            [json.dumps(ids), name],
        )
        return set(ids) - {row["id"] for row in rows}


def _run(row: dict[str, Any]) -> Run:
    return Run(
        id=row["id"],
        spider=row["spider"],
        arguments=json.loads(row["arguments"]),
        versions=json.loads(row["versions"]),
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        finish_reason=row["finish_reason"],
        counts={name: row[name] for name in COUNTS},
        healthy=None if row["healthy"] is None else bool(row["healthy"]),
        why=(row["why"] or "").splitlines(),
        notes=(row["notes"] or "").splitlines(),
    )


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False)
