"""What a page's text was made of: each of its pieces, kept or left out, and by which rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.parsers.parsed import ParsedPage

KEPT = "kept"


def explain(page: ParsedPage) -> Iterator[tuple[str, str]]:
    """(verdict, text) for each piece: ``kept``, or the rule that left it out.

    In page order, except that what was taken out as a whole block comes last.
    """
    placed = [drop for drop in page.dropped if drop.before is not None]
    dropped = sorted(placed, key=lambda drop: drop.before or 0)
    paragraphs = page.article.body.split("\n\n")
    for number, paragraph in enumerate(paragraphs):
        while dropped and (dropped[0].before or 0) <= number:
            yield dropped[0].rule, dropped.pop(0).text
        for line in paragraph.split("\n"):
            yield KEPT, line
    for drop in (*dropped, *(drop for drop in page.dropped if drop.before is None)):
        yield drop.rule, drop.text
