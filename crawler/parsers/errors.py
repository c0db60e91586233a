"""What a parser says when a page gives no record."""

from __future__ import annotations

from typing import Literal


class ParseError(ValueError):
    """The page cannot be read: damaged, or an article in which title, date or text is not found."""


class CutOff(ParseError):
    """The page was not sent whole: asked for again, it may come."""


class NotAnArticle(ValueError):
    """The page is certainly not the article that was asked for.

    ``reason`` says what it is instead, in words for a person; ``kind`` in one word for code:
    ``address`` (the address names no article), ``home`` (what the site shows in place of a dead
    article), ``listing``, ``other`` (another article, at ``other_url``), ``removed`` (a notice that
    it was taken down), ``challenge`` (a wall against robots), ``wall`` (a login, payment or consent
    page) or ``foreign`` (a page of maintenance, or of a provider that blocks the site).
    """

    def __init__(self, kind: str, reason: str, other_url: str | None = None) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.other_url = other_url

    @property
    def state(self) -> Literal["gone", "failed", "rejected"]:
        """What becomes of the article: taken down, asked for again, or kept without a record."""
        if self.kind in ("home", "other", "removed"):
            return "gone"
        return "failed" if self.kind in ("challenge", "foreign", "wall") else "rejected"
