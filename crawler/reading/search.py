"""``scrapy search``: the articles that hold some words, the best or the newest first."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli.command import Command as BaseCommand
from crawler.cli.filtering import add_filter, filter_of, name, utf8
from crawler.cli.terminal import one_line, print_json, print_table, program, say
from crawler.errors import NOTHING_NEW, ArgumentError
from crawler.query import RANKED
from crawler.reading.hits import print_hits, print_json_hits

if TYPE_CHECKING:
    import argparse
    from contextlib import AbstractContextManager
    from sqlite3 import Connection

    from crawler.query.filter import Filter
    from crawler.query.search import Result

_LIMIT = 20
_COUNTED = ("day", "month", "section", "reporter")  # the keys of `crawler.query.search.COUNTED`

_EPILOG = f"""Words are found in any case, with or without accents, in title, lead and text; all of
them must be there. A word stands for the forms of its root too: kirim finds mengirimkan; "kirim" in
quotes finds kirim alone. FTS5's operators work: OR, NOT, AND, brackets, "a phrase",
NEAR(a b, 5), begin*, and title: or lead: or body: before a word. Input that is not a valid query is
searched word by word.

The best first: a word in the title counts more than in the lead, there more than in the text. Where
more than {RANKED:,} articles match, the newest {RANKED:,} of them are ranked, and it says so.

Without words it lists the newest articles. An article's id or address finds that article.

examples:
  scrapy search harga kedelai
  scrapy search --newest --limit 5 gempa
  scrapy search --since 2022-08-01 --until 2022-08-31 --section ekonomi minyak goreng
  scrapy search --reporter agustin korea utara
  scrapy search '"hubungan bilateral" NOT korea'
  scrapy search 'title:vaksin* AND (mpr OR dpr)'
  scrapy search --newest --section ekonomi --kind gallery
  scrapy search --count month banjir            how many articles of each month
  scrapy search rgmwym370
  scrapy search --watch cabai harga cabai       for cron: what is new since the last such call
  scrapy search -- -19                          what begins with a dash, after --
  scrapy search --json gempa | jq -r .url       an object a line: id, url, title, published_at,
                                                section, reporters, status, snippet"""


class Command(BaseCommand):
    """Searches the full-text index; finding nothing is not an error."""

    epilog = _EPILOG

    def syntax(self) -> str:
        return "[options] [WORD ...]"

    def short_desc(self) -> str:
        return "Search the articles that are stored"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_filter(parser, f"at most N (default {_LIMIT}; with --count all)")
        add = parser.add_argument
        add("--newest", action="store_true", help="the newest first, instead of the best")
        add(
            "--count",
            choices=_COUNTED,
            metavar="WHAT",
            help=f"count them instead, by {', '.join(_COUNTED)}",
        )
        add("--json", action="store_true", help="print a JSON object a line")
        add(
            "--watch",
            metavar="NAME",
            type=name,
            help="show what was not shown under NAME before; exit code 3 where there is nothing",
        )

    def hint(self, option: str) -> str:
        """What to write in place of an option that is not known."""
        return f"; to leave out a word: search ikan NOT {option.lstrip('-')}"

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        self._filter = replace(filter_of(opts), watch=opts.watch or "")
        if opts.watch and opts.count:
            raise ArgumentError("--watch shows articles, and --count numbers: give one of them")
        if not (args or opts.newest or opts.count or not self._filter.is_empty):
            raise ArgumentError(
                f"give the words to search for, e.g. {program()} search harga kedelai,"
                " or which articles, e.g. --newest --section ekonomi"
            )

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.query.words import hints

        words = utf8(" ".join(args))
        self._search(words if args else None, opts)
        for hint in hints(words):
            say(f"hint: {hint}", sys.stderr)

    def _search(self, words: str | None, opts: argparse.Namespace) -> None:
        from crawler.query.search import search, with_words

        with self._reading() as database:
            wanted = self._filter
            if words is not None:
                wanted = with_words(database, wanted, words)
            if opts.count:
                self._count(database, wanted, opts)
                return
            newest = opts.newest or bool(opts.watch)
            limit = opts.limit or (RANKED if opts.watch else _LIMIT)
            result = search(database, wanted, newest=newest, limit=limit)
        if opts.watch:
            self._show_new(result, opts)
            return
        if opts.json:
            print_json_hits(result)
        else:
            # Which of more than are counted: the newest of all without words.
            most = None if words is None else max(RANKED, limit)
            print_hits(result, newest=newest or words is None, most=most)
        if not result.hits:
            out = sys.stderr if opts.json else sys.stdout
            what = "" if words is None else f' for "{one_line(words)}"'
            print(f"nothing found{what}", file=out)

    def _show_new(self, result: Result, opts: argparse.Namespace) -> None:
        """Show what a standing search found, and then note that: a crash between shows it twice."""
        from crawler.database.watches import add_shown

        if not result.hits:
            self.exitcode = NOTHING_NEW
            return
        if opts.json:
            print_json_hits(result)
        else:
            print_hits(result, newest=True, most=RANKED)
        sys.stdout.flush()
        add_shown(Path(self.settings["DATABASE"]), opts.watch, (hit.id for hit in result.hits))

    def _reading(self) -> AbstractContextManager[Connection]:
        from crawler.database.fulltext import is_renumbered
        from crawler.query.snapshot import bring_up_to_date, existing, reading

        path = existing(self.settings["DATABASE"])
        with reading(path) as database:
            renumbered = is_renumbered(database)
        if renumbered or self._filter.watch:
            bring_up_to_date(path)
        return reading(path)

    def _count(self, database: Connection, wanted: Filter, opts: argparse.Namespace) -> None:
        from crawler.query.search import count_by

        rows = count_by(database, opts.count, wanted)[: opts.limit]
        if opts.json:
            for value, number in rows:
                print_json({opts.count: value, "articles": number})
        elif rows:
            print_table((opts.count, "articles"), rows)
        else:
            print("nothing found")
