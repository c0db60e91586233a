"""Readers' comments, told by the button below each of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.parsers.body.shapes import BOXES, text_of
from crawler.parsers.datelines import find_brand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from crawler.parsers.body.marks import Marks

REPLY = re.compile(r"(?:balas|tanggapi|reply)(?:\s*\(?\d+\)?)?", re.IGNORECASE)
_BUTTONS = ("button", "span")  # and links
_LABEL = 20  # characters
_LONGEST = 1_000  # characters of a comment
_MOST = 200


def comments(container: LexborNode, marks: Marks, links: list[LexborNode]) -> Iterator[LexborNode]:
    """Each comment with a button to reply to it; ``marks`` and ``links`` are the container's."""
    seen = {container.mem_id}
    buttons = [node for tag in _BUTTONS if tag in marks.tags for node in container.css(tag)]
    for button in (links + buttons)[:_MOST]:
        label = button.text().strip()
        if len(label) > _LABEL or not REPLY.fullmatch(label):
            continue
        block = button.parent
        while block is not None and block.mem_id not in seen and len(text_of(block)) <= len(label):
            block = block.parent
        if block is None or block.mem_id in seen or block.tag not in BOXES:
            continue
        seen.add(block.mem_id)
        text = text_of(block)
        if len(text) <= _LONGEST and find_brand(text) is None:
            yield block
