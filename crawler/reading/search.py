"""``scrapy search``: the articles that hold some words, the best or the newest first."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli.command import Command as BaseCommand
from crawler.cli.filtering import add_filter, filter_of, utf8
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
            type=utf8,
            default="",
            help="show what was not shown under NAME before; exit code 3 where there is nothing",
        )

    def hint(self, option: str) -> str:
        """What to write in place of an option that is not known."""
        return f"; to leave out a word: search ikan NOT {option.lstrip('-')}"

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        self._filter = replace(filter_of(opts), watch=opts.watch)
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
        with self._reading() as database:
            if opts.count:
                self._count(database, words if args else None, opts)
                return
            result = _find(database, words if args else None, self._filter, opts)
        if opts.watch:
            self._show_new(result, opts)
            return
        if opts.json:
            print_json_hits(result)
        else:
            # Which of more than are counted: the newest of all without words.
            most = max(RANKED, opts.limit or _LIMIT) if args else None
            print_hits(result, newest=opts.newest or not args, most=most)
        if not result.hits:
            out = sys.stderr if opts.json else sys.stdout
            print(f'nothing found for "{one_line(words)}"' if args else "nothing found", file=out)
        for hint in hints(" ".join(args)):
            say(f"hint: {hint}", sys.stderr)

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

    def _count(self, database: Connection, words: str | None, opts: argparse.Namespace) -> None:
        from crawler.query.forms import forms_in
        from crawler.query.search import count_by
        from crawler.query.words import parse_query

        query = None if words is None else parse_query(words, forms_in(database))
        rows = count_by(database, opts.count, query, self._filter)[: opts.limit]
        if opts.json:
            for value, number in rows:
                print_json({opts.count: value, "articles": number})
        elif rows:
            print_table((opts.count, "articles"), rows)
        else:
            print("nothing found")


def _find(
    database: Connection, words: str | None, wanted: Filter, opts: argparse.Namespace
) -> Result:
    from crawler.query.forms import forms_in
    from crawler.query.search import by_name, latest, search
    from crawler.query.words import parse_query

    limit = opts.limit or (RANKED if wanted.watch else _LIMIT)
    if words is None:
        return latest(database, wanted, limit)
    if not wanted.watch and (found := by_name(database, words.strip())):
        return found
    query = parse_query(words, forms_in(database))
    newest = opts.newest or bool(wanted.watch)
    return search(database, query, wanted, newest=newest, limit=limit)
