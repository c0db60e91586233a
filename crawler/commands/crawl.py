"""``scrapy crawl`` with arguments checked before anything is done, and a true exit code."""

from __future__ import annotations

import sys
from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError

from crawler.captures import ReplayError, replay_files
from crawler.extensions import OUTCOMES, RunExtension
from crawler.lock import Locked, database_lock
from crawler.store import Store, StoreError
from spiders.article import OneOffSpider
from spiders.backfill import BackfillSpider
from spiders.base import ArgumentError, ArticleSpider

if TYPE_CHECKING:
    import argparse

HEALTHY, UNHEALTHY, BAD_ARGUMENTS, BUSY = 0, 1, 2, 75
_SPIDERS: tuple[type[ArticleSpider], ...] = (OneOffSpider, BackfillSpider)


class Command(ScrapyCrawl):
    """Runs a spider; ends in 0 healthy, 1 unhealthy, 2 bad arguments, 75 database held."""

    def short_desc(self) -> str:
        return "Crawl Republika: " + ", ".join(str(spider.name) for spider in _SPIDERS)

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = _epilog()

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check everything that was given, before Scrapy starts to log and to open files."""
        super().process_options(args, opts)
        assert self.settings is not None
        if len(args) != 1:
            raise UsageError(f"give one spider: {_names()}")
        spider = next((spider for spider in _SPIDERS if spider.name == args[0]), None)
        try:
            if spider is None:
                raise ArgumentError(f"no such spider; known are {_names()}")
            spider(**opts.spargs)
            if self.settings["REPLAY"]:
                replay_files(Path(self.settings["REPLAY"]))
        except (ArgumentError, ReplayError) as error:
            _complain(args[0], error)
            raise SystemExit(BAD_ARGUMENTS) from None

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        database = self.settings["DATABASE"]
        try:
            with database_lock(database):
                Store(database).close()
                self._crawl(args[0], opts)
        except Locked as error:
            _complain(args[0], error)
            self.exitcode = BUSY
        except OSError as error:
            _complain(args[0], f"{error.filename} cannot be written: {error.strerror}")
            self.exitcode = UNHEALTHY
        except StoreError as error:
            _complain(args[0], error)
            self.exitcode = UNHEALTHY

    def _crawl(self, name: str, opts: argparse.Namespace) -> None:
        assert self.crawler_process
        crawler = self._create_crawler(name)
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        if self.crawler_process.bootstrap_failed:
            self.exitcode = UNHEALTHY
            return
        run = RunExtension.of(crawler)
        counts = run.counts
        print(
            f"found {counts['found']}: "
            + ", ".join(f"{counts[outcome]} {outcome}" for outcome in (*OUTCOMES, "pending"))
        )
        if run.generic:
            print(f"{run.generic} of them in a layout that is not known; has the site changed?")
        for reason in run.why_unhealthy:
            print(f"unhealthy: {reason}", file=sys.stderr)
            self.exitcode = UNHEALTHY


def _complain(spider: str, error: Exception | str) -> None:
    print(f"scrapy crawl {spider}: {error}", file=sys.stderr)


def _names() -> str:
    return ", ".join(str(spider.name) for spider in _SPIDERS)


def _epilog() -> str:
    lines = ["spiders and their arguments (-a NAME=VALUE):"]
    for spider in _SPIDERS:
        lines.append(f"  {spider.name}")
        lines += [f"    {name:10}{meaning}" for name, meaning in spider.arguments.items()]
        lines.append(f"    example: scrapy crawl {spider.name} {spider.example}")
    lines.append("exit codes: 0 healthy, 1 failed or unhealthy, 2 bad arguments, 75 database held")
    return "\n".join(lines)
