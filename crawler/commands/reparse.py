"""``scrapy reparse``: today's parser over the captures, written through the store."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from crawler.cli.arguments import (
    add_days,
    add_section,
    check_days,
    check_settings,
    identifier,
    number,
)
from crawler.cli.project import ProjectCommand
from crawler.cli.terminal import print_table, progress_bar, say, say_unhealthy
from crawler.errors import (
    HEALTHY,
    UNHEALTHY,
    ArgumentError,
    Stopped,
    StoreError,
)
from crawler.site import is_in_section

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from crawler.captures.engine import Engine
    from crawler.captures.reparse import Report
    from crawler.captures.sources import Sources
    from crawler.database.store import Store

_WIDTH = 60  # characters of an example
_MOST_JOBS = 64
_EPILOG = """Without a name it reads what CAPTURES holds; files there that are new to the database
are indexed first. With names it reads these files, folders, patterns, addresses (https://, s3://)
and lists (@FILE, a name a line): WARC from any tool, or WACZ. What they have of Republika's
articles is kept in CAPTURES, as NAME.republika.warc.gz; an archive that was read to its end is not
read again.

An article's latest capture is its record; what an earlier one says otherwise is a revision.
Exit codes: 0; 1 if a stored article can no longer be parsed, unless --accept, or a file cannot
be read; 2 bad arguments; 75 database held.

examples:
  scrapy reparse                               everything again, by today's parser
  scrapy reparse --dry-run --since 2022-08-01  what would change, of articles since that day
  scrapy reparse --only-rejected               what could not be read before
  scrapy reparse --reindex                     make the database again from the captures alone
  scrapy reparse CC-NEWS-*.warc.gz             what somebody else has archived
  scrapy reparse @warc.paths.gz                the files of a list
  scrapy reparse --on tcp://10.0.0.1:8786 @warc.paths.gz       read on a cluster"""


class Command(ProjectCommand):
    """Reads captures again; ends in 1 where a stored article can no longer be parsed."""

    requires_crawler_process = False
    epilog = _EPILOG

    def syntax(self) -> str:
        return "[options] [WARC ...]"

    def short_desc(self) -> str:
        return "Run today's parser over stored captures, and report what changed"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add = parser.add_argument
        add("--dry-run", action="store_true", help="report only, write nothing")
        add_days(parser, "articles made")
        add_section(parser)
        add(
            "--id",
            metavar="ID",
            type=identifier,
            action="append",
            default=[],
            help="only this article, e.g. rgmwym370; may be given several times",
        )
        add("--only-rejected", action="store_true", help="only articles that gave no record before")
        add(
            "--accept",
            action="store_true",
            help="reject stored articles that can no longer be parsed",
        )
        add("--again", action="store_true", help="read archives that were read before too")
        add(
            "--reindex",
            action="store_true",
            help="rebuild the capture index from the files in CAPTURES",
        )
        add(
            "--jobs",
            metavar="N",
            type=number(1, _MOST_JOBS),
            help="use N processes (default: one per core)",
        )
        add(
            "--on",
            metavar="tcp://HOST:8786",
            help="have archives read by the workers of this Dask scheduler",
        )

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.captures.archives import archives, is_address
        from crawler.captures.cluster import check_cluster
        from crawler.captures.folder import captures_folder
        from crawler.captures.selection import Selection

        check_settings(self.settings)
        check_days(opts)
        if opts.on:
            check_cluster(opts.on)
            if not args:
                raise ArgumentError("--on has archives read by other machines; name them")
        if args and opts.reindex:
            raise ArgumentError("--reindex reads what CAPTURES holds; name no WARC with it")
        self._folder = captures_folder(self.settings)
        if not args and not self._folder:
            raise ArgumentError("CAPTURES is empty; name the WARC files to read")
        ids = frozenset(opts.id)
        self._selection = Selection(ids, opts.since, opts.until, opts.only_rejected)
        self._archives = archives(args)
        if not self._folder and any(map(is_address, self._archives)):
            raise ArgumentError("CAPTURES is empty, and what comes from an address is kept there")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.captures.cluster import cluster_engine
        from crawler.captures.engine import cores, local_engine
        from crawler.crawl.run import schedule
        from crawler.database.lock import database_lock
        from crawler.database.store import Store

        database = self.settings["DATABASE"]
        try:
            with local_engine(opts.jobs or cores()) as engine, ExitStack() as stack:
                self._reader = stack.enter_context(cluster_engine(opts.on)) if opts.on else None
                if opts.dry_run and not Path(database).exists():
                    with Store(":memory:") as store:
                        self.exitcode = self._reparse(store, engine, args, opts)
                    return
                with database_lock(database), Store(database, schedule(self.settings)) as store:
                    self.exitcode = self._reparse(store, engine, args, opts)
        except OSError as error:
            raise StoreError(f"{error.filename} cannot be used: {error.strerror}") from error
        except KeyboardInterrupt:
            raise Stopped(
                "stopped; what was read is stored, and the next one begins anew"
            ) from None

    def _reparse(
        self, store: Store, engine: Engine, args: list[str], opts: argparse.Namespace
    ) -> int:
        if not opts.dry_run:
            return self._reparse_into(self._folder, store, engine, args, opts)
        with TemporaryDirectory(prefix="republika-") as folder:
            return self._reparse_into(Path(folder), store, engine, args, opts)

    def _reparse_into(
        self,
        extracts: Path | None,
        store: Store,
        engine: Engine,
        args: list[str],
        opts: argparse.Namespace,
    ) -> int:
        from crawler.captures.folder import files_of_others
        from crawler.captures.reparse import read_articles, write
        from crawler.captures.selection import Selected, Selection
        from crawler.captures.sources import gather
        from crawler.crawl.health import why_worse
        from crawler.crawl.run import versions
        from crawler.dates import iso, now

        others: dict[Path, Path] = {}
        if self._folder and not self._archives:
            others = files_of_others(Path(self.settings["DATABASE"]), self._folder)
        run_id = None
        if not opts.dry_run:
            run_id = store.begin_run("reparse", _given(args, opts), versions(), iso(now()))
        with progress_bar("archives") as show:
            sources = gather(
                store,
                self._folder,
                self._archives,
                self._reader or engine,
                extracts=extracts,
                others=others,
                reindex=opts.reindex,
                again=opts.again or opts.dry_run,
                dry_run=opts.dry_run,
                progress=show,
            )
        selected = Selected(sources, self._selection)
        number = len(selected)
        with progress_bar("articles") as show:
            report = write(
                store,
                read_articles(selected, engine),
                now=iso(now()),
                dry_run=opts.dry_run,
                accept=opts.accept,
                wanted=_is_wanted(opts.section),
                progress=lambda done: show(done, number),
            )
        whole = not opts.section and self._selection == Selection()
        if run_id is not None and whole and (opts.accept or not report.refused):
            store.sources.stored(sources.read, iso(now()))
        why = list(sources.unread)
        if not args and sources.is_empty:
            why.append(f"there is nothing to read in {self._folder}")
        why += [f"{reason}: {number}" for reason, number in sorted(report.unreadable.items())]
        if report.refused and not opts.accept:
            why.append(f"stored articles that can no longer be parsed: {len(report.refused)}")
        why += why_worse(report.worse, report.counts["found"])
        if report.shorter:
            why.append(
                f"texts that today's parser reads much shorter: {report.shorter}; what the former"
                " one read is in `revisions`"
            )
        if run_id is not None:
            notes = [*(f"left out {what}: {n}" for what, n in _left(sources)), *_notes(sources)]
            store.runs.end(
                run_id, reason="finished", why=why, notes=notes, fields={}, now=iso(now())
            )
        if not number:
            print("no captured article matches")
        _show(sources, report, dry_run=opts.dry_run)
        say_unhealthy(why)
        return UNHEALTHY if why else HEALTHY


def _given(args: list[str], opts: argparse.Namespace) -> dict[str, str]:
    """What was asked for, as the run history shows it."""
    names = ("since", "until", "section", "id", "only_rejected", "accept", "again", "reindex")
    given = {name: getattr(opts, name) for name in names if getattr(opts, name)}
    if args:
        given["warc"] = args
    return {
        name: " ".join(value) if isinstance(value, list) else str(value)
        for name, value in given.items()
    }


def _is_wanted(section: str | None) -> Callable[[str, str | None], bool]:
    def is_wanted(url: str, label: str | None) -> bool:
        return not section or is_in_section(section, url, label)

    return is_wanted


# -- what is shown -----------------------------------------------------------------------------


def _show(sources: Sources, report: Report, *, dry_run: bool) -> None:
    from crawler.database.runs import summary

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
        print_table(("no longer parsed", "address", "reason"), report.refused)
    if sources.left:
        print()
        print_table(("left out", "captures"), _left(sources))
    for line in _notes(sources):
        say(f"note: {line}")


def _notes(sources: Sources) -> list[str]:
    """What is worth knowing of the files."""
    ahead = sources.ahead
    owners = Counter(sources.others.values())
    return [
        *(f"files of {owner}, left alone unless named: {n}" for owner, n in sorted(owners.items())),
        *(
            [f"archives that were read before: {known}; --again reads them again"]
            if (known := len(sources.known))
            else []
        ),
        *([f"captures dated after now, which are no article's latest: {ahead}"] if ahead else []),
        *sources.damaged,
    ]


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
