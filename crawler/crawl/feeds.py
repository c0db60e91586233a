"""Feeds that a crawl was to write (``-o``, ``FEEDS``), and whether they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.extensions.feedexport import FeedExporter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.crawler import Crawler
    from scrapy.extensions.feedexport import FeedSlot

_FAILED = "feedexport/failed_count/"


class FeedWatch:
    """Knows which feeds of a crawl were not written; Scrapy only logs that."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._written: set[str] = set()
        self._failures = 0
        crawler.signals.connect(self._slot_closed, signals.feed_slot_closed)

    def _slot_closed(self, slot: FeedSlot) -> None:
        assert self._crawler.stats
        stats = self._crawler.stats.get_stats()
        failures = sum(count for name, count in stats.items() if name.startswith(_FAILED))
        if failures == self._failures:
            self._written.add(slot.uri)
        self._failures = failures

    def lost(self) -> Iterator[str]:
        """The feeds that were not written, once the crawl has ended."""
        exporter = self._crawler.get_extension(FeedExporter)
        if exporter is None:  # it could make nothing of one of them
            yield from self._crawler.settings.getdict("FEEDS")
            return
        yield from exporter.feeds.keys() - {slot.uri_template for slot in exporter.slots}
        for slot in exporter.slots:
            if (slot.itemcount or slot.store_empty) and slot.uri not in self._written:
                yield slot.uri
