"""Which migrations a file has had, and applying those that it has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.database.schema import MIGRATIONS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from sqlite_utils import Database

_SET = "republika"  # the name of our migrations, in a file that may have others


def applied(connection: sqlite3.Connection) -> set[str]:
    """The names of the migrations that a file has had."""
    exists = "SELECT 1 FROM main.sqlite_master WHERE name = '_sqlite_migrations'"
    if not connection.execute(exists).fetchone():
        return set()
    names = "SELECT name FROM main._sqlite_migrations WHERE migration_set = ?"
    return {str(name) for (name,) in connection.execute(names, [_SET])}


def apply(
    db: Database,
    migrations: Sequence[Callable[[Database], None]] = MIGRATIONS,
    stop_before: str | None = None,
) -> None:
    """Apply those that a file has not had, in their order, each in a transaction."""
    # Not needed where nothing is pending, and a tenth of a command's start, or half a second where
    # pandas is installed, which it loads.
    from sqlite_utils import Migrations

    known = Migrations(_SET)
    for migration in migrations:
        known()(migration)
    known.apply(db, stop_before=stop_before)
