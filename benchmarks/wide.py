"""More than one machine: reading archives beside bare fastwarc, on workers, and whoever dies.

    python benchmarks/wide.py [ARCHIVES [RECORDS]]

Makes ARCHIVES (12) archives of RECORDS (600) pages of other sites each, and a few of the sample
day's articles in each; serves them on the loopback interface; and has them read here and on a Dask
cluster of one worker and of two. In smaller ones a worker is killed before each of ten requests in
turn, then the writer, then the scheduler. Last, two databases are merged in both orders. Where
other work disturbs, the CPU time tells more than the clock.
"""

from __future__ import annotations

import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from fastwarc.warc import ArchiveIterator, WarcRecordType

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from recorded import Results  # noqa: E402

from crawler.captures.scanning import Task, is_of_site, read_archive  # noqa: E402
from crawler.captures.writer import WarcWriter  # noqa: E402
from tests.captures.again import PUTIN, reparse  # noqa: E402
from tests.captures.cluster import Cluster  # noqa: E402
from tests.captures.storage import Storage, storing  # noqa: E402
from tests.database.merging.shards import Event, contents, crawled, merged  # noqa: E402
from tests.helpers import sample_page  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 3
INSTANTS = 10
HEADERS = ((b"Content-Type", b"text/html; charset=UTF-8"),)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SMALL = 50  # pages of an archive at which somebody is killed
OF_SITE = 3  # articles an archive
MERGED = 2_000  # articles of a database
# What a run leaves behind of its own.
OF_THE_RUN = frozenset(
    "first_seen_at updated_at seen_at run_id found_run next_check_at read_at stored_at".split()
)


def archives(folder: Path, number: int, records: int) -> list[Path]:
    """Archives of random pages of 100 KB, that pack as pages do, with some of the site's."""
    chance = random.Random(1)
    words = ["".join(chance.choices("aeioknrst", k=chance.randint(3, 9))) for _ in range(4000)]
    pages = [
        b"".join(b"<p>%s</p>" % " ".join(chance.choices(words, k=60)).encode() for _ in range(250))
        for _ in range(20)
    ]
    url, page = sample_page(PUTIN)
    for one in range(number):
        writer = WarcWriter(folder / "made")
        for place in range(records):
            date = BEGIN + timedelta(days=one, seconds=place)
            elsewhere = f"https://www.example{place % 500}.com/{one}/{place}"
            writer.response(elsewhere, 200, HEADERS, chance.choice(pages), date)
            if place < OF_SITE:
                new = f"{PUTIN[:6]}{OF_SITE * one + place + 1:03d}"
                text = page.replace(PUTIN, new).replace(" surat ", f" surat {one} {place} ")
                writer.response(url.replace(PUTIN, new), 200, HEADERS, text.encode(), date)
        writer.close()
        (file,) = (folder / "made").iterdir()
        file.rename(folder / f"NEWS-{one:03d}.warc.gz")
    (folder / "made").rmdir()
    return sorted(folder.glob("*.gz"))


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def cpu_of(process: subprocess.Popen[bytes]) -> float:
    """The CPU seconds that a running process has used."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def bare(files: list[Path]) -> int:
    """The floor: what fastwarc finds of the site's addresses."""
    found = 0
    for path in files:
        with path.open("rb") as file:
            for record in ArchiveIterator(
                file, record_types=WarcRecordType.response, parse_http=False
            ):
                found += is_of_site(record.headers.get("WARC-Target-URI") or "")
    return found


def ours(files: list[Path]) -> int:
    """What a worker does, but for the extract."""
    return sum(len(read_archive(Task(str(path), path.name)).rows) for path in files)


def scan(results: Results, files: list[Path]) -> None:
    costs: dict[str, list[float]] = {"fastwarc, addresses only": [], "this crawler": []}
    for _ in range(ROUNDS):
        for name, read in zip(costs, (bare, ours), strict=True):
            before = cpu()
            assert read(files) == OF_SITE * len(files)
            costs[name].append(cpu() - before)
    floor, own = (min(each) for each in costs.values())
    size = sum(path.stat().st_size for path in files) / 1e6
    rows = [(name, f"{min(each):.2f}", f"{size / min(each):.0f}") for name, each in costs.items()]
    results.say(f"{len(files)} archives of {size / len(files):.0f} MB, read by one process.")
    results.table(("", "CPU s", "MB a CPU second"), rows)
    results.say(f"Speed, fastwarc = 1: {floor / own:.2f}.")


