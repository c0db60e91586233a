"""Writes records to the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from crawler.dates import iso, now
from crawler.extensions import RunExtension

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.article import Article


class StorePipeline:
    """Stores each article with the state of its page in one transaction, and counts it."""

    def __init__(self, run: RunExtension) -> None:
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(RunExtension.of(crawler))

    def process_item(self, item: Article) -> Article:
        outcome = self.run.store.save(item, now=iso(now()), http_status=200)
        self.run.settle(item.id, outcome)
        self.run.generic += item.layout == "generic"
        return item
