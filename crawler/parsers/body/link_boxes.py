"""Blocks whose text is all links: to other articles, into the page itself, to an author."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.parsers.body import furniture
from crawler.parsers.body.cards import is_labelled
from crawler.parsers.body.shapes import BOXES, ENDS, HEADINGS, LABEL, before, fits, text_of
from crawler.urls import classify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

_DATED = 30  # characters beside a link: when the other article was published
_LABEL_WORDS = 3  # that stand right in the block, before a link
_LINES = frozenset("p b strong em i span font small u".split())
_BOLD = "b, strong"
_AUTHOR = re.compile(
    r"/(?:authors?|penulis|profile?|reporters?|wartawan|kontributor|jurnalis|redaksi|users?|byline)"
    r"(?:/|$)|[?&](?:author|penulis)=",
    re.IGNORECASE,
)
_LISTS = frozenset("author home index other search section tag".split())  # kinds of pages
_LONGEST_WIDGET = 150  # characters
_PARTS = "p, li, div, span, td"
_LONGEST_BIO = 300  # characters
_HIGHEST = 8  # elements that are looked at around a link
_PICTURES = "img, amp-img"
_CAPTIONED = frozenset(("figure", "figcaption"))


class LinkBoxes:
    """Tells the blocks around the links of a text; what a block says is read but once."""

    def __init__(self, container: LexborNode, base: str, own_id: str) -> None:
        self.container = container
        self.base = base
        self.own_id = own_id
        self._said: dict[int, str] = {}
        self._listed: dict[int, bool] = {}
        self._apart: dict[int, bool] = {}

    def stands_apart(self, link: LexborNode) -> bool:
        """Whether a link is neither in a sentence nor of a Baca Juga, as most are: a cheap look."""
        block = link.parent
        while block is not None and block.tag in _LINES - {"p"}:
            block = block.parent
        if block is None:
            return False
        if block.mem_id not in self._apart:
            self._apart[block.mem_id] = _is_apart(block)
        return self._apart[block.mem_id]

    def links_around(self, link: LexborNode) -> LexborNode | None:
        """The outermost block around a link that says nothing but links to other articles.

        A short label may stand in it, "Breaking News", and dates. None if there is no such block,
        or if it is a Baca Juga, whose links are kept, or the items of a sentence before it.
        """
        if not self._leads_away(link):
            return None
        found = None
        for block in self._outward(link):
            if block.tag in BOXES or block.tag == "p":
                if not self._is_list(block):
                    break
                found = block
            elif block.tag not in _LINES:
                break
        if found is None or is_labelled(found):
            return None
        if self._words(found) == text_of(link) and label_before(found) is None:
            return None  # a link alone, set as an item of the text
        former = before(found)
        if former is not None and former.tag not in HEADINGS and text_of(former).endswith(":"):
            return None
        return found

    def pictured(self, link: LexborNode) -> tuple[LexborNode, ...]:
        """A picture and this title below it, if they are blocks that lead to one article."""
        block = link.parent
        while block is not None and block.tag in _LINES - {"p"}:
            block = block.parent
        if (
            block is None
            or block.prev is None
            or not text_of(link)
            or text_of(block) != text_of(link)
        ):
            return ()
        picture = block.prev
        while picture.tag == "-text" and picture.prev is not None:
            picture = picture.prev
        linked = picture.css_first("a") if picture.is_element_node else None
        if linked is None or linked.css_first(_PICTURES) is None or text_of(picture):
            return ()
        shown, named = (
            classify(node.attributes.get("href") or "", self.base).id for node in (linked, link)
        )
        return (picture, block) if shown == named and self._leads_away(link) else ()

    def author_card(self, link: LexborNode) -> LexborNode | None:
        """The block around a link to an author's page, with a picture, the name and few words."""
        if not _AUTHOR.search(link.attributes.get("href") or ""):
            return None
        found = None
        for block in self._outward(link):
            if block.tag in _CAPTIONED:
                return None
            if len(self._words(block)) > _LONGEST_BIO:
                break
            if found is None and block.text(deep=False).rstrip().endswith(ENDS):
                return None  # a sentence names the author
            if block.tag in BOXES:
                if not fits(block, len(self.container.text())):
                    break
                found = block
            elif block.tag not in _LINES | HEADINGS:
                break
        if found is None:
            return None
        pictures = found.css(_PICTURES)
        return found if pictures and not any(map(_is_photo, pictures)) else None

    def widget_around(self, link: LexborNode) -> LexborNode | None:
        """The block around a link to a page of the site that is not an article, and some labels."""
        found = None
        for block in self._outward(link):
            if len(self._words(block)) > _LONGEST_WIDGET:
                break
            if found is None and (block.text(deep=False).strip() or block.tag in HEADINGS):
                return None  # in a sentence, or a heading
            if block.tag in BOXES:
                if not self._is_labels(block):
                    break
                found = block
            elif block.tag not in _LINES:
                break
        if found is None or is_labelled(found):
            return None
        address = classify(link.attributes.get("href") or "", self.base)
        return found if address.kind in _LISTS else None

    def _outward(self, link: LexborNode) -> Iterator[LexborNode]:
        block = link.parent
        for _ in range(_HIGHEST):
            if block is None or block.mem_id == self.container.mem_id:
                return
            yield block
            block = block.parent

    def _words(self, block: LexborNode) -> str:
        if block.mem_id not in self._said:
            self._said[block.mem_id] = text_of(block)
        return self._said[block.mem_id]

    def _leads_away(self, link: LexborNode) -> bool:
        address = classify(link.attributes.get("href") or "", self.base)
        is_article = address.id is not None or "/berita/" in (address.url or "")
        return is_article and address.id != self.own_id

    def _is_list(self, block: LexborNode) -> bool:
        """Whether a block says nothing but links to other articles, a label and dates."""
        if block.mem_id not in self._listed:
            self._listed[block.mem_id] = self._is_all_links(block)
        return self._listed[block.mem_id]

    def _is_all_links(self, block: LexborNode) -> bool:
        text = self._words(block)
        links = [link for link in block.css("a") if text_of(link)]
        label = len(text) - sum(len(text_of(link)) + 1 for link in links)
        if not links or label > LABEL + _DATED * len(links) or furniture.says_also(text):
            return False
        rest = text
        for link in links:
            rest = rest.replace(text_of(link), "", 1)
        if block.tag == "p" and not any(map(str.isalpha, rest)):
            return False  # a paragraph that is a link, numbered or not, is a line of a digest
        words = len(block.text(deep=False).split())  # right in it
        return (
            len(rest.strip()) <= LABEL + _DATED * (len(links) - 1)
            and not rest.rstrip().endswith(ENDS)
            and words <= (0 if block.tag == "p" else _LABEL_WORDS)
            and all(map(self._leads_away, links))
        )

    def _is_labels(self, block: LexborNode) -> bool:
        """Whether a block has neither a sentence nor a photo, and little else."""
        text = self._words(block)
        return (
            not furniture.says_also(text)
            and len(block.text(deep=False).split()) <= _LABEL_WORDS
            and not any(text_of(line).endswith(ENDS) for line in block.css(_PARTS))
            and not any(map(_is_photo, block.css(_PICTURES)))
        )


def _is_apart(block: LexborNode) -> bool:
    """Whether a block around a link is neither a sentence nor of a Baca Juga."""
    if block.tag == "p" and block.text(deep=False).strip():
        return False
    outer: LexborNode | None = block
    while outer is not None and outer.tag == "li":
        outer = outer.parent
    return outer is not None and not is_labelled(outer)


def label_before(block: LexborNode) -> LexborNode | None:
    """The heading of a list, or a bold line of its own, right before it."""
    former = before(block)
    if former is None or len(text := text_of(former)) > LABEL or text.endswith(ENDS):
        return None
    is_bold = former.tag == "p" and sum(len(text_of(bold)) for bold in former.css(_BOLD)) == len(
        text
    )
    return former if former.tag in HEADINGS or is_bold else None


def _is_photo(picture: LexborNode) -> bool:
    """Whether a picture is a photo of the article's, and leads to nobody."""
    source = picture.attributes.get("data-src") or picture.attributes.get("src") or ""
    is_linked = picture.parent is not None and picture.parent.tag == "a"
    return "/uploads/" in source and not is_linked
