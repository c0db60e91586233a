"""Writes records to the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import NotConfigured

from crawler.crawl.run import RunExtension, needs_run
from crawler.database.results import Read

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
        if not needs_run(crawler):  # a spider of the user's own
            raise NotConfigured
        return cls(RunExtension.of(crawler))

    def process_item(self, item: Article) -> Article:
        record = self.run.settle(item.id, Read(item, *self.run.answer(item.id))).record
        assert record
        item.fetched_at = record["fetched_at"]
        item.first_seen_at = record["first_seen_at"]
        item.updated_at = record["updated_at"]
        return item
