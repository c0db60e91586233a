"""``scrapy parse``: the record of one article's page, printed and not stored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands.parse import Command as ScrapyParse

from crawler.cli.arguments import check_settings
from crawler.cli.project import ProjectCommand
from crawler.cli.terminal import print_table
from crawler.errors import ArgumentError, NotAnArticle, ParseError

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

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--explain",
            action="store_true",
            help="print each piece of the text instead: kept, or by which rule it was left out;"
            " FILE is a saved page",
        )

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.cli.running import store_nothing
        from spiders.article import OneOffSpider

        check_settings(self.settings)
        store_nothing(self.settings)
        opts.spider = opts.spider or OneOffSpider.name
        if opts.explain and args and "://" not in args[0]:
            return
        if opts.spider == OneOffSpider.name and args:
            opts.spargs.setdefault("url", args[0])
            OneOffSpider(**opts.spargs)

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        if not (opts.explain and len(args) == 1 and "://" not in args[0]):
            ScrapyParse.run(self, args, opts)
            return
        from crawler.parsers.page import Page, page_text

        try:
            html = Path(args[0]).read_bytes()
        except OSError as error:
            raise ArgumentError(f"{args[0]} cannot be read: {error.strerror}") from None
        try:
            url = opts.spargs.get("url") or Page(page_text(html), "").canonical
        except ParseError as error:
            raise ParseError(f"{args[0]} gives no record: {error}") from None
        if url is None:
            raise ArgumentError(f"{args[0]} does not name its address: give it with -a url=URL")
        _explain(html, url)

    def print_results(self, opts: argparse.Namespace) -> None:
        if not opts.explain:
            super().print_results(opts)
        elif self.first_response:
            _explain(self.first_response.body, self.first_response.url)


def _explain(html: bytes, url: str) -> None:
    from crawler.parsers import parse_page
    from crawler.parsers.explain import explain

    try:
        page = parse_page(html, url)
    except (NotAnArticle, ParseError) as error:
        raise ParseError(f"{url} gives no record: {error}") from None
    print_table(("verdict", "text"), list(explain(page)))
    for doubt in page.doubts:
        print(f"partial: {doubt}")
