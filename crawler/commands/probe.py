"""``scrapy probe``: what is believed of the live site, held against it."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

from crawler.cli.arguments import check_replay, check_settings
from crawler.cli.project import ProjectCommand
from crawler.cli.terminal import print_json, print_table, program, say
from crawler.errors import HEALTHY, UNHEALTHY, ArgumentError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from crawler.probe.finding import Finding

_EPILOG = """Some 45 pages are asked for, at the crawl's own pace and as robots.txt allows: the
listings, the feeds, each form of an article's address, and an article of each layout. All of them
are kept in CAPTURES; no article is stored. Exit code 0 if all is as believed, 1 if something
differs or cannot be told.

examples:
  scrapy probe                        before the first crawl, and when a crawl becomes unhealthy
  scrapy probe --json | jq 'select(.state == "differs")'
  scrapy probe -s REPLAY=captures     once more over what was fetched, after a change of the parsers

a page that differs becomes a test page (two commands, the first of them in a shell):
  scrapy fetch -s REPLAY=captures URL > page.html
  python -m tests.golden page.html URL"""


class Command(ProjectCommand):
    """Asks the site once for each kind of page; ends in 1 where one is not as believed."""

    epilog = _EPILOG

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Check on the live site what the crawler believes of it"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print a JSON object a belief")

    def check(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        if args:
            raise ArgumentError(f"{args[0]} is not an option; probe takes no arguments")
        check_settings(self.settings)
        check_replay(self.settings)

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        from crawler.cli.running import run_spider, say_why
        from crawler.probe.spider import ProbeSpider

        assert self.crawler_process
        crawler = self.crawler_process.create_crawler(ProbeSpider)
        run = run_spider(self.crawler_process, crawler, {})
        spider = crawler.spider
        if run is None or not isinstance(spider, ProbeSpider):
            self.exitcode = UNHEALTHY
            return
        self.exitcode = UNHEALTHY if run.why else HEALTHY
        if opts.json:
            for finding in spider.findings:
                print_json(asdict(finding))
        else:
            _show(spider.findings)
        say_why(run, sys.stderr if opts.json else sys.stdout)


def _show(findings: Sequence[Finding]) -> None:
    print_table(
        ("believed", "state", "seen"), [(one.belief, one.state, one.seen) for one in findings]
    )
    states = Counter(one.state for one in findings)
    print(", ".join(f"{number} {state}" for state, number in states.items()))
    differing = [one for one in findings if one.state == "differs"]
    if not differing:
        return
    print("\nto correct, or to read in another way:")
    print_table(("where", "page"), [(one.place, one.url) for one in differing])
    say(f"{program()} probe -h says how such a page becomes a test page")
