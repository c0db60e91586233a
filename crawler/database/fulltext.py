"""The full-text index: the large ``articles_fts`` and the small ``articles_fts_new`` beside it.

Writing to the large one costs the more, the larger it is. So triggers put new texts into the small
one, from where they are moved a hundred at a time and when a run begins or ends. A row is in one of
them as soon as it is stored, so that what asks both finds everything, after a kill too.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crawler.database.repair import INDEXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.database.connection import Connection

logger = logging.getLogger(__name__)

_HAS_WORDS = re.compile("[a-zA-Z0-9]")
_BATCH = 100  # texts that are moved at a time

_MOVE = (
    # Except those that a user's own rebuild has put into the large one.
    """
    INSERT INTO articles_fts (rowid, title, lead, body)
        SELECT rowid, title, lead, body FROM articles
        WHERE rowid IN (SELECT id FROM articles_fts_new_docsize)
        AND rowid NOT IN (SELECT id FROM articles_fts_docsize)
    """,
    "INSERT INTO articles_fts_new (articles_fts_new) VALUES ('delete-all')",
)
_TRIGGERS = """
    SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger' AND tbl_name = 'articles'
"""
# Which rows are not indexed yet, and what the index has of those that it knows. In a trigger the
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
    (differs,) = connection.execute(
        """
        SELECT (SELECT max(rowid) FROM articles) IS NOT (SELECT max(id) FROM (
            SELECT max(id) AS id FROM articles_fts_docsize
            UNION SELECT max(id) FROM articles_fts_new_docsize
        ))
        """
    ).fetchone()
    return bool(differs)


def check_found(connection: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError if the index does not find articles that are stored.

    To be asked where it finds nothing: of what is damaged some parts are taken for empty.
    """
    some = """
        SELECT rowid, title FROM articles
        WHERE rowid IN (SELECT min(rowid) FROM articles UNION SELECT max(rowid) FROM articles)
    """
    for row, title in connection.execute(some).fetchall():
        phrase = '"{}"'.format(title.replace('"', '""').replace("\0", " "))
        if _HAS_WORDS.search(title) and not any(
            connection.execute(
                f"SELECT 1 FROM {index} WHERE {index} MATCH ? AND rowid = ?",  # noqa: S608
                [phrase, row],
            ).fetchone()
            for index in INDEXES
        ):
            raise sqlite3.DatabaseError("articles_fts does not find what is stored")


def complete(connection: sqlite3.Connection) -> None:
    """Give a connection that only reads an older file the index that the file has not got yet."""
    exists = "SELECT 1 FROM main.sqlite_master WHERE name = 'articles_fts_new'"
    if not connection.execute(exists).fetchone():
        connection.execute(
            "CREATE VIRTUAL TABLE temp.articles_fts_new USING fts5 (title, lead, body)"
        )


class FullText:
    """The full-text index of a database, which this connection keeps."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._new = 0  # texts that this connection has put into the small index, about
        self._mend()

    def _mend(self) -> None:
        """Rebuild the index if it names the wrong rows.

        It names them by the rowid of ``articles``, which a dump and reload numbers from 1 without
        gaps, as VACUUM may. That moves a row only where there was a gap, and then the highest
        number falls below the one in the index.
        """
        connection = self._connection
        with connection.plain_errors():
            renumbered = is_renumbered(connection.sqlite)
        if renumbered:
            path = connection.path
            logger.warning("Rebuilding the full-text index of %s: its rows were renumbered", path)
            with connection.transaction():
                connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
                connection.execute(_MOVE[-1])

    def written(self) -> None:
        """Count a text that was written; inside a transaction, which moves them now and then."""
        self._new += 1
        if self._new >= _BATCH:
            self.move()

    def move(self) -> None:
        """Move what is in the small index to the large one."""
        with self._connection.transaction():
            for sql in _MOVE:
                self._connection.execute(sql)
        self._new = 0

    def close(self) -> None:
        """Leave nothing of this connection in the small index."""
        if self._new:
            self.move()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Index what is inserted or updated of ``articles`` inside, at the end; delete none there.

        To be used inside a transaction: a rollback takes it back altogether. SQLite writes the
        index out before each statement that fires a trigger, which takes five times as long.
        """
        execute = self._connection.execute
        self.move()
        triggers = execute(_TRIGGERS).fetchall()
        for name, _ in triggers:
            execute(f"DROP TRIGGER main.{name}")
        for sql in _NOTE:
            execute(sql)
        yield
        for sql in (*_INDEX, *(trigger for _, trigger in triggers)):
            execute(sql)
        self._new = 0
