"""``scrapy fleet``: a crawl shared by the machines of a Dask cluster."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.cli.arguments import add_days, add_section, check_days, check_settings
from crawler.cli.project import ProjectCommand
from crawler.cli.terminal import progress_bar, say, say_unhealthy
from crawler.errors import HEALTHY, UNHEALTHY, ArgumentError, Stopped

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from datetime import date

    from crawler.captures.engine import Engine
    from crawler.database.store import Store
    from crawler.fleet import Day

_EPILOG = """Each day is a `scrapy crawl backfill` on one of the machines, into a database of its
own that is merged into this one at its end. A machine that dies costs its day, which another one
does. A day that was read to its end before is not crawled again.

The site is owed one pace, however many machines ask: --pace, or else DOWNLOAD_DELAY, is divided
among them, and so is what Crawl-delay asks for.

Exit codes: 0; 1 while anything that was found is pending, or a day's crawl is unhealthy; 2 bad
arguments; 75 database held.

example:
  scrapy fleet backfill --on tcp://10.0.0.1:8786 --since 2022-08-01 --until 2022-08-31"""


class Command(ProjectCommand):
    """Has days crawled by other machines."""

    requires_crawler_process = False
    epilog = _EPILOG

    def syntax(self) -> str:
        return "backfill --on tcp://HOST:8786 --since DAY [options]"

    def short_desc(self) -> str:
        return "Crawl days by the machines of a cluster"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--on", metavar="tcp://HOST:8786", help="the Dask scheduler of the machines"
        )
        add_days(parser, "articles listed")
        add_section(parser)
        parser.add_argument(
            "--pace",
            metavar="SECONDS",
            type=_seconds,
            help="between two requests of all machines together (default: DOWNLOAD_DELAY)",
        )

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.captures.cluster import check_cluster
        from crawler.captures.folder import captures_folder
        from crawler.dates import now

        check_settings(self.settings)
        if args != ["backfill"]:
            raise ArgumentError("give what to crawl: backfill")
        if not opts.on or not opts.since:
            raise ArgumentError("give --on tcp://HOST:8786 and --since DAY")
        check_days(opts)
        if opts.since > now().date():
            raise ArgumentError(f"--since {opts.since} is in the future")
        check_cluster(opts.on)
        self._folder = captures_folder(self.settings)

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        from crawler.captures.cluster import cluster_engine
        from crawler.crawl.run import schedule
        from crawler.database.lock import database_lock
        from crawler.database.store import Store

        database = self.settings["DATABASE"]
        try:
            with (
                cluster_engine(opts.on, eager=False) as engine,
                database_lock(database),
                Store(database, schedule(self.settings)) as store,
            ):
                why = self._crawl(store, engine, opts)
        except KeyboardInterrupt:
            raise Stopped("stopped; the days that were merged are stored") from None
        say_unhealthy(why)
        self.exitcode = UNHEALTHY if why else HEALTHY

    def _crawl(self, store: Store, engine: Engine, opts: argparse.Namespace) -> list[str]:
        from crawler.fleet import crawl_day, take_in

        tasks = list(self._days(store, opts, engine.ahead))
        why: list[str] = []
        with progress_bar("days") as show:
            for done, crawled in enumerate(engine.map(crawl_day, tasks), 1):
                take_in(store, self._folder, crawled)
                why += [f"{crawled.day}: {reason}" for reason in crawled.why]
                show(done, len(tasks))
        (row,) = store.rows("SELECT count(*) AS number FROM pages WHERE state = 'pending'")
        say(f"{len(tasks)} days crawled")
        if row["number"]:
            why.append(f"articles that were found and are pending: {row['number']}")
        return why

    def _days(self, store: Store, opts: argparse.Namespace, machines: int) -> Iterator[Day]:
        """A task for each day that was not read to its end."""
        from crawler.dates import now
        from crawler.fleet import Day

        pace = self.settings.getfloat("DOWNLOAD_DELAY") if opts.pace is None else opts.pace
        say(
            f"{machines} machines at a time, each a request every {pace * machines:g} s:"
            f" one every {pace:g} s in all"
        )
        settings = (
            f"DOWNLOAD_DELAY={pace * machines:g}",
            f"AUTOTHROTTLE_START_DELAY={pace * machines:g}",
            f"MACHINES={machines}",
            f"USER_AGENT={self.settings['USER_AGENT']}",
            *([] if self._folder else ["CAPTURES="]),
        )
        today = now().date()
        last = min(opts.until or today, today)
        for number in range((last - opts.since).days + 1):
            day: date = opts.since + timedelta(days=number)
            of_section = [f"day {day} {opts.section}"] if opts.section else []
            if not store.listings.is_complete(f"day {day}", *of_section):
                yield Day(day, opts.section, settings)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds < float("inf"):
        raise ArgumentTypeError(f"expected seconds, as 0.5, not {text!r}")
    return seconds
