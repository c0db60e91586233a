"""``scrapy runs``: the run history."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from crawler.cli.arguments import number
from crawler.cli.command import Command as BaseCommand
from crawler.cli.terminal import print_json, print_table, say
from crawler.errors import ArgumentError

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from crawler.database.runs import History, Run

_EPILOG = """examples:
  scrapy runs              the last 20 runs
  scrapy runs --last 100
  scrapy runs 12           all about run 12, with what it found changed in which article
  scrapy runs --json | jq 'select(.healthy == false)'       an object a line, for programs
  scrapy runs --repair     when a damaged full-text index is reported"""


class Command(BaseCommand):
    """Shows what ran, what came of it, and whether it was healthy."""

    epilog = _EPILOG

    def syntax(self) -> str:
        return "[options] [RUN]"

    def short_desc(self) -> str:
        return "Show the run history"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--last", metavar="N", type=number(), default=20, help="the last N runs (default 20)"
        )
        parser.add_argument(
            "--repair",
            action="store_true",
            help="build the full-text index anew, where it is damaged, and show no run",
        )
        parser.add_argument("--json", action="store_true", help="print a JSON object a line")

    def check(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        if len(args) > 1:
            raise ArgumentError("give the number of one run, or none")
        try:
            self._run = number()(args[0]) if args else None
        except ArgumentTypeError as error:
            raise ArgumentError(f"run: {error}") from None

    def execute(self, _args: list[str], opts: argparse.Namespace) -> None:
        from crawler.database.connection import rows_of
        from crawler.database.lock import is_held
        from crawler.database.runs import History
        from crawler.query.snapshot import bring_up_to_date, existing, reading

        database = existing(self.settings["DATABASE"])
        if opts.repair:
            _repair(database)
            return
        running = is_held(database)
        bring_up_to_date(database)
        with reading(database) as connection:
            history = History(partial(rows_of, connection))
            if self._run is None:
                runs = history.last(opts.last)
                if opts.json:
                    for run in reversed(runs):
                        print_json(_as_json(run, running))
                else:
                    _show_all(runs, running)
            elif found := history.get(self._run):
                if opts.json:
                    print_json(_as_json(found, running) | {"changes": history.changes(found.id)})
                else:
                    _show_one(found, history, running)
            else:
                raise ArgumentError(f"there is no run {self._run}")


def _as_json(run: Run, running: bool) -> dict[str, object]:
    """All about a run; ``state`` is healthy, unhealthy, running or killed."""
    states = {True: "healthy", False: "unhealthy", None: "running" if running else "killed"}
    return {**asdict(run), "state": states[run.healthy]}


def _repair(database: Path) -> None:
    from crawler.database.connection import check_version, plain_errors
    from crawler.database.lock import database_lock
    from crawler.database.repair import rebuild_index
    from crawler.query.snapshot import bring_up_to_date, reading

    with reading(database) as connection:
        is_up_to_date = check_version(connection, database)
    if not is_up_to_date:
        bring_up_to_date(database)
    with database_lock(database), plain_errors(database):
        number = rebuild_index(database)
    print(f"the full-text index was built anew: {number:,} articles")


def _show_all(runs: list[Run], running: bool) -> None:
    if not runs:
        print("no crawl has run on this database yet")
        return
    from crawler.database.runs import COUNTS

    narrow = sys.stdout.isatty()
    told = [name for name in COUNTS if not narrow or any(run.counts[name] for run in runs)]
    rows = [
        (
            run.id,
            run.spider,
            run.started_at[:16].replace("T", " "),
            _took(run),
            *(run.counts[name] for name in told),
            "unhealthy" if narrow and run.why else _health(run, running),
        )
        for run in reversed(runs)
    ]
    print_table(("run", "spider", "started", "took", *told, "health"), rows)
    for run in reversed(runs) if narrow else ():
        if run.why:
            say(f"run {run.id}: {_health(run, running)}")


def _show_one(run: Run, history: History, running: bool) -> None:
    from crawler.database.runs import summary

    arguments = " ".join(f"{name}={value}" for name, value in run.arguments.items())
    say(f"run {run.id}: {run.spider} {arguments}".rstrip())
    say(f"started {run.started_at}, {_duration(run)}")
    say(summary(run.counts))
    say(f"ended: {run.finish_reason or 'not yet'}")
    say("health: " + ("\n  ".join(run.why) or _health(run, running)))
    for note in run.notes:
        say(f"note: {note}")
    for signal, times in run.signals.items():
        say(f"against use for training: {signal} ({times} times)")
    say("with " + ", ".join(f"{name} {number}" for name, number in run.versions.items()))
    for changed in history.changes(run.id):
        say(f"\n{changed['article_id']}  {changed['title']}\n{changed['url']}")
        if changed["shrunk"]:
            say("its page has less text, which was not taken:")
        say(changed["changes"])


def _duration(run: Run) -> str:
    took = _took(run)
    return f"took {took}" if took else "duration unknown (the process was killed)"


def _took(run: Run) -> str:
    if run.finished_at is None:
        return ""
    took = datetime.fromisoformat(run.finished_at) - datetime.fromisoformat(run.started_at)
    return str(took)


def _health(run: Run, running: bool) -> str:
    if run.healthy:
        return "healthy"
    if run.healthy is None:
        return "running" if running else "killed"
    more = len(run.why) - 1
    return run.why[0] + (f" (and {more} more)" if more else "")
