"""The full-text index, which triggers keep: rebuilt when rows moved, filled for many at once."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from sqlite_utils import Database

    from crawler.database.connection import Connection

logger = logging.getLogger(__name__)

_TRIGGERS = """
    SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger' AND tbl_name = 'articles'
"""
# Which rows are not indexed yet, and what the index has of those that it has. In a trigger the
# upsert that fires it would take away the meaning of OR IGNORE.
_NOTE = (
    "CREATE TEMP TABLE unindexed (id INTEGER PRIMARY KEY, known, title, lead, body)",
    """
    CREATE TEMP TRIGGER note_insert AFTER INSERT ON main.articles BEGIN
        INSERT INTO unindexed VALUES (new.rowid, 0, NULL, NULL, NULL);
    END
    """,
    """
    CREATE TEMP TRIGGER note_update AFTER UPDATE ON main.articles BEGIN
        INSERT INTO unindexed SELECT old.rowid, 1, old.title, old.lead, old.body
            WHERE NOT EXISTS (SELECT 1 FROM unindexed WHERE id = old.rowid);
    END
    """,
)
_INDEX = (
    """
    INSERT INTO articles_fts (articles_fts, rowid, title, lead, body)
        SELECT 'delete', id, title, lead, body FROM unindexed WHERE known
    """,
    """
    INSERT INTO articles_fts (rowid, title, lead, body)
        SELECT unindexed.id, articles.title, articles.lead, articles.body
        FROM unindexed JOIN articles ON articles.rowid = unindexed.id
    """,
    "DROP TRIGGER temp.note_insert",
    "DROP TRIGGER temp.note_update",
    "DROP TABLE temp.unindexed",
)


def is_renumbered(connection: sqlite3.Connection) -> bool:
    """Whether the full-text index names other rows than those of ``articles``."""
    rows, indexed = connection.execute(
        "SELECT (SELECT max(rowid) FROM articles), (SELECT max(id) FROM articles_fts_docsize)"
    ).fetchone()
    return bool(rows != indexed)


def mend(connection: Connection) -> None:
    """Rebuild the full-text index if it names the wrong rows.

    It names them by the rowid of ``articles``, which a dump and reload numbers from 1 without
    gaps, as VACUUM may. That moves a row only where there was a gap, and then the highest number
    falls below the one in the index.
    """
    with connection.plain_errors():
        renumbered = is_renumbered(connection.db.conn)
    if renumbered:
        path = connection.path
        logger.warning("Rebuilding the full-text index of %s: its rows were renumbered", path)
        with connection.transaction():
            connection.db.table("articles").rebuild_fts()


@contextmanager
def indexed_at_once(db: Database) -> Iterator[None]:
    """Index what is inserted or updated of ``articles`` inside, at the end; delete none there.

    To be used inside a transaction: a rollback takes it back altogether. SQLite writes the index
    out before each statement that fires a trigger, which takes five times as long.
    """
    triggers = db.execute(_TRIGGERS).fetchall()
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER main.{name}")
    for sql in _NOTE:
        db.execute(sql)
    yield
    for sql in (*_INDEX, *(trigger for _, trigger in triggers)):
        db.execute(sql)
