"""What a parser says when a page gives no record."""

from __future__ import annotations


class ParseError(ValueError):
    """The page cannot be read: damaged, or an article in which title, date or text is not found."""


class CutOff(ParseError):
    """The page was not sent whole: asked for again, it may come."""


class NotAnArticle(ValueError):
    """The page is certainly no article.

    ``reason`` says what it is instead, in words for a person; ``kind`` in one word for code:
    ``home`` (what the site shows in place of a dead article), ``listing``, ``challenge`` (a wall
    against robots), or ``address`` (the address names no article).
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
