"""What a block of a text is made of: its words, its neighbours, and whether it can be a box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.parsers.datelines import find_brand
from crawler.parsers.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

BOXES = frozenset(
    "div section aside figure article center fieldset details ul ol li nav amp-accordion".split()
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SIZE = 400  # characters of a box
_SHARE = 0.6  # of the container's text that a box may hold
_SENTENCE = 170  # characters of a paragraph that no box holds
_PASSED = 50  # nodes that say nothing, before one that does
ENDS = (".", "!", "?", '."', ".”")  # of a sentence
LABEL = 40  # characters of text right in a block, which is a paragraph then


def fits(box: LexborNode, total: int) -> bool:
    """Whether a block can be a box: short, without the opening and without a long sentence.

    ``total``: characters of the text's element.
    """
    text = text_of(box)
    if len(text) > min(_SIZE, _SHARE * total) or find_brand(text) is not None:
        return False
    own = squeeze(box.text(deep=False))
    if box.tag != "form" and (len(own) >= LABEL or own.endswith(ENDS)):
        return False
    return all(len(squeeze(p.text())) < _SENTENCE for p in box.css("p, blockquote"))


def before(node: LexborNode) -> LexborNode | None:
    """What stands right before a node, and says something."""
    former = node.prev
    for _ in range(_PASSED):
        if former is None or text_of(former):
            return former
        former = former.prev
    return None


def text_of(node: LexborNode) -> str:
    """The squeezed text of a node, with a space between its elements."""
    return squeeze(node.text(separator=" "))


def children(node: LexborNode) -> Iterator[LexborNode]:
    """The child nodes; the one that is given may be taken out."""
    child = node.child
    while child is not None:
        following = child.next
        yield child
        child = following
