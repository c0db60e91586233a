"""The run history: what each crawl was and what came of it; the table ``runs``."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from crawler.database.connection import Connection

Outcome = Literal["new", "updated", "unchanged", "rejected", "gone", "failed"]
OUTCOMES: tuple[Outcome, ...] = ("new", "updated", "unchanged", "rejected", "gone", "failed")
COUNTS = ("found", *OUTCOMES, "pending")  # columns of ``runs``; the first is the sum of the others

_KILLED = "the process was killed"
_WRITE_COUNTS = f"""
    UPDATE runs SET {", ".join(f"{name} = :{name}" for name in COUNTS)} WHERE id = :run_id
"""  # noqa: S608  # names of our own columns


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
    signals: dict[str, int] = field(
        default_factory=dict
    )  # against use for training: how often each was seen


class History:
    """The runs of a database, as they are read by ``rows``: a SELECT's, each by column."""

    def __init__(self, rows: Callable[..., list[dict[str, Any]]]) -> None:
        self._rows = rows

    def last(self, number: int) -> list[Run]:
        """The last runs, the newest first."""
        rows = self._rows("SELECT * FROM runs ORDER BY id DESC LIMIT ?", [number])
        return [_run(row) for row in rows]

    def get(self, run_id: int) -> Run | None:
        """The run of this number."""
        rows = self._rows("SELECT * FROM runs WHERE id = ?", [run_id])
        return _run(rows[0]) if rows else None

    def changes(self, run_id: int) -> list[dict[str, Any]]:
        """The articles that a run found changed: article_id, title, url, and what changed.

        ``shrunk``: 1 where a page showed less than the record, which stays as it was.
        """
        return self._rows(
            "SELECT article_id, articles.title, articles.url, changes, shrunk FROM revisions"
            " JOIN articles ON articles.id = article_id WHERE run_id = ? ORDER BY revisions.id",
            [run_id],
        )

    def fields_before(self, run_id: int, number: int) -> dict[str, Counter[str]]:
        """By layout, how many records of the spider's last runs before this one had each field."""
        history: dict[str, Counter[str]] = {}
        for row in self._rows(
            "SELECT fields FROM runs WHERE id < :id AND fields != '{}'"
            " AND spider = (SELECT spider FROM runs WHERE id = :id) ORDER BY id DESC LIMIT :number",
            {"id": run_id, "number": number},
        ):
            for layout, counts in json.loads(row["fields"]).items():
                history.setdefault(layout, Counter()).update(counts)
        return history


class Runs(History):
    """The runs of a database.

    ``current`` is the run that writes, None before :meth:`begin`: what is written belongs to it.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection.rows)
        self._connection = connection
        self._counts: Mapping[str, int] = {}
        self.current: int | None = None

    def begin(
        self, spider: str, arguments: Mapping[str, str], versions: Mapping[str, str], now: str
    ) -> int:
        """Open a run, which what is written from now on belongs to; returns its id.

        Only one run holds a database at a time: what has not ended by now was killed.
        """
        with self._connection.transaction():
            self._connection.execute(
                "UPDATE runs SET finish_reason = 'killed', healthy = 0, why = ?"
                " WHERE finished_at IS NULL AND finish_reason IS NULL",
                [_KILLED],
            )
            run_id = self._connection.execute(
                "INSERT INTO runs (spider, arguments, versions, started_at) VALUES (?, ?, ?, ?)",
                [spider, _json(arguments), _json(versions), now],
            ).lastrowid
        assert run_id is not None
        self.current = run_id
        return run_id

    def remember_counts(self, counts: Mapping[str, int]) -> None:
        """Write the current run's counts, as they are then, with the next transaction."""
        self._counts = counts
        self._connection.before_commit(self._write_counts)

    def _write_counts(self) -> None:
        self._connection.execute(_WRITE_COUNTS, {**self._counts, "run_id": self.current})

    def end(
        self,
        run_id: int,
        *,
        reason: str,
        why: Iterable[str],
        notes: Iterable[str],
        fields: Mapping[str, Mapping[str, int]],
        now: str,
        signals: Mapping[str, int] | None = None,
    ) -> None:
        """Close a run with its verdict; its counts are written with it."""
        lines = "\n".join(why)
        with self._connection.transaction():
            self._connection.execute(
                "UPDATE runs SET finished_at = ?, finish_reason = ?, healthy = ?, why = ?,"
                " notes = ?, fields = ?, signals = ? WHERE id = ?",
                [
                    now,
                    reason,
                    int(not lines),
                    lines or None,
                    "\n".join(notes) or None,
                    _json(fields),
                    _json(signals) if signals else None,
                    run_id,
                ],
            )


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
        signals=json.loads(row["signals"] or "{}"),
    )


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False)


def summary(counts: Mapping[str, int]) -> str:
    """The counts of a run in one line."""
    found, *outcomes = COUNTS
    return f"{found} {counts[found]}: " + ", ".join(f"{counts[name]} {name}" for name in outcomes)
