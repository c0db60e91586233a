"""Which blocks of a page are the article's text.

A text opens where the page's description, its stated text or the brand says so, else below the
title in the element with the most sentences. From there it grows to every element around that
holds more of it: sections, a part for subscribers, a wrapper for each paragraph.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.parsers.body import furniture
from crawler.parsers.unknown.outline import Outline, classes, elements, is_custom, outward

if TYPE_CHECKING:
    from bs4 import Tag

    from crawler.parsers.unknown.evidence import Evidence
    from crawler.parsers.unknown.zones import Zones

LEAST = 200  # characters of a text that nothing but its sentences speaks for
_HEAVY = 200  # of a part that belongs to the text by its weight
_SAME = 0.85  # part of the stated text that a found one holds, if it is the same
_LONGEST_TEASER = 400
_DEEPEST = 6  # elements around a paragraph, below the holder of the text
_BELOW = frozenset(("tools", "by-line", "comments"))
_PARAGRAPHS = frozenset("p li blockquote h2 h3 h4 h5 dd dt figcaption span".split())


@dataclass(slots=True)
class Choice:
    """The text: ``holder`` is the element around it, ``kept`` the blocks in it, by place.

    ``left``: those that read as text and stand further down, outside of it.
    """

    holder: Tag
    opening: int
    kept: list[int]
    left: list[int]
    sure: bool  # whether something besides the sentences themselves speaks for it


class Chooser:
    """Finds the text among the blocks."""

    def __init__(self, outline: Outline, zones: Zones, evidence: Evidence, title: int | None):
        self.outline = outline
        self.blocks = outline.blocks
        self.zones = zones
        self.evidence = evidence
        self.title = title  # the block that prints it
        self.text = [
            block.is_prose and not zones.alien[i] and i != title
            for i, block in enumerate(self.blocks)
        ]

    def choose(self) -> Choice | None:
        """The text; None where nothing reads as one."""
        opening, sure = self._opening()
        if opening is None:
            return None
        if not sure:  # a lead above
            start = self.outline.span(self._wide(self.blocks[opening].holder))[0]
            for i in range(start, opening):
                self.text[i] = False
        candidates = [i for i in range(opening, len(self.blocks)) if self.text[i]]
        holder = self._grown(opening, sure=sure)
        kept = self._kept(holder, opening, sure=sure)
        end = self.outline.span(holder)[1]
        left = [i for i in candidates if i >= end and not self.zones.leads_away[i]]
        return Choice(holder, opening, kept, left, sure)

    # -- where it opens ----------------------------------------------------------------------

    def _opening(self) -> tuple[int | None, bool]:
        marked = self._marked()
        best: tuple[int, int] | None = None
        for i in range(len(self.blocks)):
            rank = self._rank(i, marked)
            if rank >= 3 and (best is None or rank > best[0]):
                best = (rank, i)
        if best:
            return self._brand_above(best[1]), True
        return self._heaviest()

    def _brand_above(self, i: int) -> int:
        """The paragraph with the brand between the title and another beginning, if there is one.

        A description may repeat the second paragraph.
        """
        start = self.outline.span(self._around(self.blocks[i].holder))[0]
        if self.title is not None and self.title < i:
            start = self.title
        brands = (j for j in range(start, i) if self.zones.brand[j] and not self.zones.alien[j])
        if (brand := next(brands, None)) is not None or self.zones.brand[i]:
            return i if brand is None else brand
        holder = self.blocks[i].holder
        start = self.outline.span(self._wide(holder))[0]
        above = [
            j
            for j in range(max(start, self.title or 0), i)
            if self.text[j] and _kind(self.blocks[j].holder) == _kind(holder)
        ]
        only_lead = len(above) == 1 and self.title is not None and above[0] == self.title + 1
        return above[0] if above and not only_lead else i

    def _marked(self) -> tuple[int, int]:
        """The span of the element that microdata name as the text."""
        for tag in self.outline.properties.get("articleBody", []):
            start, end = self.outline.span(tag)
            if any(self.text[start:end]):
                return start, end
        return 0, 0

    def _rank(self, i: int, marked: tuple[int, int]) -> int:
        block, zones = self.blocks[i], self.zones
        if zones.alien[i] or block.heading or i == self.title:
            return 0
        rank = 3 * zones.brand[i]
        if self.text[i] and not self._is_teaser(i):
            rank += 4 * zones.described[i] + 3 * (zones.stated[i] and not zones.described[i])
            rank += 3 * (marked[0] <= i < marked[1])
        if rank and self.title is not None and i > self.title:
            rank += 1
        return rank

    def _is_teaser(self, i: int) -> bool:
        """Whether a block only repeats the description, and another element holds the text."""
        block = self.blocks[i]
        if len(block.text) > _LONGEST_TEASER or block.text not in self.evidence.descriptions:
            return False
        following = next((j for j in range(i + 1, len(self.blocks)) if self.text[j]), None)
        if following is None:
            return False
        other = self.blocks[following].holder
        return not (
            other.parent is block.holder.parent
            and other.name == block.holder.name
            and classes(other) == classes(block.holder)
        )

    def _heaviest(self) -> tuple[int | None, bool]:
        """The first sentence of the element that holds the most of them."""
        start = self.title + 1 if self.title is not None else 0
        sizes: Counter[int] = Counter()
        texts: dict[int, list[int]] = {}
        for i in range(start, len(self.blocks)):
            if not self.text[i]:
                continue
            holder = self._wide(self.blocks[i].holder)
            sizes[id(holder)] += len(self.blocks[i].text)
            texts.setdefault(id(holder), []).append(i)
        if not sizes:
            return None, False
        first, *others = texts[max(sizes, key=sizes.__getitem__)]
        kinds = [_kind(self.blocks[i].holder) for i in others[:2]]
        is_lead = len(kinds) > 1 and kinds[0] == kinds[1] != _kind(self.blocks[first].holder)
        return others[0] if is_lead else first, False

    def _wide(self, tag: Tag) -> Tag:
        """The nearest element that holds more than one block."""
        for outer in outward(tag):
            start, end = self.outline.span(outer)
            if end - start > 1 or outer is self.outline.body:
                return outer
        return tag

    def _around(self, holder: Tag) -> Tag:
        """The element around a paragraph; one with several paragraphs of its own is that itself."""
        start, end = self.outline.span(holder)
        single = holder.name in _PARAGRAPHS or (is_custom(holder) and end - start == 1)
        return holder.parent if single and holder.parent is not None else holder

    # -- how far it goes ---------------------------------------------------------------------

    def _grown(self, opening: int, *, sure: bool) -> Tag:
        """The element around all of the text."""
        holder = child = self._around(self.blocks[opening].holder)
        for parent in list(holder.parents):
            if parent.name in ("html", "[document]"):
                break
            others = [tag for tag in elements(parent) if tag is not child and self._weight(tag)]
            joined = self._joined(others, child, sure=sure)
            for other in others:
                if id(other) not in joined:
                    self._leave(other)
            if joined:
                holder = parent
            child = parent
            if self._holds_title(parent) and not self._goes_on(parent):
                break
        return holder

    def _goes_on(self, tag: Tag) -> bool:
        """Whether an element holds the head and one sentence, and what follows it has more."""
        if self._sentences(tag) > 1:
            return False
        start = self.outline.span(tag)[1]
        end = self._below(start, len(self.blocks))
        following = [i for i in range(start, end) if self.text[i]]
        others = self.zones.brand[start:end], self.zones.leads_away[start:end]
        headed = any(0 < self.blocks[i].heading < 2 for i in range(start, end))
        return len(following) > 1 and not headed and not any(map(any, others))

    def _leave(self, tag: Tag) -> None:
        for i in range(*self.outline.span(tag)):
            self.text[i] = False

    def _holds_title(self, tag: Tag) -> bool:
        start, end = self.outline.span(tag)
        return self.title is not None and start <= self.title < end

    def _joined(self, others: list[Tag], child: Tag, *, sure: bool) -> set[int]:
        """Which of an element's other children hold more of the text that ``child`` holds."""
        opened = self.outline.span(child)
        kinds = Counter(map(_kind, others))
        joined: set[int] = set()
        below = self._below(opened[1], self.outline.span(others[-1])[1]) if others else 0
        known = self._texts(child) if others else set()
        for other in others:
            start, end = self.outline.span(other)
            if len(known) > 1 and known <= self._texts(other):
                continue  # the same again, for another size of screen
            alike = _kind(other) == _kind(child) and other.name != "td"  # a column is not a part
            covered = any(self.zones.covered[start:end])
            if start < opened[0]:  # what stands before a sure opening is not text by itself
                after_title = self.title is not None and start > self.title
                if covered or (alike and after_title and not sure):
                    joined.add(id(other))
            elif start >= below:
                single = alike and end - start == opened[1] - opened[0] == 1
                if covered or single or (alike and self._weight(other) >= 3 * _HEAVY):
                    joined.add(id(other))
            elif (
                alike
                or covered
                or (other.name == child.name and self._sentences(other) > 1)
                or self._weight(other) >= _HEAVY
                or kinds[_kind(other)] > 2
                or other.name in _PARAGRAPHS
            ):
                joined.add(id(other))
        return joined

    def _texts(self, tag: Tag) -> set[str]:
        """The texts that an element holds."""
        return {self.blocks[i].text for i in range(*self.outline.span(tag)) if self.text[i]}

    def _sentences(self, tag: Tag) -> int:
        return sum(self.text[i] for i in range(*self.outline.span(tag)))

    def _below(self, start: int, end: int) -> int:
        """The first block of what stands below a text: its tags, by-line, comments."""
        for i in range(start, end):
            if self._is_below(i):
                return i
        return end

    def _is_below(self, i: int) -> bool:
        return self.zones.why[i] in _BELOW or furniture.is_below(self.blocks[i].text)

    def _weight(self, tag: Tag) -> int:
        """Characters of the text that an element holds."""
        return sum(len(self.blocks[i].text) for i in range(*self.outline.span(tag)) if self.text[i])

    def _kept(self, holder: Tag, opening: int, *, sure: bool) -> list[int]:
        """The blocks of the text, and what stands between them and right below."""
        start, end = self.outline.span(holder)
        texts = [i for i in range(start, end) if self.text[i] or i == opening]
        texts = self._as_stated(self._above(texts, opening, holder, self._below(opening + 1, end)))
        first = texts[0]
        if sure:
            first = min(opening, *(i for i in texts if self.zones.covered[i]), opening)
        before = self.blocks[first - 1] if first > start else None
        if before and before.text[:4].lower() == "oleh":  # the author's line of its own
            first -= 1
        chosen = set(texts)
        kept = []
        for i in range(first, end):
            block = self.blocks[i]
            if i > texts[-1] and self._is_below(i):
                break
            # Prose between two paragraphs of the text is text, whatever it is set in.
            is_within = i < texts[-1] and not self.zones.leads_away[i]
            if i in chosen or not (self.zones.alien[i] or (block.is_prose and not is_within)):
                kept.append(i)
        return kept

    def _above(self, texts: list[int], opening: int, holder: Tag, below: int) -> list[int]:
        """Without the little that stands below the tags, the by-line or the comments.

        A paragraph that is set as the first one goes on with the text.
        """
        path = _path(self.blocks[opening].holder, holder)
        above: list[int] = []
        rest: list[int] = []
        for i in texts:
            same = i < below or _path(self.blocks[i].holder, holder) == path
            (above if same else rest).append(i)
        if any(self.zones.covered[i] for i in rest):
            return texts
        sizes = [sum(len(self.blocks[i].text) for i in part) for part in (above, rest)]
        return above if sizes[1] < sizes[0] else texts

    def _as_stated(self, texts: list[int]) -> list[int]:
        """Without what stands before and after a text that the page states wholly."""
        covered = [i for i in texts if self.zones.covered[i]]
        if not (covered and self.evidence.is_whole):
            return texts
        if self.evidence.is_stated_by(" ".join(self.blocks[i].text for i in texts)) < _SAME:
            return texts
        return [i for i in texts if covered[0] <= i <= covered[-1]]


def _kind(tag: Tag) -> tuple[str, str]:
    """How an element is set; an id is its own alone."""
    return tag.name, str(tag.get("class", "")).lower()


def _path(tag: Tag, holder: Tag) -> list[tuple[str, str]]:
    """What an element is set in, up to the holder of the text."""
    path: list[tuple[str, str]] = []
    for outer in outward(tag):
        if outer is holder or len(path) == _DEEPEST:
            break
        path.append(_kind(outer))
    return path
