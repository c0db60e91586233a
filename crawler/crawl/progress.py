"""Progress: a line that is kept up to date on a terminal, or else lines of a crawl's log."""

from __future__ import annotations

import logging
import sys
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from crawler.crawl.run import RunExtension, needs_run
from crawler.dates import iso, now
from crawler.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_ON_TERMINAL = 2.0  # seconds between two looks
_IN_LOG = 60.0


class ProgressExtension:
    """Shows how many of the known pages are done, how fast, how long is left, and the outcomes.

    It takes the place of Scrapy's LogStats.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._started = monotonic()
        self._look = create_looping_call(self._show)
        self._bar: Progress | None = None
        if sys.stderr.isatty():
            self._bar = Progress(
                BarColumn(bar_width=20),
                TextColumn("{task.description}"),
                console=Console(stderr=True),
                transient=True,
            )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not needs_run(crawler):
            raise NotConfigured
        progress = cls(crawler)
        crawler.signals.connect(progress.engine_started, signals.engine_started)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def engine_started(self) -> None:
        if self._bar:
            self._bar.start()
            self._task = self._bar.add_task("", total=None)
            # What the log writes goes above the bar, which stands in for stderr now.
            for handler in logging.getLogger().handlers:
                if isinstance(handler, logging.StreamHandler) and handler.stream is sys.__stderr__:
                    handler.setStream(sys.stderr)
        self._look.start(_ON_TERMINAL if self._bar else _IN_LOG, now=False)

    def spider_closed(self) -> None:
        if self._look.running:
            self._look.stop()
            self._show()
        if self._bar:
            self._bar.stop()
            for handler in logging.getLogger().handlers:
                if isinstance(handler, logging.StreamHandler):
                    handler.setStream(sys.__stderr__)

    def _show(self) -> None:
        run = RunExtension.of(self._crawler)
        try:
            waiting = run.store.pages.waiting(iso(now()))
        except StoreError:  # the run itself meets it, and reports it
            return
        done = run.done
        line = describe(done, done + waiting, monotonic() - self._started, run.counts)
        if self._bar:
            self._bar.update(
                self._task, description=line, completed=done, total=max(done + waiting, 1)
            )
        else:
            logger.info(line)


def describe(done: int, known: int, seconds: float, counts: Mapping[str, int]) -> str:
    """The progress of a crawl after this many seconds, in a line."""
    rate = done / seconds if seconds else 0.0
    left = f", {timedelta(seconds=round((known - done) / rate))} left" if rate else ""
    outcomes = ", ".join(f"{counts[name]} {name}" for name in ("new", "updated", "rejected"))
    return f"{done} of {known} pages, {rate * 60:.0f} a minute{left}: {outcomes}"
