"""Reading captures again: `scrapy reparse` against reading the same WARC and parsing with lxml.

    python benchmarks/reparse.py [CAPTURES]
    python benchmarks/reparse.py growth [CAPTURES]

Makes CAPTURES captures (3,000) of the real pages beside the project if they are there, else of the
sample day, under new ids. The floor, one worker and two workers take turns, so that a change of the
machine's speed meets them all. Where other work disturbs, the CPU time tells more than the clock.

`growth` tells what a capture costs among many (100,000), beside one among 3,000 before and after.
"""

from __future__ import annotations

import gzip
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import lxml.html

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from parse import pages  # noqa: E402
from recorded import Results  # noqa: E402

from crawler.captures.engine import Engine, local_engine  # noqa: E402
from crawler.captures.payloads import decode_payload  # noqa: E402
from crawler.captures.reparse import read_articles, write  # noqa: E402
from crawler.captures.selection import Selected, Selection  # noqa: E402
from crawler.captures.sources import Sources, gather  # noqa: E402
from crawler.captures.warc import iter_captures  # noqa: E402
from crawler.captures.writer import WarcWriter  # noqa: E402
from crawler.database.store import Store  # noqa: E402
from crawler.parsers import parse_article  # noqa: E402
from crawler.urls import article_id, id_time  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 3
FEW, MANY = 3_000, 100_000  # captures
HEADERS = ((b"Content-Type", b"text/html; charset=UTF-8"), (b"Content-Encoding", b"gzip"))
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
NOW = "2026-01-01T00:00:00+07:00"


def base36(number: int) -> str:
    """As the first six characters of an id."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits


def archive(folder: Path, number: int) -> None:
    """Write this many captures: of the pages in turn, each under an id of its own."""
    found = []
    for html, url in pages(None):
        identifier = article_id(url)
        made = identifier and id_time(identifier)
        if identifier and made and " dan " in parse_article(html, url).body:
            found.append((html, url, identifier, int(made.timestamp())))
    writer = WarcWriter(folder)
    for count in range(number):
        html, url, identifier, second = found[count % len(found)]
        # Six digits in place of the editor's number keep ids apart that share a second.
        new = base36(second) + f"{count:06d}"
        # The same text under another id would be refused.
        page = html.replace(identifier.encode(), new.encode()).replace(
            b" dan ", b" dan %d " % count
        )
        writer.response(
            url.replace(identifier, new),
            200,
            HEADERS,
            gzip.compress(page, 6),
            datetime(2026, 1, 1, tzinfo=UTC),
        )
    writer.close()


def floor(folder: Path) -> int:
    """Read every capture, and let lxml parse its page."""
    count = 0
    for path in sorted(folder.iterdir()):
        for capture in iter_captures(path):
            lxml.html.fromstring(decode_payload(capture.headers, capture.payload))
            count += 1
    return count


def index(store: Store, folder: Path, engine: Engine, *, anew: bool = False) -> Sources:
    """Let the store know where the captures lie."""
    return gather(
        store,
        folder,
        [],
        engine,
        extracts=folder,
        others={},
        reindex=anew,
        again=False,
        dry_run=False,
        progress=lambda done, total: None,  # noqa: ARG005
    )


def reparse(folder: Path, database: Path, jobs: int) -> int:
    """What the command does, into a database that knows where the captures lie."""
    with local_engine(jobs) as engine, Store(database) as store:
        selected = Selected(index(store, folder, engine), Selection())
        report = write(
            store,
            read_articles(selected, engine),
            now=NOW,
            dry_run=False,
            accept=False,
            wanted=lambda url, article: True,  # noqa: ARG005
            progress=lambda done: None,  # noqa: ARG005
        )
    return report.counts["new"] + report.counts["unchanged"]


class Cost(NamedTuple):
    """Milliseconds for each capture: by the clock, and of all processes' CPU."""

    clock: float
    cpu: float


def timed(work: Callable[[], int]) -> tuple[int, Cost]:
    """What it counted, and what each cost."""
    start, used = time.perf_counter(), _cpu()
    count = work()
    took, used = time.perf_counter() - start, _cpu() - used
    return count, Cost(took / count * 1000, used / count * 1000)


def _cpu() -> float:
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def growth(number: int) -> None:
    """Print what a capture costs among few and among many."""
    rows = []
    few: list[float] = []
    for count in (FEW, number, FEW):
        with tempfile.TemporaryDirectory() as name:
            folder, database = Path(name) / "captures", Path(name) / "republika.db"
            archive(folder, count)
            done, each = timed(lambda: reparse(folder, database, 1))  # noqa: B023
        assert done == count, f"{done} of {count}"
        if count == FEW:
            few.append(each.cpu)
        rows.append((count, each.cpu))
    base = statistics.mean(few)
    results = Results("reparse-growth")
    columns = ("captures, in turn", "CPU ms each", f"of {FEW:,}")
    results.table(columns, [(f"{n:,}", f"{cpu:.2f}", f"{cpu / base:.2f}") for n, cpu in rows])
    results.keep()


def main(number: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, work = Path(name) / "captures", Path(name)
        archive(folder, number)
        indexed = work / "indexed.db"
        with local_engine(1) as engine, Store(indexed) as store:
            start = time.perf_counter()
            index(store, folder, engine, anew=True)
            to_index = (time.perf_counter() - start) / number * 1000
        costs: dict[str, list[Cost]] = {}
        for turn in range(ROUNDS):
            for contender, jobs in (("floor", 0), ("new, 1 worker", 1), ("new, 2 workers", 2)):
                database = work / f"{turn}-{jobs}.db"
                if jobs:
                    database.write_bytes(indexed.read_bytes())
                    count, each = timed(lambda: reparse(folder, database, jobs))  # noqa: B023
                else:
                    count, each = timed(lambda: floor(folder))
                assert count == number, f"{contender}: {count} of {number}"
                costs.setdefault(contender, []).append(each)
            count, each = timed(lambda: reparse(folder, work / f"{turn}-1.db", 1))  # noqa: B023
            costs.setdefault("unchanged, 1 worker", []).append(each)
        base = costs["floor"]
        rows: list[tuple[str, ...]] = []
        for contender, each_round in costs.items():
            row = [contender]
            for which in Cost._fields:
                pairs = [
                    (getattr(least, which), getattr(cost, which))
                    for least, cost in zip(base, each_round, strict=True)
                ]
                row.append(f"{statistics.median(cost for _, cost in pairs):.2f}")
                row.append(f"{statistics.median(least / cost for least, cost in pairs):.2f}")
            rows.append(tuple(row))
        rows.append(("(to index them)", f"{to_index:.2f}", "", "", ""))
        results = Results("reparse")
        results.say(f"{number:,} captures.")
        results.table(("", "ms each", "speed, floor = 1", "CPU ms each", "by CPU"), rows)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        results.say(f"Memory at most: {peak} MB, a worker {workers} MB.")
        results.keep()


if __name__ == "__main__":
    given = sys.argv[1:]
    if given[:1] == ["growth"]:
        growth(int(given[1]) if given[1:] else MANY)
    else:
        main(int(given[0]) if given else FEW)
