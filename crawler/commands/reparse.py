"""``scrapy reparse``: today's parser over the captures, written through the store."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import DownloadColumn, MofNCompleteColumn

from crawler.captures.engine import Engine, WorkerError, cores, local_engine
from crawler.captures.reparse import Report, read_articles, write
from crawler.captures.selection import Selected, Selection
from crawler.captures.sources import ArchiveError, Sources, gather, warc_files
from crawler.cli.command import OutputError, ProjectCommand, number, span, writing_to_stdout
from crawler.cli.running import (
    BAD_ARGUMENTS,
    BUSY,
    HEALTHY,
    UNHEALTHY,
    complain,
    say_unhealthy,
    summary,
)
from crawler.cli.terminal import print_table, say
from crawler.crawl.progress import progress_bar
from crawler.crawl.run import schedule, versions
from crawler.database.connection import StoreError
from crawler.database.lock import Locked, database_lock
from crawler.database.store import Store
from crawler.dates import iso, now
from crawler.site import check_section, is_in_section

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

_ID = re.compile(r"[a-z0-9]{6}[0-9]*")
_WIDTH = 60  # characters of an example
_MOST_JOBS = 64
_EPILOG = """Without a name it reads what CAPTURES holds; files there that are new to the database
are indexed first. With names it reads these files, folders and patterns: WARC of any making,
or WACZ.

An article's latest capture is its record; what an earlier one says otherwise is a revision.
Exit codes: 0; 1 where a record was read before and is no more, unless --accept, or a file cannot
be read; 2 bad arguments; 75 database held.

