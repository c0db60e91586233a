"""Blocks among the paragraphs that are not text, told by what they are made of.

A form, a player, a card of another article, a comment area is recognised by its elements in any
layout. Around it stands a box: the heading and the few words that belong to it go with it. A block
that holds most of the text, its opening, or a long sentence is never such a box.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.parsers.body import furniture
from crawler.parsers.body.account import put_down
from crawler.parsers.body.controls import ACCOUNTS, is_account
from crawler.parsers.datelines import find_brand
from crawler.parsers.text import squeeze
from crawler.urls import classify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborNode

    from crawler.parsers.body.account import Dropped

_INTERACTIVE = (
    "form, input, textarea, select, button, dialog, [role='dialog'], video, audio, iframe, object,"
    "embed, progress, canvas,"
    "amp-iframe, amp-video, amp-video-iframe, amp-audio, amp-youtube, amp-brightcove,"
    "amp-dailymotion, amp-form, amp-embed, amp-ad, amp-social-share, amp-consent"
)
_CARD_LINKS = "a img, a amp-img, a h2, a h3, a h4, a h5, h2 a, h3 a, h4 a, h5 a"
_LISTS = "ul, ol"
_SPONSORED = "a[rel*='sponsored'], [id*='taboola' i], [id*='outbrain' i]"
_TITLES = "summary, h2, h3, h4, h5, h6, b, strong"  # of a box
_TITLED = (
    (
        "comments",
        re.compile(r"(?:\d+\s+)?(?:komentar|comments?)(?:\s+pembaca)?\s*\W*\d*\W*", re.IGNORECASE),
    ),
    ("author", re.compile(r"(?:tentang|profil)\s+penulis\W*|about the author\W*", re.IGNORECASE)),
)
_COMMENTS = (
    "[class*='comment' i], [id*='comment' i], [class*='komentar' i], [id*='komentar' i],"
    "[id*='disqus' i]"
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOXES = frozenset(
    "div section aside figure article center fieldset details ul ol li nav amp-accordion".split()
)
_WRAPS = _BOXES | frozenset("label span small b strong i em".split())  # of a player or a field
_CELLS = frozenset("table tbody tr td".split())
_PLAYER_HEADING = re.compile(
    r"(?:video|tonton|saksikan|simak|dengarkan|podcast|live|streaming)\b.{0,50}", re.IGNORECASE
)
_SIZE = 400  # characters of a box
_SHARE = 0.6  # of the container's text that a box may hold
_ENDS = (".", "!", "?")
_SENTENCE = 170  # characters of a paragraph that no box holds
_OWN = 40  # characters of text right in a block, which is a paragraph then
_TEASER = 250  # characters that a card says beside its title
_CARDISH = re.compile(
    r"(?:^|[\s_-])(?:cards?|item|related|terkait|teaser|story|recommend\w*|rekomendasi|box|widget"
    r"|promo|media|post|news|thumb\w*|entry|tile)(?:[\s_-]|$)",
    re.IGNORECASE,
)


def drop_boxes(container: LexborNode, base: str, own_id: str, dropped: Dropped) -> None:
    """Take such blocks out of the container; each is put down in ``dropped``.

    ``base`` resolves links; ``own_id`` is the article's own, whose links make no card.
    """
    html = (container.html or "").lower()  # which tells fast what a text has none of

    def css(selectors: str, *signs: str) -> list[LexborNode]:
        return container.css(selectors) if any(sign in html for sign in signs) else []

    found = [(node, "interactive", node) for node in container.css(_INTERACTIVE)]
    found += [(node, "comments", node) for node in css(_COMMENTS, "comment", "komentar", "disqus")]
    sponsored = css(_SPONSORED, "sponsored", "taboola", "outbrain")
    found += [(node, "advertisement", node) for node in sponsored]
    found += _titled(css(_TITLES, "komentar", "comment", "penulis", "author"), container)
    found += [(node, "accounts", node) for node in _badges(css("a", *ACCOUNTS), container)]
    cards = css(_CARD_LINKS, "<img", "<amp-img", "<h") if "<a" in html else []
    lists = css(_LISTS, "<ul", "<ol") if "<a" in html else []
    if not found and not cards and not lists:
        return
    total = len(container.text())
    gone: set[int] = set()
    for node, rule, inner in found:
        if _is_within(node, gone, container):
            continue
        if node.tag == "form" and not _fits(node, total):
            node.unwrap()  # it holds the text itself
            continue
        if rule not in ("interactive", "advertisement") and not _fits(node, total):
            continue
        box = _box_around(inner, container, total)
        if (heading := _heading_before(box)) and _PLAYER_HEADING.fullmatch(_said(heading)):
            _take(heading, rule, gone, dropped)
        _take(box, rule, gone, dropped)
    for node in cards:
        if _is_within(node, gone, container):
            continue
        if card := _card(node, container, base, own_id, total):
            _take(card, "card", gone, dropped)
    for node in lists:
        if _is_within(node, gone, container):
            continue
        heading = _heading_before(node)
        if _leads_within(node):
            _take_contents(node, container, gone, dropped)
        elif (  # a list without a heading stays, and a Baca Juga, whose links are kept
            heading is not None
            and furniture.list_heading(_said(heading)) != "baca"
            and _leads_away(node, base, own_id)
        ):
            _take_list(node, heading, container, gone, dropped)


def _take(box: LexborNode, rule: str, gone: set[int], dropped: Dropped) -> None:
    """Empty a box, so that what was found inside of it stays known as gone."""
    gone.add(box.mem_id)
    put_down(box, rule, dropped)
    for child in list(_children(box)):
        child.remove()


def _take_list(
    node: LexborNode,
    heading: LexborNode,
    container: LexborNode,
    gone: set[int],
    dropped: Dropped,
) -> None:
    """Take a list of links to other articles with its heading, or the box of both."""
    if node.parent is not None and node.parent.mem_id == container.mem_id:
        _take(heading, "list of links", gone, dropped)
        _take(node, "list of links", gone, dropped)
    elif node.parent is not None and len(_said(node.parent)) <= len(
        _said(heading) + " " + _said(node)
    ):
        _take(node.parent, "list of links", gone, dropped)


def _take_contents(
    node: LexborNode, container: LexborNode, gone: set[int], dropped: Dropped
) -> None:
    """Take a table of contents with its title."""
    box = node
    while (
        (parent := box.parent) is not None
        and parent.mem_id != container.mem_id
        and len(_said(parent)) <= len(_said(node)) + _OWN
    ):
        box = parent
    before = _before(box)
    if before is not None and len(title := _said(before)) < _OWN and title[-1:] not in _ENDS:
        _take(before, "contents", gone, dropped)
    _take(box, "contents", gone, dropped)


def _leads_within(node: LexborNode) -> bool:
    """Whether a list is nothing else than links into the page itself."""
    links = node.css("a")
    return (
        bool(links)
        and all((link.attributes.get("href") or "").startswith("#") for link in links)
        and len(_said(node)) - sum(len(_said(link)) for link in links) <= 4 * len(links)
    )


def _titled(
    titles: Iterable[LexborNode], container: LexborNode
) -> Iterator[tuple[LexborNode, str, LexborNode]]:
    """Blocks that open with a title that tells what they are."""
    for node in titles:
        said = _said(node)
        if len(said) > _OWN or (parent := node.parent) is None:
            continue
        for rule, pattern in _TITLED:
            if pattern.fullmatch(said) and parent.mem_id != container.mem_id:
                yield parent, rule, parent


def _badges(links: Iterable[LexborNode], container: LexborNode) -> Iterator[LexborNode]:
    """Short blocks in which all links lead to accounts or app stores, by pictures or several."""
    for link in links:
        if not is_account(link.attributes.get("href") or ""):
            continue
        block = link.parent
        while block is not None and block.tag not in _BOXES:
            block = block.parent
        if block is None or block.mem_id == container.mem_id:
            continue
        others = block.css("a")
        if all(is_account(other.attributes.get("href") or "") for other in others) and (
            len(others) > 1 or link.css_first("img, amp-img")
        ):
            yield block


def _leads_away(node: LexborNode, base: str, own_id: str) -> bool:
    """Whether a list is nothing else than links to other articles."""
    links = node.css("a")
    addresses = [classify(link.attributes.get("href") or "", base) for link in links]
    said = sum(len(_said(link)) for link in links)
    return (
        bool(links)
        and all(address.id not in (None, own_id) for address in addresses)
        and len(_said(node)) - said <= len(links)  # the spaces between
    )


def _heading_before(node: LexborNode) -> LexborNode | None:
    """The heading right before a node."""
    before = _before(node)
    return before if before is not None and before.tag in _HEADINGS else None


def _before(node: LexborNode) -> LexborNode | None:
    """What stands right before a node, and says something."""
    before = node.prev
    while before is not None and not _said(before):
        before = before.prev
    return before


def _said(node: LexborNode) -> str:
    return squeeze(node.text(separator=" "))


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        following = child.next
        yield child
        child = following


def _is_within(node: LexborNode, gone: set[int], container: LexborNode) -> bool:
    holder: LexborNode | None = node
    while holder is not None and holder.mem_id != container.mem_id:
        if holder.mem_id in gone:
            return True
        holder = holder.parent
    return holder is None


def _box_around(node: LexborNode, container: LexborNode, total: int) -> LexborNode:
    """The outermost box that holds the node and no text of the article."""
    box = node
    while (
        (parent := box.parent) is not None
        and parent.mem_id != container.mem_id
        and parent.tag in _WRAPS
        and _fits(parent, total)
    ):
        box = parent
    return box


def _fits(box: LexborNode, total: int) -> bool:
    """Whether a block can be a box: short, without the opening and without a long sentence."""
    text = _said(box)
    if len(text) > min(_SIZE, _SHARE * total) or find_brand(text) is not None:
        return False
    own = squeeze(box.text(deep=False))
    if len(own) >= _OWN and box.tag != "form":
        return False
    return all(len(squeeze(p.text())) < _SENTENCE for p in box.css("p, blockquote"))


def _card(
    node: LexborNode, container: LexborNode, base: str, own_id: str, total: int
) -> LexborNode | None:
    """The card of another article around a linked picture or heading; None if it is none."""
    link: LexborNode | None = node
    while link is not None and link.tag != "a":
        link = link.parent
    if link is None:
        return None
    address = classify(link.attributes.get("href") or "", base)
    if address.id in (None, own_id):
        return None
    title = _said(link)
    card = link
    while (
        (parent := card.parent) is not None
        and parent.mem_id != container.mem_id
        and len(_said(parent)) <= len(title)
    ):
        card = parent
    if not title and card.parent is not None and card.parent.mem_id == container.mem_id:
        return None  # a linked photo of the article's own
    if _is_labelled(card):
        return None  # a Baca Juga, whose link is kept
    while (
        (parent := card.parent) is not None
        and parent.mem_id != container.mem_id
        and parent.tag in (_BOXES | {"a", "p"} | _CELLS | _HEADINGS)
        and _fits(parent, total)
        and _belongs(card, parent)
    ):
        if furniture.starts_baca(_said(parent)):
            return None
        card = parent
    is_alone = card.tag == "a" or card.tag in _HEADINGS  # as the headings of a digest are
    return None if is_alone and card.css_first("img, amp-img") is None else card


def _belongs(card: LexborNode, parent: LexborNode) -> bool:
    """Whether all that stands beside a card in its parent is its teaser, or its heading."""
    beside = [child for child in _children(parent) if child.mem_id != card.mem_id]
    said = [(child, text) for child in beside if (text := _said(child))]
    if not said:
        return True
    if sum(len(text) for _, text in said) > _TEASER:
        return False
    if all(child.tag in _HEADINGS or len(text) < _OWN for child, text in said):
        return True
    is_card = parent.tag in ("article", "li", "aside", "figure", "section") or bool(
        _CARDISH.search(parent.attributes.get("class") or "")
    )
    if card.css_first("img, amp-img") is None:
        return is_card
    addresses = {link.attributes.get("href") for link in card.css("a")} or {None}
    is_titled = card.css_first("h2, h3, h4, h5, h6") is not None or any(
        link.attributes.get("href") in addresses for child, _ in said for link in child.css("a")
    )
    return is_card or (is_titled and len(said) == 1)


def _is_labelled(card: LexborNode) -> bool:
    """Whether "Baca Juga" stands right before a card, or as the beginning of its box."""
    node: LexborNode | None = card
    for _ in range(3):
        if node is None:
            return False
        if (before := _before(node)) is not None:
            label = _said(before)
            return furniture.list_heading(label) == "baca" or (
                len(label) < _TEASER and bool(furniture.starts_baca(label))
            )
        node = node.parent
    return False
