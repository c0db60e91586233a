"""This parser beside other readers of articles: how right, how fast, how much memory.

    python benchmarks/peers.py setup [NAME ...]     # each in an environment of its own
    python benchmarks/peers.py compare [NAME ...]   # accuracy and time
    python benchmarks/peers.py memory [--pages N] [NAME ...]

The pages are the real ones beside the project if they are there, else those of the sample day. Each
reader is a process of its own, without network, asked for one page at a time in turn. CPU times.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import venv
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple, Self

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from peer_versions import PEERS  # noqa: E402
from recorded import Results  # noqa: E402

from crawler.dates import WIB  # noqa: E402
from crawler.parsers import split_dateline  # noqa: E402
from tests.corpus import CORPUS  # noqa: E402
from tests.floors import sets  # noqa: E402
from tests.scoring import (  # noqa: E402
    DAY,
    LEAK_KINDS,
    MINUTE,
    Labelled,
    Score,
    compared,
    flat,
    leaks,
    overlap,
    percent,
    precision_recall,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

ENVIRONMENTS = Path(__file__).with_name(".peers")
BASE = "lxml"  # no reader: what it costs to make a tree of the page
OURS = (BASE, "this parser")  # in the environment of this process
ROUNDS = 5
ENDLESS = float("inf")
WARM = 1000  # pages after which memory is looked at first


class PeerError(Exception):
    """A reader cannot be had, or has ended."""


class Reader:
    """The process of one reader."""

    def __init__(self, name: str, pages: Path) -> None:
        python = sys.executable if name in OURS else ENVIRONMENTS / name / "bin" / "python"
        if not Path(python).exists():
            raise PeerError(f"{name}: not set up: python benchmarks/peers.py setup {name}")
        self.name = name
        self.process = subprocess.Popen(
            [python, Path(__file__).with_name("peer.py"), name, pages],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        ready = self._answer()
        if "error" in ready:
            self.close()
            raise PeerError(f"{name}: {ready['error']}")
        self.version = ready["version"]

    def ask(self, question: int | str) -> dict[str, Any]:
        """The answer to the number of a page, or to ``rss``."""
        assert self.process.stdin
        with suppress(BrokenPipeError):  # it has ended, which the answer will say
            print(question, file=self.process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise PeerError(f"{self.name}: its process ended with {self.process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Verdict(NamedTuple):
    """How right a reader's answer for one page is, as far as readers at large can be."""

    title: bool = False
    day: bool = False
    minute: bool = False
    author: bool = False


def judge(page: Labelled, record: dict[str, Any]) -> tuple[Verdict, Score]:
    """Score what a reader gave."""
    text = without_datelines(record.get("text") or "")
    title, wanted = compared(page, "title", record.get("title") or "")
    leaked = leaks(page, f"{record.get('title')}\n{text}")
    moment = local(record.get("published"))
    right = page.expected["published_at"]
    length = DAY if page.day_only else MINUTE
    verdict = Verdict(
        title == wanted,
        moment[:DAY] == right[:DAY],
        moment[:length] == right[:length],
        is_author(page, record.get("authors") or []),
    )
    return verdict, Score(page, {}, overlap(page, text), leaked)


def is_author(page: Labelled, names: Sequence[str | None]) -> bool:
    """Whether every reporter is named, and nobody but them and the editors."""
    got = {flat(name).casefold() for name in names if name}
    for reporters in [page.expected["reporters"], *page.alternatives.get("reporters", [])]:
        wanted = {name.casefold() for name in reporters}
        editors = {name.casefold() for name in page.expected["editors"]}
        if wanted <= got <= wanted | editors:
            return True
    return False


def local(published: str | None) -> str:
    """A moment as the site prints it; one without a zone is taken for the site's."""
    try:
        moment = datetime.fromisoformat(published or "")
    except ValueError:
        return ""
    if len(published or "") == DAY:
        return str(published)
    return (moment if moment.tzinfo else moment.replace(tzinfo=WIB)).astimezone(WIB).isoformat()


def without_datelines(text: str) -> str:
    """The text without "REPUBLIKA.CO.ID, PLACE --", which no other reader tells from it."""
    return "\n".join(
        split_dateline(line)[1] if line.casefold().startswith("republika.co.id") else line
        for line in map(flat, text.split("\n"))
    )


def setup(names: Sequence[str]) -> int:
    """Make the environments; one that cannot be had does not stop the others."""
    failed = 0
    for name in names:
        print(f"{name}: {' '.join(PEERS[name])}", flush=True)
        folder = ENVIRONMENTS / name
        venv.create(folder, clear=True, with_pip=True)
        python = folder / "bin" / "python"
        pip = subprocess.run([python, "-m", "pip", "install", "-q", *PEERS[name]], check=False)
        failed += pip.returncode != 0
    return 1 if failed else 0


def opened(names: Sequence[str], pages: Path) -> list[Reader]:
    """The readers that can be had; of the others it is said why not."""
    readers = []
    for name in names:
        try:
            readers.append(Reader(name, pages))
        except PeerError as error:
            print(error)
    return readers


