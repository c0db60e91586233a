"""``scrapy check``: the contracts of the spiders against the site as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.commands.check import Command as ScrapyCheck

from crawler.cli.arguments import check_settings
from crawler.cli.project import ProjectCommand

if TYPE_CHECKING:
    import argparse


class Command(ProjectCommand, ScrapyCheck):
    """Scrapy's own, except that nothing is stored."""

    epilog = """examples:
  scrapy check      fetch an article that is known, and see whether it gives a record
  scrapy check -l   what is checked"""

    def short_desc(self) -> str:
        return "Check that the parsers still understand the live site; nothing is stored"

    def check(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        from crawler.cli.running import store_nothing

        check_settings(self.settings)
        store_nothing(self.settings)

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        ScrapyCheck.run(self, args, opts)
