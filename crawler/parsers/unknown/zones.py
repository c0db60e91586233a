"""The parts of a page that do not belong to its article: menus, cards, comments, notices.

They are told by their element, by their heading, by what they are made of, and last by a class
name, which a redesign need not have. What the page states as its text is never one of them.
"""

from __future__ import annotations

import re
from itertools import accumulate, islice, pairwise
from operator import or_
from typing import TYPE_CHECKING

from bs4 import Tag

from crawler.parsers.body import furniture
from crawler.parsers.body.replies import REPLY
from crawler.parsers.datelines import find_brand
from crawler.parsers.unknown.outline import Block, Outline, classes, elements, outward
from crawler.urls import classify

if TYPE_CHECKING:
    from crawler.parsers.unknown.evidence import Evidence

_ALIEN_TAGS = frozenset("nav footer aside dialog menu form header".split())
_ALIEN_ROLES = frozenset("navigation contentinfo complementary search dialog banner".split())
_ALIEN_NAMES = re.compile(
    r"(?:^|[\s_-])(?:related|relatedposts|terkait|comments?|komentar|shar(?:e|ing)|sharedaddy|sosmed"
    r"|social|sidebar|popul[ae]r|terpopuler|trending|rekomendasi|recommend\w*|newsletter|promo"
    r"|subscri\w+|paywall|advert\w*|ads?|iklan|breadcrumbs?|menu|navbar|nav|footer|cookie|consent"
    r"|popup|modal|pager|pagination|widget|outbrain|taboola|poll|polling|bio|toolbar)(?:[\s_-]|$)"
)
_OTHERS = re.compile(
    r"(?:(?:berita|artikel|foto|video|kabar|konten|topik|cerita|bacaan|liputan)\s+)?"
    r"(?:terkait|lainnya|lain|terpopuler|populer|terbaru|terkini|pilihan|serupa|sejenis|terhangat"
    r"|untuk anda|untukmu|menarik)(?:\s+(?:untuk anda|hari ini|lainnya|editor|redaksi|kami))?"
    r"|rekomendasi(?:\s.{0,30})?|pilihan\s+(?:editor|redaksi).{0,20}|jangan lewatkan.{0,20}"
    r"|(?:anda )?mungkin (?:anda )?suka|sorotan|indeks(?: berita)?"
    r"|tentang (?:penulis|kami)|profil penulis|newsletter|langganan.{0,30}|berlangganan.{0,30}"
    r"|polling|jajak pendapat|promo(?:si)?|kabar dari .{1,30}"
    r"|related.{0,30}|most (?:read|popular)|you may also like|recommended.{0,20}|trending"
    r"|more (?:from|news|stories).{0,30}|latest(?: news)?|read also|dari jaringan kami|network",
    re.IGNORECASE,
)
_AD = re.compile(r"sponsored|iklan|advertisements?|adv", re.IGNORECASE)
_COMMENTS = re.compile(
    r"(?:\d+\s+)?(?:komentar|comments?|tanggapan)(?:\s*(?:pembaca|\(?\s*\d+\s*\)?))?"
    r"|(?:tinggalkan|tulis|beri|kirim)\s+(?:komentar|tanggapan).{0,20}",
    re.IGNORECASE,
)
_TOOLS = re.compile(
    r"(?:bagikan|sebarkan|share)\b.{0,30}|tags?|topik|kata kunci|ikuti kami.{0,40}"
    r"|follow us.{0,20}",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"©|hak cipta|copyright|all rights? reserved|\bcookies?\b|\bkuki\b|kebijakan privasi"
    r"|syarat (?:dan|&) ketentuan|unduh aplikasi|berlangganan|langganan (?:sekarang|newsletter)"
    r"|daftarkan (?:email|surel)|masukkan (?:email|surel)",
    re.IGNORECASE,
)
_TAG = re.compile(r"/(?:tag|topik|topic|hot_topic)/")
_CONTROLS = ["input", "select", "textarea", "button"]
_FEW = 4  # nodes of a button
_REPLY_DEPTH = 5  # elements around a button, with the comment that it is for
_LONG = 100  # characters of a paragraph
_LONGEST_HEADING = 60  # characters
_LONGEST_CARD = 600
_LONGEST_NOTICE = 300
_LINKED = 0.8  # of a block that is a title of another article


