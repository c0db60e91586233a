"""What became of each piece of the text's element: kept, or left out by a rule that has a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from crawler.parsers.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selectolax.lexbor import LexborNode

_SPACES = b" \n\xa0\t\r\f"
_UNSEEN = "script, style, noscript, template, svg"


class Drop(NamedTuple):
    """A piece that was left out: by which rule, and how many paragraphs were kept before it."""

    rule: str
    text: str
    before: int | None = None  # None where its place was not looked at


Dropped = list[Drop]


def unaccounted(text: str, kept: Iterable[str], dropped: Dropped) -> int:
    """How many characters of a text, white space apart, are neither kept nor dropped."""
    return _size(text) - _size("".join((*kept, *[drop.text for drop in dropped])))


def visible_text(html: str) -> str:
    """What a reader would see of a piece of HTML."""
    tree = LexborHTMLParser(html)
    for unseen in tree.css(_UNSEEN):
        unseen.decompose()
    return tree.root.text() if tree.root else ""


def _size(text: str) -> int:
    """How many characters are not white space."""
    return len(text.encode("latin-1", "replace").translate(None, _SPACES))


def put_down(node: LexborNode, rule: str, dropped: Dropped) -> None:
    """Put down what of a node a reader would see, before it is taken out."""
    if not node.is_element_node:
        text = node.text() if node.tag == "-text" else ""
    else:
        for unseen in node.css(_UNSEEN):
            if unseen.mem_id != node.mem_id:
                unseen.decompose()
        text = node.text(separator=" ")
    if text := squeeze(text):
        dropped.append(Drop(rule, text))
