"""``scrapy parse``: the record of one article's page, printed and not stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.commands.parse import Command as ScrapyParse

from crawler.cli.command import ProjectCommand
from crawler.cli.running import BAD_ARGUMENTS, complain, store_nothing
from spiders.article import OneOffSpider
from spiders.base import ArgumentError

if TYPE_CHECKING:
    import argparse


class Command(ProjectCommand, ScrapyParse):
    """Scrapy's own, but that an article's address needs no spider, and that nothing is stored."""

    epilog = """example:
  scrapy parse https://www.republika.co.id/berita/rgmwym370/putin-janjikan-perluas-hubungan"""

    def short_desc(self) -> str:
        return "Print the record of an article's page; nothing is stored"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        store_nothing(self.settings)
        opts.spider = opts.spider or OneOffSpider.name
        if opts.spider == OneOffSpider.name and args:
            opts.spargs.setdefault("url", args[0])
            try:
                OneOffSpider(**opts.spargs)
            except ArgumentError as error:
                raise SystemExit(complain("parse", error, BAD_ARGUMENTS)) from None
