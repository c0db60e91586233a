"""How far a listing is followed: a real one ends long before, a made-up one does not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from crawler.site import MOST_ARTICLES, MOST_PAGES_AHEAD, MOST_PAGES_OF_A_DAY
from crawler.urls import id_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from crawler.parsers.listing import ListedArticle


class Bounds:
    """What one listing has shown so far.

    ``days``: how many days it can be expected to reach over; None where that is not known, as of a
    tag or a section.
    """

    def __init__(self, days: int | None = None) -> None:
        self._pages = 0
        self._most_pages = None if days is None else days * MOST_PAGES_OF_A_DAY
        self._made: Counter[date] = Counter()
        self._oldest: datetime | None = None
        self._since_older = 0  # pages

    def look(self, listed: Sequence[ListedArticle], url: str) -> tuple[int, str | None]:
        """How many of the page's articles are within the bounds, and why it is the last page read.

        None: it need not be.
        """
        self._pages += 1
        self._since_older += 1
        trouble: str | None
        for number, article in enumerate(listed[:MOST_ARTICLES]):
            if crowded := self._count(article):
                trouble = f"a listing shows more than {MOST_ARTICLES} articles of {crowded}: {url}"
                return number, trouble
        trouble = None
        if len(listed) > MOST_ARTICLES:
            trouble = f"a listing shows more than {MOST_ARTICLES} articles on one page: {url}"
        elif self._pages == self._most_pages:
            trouble = f"a listing goes on for more than {self._pages} pages: {url}"
        elif self._since_older == MOST_PAGES_AHEAD:
            trouble = f"a listing shows nothing older on {MOST_PAGES_AHEAD} pages: {url}"
        return min(len(listed), MOST_ARTICLES), trouble

    def _count(self, article: ListedArticle) -> date | None:
        """The day of an article if it has too many by now."""
        made = id_time(article.id)
        if made is None:
            return None
        if self._oldest is None or made < self._oldest:
            self._oldest, self._since_older = made, 0
        day = made.date()
        self._made[day] += 1
        return day if self._made[day] > MOST_ARTICLES else None
