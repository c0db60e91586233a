"""Broken and hostile pages by the thousand: no parser may fail, hang or give half a record.

    python benchmarks/fuzz.py [INPUTS] [--seed N] [--processes N] [--save FOLDER]

Each input is a page, a listing or a feed of the sample, of the made-up site of the tests or, if
they are there, of the real pages beside the project, damaged in up to five ways. An input is made
of the seed and its number alone, whatever the number of processes. What fails, in time or
otherwise, is saved with what it was cut down to, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import re
import resource
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from damage import damage  # noqa: E402
from recorded import Results  # noqa: E402

from crawler.captures.payloads import decode_payload  # noqa: E402
from crawler.captures.warc import iter_captures  # noqa: E402
from crawler.dates import WIB, parse_date  # noqa: E402
from crawler.parsers import NotAnArticle, ParseError, parse_article  # noqa: E402
from crawler.parsers.feed import parse_feed  # noqa: E402
from crawler.parsers.listing import next_offset, parse_listing, tag_is_known  # noqa: E402
from crawler.urls import article_id  # noqa: E402
from tests.corpus import CORPUS  # noqa: E402
from tests.site import Site  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.process import BaseProcess

SAMPLE = ROOT / "samples" / "republika-2022-08-15.warc.gz"
NOW = datetime(2022, 8, 15, 18, tzinfo=WIB)
TOO_LONG = 5.0  # CPU seconds, where no page of the seeds takes one
HANGS = 60.0  # CPU seconds
MEMORY = 3 * 2**30  # bytes of a process
_SHRINKING = 20  # seconds that cutting down a failing input may take
_MADE_UP = {  # pages of the site of the tests that are the same every day
    "listing": ("/index/0/2022/08/15", "/index/50/2022/08/15"),
    "tag": ("/tag/perahu-kayu", "/tag/bandung"),
    "feed": ("/rss", "/rss/ekonomi", "/files/xml/sitemap.xml"),
}


class Input(NamedTuple):
    """What a parser is given."""

    parser: str
    source: bytes | str
    url: str


# --- parsers, and what must be true of what they give -----------------------------------------


class WrongRecord(Exception):
    """What the parser gave cannot be right."""


def _article(source: bytes | str, url: str) -> None:
    article = parse_article(source, url)
    lacking = [name for name in ("id", "url", "title", "body") if not getattr(article, name)]
    if lacking or not parse_date(article.published_at):
        raise WrongRecord(f"without {', '.join(lacking) or 'a date'}")
    repr(article).encode()  # what holds half a character cannot be stored


def _listing(source: bytes | str, url: str) -> None:
    for listed in parse_listing(source, url, NOW):
        if article_id(listed.url) != listed.id:
            raise WrongRecord(f"{listed.url} is not of {listed.id}")


def _tag(source: bytes | str, url: str) -> None:
    tag_is_known(source, url)
    following = next_offset(source, url, 5)
    if following is not None and following <= 5:
        raise WrongRecord(f"after 5 comes {following}")


def _feed(source: bytes | str, url: str) -> None:
    for listed in parse_feed(source, url):
        if article_id(listed.url) != listed.id:
            raise WrongRecord(f"{listed.url} is not of {listed.id}")


PARSERS: dict[str, Callable[[bytes | str, str], None]] = {
    "article": _article,
    "listing": _listing,
    "tag": _tag,
    "feed": _feed,
}
_WEIGHTS = {"article": 12, "listing": 3, "tag": 1, "feed": 4}


# --- inputs -----------------------------------------------------------------------------------


@cache
def pages() -> dict[str, list[tuple[bytes, str]]]:
    """Whole pages and their addresses, by the parser that they are for."""
    found: dict[str, list[tuple[bytes, str]]] = {name: [] for name in PARSERS}
    for capture in iter_captures(SAMPLE):
        if not capture.url.endswith("/robots.txt"):
            kind = "listing" if "/index/" in capture.url else "article"
            found[kind].append((decode_payload(capture.headers, capture.payload), capture.url))
    site = Site(0, Path())
    site.publish(60, until=NOW)
    for kind, paths in _MADE_UP.items():
        for path in paths:
            page = site.respond("www.republika.co.id", path, Message()).body
            found[kind].append((page, f"https://www.republika.co.id{path}"))
    for file in sorted(CORPUS.glob("html/*")):
        page = file.read_bytes()
        address = re.search(rb'(?:canonical" href|og:url" content)="([^"]+)"', page)
        url = address[1].decode() if address else "https://republika.co.id/berita/rgmwym370/a"
        for kind in ("feed",) if b"<rss" in page[:500] else ("article", "listing"):
            found[kind].append((page, url))
    return found


@cache
def _sources() -> list[bytes]:
    return [page for some in pages().values() for page, _ in some]


def make(seed: int, number: int) -> Input:
    """The input of that number."""
    random = Random(f"{seed} {number}")
    parser = random.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
    page, url = random.choice(pages()[parser])
    for _ in range(random.choice((0, 1, 1, 2, 2, 3, 5))):
        page = damage(random, page, _sources())
    if parser in ("article", "feed") and random.random() < 0.05:
        url = random.choice(("", "http://[::1", url.replace("/berita/", "//"), f"{url}-part2"))
    if random.random() < 0.15:  # as text, with half characters in it
        errors = random.choice(("surrogateescape", "replace"))
        return Input(parser, page.decode("utf-8", errors), url)
    return Input(parser, page, url)


# --- trying -----------------------------------------------------------------------------------


class Outcome(NamedTuple):
    """What came of an input: ``failure`` says what is wrong, with the place of an exception."""

    refused: bool
    seconds: float
    failure: str | None


def attempt(given: Input) -> Outcome:
    """Give an input to its parser."""
    refused, failure = False, None
    began = time.process_time()
    try:
        PARSERS[given.parser](given.source, given.url)
    except (ParseError, NotAnArticle):
        refused = True
    except Exception as error:  # noqa: BLE001  # which is what is looked for
        failure = f"{type(error).__name__} in {_where(error)}: {str(error)[:100]!r}"
    seconds = time.process_time() - began
    if seconds > TOO_LONG:
        failure = failure or f"more than {TOO_LONG:.0f} s"
    return Outcome(refused, seconds, failure)


def _where(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"


def kind(failure: str) -> str:
    """The same for failures that are most likely one."""
    return failure.partition(": ")[0]


def _without(given: Input, begin: int, end: int) -> Input:
    if isinstance(given.source, str):
        return given._replace(source=given.source[:begin] + given.source[end:])
    return given._replace(source=given.source[:begin] + given.source[end:])


def shrink(given: Input, failure: str) -> Input:
    """The input without what the failure does not need."""
    deadline = time.monotonic() + _SHRINKING
    size = len(given.source) // 2
    while size and time.monotonic() < deadline:
        begin = 0
        while begin < len(given.source) and time.monotonic() < deadline:
            shorter = _without(given, begin, begin + size)
            found = attempt(shorter).failure
            if found and kind(found) == kind(failure):
                given = shorter
            else:
                begin += size
        size //= 2
    return given


# --- many of them -----------------------------------------------------------------------------


@dataclass
class Tally:
    """What came of one parser's inputs."""

    inputs: int = 0
    refused: int = 0
    seconds: float = 0
    slowest: float = 0
    slowest_input: int = 0
    failed: Counter[str] = field(default_factory=Counter)  # by kind
    first: dict[str, int] = field(default_factory=dict)  # input of a kind

    def add(self, number: int, outcome: Outcome) -> None:
        self.inputs += 1
        self.refused += outcome.refused
        self.seconds += outcome.seconds
        if outcome.seconds > self.slowest:
            self.slowest, self.slowest_input = outcome.seconds, number
        if outcome.failure:
            self.failed[kind(outcome.failure)] += 1
            self.first.setdefault(kind(outcome.failure), number)


