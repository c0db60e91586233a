"""Blocks set into a text, in each layout."""

from __future__ import annotations

import sys

from crawler.parsers import parse_page
from tests.helpers import ROOT

sys.path.append(str(ROOT / "benchmarks"))
import furniture
import furniture_layouts

__all__ = ["furniture", "furniture_layouts", "lines"]


def lines(layout: str, block: str) -> list[str]:
    """What is text of a block that stands before a text's last paragraph."""
    first, *middle, last = furniture.TEXT
    set_in = furniture_layouts.SHAPES["p"]
    html = set_in([furniture.OPENING + first, *middle]) + block + set_in([last])
    article = parse_page(furniture_layouts.LAYOUTS[layout](html), furniture_layouts.URL).article
    assert article.partial == 0
    body = article.body.split("\n\n")
    assert [body[0], body[1], body[-1]] == [first, *middle, last]
    return body[2:-1]
