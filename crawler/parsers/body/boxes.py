"""Blocks among the paragraphs that are not text, told by what they are made of.

A form, a player, a card of another article, a comment area is recognised by its elements in any
layout. Around it stands a box: the heading and the few words that belong to it go with it. A block
that holds most of the text, its opening, or a long sentence is never such a box.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.parsers.body.account import put_down
from crawler.parsers.body.cards import card_around
from crawler.parsers.body.controls import is_account
from crawler.parsers.body.hidden import show_rest
from crawler.parsers.body.link_boxes import LinkBoxes, label_before
from crawler.parsers.body.replies import comments
from crawler.parsers.body.shapes import (
    BOXES,
    ENDS,
    LABEL,
    before,
    children,
    fits,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborNode

    from crawler.parsers.body.account import Dropped
    from crawler.parsers.body.marks import Marks

_INTERACTIVE = (
    "form, input, textarea, select, button, dialog, [role='dialog'], [role='button'], video, audio,"
    "iframe, object, embed, progress, canvas,"
    "amp-iframe, amp-video, amp-video-iframe, amp-audio, amp-youtube, amp-brightcove,"
    "amp-dailymotion, amp-form, amp-embed, amp-ad, amp-social-share, amp-consent"
)
_CARD_LINKS = "a img, a amp-img, a h2, a h3, a h4, a h5, h2 a, h3 a, h4 a, h5 a"
_LISTS = "ul, ol"
_SPONSORED = "a[rel*='sponsored'], [id*='taboola' i], [id*='outbrain' i]"
_TITLE_TAGS = frozenset("summary h2 h3 h4 h5 h6 b strong".split())  # of a box
_TITLES = ", ".join(_TITLE_TAGS)
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
_FIELDS = frozenset("form input textarea select".split())
_BUTTON = re.compile(r"(?:^|[\s_-])(?:btn|button|cta)(?:[\s_-]|$)", re.IGNORECASE)
_CONTROLS = "input, textarea, select, button"
_PARAGRAPH = 100  # characters that no reader's comment alone in its block has
_MOST = 500  # controls or links that are looked at; the longest articles have a tenth of it
_FORM_WORDS = 25  # of a sentence beside a field
_LABEL_WORDS = 8  # of one beside a button or a player
_INLINE = frozenset("a label span small b strong i em".split())
_WRAPS = BOXES | _INLINE - {"a"}  # of a player or a field
_PLAYER_HEADING = re.compile(
    r"(?:video|tonton|saksikan|simak|dengarkan|podcast|live|streaming)\b.{0,50}", re.IGNORECASE
)


# Each rule, its selectors, and the tags and words of which there is one where they find anything.
_SOUGHT = (
    (
        "interactive",
        _INTERACTIVE,
        frozenset(re.findall(r"(?:^|,)\s*([a-z-]+)(?=,|$)", _INTERACTIVE)),
        ("role=",),
    ),
    ("comments", _COMMENTS, frozenset[str](), ("comment", "komentar", "disqus")),
    ("advertisement", _SPONSORED, frozenset[str](), ("sponsored", "taboola", "outbrain")),
)


def drop_boxes(
    container: LexborNode, marks: Marks, base: str, own_id: str, dropped: Dropped
) -> None:
    """Take such blocks out of the container; each is put down in ``dropped``.

    ``marks`` are the container's; ``base`` resolves links; ``own_id`` is the article's own, whose
    links make no card.
    """
    show_rest(container, marks, dropped)
    found: list[tuple[LexborNode, str, LexborNode]] = []
    for rule, selectors, tags, words in _SOUGHT:
        if not marks.tags.isdisjoint(tags) or marks.has_word(words):
            found += [(node, rule, node) for node in container.css(selectors)]
    if not marks.tags.isdisjoint(_TITLE_TAGS):
        found += _titled(container)
    links = container.css("a") if "a" in marks.tags else []
    found += [(node, "accounts", node) for node in _badges(links, container)]
    found += [(node, "interactive", node) for node in _buttons(links, container)]
    cards = container.css(_CARD_LINKS) if links else []
    lists = container.css(_LISTS) if links else []
    replied = list(comments(container, marks, links))
    if not (found or links or replied):
        return
    total = len(container.text()) if found or cards else 0
    gone: set[int] = set()
    for comment in replied:
        _take(comment, "comments", gone, dropped)
    for node, rule, inner in found[:_MOST]:
        if _is_within(node, gone, container):
            continue
        if node.tag == "form" and (not fits(node, total) or _only_wraps(node)):
            node.unwrap()  # it holds the text itself
            continue
        if rule == "comments" and _is_paragraph(node):
            continue  # a class name alone takes no paragraph out
        # A player or a field is not text, however long; a block around it must be short.
        is_sure = rule == "advertisement" or (rule == "interactive" and node.tag not in BOXES)
        if not is_sure and not fits(node, total):
            continue
        if rule == "interactive" and node.tag in BOXES and _tells(node, _LABEL_WORDS):
            continue
        box = _box_around(inner, container, total)
        if _is_in_sentence(box):
            continue
        if (heading := label_before(box)) and _PLAYER_HEADING.fullmatch(text_of(heading)):
            _take(heading, rule, gone, dropped)
        _take(box, rule, gone, dropped)
    boxes = LinkBoxes(container, base, own_id)
    for link in links[:_MOST] if cards else ():
        for block in boxes.pictured(link) if boxes.stands_apart(link) else ():
            _take(block, "card", gone, dropped)
    for node in cards:
        if _is_within(node, gone, container):
            continue
        if card := card_around(node, container, base, own_id, total):
            _take(card, "card", gone, dropped)
            _take_label(card, container, gone, dropped)
    for node in lists:
        if not _is_within(node, gone, container) and _leads_within(node):
            _take_contents(node, container, gone, dropped)
    for link in links[:_MOST]:
        if not boxes.stands_apart(link) or _is_within(link, gone, container):
            continue
        if listed := boxes.links_around(link):
            if label := label_before(listed):
                _take(label, "list of links", gone, dropped)
            _take(listed, "list of links", gone, dropped)
        elif profile := boxes.author_card(link):
            _take(profile, "author", gone, dropped)
        elif widget := boxes.widget_around(link):
            _take(widget, "widget", gone, dropped)


def _only_wraps(form: LexborNode) -> bool:
    """Whether a form has sentences and nothing to fill in or to press."""
    return text_of(form).endswith(ENDS) and form.css_first(_CONTROLS) is None


def _is_paragraph(node: LexborNode) -> bool:
    """Whether a block is one long paragraph."""
    text = text_of(node)
    first = node.css_first("p")
    is_one = first is None or len(text_of(first)) == len(text)
    return is_one and len(text) > _PARAGRAPH and text.endswith(ENDS)


def _take(box: LexborNode, rule: str, gone: set[int], dropped: Dropped) -> None:
    """Empty a box, so that what was found inside of it stays known as gone."""
    gone.add(box.mem_id)
    put_down(box, rule, dropped)
    for child in list(children(box)):
        child.remove()


def _take_label(card: LexborNode, container: LexborNode, gone: set[int], dropped: Dropped) -> None:
    """Take the box of cards, once nothing but their heading is left in it."""
    box = card.parent
    while box is not None and box.mem_id != container.mem_id and box.tag in BOXES:
        left = text_of(box)
        if len(left) > LABEL or left.endswith(ENDS):
            break
        if left:
            _take(box, "card", gone, dropped)
            break
        box = box.parent


def _is_in_sentence(box: LexborNode) -> bool:
    """Whether a part of a line has words beside it."""
    return (
        box.tag in _INLINE
        and box.parent is not None
        and len(text_of(box.parent)) > len(text_of(box))
    )


def _take_contents(
    node: LexborNode, container: LexborNode, gone: set[int], dropped: Dropped
) -> None:
    """Take a table of contents with its title."""
    box = node
    while (
        (parent := box.parent) is not None
        and parent.mem_id != container.mem_id
        and len(text_of(parent)) <= len(text_of(node)) + LABEL
    ):
        box = parent
    former = before(box)
    if former is not None and len(title := text_of(former)) < LABEL and not title.endswith(ENDS):
        _take(former, "contents", gone, dropped)
    _take(box, "contents", gone, dropped)


def _leads_within(node: LexborNode) -> bool:
    """Whether a list is nothing else than links into the page itself."""
    links = node.css("a")
    return (
        bool(links)
        and all((link.attributes.get("href") or "").startswith("#") for link in links)
        and len(text_of(node)) - sum(len(text_of(link)) for link in links) <= 4 * len(links)
    )


def _titled(container: LexborNode) -> Iterator[tuple[LexborNode, str, LexborNode]]:
    """Blocks that open with a title that tells what they are."""
    for node in container.css(_TITLES):
        text = node.text()
        if len(text) > LABEL or (parent := node.parent) is None:
            continue
        for rule, pattern in _TITLED:
            if pattern.fullmatch(text.strip()) and parent.mem_id != container.mem_id:
                yield parent, rule, parent


def _buttons(links: Iterable[LexborNode], container: LexborNode) -> Iterator[LexborNode]:
    """Short blocks of their own around a link that leads nowhere, or is set as a button."""
    for link in links:
        address = (link.attributes.get("href") or "").strip()
        is_button = _BUTTON.search(link.attributes.get("class") or "")
        if address == "#" or address.startswith("javascript:") or is_button:
            block = link.parent
            while block is not None and block.tag in _WRAPS - BOXES:
                block = block.parent
            if block is not None and block.tag in BOXES and block.mem_id != container.mem_id:
                yield block


def _badges(links: Iterable[LexborNode], container: LexborNode) -> Iterator[LexborNode]:
    """Short blocks in which all links lead to accounts or app stores, by pictures or several."""
    for link in links:
        if not is_account(link.attributes.get("href") or ""):
            continue
        block = link.parent
        while block is not None and block.tag not in BOXES:
            block = block.parent
        if block is None or block.mem_id == container.mem_id:
            continue
        others = block.css("a")
        if all(is_account(other.attributes.get("href") or "") for other in others) and (
            len(others) > 1 or link.css_first("img, amp-img") or _is_label(block)
        ):
            yield block


def _is_label(block: LexborNode) -> bool:
    """Whether a block says no more than a button and its label do."""
    return len(text_of(block)) <= 2 * LABEL and not text_of(block).endswith(ENDS)


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
    if node.tag == "button" and not any(map(str.isalnum, node.text())):
        return box  # a star beside a paragraph
    most = _FORM_WORDS if node.tag in _FIELDS else _LABEL_WORDS
    while (
        (parent := box.parent) is not None
        and parent.mem_id != container.mem_id
        and parent.tag in _WRAPS
        and fits(parent, total)
        and not _tells(parent, most)
    ):
        box = parent
    return box


def _tells(box: LexborNode, most: int) -> bool:
    """Whether a block holds a sentence of more words than what belongs to a control has."""
    return any(
        len((words := text_of(paragraph)).split()) > most and words.endswith(ENDS)
        for paragraph in box.css("p, blockquote, li")
    )
