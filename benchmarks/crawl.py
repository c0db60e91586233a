"""Memory and speed of a whole crawl, over a made-up site on this machine.

    python benchmarks/crawl.py memory [ARTICLES]
    python benchmarks/crawl.py throughput [ARTICLES]

The site runs in this process, each crawl in one of its own: where two cores are idle, neither waits
for the other. No delay between requests, 8 at a time to a host.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from contenders import BARE, CONTENDERS, WARM_UP, WHOLE  # noqa: E402
from recorded import Results  # noqa: E402
from stories import dressed, publish  # noqa: E402

from tests.site import Crawler, running_site  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tests.site import Site

CONTENDER = Path(__file__).with_name("contenders.py")
PLOT = Path(__file__).with_name("memory.png")
MARKS = (1_000, 2_000, 5_000, 10_000, 15_000)  # articles
BASE = 2_000  # articles after which memory should hardly grow any more:
LIMIT = 1.2  # times what it is then
INTERVAL = 0.25  # seconds between two looks at the memory
ROUNDS = 7


class BenchmarkError(Exception):
    """A crawl did not do what was to be measured."""


# --- memory -----------------------------------------------------------------------------------


class Sample(NamedTuple):
    """The memory that a crawl held when it had asked for this many articles."""

    articles: int
    megabytes: float


def memory(articles: int) -> None:
    """Back-fill this many articles; print and draw what memory the process holds on the way."""
    if not importlib.util.find_spec("matplotlib"):
        sys.exit("matplotlib draws the plot: .venv/bin/python -m pip install --group bench")
    if articles <= BASE:
        sys.exit(f"the memory after {BASE:,} articles is the measure: give a greater number")
    with TemporaryDirectory() as folder, running_site() as site:
        days = publish(site, articles)
        samples = watch(Crawler(Path(folder), site), days)
    base = after(samples, BASE)
    rows = []
    for mark in (*(mark for mark in MARKS if mark < articles), articles):
        megabytes = after(samples, mark)
        rows.append((f"{mark:,}", f"{megabytes:.1f}", f"{megabytes / base:.3f}"))
    highest = max(sample.megabytes for sample in samples)
    rows.append(("highest", f"{highest:.1f}", f"{highest / base:.3f}"))
    results = Results("crawl-memory")
    results.table(("articles", "MB", f"of {BASE:,}"), rows)
    results.keep()
    draw(samples, base)


def watch(crawler: Crawler, days: tuple[date, date]) -> list[Sample]:
    """Look at the memory of a back-fill of these days until it ends."""
    since, until = days
    arguments = ("-a", f"since={since}", "-a", f"until={until}")
    process = crawler.start("backfill", *arguments, LOG_LEVEL="WARNING")
    requests = crawler.site.requests
    samples = []
    articles = looked_at = 0
    while process.poll() is None:
        new = requests[looked_at:]
        looked_at += len(new)
        articles += sum(asked.path.startswith("/berita/") for asked in new)
        megabytes = resident(process.pid)
        if articles and megabytes:
            samples.append(Sample(articles, megabytes))
        time.sleep(INTERVAL)
    if process.returncode != 0 or articles != len(crawler.site.articles):
        raise BenchmarkError(f"asked for {articles} articles: {crawler.log.read_text()[-1000:]}")
    return samples


def resident(pid: int) -> float:
    """The memory that a process holds, in MB (2**20 bytes); 0 when it has just ended."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def after(samples: Sequence[Sample], articles: int) -> float:
    """The MB that were held after this many articles."""
    later = (sample for sample in samples if sample.articles >= articles)
    return next(later, samples[-1]).megabytes


