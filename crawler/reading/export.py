"""``scrapy export``: the articles that are asked for as one file."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING

from crawler.cli.command import Command as BaseCommand
from crawler.cli.filtering import add_filter, filter_of, utf8
from crawler.cli.terminal import progress_bar, say
from crawler.errors import (
    UNHEALTHY,
    ArgumentError,
    CaptureError,
    OutputError,
    Stopped,
    StoreError,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence
    from sqlite3 import Connection
    from types import FrameType

    from crawler.query.export import Field, Row

_SUFFIXES = (
    ".jsonl",
    ".jsonl.gz",
    ".jsonl.zst",
    ".csv",
    ".csv.gz",
    ".csv.zst",
    ".parquet",
    ".wacz",
)
_EPILOG = """The suffix tells the format: .jsonl, .csv, .parquet or .wacz; the first two also with
.gz or .zst after it. -o - writes JSON Lines to standard output, -o -:csv CSV. A crawl may go on
meanwhile. The file is written atomically: an older one is replaced only when the export is
complete.

JSON Lines has an object a line, its lists always lists; Parquet has types (moments, lists of
structs) and wants pyarrow. In CSV lists are JSON, and a cell that a spreadsheet would take for a
formula (it begins with = + - @) has a ' before it. A .wacz has the pages as they were fetched, from
the captures, for ReplayWeb.page and web archives. Articles are sorted by date of publication.

examples:
  scrapy export -o corpus.jsonl
  scrapy export -o 2022-08.parquet --since 2022-08-01 --until 2022-08-31
  scrapy export -o ekonomi.csv --bom --section ekonomi --fields published_at,title,reporters,url
  scrapy export -o ekonomi.csv --excel --section ekonomi
  scrapy export -o texts.jsonl.zst --kind article --no-partial --min-words 100
  scrapy export -o news.jsonl.gz --schema-org
  scrapy export -o new.jsonl --changed-since 2022-08-15T06:00     stored or changed since then
  scrapy export -o banjir.jsonl banjir NOT jakarta     words as search has them
  scrapy export -o some.csv --sample 500 --tag timnas --language id
  scrapy export -o texts.jsonl --exclude-near-duplicates     needs datasketch
  scrapy export -o corpus/articles.parquet --card      with corpus/README.md, a dataset card
  scrapy export -o banjir.wacz banjir     the pages themselves, as an archive to look at
  scrapy export -o - --since 2022-08-15 | jq -r .title