class Zones:
    """Tells the blocks of other things apart (``alien``, and by which rule in ``why``).

    ``covered`` are those that stand in the stated text, ``described`` those that the description
    repeats, ``stated`` both.
    """

    def __init__(self, outline: Outline, evidence: Evidence, base: str, identifier: str) -> None:
        self.outline = outline
        self.base = base
        self.identifier = identifier
        blocks = outline.blocks
        self.alien = [False] * len(blocks)
        self.why = [""] * len(blocks)
        self.brand = [find_brand(block.text) is not None for block in blocks]
        self.leads_away = [self._leads_away(block) for block in blocks]
        self.described = [block.is_prose and evidence.describes(block.text) for block in blocks]
        self.covered = [block.is_prose and evidence.covers(block.text) >= 0.6 for block in blocks]
        self.stated = list(map(or_, self.described, self.covered))
        sizes = (len(block.text) if block.is_prose else 0 for block in blocks)
        self._prose = [0, *accumulate(sizes)]  # characters of sentences, summed up
        headlines = [block.text for block in blocks if block.heading == 1]
        titles = evidence.titles or headlines[:1]
        # A teaser is one paragraph: a brand that more of them follow opens a text.
        opens = [
            self.brand[i] and following.is_prose and block.holder.parent is following.holder.parent
            for i, (block, following) in enumerate(pairwise(blocks))
        ]
        own = (block.heading == 1 and block.text in titles for block in blocks)
        self._stated = [
            0,
            *accumulate(map(any, zip(self.stated, own, [*opens, False], strict=False))),
        ]
        self._sort_out(outline.body)
        self._by_headings()
        self._by_replies(outline.body)
        for i, block in enumerate(blocks):
            if self.stated[i] or len(block.text) >= _LONGEST_NOTICE:
                continue
            if _NOTICE.search(block.text):
                self.mark((i, i + 1), "notice")
            elif not block.is_prose and _names_tags(block):
                self.mark((i, i + 1), "tools")

    def _leads_away(self, block: Block) -> bool:
        """Whether a block is the title of an article that stands elsewhere.

        A page that links the title of the asked article below its own heading is a list, too.
        """
        return self._away_size(block) >= _LINKED * len(block.text)

    def links_away(self, block: Block) -> bool:
        """Whether half of a block is such a title: its date or teaser may stand beside it."""
        return 2 * self._away_size(block) > len(block.text)

    def names_article(self, block: Block) -> bool:
        """Whether a block links to an article that stands elsewhere."""
        return self._away_size(block) > 0

    def _away_size(self, block: Block) -> int:
        links = (link for link in block.links if self._shows_article(block, link[1]))
        return sum(len(text) for text, _ in links)

    def _shows_article(self, block: Block, address: str) -> bool:
        shown = classify(address, self.base).id
        return shown is not None and (shown != self.identifier or block.heading != 1)

    def mark(self, span: tuple[int, int], why: str) -> None:
        for i in range(*span):
            if not self.alien[i]:
                self.alien[i], self.why[i] = True, why

    def _holds_text(self, tag: Tag) -> bool:
        """Whether the page states what an element holds, or most of its sentences stand there."""
        start, end = self.outline.span(tag)
        prose = self._prose[end] - self._prose[start]
        return self._stated[end] > self._stated[start] or 2 * prose > self._prose[-1]

    def _sort_out(self, body: Tag) -> None:
        waiting = [body]
        while waiting:
            tag = waiting.pop()
            start, end = self.outline.span(tag)
            if start == end:
                continue
            why = self._is_alien(tag) if tag is not body else None
            if why and not self._holds_text(tag):
                self.mark((start, end), why)
                continue
            children = list(elements(tag))
            for card in self._cards(children):
                self.mark(self.outline.span(card), "card")
            waiting += [child for child in children if id(child) in self.outline.spans]

    def _is_alien(self, tag: Tag) -> str | None:
        """What an element is by its name, role or class, if that is not text.

        A Baca Juga is not, whatever it is set in: its links are the article's.
        """
        phrase = self.outline.blocks[self.outline.span(tag)[0]].lines[0]
        if furniture.starts_baca(phrase) or furniture.list_heading(phrase) == "baca":
            return None
        if tag.name in _ALIEN_TAGS:
            is_text = tag.name == "form" and tag.find(_CONTROLS) is None
            return None if is_text or self._is_within_text(tag) else tag.name
        role = str(tag.get("role", ""))
        if role in _ALIEN_ROLES:
            return role
        start, end = self.outline.span(tag)
        first = self.outline.blocks[start]
        if end - start == 1 and first.is_prose and len(first.text) > _LONG:
            return None  # a class name alone takes no paragraph out
        if found := _ALIEN_NAMES.search(classes(tag)):
            return found[0].strip(" _-")
        return None

    def _is_within_text(self, tag: Tag) -> bool:
        """Whether it is an aside of a few facts or words, between two paragraphs."""
        if tag.name != "aside" or tag.parent is None or self.outline.link_size(tag):
            return False
        start, end = self.outline.span(tag)
        first, last = self.outline.span(tag.parent)
        before = self._prose[start] - self._prose[first]
        after = self._prose[last] - self._prose[end]
        is_asked = tag.find([*_CONTROLS, "form", "img"]) is not None
        return bool(before and after) and self.outline.size(tag) <= _LONGEST_CARD and not is_asked

    def _cards(self, children: list[Tag]) -> list[Tag]:
        """Which of some siblings are cards of other articles."""
        cards = [child for child in children if self._is_card(child)]
        known = set(map(id, cards))
        heads = [
            child
            for child in children
            if id(child) not in known
            and self._is_small(child)
            and self.outline.blocks[self.outline.span(child)[0]].heading
            and any(self.brand[slice(*self.outline.span(child))])
        ]
        return cards + (heads if len(heads) > 1 else [])

    def _is_small(self, tag: Tag) -> bool:
        start, end = self.outline.span(tag)
        return (
            end - start > 1
            and self.outline.size(tag) <= _LONGEST_CARD
            and self._stated[end] == self._stated[start]
        )

    def _is_card(self, tag: Tag) -> bool:
        """A title that leads to another article, with its teaser below."""
        if not self._is_small(tag):
            return False
        start, end = self.outline.span(tag)
        first = next((i for i in range(start, end) if self.outline.blocks[i].is_prose), end)
        titles = [i for i in range(start, min(first + 1, end)) if self.leads_away[i]]
        heading = self.outline.blocks[max(0, start - 1)].text  # of a list of links in the text
        phrase = self.outline.blocks[start].text
        baca = "baca" in map(furniture.list_heading, (heading, phrase))
        if len(self._articles(start, end)) > 1:
            return False  # a list, of cards or of titles that a sentence may introduce
        return bool(titles) and end - start <= 5 and not (baca or furniture.starts_baca(phrase))

    def _articles(self, start: int, end: int) -> set[str]:
        """The articles that some blocks link to."""
        links = (link for block in self.outline.blocks[start:end] for link in block.links)
        return {shown for _, url in links if (shown := classify(url, self.base).id)}

    def _by_headings(self) -> None:
        for i, block in enumerate(self.outline.blocks):
            phrase = block.lines[0].strip(" :»›>-–|")
            if self.alien[i] or len(phrase) > _LONGEST_HEADING:
                continue
            if _AD.fullmatch(block.text):
                self._mark_ad(block)
            for pattern, why in ((_OTHERS, "list"), (_COMMENTS, "comments"), (_TOOLS, "tools")):
                if pattern.fullmatch(phrase):
                    self.mark_below(block, why)

    def _by_replies(self, body: Tag) -> None:
        """Put each comment of a reader aside, told by the button below it."""
        for button in body.find_all(["button", "a", "span"]):
            few = next(islice(button.descendants, _FEW, None), None) is None
            if not (few and REPLY.fullmatch(button.get_text().strip())):
                continue
            for outer in outward(button, _REPLY_DEPTH):
                start, end = self.outline.span(outer)
                if self._prose[end] > self._prose[start]:
                    if not self._holds_text(outer):
                        self.mark((start, end), "comments")
                    break

    def _mark_ad(self, block: Block) -> None:
        """Put what an advertisement's label is for with it, if nothing of that is a sentence."""
        span = (block.at, block.at + 1)
        for outer in outward(block.holder):
            start, end = self.outline.span(outer)
            if start != block.at or self._prose[end] > self._prose[start]:
                break
            span = (start, end)
        self.mark(span, "ad")

    def mark_below(self, block: Block, why: str) -> None:
        """Put what a heading is for with it: its element, or what follows it in a flat one."""
        child, zone = block.holder, block.holder
        while True:
            start, end = self.outline.span(zone)
            if end - start > 1 or zone.parent is None or zone is self.outline.body:
                break
            child, zone = zone, zone.parent
        self.mark((block.at, block.at + 1), why)
        is_counter = block.text[:1].isdecimal() or block.links
        if why == "comments" and not block.heading and is_counter:
            return  # a counter or a link to them, which the text goes on after
        start, end = self.outline.span(zone)
        named = any(
            furniture.starts_baca(inner.lines[0]) for inner in self.outline.blocks[start:end]
        )
        is_whole = start == block.at and zone is not self.outline.body and not named
        if is_whole and not self._holds_text(zone):
            self.mark((start, end), why)
            return
        following = (node for node in child.next_siblings if isinstance(node, Tag))
        for number, tag in enumerate(following):
            if not self._goes_on(tag, why, number):
                break
            self.mark(self.outline.span(tag), why)

    def _goes_on(self, tag: Tag, why: str, number: int) -> bool:
        start, end = self.outline.span(tag)
        if start == end:
            return True
        blocks = self.outline.blocks[start:end]
        phrase = blocks[0].lines[0]
        if self._stated[end] > self._stated[start] or furniture.starts_baca(phrase):
            return False
        if why == "comments":
            return True
        away = any(self.leads_away[start:end]) or any(self.brand[start:end])
        links = 2 * self.outline.link_size(tag) > self.outline.size(tag)
        prose = any(block.is_prose for block in blocks)
        if why == "tools":
            return not prose and number < 3 and (links or tag.name in ("ul", "ol"))
        return away or links or (number == 0 and not (prose and len(blocks) == 1))


def _names_tags(block: Block) -> bool:
    """Whether a block is mostly links to the site's tags."""
    tags = sum(len(text) for text, address in block.links if _TAG.search(address))
    return 2 * tags > len(block.text)
