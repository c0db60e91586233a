"""Who wrote and who edited an article, where no by-line's form is known."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from crawler.dates import parse_date
from crawler.parsers.bylines import split_byline
from crawler.parsers.text import squeeze
from crawler.parsers.unknown.head import PRINTED
from crawler.parsers.unknown.outline import classes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.parsers.unknown.outline import Outline
    from crawler.parsers.unknown.zones import Zones

_REPORTER = r"rep(?:orter)?|penulis|pewarta|wartawan|jurnalis|laporan|ditulis oleh|written by"
_EDITOR = r"red(?:aktur)?|editor|penyunting|disunting oleh|edited by"
_LABEL = re.compile(
    rf"(?<![\w.@])(?:(?P<reporter>{_REPORTER})|(?P<editor>{_EDITOR}))\s*:",
    re.IGNORECASE,
)
_LABEL_ALONE = re.compile(rf"(?:{_REPORTER}|{_EDITOR})\s*:?", re.IGNORECASE)
_LABEL_OF_REPORTER = re.compile(rf"(?:{_REPORTER})\s*:?$", re.IGNORECASE)
_BY = re.compile(r"(?:oleh|by)\b\s*:?\s*(?P<names>.+)", re.IGNORECASE)
_NAME = r"(?:[A-Z][\w'’.-]*|\w+\d+)"
_NAMES = re.compile(rf"{_NAME}(?:[ ,/&]+(?:(?:dan|and)\s)?{_NAME}){{0,7}}")
_AUTHOR = re.compile(r"author|penulis|byline|reporter|writer")
_LONGEST = 200  # characters of a by-line's block
_SKIPPED = frozenset(("card", "list", "comments", "nav", "footer", "notice", "contentinfo"))
_PIECES = 40  # of a by-line's block
_DIVIDERS = " |/·•,()–—-"


class Credits:
    """The by-line of a page: ``reporters``, ``editors``, and the ``blocks`` that print it."""

    def __init__(self, outline: Outline, zones: Zones, order: Iterable[int]) -> None:
        self.reporters: list[str] = []
        self.editors: list[str] = []
        self.blocks: set[int] = set()
        self._all = outline.blocks
        self._places = outline.places
        places = [i for i in order if zones.why[i] not in _SKIPPED]
        for i in places:
            if len(self._all[i].text) <= _LONGEST:
                self._read(i)
            if self.reporters and self.editors:
                return
        if not self.reporters:
            self._read_marked(outline, places)

    def _read(self, i: int) -> None:
        for line in self._all[i].lines:
            self._read_line(line, i)
        if i not in self.blocks:
            self._read_pieces(i)

    def _read_pieces(self, i: int) -> None:
        """Labels and names that stand in elements of their own, without a colon."""
        strings = islice(self._all[i].holder.strings, _PIECES)
        pieces = [squeeze(piece) for piece in strings if self._places.get(id(piece)) == i]
        for label, phrase in pairwise(pieces):
            if _LABEL_ALONE.fullmatch(label) and _is_names(phrase.lstrip(": ")):
                is_reporter = _LABEL_OF_REPORTER.match(label)
                self._add("reporters" if is_reporter else "editors", phrase.lstrip(": "))
                self.blocks.add(i)

    def _read_line(self, text: str, i: int) -> None:
        if _LABEL_ALONE.fullmatch(text):
            text = f"{text.rstrip(': ')}:"
        labels = list(_LABEL.finditer(text))
        if not labels or not self._opens(text, labels[0].start()):
            found = _BY.fullmatch(text)
            if found and not self.reporters and _is_names(found["names"]):
                self.reporters = split_byline(f"Oleh: {found['names']}")[0]
                self.blocks.add(i)
            return
        if oleh := _BY.match(text[: labels[0].start()].strip(_DIVIDERS)):
            self._add("reporters", f"{oleh['names']}")
        ends = [*(label.start() for label in labels[1:]), len(text)]
        for label, end in zip(labels, ends, strict=True):
            phrase = text[label.end() : end].strip(_DIVIDERS)
            if not phrase and end == len(text):
                phrase = self._below(i)
            self._add("reporters" if label["reporter"] else "editors", phrase)
        self.blocks.add(i)

    def _opens(self, text: str, start: int) -> bool:
        """Whether a label stands where a by-line has one: at the top, or after another name."""
        before = text[:start].strip(_DIVIDERS)
        return not before or _BY.match(before) is not None or parse_date(before) is not None

    def _below(self, i: int) -> str:
        """The names in the blocks after a label of its own."""
        following = (block.at for block in self._all[i + 1 : i + 3] if block.text != ":")
        place = next(following, None)
        if place is None:
            return ""
        phrase = self._all[place].text.lstrip(": ")
        if len(phrase) > _LONGEST or _LABEL_ALONE.fullmatch(phrase) or not _is_names(phrase):
            return ""
        self.blocks.update(range(i + 1, place + 1))
        return phrase

    def _add(self, field: str, phrase: str) -> None:
        if not phrase or "@" in phrase or getattr(self, field):
            return
        phrase = PRINTED.sub("", phrase).strip(_DIVIDERS)  # the date may close the line
        names = split_byline(f"{'Rep' if field == 'reporters' else 'Red'}: {phrase}")
        setattr(self, field, names[0] or names[1])

    def _read_marked(self, outline: Outline, places: list[int]) -> None:
        """A name that only its markup calls the author's."""
        near = set(places)
        for tag in outline.properties.get("author", []):
            block = next((i for i in range(*outline.span(tag)) if i in near), None)
            phrase = squeeze(tag.get_text(" "))
            if _is_names(phrase) and (block is not None or outline.span(tag)[1] != 0):
                self.reporters = split_byline(f"Rep: {phrase}")[0]
                return
        for i in places:
            block_ = self._all[i]
            if _AUTHOR.search(classes(block_.holder)) and _is_names(block_.text):
                self.reporters = split_byline(f"Rep: {block_.text}")[0]
                self.blocks.add(i)
                return


def _is_names(text: str) -> bool:
    return len(text) <= 120 and _NAMES.fullmatch(text.strip()) is not None