in Python (pandas reads .zst with the package zstandard):
  pandas.read_json("corpus.jsonl", lines=True); pandas.read_parquet("2022-08.parquet")
  datasets.load_dataset("parquet", data_files="2022-08.parquet")"""


@dataclass
class _Count:
    """How many articles were dealt with, shown as they are."""

    show: Callable[[int, int], None]
    total: int
    number: int = 0

    def add(self, more: int) -> None:
        self.number += more
        self.show(self.number, self.total)


class Command(BaseCommand):
    """Exports articles; an older file stays until the new one is whole."""

    epilog = _EPILOG

    def syntax(self) -> str:
        return "-o FILE [options] [WORD ...]"

    def short_desc(self) -> str:
        return "Export the articles as JSON Lines, CSV, Parquet or WACZ"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add = parser.add_argument
        add("-o", "--output", metavar="FILE", default="", help="corpus.jsonl; - for stdout")
        add_filter(parser, "only the first N of the file")
        add(
            "--fields",
            metavar="A,B",
            default=None,
            help="only these fields, in this order, e.g. id,title,body",
        )
        add(
            "--near-duplicates",
            action="store_true",
            help="a field more, near_duplicate_of: the earlier article with nearly the same text",
        )
        add(
            "--exclude-near-duplicates",
            action="store_true",
            help="skip articles whose text is nearly that of an earlier one in the file",
        )
        add("--schema-org", action="store_true", help="fields as schema.org's NewsArticle has them")
        add(
            "--bom",
            action="store_true",
            help="write a UTF-8 BOM so that Excel reads the CSV correctly",
        )
        add(
            "--excel",
            action="store_true",
            help="a CSV that Excel opens: semicolons, a BOM, and moments as dates (in Jakarta)",
        )
        add(
            "--card",
            action="store_true",
            help="write a dataset card too, README.md beside the file, in Hugging Face's form",
        )

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.query.export import NEAR_DUPLICATE_OF, RECORD, SCHEMA_ORG, choose

        if args and not opts.output:
            raise ArgumentError(f"{args[0]} is not an option; give the file by -o")
        self._words = utf8(" ".join(args)) if args else None
        self._filter = filter_of(opts)
        fields = SCHEMA_ORG if opts.schema_org else RECORD
        if opts.near_duplicates:
            fields = (*fields, NEAR_DUPLICATE_OF)
        self._near = opts.near_duplicates or opts.exclude_near_duplicates
        self._distinct = opts.exclude_near_duplicates
        if self._near and not find_spec("datasketch"):
            raise ValueError(
                "near-duplicates need datasketch, which is not installed: pip install datasketch"
            )
        self._fields = fields if opts.fields is None else choose(fields, opts.fields)
        self._path, self._form = _target(opts.output)
        if self._path == Path(self.settings["DATABASE"]).resolve():
            raise ArgumentError(f"{opts.output} is the database")
        if self._form == ".wacz" and (opts.fields or opts.schema_org or opts.near_duplicates):
            raise ValueError("a WACZ has pages and no fields; give the file as -o corpus.jsonl")
        self._bom, self._excel = opts.bom, opts.excel
        self._card = _card_of(self._path) if opts.card else None
        self._limit = opts.limit
        if (opts.bom or opts.excel) and ".csv" not in self._form:
            option = "--excel" if opts.excel else "--bom"
            raise ValueError(f"{option} is for CSV; give the file as -o corpus.csv")
        if self._form == ".parquet":
            # Of what comes with it one part would take memory for a thread on each core.
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
            try:
                import_module("pyarrow.parquet")
            except (ImportError, MemoryError) as error:
                if not isinstance(error, ModuleNotFoundError):
                    message = str(error) or "the system has not enough memory"
                    raise OutputError(f"pyarrow cannot be loaded: {message}") from None
                raise ValueError(
                    "Parquet needs pyarrow, which is not installed: run make install, or pip"
                    " install pyarrow, or export to .jsonl"
                ) from None

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        from crawler.query.search import with_words
        from crawler.query.snapshot import bring_up_to_date, existing, reading
        from crawler.query.words import hints

        signal.signal(signal.SIGTERM, _interrupt)  # so that what is half written is taken away
        name = opts.output if self._path else "standard output"
        try:
            if self._form == ".wacz":
                bring_up_to_date(existing(self.settings["DATABASE"]))
            with reading(existing(self.settings["DATABASE"])) as database:
                if self._words is not None:
                    self._filter = with_words(database, self._filter, self._words)
                if self._near:
                    self._note_near_duplicates(database)
                number = self._export(database)
        except OSError as error:
            raise OutputError(f"{name} cannot be written: {error.strerror or error}") from error
        except KeyboardInterrupt:
            state = "written" if self._path else "whole"
            raise Stopped(f"stopped; {name} is not {state}") from None
        result = f"{number:,} articles" if number else "no article matches"
        print(f"{result}: {name}", file=sys.stdout if self._path else sys.stderr)
        for hint in hints(self._words or ""):
            say(f"hint: {hint}", sys.stderr)

    def _note_near_duplicates(self, database: Connection) -> None:
        from crawler.query.near import note_near_duplicates

        with self._counting("compared", database) as compared:
            number = note_near_duplicates(database, self._filter, compared.add)
        say(f"near-duplicates: {number:,} of {compared.number:,} articles", sys.stderr)
        self._filter = replace(self._filter, distinct=self._distinct)

    def _export(self, database: Connection) -> int:
        """Write the articles; gives their number."""
        from crawler.query.export import rows
        from crawler.query.files import compressing, replacing

        if self._form == ".wacz":
            return self._pack(database)
        with self._counting("articles", database, self._limit) as written:
            articles = rows(database, self._fields, self._filter, written.add, self._limit)
            if self._path:
                with replacing(self._path) as file, compressing(file, self._form) as plain:
                    self._write(plain, articles)
            else:
                self._write(sys.stdout.buffer, articles)
                sys.stdout.flush()
        self._write_card(database, self._fields)
        return written.number

    def _pack(self, database: Connection) -> int:
        """Write the articles' captures; gives how many articles have one."""
        from crawler.captures.folder import captures_folder
        from crawler.captures.wacz import Page, write_wacz
        from crawler.query.export import RECORD, choose, rows
        from crawler.query.files import replacing

        assert self._path
        # Without a folder there are those of archives that are read where they lie.
        folder = captures_folder(self.settings) or Path(os.devnull)
        fields = choose(RECORD, "id,url,title")
        with self._counting("articles", database, self._limit) as written:
            articles = rows(database, fields, self._filter, written.add, self._limit)
            with replacing(self._path) as file:
                pages = (Page(*row[:3]) for row in articles)
                packed = write_wacz(file, database, folder, pages)
                if packed.without and not packed.pages:
                    why = f": {packed.unread[0]}" if packed.unread else ""
                    raise CaptureError(
                        f"none of {packed.without:,} articles has a page in the captures{why};"
                        f" {self._path} is not written"
                    )
        if packed.without:
            say(f"left out: {packed.without:,} articles without a page in the captures", sys.stderr)
        if packed.unread:
            unread = f"{len(packed.unread):,} captures cannot be read, the first:"
            say(f"{unread} {packed.unread[0]}", sys.stderr)
            self.exitcode = UNHEALTHY
        self._write_card(database, (), packed.pages)
        return packed.pages

    def _write_card(
        self, database: Connection, fields: Sequence[Field], pages: int | None = None
    ) -> None:
        from crawler.query.files import replacing

        if self._path and self._card:
            from crawler.query.card import card

            text = card(database, fields, self._filter, self._limit, self._path.name, pages)
            with replacing(self._card) as file:
                file.write(text.encode())

    @contextmanager
    def _counting(
        self, what: str, database: Connection, limit: int | None = None
    ) -> Iterator[_Count]:
        """A count of the articles chosen, that a bar on a terminal shows as it grows."""
        from crawler.query.export import count

        # The sum is for the bar alone: by some conditions it takes reading every article.
        total = count(database, self._filter) if sys.stderr.isatty() else 0
        with progress_bar(what) as show:
            yield _Count(show, min(total, limit or total))

    def _write(self, file: IO[bytes], articles: Iterator[Row]) -> None:
        from crawler.query.export import write_csv, write_jsonl, write_parquet

        if self._form.startswith(".csv"):
            write_csv(file, self._fields, articles, bom=self._bom, excel=self._excel)
        elif self._form == ".parquet":
            from pyarrow import ArrowException

            try:
                write_parquet(file, self._fields, articles)
            except ValueError as error:  # Arrow's, for a moment that is not one
                message = f"the database holds what Parquet cannot: {str(error).splitlines()[0]}"
                raise StoreError(message) from None
            except ArrowException as error:  # as where it gets no memory, or no thread
                message = f"Parquet cannot be written: {str(error).splitlines()[0]}"
                raise OutputError(message) from None
        else:
            write_jsonl(file, self._fields, articles)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _card_of(path: Path | None) -> Path:
    """Where the card of a file is written; raises ValueError where something else stands there."""
    from crawler.query.card import MADE

    if path is None:
        raise ValueError("--card stands beside a file; give one by -o")
    card = path.with_name("README.md")
    try:
        is_other = card.exists() and MADE not in card.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise ValueError(f"{card} cannot be read: {error.strerror}") from None
    if is_other:
        raise ValueError(f"{card} is no card of ours; move it, or export into another folder")
    return card