def _work(connection: Connection, seed: int, numbers: range) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the parent's, which ends this process
    for number in numbers:
        signal.setitimer(signal.ITIMER_PROF, HANGS)  # ends the process, wherever it hangs
        given = make(seed, number)
        connection.send((given.parser, attempt(given)))


def fuzz(inputs: int, seed: int, processes: int) -> dict[str, Tally]:
    """Try inputs 0 and following, in this many processes; the outcomes, by parser.

    A process that dies or hangs is a failure of the input that it was at; another goes on.
    """
    pages()  # before the processes are made, which then have them
    context = get_context("fork")
    tallies = {name: Tally() for name in PARSERS}
    workers: dict[Connection, tuple[BaseProcess, range]] = {}

    def start(numbers: range) -> None:
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(there, seed, numbers), daemon=True)
        process.start()
        there.close()
        workers[here] = process, numbers

    for first in range(processes):
        start(range(first, inputs, processes))
    with suppress(KeyboardInterrupt):  # then it says what was tried so far
        while workers:
            for connection in wait(list(workers)):
                assert isinstance(connection, Connection)
                process, numbers = workers.pop(connection)
                try:
                    parser, outcome = connection.recv()
                except EOFError:
                    process.join()
                    connection.close()
                    if numbers:
                        failure = f"the process ended with {process.exitcode}"
                        tallies[make(seed, numbers[0]).parser].add(
                            numbers[0], Outcome(refused=False, seconds=0, failure=failure)
                        )
                        start(numbers[1:])
                    continue
                tallies[parser].add(numbers[0], outcome)
                workers[connection] = process, numbers[1:]
    return tallies


def save(folder: Path, seed: int, tallies: dict[str, Tally]) -> Iterator[str]:
    """Save an input of each kind of failure; says what it was, and where it is."""
    for parser, tally in tallies.items():
        for failure, number in tally.first.items():
            given = make(seed, number)
            if "process" not in failure:
                given = shrink(given, failure)
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / f"{parser}-{seed}-{number}.html"
            source = given.source
            if isinstance(source, str):
                source = source.encode("utf-8", "surrogatepass")
            file.write_bytes(source)
            times = tally.failed[failure]
            yield f"{parser}: {failure}, {times} times, first input {number} ({given.url}): {file}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("inputs", nargs="?", type=int, default=200_000, help="default 200000")
    parser.add_argument("--seed", type=int, default=0, help="other inputs (0)")
    parser.add_argument("--processes", type=int, default=2, help="at a time (2)")
    parser.add_argument("--save", type=Path, default=Path("fuzz"), help="folder for what fails")
    options = parser.parse_args()
    tallies = fuzz(options.inputs, options.seed, options.processes)
    columns = ("parser", "inputs", "read", "refused", "failed", "mean ms", "slowest ms", "input")
    rows = []
    for name, tally in tallies.items():
        failed = tally.failed.total()
        read = tally.inputs - tally.refused - failed
        times = tally.seconds / max(tally.inputs, 1), tally.slowest
        milliseconds = (f"{1000 * seconds:.1f}" for seconds in times)
        rows.append(
            (name, tally.inputs, read, tally.refused, failed, *milliseconds, tally.slowest_input)
        )
    results = Results("fuzz")
    results.table(columns, rows)
    results.keep()
    failures = list(save(options.save, options.seed, tallies))
    for line in failures:
        print(line, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
