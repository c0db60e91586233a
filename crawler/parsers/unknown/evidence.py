"""What a page says of itself for machines, all sources together: the measure of what is found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.parsers.datelines import find_brand, split_dateline
from crawler.parsers.text import squeeze, without_entities
from crawler.parsers.unknown.islands import islands, streamed_texts
from crawler.parsers.unknown.prose import as_html
from crawler.parsers.unknown.told import Told, article_of, read_object

if TYPE_CHECKING:
    from crawler.parsers.page import Page

_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"\w+")
_SHINGLE = 4  # words
_OPENING = 300  # characters in which a dateline ends
_SITE = re.compile(r"^\W*Republika(?:\s+Online|\.co\.id)?\s*[-–|:]+\s*", re.IGNORECASE)
_NAME = re.compile(r"(?:republika(?:\.co\.id)?(?: online)?|rol)", re.IGNORECASE)
_WHOLE = 30  # words that a stated text has at least
_CUT = ("...", "…", "[…]", "[...]")


class Evidence:
    """The article as JSON-LD (``linked``) and the data in scripts (``island``) tell it.

    ``covers`` says how much of a text stands in the text that is stated.
    """

    def __init__(self, page: Page, identifier: str) -> None:
        self.linked = read_object(page.news) if page.news else Told()
        titles = set(page.titles) | set(self.linked.titles)
        found = (article_of(data, identifier, titles) for data in islands(page))
        self.island = max(filter(None, found), key=lambda told: len(told.text), default=Told())
        if not (self.island.text or self.linked.text):
            # Nothing names it, so that it must be the only one that opens as an article does.
            texts = [text for text in streamed_texts(page) if find_brand(plain(text)) is not None]
            self.island.text = as_html(texts[0]) if len(texts) == 1 else ""
        stated = [*page.titles, *self.island.titles, *self.linked.titles]
        self.titles = [
            title
            for phrase in stated
            if (title := _SITE.sub("", phrase)) and not _NAME.fullmatch(title)
        ]
        descriptions = (
            page.metas.get("description"),
            page.metas.get("og:description"),
            *self.linked.descriptions,
            *self.island.descriptions,
            *self.island.leads,
        )
        self.descriptions = [
            squeeze(phrase) for phrase in descriptions if phrase and squeeze(phrase)
        ]
        self.text = max(self.linked.text, self.island.text, key=lambda text: len(plain(text)))
        self.words = len(_words(plain(self.text)))
        ending = plain(self.text)[-20:].rstrip()
        # A text that breaks off tells what belongs, and not what does not.
        self.is_whole = self.words >= _WHOLE and not ending.endswith(_CUT)
        self._stated = _shingles(_words(plain(self.text)))
        self._described = _shingles(
            [word for phrase in self.descriptions for word in _words(opened(phrase))]
        )

    def covers(self, text: str) -> float:
        """The part of a text that the stated text holds, 0 to 1; 0 where none is stated."""
        return _share(_shingles(_words(text)), self._stated) if self._stated else 0

    def describes(self, text: str) -> bool:
        """Whether the description is the beginning of a text, or holds it."""
        beginning = _words(opened(text))[: 3 * _SHINGLE]
        return len(beginning) >= _SHINGLE and _share(_shingles(beginning), self._described) >= 0.6

    def is_stated_by(self, text: str) -> float:
        """The part of the stated text that a text holds, 0 to 1."""
        return _share(self._stated, _shingles(_words(text))) if self._stated else 0


def plain(markup: str) -> str:
    """The squeezed text of HTML."""
    return without_entities(_TAG.sub(" ", markup))


def opened(text: str) -> str:
    """A text without the brand and the place that it opens with."""
    return split_dateline(text[:_OPENING])[1] + text[_OPENING:]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _shingles(words: list[str]) -> set[tuple[str, ...]]:
    size = min(_SHINGLE, len(words))
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)} if words else set()


def _share(part: set[tuple[str, ...]], whole: set[tuple[str, ...]]) -> float:
    return len(part & whole) / len(part) if part else 0
