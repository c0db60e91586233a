"""``scrapy export``: the articles that are asked for as one file."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from rich.progress import MofNCompleteColumn

from crawler.cli.command import OutputError, ProjectCommand, number, span, writing_to_stdout
from crawler.cli.running import BAD_ARGUMENTS, UNHEALTHY, complain
from crawler.crawl.progress import progress_bar
from crawler.database.connection import StoreError
from crawler.query.export import (
    RECORD,
    SCHEMA_ORG,
    Row,
    choose,
    compressing,
    count,
    replacing,
    rows,
    write_csv,
    write_jsonl,
    write_parquet,
)
from crawler.query.snapshot import KINDS, Wanted, existing, reading
from crawler.site import check_section

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from sqlite3 import Connection
    from types import FrameType

_SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".csv", ".csv.gz", ".csv.zst", ".parquet")
_EPILOG = """The suffix tells the format: .jsonl, .csv or .parquet; the first two also with .gz or
.zst after it. -o - writes JSON Lines to standard output, -o -:csv CSV. A crawl may go on meanwhile.
The file appears when it is whole, and then takes the place of an older one.

JSON Lines has an object a line, its lists always lists; Parquet has types (moments, lists of
structs) and wants pyarrow. In CSV lists are JSON, and a cell that a spreadsheet would take for a
formula (it begins with = + - @) has a ' before it. Articles are sorted by date of publication.

examples:
  scrapy export -o corpus.jsonl
  scrapy export -o 2022-08.parquet --since 2022-08-01 --until 2022-08-31
  scrapy export -o ekonomi.csv --bom --section ekonomi --fields published_at,title,reporters,url
  scrapy export -o texts.jsonl.zst --kind article --no-partial --min-words 100
  scrapy export -o news.jsonl.gz --schema-org
  scrapy export -o - --since 2022-08-15 | jq -r .title

