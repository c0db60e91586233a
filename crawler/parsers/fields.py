"""Fields looked for by what they say: for unknown layouts, and where a selector finds nothing.

Everything here works on the text nodes of a page in their order, and on the place of the body's
container among them: the date, the by-line and the photo of an article stand before its text, the
lists of other articles after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from crawler.dates import parse_date
from crawler.parsers.bylines import is_byline, split_byline
from crawler.parsers.datelines import find_brand
from crawler.parsers.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from selectolax.lexbor import LexborNode

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LABELS = frozenset(("rep", "reporter", "red", "redaktur"))
_CREDIT = re.compile(r"foto\s*:\s*\w", re.IGNORECASE)
_INVISIBLE_TEXT = frozenset(("script", "style", "noscript", "template", "textarea", "title"))
_INLINE = frozenset(
    """
    a b strong em i u span font small sup sub mark
""".split()
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text node: what it says, and the element that it stands in."""

    words: str
    parent: LexborNode


@cache
def _alternatives(selectors: str) -> tuple[str, ...]:
    return tuple(selectors.split(", "))


def first(node: LexborNode, selectors: str) -> LexborNode | None:
    """The node of the first of several selectors that finds one, in the order they are given."""
    for selector in _alternatives(selectors) if selectors else ():
        if found := node.css_first(selector):
            return found
    return None


def text_holder(root: LexborNode, selectors: str) -> LexborNode | None:
    """The node that holds the text: of those found, the first that opens as an article does.

    Else the first that has any text, as an empty skeleton may stand before it.
    """
    first_found = first(root, selectors)
    if first_found is None or find_brand(first_found.text().lstrip()) is not None:
        return first_found  # a cheap pre-check: enough for most
    for selector in _alternatives(selectors):
        with_text: LexborNode | None = None
        for node in root.css(selector):
            text = node.text()
            if find_brand(text.lstrip()) is not None:
                return node
            if with_text is None and not text.isspace() and text:
                with_text = node
        if with_text is not None:
            return with_text
    return first_found


def words(node: LexborNode | None, separator: str = " ") -> str:
    """The squeezed text of a node; empty for none."""
    return squeeze(node.text(separator=separator)) if node else ""


def holds(outer: LexborNode, inner: LexborNode) -> bool:
    """Whether a node is another one, or stands within it."""
    node: LexborNode | None = inner
    while node is not None:
        if node.mem_id == outer.mem_id:
            return True
        node = node.parent
    return False


class Surroundings:
    """The text nodes of a page before and after the container of its text."""

    def __init__(self, body: LexborNode, container: LexborNode) -> None:
        self.before: list[Text] = []
        self.after: list[Text] = []
        inside = {container.mem_id}
        passed = False
        for node in body.traverse(include_text=True):
            parent = node.parent
            if parent is not None and parent.mem_id in inside:
                inside.add(node.mem_id)
                passed = True
            elif node.mem_id in inside:
                passed = True
            elif node.tag == "-text" and parent is not None and parent.tag not in _INVISIBLE_TEXT:
                phrase = squeeze(node.text())
                if phrase:
                    (self.after if passed else self.before).append(Text(phrase, parent))

    def dates(self) -> Iterator[tuple[str, datetime]]:
        """Every full date that stands alone before the text, the nearest first, as printed."""
        for text in reversed(self.before):
            if len(text.words) <= 60 and _YEAR.search(text.words):
                moment = parse_date(text.words)
                if moment and ":" in text.words:
                    yield text.words, moment

    def byline(self) -> tuple[list[str], list[str]]:
        """Reporters and editors that the page names nearest to the text."""
        reporters: list[str] = []
        editors: list[str] = []
        for text in [*reversed(self.before), *self.after]:
            alone = text.words.lower() in _LABELS  # with its colon in the table's next cell
            if alone or (is_byline(text.words) and len(text.words) < 200):
                holder = text.parent
                while holder.parent is not None and (
                    holder.tag in _INLINE or (alone and holder.tag == "td")
                ):
                    holder = holder.parent
                phrase = words(holder)
                found = split_byline(phrase if len(phrase) < 300 else text.words)
                reporters = reporters or found[0]
                editors = editors or found[1]
                if editors:
                    break
        return reporters, editors

    def breadcrumb(self) -> LexborNode | None:
        """The list of links that begins with Home and stands nearest to the text."""
        for text in reversed(self.before):
            if text.words.casefold() != "home" or text.parent.tag != "a":
                continue
            holder = text.parent.parent
            for _ in range(3):
                if holder is None:
                    break
                if len(holder.css("a")) > 1:
                    return holder if len(words(holder)) < 200 else None
                holder = holder.parent
        return None

    def credit(self) -> str | None:
        """The photo's credit, ``Foto: X``, that stands nearest to the text."""
        return next((t.words for t in reversed(self.before) if _CREDIT.match(t.words)), None)

    def has_text(self, sentence: str) -> bool:
        """Whether an element before the text says just this."""
        return any(text.words == sentence for text in self.before)
