"""Refuses a record that cannot be right, before it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import DropItem, NotConfigured

from crawler.crawl.run import RunExtension, needs_run
from crawler.database.results import Refused
from crawler.database.validation import why_refused

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.article import Article


class ValidatePipeline:
    """Drops a record without title, text or plausible date, or that is stored under another id."""

    def __init__(self, run: RunExtension) -> None:
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not needs_run(crawler):  # a spider of the user's own
            raise NotConfigured
        return cls(RunExtension.of(crawler))

    def process_item(self, item: Article) -> Article:
        reason = why_refused(item, self.run.store.articles)
        if reason is None:
            return item
        visit = self.run.answer(item.id).visit
        self.run.settle(item.id, Refused("rejected", reason, item.url, visit))
        raise DropItem(f"{item.id} is rejected: {reason}")
