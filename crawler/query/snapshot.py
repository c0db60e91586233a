"""The database as one who only reads it sees it: one moment of it, beside a crawl that goes on."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from sqlite_utils import Database

from crawler.database.connection import BUSY_TIMEOUT, StoreError, plain_errors, refuse_newer
from crawler.database.fulltext import is_renumbered
from crawler.database.lock import database_lock
from crawler.database.schema import MIGRATIONS
from crawler.database.store import Store
from crawler.dates import DAY_END
from crawler.site import is_in_section

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

KINDS = ("article", "gallery", "video", "infographic")


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
            db = Database(connection)
            if not MIGRATIONS.applied(db):
                raise StoreError(f"{path} is no database of this crawler")
            refuse_newer(db, path)
            connection.create_function("in_section", 3, is_in_section, deterministic=True)
            connection.create_function("is_named", 2, _is_named, deterministic=True)
            yield connection


def bring_up_to_date(path: Path) -> None:
    """Migrate an older database, and mend its index, while no run holds it.

    One that needs neither is not touched. Raises `StoreError`, and `Locked` where a run holds it.
    """
    with reading(path) as connection:
        if not (MIGRATIONS.pending(Database(connection)) or is_renumbered(connection)):
            return
    try:
        with database_lock(path):
            Store(path).close()
    except OSError as error:
        says = f"{path} must be brought up to date, but its folder cannot be written"
        raise StoreError(f"{says}: {error.strerror}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which articles are asked for."""

    since: date | None = None  # published that day or later
    until: date | None = None
    section: str = ""
    reporter: str = ""  # or a part of the name
    kind: str = ""
    whole: bool = False  # none of which the page gives only part
    min_words: int = 0

    @property
    def condition(self) -> str:
        """What stands in SQL after WHERE, over ``articles``."""
        return " AND ".join(self._clauses()) or "TRUE"

    @property
    def values(self) -> dict[str, Any]:
        """What the condition refers to."""
        return {
            "since": str(self.since),
            "until": f"{self.until}{DAY_END}",
            "section": self.section,
            "reporter": self.reporter.casefold(),
            "reporter_json": json.dumps(self.reporter.casefold())[1:-1],
            "kind": self.kind,
            "min_words": self.min_words,
        }

    def _clauses(self) -> Iterator[str]:
        if self.since:
            yield "published_at >= :since"
        if self.until:
            yield "published_at < :until"
        if self.kind:
            yield "kind = :kind"
        if self.whole:
            yield "NOT partial"
        if self.min_words:
            yield "word_count >= :min_words"
        # SQLite's own functions first, which let few through, and those to the exact ones.
        if self.reporter:
            if self.reporter.isascii():
                yield "instr(lower(reporters), :reporter_json)"
            yield "is_named(:reporter, reporters)"
        if self.section:
            yield "(instr(url, :section) OR instr(replace(lower(section), ' ', '-'), :section))"
            yield "in_section(:section, url, section)"


def _is_named(name: str, people: str) -> bool:
    return any(name in person.casefold() for person in orjson.loads(people))
