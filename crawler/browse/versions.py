"""Two versions of an article side by side, with what changed word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from datasette.database import Database  # type: ignore[import-untyped]

_FIELDS = ("title", "lead", "section", "published_at", "reporters", "editors", "dateline")
_WORDS = re.compile(r"\s+|[^\s]+")
_REVISION = "SELECT * FROM revisions WHERE id = :revision AND article_id = :id"
# What came after a version: the next one, or the record as it is.
_NEXT = """
    SELECT * FROM revisions WHERE article_id = :id AND id > :revision AND NOT shrunk
    ORDER BY id LIMIT 1
"""
_RECORD = "SELECT * FROM articles WHERE id = :id"

Row = tuple[str, Markup, Markup]


async def compare(db: Database, article_id: str, revision: str) -> dict[str, Any] | None:
    """The two versions around a change, as their page shows them; None where there is no such one.

    Of a page that was not taken over, as it showed less: the record, and that page.
    """
    values = {"id": article_id, "revision": revision}
    old = (await db.execute(_REVISION, values)).first()
    record = (await db.execute(_RECORD, values)).first()
    if old is None or record is None:
        return None
    following = (await db.execute(_NEXT, values)).first() or record
    before, after = (following, old) if old["shrunk"] else (old, following)
    return {
        "title": record["title"],
        "id": article_id,
        "seen_at": old["seen_at"],
        "is_shrunk": bool(old["shrunk"]),
        "rows": [
            *((name, *marked(before[name] or "", after[name] or "")) for name in _FIELDS),
            *_paragraphs(before["body"].split("\n\n"), after["body"].split("\n\n")),
        ],
    }


def _paragraphs(before: list[str], after: list[str]) -> list[Row]:
    rows: list[Row] = []
    matching = SequenceMatcher(None, before, after, autojunk=False)
    for _, first, last, start, end in matching.get_opcodes():
        pairs = zip_longest(before[first:last], after[start:end], fillvalue="")
        rows += (("", *marked(old, new)) for old, new in pairs)
    return rows


def marked(before: str, after: str) -> tuple[Markup, Markup]:
    """Both texts as safe HTML, with the words marked that the other has not."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    left, right = Markup(), Markup()
    for kind, first, last, start, end in SequenceMatcher(None, old, new, False).get_opcodes():
        one, other = "".join(old[first:last]), "".join(new[start:end])
        if kind == "equal":
            left, right = left + one, right + other
        else:
            left += Markup("<del>{}</del>").format(one) if one else ""
            right += Markup("<ins>{}</ins>").format(other) if other else ""
    return left, right
