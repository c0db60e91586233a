"""A page as the blocks that a reader sees, in page order, and what part of them an element holds.

Nothing is known of a redesign's class names, and a custom element tells nothing by its name, so
what is a block is decided by how an element is used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate, chain, islice
from typing import TYPE_CHECKING, TypeGuard

from bs4 import Tag
from bs4.element import NavigableString, PreformattedString

from crawler.parsers.body.hidden import is_prose
from crawler.parsers.text import squeeze
from crawler.parsers.unknown.shown import MARK, shown_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.parsers.body.account import Dropped

_BLOCKS = frozenset(
    """
    p div li ul ol dl dt dd hr figure h1 h2 h3 h4 h5 h6 blockquote article section main aside header
    footer nav table tbody thead tfoot tr td th caption pre address center figcaption form fieldset
    details summary dialog menu body
""".split()
)
_INLINE = frozenset(
    """
    a b strong em i u small sup sub mark abbr acronym cite code q s strike del ins time label img
    br wbr bdi bdo big tt kbd var samp data nobr amp-img picture source input slot ruby rt
""".split()
)
# What is drawn by something else; a box that holds one is told by it.
OPAQUE = frozenset(
    """
    iframe video audio object canvas button select textarea amp-iframe amp-video amp-youtube
""".split()
)
_PARAGRAPHS = frozenset("p li dt dd h1 h2 h3 h4 h5 h6 blockquote td th figcaption".split())
_SENTENCE_END = re.compile(r"[.?!…:;][\"'”’»)\]]*$|[\"”’»]$")
# The text opens in the line of a date or a by-line, where only its style divides them.
_BRAND = re.compile(r"\s*REPUBLIKA\.CO\.ID\b")
_HEAD = re.compile(r"\b(?:WI(?:B|TA|T)|Rep(?:orter)?\s*:|Red(?:aktur)?\s*:|Editor\s*:)")
_WORDS_OF_PROSE = 4
_SPAN_OF_PROSE = 60  # characters that no label has


@dataclass(slots=True)
class Block:
    """One paragraph, heading, item or cell. ``text`` is squeezed; ``links`` are (text, address)."""

    holder: Tag
    text: str
    links: list[tuple[str, str]]
    heading: int  # its level, 0 for anything else
    lines: list[str]  # the same, as line breaks divide it, with a space between elements
    at: int = 0

    @property
    def link_size(self) -> int:
        """Characters that are a link's."""
        return sum(len(text) for text, _ in self.links)

    @property
    def is_prose(self) -> bool:
        """Whether it reads as a sentence, and not as a label or a link."""
        return (
            self.text.count(" ") + 1 >= _WORDS_OF_PROSE
            and self.link_size * 2 < len(self.text)
            and self.heading == 0
            and (_SENTENCE_END.search(self.text[-4:]) is not None or any(map(is_prose, self.lines)))
        )


@dataclass(slots=True)
class Outline:
    """All blocks of a page; ``spans`` gives the range of them that an element holds, by its id."""

    body: Tag
    blocks: list[Block] = field(default_factory=list)
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)  # summed up to each block
    linked: list[int] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)  # the block of a string, by its id
    divided: set[int] = field(default_factory=set)  # elements that hold a block or a line break
    holders: set[int] = field(default_factory=set)  # elements that are blocks
    anchors: list[Tag] = field(default_factory=list)
    pictures: list[Tag] = field(default_factory=list)
    properties: dict[str, list[Tag]] = field(default_factory=dict)  # microdata, by itemprop or rel
    left_out: Dropped = field(default_factory=list)  # what is hidden
    emptied: dict[int, Tag] = field(default_factory=dict)  # elements that held it, by its place

    def span(self, tag: Tag) -> tuple[int, int]:
        """Where the blocks of an element begin and end; equal where it holds none of its own."""
        return self.spans.get(id(tag), (0, 0))

    def size(self, tag: Tag) -> int:
        """Characters of an element."""
        start, end = self.span(tag)
        return self.sizes[end] - self.sizes[start]

    def link_size(self, tag: Tag) -> int:
        """Characters of its links."""
        start, end = self.span(tag)
        return self.linked[end] - self.linked[start]


def outline(text: str) -> Outline:
    """The outline of a page's HTML; raises ParseError for a page of more tags than one has."""
    return _Walk(*shown_body(text)).run()


def classes(tag: Tag) -> str:
    """Class names and id of an element, in small letters."""
    return f"{tag.get('class', '')} {tag.get('id', '')}".lower()


def elements(tag: Tag) -> Iterator[Tag]:
    """The child elements."""
    return (child for child in tag.children if isinstance(child, Tag))


