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
        self._seen: set[str] = set()
        self._made: Counter[date] = Counter()
        self._oldest: datetime | None = None  # of the middles of pages
        self._since_older = 0  # pages

    def look(self, listed: Sequence[ListedArticle], url: str) -> tuple[int, str | None]:
        """How many of the page's articles are within the bounds, and why it is the last page read.

        None: it need not be.
        """
        self._pages += 1
        made = [id_time(article.id) for article in listed[:MOST_ARTICLES]]
        self._go_back([moment for moment in made if moment])
        trouble: str | None
        for number, (article, moment) in enumerate(zip(listed, made, strict=False)):
            if moment and self._is_crowded(article.id, day := moment.date()):
                trouble = f"a listing shows more than {MOST_ARTICLES} articles of {day}: {url}"
                return number, trouble
        trouble = None
        if len(listed) > MOST_ARTICLES:
            trouble = f"a listing shows more than {MOST_ARTICLES} articles on one page: {url}"
        elif self._pages == self._most_pages:
            trouble = f"a listing goes on for more than {self._pages} pages: {url}"
        elif self._since_older == MOST_PAGES_AHEAD:
            trouble = f"a listing shows nothing older on {MOST_PAGES_AHEAD} pages: {url}"
        return min(len(listed), MOST_ARTICLES), trouble

    def _is_crowded(self, article_id: str, day: date) -> bool:
        self._made[day] += article_id not in self._seen
        self._seen.add(article_id)
        return self._made[day] > MOST_ARTICLES

    def _go_back(self, made: list[datetime]) -> None:
        """Note whether a page is older than those before it, by its middle: some are pinned."""
        self._since_older += 1
        middle = sorted(made)[len(made) // 2] if made else None
        if middle and (self._oldest is None or middle < self._oldest):
            self._oldest, self._since_older = middle, 0
