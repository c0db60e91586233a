"""What stands around and below the text in its page: stray paragraphs, notes, a source line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.parsers.body.account import put_down
from crawler.parsers.fields import words
from crawler.parsers.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from crawler.parsers.body.account import Dropped

_LOADER = "#next-article, [data-max-pages]"  # of the next article
_NOTES = ".footnote-wrap"  # under the text
_STRAYS = frozenset("p h2 h3 h4 ul ol blockquote".split())
_BLOCKS = ("p", "div", "li", "tr")
_SENTENCE = 60  # characters of a paragraph that is surely text
_SHORT = 100  # characters of a line that may name a source


def take_tail_off(container: LexborNode, root: LexborNode, dropped: Dropped) -> list[str]:
    """Cut off what stands under the text in its container; the lines of that and of below."""
    lines: list[str] = []
    holder: LexborNode | None
    for loader in container.css(_LOADER):
        holder = loader
        while holder is not None and holder.mem_id != container.mem_id:
            _drop_from(holder.next, lines, dropped)
            holder = holder.parent
        # Its lines are not read: it holds the other articles that it has brought in.
        put_down(loader, "next article", dropped)
        loader.decompose()
    for notes in container.css(_NOTES):
        lines += _lines(notes)
        put_down(notes, "notes", dropped)
        notes.decompose()
    holder = container
    while holder is not None and holder.mem_id != root.mem_id and holder.tag != "body":
        node = holder.next
        for _ in range(12):
            if node is None:
                break
            lines += _lines(node)
            node = node.next
        holder = holder.parent
    return lines


def stray(container: LexborNode, root: LexborNode) -> str:
    """Paragraphs right after the container, which a stray end tag in the text has closed."""
    found = ""
    holder: LexborNode | None = container
    if not any(node.tag == "p" for node in _behind(container, root)):
        return found  # a cheap pre-check: enough for nearly all
    while holder is not None and holder.mem_id != root.mem_id and holder.tag != "body":
        between = ""  # a box or an advertisement, which counts if a sentence comes after it
        node = holder.next
        while node is not None:
            phrase = words(node) if node.is_element_node else ""
            if phrase and node.tag == "p" and len(phrase) > _SENTENCE:
                found, between = found + between + (node.html or ""), ""
            elif phrase and (between or node.tag not in _STRAYS):
                if len(phrase) - sum(len(words(link)) for link in node.css("a")) > _SENTENCE:
                    return found
                between += node.html or ""
            elif node.is_element_node and not between:
                found += node.html or ""  # photos are set in paragraphs without words
            node = node.next
        if between:
            return found
        holder = holder.parent
    return found


def _behind(container: LexborNode, root: LexborNode) -> Iterator[LexborNode]:
    """The siblings after the container, and after each element around it up to the root."""
    holder: LexborNode | None = container
    while holder is not None and holder.mem_id != root.mem_id and holder.tag != "body":
        node = holder.next
        while node is not None:
            yield node
            node = node.next
        holder = holder.parent


def followed(node: LexborNode) -> bool:
    """Whether an element comes after the node: its own end was sent."""
    holder: LexborNode | None = node
    while holder is not None:
        following = holder.next
        while following is not None:
            if following.is_element_node:
                return True
            following = following.next
        holder = holder.parent
    return False


def _lines(node: LexborNode) -> list[str]:
    """The short lines of a node that may name a source: its own text, or that of blocks in it."""
    if "umber" not in node.text().lower():
        return []  # a cheap pre-check: enough for nearly all
    if not node.is_element_node:
        return [squeeze(node.text())] if node.tag == "-text" else []
    inner = [block for block in node.css(", ".join(_BLOCKS)) if block.mem_id != node.mem_id]
    holders = set(map(_block_around, inner))
    leaves = [block for block in inner if block.mem_id not in holders] or [node]
    return [line for line in map(words, leaves) if line and len(line) <= _SHORT]


def _block_around(node: LexborNode) -> int | None:
    holder = node.parent
    while holder is not None and holder.tag not in _BLOCKS:
        holder = holder.parent
    return holder.mem_id if holder is not None else None


def _drop_from(node: LexborNode | None, lines: list[str], dropped: Dropped) -> None:
    """Take a node and what follows it out of its parent, and read the lines of what is short."""
    while node is not None:
        following = node.next
        if node.is_element_node and len(node.text()) <= 4 * _SHORT:
            lines += _lines(node)
        put_down(node, "next article", dropped)
        node.decompose()
        node = following
