"""``scrapy merge``: databases of other machines, or of an earlier life, into this one."""

from __future__ import annotations

import re
from contextlib import ExitStack
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from crawler.cli.arguments import check_settings
from crawler.cli.project import ProjectCommand
from crawler.cli.terminal import progress_bar, say, say_unhealthy
from crawler.errors import HEALTHY, UNHEALTHY, ArgumentError, Locked, Stopped, StoreError

if TYPE_CHECKING:
    import argparse
    import sqlite3

    from crawler.database.store import Store

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
_FORM = "NAME=DATABASE[:CAPTURES]"
_EPILOG = """NAME is what a machine goes by here: its captures lie under CAPTURES/NAME, and its
runs show it. Without :CAPTURES they are looked for beside its database. Databases may be merged in
any order, and again when they have grown: the result is the same. Of an article that several have,
the latest page is the record, the others are revisions; of two articles with the same text, the one
captured first keeps it. The other databases stay as they are.

Exit codes: 0; 1 if captures cannot be found; 2 bad arguments; 75 database held.

examples:
  scrapy merge east=/mnt/east/republika.db west=/mnt/west/republika.db:/mnt/west/captures
  scrapy merge old=republika-2024.db -s DATABASE=all.db"""


class _Source(NamedTuple):
    name: str
    database: Path
    captures: Path | None


class Command(ProjectCommand):
    """Adds what other databases hold to this one."""

    requires_crawler_process = False
    epilog = _EPILOG

    def syntax(self) -> str:
        return f"[options] {_FORM} ..."

    def short_desc(self) -> str:
        return "Add databases of other machines to this one"

    def check(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        from crawler.captures.folder import captures_folder
        from crawler.database.lock import is_held
        from crawler.query.snapshot import bring_up_to_date

        check_settings(self.settings)
        if not args:
            raise ArgumentError(f"name the databases to add, as {_FORM}")
        self._sources = [_source(arg) for arg in args]
        names = [source.name for source in self._sources]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ArgumentError(f"{twice} names two databases: each needs a name of its own")
        for one, other in combinations(self._sources, 2):
            if one.database.samefile(other.database):
                raise ArgumentError(f"{one.name} and {other.name} name the same database")
        self._folder = captures_folder(self.settings)
        into = Path(self.settings["DATABASE"])
        for source in self._sources:
            if into.exists() and source.database.samefile(into):
                raise ArgumentError(f"{source.database} is the database to merge into")
            if is_held(source.database):
                raise Locked(f"a run holds {source.database}; try again when it has ended")
            try:
                bring_up_to_date(source.database)
            except StoreError as error:
                raise ArgumentError(str(error)) from None

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        from crawler.crawl.run import schedule
        from crawler.database.lock import database_lock
        from crawler.database.store import Store
        from crawler.query.snapshot import reading

        database = self.settings["DATABASE"]
        why: list[str] = []
        try:
            with (
                ExitStack() as opened,
                database_lock(database),
                Store(database, schedule(self.settings)) as store,
            ):
                for source in self._sources:
                    connection = opened.enter_context(reading(source.database))
                    why += self._merge(store, source, connection)
                _show(store)
        except KeyboardInterrupt:
            raise Stopped("stopped; what was merged is stored: merge again") from None
        say_unhealthy(why)
        self.exitcode = UNHEALTHY if why else HEALTHY

    def _merge(self, store: Store, source: _Source, connection: sqlite3.Connection) -> list[str]:
        """Merge one database; gives what is wrong."""
        from crawler.captures.adopt import adopt
        from crawler.database.merging.merge import merge

        why = []
        place = partial(_stays, source.captures)
        if self._folder:
            files = connection.execute("SELECT DISTINCT file FROM captures ORDER BY file")
            names = [file for (file,) in files if not file.startswith("/")]
            with progress_bar(f"captures of {source.name}") as show:
                lost = adopt(
                    names,
                    source.captures,
                    self._folder / source.name,
                    lambda done: show(done, len(names)),
                )
            if lost:
                why = [f"{source.name}: captures that cannot be found: {len(lost)}, as {lost[0]}"]
            place = partial(_under, source.name)
        with progress_bar(f"articles of {source.name}") as show:
            merge(store, connection, source.name, place=place, progress=show)
        return why


def _under(name: str, file: str) -> str:
    """Where a file of a machine's captures lies in the folder of these."""
    return file if file.startswith("/") else f"{name}/{file}"


def _stays(captures: Path | None, file: str) -> str:
    """The same where none are kept here."""
    return str((captures or Path()).resolve() / file)


def _source(argument: str) -> _Source:
    from crawler.captures.folder import captures_folder

    name, equals, rest = argument.partition("=")
    if not equals or not _NAME.fullmatch(name):
        raise ArgumentError(f"{argument!r}: expected {_FORM}, e.g. east=/mnt/east/republika.db")
    database, captures = Path(rest), None
    if not database.is_file():
        path, _, folder = rest.rpartition(":")
        database, captures = Path(path or rest), Path(folder) if path else None
    if not database.is_file():
        raise ArgumentError(f"{name}: there is no database {database}")
    if captures is None:
        captures = captures_folder({"DATABASE": str(database), "CAPTURES": None})
    elif not captures.is_dir():
        raise ArgumentError(f"{name}: there is no folder {captures}")
    return _Source(name, database, captures.resolve() if captures else None)


def _show(store: Store) -> None:
    tables = ("articles", "revisions", "captures", "runs")
    counts = store.rows(
        "SELECT " + ", ".join(f"(SELECT count(*) FROM {name}) AS {name}" for name in tables)  # noqa: S608
    )[0]
    states = store.rows("SELECT state, count(*) AS number FROM pages GROUP BY state ORDER BY state")
    say(", ".join(f"{number:,} {name}" for name, number in counts.items()))
    say("pages: " + (", ".join(f"{row['number']:,} {row['state']}" for row in states) or "none"))
