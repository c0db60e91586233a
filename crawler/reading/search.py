"""``scrapy search``: the articles that hold some words, the best or the newest first."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from crawler.cli.arguments import add_days, add_section, check_days, number
from crawler.cli.command import Command as BaseCommand
from crawler.cli.terminal import one_line, program
from crawler.errors import ArgumentError
from crawler.query import RANKED

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from rich.text import Text

    from crawler.query.search import Hit, Result

_EPILOG = f"""Words are found in any case, with or without accents, in title, lead and text; all of
them must be there. FTS5's operators work: OR, NOT, AND, brackets, "a phrase",
NEAR(a b, 5), begin*, and title: or lead: or body: before a word. Input that is not a valid query is
searched word by word.

The best first: a word in the title counts more than in the lead, there more than in the text. Where
more than {RANKED:,} articles match, the newest {RANKED:,} of them are ranked, and it says so.

examples:
  scrapy search harga kedelai
  scrapy search --newest --limit 5 gempa
  scrapy search --since 2022-08-01 --until 2022-08-31 --section ekonomi minyak goreng
  scrapy search --reporter agustin korea utara
  scrapy search '"hubungan bilateral" NOT korea'
  scrapy search 'title:vaksin* AND (mpr OR dpr)'
  scrapy search -- -19                          what begins with a dash, after --
  scrapy search --json gempa | jq -r .url       an object a line: id, url, title, published_at,
                                                section, reporters, snippet"""

# Of what JSON leaves as it is, these a terminal obeys.
_DEL_AND_C1 = re.compile("[\x7f-\x9f]")


class Command(BaseCommand):
    """Searches the full-text index; finding nothing is not an error."""

    epilog = _EPILOG

    def syntax(self) -> str:
        return "[options] WORD ..."

    def short_desc(self) -> str:
        return "Search the articles that are stored"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_days(parser)
        add_section(parser)
        add = parser.add_argument
        add(
            "--reporter",
            metavar="NAME",
            default="",
            help="only articles whose reporter's name contains NAME (in any case)",
        )
        add("--newest", action="store_true", help="the newest first, instead of the best")
        add("--limit", metavar="N", type=number(), default=20, help="at most N (default 20)")
        add("--json", action="store_true", help="print a JSON object a line")

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        if not args:
            raise ArgumentError(
                f"give the words to search for, e.g. {program()} search harga kedelai"
            )
        from crawler.query.filter import Filter

        check_days(opts)
        self._filter = Filter(
            since=opts.since,
            until=opts.until,
            section=opts.section or "",
            reporter=_utf8(opts.reporter),
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.query.search import parse_query

        words = _utf8(" ".join(args))
        result = self._search(parse_query(words), opts)
        if opts.json:
            _print_json(result)
        else:
            _print(result, newest=opts.newest, limit=opts.limit)
        if not result.hits:
            out = sys.stderr if opts.json else sys.stdout
            print(f'nothing found for "{one_line(words)}"', file=out)

    def _search(self, query: str, opts: argparse.Namespace) -> Result:
        from crawler.database.fulltext import is_renumbered
        from crawler.query.search import search
        from crawler.query.snapshot import bring_up_to_date, existing, reading

        path = existing(self.settings["DATABASE"])
        with reading(path) as database:
            renumbered = is_renumbered(database)
        if renumbered:
            bring_up_to_date(path)
        with reading(path) as database:
            return search(database, query, self._filter, newest=opts.newest, limit=opts.limit)


def _utf8(argument: str) -> str:
    """The argument in whatever locale, with a mark for what is not UTF-8."""
    return os.fsencode(argument).decode(errors="replace")


def _print_json(result: Result) -> None:
    import orjson

    for hit in result.hits:
        line = orjson.dumps(
            {
                "id": hit.id,
                "url": hit.url,
                "title": _plain(hit.title),
                "published_at": hit.published_at,
                "section": hit.section,
                "reporters": hit.reporters,
                "snippet": _plain(hit.snippet),
            }
        ).decode()
        line = _DEL_AND_C1.sub(lambda found: f"\\u{ord(found[0]):04x}", line)
        sys.stdout.buffer.write(f"{line}\n".encode())  # JSON is UTF-8, whatever the locale is


def _print(result: Result, *, newest: bool, limit: int) -> None:
    show = _show_on_terminal if sys.stdout.isatty() else _show
    for hit in result.hits:
        about = "  ".join(
            one_line(part)
            for part in (hit.published_at[:16].replace("T", " "), hit.section or "", hit.id)
            if part
        )
        show(hit, about)
        print()
    shown = len(result.hits)
    if result.number is None:
        most = max(RANKED, limit)
        ranked = "" if newest else f"; the best of the newest {most:,} are shown"
        print(f"{shown} of more than {most:,} articles{ranked}")
    elif shown:
        print(f"{shown} of {result.number:,} articles, the {'newest' if newest else 'best'} first")


def _show(hit: Hit, about: str) -> None:
    print(one_line(_plain(hit.title)), about, one_line(hit.url), sep="\n")
    print(f"  {one_line(_plain(hit.snippet))}")


def _show_on_terminal(hit: Hit, about: str) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    console.print(Text("").join(_highlighted(hit.title, "bold")))
    console.print(Text(about, "green"))
    console.print(Text(one_line(hit.url), "cyan"), soft_wrap=True)
    console.print(Text("").join(_highlighted(hit.snippet, "")))


def _highlighted(pieces: Sequence[tuple[str, bool]], style: str) -> Iterable[Text]:
    from rich.text import Text

    return (
        Text(one_line(text), f"{style} yellow reverse" if found else style)
        for text, found in pieces
    )


def _plain(pieces: Sequence[tuple[str, bool]]) -> str:
    return "".join(text for text, _ in pieces)
