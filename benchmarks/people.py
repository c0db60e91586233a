"""What people do with the database: searching it and exporting it, in time and memory.

    python benchmarks/people.py [ARTICLES | FILE]

On a database that benchmarks/library.py makes of a number of articles (200,000), or on one that it
made before. Searches are timed inside the process, the best of some rounds; exports take turns with
a bare SELECT of the articles that orjson dumps, so that a change of the machine's speed meets both.
"""

from __future__ import annotations

import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from library import ARTICLES, COMMON, KANAL, RARE, make  # noqa: E402
from recorded import Results  # noqa: E402
from stories import LAST  # noqa: E402

from crawler.query.export import (  # noqa: E402
    RECORD,
    rows,
    write_csv,
    write_jsonl,
    write_parquet,
)
from crawler.query.files import compressing, replacing  # noqa: E402
from crawler.query.filter import Filter  # noqa: E402
from crawler.query.search import search, with_words  # noqa: E402
from crawler.query.snapshot import reading  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 3
# By a process between, since a child's memory counts that of who started it.
_MEASURE = """
import resource, subprocess, sys, time
started = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{time.perf_counter() - started:.1f} {usage.ru_utime + usage.ru_stime:.1f}")
print(usage.ru_maxrss // 1024)
"""
WEEK = (LAST - timedelta(days=7)).date()
SEARCHES: list[tuple[str, bool, dict[str, Any]]] = [
    (RARE, False, {}),
    ("pasar", False, {}),
    ("pasar gotong", False, {}),
    (COMMON, False, {}),
    (f"{COMMON} dan di itu dengan", False, {}),
    (f"{COMMON} OR dan OR di", False, {}),
    (f'"{COMMON} dan"', False, {}),
    (f"title:{COMMON}", False, {}),
    (f"{RARE[:4]}*", False, {}),
    ("pasar", True, {}),
    (COMMON, True, {}),
    (COMMON, False, {"since": WEEK}),
    ("pasar", False, {"section": KANAL}),
    (COMMON, False, {"section": KANAL}),
    (COMMON, False, {"reporter": "reporter 14"}),
]


class Cost(NamedTuple):
    """Of a piece of work, in seconds."""

    wall: float
    cpu: float


def timed(work: Callable[[], object]) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)


def look(path: Path, words: str, newest: bool, wanted: Filter) -> str:
    """Search as the command does; gives how many articles match."""
    with reading(path) as database:
        result = search(database, with_words(database, wanted, words), newest=newest, limit=20)
    return "more" if result.number is None else f"{result.number:,}"


def search_table(path: Path) -> list[tuple[object, ...]]:
    table: list[tuple[object, ...]] = []
    for words, newest, narrowed in SEARCHES:
        wanted = Filter(**narrowed)
        costs = [timed(lambda: look(path, words, newest, wanted)) for _ in range(ROUNDS)]  # noqa: B023
        options = [f"--{name} {value}" for name, value in narrowed.items()]
        table.append(
            (
                " ".join([words, *["--newest"] * newest, *options]),
                look(path, words, newest, wanted),
                *(f"{min(times) * 1000:.0f}" for times in zip(*costs, strict=True)),
            )
        )
    return table


def bare(path: Path, target: Path) -> None:
    """What an export cannot be faster than: the table alone, in no order."""
    with closing(sqlite3.connect(path)) as database, target.open("wb") as file:
        cursor = database.execute("SELECT * FROM articles")
        names = [column[0] for column in cursor.description]
        for row in cursor:
            file.write(orjson.dumps(dict(zip(names, row, strict=True))) + b"\n")


def export(path: Path, target: Path) -> None:
    """As the command does."""
    with reading(path) as database, replacing(target) as file:
        articles = rows(database, RECORD, Filter(), lambda _: None)
        with compressing(file, target.name) as plain:
            if ".csv" in target.name:
                write_csv(plain, RECORD, articles)
            elif target.suffix == ".parquet":
                write_parquet(plain, RECORD, articles)
            else:
                write_jsonl(plain, RECORD, articles)


def export_table(path: Path, folder: Path, number: int) -> list[tuple[object, ...]]:
    contenders: dict[str, list[Cost]] = {}
    for _ in range(ROUNDS):
        for name in ("bare SELECT", "jsonl", "csv", "parquet"):
            target = folder / f"export.{name}"
            work = bare if name == "bare SELECT" else export
            contenders.setdefault(name, []).append(timed(lambda: work(path, target)))  # noqa: B023
            target.unlink()
    floor = contenders["bare SELECT"]
    table: list[tuple[object, ...]] = []
    for name, costs in contenders.items():
        speed = number / statistics.median(cost.wall for cost in costs)
        of_bare = (
            statistics.median(a[part] / b[part] for a, b in zip(floor, costs, strict=True))
            for part in (0, 1)  # wall and CPU
        )
        table.append((name, f"{speed:,.0f}", *(f"{ratio:.2f}" for ratio in of_bare)))
    return table


def command_table(path: Path, folder: Path) -> list[tuple[object, ...]]:
    """Whole commands, each a process: seconds and the most memory."""
    table: list[tuple[object, ...]] = []
    for program, *args in (
        ("scrapy", "search", RARE),
        ("republika", "search", RARE),
        ("republika", "search", COMMON),
        ("scrapy", "runs"),
        ("republika", "runs"),
        *(
            ("scrapy", "export", "-o", str(folder / f"a.{kind}"))
            for kind in ("jsonl", "csv", "parquet")
        ),
    ):
        module = {"scrapy": "scrapy", "republika": "crawler"}[program]
        command = [sys.executable, "-m", module, *args, "-s", f"DATABASE={path}"]
        measure = [sys.executable, "-c", _MEASURE, *command]
        done = subprocess.run(measure, cwd=ROOT, check=True, capture_output=True, text=True)
        name = " ".join((program, *args)).replace(f"{folder}/", "")
        table.append((name, *done.stdout.split()))
    return table


def main(what: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = Path(what)
        if what.isdecimal():
            path = folder / "library.db"
            cost = timed(lambda: make(path, int(what)))
            print(f"{what} articles made in {cost.wall:.0f} s ({cost.cpu:.0f} s of CPU)")
        with reading(path) as database:
            (number,) = database.execute("SELECT count(*) FROM articles").fetchone()
        results = Results("people")
        results.say(f"{number:,} articles, {path.stat().st_size / 1e9:.1f} GB.")
        results.table(("search", "matches", "ms", "ms of CPU"), search_table(path))
        results.table(
            ("export", "rows/s", "of bare", "of bare by CPU"), export_table(path, folder, number)
        )
        results.table(("command", "s", "s of CPU", "MB at most"), command_table(path, folder))
        results.keep()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else str(ARTICLES))
