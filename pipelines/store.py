"""Writes records to the database."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import NotConfigured

from crawler.article import Article, StoredArticle
from crawler.crawl.run import RunExtension, needs_run
from crawler.database.records import to_article
from crawler.database.results import Read

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.database.records import Record

_FIELDS = tuple(field.name for field in fields(Article))
_OF_STORE = ("fetched_at", "first_seen_at", "updated_at")
_TELLING = ("title", "content_hash", "partial", "layout")


class StorePipeline:
    """Stores each article with the state of its page in one transaction, and counts it.

    What leaves it is what the table holds, which is also what a feed (``-O``) gets of it. Its
    ``outcome`` tells a pipeline after it whether this run found the article ``new`` or ``updated``,
    or left it ``unchanged``.
    """

    def __init__(self, run: RunExtension) -> None:
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not needs_run(crawler):  # a spider of the user's own
            raise NotConfigured
        return cls(RunExtension.of(crawler))

    def process_item(self, item: Article) -> StoredArticle:
        settled = self.run.settle(item.id, Read(item, *self.run.answer(item.id)))
        assert settled.record
        stored = _stored(item, settled.record)
        assert settled.outcome in ("new", "updated", "unchanged")
        stored.outcome = settled.outcome
        return stored


def _stored(item: Article, record: Record) -> StoredArticle:
    """The article as it stands, which is another one where the page shows less than before."""
    if any(getattr(item, name) != record[name] for name in _TELLING):
        return to_article(record)
    stored = StoredArticle(**{name: getattr(item, name) for name in _FIELDS})
    for name in _OF_STORE:
        setattr(stored, name, record[name])
    return stored
