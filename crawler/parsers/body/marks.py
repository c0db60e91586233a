"""What elements, classes and attributes a piece of HTML has, told by its source.

A selector is read anew each time it is asked, so to learn that it finds nothing costs ten times as
much as a look at these.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_TAG = re.compile(r"<([a-z][a-z0-9-]*)([^>]*)")
_CLASS = re.compile(r'class="([^"]*)"')


class Marks(NamedTuple):
    """What the tags of a piece of HTML say."""

    tags: frozenset[str]
    classes: frozenset[str]
    attributes: str  # all of them, in small letters

    def has_word(self, words: Iterable[str]) -> bool:
        """Whether one of the words, in small letters, stands among the attributes."""
        return any(map(self.attributes.__contains__, words))


def marks_of(html: str) -> Marks:
    """The marks of HTML as the parser writes it: in its quotes no ``>`` stands."""
    tags = _TAG.findall(html)
    attributes = " ".join({attributes for _, attributes in tags if attributes})
    classes = " ".join(_CLASS.findall(attributes)).split()
    return Marks(frozenset(name for name, _ in tags), frozenset(classes), attributes.lower())
