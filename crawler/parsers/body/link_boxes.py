"""Blocks whose text is all links: to other articles, into the page itself, to an author."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.parsers.body import furniture
from crawler.parsers.body.cards import is_labelled
from crawler.parsers.body.shapes import BOXES, ENDS, HEADINGS, LABEL, before, fits, said
from crawler.urls import classify

if TYPE_CHECKING:
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
_LONGEST_BIO = 300  # characters
_PICTURES = "img, amp-img"
_CAPTIONED = frozenset(("figure", "figcaption"))


def links_around(
    link: LexborNode, container: LexborNode, base: str, own_id: str
) -> LexborNode | None:
    """The outermost block around a link that says nothing but links to other articles.

    A short label may stand in it, "Breaking News", and dates. None if there is no such block, or
    if it is a Baca Juga, whose links are kept, or the items of a sentence before it.
    """
    block = link.parent
    while block is not None and block.tag in _LINES - {"p"}:
        block = block.parent
    outer = block
    while outer is not None and outer.tag == "li":
        outer = outer.parent
    # Most links are in a sentence or a Baca Juga: that is cheap to see.
    if (
        block is None
        or outer is None
        or (block.tag == "p" and block.text(deep=False).strip())
        or is_labelled(outer)
        or not _leads_away(link, base, own_id)
    ):
        return None
    found = None
    while block is not None and block.mem_id != container.mem_id:
        if block.tag in BOXES or block.tag == "p":
            if not _is_all_links(block, base, own_id) or furniture.says_also(said(block)):
                break
            found = block
        elif block.tag not in _LINES:
            break
        block = block.parent
    if found is None or is_labelled(found):
        return None
    if said(found) == said(link) and label_before(found) is None:
        return None  # a link alone, set as an item of the text
    former = before(found)
    if former is not None and former.tag not in HEADINGS and said(former).endswith(":"):
        return None
    return found


def label_before(block: LexborNode) -> LexborNode | None:
    """The heading of a list, or a bold line of its own, right before it."""
    former = before(block)
    if former is None or len(text := said(former)) > LABEL or text.endswith(ENDS):
        return None
    is_bold = former.tag == "p" and sum(len(said(bold)) for bold in former.css(_BOLD)) == len(text)
    return former if former.tag in HEADINGS or is_bold else None


def _leads_away(link: LexborNode, base: str, own_id: str) -> bool:
    address = classify(link.attributes.get("href") or "", base)
    is_article = address.id is not None or "/berita/" in (address.url or "")
    return is_article and address.id != own_id


def _is_all_links(block: LexborNode, base: str, own_id: str) -> bool:
    links = [link for link in block.css("a") if said(link)]
    rest = said(block)
    for link in links:
        rest = rest.replace(said(link), "", 1)
    if block.tag == "p" and not any(map(str.isalnum, rest)):
        return False  # a paragraph that is a link is a line of a digest
    words = len(block.text(deep=False).split())  # right in it
    return (
        bool(links)
        and len(rest.strip()) <= LABEL + _DATED * (len(links) - 1)
        and not rest.rstrip().endswith(ENDS)
        and words <= (0 if block.tag == "p" else _LABEL_WORDS)
        and all(_leads_away(link, base, own_id) for link in links)
    )


def author_card(link: LexborNode, container: LexborNode) -> LexborNode | None:
    """The block around a link to an author's page, with a picture, the name and a few words."""
    if not _AUTHOR.search(link.attributes.get("href") or ""):
        return None
    found = None
    total = len(container.text())
    block = link.parent
    while block is not None and block.mem_id != container.mem_id:
        if block.tag in _CAPTIONED:
            return None
        if found is None and block.text(deep=False).rstrip().endswith(ENDS):
            return None  # a sentence names the author
        if block.tag in BOXES:
            if len(said(block)) > _LONGEST_BIO or not fits(block, total):
                break
            found = block
        elif block.tag not in _LINES | HEADINGS:
            break
        block = block.parent
    if found is None:
        return None
    pictures = found.css(_PICTURES)
    return found if pictures and not any(map(_is_photo, pictures)) else None


def _is_photo(picture: LexborNode) -> bool:
    """Whether a picture is a photo of the article's, and leads to nobody."""
    source = picture.attributes.get("data-src") or picture.attributes.get("src") or ""
    is_linked = picture.parent is not None and picture.parent.tag == "a"
    return "/uploads/" in source and not is_linked
