"""Time to a record: this parser and bare lxml over the same pages, in one run.

    python benchmarks/parse.py [FOLDER]

FOLDER holds pages as *.html; without it, the real pages beside the project if they are there, else
those of the sample day. In each round every contender reads all pages, as a program does that uses
it, and the least CPU time of a page counts: other work only adds to it. Ratios are to
`lxml.html.fromstring` of the same bytes.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import lxml.html

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from recorded import Results  # noqa: E402

from crawler.captures.payloads import decode_payload  # noqa: E402
from crawler.captures.warc import iter_captures  # noqa: E402
from crawler.parsers import NotAnArticle, ParseError, parse_article  # noqa: E402
from crawler.parsers.page import Page, page_text  # noqa: E402
from tests.corpus import CORPUS  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLE = ROOT / "samples" / "republika-2022-08-15.warc.gz"
ROUNDS = 15
SIZES = (60_000, 150_000)  # bytes of a whole page as the site serves it


def pages(folder: Path | None) -> list[tuple[bytes, str]]:
    """Articles as (bytes, address) that parse to a record."""
    if folder is None and CORPUS.is_dir():
        folder = CORPUS / "html"
    if folder:
        found = [(path.read_bytes(), "") for path in sorted(folder.glob("*.html"))]
    else:
        found = [
            (decode_payload(capture.headers, capture.payload), capture.url)
            for capture in iter_captures(SAMPLE)
        ]
    articles = []
    for html, url in found:
        try:
            address = url or Page(page_text(html), "").canonical or ""
            parse_article(html, address)
        except (NotAnArticle, ParseError):
            continue
        articles.append((html, address))
    return articles


CONTENDERS: dict[str, Callable[[bytes, str], object]] = {
    "lxml.html.fromstring": lambda html, _: lxml.html.fromstring(html),
    "this parser": parse_article,
}


def cpu_time(function: Callable[[bytes, str], object], html: bytes, url: str) -> float:
    """Milliseconds of CPU that one page takes."""
    begin = time.process_time_ns()
    function(html, url)
    return (time.process_time_ns() - begin) / 1e6


def main(folder: Path | None) -> None:
    """Print the table."""
    articles = pages(folder)
    whole = [page for page in articles if SIZES[0] <= len(page[0]) <= SIZES[1]]
    articles = whole or articles
    rounds: dict[str, list[list[float]]] = {name: [] for name in CONTENDERS}
    for _ in range(ROUNDS):
        for name, function in CONTENDERS.items():
            rounds[name].append([cpu_time(function, *page) for page in articles])
    best = {name: list(map(min, zip(*times, strict=True))) for name, times in rounds.items()}
    sizes = sorted(len(html) // 1000 for html, _ in articles)
    results = Results("parse")
    results.say(
        f"{len(articles)} pages of {sizes[0]}-{sizes[-1]} KB, the least of {ROUNDS} rounds each."
    )
    rows = []
    floor = best["lxml.html.fromstring"]
    for name, times in best.items():
        ratio = statistics.median(ours / bare for ours, bare in zip(times, floor, strict=True))
        figures = (statistics.median(times), max(times), ratio, sum(times) / sum(floor))
        rows.append((name, *(f"{figure:.2f}" for figure in figures)))
    columns = ("", "median CPU ms", "slowest", "times lxml, median page", "all pages")
    results.table(columns, rows)
    results.keep()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
