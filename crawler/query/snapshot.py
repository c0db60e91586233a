"""A read-only snapshot of the database, beside a crawl that goes on."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.database.connection import BUSY_TIMEOUT, check_version, plain_errors
from crawler.database.fulltext import complete, is_renumbered
from crawler.database.lock import database_lock
from crawler.database.schema import ARTICLE_LISTS, applied
from crawler.errors import StoreError
from crawler.query.filter import add_functions

if TYPE_CHECKING:
    from collections.abc import Iterator


def existing(database: str | Path) -> Path:
    """The path of a database that is there; raises `StoreError`."""
    path = Path(database)
    if not path.exists():
        raise StoreError(f"there is no database {path} yet; a crawl makes it")
    return path


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection, in one transaction; raises `StoreError` where SQLite refuses.

    Nothing is migrated: what is read here, every version of the schema has had.
    """
    with plain_errors(existing(path)):
        address = f"{path.absolute().as_uri()}?mode=ro"
        with closing(
            sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None)
        ) as connection:
            connection.execute("BEGIN")
            if not applied(connection):
                raise StoreError(f"{path} is not a database of this crawler")
            check_version(connection, path)
            complete(connection)
            exists = "SELECT 1 FROM main.sqlite_master WHERE name = 'article_lists'"
            if not connection.execute(exists).fetchone():
                connection.execute(f"CREATE TEMP {ARTICLE_LISTS}")
            add_functions(connection)
            yield connection


def bring_up_to_date(path: Path) -> None:
    """Migrate an older database, and mend its index, while no run holds it.

    One that needs neither is not touched. Raises `StoreError`, and `Locked` where a run holds it.
    """
    with reading(path) as connection:
        if check_version(connection, path) and not is_renumbered(connection):
            return
    from crawler.database.store import Store  # seldom needed, and half of a command's start

    try:
        with database_lock(path):
            Store(path).close()
    except OSError as error:
        says = f"{path} must be brought up to date, but its folder cannot be written"
        raise StoreError(f"{says}: {error.strerror}") from None
