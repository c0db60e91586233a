"""Cards of other articles: a link with its picture, its title or its teaser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.parsers.body import furniture
from crawler.parsers.body.shapes import BOXES, HEADINGS, LABEL, before, children, fits, text_of
from crawler.urls import classify

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_TEASER = 250  # characters that a card says beside its title
_CELLS = frozenset("table tbody tr td".split())
_CARDISH = re.compile(
    r"(?:^|[\s_-])(?:cards?|item|related|terkait|teaser|story|recommend\w*|rekomendasi|box|widget"
    r"|promo|media|post|news|thumb\w*|entry|tile)(?:[\s_-]|$)",
    re.IGNORECASE,
)


def card_around(
    node: LexborNode, container: LexborNode, base: str, own_id: str, total: int
) -> LexborNode | None:
    """The card around a linked picture or heading; None if there is no card.

    It leads to another article, or with picture and words to another site.
    """
    link: LexborNode | None = node
    while link is not None and link.tag != "a":
        link = link.parent
    if link is None:
        return None
    address = classify(link.attributes.get("href") or "", base)
    title = text_of(link)
    is_ad = address.kind == "external" and title and link.css_first("img, amp-img") is not None
    if address.id in (None, own_id) and not is_ad:
        return None
    card = link
    while (
        (parent := card.parent) is not None
        and parent.mem_id != container.mem_id
        and len(text_of(parent)) <= len(title)
    ):
        card = parent
    if not title and card.parent is not None and card.parent.mem_id == container.mem_id:
        return None  # a linked photo of the article's own
    if is_labelled(card):
        return None  # a Baca Juga, whose link is kept
    while (
        (parent := card.parent) is not None
        and parent.mem_id != container.mem_id
        and parent.tag in (BOXES | {"a", "p"} | _CELLS | HEADINGS)
        and fits(parent, total)
        and _belongs(card, parent)
    ):
        if furniture.starts_baca(text_of(parent)):
            return None
        card = parent
    is_alone = card.tag == "a" or card.tag in HEADINGS  # as the headings of a digest are
    return None if is_alone and card.css_first("img, amp-img") is None else card


def _belongs(card: LexborNode, parent: LexborNode) -> bool:
    """Whether all that stands beside a card in its parent is its teaser, or its heading."""
    beside = [child for child in children(parent) if child.mem_id != card.mem_id]
    words = [(child, text) for child in beside if (text := text_of(child))]
    if not words:
        return True
    if sum(len(text) for _, text in words) > _TEASER:
        return False
    if all(child.tag in HEADINGS or len(text) < LABEL for child, text in words):
        return True
    is_card = parent.tag in ("article", "li", "aside", "figure", "section") or bool(
        _CARDISH.search(parent.attributes.get("class") or "")
    )
    if card.css_first("img, amp-img") is None:
        return is_card
    addresses = {link.attributes.get("href") for link in card.css("a")} or {None}
    is_titled = card.css_first("h2, h3, h4, h5, h6") is not None or any(
        link.attributes.get("href") in addresses for child, _ in words for link in child.css("a")
    )
    return is_card or (is_titled and len(words) == 1)


def is_labelled(card: LexborNode) -> bool:
    """Whether "Baca Juga" stands right former a card, or as the beginning of its box."""
    node: LexborNode | None = card
    for _ in range(3):
        if node is None:
            return False
        if (former := before(node)) is not None:
            label = text_of(former)
            return furniture.list_heading(label) == "baca" or (
                len(label) < _TEASER and bool(furniture.starts_baca(label))
            )
        node = node.parent
    return False
