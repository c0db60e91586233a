"""``scrapy audit``: what the date index lists against what is stored."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

from crawler.cli.arguments import add_days, check_replay, check_settings
from crawler.cli.project import ProjectCommand
from crawler.cli.terminal import print_json, print_table
from crawler.errors import HEALTHY, UNHEALTHY, ArgumentError

if TYPE_CHECKING:
    import argparse
    from datetime import date

    from crawler.audit import Entry

_STATES = ("stored", "rejected", "gone", "failed", "missing")
_EPILOG = """An article is missing if the index lists it but the database does not have it: it
was never found, was found and not fetched yet, is lost, or only pages of other sites were shown in
its place. Exit code 1 if one is missing, or an index cannot be read.

examples:
  scrapy audit --since 2022-08-01 --until 2022-08-31
  scrapy audit --since 2022-08-15 --list       each article that is not stored, and why
  scrapy audit --since 2022-08-15 --json | jq .missing
  scrapy audit --since 2022-08-15 --repair     the next crawl fetches what is missing, and what
                                               was given up; the exit code still says that
                                               something is missing"""


class Command(ProjectCommand):
    """Compares the date index with the database; ends in 1 where something is missing."""

    epilog = _EPILOG

    def syntax(self) -> str:
        return "--since DAY [options]"

    def short_desc(self) -> str:
        return "Compare what the site lists for each day with what is stored"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_days(parser, "published")
        parser.add_argument(
            "--list", action="store_true", help="name each article that is not stored, and why"
        )
        parser.add_argument(
            "--json", action="store_true", help="print a JSON object a day, with what --list names"
        )
        parser.add_argument(
            "--repair", action="store_true", help="let the next crawl fetch what is missing"
        )

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        from spiders.backfill import days

        if args:
            raise ArgumentError(f"{args[0]} is not an option; give the days by --since and --until")
        self._arguments = {
            name: str(day) for name in ("since", "until") if (day := getattr(opts, name))
        }
        days(self._arguments.get("since", ""), self._arguments.get("until", ""), "--{} {}")
        check_settings(self.settings)
        check_replay(self.settings)

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        from crawler.audit import AuditSpider
        from crawler.cli.running import run_spider, say_why

        assert self.crawler_process
        crawler = self.crawler_process.create_crawler(AuditSpider)
        arguments = {"since": "", "until": "", **self._arguments}
        if opts.repair:
            arguments["repair"] = "yes"
        run = run_spider(self.crawler_process, crawler, arguments)
        spider = crawler.spider
        if run is None or not isinstance(spider, AuditSpider):
            self.exitcode = UNHEALTHY
            return
        self.exitcode = UNHEALTHY if run.why else HEALTHY
        if opts.json:
            for day, entries in sorted(spider.days.items()):
                print_json(_as_json(day, entries))
        else:
            _show(spider.days)
            if opts.list:
                _list(spider.days)
        told = sys.stderr if opts.json else sys.stdout
        if opts.repair:
            print(f"the next crawl fetches what is missing: {len(spider.to_ask)}", file=told)
        say_why(run, told)


def _as_json(day: date, entries: dict[str, Entry]) -> dict[str, object]:
    states = Counter(entry.state for entry in entries.values())
    return {
        "day": str(day),
        "listed": len(entries),
        **{state: states[state] for state in _STATES},
        "articles": [
            {"id": page_id, "url": entry.found.url, "state": entry.state, "reason": entry.reason}
            for page_id, entry in entries.items()
            if entry.state != "stored"
        ],
    }


def _show(days: dict[date, dict[str, Entry]]) -> None:
    rows = []
    for day, entries in sorted(days.items()):
        states = Counter(entry.state for entry in entries.values())
        rows.append((str(day), len(entries), *(states[state] for state in _STATES)))
    if len(rows) > 1:
        columns = zip(*rows, strict=True)
        next(columns)
        rows.append(("all", *map(sum, columns)))
    print_table(("day", "listed", *_STATES), rows)


def _list(days: dict[date, dict[str, Entry]]) -> None:
    rows = [
        (str(day), entry.state, page_id, entry.found.url, entry.reason)
        for day, entries in sorted(days.items())
        for page_id, entry in entries.items()
        if entry.state != "stored"
    ]
    if rows:
        print()
        print_table(("day", "state", "id", "address", "reason"), rows)
