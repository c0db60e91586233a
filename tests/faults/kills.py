"""Commands that are killed at instants spread evenly over the time they take."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from sqlite_utils import Database

from crawler.database.migrations import apply
from tests.crawl.refusals import BACKFILL
from tests.faults.checks import QUIET, Played, complete, ended, sound
from tests.helpers import ROOT
from tests.site import Crawler

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = ("--since", "2022-08-15", "--until", "2022-08-15")


@dataclass(frozen=True)
class Kill:
    """A command to kill: what it begins with, and what mends everything afterwards."""

    args: Callable[[Crawler], tuple[str, ...]]
    begin: Callable[[Played, Path], Crawler]
    mend: Callable[[Crawler], list[str]]  # gives what is wrong
    settings: tuple[tuple[str, object], ...] = ()


def _nothing(played: Played, folder: Path) -> Crawler:
    folder.mkdir()
    return Crawler(folder, played.site)


def _everything(played: Played, folder: Path) -> Crawler:
    return played.copy(folder)


def _captures_alone(played: Played, folder: Path) -> Crawler:
    crawler = played.copy(folder)
    crawler.database.unlink()
    return crawler


def _gaps(played: Played, folder: Path) -> Crawler:
    crawler = played.copy(folder)
    execute(crawler, "DELETE FROM articles WHERE rowid % 4 = 0")
    return crawler


def _older(played: Played, folder: Path) -> Crawler:
    """The articles and pages in a database as an older version made it."""
    folder.mkdir()
    crawler = Crawler(folder, played.site)
    with closing(sqlite3.connect(crawler.database, isolation_level=None)) as connection:
        apply(Database(connection), stop_before="facets")
        connection.execute("ATTACH ? AS new", [str(played.folder / "republika.db")])
        for table in ("articles", "pages"):
            sql = "SELECT name FROM pragma_table_info(?, ?)"
            names = [name for (name,) in connection.execute(sql, [table, "main"])]
            columns = ", ".join(names)
            connection.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM new.{table}")
    return crawler


def _another_machine(played: Played, folder: Path) -> Crawler:
    """An empty folder, beside which another machine has everything."""
    shutil.copytree(played.folder, folder / "east")
    return Crawler(folder, played.site)


def _merged(crawler: Crawler) -> list[str]:
    return ended(crawler.scrapy(*_merge(crawler)), 0) + complete(crawler)


def _merge(crawler: Crawler) -> tuple[str, ...]:
    return ("merge", f"east={crawler.folder / 'east' / 'republika.db'}")


def _index_damaged(played: Played, folder: Path) -> Crawler:
    crawler = played.copy(folder)
    execute(crawler, "DELETE FROM articles_fts_data")
    return crawler


def execute(crawler: Crawler, sql: str) -> None:
    """Change the database as nothing of the crawler's does."""
    with closing(sqlite3.connect(crawler.database)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(sql)


def _by(*args: str) -> Callable[[Crawler], list[str]]:
    """Mended by a command that ends well."""
    return lambda crawler: ended(crawler.scrapy(*args), 0) + complete(crawler)


def _repaired(crawler: Crawler) -> list[str]:
    crawler.scrapy("audit", *DAY, "--repair", *QUIET)
    wrong = ended(crawler.crawl(*BACKFILL, *QUIET), 0)
    return wrong + ended(crawler.scrapy("audit", *DAY, *QUIET), 0) + complete(crawler)


def _exported(crawler: Crawler) -> list[str]:
    file = crawler.folder / "articles.jsonl"
    text = file.read_text() if file.exists() else ""
    number = len(crawler.site.articles)
    wrong = [] if text.count("\n") in (0, number) else ["half a file stands under its name"]
    wrong += ended(crawler.scrapy("export", "-o", str(file)), 0)
    if file.read_text().count("\n") != number:
        wrong.append("the export is not whole")
    return wrong


def _args(*args: str) -> Callable[[Crawler], tuple[str, ...]]:
    return lambda _: args


KILLS = {
    "crawl backfill": Kill(_args("crawl", *BACKFILL), _nothing, _by("crawl", *BACKFILL, *QUIET)),
    "crawl latest": Kill(_args("crawl", "latest"), _nothing, _by("crawl", *BACKFILL, *QUIET)),
    "crawl topic": Kill(
        _args("crawl", "topic", "-a", "tag=warga"), _nothing, _by("crawl", *BACKFILL, *QUIET)
    ),
    "crawl, with a WARC full every few pages": Kill(
        _args("crawl", *BACKFILL),
        _nothing,
        _by("crawl", *BACKFILL, *QUIET),
        (("CAPTURES_FILE_SIZE", 20_000),),
    ),
    "reparse --reindex": Kill(
        _args("reparse", "--reindex", "--jobs", "2"),
        _captures_alone,
        _by("reparse", "--reindex", "--jobs", "1"),
    ),
    "audit --repair": Kill(_args("audit", *DAY, "--repair"), _gaps, _repaired),
    "export": Kill(
        lambda crawler: ("export", "-o", str(crawler.folder / "articles.jsonl")),
        _everything,
        _exported,
    ),
    "merge": Kill(_merge, _another_machine, _merged),
    "migration of an older database": Kill(_args("runs"), _older, _by("runs")),
    "runs --repair": Kill(_args("runs", "--repair"), _index_damaged, _by("runs", "--repair")),
}


def play(name: str, played: Played, folder: Path, instant: float) -> list[str]:
    """Kill a command at a part of the time that it takes, and mend; gives what is wrong.

    ``instant``: from 0 to 1. ``folder`` is made; beside it the time is measured once.
    """
    kill = KILLS[name]
    with _MEASURING:
        if name not in _took:
            whole = folder.with_name(f"{folder.name}-whole")
            _took[name] = _run(kill, kill.begin(played, whole), None)
    crawler = kill.begin(played, folder)
    _run(kill, crawler, _took[name] * instant)
    wrong = [] if kill.begin in (_older, _index_damaged) else sound(crawler)
    return wrong + kill.mend(crawler)


_MEASURING = Lock()
_took: dict[str, float] = {}  # seconds, by the name of the kill


def _run(kill: Kill, crawler: Crawler, seconds: float | None) -> float:
    """Run the command and kill it after that time, if one is given; gives how long it took."""
    began = time.monotonic()
    with subprocess.Popen(
        crawler.command(*kill.args(crawler)),
        cwd=ROOT,
        env=crawler.environment(**dict(kill.settings)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            process.wait(seconds or crawler.TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
    return time.monotonic() - began
