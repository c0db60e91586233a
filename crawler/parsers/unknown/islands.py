"""The data in a page's scripts: ``__NEXT_DATA__`` and its kin.

Frameworks send what they draw as JSON beside the page, or in place of its text.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.parsers.page import Page

_ASSIGNED = re.compile(r"(?:=|\()\s*(?=[{\[])")
_PARSED = re.compile(r"JSON\.parse\(\s*(?=[\"'])")
_PUSHED = re.compile(r"__next_f\.push\(\s*(?=\[)")
_ROW = re.compile(r"(?:^|\n)[0-9a-f]+:")
_TEXT_ROW = re.compile(r"T[0-9a-f]+,(.*)", re.DOTALL)
_TRIES = 8  # places of a script in which data may begin
_MAX_NODES = 200_000  # of the data of a page
_MAX_DEPTH = 40
_SHORTEST = 200  # characters of a script that holds an article


def islands(page: Page) -> Iterator[Any]:
    """The data in a page's scripts, JSON-LD apart."""
    return (data for data in _found(page) if _bounded(data))


def streamed_texts(page: Page) -> list[str]:
    """The texts, HTML mostly, that a page sends its framework piece by piece."""
    decoder = json.JSONDecoder(strict=False)
    stream: list[str] = []
    for script in page.tree.css("script"):
        text = script.text()
        for match in _PUSHED.finditer(text):
            try:
                pushed, _ = decoder.raw_decode(text, match.end())
            except (ValueError, RecursionError):
                continue
            stream += [piece for piece in pushed[1:2] if isinstance(piece, str)]
    rows = (_TEXT_ROW.match(row) for row in _ROW.split("".join(stream)))
    return [row[1] for row in rows if row]


def _found(page: Page) -> Iterator[Any]:
    for script in page.tree.css("script"):
        kind = (script.attributes.get("type") or "").lower()
        if "ld+json" in kind or script.attributes.get("src"):
            continue
        text = script.text()
        if "json" in kind:
            if (data := _loads(text)) is not None:
                yield _unfolded(data)
        elif len(text) > _SHORTEST:
            yield from _assigned(text)


def _assigned(text: str) -> Iterator[Any]:
    """Data that a script assigns to a name or hands to a function."""
    decoder = json.JSONDecoder(strict=False)
    end = 0
    for tried, match in enumerate(_ASSIGNED.finditer(text)):
        if tried == _TRIES:
            break
        if match.end() < end:
            continue
        try:
            data, end = decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        if data:
            yield data
    for match in _PARSED.finditer(text):
        try:
            quoted, _ = decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        if (data := _loads(quoted)) is not None:
            yield data


def _loads(text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:
        return None


def _bounded(data: Any) -> bool:
    """Whether data are as deep and as large as those of a page at most."""
    level, seen = [data], 0
    for _ in range(_MAX_DEPTH):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner += item.values()
            elif isinstance(item, list):
                inner += item
        seen += len(inner)
        if not inner or seen > _MAX_NODES:
            break
        level = inner
    else:
        return False
    return seen <= _MAX_NODES


def _unfolded(data: Any) -> Any:
    """Data as they were before a framework wrote them flat, each value as the place of another."""
    first = data[0] if isinstance(data, list) and data else None
    places = first.values() if isinstance(first, dict) else first if isinstance(first, list) else ()
    if not any(isinstance(place, int) for place in places):
        return data
    if not all(isinstance(place, int | str) for place in places):
        return data
    return _Unfolding(data).at(0)


class _Unfolding:
    """Puts values back where they belong; a value that stands in two places is there twice."""

    def __init__(self, values: list[Any]) -> None:
        self.values = values
        self.left = _MAX_NODES

    def at(self, place: Any, depth: int = 0) -> Any:
        self.left -= 1
        known = type(place) is int and 0 <= place < len(self.values)
        if not known or depth >= _MAX_DEPTH or self.left < 0:
            return None
        value = self.values[place]
        if isinstance(value, dict):
            return {key: self.at(inner, depth + 1) for key, inner in value.items()}
        if isinstance(value, list):
            if value and isinstance(value[0], str):  # ["Reactive", 4], ["Date", "2026-..."]
                return self.at(value[-1], depth + 1) if type(value[-1]) is int else value[-1]
            return [self.at(inner, depth + 1) for inner in value]
        return value
