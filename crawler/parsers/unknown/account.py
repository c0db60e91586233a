"""What of a page of an unknown layout stands around its text without belonging to it, and why."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from crawler.parsers.body import furniture
from crawler.parsers.body.account import Drop, Dropped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.parsers.unknown.choice import Choice
    from crawler.parsers.unknown.outline import Block, Outline
    from crawler.parsers.unknown.zones import Zones

_OTHERS = frozenset(("comments", "card"))
_BELOW = 6  # blocks after the text in which its notes stand


class Surroundings:
    """The blocks between the title and the end of the text's element that are not kept.

    A Baca Juga among them, and a source below, are notes: ``above`` and ``below`` are these as
    HTML, for the reader of the text, which knows them; what else is left out is in ``dropped``.
    """

    def __init__(
        self, outline: Outline, zones: Zones, choice: Choice, title: int | None, lead: str | None
    ) -> None:
        self.outline = outline
        self.zones = zones
        start, end = outline.span(choice.holder)
        if title is not None and title < start:
            start = title
        first, last = choice.kept[0], choice.kept[-1]
        blocks = outline.blocks
        noted = set[int]()
        self.above = "".join(self._related(blocks[start:first], noted))
        below = blocks[last + 1 : end + _BELOW]
        self.below = "".join(self._sources(below, noted)) + "".join(self._related(below, noted))
        self.dropped: Dropped = []
        kept = set(choice.kept) | noted
        for i in range(start, end):
            if i in kept:
                continue
            rule = (
                "before the text" if i < first else "after the text" if i > last else "other part"
            )
            rule = "title" if i == title else zones.why[i] or rule
            if blocks[i].text == lead:
                rule, lead = "lead", None
            if zones.leads_away[i] and not zones.why[i]:
                rule = "list of links"
            self.dropped.append(Drop(rule, blocks[i].text))
        for i in sorted(set(choice.left) - noted):
            self.dropped.append(Drop("outside the text", blocks[i].text))
        for place, drop in enumerate(outline.left_out):
            emptied = outline.emptied.get(place)
            if emptied is None or any(tag is choice.holder for tag in emptied.parents):
                self.dropped.append(drop)

    def _sources(self, blocks: Iterable[Block], noted: set[int]) -> Iterator[str]:
        for block in blocks:
            if furniture.source_names(block.text) and not self._is_others(block):
                noted.add(block.at)
                yield f"<p>{escape(block.text)}</p>"

    def _related(self, blocks: Iterable[Block], noted: set[int]) -> Iterator[str]:
        """Each Baca Juga among some blocks, a paragraph a link."""
        is_listed = False  # the heading of one stands above
        for block in blocks:
            is_heading = furniture.list_heading(block.text) == "baca"
            names_it = is_heading or furniture.starts_baca(block.lines[0]) > 0
            is_item = is_listed and self.zones.leads_away[block.at]
            is_listed = not self._is_others(block) and (is_heading or is_item)
            if not is_listed and not (names_it and block.links):
                continue
            noted.add(block.at)
            if is_heading:
                yield f"<p>{escape(block.text)}</p>"
                continue
            label = block.lines[0].partition(block.links[0][0])[0]
            label = label if furniture.starts_baca(label) else "Baca juga: "
            for text, url in block.links:
                yield f'<p>{escape(label)}<a href="{escape(url)}">{escape(text)}</a></p>'

    def _is_others(self, block: Block) -> bool:
        return self.zones.why[block.at] in _OTHERS
