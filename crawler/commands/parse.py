"""``scrapy parse``: the record of one article's page, printed and not stored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands.parse import Command as ScrapyParse

from crawler.cli.command import ProjectCommand
from crawler.cli.running import BAD_ARGUMENTS, UNHEALTHY, complain, store_nothing
from crawler.cli.terminal import print_table
from crawler.parsers import NotAnArticle, ParseError, parse_page
from crawler.parsers.explain import explain
from crawler.parsers.page import Page, page_text
from spiders.article import OneOffSpider
from spiders.base import ArgumentError

if TYPE_CHECKING:
    import argparse


class Command(ProjectCommand, ScrapyParse):
    """Scrapy's own, except that an article's address needs no spider, and nothing is stored."""

    epilog = """examples:
  scrapy parse https://www.republika.co.id/berita/rgmwym370/putin-janjikan-perluas-hubungan
  scrapy parse --explain https://www.republika.co.id/berita/rgmwym370/putin-janjikan-perluas-hubungan
  scrapy parse --explain page.html        a saved page, which names its address"""

    def syntax(self) -> str:
        return "[options] URL|FILE"

    def short_desc(self) -> str:
        return "Print the record of an article's page; nothing is stored"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--explain",
            action="store_true",
            help="print each piece of the text instead: kept, or by which rule it was left out;"
            " FILE is a saved page",
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        store_nothing(self.settings)
        opts.spider = opts.spider or OneOffSpider.name
        if opts.explain and args and "://" not in args[0]:
            return
        if opts.spider == OneOffSpider.name and args:
            opts.spargs.setdefault("url", args[0])
            try:
                OneOffSpider(**opts.spargs)
            except ArgumentError as error:
                raise SystemExit(complain("parse", error, BAD_ARGUMENTS)) from None

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if not (opts.explain and len(args) == 1 and "://" not in args[0]):
            super().run(args, opts)
            return
        try:
            html = Path(args[0]).read_bytes()
        except OSError as error:
            says = f"{args[0]} cannot be read: {error.strerror}"
            self.exitcode = complain("parse", says, BAD_ARGUMENTS)
            return
        try:
            url = opts.spargs.get("url") or Page(page_text(html), "").canonical
        except ParseError as error:
            self.exitcode = complain("parse", f"{args[0]} gives no record: {error}", UNHEALTHY)
            return
        if url is None:
            says = f"{args[0]} does not name its address: give it with -a url=URL"
            self.exitcode = complain("parse", says, BAD_ARGUMENTS)
            return
        self._explain(html, url)

    def print_results(self, opts: argparse.Namespace) -> None:
        if not opts.explain:
            super().print_results(opts)
        elif self.first_response:
            self._explain(self.first_response.body, self.first_response.url)

    def _explain(self, html: bytes, url: str) -> None:
        try:
            page = parse_page(html, url)
        except (NotAnArticle, ParseError) as error:
            self.exitcode = complain("parse", f"{url} gives no record: {error}", UNHEALTHY)
            return
        print_table(("verdict", "text"), list(explain(page)))
        for doubt in page.doubts:
            print(f"partial: {doubt}")
