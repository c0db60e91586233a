"""What changed between two records of an article, for a person to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from difflib import SequenceMatcher

from crawler.article import Article

# What says nothing that another field does not say, or nothing about the article.
_SILENT = frozenset(
    """
    word_count content_hash parser_version fetched_at first_seen_at updated_at
""".split()
)
_FIELDS = tuple(field.name for field in fields(Article) if field.name not in _SILENT)
# difflib's time grows with the number of values and of pairs of equal ones, times the number of
# stretches that both lists have. An article has some tens of paragraphs; up to this it takes 0.3 s.
_MAX_COMPARED = 3_000


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    """The fields that differ, each by its name over what went (``-``) and what came (``+``).

    The records map names of `crawler.article.Article`'s fields to values, lists as Python lists of
    text or of dicts; a field that one of them lacks is null there, and what has no value has no
    line. Of the body each paragraph that differs is given, with ``…`` for those between that do
    not; of a list each item. Fields come in the order of the table's columns, a blank line apart;
    word count, hash, parser version and moments of the crawl are left out. Empty text where
    nothing differs.
    """
    found = []
    for name in _FIELDS:
        old, new = _values(name, before.get(name)), _values(name, after.get(name))
        if old != new:
            lines = _differences(old, new, gap=["…"] if name == "body" else [])
            found.append("\n".join((name, *lines)))
    return "\n\n".join(found)


def _values(name: str, value: object) -> list[str]:
    """The value as a list of texts: a body's paragraphs, a list's items, or the value alone."""
    if value is None:
        return []
    if name == "body":
        return str(value).split("\n\n")
    if isinstance(value, list):
        return [_text(item) for item in value]
    return [_text(value)]


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {item}" for key, item in value.items() if item is not None)
    return str(int(value)) if isinstance(value, bool) else str(value)


def _differences(old: list[str], new: list[str], gap: list[str]) -> list[str]:
    """The lines of the values that differ, and ``gap`` for each run of values that do not."""
    top = _common(old, new)
    bottom = _common(old[top:][::-1], new[top:][::-1])
    middle = _middle(old[top : len(old) - bottom], new[top : len(new) - bottom], gap)
    return [*(gap if top else []), *middle, *(gap if bottom else [])]


def _common(old: list[str], new: list[str]) -> int:
    """How many values are the same from the first on."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(old), len(new)))


def _middle(old: list[str], new: list[str], gap: list[str]) -> list[str]:
    """The same from the first difference to the last; of too many values all of them."""
    counts = Counter(new)
    if len(old) + len(new) + sum(counts[value] for value in old) > _MAX_COMPARED:
        return [*_marked("-", old), *_marked("+", new)]
    lines: list[str] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            lines += gap
        else:
            lines += _marked("-", old[old_start:old_end])
            lines += _marked("+", new[new_start:new_end])
    return lines


def _marked(mark: str, values: list[str]) -> list[str]:
    return [f"{mark} {line}" for value in values for line in value.split("\n")]