def same(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """What a database holds, but for its runs and their times."""
    tables = contents(database, without=OF_THE_RUN)
    del tables["runs"]
    return tables


class Trials:
    """Reads the archives again and again, each time into a new database."""

    def __init__(self, folder: Path, storage: Storage, files: list[Path]) -> None:
        folder.mkdir()
        self._folder = folder
        self._storage = storage
        self._names = [f"{storage.url}/{path.name}" for path in files]
        self._number = 0
        self.gets = 0

    def database(self) -> Path:
        self._number += 1
        return self._folder / f"{self._number}.db"

    def read(self, database: Path, *args: str, at: dict[int, Callable[[], object]]) -> int:
        """Run the command; gives its exit code."""
        self._storage.asked.clear()
        self._storage.at_get = at
        done = reparse(database, *self._names, "--jobs", "1", *args)
        self.gets = sum(method == "GET" for method, _ in self._storage.asked)
        return done.returncode

    def begin(self, database: Path, *args: str) -> subprocess.Popen[bytes]:
        self._storage.asked.clear()
        where = (
            "-s",
            f"DATABASE={database}",
            "-s",
            f"CAPTURES={database.with_suffix('.captures')}",
        )
        command = [sys.executable, "-m", "scrapy", "reparse", *self._names, "--jobs", "1"]
        return subprocess.Popen([*command, *args, *where], cwd=ROOT)

    def kill_at(self, number: int, process: subprocess.Popen[bytes]) -> None:
        self._storage.at_get = {number: process.kill}


def speed(results: Results, trials: Trials, warm: Trials, cluster: Cluster) -> None:
    """The same archives read by one worker, and by two, after others that have all loaded."""
    on = ("--on", cluster.address)
    cluster.wait_for_workers()
    assert warm.read(warm.database(), *on, at={}) == 0
    before = cpu_of(cluster.workers[0])
    assert trials.read(trials.database(), *on, at={}) == 0
    alone = cpu_of(cluster.workers[0]) - before
    cluster.add_worker()
    cluster.wait_for_workers()
    assert warm.read(warm.database(), *on, at={}) == 0
    begun = [cpu_of(worker) for worker in cluster.workers]
    assert trials.read(trials.database(), *on, at={}) == 0
    used = [cpu_of(worker) for worker in cluster.workers]
    shares = [after - before for before, after in zip(begun, used, strict=True)]
    results.say(
        f"Read over HTTP by the workers of a Dask cluster: {alone:.1f} CPU seconds of one alone;"
        f" of two {' and '.join(f'{share:.1f}' for share in shares)},"
        f" {alone / max(shares):.2f} times as fast."
    )


def deaths(results: Results, trials: Trials, cluster: Cluster) -> None:
    """Everybody killed in turn; each database held against the local one."""
    local = trials.database()
    assert trials.read(local, at={}) == 0
    right = same(local)
    rows = []
    on = ("--on", cluster.address)
    database = trials.database()
    assert trials.read(database, *on, at={}) == 0
    rows.append(("two workers", "equal" if same(database) == right else "DIFFERS"))
    assert trials.read(database, *on, at={}) == 0
    rows.append(("read again: archives asked for", str(trials.gets)))
    equal = 0
    for number in range(1, INSTANTS + 1):
        database = trials.database()
        doomed = cluster.workers.pop(0)
        at: dict[int, Callable[[], object]] = {number: doomed.kill}
        assert trials.read(database, *on, at=at) == 0
        doomed.wait()
        cluster.add_worker()
        equal += same(database) == right
    rows.append((f"a worker killed, at {INSTANTS} instants", f"{equal} equal"))
    database = trials.database()
    writer = trials.begin(database, *on)
    trials.kill_at(5, writer)
    assert writer.wait() < 0
    assert trials.read(database, *on, at={}) == 0
    end = "equal" if same(database) == right else "DIFFERS"
    rows.append(("the writer killed, and run again", end))
    database = trials.database()
    assert cluster.scheduler
    assert trials.read(database, *on, at={3: cluster.scheduler.kill}) == 1
    assert trials.read(database, at={}) == 0
    end = "equal" if same(database) == right else "DIFFERS"
    rows.append(("the scheduler killed, and run again without", end))
    results.table(("on a Dask cluster", "database, beside the local one"), rows)


def merging(results: Results, work: Path) -> None:
    text = "Harga kedelai di pasar induk naik lagi pekan ini, kata pedagang nomor {}. " * 20
    sources = []
    for number, name in enumerate(("east", "west")):
        first = number * MERGED // 2  # so that half of them are known to both
        events = [
            Event(place + 1, f"rgm{place:03d}{place % 10:03d}", text.format(*[place] * 20))
            for place in range(first, first + MERGED)
        ]
        sources.append((name, crawled(work / f"{name}.db", events)))
    costs, found = [], []
    for number, order in enumerate((sources, sources[::-1])):
        begin = cpu()
        database = merged(work / f"merged-{number}.db", *order)
        costs.append(cpu() - begin)
        found.append(contents(database))
        with closing(sqlite3.connect(database)) as connection:
            (articles,) = connection.execute("SELECT count(*) FROM articles").fetchone()
    results.say(
        f"Two databases of {MERGED:,} articles, half of them in both, merged into {articles:,}:"
        f" {costs[0]:.1f} and {costs[1]:.1f} CPU seconds, by order;"
        f" {'equal' if found[0] == found[1] else 'DIFFERENT'}."
    )


def main(number: int, records: int) -> None:
    results = Results("wide")
    with tempfile.TemporaryDirectory() as name:
        work, folder = Path(name), Path(name) / "archives"
        small = folder / "small"
        few = archives(small, number, SMALL)
        files = archives(folder, number, records)
        scan(results, files)
        with storing(folder) as large, storing(small) as others, Cluster(work) as cluster:
            cluster.start(1)
            trials = Trials(work / "deaths", others, few)
            speed(results, Trials(work / "speed", large, files), trials, cluster)
            deaths(results, trials, cluster)
        merging(results, work)
    results.keep()


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [12, 600][len(given) :]))