class _Walk:
    """Goes through a tree once, and puts its text into blocks."""

    def __init__(self, body: Tag, left_out: Dropped) -> None:
        self.made = Outline(body, left_out=left_out)
        self.holders: list[Tag] = [body]
        self.links: list[tuple[list[str], str]] = []  # open ones
        self.words: list[str] = []
        self.found: list[tuple[list[str], str]] = []  # links of the block
        self.breaks = 0
        self.broken: set[int] = set()  # elements with a line break of their own
        self.phrase: set[int] = set()  # elements with a text of their own
        self.many: set[tuple[int, str]] = set()  # elements with several long texts in such a tag

    def run(self) -> Outline:
        body = self.made.body
        self._look_over(body)
        stack: list[tuple[Tag, Iterator[object], bool, int]] = []
        stack.append((body, iter(body.contents), True, 0))
        while stack:
            tag, children, block, start = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                if block:
                    self._flush()
                    self.holders.pop()
                elif tag.name == "a" and self.links:
                    self.links.pop()
                self.made.spans[id(tag)] = (start, len(self.made.blocks))
            elif isinstance(child, Tag):
                self._note(child)
                is_block = self._is_block(child)
                if is_block:
                    self._flush()
                    self.holders.append(child)
                    self.made.holders.add(id(child))
                elif child.name == "br":
                    self.breaks += 1
                    self.words.append("\n")
                elif child.name == "a":
                    link: tuple[list[str], str] = ([], str(child.get("href", "")))
                    self.links.append(link)
                    self.found.append(link)
                inner = [] if child.name in OPAQUE else child.contents
                stack.append((child, iter(inner), is_block, len(self.made.blocks)))
            elif is_text(child):
                self._take(child)
        made = self.made
        made.sizes = [0, *accumulate(len(block.text) for block in made.blocks)]
        made.linked = [0, *accumulate(block.link_size for block in made.blocks)]
        return made

    def _note(self, tag: Tag) -> None:
        """Keep what is asked for by name later."""
        if tag.name == "a":
            self.made.anchors.append(tag)
        elif tag.name in ("img", "amp-img"):
            self.made.pictures.append(tag)
        if tag.has_attr(MARK):
            self.made.emptied[int(str(tag[MARK]))] = tag
        name = tag.get("itemprop") or tag.get("rel")
        if name:
            self.made.properties.setdefault(str(name), []).append(tag)

    def _look_over(self, body: Tag) -> None:
        """Learn how the elements are used."""
        spans: list[Tag] = []
        for node in body.descendants:
            parent = node.parent
            if isinstance(node, Tag):
                if node.name in ("span", "font") or is_custom(node):
                    spans.append(node)
                if node.name == "br" and parent is not None:
                    self.broken.add(id(parent))
                if node.name in _BLOCKS or node.name == "br":
                    while parent is not None and id(parent) not in self.made.divided:
                        self.made.divided.add(id(parent))
                        parent = parent.parent
            elif parent is not None and is_text(node) and not str(node).isspace():
                self.phrase.add(id(parent))
        long: set[tuple[int, str]] = set()  # elements with one such text
        for tag in spans:
            parent = tag.parent
            if parent is not None and parent.name not in _PARAGRAPHS and _is_long(tag):
                kind = (id(parent), tag.name)
                (self.many if kind in long else long).add(kind)

    def _is_block(self, tag: Tag) -> bool:
        if tag.name in _BLOCKS:
            return True
        if tag.name in _INLINE:
            return False
        parent = tag.parent
        if id(tag) in self.made.divided:
            return True
        if parent is None:
            return False
        if tag.name in ("font", "span") and id(parent) in self.broken:
            return id(parent) not in self.phrase and parent.name != "p"
        if parent.name in _PARAGRAPHS:
            return False
        if id(parent) in self.phrase:
            return is_custom(tag) and (id(parent), tag.name) in self.many
        return is_custom(tag) or (id(parent), tag.name) in self.many

    def _take(self, text: NavigableString) -> None:
        if text.isspace():
            self.words.append(" ")
            return
        if self.breaks > 1 or (_BRAND.match(text) and _HEAD.search("".join(self.words))):
            self._flush()
        self.breaks = 0
        self.made.places[id(text)] = len(self.made.blocks)
        self.words.append(text)
        for words, _ in self.links[-1:]:
            words.append(text)

    def _flush(self) -> None:
        text = squeeze("".join(self.words))
        if text:
            links = [(squeeze("".join(words)), address) for words, address in self.found]
            links = [link for link in links if link[0]]
            lines = [line for line in map(squeeze, " ".join(self.words).split("\n")) if line]
            self.made.blocks.append(
                Block(
                    self.holders[-1],
                    text,
                    links,
                    _level(self.holders[-1]),
                    lines,
                    at=len(self.made.blocks),
                )
            )
        self.words, self.breaks = [], 0
        for words, _ in self.links:
            words.clear()
        self.found = list(self.links)


def outward(tag: Tag, most: int | None = None) -> Iterator[Tag]:
    """An element and those around it, ``most`` in all."""
    return islice(chain([tag], tag.parents), most)


def _level(holder: Tag) -> int:
    for tag in outward(holder):
        if re.fullmatch("h[1-6]", tag.name):
            return int(tag.name[1])
        if tag.name in _BLOCKS:
            break
    return 0


def is_custom(tag: Tag) -> bool:
    """Whether an element is one of the site's own."""
    return "-" in tag.name or ":" in tag.name


def is_text(node: object) -> TypeGuard[NavigableString]:
    """Whether a node is text that is shown, and no comment."""
    return isinstance(node, NavigableString) and not isinstance(node, PreformattedString)


def _is_long(tag: Tag) -> bool:
    text = tag.find(string=True)
    return text is not None and len(text) >= _SPAN_OF_PROSE