def _target(name: str) -> tuple[Path | None, str]:
    """The file to write, without it standard output, and its suffix; raises ValueError."""
    if not name:
        raise ValueError("give the file to write, e.g. -o corpus.jsonl")
    if name in ("-", "-:jsonl", "-:csv"):
        return None, f".{name[2:] or 'jsonl'}"
    if os.path.isdir(name):  # noqa: PTH112  # without an error for a name too long
        raise ValueError(f"{name} is a folder; name a file in it")
    suffix = next((suffix for suffix in _SUFFIXES if name.endswith(suffix)), None)
    if suffix is None:
        raise ValueError(f"{name} has an unknown suffix; known are {', '.join(_SUFFIXES)}")
    try:
        path = Path(name).resolve()  # a link stays one, and its file is replaced
        if path.exists() and not path.is_file():
            raise ValueError(f"{name} is not a regular file; give -o - for standard output")
        if not path.parent.is_dir():
            raise ValueError(f"there is no folder {path.parent}; make it, or name another file")
        needed = (path.parent, path) if path.exists() else (path.parent,)
        if not all(os.access(one, os.W_OK) for one in needed):
            raise ValueError(f"{name} cannot be written: it or its folder is read-only")
    except (OSError, RuntimeError) as error:  # a name too long, a link to itself
        raise ValueError(f"{name} cannot be written: {error}") from None
    return path, suffix