def draw(samples: Sequence[Sample], base: float) -> None:
    """Plot memory over articles."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.5), layout="constrained")
    axes = figure.subplots()
    axes.plot([s.articles for s in samples], [s.megabytes for s in samples], label="RSS")
    limit = f"{LIMIT:.0%} of RSS after {BASE:,} articles"
    axes.axhline(base * LIMIT, color="tab:red", linestyle="--", label=limit)
    axes.set(xlabel="articles", ylabel="MB", xlim=0, ylim=0, title="Memory of one back-fill")
    axes.legend(loc="lower right")
    figure.savefig(PLOT, dpi=110)


# --- throughput -------------------------------------------------------------------------------


class Result(NamedTuple):
    """What a contender took for a page, in milliseconds."""

    wall: float
    cpu: float


def throughput(articles: int) -> None:
    """Run all contenders over small pages, and over pages of real size; say what each takes."""
    results = Results("crawl-throughput")
    for whole in (False, True):
        with running_site() as site:
            days = publish(site, articles, whole=whole)
            if whole:
                site.misbehave("/berita/", dressed())
            rounds = alternate(site, days)
        pages = "whole pages, 76 KB, sent as 15 KB of gzip" if whole else "small pages, 16 KB"
        results.say(f"{articles} articles, {pages}; {ROUNDS} rounds.")
        columns = ("", "pages/s", "of bare", "CPU ms a page", "of bare by CPU")
        results.table(columns, compared(rounds))
    results.keep()


def alternate(site: Site, days: tuple[date, date]) -> list[dict[str, Result]]:
    """The results of each contender in each round; every round begins with another one."""
    with TemporaryDirectory() as folder:
        addresses = Path(folder) / "addresses.txt"
        addresses.touch()
        # A first run makes the site's pages, and shows which are asked for.
        measure(WHOLE, site, days, addresses)
        asked = [asked for asked in site.requests if asked.path != "/robots.txt"]
        addresses.write_text("\n".join(f"https://{asked.host}{asked.path}" for asked in asked))
        names = list(CONTENDERS)
        return [
            {name: measure(name, site, days, addresses) for name in names[number:] + names[:number]}
            for number in range(ROUNDS)
        ]


def measure(name: str, site: Site, days: tuple[date, date], addresses: Path) -> Result:
    """Run a contender with a new database; raises BenchmarkError if it did not fetch it all."""
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, CONTENDER, name, addresses, *map(str, days)],
            cwd=ROOT,
            env=Crawler(Path(folder), site).environment(LOG_LEVEL="WARNING"),
            check=False,
            capture_output=True,
            text=True,
        )
    if done.returncode:
        raise BenchmarkError(f"{name}: {done.stderr[-1000:]}")
    told = json.loads(done.stdout)
    articles = len(site.articles)
    stored = articles if CONTENDERS[name].stores else 0
    if told["pages"] + WARM_UP < articles or told["stored"] != stored:
        raise BenchmarkError(f"{name}: {told} {done.stderr[-1000:]}")
    return Result(*(told[kind] / told["pages"] * 1000 for kind in ("seconds", "cpu_seconds")))


def compared(rounds: Sequence[dict[str, Result]]) -> list[tuple[str, ...]]:
    """Speeds: medians over the rounds. CPU: the least, which other work on the machine adds to."""
    rows: list[tuple[str, ...]] = []
    least = {name: min(results[name].cpu for results in rounds) for name in CONTENDERS}
    for name, cpu in least.items():
        speed = statistics.median(1000 / results[name].wall for results in rounds)
        ratio = statistics.median(results[BARE].wall / results[name].wall for results in rounds)
        by_cpu = least[BARE] / cpu
        rows.append((name, f"{speed:.0f}", f"{ratio:.2f}", f"{cpu:.2f}", f"{by_cpu:.2f}"))
    return rows


if __name__ == "__main__":
    benchmarks = {"memory": (memory, 20_000), "throughput": (throughput, 500)}
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmark", choices=benchmarks)
    parser.add_argument("articles", type=int, nargs="?")
    given = parser.parse_args()
    benchmark, usual = benchmarks[given.benchmark]
    benchmark(given.articles or usual)
