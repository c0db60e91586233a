"""Writes records to the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from crawler.crawl.run import RunExtension
from crawler.database.store import Visit
from crawler.dates import iso, now

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.article import Article


class StorePipeline:
    """Stores each article with the state of its page in one transaction, and counts it.

    What a feed (``-O``) gets of it is what the table holds.
    """

    def __init__(self, run: RunExtension) -> None:
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(RunExtension.of(crawler))

    def process_item(self, item: Article) -> Article:
        visit = self.run.visits.get(item.id, Visit())
        with self.run.store.transaction():
            outcome = self.run.store.save(item, now=iso(now()), visit=visit)
            moments = self.run.store.moments(item.id)
            self.run.settle(item.id, outcome, visit.http_status)
        self.run.read(item)
        item.fetched_at, item.first_seen_at, item.updated_at = moments
        return item
