"""Time to a record: this parser and bare lxml over the same pages, in one run.

    python benchmarks/parse.py [FOLDER]

FOLDER holds pages as *.html; without it, the real pages beside the project if they are there, else
those of the sample day. Each page goes through every contender in turn, so that a change of the
machine's speed meets them all. Ratios are to `lxml.html.fromstring` of the same bytes.
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
ROUNDS = 9
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


def main(folder: Path | None) -> None:
    """Print the table."""
    articles = pages(folder)
    whole = [page for page in articles if SIZES[0] <= len(page[0]) <= SIZES[1]]
    articles = whole or articles
    best: dict[str, list[float]] = {}
    for html, url in articles:
        fastest = dict.fromkeys(CONTENDERS, float("inf"))
        for _ in range(ROUNDS):
            for name, function in CONTENDERS.items():
                begin = time.perf_counter()
                function(html, url)
                fastest[name] = min(fastest[name], time.perf_counter() - begin)
        for name, seconds in fastest.items():
            best.setdefault(name, []).append(seconds * 1000)
    sizes = sorted(len(html) // 1000 for html, _ in articles)
    results = Results("parse")
    results.say(
        f"{len(articles)} pages of {sizes[0]}-{sizes[-1]} KB, fastest of {ROUNDS} rounds each."
    )
    rows = []
    floor = best["lxml.html.fromstring"]
    for name, times in best.items():
        ratio = statistics.median(ours / bare for ours, bare in zip(times, floor, strict=True))
        figures = (statistics.median(times), max(times), ratio)
        rows.append((name, *(f"{figure:.2f}" for figure in figures)))
    results.table(("", "median ms", "slowest ms", "times lxml"), rows)
    results.keep()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
