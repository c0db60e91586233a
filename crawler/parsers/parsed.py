"""What reading one page gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.article import Article
    from crawler.parsers.body.account import Drop


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A record, and what there is to know of it besides.

    ``parts``: the addresses of the article's further pages that its page names; ``doubts``: why the
    text may not be all that the page has; ``dropped``: what stands among
    the text and does not belong to it.
    """

    article: Article
    parts: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    dropped: tuple[Drop, ...] = ()

    @property
    def doubt(self) -> str | None:
        """The doubts in one line; None if there are none."""
        return "; ".join(self.doubts) or None
