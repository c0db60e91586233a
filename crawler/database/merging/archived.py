"""What web archives listed to other machines, and where what was fetched of it lies now."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from crawler.database.connection import Connection

_ARCHIVED = """
    source article_id day url timestamp status digest filename offset length state reason tries
    capture_file capture_offset
""".split()
_STANDS = "({0}.state = 'kept', {0}.tries, {0}.state, coalesce({0}.capture_file, ''))"
# Of two rows of one capture the one that came further.
_PUT = f"""
    INSERT INTO archived ({", ".join(_ARCHIVED)}) VALUES ({", ".join("?" for _ in _ARCHIVED)})
    ON CONFLICT (source, url, timestamp) DO UPDATE SET
        {", ".join(f"{name} = excluded.{name}" for name in _ARCHIVED)}
    WHERE {_STANDS.format("excluded")} > {_STANDS.format("archived")}
"""  # noqa: S608  # names of our own columns
_INDEXES = """
    INSERT INTO archive_indexes (query, place, following, read_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (query, place) DO UPDATE
    SET following = excluded.following, read_at = excluded.read_at
    WHERE (excluded.read_at, coalesce(excluded.following, ''))
        > (archive_indexes.read_at, coalesce(archive_indexes.following, ''))
"""


def add_archived(
    connection: Connection, source: sqlite3.Connection, place: Callable[[str], str]
) -> None:
    """Add them; ``place``: where a file of the captures lies now."""
    at = _ARCHIVED.index("capture_file")
    rows = source.execute(f"SELECT {', '.join(_ARCHIVED)} FROM archived ORDER BY id")  # noqa: S608
    connection.executemany(
        _PUT, ((*row[:at], row[at] and place(row[at]), *row[at + 1 :]) for row in rows)
    )
    connection.executemany(
        _INDEXES, source.execute("SELECT query, place, following, read_at FROM archive_indexes")
    )
