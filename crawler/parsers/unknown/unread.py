"""The sentences in a page's data that the text made of it does not have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crawler.parsers.body.account import Drop, Dropped
from crawler.parsers.unknown.evidence import plain
from crawler.parsers.unknown.prose import KIND_KEYS, is_alien

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = 4  # of a sentence
_KEY = re.compile(r"[\w-]{1,30}")


def unread(value: Any, text: str) -> Dropped:
    """The sentences of a value that the text, as HTML, does not have, and why."""
    known = _letters(plain(text))
    dropped = []
    for rule, phrase in _sentences(value, "data not read"):
        shown = plain(phrase)
        if shown.count(" ") + 1 >= _WORDS and _letters(shown) not in known:
            dropped.append(Drop(rule, shown))
    return dropped


def _letters(text: str) -> str:
    """A text as it is compared: markup sets spaces inside of sentences."""
    return "".join(filter(str.isalnum, text))


def _sentences(value: Any, rule: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield rule, value
    elif isinstance(value, list):
        for item in value:
            yield from _sentences(item, rule)
    elif isinstance(value, dict):
        kind = next((value[key] for key in KIND_KEYS if isinstance(value.get(key), str)), "")
        if is_alien(kind) and _KEY.fullmatch(kind):
            rule = f"data: {kind}"
        for item in value.values():
            yield from _sentences(item, rule)