in Python:
  pandas.read_json("corpus.jsonl", lines=True); pandas.read_parquet("2022-08.parquet")
  datasets.load_dataset("parquet", data_files="2022-08.parquet")"""


class Command(ProjectCommand):
    """Exports articles; an older file stays until the new one is whole."""

    requires_crawler_process = False
    epilog = _EPILOG

    def syntax(self) -> str:
        return "-o FILE [options]"

    def short_desc(self) -> str:
        return "Export the articles as JSON Lines, CSV or Parquet"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add = parser.add_argument
        add("-o", "--output", metavar="FILE", default="", help="corpus.jsonl; - for stdout")
        add("--since", metavar="DAY", default="", help="published that day or later, 2022-08-01")
        add("--until", metavar="DAY", default="", help="published that day or before")
        add("--section", metavar="KANAL", default="", help="of this kanal, as ekonomi")
        add("--kind", metavar="KIND", default="", help=f"{', '.join(KINDS[:-1])} or {KINDS[-1]}")
        add("--no-partial", action="store_true", help="none of which the page gave only part")
        add("--min-words", metavar="N", default="", help="with so many words or more, 100")
        add(
            "--fields",
            metavar="A,B",
            default="",
            help="these alone, so ordered: id,title,body",
        )
        add("--schema-org", action="store_true", help="fields as schema.org's NewsArticle has them")
        add("--bom", action="store_true", help="begin CSV as Excel wants it, to read it as UTF-8")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        try:
            if args:
                raise ValueError(f"{args[0]} is no option; the file is given by -o")
            self._check(opts)
        except ValueError as error:
            raise SystemExit(complain("export", error, BAD_ARGUMENTS)) from None

    def _check(self, opts: argparse.Namespace) -> None:
        since, until = span(opts.since, opts.until)
        if opts.section:
            opts.section = check_section(opts.section)
        if opts.kind and opts.kind not in KINDS:
            raise ValueError(f"unknown kind {opts.kind}; known are {', '.join(KINDS)}")
        self._wanted = Wanted(
            since=since,
            until=until,
            section=opts.section,
            kind=opts.kind,
            whole=opts.no_partial,
            min_words=number("--min-words", opts.min_words) if opts.min_words else 0,
        )
        fields = SCHEMA_ORG if opts.schema_org else RECORD
        self._fields = choose(fields, opts.fields) if opts.fields else fields
        self._path, self._form = _target(opts.output)
        self._bom = opts.bom
        if opts.bom and ".csv" not in self._form:
            raise ValueError("--bom is for CSV; give the file as -o corpus.csv")
        if self._form == ".parquet":
            try:
                import_module("pyarrow.parquet")
            except ImportError:
                raise ValueError(
                    "Parquet needs pyarrow, which is not installed: run make install, or pip"
                    " install pyarrow, or export to .jsonl"
                ) from None

    def run(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        assert self.settings is not None
        signal.signal(signal.SIGTERM, _interrupt)  # so that what is half written is taken away
        name = opts.output if self._path else "standard output"
        try:
            with reading(existing(self.settings["DATABASE"])) as database:
                number = self._export(database)
        except (StoreError, OutputError) as error:
            self.exitcode = complain("export", error, UNHEALTHY)
        except OSError as error:
            says = f"{name} cannot be written: {error.strerror or error}"
            self.exitcode = complain("export", says, UNHEALTHY)
        except KeyboardInterrupt:
            says = f"stopped; {name} is not {'written' if self._path else 'whole'}"
            self.exitcode = complain("export", says, UNHEALTHY)
        else:
            says = f"{number:,} articles" if number else "no article is there that is asked for"
            print(f"{says}: {name}", file=sys.stdout if self._path else sys.stderr)

    def _export(self, database: Connection) -> int:
        """Write the articles; gives their number."""
        # Counting is for the bar alone: by some conditions it reads every article.
        total = count(database, self._wanted) if sys.stderr.isatty() else 0
        written = 0
        with progress_bar("articles", MofNCompleteColumn()) as show:

            def done(more: int) -> None:
                nonlocal written
                written += more
                show(written, total)

            articles = rows(database, self._fields, self._wanted, done)
            if self._path:
                with replacing(self._path) as file, compressing(file, self._form) as plain:
                    self._write(plain, articles)
            else:
                with writing_to_stdout():
                    self._write(sys.stdout.buffer, articles)
        return written

    def _write(self, file: BinaryIO, articles: Iterator[Row]) -> None:
        if self._form.startswith(".csv"):
            write_csv(file, self._fields, articles, bom=self._bom)
        elif self._form == ".parquet":
            try:
                write_parquet(file, self._fields, articles)
            except ValueError as error:  # Arrow's, for a moment that is none
                says = f"the database holds what Parquet cannot: {str(error).splitlines()[0]}"
                raise StoreError(says) from None
        else:
            write_jsonl(file, self._fields, articles)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _target(name: str) -> tuple[Path | None, str]:
    """The file to write, without it standard output, and its suffix; raises ValueError."""
    if not name:
        raise ValueError("give the file to write, as -o corpus.jsonl")
    if name in ("-", "-:jsonl", "-:csv"):
        return None, f".{name[2:] or 'jsonl'}"
    if os.path.isdir(name):  # noqa: PTH112  # without an error for a name too long
        raise ValueError(f"{name} is a folder; name a file in it")
    suffix = next((suffix for suffix in _SUFFIXES if name.endswith(suffix)), None)
    if suffix is None:
        raise ValueError(f"{name} has no suffix that is known; known are {', '.join(_SUFFIXES)}")
    try:
        path = Path(name).resolve()  # a link stays one, and its file is replaced
        if path.exists() and not path.is_file():
            raise ValueError(f"{name} is no regular file; give -o - for standard output")
        if not path.parent.is_dir():
            raise ValueError(f"there is no folder {path.parent}; make it, or name another file")
        needed = (path.parent, path) if path.exists() else (path.parent,)
        if not all(os.access(one, os.W_OK) for one in needed):
            raise ValueError(f"{name} cannot be written: it or its folder is read-only")
    except (OSError, RuntimeError) as error:  # a name too long, a link to itself
        raise ValueError(f"{name} cannot be written: {error}") from None
    return path, suffix
