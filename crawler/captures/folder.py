"""Where the captures of a database lie, and which files there are another database's."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.database.connection import plain_errors
from crawler.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.settings import BaseSettings

_SHARED = "captures"  # the folder of republika.db, and once that of every database
_SUFFIXES = (".db", ".sqlite", ".sqlite3")


def captures_folder(settings: BaseSettings | Mapping[str, Any]) -> Path | None:
    """The folder of CAPTURES; None where none are kept.

    Unless it is given, it lies beside the database: ``captures`` for ``republika.db``,
    ``x.captures`` for ``x.db``. A database whose captures lie in a folder ``captures``, beside it
    or where the command runs, goes on with that as long as there is no folder of its own.
    """
    given = settings["CAPTURES"]
    if given is not None:
        return Path(given).resolve() if given else None
    database = Path(settings["DATABASE"]).resolve()
    own = database.parent / (
        _SHARED if database.name == "republika.db" else f"{database.stem}.captures"
    )
    if not own.is_dir():
        try:
            newest = _named(database, _NEWEST)
        except sqlite3.Error:  # told by what opens the database next, as all do that need it
            newest = []
        for name in newest:
            for former in (database.parent / _SHARED, Path(_SHARED).resolve()):
                if (former / name).is_file():
                    return former
    return own


def files_of_others(database: Path, folder: Path) -> dict[Path, Path]:
    """The files of ``folder`` that another database names and this one does not, each with it.

    Other databases are looked for beside this one, and beside the folder. Raises StoreError where
    one of them cannot be read, and may name a file that this one does not.
    """
    database = database.resolve()
    with plain_errors(database):
        own = set(_named(database, _ALL))
    if not folder.is_dir() or own.issuperset(path.name for path in folder.iterdir()):
        return {}
    others = {
        path
        for place in {database.parent, folder.parent}
        if place.is_dir()
        for path in place.iterdir()
        if path.suffix in _SUFFIXES and path.is_file()
    }
    found: dict[Path, Path] = {}
    for other in sorted(others - {database}):
        try:
            names = _named(other, _ALL)
        except sqlite3.Error as error:
            raise StoreError(
                f"{other} cannot be read ({error}), so which files of {folder} are its is not"
                " known: name the files to read, or move it away"
            ) from error
        found |= {
            folder / name: other for name in names if name not in own and (folder / name).is_file()
        }
    return found


_NEWEST = "SELECT file FROM captures WHERE substr(file, 1, 1) != '/' ORDER BY id DESC LIMIT 1"
_ALL = "SELECT DISTINCT file FROM captures WHERE substr(file, 1, 1) != '/'"
# What SQLite tells of another program's file: it has no such table, or is not a database.
_NOT_OURS = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_NOTADB)


def _named(database: Path, sql: str) -> list[str]:
    """Files in its folder of captures that a database names; none of another program's.

    Raises sqlite3.Error for one that cannot be read.
    """
    if not database.is_file():
        return []
    address = f"{database.as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        try:
            return [name for (name,) in connection.execute(sql)]
        except sqlite3.Error as error:
            if error.sqlite_errorcode & 0xFF in _NOT_OURS:
                return []
            raise
