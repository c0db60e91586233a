"""The pages of the sample day, and records made of them."""

from __future__ import annotations

import re
from dataclasses import asdict
from functools import cache
from typing import Any

from crawler.captures.payloads import decode_payload
from crawler.captures.warc import iter_captures
from crawler.parsers import join_parts, parse_article, parse_page
from tests.helpers import EXPECTED, SAMPLES

RECORDS = {record["id"]: record for record in EXPECTED["records"] + EXPECTED["outside"]}
CHILLI = "rgngo4900"  # republika2023, with a correction forty minutes later
BRIDGE = "rgnc3q900"  # wrap_detail
CONTEST = "rgn08v900"  # rol
FILM = "rgn1sk900"  # newrol
GARDEN = "rgn5bn900"  # amp
TORCHES = "rgnflw900"  # the gallery of rol
SURAU = "rgmnyc900"  # on two pages
TEASER = "rgmr793925000"  # paid, cut
DEAD = "rgnaev900"  # answered with the home page
UNFILLED = "rgmpy5900"  # a template without text and date
PRINTED = "Senin   15 Aug 2022  16:25 WIB"
STATED = r"2022-08-15T16:25:07\+07:00"
BYLINE = r'Rep: Contoh Reporter/\s+Red: <a href="[^"]*" style="[^"]*">Contoh Redaktur</a>'
CANONICAL = r'<link rel="canonical" href="[^"]*" />'
HEADLINE = "<h1>Harga Cabai Rawit di Pasar Induk Mulai Turun</h1>"
OG_TITLE = r'<meta property="og:title"[^>]*>'
KEYWORDS = r'<meta name="keywords" content="[^"]*" />'


@cache
def site() -> dict[str, str]:
    """The pages of the sample day by address."""
    captures = iter_captures(SAMPLES / "republika-2022-08-15.warc.gz")
    return {
        capture.url: decode_payload(capture.headers, capture.payload).decode()
        for capture in captures
    }


def address(identifier: str) -> str:
    return next(url for url in site() if f"/{identifier}/" in url)


def page(identifier: str, *changes: tuple[str, str]) -> str:
    """An article's page with each pattern replaced, which must be there."""
    html = site()[address(identifier)]
    for pattern, replacement in changes:
        html, count = re.subn(pattern, replacement.replace("\\", r"\\"), html, flags=re.DOTALL)
        assert count, f"{pattern} is not in the page of {identifier}"
    return html


def record(identifier: str, *changes: tuple[str, str]) -> dict[str, Any]:
    return asdict(parse_article(page(identifier, *changes), address(identifier)))


def whole(identifier: str) -> dict[str, Any]:
    """The record of a sample article, its second page included."""
    url = address(identifier)
    first = parse_page(site()[url], url)
    parts = [parse_article(site()[part], part) for part in first.parts]
    return asdict(join_parts(first.article, parts, complete=True) if parts else first.article)
