"""What the commands share that run a spider: the lock, plain errors, and true exit codes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.cli.terminal import say
from crawler.crawl.run import RunExtension
from crawler.database.connection import StoreError
from crawler.database.lock import Locked, database_lock
from crawler.database.runs import COUNTS
from crawler.database.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scrapy.crawler import Crawler, CrawlerProcessBase
    from scrapy.settings import Settings

_MOST_LINES = 20  # a month of days that cannot be read has thirty reasons
HEALTHY, UNHEALTHY, BAD_ARGUMENTS, BUSY = 0, 1, 2, 75


def run_spider(
    command: str,
    process: CrawlerProcessBase,
    crawler: Crawler,
    arguments: Mapping[str, Any],
) -> tuple[int, RunExtension | None]:
    """Run a spider to its end, alone on its database.

    Gives the exit code, and the run if there was one. What goes wrong is said on stderr, a line
    each, after ``command``.
    """
    database = crawler.settings["DATABASE"]
    try:
        with database_lock(database):
            Store(database).close()
            process.crawl(crawler, **arguments)
            process.start()
    except Locked as error:
        return complain(command, error, BUSY), None
    except OSError as error:
        what = error.filename or f"{database}.lock"
        return complain(command, f"{what} cannot be written: {error.strerror}", UNHEALTHY), None
    except StoreError as error:
        return complain(command, error, UNHEALTHY), None
    if process.bootstrap_failed:
        return UNHEALTHY, None
    run = RunExtension.of(crawler)
    return UNHEALTHY if run.why else HEALTHY, run


def store_nothing(settings: Settings) -> None:
    """Let a spider run without leaving anything behind."""
    for name, value in (("DATABASE", ":memory:"), ("CAPTURES", "")):
        settings.set(name, value, priority="cmdline")


def complain(command: str, error: Exception | str, exit_code: int) -> int:
    """Say on stderr what is wrong; gives the exit code back."""
    say(f"{program()} {command}: {error}", sys.stderr)
    return exit_code


def program() -> str:
    """The name the user calls the commands by: ``republika`` once installed, else ``scrapy``."""
    return "republika" if Path(sys.argv[0]).stem == "republika" else "scrapy"


def say_why(run: RunExtension) -> None:
    """Say what is worth knowing of a run, and on stderr what is wrong with it."""
    for note in run.notes:
        say(f"note: {note}")
    say_unhealthy(run.why)


def say_unhealthy(why: Sequence[str]) -> None:
    """Say on stderr what is wrong with a run, a line each."""
    sys.stdout.flush()
    for reason in why[:_MOST_LINES]:
        say(f"unhealthy: {reason}", sys.stderr)
    if len(why) > _MOST_LINES:
        more = len(why) - _MOST_LINES
        print(f"unhealthy: {more} more reasons; see {program()} runs", file=sys.stderr)


def summary(counts: Mapping[str, int]) -> str:
    """The counts of a run in one line."""
    found, *outcomes = COUNTS
    return f"{found} {counts[found]}: " + ", ".join(f"{counts[name]} {name}" for name in outcomes)
