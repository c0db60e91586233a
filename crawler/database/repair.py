"""A full-text index that is damaged: told from a damaged database, and built anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

INDEXES = ("articles_fts", "articles_fts_new")  # see `crawler.database.fulltext`

_OF_AN_INDEX = "type = 'table' AND (name GLOB 'articles_fts' OR name GLOB 'articles_fts_*')"
_CREATE = """
    CREATE VIRTUAL TABLE {} USING fts5 (
        title, lead, body, content=articles, tokenize='unicode61 remove_diacritics 2'
    )
"""
# What SQLite tells where even what describes the index is lost, and not of a full disk, say.
_LOST = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR)
_OTHER_TABLES = """
    SELECT name FROM sqlite_master
    WHERE type = 'table' AND rootpage > 0 AND name NOT GLOB 'articles_fts*'
"""


def is_of_index(error: sqlite3.Error, path: Path) -> bool:
    """Whether what SQLite met is a damaged index in a database that is whole."""
    code = getattr(error, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_CORRUPT_VTAB or "fts5" in str(error) or "articles_fts" in str(error):
        return True
    return code & 0xFF == sqlite3.SQLITE_CORRUPT and _is_whole_without_index(path)


def is_whole(path: Path) -> bool:
    """Whether everything of a database is where it should be, looked at afresh."""
    try:
        with closing(_read_only(path)) as connection:
            return connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]
    except sqlite3.Error:
        return False


def _is_whole_without_index(path: Path) -> bool:
    try:
        with closing(_read_only(path)) as connection:
            tables = [name for (name,) in connection.execute(_OTHER_TABLES)]
            return bool(tables) and all(
                connection.execute(f"PRAGMA quick_check('{table}')").fetchall() == [("ok",)]
                for table in tables
            )
    except sqlite3.Error:
        return False


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def rebuild_index(path: Path) -> int:
    """Build the index anew from the articles; gives their number.

    Raises sqlite3.Error where the database itself is damaged or cannot be written; what there was
    of an index then stays. Nobody else may write meanwhile.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        try:
            with connection:  # which ends the transaction
                connection.execute("BEGIN IMMEDIATE")
                _fill(connection)
        except sqlite3.Error as error:
            if error.sqlite_errorcode & 0xFF not in _LOST:
                raise
            connection.execute("PRAGMA writable_schema = ON")
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                _replace(connection)
                _fill(connection)
            # Frees the pages of the lost tables, and may number the articles anew.
            connection.execute("VACUUM")
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                _fill(connection)
        (articles,) = connection.execute("SELECT count(*) FROM articles").fetchone()
        return int(articles)


def _fill(connection: sqlite3.Connection) -> None:
    large, small = INDEXES
    for index, command in (
        (large, "rebuild"),
        (small, "rebuild"),  # which mends it, and fills it with what the large one has
        (small, "delete-all"),
        (large, "integrity-check"),
        (small, "integrity-check"),
    ):
        connection.execute(f"INSERT INTO {index} ({index}) VALUES (?)", [command])  # noqa: S608


def _replace(connection: sqlite3.Connection) -> None:
    """Put empty tables in the place of those that cannot be opened, and so not be dropped."""
    connection.execute(f"DELETE FROM sqlite_master WHERE {_OF_AN_INDEX}")  # noqa: S608
    connection.execute("PRAGMA writable_schema = RESET")
    for index in INDEXES:
        connection.execute(_CREATE.format(index))
    connection.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('automerge', 16)")
