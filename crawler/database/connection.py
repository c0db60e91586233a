"""The connection to the SQLite file: opening, migrating, transactions, errors in plain words."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

from crawler.database.migrations import applied, apply
from crawler.database.repair import is_of_index, is_whole
from crawler.database.schema import MIGRATIONS
from crawler.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from sqlite_utils import Database

# Seconds to wait for another process's lock. Our own transactions last milliseconds; what takes
# long is a user's VACUUM or backup, and of a file of some GB they are done by then.
BUSY_TIMEOUT = 30
_PAUSES = (0.01, 0.03, 0.1, 0.3, 1)  # seconds, where two processes make the file at once

_REMEDY = "restore a copy, or save what is left by sqlite3's .recover"
_CUT_OFF = f"was cut off while it was in use: {_REMEDY}"
_MEANING = {
    sqlite3.SQLITE_BUSY: f"has been locked by another process for {BUSY_TIMEOUT} seconds",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: is its folder there, and yours to write in?",
    sqlite3.SQLITE_CORRUPT: f"is damaged: {_REMEDY}",
    sqlite3.SQLITE_FULL: "cannot be written: the disk is full",
    sqlite3.SQLITE_IOERR_SHORT_READ: _CUT_OFF,
    sqlite3.SQLITE_NOTADB: "is not a SQLite database",
    sqlite3.SQLITE_READONLY: "cannot be written: the file or its folder is read-only",
}
_DAMAGED_INDEX = (
    "has a damaged full-text index: scrapy runs --repair builds it anew; its articles are whole"
)


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Raise what SQLite refuses inside as a :class:`StoreError`."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)  # its last byte is the kind, the rest variety
        other = f"cannot be used: {error}"
        meaning = _MEANING.get(code) or _MEANING.get(code & 0xFF, other)
        if is_of_index(error, path):
            meaning = _DAMAGED_INDEX
        raise StoreError(f"{path} {meaning}") from error


def rows_of(
    connection: sqlite3.Connection,
    sql: str,
    values: Sequence[object] | Mapping[str, object] = (),
) -> list[dict[str, Any]]:
    """The result of a SELECT, each row by column."""
    # Not by sqlite-utils, whose savepoint stays open where the file is damaged.
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def check_version(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the file has had every migration that this version knows.

    Raises :class:`StoreError` for one that has had others.
    """
    had = applied(connection)
    known = {migration.__name__ for migration in MIGRATIONS}
    if unknown := had - known:
        raise StoreError(
            f"{path} was written by a newer version of this crawler"
            f" (it has {', '.join(sorted(unknown))}): update the crawler"
        )
    return known == had


class Connection:
    """One connection to the database, which opening creates or brings up to date.

    ``execute`` and ``executemany`` are those of sqlite3, and raise its errors; :meth:`transaction`,
    :meth:`rows` and :meth:`close` raise :class:`StoreError`.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._real_path = self.path.resolve()  # beside which the log lies
        # Called before the next commit, once each, in this order.
        self._before_commit: dict[Callable[[], None], None] = {}
        with plain_errors(self.path):
            # Without the driver's own transactions: each begins where we say so.
            connection = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT, isolation_level=None)
            self._sqlite = connection
            self.execute, self.executemany = connection.execute, connection.executemany
            try:
                self._prepare()
            except BaseException:
                connection.close()
                raise

    def _prepare(self) -> None:
        is_up_to_date = check_version(self._sqlite, self.path)
        ((mode,),) = self.execute("PRAGMA journal_mode")
        if mode != "wal":  # set once, as setting it needs the file to itself
            self._keep_log()
        # An article that is lost to a power failure is fetched again, since its page is still
        # pending; a process that is killed loses nothing.
        self.execute("PRAGMA synchronous = NORMAL")
        self.execute("PRAGMA foreign_keys = ON")
        self.execute("PRAGMA recursive_triggers = ON")  # so that REPLACE fires those of a deletion
        self.execute("SELECT 1 FROM sqlite_master")  # which makes the log
        self._files, self._sizes = self._found()
        if not is_up_to_date:
            db = self.db  # which loads sqlite-utils, before the file is locked
            with self.transaction():  # another process may be at it too: apply asks again
                apply(db, MIGRATIONS)

    def _keep_log(self) -> None:
        """Write ahead of the file; SQLite does not wait where another process begins to as well."""
        for pause in (*_PAUSES, None):
            try:
                self.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if pause is None or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                sleep(pause)
            else:
                return

    def _found(self) -> tuple[list[tuple[int, int]], list[int]]:
        """What lies under the names of the database and its log, and how many bytes each has."""
        try:
            stats = [os.stat(f"{self._real_path}{suffix}") for suffix in ("", "-wal")]  # noqa: PTH116
        except FileNotFoundError:  # as of one in memory
            return [], []
        return [(stat.st_dev, stat.st_ino) for stat in stats], [stat.st_size for stat in stats]

    def _check_files(self) -> None:
        """Raise StoreError where nobody would find what is written, or the rest of it."""
        files, sizes = self._found()
        if files != self._files:
            raise StoreError(f"{self.path} was moved or removed while it was in use")
        smaller = any(now < before for now, before in zip(sizes, self._sizes, strict=True))
        # It is whole after a user's VACUUM. SQLite takes an empty file for a new one.
        if smaller and not (sizes[0] and is_whole(self.path)):
            raise StoreError(f"{self.path} {_CUT_OFF}")
        self._sizes = sizes

    @cached_property
    def db(self) -> Database:
        """The same connection for migrations and maintenance, by sqlite-utils."""
        from sqlite_utils import Database

        return Database(self._sqlite)

    @property
    def sqlite(self) -> sqlite3.Connection:
        """The connection itself."""
        return self._sqlite

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction over what is done inside; inside another one, a part of that.

        What was handed to :meth:`before_commit` is written with it. After an error nothing of it is
        stored, and what waits to be written goes on waiting.
        """
        if self._sqlite.in_transaction:
            yield
            return
        with plain_errors(self.path):
            # IMMEDIATE: one that reads first and then writes would fail, without waiting, where
            # another process wrote in between.
            self.execute("BEGIN IMMEDIATE")
            try:
                yield
                for write in self._before_commit:
                    write()
                self._check_files()
                self._sqlite.commit()
            except BaseException:
                self._sqlite.rollback()
                raise
        self._before_commit.clear()

    def plain_errors(self) -> AbstractContextManager[None]:
        """Raise what SQLite refuses inside as a :class:`StoreError`."""
        return plain_errors(self.path)

    def before_commit(self, write: Callable[[], None]) -> None:
        """Have ``write`` called inside the next transaction that is committed, once.

        The same callable twice is one.
        """
        self._before_commit[write] = None

    def rows(
        self, sql: str, values: Sequence[object] | Mapping[str, object] = ()
    ) -> list[dict[str, Any]]:
        """The result of a SELECT, each row by column."""
        with plain_errors(self.path):
            return rows_of(self._sqlite, sql, values)

    def close(self) -> None:
        """Commit what waits to be written, and close the connection."""
        try:
            if self._before_commit:
                with self.transaction():
                    pass  # which writes it
        finally:
            self._sqlite.close()
