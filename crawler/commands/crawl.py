"""``scrapy crawl`` with arguments checked before anything is done, and a true exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.spiderloader import get_spider_loader

from crawler.cli.arguments import check_captures, check_feeds, check_replay, check_settings
from crawler.cli.project import ProjectCommand
from crawler.cli.terminal import say
from crawler.errors import HEALTHY, UNHEALTHY, ArgumentError

if TYPE_CHECKING:
    import argparse

    from scrapy import Spider

    from spiders.base import ArticleSpider


class Command(ProjectCommand, ScrapyCrawl):
    """Runs a spider; ends in 0 healthy, 1 unhealthy, 2 bad arguments, 75 database held."""

    def short_desc(self) -> str:
        return f"Crawl Republika: {_names()}"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.epilog = _epilog()

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check everything that was given, before Scrapy starts to log and to open files."""
        from spiders.base import ArticleSpider

        if len(args) != 1:
            raise ArgumentError(f"give one spider: {_names()}")
        self._spider_name = args[0]
        spider = self._spider(args[0])
        if issubclass(spider, ArticleSpider):
            spider(**opts.spargs)
            if spider.needs_captures:
                check_captures(self.settings)
        check_settings(self.settings)
        check_feeds(self.settings)
        check_replay(self.settings)

    @property
    def name(self) -> str:
        """As the user calls it: with the spider, once it is known."""
        return " ".join(filter(None, ("crawl", getattr(self, "_spider_name", ""))))

    def _spider(self, name: str) -> type[Spider]:
        loader = get_spider_loader(self.settings)
        try:
            return loader.load(name)
        except KeyError:
            users = sorted(set(loader.list()) - {spider.name for spider in _spiders()})
            known = ", ".join([_names(), *users])
            raise ArgumentError(f"no such spider; known are {known}") from None

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.cli.running import run_spider, say_why
        from crawler.crawl.run import needs_run
        from crawler.database.runs import summary
        from crawler.reading.show import what_became_of
        from spiders.article import OneOffSpider

        assert self.crawler_process
        crawler = self._create_crawler(args[0])
        if not needs_run(crawler):  # a spider of the user's own, with nothing to store here
            ScrapyCrawl.run(self, args, opts)
            return
        run = run_spider(self.crawler_process, crawler, opts.spargs)
        self.exitcode = HEALTHY if run and not run.why else UNHEALTHY
        if run is None:
            return
        print(summary(run.counts))
        if run.generic:
            print(f"{run.generic} of them in an unknown layout; has the site changed?")
        say_why(run)
        if isinstance(crawler.spider, OneOffSpider):
            noted = {note.partition(" is ")[0] for note in run.notes}
            wanted = [found.id for found in crawler.spider.wanted if found.id not in noted]
            for line in what_became_of(wanted, self.settings["DATABASE"]):
                say(line)


def _spiders() -> tuple[type[ArticleSpider], ...]:
    from spiders.archive import ArchiveSpider
    from spiders.article import OneOffSpider
    from spiders.backfill import BackfillSpider
    from spiders.latest import LatestSpider
    from spiders.topic import TopicSpider

    return LatestSpider, BackfillSpider, TopicSpider, OneOffSpider, ArchiveSpider


def _names() -> str:
    return ", ".join(str(spider.name) for spider in _spiders())


def _epilog() -> str:
    lines = ["spiders and their arguments (-a NAME=VALUE):"]
    for spider in _spiders():
        lines.append(f"  {spider.name}")
        lines += [f"    {name:10}{meaning}" for name, meaning in spider.arguments.items()]
        lines.append(f"    example: scrapy crawl {spider.name} {spider.example}".rstrip())
    lines.append("exit codes: 0 healthy, 1 failed or unhealthy, 2 bad arguments, 75 database held")
    return "\n".join(lines)
