"""The text that was chosen, as HTML of plain elements, for the reader of every other layout."""

from __future__ import annotations

import html
from itertools import accumulate
from typing import TYPE_CHECKING

from bs4 import Tag

from crawler.parsers.unknown.outline import OPAQUE, is_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4.element import PageElement

    from crawler.parsers.unknown.outline import Outline

_KEPT = frozenset(
    """
    p ul ol li dl dt dd hr h1 h2 h3 h4 h5 h6 blockquote table tbody thead tr td th pre figure
    figcaption a br img input label b strong em i u sup sub small
""".split()
)
_TABLE_PARTS = frozenset("caption tbody thead tfoot tr td th".split())
_WRAPPERS = frozenset("div section article main aside header footer form body center".split())
_VOID = frozenset(("br", "img", "hr", "input"))
_IMAGES = frozenset(("img", "amp-img"))
_FORMS = ("form", "dialog")
_CONTROLS = [*_FORMS, "input", "select", "textarea", "button"]
_ATTRIBUTES = (
    "href",
    "src",
    "data-src",
    "data-original",
    "srcset",
    "alt",
    "caption",
    "class",
    "id",
    "style",
)


def rendered(outline: Outline, holder: Tag, kept: set[int]) -> str:
    """The HTML of an element, with these blocks only; custom elements become plain ones."""
    parts: list[str] = []
    stack: list[tuple[Tag, Iterator[PageElement], str]] = []

    def enter(tag: Tag) -> None:
        name = _name(tag, outline)
        if name in _TABLE_PARTS and not any(inside == "table" for *_, inside in stack):
            name = "div"  # a parser would take it out
        attributes = "".join(
            f' {key}="{html.escape(str(tag[key]))}"' for key in _ATTRIBUTES if tag.has_attr(key)
        )
        if name:
            parts.append(f"<{name}{attributes}>")
        if name == "button":  # one that has words has a label beside it
            parts.append(html.escape(tag.get_text(" "), quote=False))
        stack.append((tag, iter([] if tag.name in OPAQUE else tag.contents), name))

    start, end = min(kept, default=0), max(kept, default=0) + 1
    counts = [0, *accumulate(i in kept for i in range(len(outline.blocks)))]
    enter(holder)
    while stack:
        _, children, name = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if name and name not in _VOID:
                parts.append(f"</{name}>")
        elif isinstance(child, Tag):
            span = outline.span(child)
            is_between = start <= span[0] <= end
            if counts[span[1]] > counts[span[0]]:
                enter(child)
            elif span[0] == span[1] and child.name not in _FORMS:
                if is_between:
                    enter(child)
            elif is_between and (child.name in _FORMS or child.find(_CONTROLS)):
                parts.append("<form></form>")  # its label may stand before it, as text
        elif is_text(child):
            place = outline.places.get(id(child))
            if place is None or place in kept:
                parts.append(html.escape(str(child), quote=False))
    return "".join(parts)


def _name(tag: Tag, outline: Outline) -> str:
    """The plain name of an element; empty for one that only divides nothing."""
    if tag.name in _IMAGES:
        return "img"
    if tag.name in _KEPT or tag.name in OPAQUE:
        return tag.name
    if id(tag) not in outline.holders:
        return "span"
    return "div" if id(tag) in outline.divided or tag.name in _WRAPPERS else "p"
