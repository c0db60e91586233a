"""``scrapy crawl`` with arguments checked before anything is done, and a true exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from crawler.captures.replay import ReplayError, replay_files
from crawler.captures.storage import file_size
from crawler.cli.command import OutputError, ProjectCommand, writing_to_stdout
from crawler.cli.running import BAD_ARGUMENTS, UNHEALTHY, complain, run_spider, say_why, summary
from crawler.crawl.run import needs_run, schedule
from spiders.article import OneOffSpider
from spiders.backfill import BackfillSpider
from spiders.base import ArgumentError, ArticleSpider
from spiders.latest import LatestSpider
from spiders.topic import TopicSpider

if TYPE_CHECKING:
    import argparse

    from scrapy import Spider

_SPIDERS: tuple[type[ArticleSpider], ...] = (
    LatestSpider,
    BackfillSpider,
    TopicSpider,
    OneOffSpider,
)


class Command(ProjectCommand, ScrapyCrawl):
    """Runs a spider; ends in 0 healthy, 1 unhealthy, 2 bad arguments, 75 database held."""

    def short_desc(self) -> str:
        return f"Crawl Republika: {_names()}"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = _epilog()

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check everything that was given, before Scrapy starts to log and to open files."""
        super().process_options(args, opts)
        assert self.settings is not None
        if len(args) != 1:
            raise UsageError(f"give one spider: {_names()}")
        try:
            spider = self._spider(args[0])
            if issubclass(spider, ArticleSpider):
                spider(**opts.spargs)
            schedule(self.settings)
            file_size(self.settings)
            if self.settings["REPLAY"]:
                replay_files(Path(self.settings["REPLAY"]))
        except (ValueError, ReplayError) as error:
            raise SystemExit(complain(f"crawl {args[0]}", error, BAD_ARGUMENTS)) from None

    def _spider(self, name: str) -> type[Spider]:
        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        try:
            return loader.load(name)
        except KeyError:
            users = sorted(set(loader.list()) - {spider.name for spider in _SPIDERS})
            known = ", ".join([_names(), *users])
            raise ArgumentError(f"no such spider; known are {known}") from None

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.crawler_process
        crawler = self._create_crawler(args[0])
        if not needs_run(crawler):  # a spider of the user's own, with nothing to store here
            ScrapyCrawl.run(self, args, opts)
            return
        self.exitcode, run = run_spider(
            f"crawl {args[0]}", self.crawler_process, crawler, opts.spargs
        )
        if run is None:
            return
        try:
            with writing_to_stdout():
                print(summary(run.counts))
                if run.generic:
                    says = "of them in a layout that is not known; has the site changed?"
                    print(f"{run.generic} {says}")
                say_why(run)
        except OutputError as error:
            self.exitcode = complain(f"crawl {args[0]}", error, UNHEALTHY)


def _names() -> str:
    return ", ".join(str(spider.name) for spider in _SPIDERS)


def _epilog() -> str:
    lines = ["spiders and their arguments (-a NAME=VALUE):"]
    for spider in _SPIDERS:
        lines.append(f"  {spider.name}")
        lines += [f"    {name:10}{meaning}" for name, meaning in spider.arguments.items()]
        lines.append(f"    example: scrapy crawl {spider.name} {spider.example}".rstrip())
    lines.append("exit codes: 0 healthy, 1 failed or unhealthy, 2 bad arguments, 75 database held")
    return "\n".join(lines)
