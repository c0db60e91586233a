"""What of a page a reader sees, as a tree; and what is hidden for good."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, Tag
from selectolax.lexbor import LexborHTMLParser

from crawler.errors import ParseError
from crawler.parsers.body.account import Dropped, put_down
from crawler.parsers.body.hidden import HIDDEN, show_rest, why_hidden
from crawler.parsers.body.marks import marks_of
from crawler.parsers.body.shapes import children
from crawler.parsers.text import without_long_numbers

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

# Real pages have some 3,000; BeautifulSoup makes an object of each.
_MAX_TAGS = 40_000
_UNSEEN = "script, style, template, svg, map, amp-ad, amp-embed, amp-analytics, amp-sidebar"
MARK = "data-left-out"  # on an element that was emptied: what it held, by place
_TEMPLATE = re.compile(r"<template\b([^>]*)>|</template\s*>", re.IGNORECASE)


def shown_body(text: str) -> tuple[Tag, Dropped]:
    """The body of a page, and what was hidden in it; there an empty element has its place.

    Raises ParseError for a page without HTML, or of more tags than one has.
    """
    if text.count("<") > _MAX_TAGS:
        raise ParseError(
            f"the page has more than {_MAX_TAGS:,} tags, in a layout that is not known"
        )
    tree = LexborHTMLParser(_open_shadows(text))
    for node in tree.css(_UNSEEN):
        node.decompose()
    hidden = _empty_hidden(tree)
    # As the parser writes it every tag is closed, so that the simplest builder makes the same tree.
    html = without_long_numbers((tree.body.html if tree.body else None) or "")
    soup = BeautifulSoup(html, "html.parser", multi_valued_attributes=None)
    body = soup.find("body")
    if not isinstance(body, Tag):
        raise ParseError("the page holds no HTML")
    return body, hidden


def _empty_hidden(tree: LexborHTMLParser) -> Dropped:
    """Empty the elements that are hidden for good; each is marked with the place of its drop."""
    dropped: Dropped = []
    if tree.body is None:
        return dropped
    for node in tree.css(f"[{MARK}]"):
        del node.attrs[MARK]
    show_rest(tree.body, marks_of(tree.body.html or ""), dropped)
    for node in _outermost(tree.css(HIDDEN)):
        known = len(dropped)
        put_down(node, why_hidden(node), dropped)
        for child in list(children(node)):
            child.remove()
        if len(dropped) > known:
            node.attrs[MARK] = str(known)
    return dropped


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Without those that stand in another of them, which go with it."""
    known = {node.mem_id for node in nodes}
    outer = []
    for node in nodes:
        holder = node.parent
        while holder is not None and holder.mem_id not in known:
            holder = holder.parent
        if holder is None:
            outer.append(node)
    return outer


def _open_shadows(text: str) -> str:
    """Declarative shadow roots as common elements; other templates stay, and are not shown."""
    if "shadowroot" not in text:
        return text
    opened: list[str] = []

    def renamed(match: re.Match[str]) -> str:
        if match[1] is None:
            return opened.pop() if opened else match[0]
        shadow = "shadowroot" in match[1].lower()
        opened.append("</div>" if shadow else "</template>")
        return "<div>" if shadow else match[0]

    return _TEMPLATE.sub(renamed, text)
