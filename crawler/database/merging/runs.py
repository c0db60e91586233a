"""The runs of merged databases: known by what they were, and numbered by when they began."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

    from crawler.database.connection import Connection

# Its machine, its spider, when it began, and which of those that began in that second it was.
_KEYS = """
    SELECT id, json_array(
        json_extract(arguments, '$.machine'), spider, started_at,
        row_number() OVER (
            PARTITION BY json_extract(arguments, '$.machine'), spider, started_at ORDER BY id
        )
    ) AS key FROM runs
"""
_MERGED = "json_extract(arguments, '$.machine') IS NOT NULL"
# Numbers after this database's own runs, in the order in which the merged ones began.
_NUMBERS = f"""
    SELECT runs.id AS old,
        (SELECT coalesce(max(id), 0) FROM runs WHERE NOT {_MERGED})
        + row_number() OVER (ORDER BY started_at, key) AS new
    FROM runs JOIN ({_KEYS}) AS keys ON keys.id = runs.id WHERE {_MERGED}
"""  # noqa: S608  # our own SQL
_NAMED = (("pages", "found_run"), ("listings", "run_id"), ("revisions", "run_id"))


def keys_of(connection: sqlite3.Connection | Connection) -> dict[int, str]:
    """What each run of a database is known by in every other, by its number."""
    return dict(connection.execute(_KEYS).fetchall())


def key_at(machine: str, key: str) -> str:
    """The key of a run in a database into which that of ``machine`` was merged."""
    where, *rest = json.loads(key)
    return json.dumps([_name(machine, where), *rest], ensure_ascii=False, separators=(",", ":"))


def add_runs(connection: Connection, source: sqlite3.Connection, machine: str) -> dict[str, int]:
    """Add the runs of ``source``; to be used inside a transaction.

    Gives the number of each run here by its key. A run that was merged while it went on is written
    again.
    """
    columns = [row[1] for row in source.execute("PRAGMA table_info(runs)") if row[1] != "id"]
    theirs = {number: key_at(machine, key) for number, key in keys_of(source).items()}
    known = {key: number for number, key in keys_of(connection).items()}
    for number, *values in source.execute(
        f"SELECT id, {', '.join(columns)} FROM runs ORDER BY id"  # noqa: S608  # columns of ours
    ):
        row = dict(zip(columns, values, strict=True))
        row["arguments"] = _at(machine, row["arguments"])
        _put(connection, row, known.get(theirs[number]))
    _renumber(connection)
    return {key: number for number, key in keys_of(connection).items()}


def _put(connection: Connection, row: dict[str, Any], known: int | None) -> None:
    columns = ", ".join(row)
    marks = ", ".join("?" for _ in row)
    if known is None:
        sql, values = f"INSERT INTO runs ({columns}) VALUES ({marks})", [*row.values()]  # noqa: S608
    else:
        # Of two states of a run the one that has ended.
        sql = (
            f"UPDATE runs SET ({columns}) = ({marks}) WHERE id = ?"  # noqa: S608
            " AND coalesce(finished_at, '') <= ?"
        )
        values = [*row.values(), known, row["finished_at"] or ""]
    connection.execute(sql, values)


def _at(machine: str, arguments: str) -> str:
    given = json.loads(arguments)
    given["machine"] = _name(machine, given.get("machine"))
    return json.dumps(given, ensure_ascii=False)


def _name(machine: str, before: str | None) -> str:
    return f"{machine}/{before}" if before else machine


def _renumber(connection: Connection) -> None:
    execute = connection.execute
    execute(f"CREATE TEMP TABLE renumbered AS {_NUMBERS}")
    if execute("SELECT 1 FROM temp.renumbered WHERE old != new LIMIT 1").fetchone():
        execute("CREATE UNIQUE INDEX temp.renumbered_old ON renumbered (old)")
        for table, column in _NAMED:
            execute(
                f"UPDATE {table} SET {column} ="  # noqa: S608
                f" (SELECT new FROM temp.renumbered WHERE old = {column})"
                f" WHERE {column} IN (SELECT old FROM temp.renumbered WHERE old != new)"
            )
        # By negative numbers, as two runs may change places.
        execute(
            "UPDATE runs SET id = -(SELECT new FROM temp.renumbered WHERE old = id)"
            " WHERE id IN (SELECT old FROM temp.renumbered)"
        )
        execute("UPDATE runs SET id = -id WHERE id < 0")
    execute("DROP TABLE temp.renumbered")
