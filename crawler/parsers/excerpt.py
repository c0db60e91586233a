"""The part of a page that an article is read from: its head, and the element around its fields.

The rest, menus and lists of other articles, is three quarters of a page, and of the time that its
tree takes. So the two parts are cut out of the source, and the tree is made of them alone. Where
that could tell anything else than the whole page, there is no excerpt: a page of no known layout,
one that is cut off, one whose tags are not balanced as the tree builder balances them, or with
something of the article outside that element. And a field that is not found in an excerpt is looked
for in the whole page (`Incomplete`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from crawler.parsers.layouts import LAYOUTS, Layout

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
# Of the layouts that share a name and a template, those without a column of their own.
_SKINS = {
    layout.name: [
        marker.encode()
        for skin in LAYOUTS
        if skin.name == layout.name and not skin.column
        for marker in skin.markers
    ]
    for layout in _COLUMNS
}
# What is not closed goes on to the end, as in HTML; else each opening would be a search of its own.
_DIV = re.compile(
    rb"<(/?)[Dd][Ii][Vv]\b|<!--(?:-?>|.*?(?:--!?>|\Z))|<script\b.*?(?:</script|\Z)", re.DOTALL
)
_TRIES = 5  # of a class's name in the source: it may stand in scripts and style sheets first
_MENUS = 50_000  # bytes between the head and the column; real pages have up to 35,000
# What tells of an article wherever it stands.
_HEADS = (b"<meta", b"application/ld+json")
_SOURCE = re.compile(rb"umber\s?:")  # and "number:", which costs time only
_SEVERAL = re.compile(rb"pa(?:gination|rt[0-9])")  # what an article in several parts has somewhere
_COMMENT = b"<!--"
_NOSCRIPT = b"<noscript"
_PAGE = b"page="
# All that is looked for between the head and the end, found in one pass, in a tenth of the time of
# a search for each. Of two that overlap the first is found: none that counts can be hidden so.
_SIGNS = (
    *(layout.column.encode() for layout in _COLUMNS),
    *_HEADS,
    *(b"umber", b"pagination", b"part", _COMMENT, _NOSCRIPT, _PAGE),
)
_SEARCH = BytesAhoCorasick(_SIGNS, matchkind=MatchKind.LeftmostFirst)
_LARGE = 400_000  # bytes; real pages have up to 150,000
_MOST_SIGNS = 50_000  # of a page, so that they take little memory
_END = "end-of-excerpt"  # the id of what follows the column in the excerpt
_CUT = "cut-of-excerpt"  # and of what stands where the column was cut, or ended
_LAST = 4000  # bytes in which a whole page has its end


class Incomplete(Exception):
    """The excerpt does not tell what is asked of it: the whole page must be read."""


class Excerpt(NamedTuple):
    """Parts of a page, and the layout that it is set in."""

    layout: Layout
    page: bytes
    head: int  # where the head ends
    start: int  # of the element around the article and its fields, the column
    stop: int  # where it was cut, before the lists under the text
    depth: int  # how many ``div`` are open there
    column: str
    has_noscript: bool  # whether the column may have such elements
    names_page: bool  # and addresses of further pages
    names_source_below: bool  # whether the rest of the page may name a source of the article

    def holds_all(self, text: str) -> bool:
        """Whether a text stands nowhere else in the page than in the head and the column."""
        needle = text.encode()
        before, after = (self.head, self.start), (self.stop, len(self.page))
        return self.page.find(needle, *before) < 0 and self.page.find(needle, *after) < 0

    @property
    def html(self) -> bytes:
        """Both as a page in UTF-8; `refuse_unbalanced` and `refuse_open_text` look at its tree."""
        end = f'<i id="{_CUT}"></i>{"</div>" * self.depth}<div id="{_END}"></div></body></html>'
        head, column = self.page[: self.head], self.page[self.start : self.stop]
        return b"".join((head, b"</head><body>", column, end.encode()))


def excerpt(html: bytes) -> Excerpt | None:
    """The parts of a page that an article is read from; None where they might not be all."""
    head = html.find(b"</head>")
    if head < 0 or b"</html" not in html[-_LAST:].lower() or _has_too_many(html):
        return None
    signs: dict[bytes, list[int]] = {sign: [] for sign in _SIGNS}
    for number, place, _ in _SEARCH.find_matches_as_indexes(memoryview(html)[head:]):
        signs[_SIGNS[number]].append(head + place)
    for layout in _COLUMNS:
        if start := _opening(html, layout, head, signs[layout.column.encode()]):
            stop, depth = _extent(html, layout, start)
            if not stop or _is_scattered(html, signs, start, stop):
                return None
            column = _text(html, layout, head, start, stop)
            if column is None:
                return None
            return Excerpt(
                layout=layout,
                page=html,
                head=head,
                start=start,
                stop=stop,
                depth=depth,
                column=column,
                has_noscript=any(start <= place < stop for place in signs[_NOSCRIPT]),
                names_page=any(start <= place < stop for place in signs[_PAGE]),
                names_source_below=any(
                    place >= stop and _SOURCE.match(html, place) for place in signs[b"umber"]
                ),
            )
    return None


def refuse_unbalanced(body: LexborNode) -> None:
    """Raise Incomplete unless the tree builder closed the column where the source does."""
    last = body.last_child
    if last is None or last.id != _END:
        raise Incomplete


def refuse_open_text(container: LexborNode) -> None:
    """Raise Incomplete unless the element that holds the text ends before the column does."""
    if container.css_first(f"#{_CUT}"):
        raise Incomplete


def _has_too_many(html: bytes) -> bool:
    """Whether a page is made to have all its signs found."""
    return len(html) > _LARGE and sum(map(html.count, _SIGNS)) > _MOST_SIGNS


def _opening(html: bytes, layout: Layout, begin: int, places: list[int]) -> int | None:
    """Where the first column of this layout begins; ``places`` are those of its class's name."""
    for place in places[:_TRIES]:
        if place > begin + _MENUS:
            return None
        start = html.rfind(b"<", begin, place)
        if start >= 0 and (tag := _COLUMNS[layout].match(html, start)) and tag.end() > place:
            return start
    return None


