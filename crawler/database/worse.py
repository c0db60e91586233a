"""Whether a page shows less than what is stored of it, and whether it changes without end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.database.records import Record

_LONG = 100  # characters of a text that can be shortened; less is a caption, or a headline
_SHARE = 0.4  # of a text; what is shorter is a notice, a teaser or a fault more often than an edit
_SEVERAL = 3
_MANY = 0.05  # of the articles


def is_worse(
    record: Record, former: Record, *, doubtful: bool = False, same_page: bool = False
) -> bool:
    """Whether a page of an article has strongly less text than one before it, or only part of it.

    ``doubtful``: its text may not be whole. Of the ``same_page``, which another parser read, a text
    is worse only if it is both.
    """
    shorter = is_much_shorter(record["body"], former["body"])
    if same_page:
        return doubtful and shorter
    if not former["partial"] and (doubtful or record["partial"]):
        return doubtful or len(record["body"]) < len(former["body"])
    return shorter


def is_much_shorter(text: str, former: str) -> bool:
    """Whether a text is under two fifths of a former one that is worth the name."""
    return len(former) >= _LONG and len(text) < _SHARE * len(former)


def are_several(worse: int, of: int) -> bool:
    """Whether this many articles with a worse page, of all looked at, cannot be chance."""
    return worse >= _SEVERAL and worse > _MANY * of


def is_alike(text: Mapping[str, str | None], other: Mapping[str, str | None]) -> bool:
    """Whether two texts differ in one paragraph at most, as with a counter or a changing box."""
    one, two = _paragraphs(text), _paragraphs(other)
    return (one - two).total() <= 1 and (two - one).total() <= 1


def _paragraphs(text: Mapping[str, str | None]) -> Counter[str]:
    body = text["body"] or ""
    return Counter([text["title"] or "", text["lead"] or "", *body.split("\n\n")])
