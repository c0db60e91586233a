"""The texts of this parser beside another reader's, over any pages: where do they differ most?

`accuracy.py --against` prints it. The pages are WARC files, or saved pages (`*.html`) that name
their own address. The other reader is one of `peers.py`, in its environment and without network.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]
from peers import Reader, without_datelines  # noqa: E402

from crawler.captures.payloads import decode_payload  # noqa: E402
from crawler.captures.warc import WARC_SUFFIXES, iter_captures  # noqa: E402
from crawler.parsers import NotAnArticle, ParseError, parse_article  # noqa: E402
from crawler.parsers.page import Page, page_text  # noqa: E402
from crawler.urls import classify  # noqa: E402
from tests.scoring import flat, shingles  # noqa: E402

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence

_FOREIGN = 0.5  # part of a line's shingles that the other text has, below which it lacks the line
_SHOWN = 3  # lines of a text
_WIDTH = 96  # characters of a line


@dataclass
class Difference:
    """One page: how far the two texts agree (0 to 1), and the lines that only one of them has."""

    url: str
    agreement: float
    words: tuple[int, int]  # of this parser's text, and of the other's
    only_ours: list[str] = field(default_factory=list)
    only_theirs: list[str] = field(default_factory=list)
    refused: str = ""  # why this parser gives no record


def saved_pages(paths: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """Address and HTML of every article page in files and folders, each address once.

    A page without an address of its own is left out, with a line that says so.
    """
    seen: set[str] = set()
    files = [
        file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path])
    ]
    for file in files:
        if file.name.endswith(WARC_SUFFIXES):
            found = _captured(file)
        elif file.suffix in (".html", ".htm"):
            found = _saved(file)
        else:
            continue
        for url, html in found:
            if url not in seen and classify(url).kind in ("article", "amp", "share"):
                seen.add(url)
                yield url, html


def _captured(warc: Path) -> Iterator[tuple[str, bytes]]:
    for capture in iter_captures(warc):
        if capture.status == 200 and not capture.revisit:
            yield capture.url, decode_payload(capture.headers, capture.payload)


def _saved(file: Path) -> Iterator[tuple[str, bytes]]:
    html = file.read_bytes()
    try:
        address = Page(page_text(html), "").canonical
    except ParseError as error:
        address = None
        print(f"{file}: {error}")
    if address:
        yield address, html
    else:
        print(f"{file}: left out, since it names no address of its own")


def differences(name: str, pages: Sequence[tuple[str, bytes]]) -> list[Difference]:
    """The pages, those first where the two readers differ most; raises PeerError."""
    found = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pages.json"
        texts = [(url, html.decode("utf-8", "replace")) for url, html in pages]
        path.write_text(json.dumps(texts), encoding="utf-8")
        with Reader(name, path) as reader:
            for number, (url, html) in enumerate(pages):
                record = reader.ask(number).get("record") or {}
                found.append(compared(url, html, without_datelines(record.get("text") or "")))
    return sorted(found, key=lambda difference: (difference.agreement, -sum(difference.words)))


def compared(url: str, html: bytes, theirs: str) -> Difference:
    """One page, read by this parser, beside the other's text of it."""
    try:
        ours = parse_article(html, url).body
        refused = ""
    except (NotAnArticle, ParseError) as error:
        ours, refused = "", str(error)
    lines = [[line for line in map(flat, text.split("\n")) if line] for text in (ours, theirs)]
    bags = [shingles(" ".join(part)) for part in lines]
    whole = sum(bag.total() for bag in bags)
    return Difference(
        url,
        2 * (bags[0] & bags[1]).total() / whole if whole else 1.0,
        (len(ours.split()), len(theirs.split())),
        _lacking(lines[0], bags[1]),
        _lacking(lines[1], bags[0]),
        refused,
    )


def _lacking(lines: list[str], other: Counter[tuple[str, ...]]) -> list[str]:
    """The lines of a text that another text does not have."""
    lacking = []
    for line in lines:
        own = shingles(line)
        if own and (own & other).total() < _FOREIGN * own.total():
            lacking.append(line)
    return lacking


def show(found: Sequence[Difference], name: str, worst: int) -> None:
    """Print the pages where the two differ most."""
    alike = sum(difference.agreement > 0.95 for difference in found)
    print(f"{len(found)} pages; the two texts agree on {alike} of them (F1 above 95 %)")
    for difference in found[:worst]:
        ours, theirs = difference.words
        print(f"\n{difference.agreement:.0%} {difference.url}")
        print(f"  {ours} words here, {theirs} of {name}")
        if difference.refused:
            print(f"  no record: {difference.refused}")
        for label, lines in (("here", difference.only_ours), (name, difference.only_theirs)):
            for line in lines[:_SHOWN]:
                print(f"  only {label}: {line[:_WIDTH]}")
            if len(lines) > _SHOWN:
                print(f"  only {label}: and {len(lines) - _SHOWN} lines more")