def _extent(html: bytes, layout: Layout, start: int) -> tuple[int, int]:
    """Where the column that begins at ``start`` can be cut, and how many ``div`` are open there.

    Where the lists under the text begin, or else after its end tag; 0 where neither is found.
    """
    below = html.find(layout.below.encode(), start)
    below = html.rfind(b"<", start, below) if below > 0 else 0
    depth = 0
    for tag in _DIV.finditer(html, start, below or len(html)):
        if tag[1] is None:
            continue
        depth += -1 if tag[1] else 1
        if depth == 0:
            return html.find(b">", tag.end()) + 1, 0
    return below, depth


def _is_scattered(html: bytes, signs: dict[bytes, list[int]], start: int, stop: int) -> bool:
    """Whether something of the article may stand outside its column, or that in a comment."""
    comment = max((place for place in signs[_COMMENT] if place < start), default=None)
    if comment is not None and html.find(b"-->", comment, start) < 0:
        return True
    if any(place < start or place >= stop for sign in _HEADS for place in signs[sign]):
        return True
    return bool(signs[b"pagination"]) or any(
        _SEVERAL.match(html, place) for place in signs[b"part"]
    )


def _text(html: bytes, layout: Layout, head: int, start: int, stop: int) -> str | None:
    """The column's; None where it or the head is not UTF-8, or another skin's class is in it."""
    if any(html.find(marker, start, stop) >= 0 for marker in (b"\x00", *_SKINS[layout.name])):
        return None
    try:
        html[:head].decode()
        return html[start:stop].decode()
    except UnicodeDecodeError:
        return None
