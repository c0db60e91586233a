"""Refuses a record that cannot be right, before it is stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import DropItem

from crawler.dates import iso, now
from crawler.extensions import RunExtension
from crawler.store import Visit

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.article import Article

# The site is on the web since 1995; its clock may be a little ahead of ours.
_FIRST_YEAR = 1995
_AHEAD = timedelta(days=1)


class ValidatePipeline:
    """Drops a record without title, text or plausible date, or that is stored under another id."""

    def __init__(self, run: RunExtension) -> None:
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(RunExtension.of(crawler))

    def process_item(self, item: Article) -> Article:
        reason = implausible(item)
        if reason is None and (twin := self.run.store.twin(item)):
            reason = f"the same text is stored already, as {twin}"
        if reason is None:
            return item
        visit = self.run.visits.get(item.id, Visit())
        with self.run.store.transaction():
            self.run.store.reject(
                item.id, item.url, "rejected", reason, now=iso(now()), visit=visit
            )
            self.run.settle(item.id, "rejected", visit.http_status)
        raise DropItem(f"{item.id} is rejected: {reason}")


def implausible(article: Article) -> str | None:
    """What cannot be right about a record; None if nothing is wrong."""
    if not article.title.strip():
        return "the article has no title"
    if not article.body.strip():
        return "the article has no text"
    published = datetime.fromisoformat(article.published_at)
    fetched = datetime.fromisoformat(article.fetched_at) if article.fetched_at else now()
    if published.year < _FIRST_YEAR or published > fetched + _AHEAD:
        return f"the article's date cannot be right: {article.published_at}"
    return None
