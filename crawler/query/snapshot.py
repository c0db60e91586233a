"""A read-only snapshot of the database, beside a crawl that goes on."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.database.connection import BUSY_TIMEOUT, check_version, plain_errors
from crawler.database.fulltext import complete, is_renumbered
from crawler.database.lock import database_lock
from crawler.database.migrations import applied
from crawler.database.views import add_views
from crawler.errors import StoreError
from crawler.query.filter import add_functions

if TYPE_CHECKING:
    from collections.abc import Iterator


def existing(database: str | Path) -> Path:
    """The path of a database that is there; raises `StoreError`."""
    path = Path(database)
    if not path.exists():
        raise StoreError(f"there is no database {path} yet; a crawl makes it")
    if not path.is_file():  # a FIFO would be waited at
        raise StoreError(f"{path} is not a regular file")
    return path


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection, in one transaction; raises `StoreError` where SQLite refuses.

    Nothing is migrated: what is read here, every version of the schema has had.
    """
    with plain_errors(existing(path)), _begun(path) as connection:
        if not applied(connection):
            raise StoreError(f"{path} is not a database of this crawler")
        check_version(connection, path)
        complete(connection)
        add_views(connection)
        add_functions(connection)
        yield connection


@contextmanager
def _begun(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection on which a transaction that reads has begun.

    SQLite makes files beside the database even to read it. Where it cannot, as in a folder that is
    read-only or on a full disk, the file is read as one that nobody writes: StoreError if somebody
    did.
    """
    try:
        connection = _begin(path, "mode=ro")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _NO_FILES or _log_size(path):
            raise
        before = _stamp(path)
        with closing(_begin(path, "mode=ro&immutable=1")) as connection:
            yield connection
        if _stamp(path) != before:
            raise StoreError(f"{path} was written while it was read: try again") from None
    else:
        with closing(connection):
            yield connection


def check_shared(path: Path) -> None:
    """Raise `StoreError` where the database cannot be read beside a crawl that may begin."""
    with plain_errors(path):
        _begin(path, "mode=ro").close()


_NO_FILES = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)


def _begin(path: Path, how: str) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?{how}"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None)
    try:
        connection.execute("BEGIN")
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _log_size(path: Path) -> int:
    """How many bytes are written and not in the database itself yet."""
    log = Path(f"{path.resolve()}-wal")
    return log.stat().st_size if log.exists() else 0


def _stamp(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size, _log_size(path)


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
    except StoreError as error:
        raise StoreError(f"{path} must be brought up to date: {error}") from None
