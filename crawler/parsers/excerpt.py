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

from .layouts import LAYOUTS, Layout

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_COLUMNS = {
    layout: re.compile(
        rf"""<div\b[^<>]*?\bclass=["'](?:[^"'<>]*\s)?{layout.column}["'\s]""".encode(),
        re.IGNORECASE,
    )
    for layout in LAYOUTS
    if layout.column
}
# Layouts without a column of their own: what is set in one of them may stand in another's.
_SKINS = [marker for layout in LAYOUTS if not layout.column for marker in layout.markers]
_DIV = re.compile(rb"<(/?)[Dd][Ii][Vv]\b|<!--.*?-->|<script\b.*?</script", re.DOTALL)
_TRIES = 5  # of a class's name in the source: it may stand in scripts and style sheets first
_MENUS = 50_000  # bytes between the head and the column; real pages have up to 35,000
# What belongs to an article wherever it stands.
_BEFORE = (b"<meta", b"ld+json")
_AFTER = (b"pagination", b"-part")
_END = "end-of-excerpt"
_LAST = 4000  # bytes in which a whole page has its end


class Incomplete(Exception):
    """The excerpt does not tell what is asked of it: the whole page must be read."""


class Excerpt(NamedTuple):
    """Parts of a page, and the layout that it is set in."""

    layout: Layout
    head: str
    column: str  # the element around the article and its fields

    @property
    def html(self) -> str:
        """Both as a page; `check` tells whether its tree is as the source says."""
        return f'{self.head}</head><body>{self.column}<div id="{_END}"></div></body></html>'


def excerpt(html: bytes) -> Excerpt | None:
    """The parts of a page that an article is read from; None where they might not be all."""
    head = html.find(b"</head>")
    if head < 0 or b"</html" not in html[-_LAST:].lower():
        return None
    for layout in _COLUMNS:
        if start := _opening(html, layout, head):
            end = _closing(html, start)
            if end and not _is_scattered(html, head, start, end):
                return _cut_out(html, layout, head, start, end)
            break
    return None


def check(body: LexborNode) -> None:
    """Raise Incomplete unless the tree builder closed the column where the source does."""
    last = body.last_child
    if last is None or last.id != _END:
        raise Incomplete


def _opening(html: bytes, layout: Layout, begin: int) -> int | None:
    """Where the first column of this layout begins."""
    place = begin
    for _ in range(_TRIES):
        place = html.find(layout.column.encode(), place + 1, begin + _MENUS)
        if place < 0:
            return None
        start = html.rfind(b"<", begin, place)
        if start >= 0 and (tag := _COLUMNS[layout].match(html, start)) and tag.end() > place:
            return start
    return None


def _closing(html: bytes, start: int) -> int | None:
    """Where the ``div`` that begins at ``start`` is closed, its end tag included."""
    depth = 0
    for tag in _DIV.finditer(html, start):
        if tag[1] is None:
            continue
        depth += -1 if tag[1] else 1
        if depth == 0:
            end = html.find(b">", tag.end())
            return end + 1 if end >= 0 else None
    return None


def _is_scattered(html: bytes, head: int, start: int, end: int) -> bool:
    """Whether something of the article may stand outside its column, or that in a comment."""
    if html.rfind(b"<!--", head, start) > html.rfind(b"-->", head, start):
        return True
    if html.find(b"ld+json", 0, head) < 0 and html.find(b"ld+json", end) >= 0:
        return True
    return any(html.find(mark, head, start) >= 0 for mark in _BEFORE) or any(
        html.find(mark, end) >= 0 for mark in _AFTER
    )


def _cut_out(html: bytes, layout: Layout, head: int, start: int, end: int) -> Excerpt | None:
    try:
        found = Excerpt(layout, html[:head].decode(), html[start:end].decode())
    except UnicodeDecodeError:
        return None
    if "\x00" in found.column or any(marker in found.column for marker in _SKINS):
        return None
    return found