examples:
  scrapy reparse                               everything again, by today's parser
  scrapy reparse --dry-run --since 2022-08-01  what would change, of articles since that day
  scrapy reparse --only-rejected               what could not be read before
  scrapy reparse --reindex                     make the database again from the captures alone
  scrapy reparse CC-NEWS-*.warc.gz             what somebody else has archived"""


class Command(ProjectCommand):
    """Reads captures again; ends in 1 where a record is read no more."""

    requires_crawler_process = False
    epilog = _EPILOG

    def syntax(self) -> str:
        return "[options] [WARC ...]"

    def short_desc(self) -> str:
        return "Run today's parser over stored captures, and report what changed"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add = parser.add_argument
        add("--dry-run", action="store_true", help="report only, write nothing")
        add("--since", metavar="DAY", default="", help="articles made that day or later")
        add("--until", metavar="DAY", default="", help="articles made that day or before")
        add("--section", metavar="KANAL", default="", help="articles of this kanal, as ekonomi")
        add("--id", metavar="ID", action="append", default=[], help="this article, or these")
        add("--only-rejected", action="store_true", help="articles that gave no record before")
        add("--accept", action="store_true", help="let go of records that are read no more")
        add("--reindex", action="store_true", help="find anew where in CAPTURES each page lies")
        add("--jobs", metavar="N", default="", help="so many processes; else one for each core")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        try:
            self._check(args, opts)
        except (ValueError, ArchiveError) as error:
            raise SystemExit(complain("reparse", error, BAD_ARGUMENTS)) from None

    def _check(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        schedule(self.settings)
        since, until = span(opts.since, opts.until)
        if opts.section:
            opts.section = check_section(opts.section)
        self._jobs = number("--jobs", opts.jobs, most=_MOST_JOBS) if opts.jobs else cores()
        if args and opts.reindex:
            raise ValueError("--reindex is of what CAPTURES holds; name no WARC with it")
        captures = self.settings["CAPTURES"]
        if wrong := [name for name in opts.id if not _ID.fullmatch(name)]:
            raise ValueError(f"--id {wrong[0]} is no article's id; give it as --id rgmwym370")
        if not args and not captures:
            raise ValueError("CAPTURES is empty; name the WARC files to read")
        self._selection = Selection(frozenset(opts.id), since, until, opts.only_rejected)
        self._folder = Path(captures).resolve() if captures else None
        self._files = warc_files(args)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        database = self.settings["DATABASE"]
        try:
            with local_engine(self._jobs) as engine:
                if opts.dry_run and not Path(database).exists():
                    with Store(":memory:") as store:
                        self.exitcode = self._reparse(store, engine, args, opts)
                    return
                with database_lock(database), Store(database, schedule(self.settings)) as store:
                    self.exitcode = self._reparse(store, engine, args, opts)
        except Locked as error:
            self.exitcode = complain("reparse", error, BUSY)
        except OSError as error:
            says = f"{error.filename} cannot be used: {error.strerror}"
            self.exitcode = complain("reparse", says, UNHEALTHY)
        except (StoreError, WorkerError, OutputError) as error:
            self.exitcode = complain("reparse", error, UNHEALTHY)
        except KeyboardInterrupt:
            says = "stopped; what was read is stored, and the next one begins anew"
            self.exitcode = complain("reparse", says, UNHEALTHY)

    def _reparse(
        self, store: Store, engine: Engine, args: list[str], opts: argparse.Namespace
    ) -> int:
        run_id = None
        if not opts.dry_run:
            run_id = store.runs.begin("reparse", _given(args, opts), versions(), iso(now()))
        with progress_bar("reading files", DownloadColumn()) as show:
            sources = gather(
                store,
                self._folder,
                self._files,
                reindex=opts.reindex,
                dry_run=opts.dry_run,
                progress=show,
            )
        selected = Selected(sources, self._selection)
        number = len(selected)
        with progress_bar("articles", MofNCompleteColumn()) as show:
            report = write(
                store,
                read_articles(selected, engine),
                now=iso(now()),
                dry_run=opts.dry_run,
                accept=opts.accept,
                wanted=_is_wanted(opts.section),
                progress=lambda done: show(done, number),
            )
        why = list(sources.unread)
        if not args and sources.is_empty:
            why.append(f"there is nothing to read in {self._folder}")
        why += [f"{reason}: {number}" for reason, number in sorted(report.unreadable.items())]
        if report.refused and not opts.accept:
            why.append(f"records that are read no more: {len(report.refused)}")
        if run_id is not None:
            notes = [*(f"left out {what}: {n}" for what, n in _left(sources)), *sources.damaged]
            store.runs.end(
                run_id, reason="finished", why=why, notes=notes, fields={}, now=iso(now())
            )
        with writing_to_stdout():
            if not number:
                print("no article that was captured is asked for")
            _show(sources, report, dry_run=opts.dry_run)
            say_unhealthy(why)
        return UNHEALTHY if why else HEALTHY


def _given(args: list[str], opts: argparse.Namespace) -> dict[str, str]:
    """What was asked for, as the run history shows it."""
    names = ("since", "until", "section", "id", "only_rejected", "accept", "reindex")
    given = {name: getattr(opts, name) for name in names if getattr(opts, name)}
    if args:
        given["warc"] = args
    return {
        name: " ".join(value) if isinstance(value, list) else str(value)
        for name, value in given.items()
    }


def _is_wanted(section: str) -> Callable[[str, str | None], bool]:
    def is_wanted(url: str, label: str | None) -> bool:
        return not section or is_in_section(section, url, label)

    return is_wanted


# -- what is shown -----------------------------------------------------------------------------


def _show(sources: Sources, report: Report, *, dry_run: bool) -> None:
    if dry_run:
        print("dry run: nothing was written")
    print(summary(report.counts))
    if report.fields:
        print()
        print_table(("field", "records changed"), sorted(report.fields.items()))
        rows = [
            (name, example.article_id, *_differing(example.before, example.after))
            for name, examples in sorted(report.examples.items())
            for example in examples
        ]
        print()
        print_table(("field", "article", "before", "after"), rows)
    if report.refused:
        print()
        print_table(("read no more", "address", "reason"), report.refused)
    if sources.left:
        print()
        print_table(("left out", "captures"), _left(sources))
    for line in sources.damaged:
        say(f"note: {line}")


def _left(sources: Sources) -> list[tuple[str, int]]:
    return sorted(sources.left.items())


def _differing(before: object, after: object) -> tuple[str, str]:
    """Two values, from where they begin to differ."""
    old, new = (
        " ".join(str(value if value is not None else "").split()) for value in (before, after)
    )
    pairs = enumerate(zip(old, new, strict=False))
    same = next((place for place, (a, b) in pairs if a != b), min(len(old), len(new)))
    begin = max(0, same - _WIDTH // 3)
    return _cut(old, begin), _cut(new, begin)


def _cut(text: str, begin: int) -> str:
    piece = text[begin : begin + _WIDTH]
    return ("…" if begin else "") + piece + ("…" if begin + _WIDTH < len(text) else "")
