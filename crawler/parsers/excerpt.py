"""The part of a page that an article is read from: its head, and the element around its fields.

The rest, menus and lists of other articles, is three quarters of a page, and of the time that its
tree takes. So the two parts are cut out of the source, and the tree is made of them alone. Where
that could tell anything else than the whole page, there is no excerpt: a page of no known layout,
one that is cut off, one whose tags are not balanced as the tree builder balances them, or with
something of the article outside that element.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .layouts import LAYOUTS

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_COLUMNS = {
    layout.column: re.compile(
        rf"""<div\b[^<>]*?\bclass=["'](?:[^"'<>]*\s)?{layout.column}["'\s]""", re.IGNORECASE
    )
    for layout in LAYOUTS
    if layout.column
}
_DIV = re.compile(r"<(/?)[Dd][Ii][Vv]\b|<!--.*?-->|<script\b.*?</script", re.DOTALL)
_TRIES = 5  # of a class's name in the source: it may stand in scripts and style sheets first
_MENUS = 50_000  # characters between the head and the column; real pages have up to 35,000
# What belongs to an article wherever it stands.
_BEFORE = ("<meta", "ld+json")
_AFTER = ("pagination", "-part")
_END = "end-of-excerpt"
_LAST = 4000  # characters in which a whole page has its end


class Incomplete(Exception):
    """The excerpt does not tell what is asked of it: the whole page must be read."""


def is_cut_off(text: str) -> bool:
    """Whether a page was not sent to its end."""
    return "</html" not in text[-_LAST:].lower()


class Excerpt(NamedTuple):
    """Parts of a page's source."""

    head: str
    column: str  # the element around the article and its fields


def excerpt(text: str) -> Excerpt | None:
    """The parts of a page that an article is read from; None where they might not be all."""
    head = text.find("</head>")
    if head < 0 or is_cut_off(text):
        return None
    starts = (_opening(text, name, head) for name in _COLUMNS)
    start = next(filter(None, starts), None)
    end = _closing(text, start) if start else None
    if not end:
        return None
    if text.rfind("<!--", head, start) > text.rfind("-->", head, start):
        return None
    data_elsewhere = text.find("ld+json", 0, head) < 0 and text.find("ld+json", end) >= 0
    if (
        data_elsewhere
        or any(text.find(mark, head, start) >= 0 for mark in _BEFORE)
        or any(text.find(mark, end) >= 0 for mark in _AFTER)
    ):
        return None
    return Excerpt(text[:head], f'{text[start:end]}<div id="{_END}"></div>')


def check(body: LexborNode) -> None:
    """Raise Incomplete unless the tree builder closed the element where the source does."""
    last = body.last_child
    if last is None or last.id != _END:
        raise Incomplete


def _opening(text: str, name: str, begin: int) -> int | None:
    """Where the first element with this class begins."""
    place = begin
    for _ in range(_TRIES):
        place = text.find(name, place + 1, begin + _MENUS)
        if place < 0:
            return None
        start = text.rfind("<", begin, place)
        if start >= 0 and (tag := _COLUMNS[name].match(text, start)) and tag.end() > place:
            return start
    return None


def _closing(text: str, start: int) -> int | None:
    """Where the ``div`` that begins at ``start`` is closed, its end tag included."""
    depth = 0
    for tag in _DIV.finditer(text, start):
        if tag[1] is None:
            continue
        depth += -1 if tag[1] else 1
        if depth == 0:
            end = text.find(">", tag.end())
            return end + 1 if end >= 0 else None
    return None