@dataclass
class Answers:
    """What a reader gave for the pages."""

    verdicts: list[Verdict] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    times: list[float] = field(default_factory=list)  # milliseconds, endless where it failed
    failures: Counter[str] = field(default_factory=Counter)  # by message

    def add(self, page: Labelled, answer: dict[str, Any], fastest: float) -> None:
        self.times.append(fastest)
        if "error" in answer:
            self.failures[answer["error"]] += 1
            verdict, score = Verdict(), Score(page, {})
        else:
            verdict, score = judge(page, answer["record"])
        self.verdicts.append(verdict)
        self.scores.append(score)

    def f1(self, layout: str = "") -> tuple[float, float, float]:
        """Precision, recall and their harmonic mean of the text, of all layouts or of one."""
        scores = [score for score in self.scores if layout in ("", score.page.layout)]
        precision, recall = precision_recall(scores)
        return precision, recall, 2 * precision * recall / ((precision + recall) or 1)

    def speed(self, base: Sequence[float]) -> list[str]:
        """Median and longest time, and the median ratio to another's times."""
        pairs = [(ms, other) for ms, other in zip(self.times, base, strict=True) if ms < ENDLESS]
        times = [ms for ms, _ in pairs] or [ENDLESS]
        ratios = [ms / other for ms, other in pairs] or [ENDLESS]
        figures = statistics.median(times), max(times), statistics.median(ratios)
        return [f"{figure:.1f}" for figure in figures]


def compare(names: Sequence[str], pages: Sequence[Labelled], path: Path) -> None:
    """Print what each reader gets right, and how long it takes."""
    readers = opened([BASE, *names], path)
    given = [Answers() for _ in readers]
    for number, page in enumerate(pages):
        # Turn by turn, so that a change of the machine's speed meets all of them.
        turns = [[reader.ask(number) for reader in readers] for _ in range(ROUNDS)]
        for answers, *its in zip(given, *turns, strict=True):
            answers.add(page, its[0], min(answer.get("ms", ENDLESS) for answer in its))
    for reader in readers:
        reader.close()
    labels = [f"{reader.name} {reader.version}".strip() for reader in readers]
    base = given[0].times
    results = Results("peers-compare")
    results.say(f"{len(pages)} pages; times are the fastest of {ROUNDS} rounds.")
    results.table(
        ("", "ms", "most ms", "x lxml"),
        [(name, *answers.speed(base)) for name, answers in zip(labels, given, strict=True)],
    )
    show(results, dict(zip(labels[1:], given[1:], strict=True)), pages)
    results.keep()


def show(results: Results, given: dict[str, Answers], pages: Sequence[Labelled]) -> None:
    """Print what is right in the readers' answers."""
    rows = []
    for name, answers in given.items():
        shares = [percent(sum(part), len(pages)) for part in zip(*answers.verdicts, strict=True)]
        rows.append(
            (
                name,
                *(f"{share:.0f}" for share in shares),
                *(f"{figure:.1f}" for figure in answers.f1()),
                str(sum(score.leaks.total() for score in answers.scores)),
                str(answers.failures.total()),
            )
        )
    results.table(("%", *Verdict._fields, "P", "R", "F1", "leaks", "failed"), rows)
    results.table(
        ("F1", *given),
        [
            (layout, *(f"{answers.f1(layout)[2]:.1f}" for answers in given.values()))
            for layout in sorted({page.layout for page in pages})
        ],
    )
    leaked = [sum((score.leaks for score in its.scores), Counter()) for its in given.values()]
    results.table(
        ("leaks", *given),
        [
            (kind, *(str(count[kind]) for count in leaked))
            for kind in LEAK_KINDS
            if any(count[kind] for count in leaked)
        ],
    )
    for name, answers in given.items():
        for message, count in answers.failures.items():
            print(f"{name}: {count} times: {message}")


def memory(names: Sequence[str], number: int, path: Path) -> None:
    """Print the resident memory after this many pages, two readers at a time."""

    def measure(name: str) -> tuple[str, ...]:
        try:
            with Reader(name, path) as reader:
                sizes = [reader.ask("rss")["rss"]]
                for count in range(number):
                    reader.ask(count)
                    if count + 1 in (WARM, number):
                        sizes.append(reader.ask("rss")["rss"])
        except PeerError as error:
            return (name, str(error), "", "", "")
        growth = (sizes[2] - sizes[1]) / (number - WARM) * 1000
        row = (name, *(f"{size:.0f}" for size in sizes), f"{growth:.1f}")
        print(*row, file=sys.stderr, flush=True)
        return row

    with ThreadPoolExecutor(2) as pool:
        rows = list(pool.map(measure, names))
    results = Results("peers-memory")
    results.table(("MB", "at start", f"{WARM} pages", f"{number} pages", "each 1000 more"), rows)
    results.keep()


def main() -> int:
    """Do what the command line says; give the exit code."""
    parser = argparse.ArgumentParser(description="This parser beside other readers of articles.")
    parser.add_argument("command", choices=("setup", "compare", "memory"))
    parser.add_argument("names", nargs="*", metavar="NAME", help="peers, without any all of them")
    parser.add_argument("--pages", type=int, default=5000, help="that memory is looked at after")
    arguments = parser.parse_intermixed_args()
    if unknown := set(arguments.names) - set(PEERS):
        parser.error(f"no such peer: {', '.join(unknown)}; there are: {', '.join(PEERS)}")
    if arguments.pages <= WARM:
        parser.error(f"--pages must be more than {WARM}")
    peers = arguments.names or list(PEERS)
    if arguments.command == "setup":
        return setup(peers)
    found = sets(CORPUS)
    # A reader is given one page, and cannot know the text of an article's further ones.
    pages = [page for page in found.get("corpus", found["samples"]) if not page.further]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pages.json"
        path.write_text(
            json.dumps([(page.url, page.html.decode("utf-8", "replace")) for page in pages]),
            encoding="utf-8",
        )
        try:
            if arguments.command == "compare":
                compare(["this parser", *peers], pages, path)
            else:
                memory([*OURS, *peers], arguments.pages, path)
        except PeerError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
