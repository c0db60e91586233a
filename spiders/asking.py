"""Asking a web archive: one request at a time, at its pace, and never on when it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scrapy import Request
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.captures import cdx
from crawler.crawl.health import BLOCKED
from crawler.crawl.politeness import MAX_PAUSE, RunEnds, pause_asked_for
from crawler.database.archived import Waiting
from crawler.errors import StoreError
from spiders.base import ArticleSpider
from spiders.responses import describe

INDEX, PAGES = "archive index", "archive pages"  # the names of the two paces
_LARGEST = 2**26  # bytes of an answer
REDIRECTS = (301, 302, 303, 307, 308)
_REFUSED = (403, 429, 503)


class AskingSpider(ArticleSpider):
    """Asks an archive, and it alone."""

    needs_captures = True
    archive: cdx.Archive
    index_failed: Callable[[str, str], None]  # what to do with an address, and why it is of no use
    capture_failed: Callable[[Waiting, str], None]  # the same of a capture
    is_waiting = True  # for an answer
    _refusals = 0  # in a row

    @property
    def archive_hosts(self) -> frozenset[str]:
        """Hosts and ports that this spider may ask."""
        return self.archive.hosts

    def keep_pace(self) -> None:
        """Have each request wait for as long as the archive asks, and never two at a time."""
        assert self.crawler.engine
        own = self.settings.getfloat("DOWNLOAD_DELAY")
        for name, delay in zip((INDEX, PAGES), self.archive.delays or (own, own), strict=True):
            pace = {"concurrency": 1, "delay": max(own, delay), "jitter": 0}
            self.crawler.engine.downloader.per_slot_settings[name] = pace

    def ask(self, url: str, callback: Callable[..., Any], pace: str, **about: Any) -> Request:
        self.is_waiting = True
        return Request(
            url,
            callback=callback,
            errback=self.archive_failed,
            cb_kwargs=about,
            headers={"Accept-Encoding": "identity"} if pace == PAGES else None,
            dont_filter=True,
            meta={
                "download_slot": pace,
                "download_maxsize": _LARGEST,
                "autothrottle_dont_adjust_delay": True,
                "dont_cache": True,  # it is kept under the site's address
                "dont_obey_robotstxt": True,  # its rules are those of its interface, kept above
                "dont_redirect": True,
                "handle_httpstatus_list": [200, 206, *REDIRECTS, *cdx.NOTHING, 410],
                "unsaid_pause": self.archive.pause,
            },
        )

    # -- what goes wrong ---------------------------------------------------------------------

    def archive_failed(self, failure: Failure) -> None:
        """Note what could not be had; an archive that refuses is left alone."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        error = failure.value
        self.is_waiting = False
        if isinstance(error, RunEnds):
            return
        if isinstance(error, StoreError):
            self.run.storing_failed(error)
            return
        status = error.response.status if isinstance(error, HttpError) else None
        reason = f"HTTP {status}" if status else describe(error)
        if isinstance(error, HttpError) and pause_asked_for(error.response) > MAX_PAUSE:
            self.refused(f"it asks to wait for {pause_asked_for(error.response)} ({reason})")
            return
        self._refusals = self._refusals + 1 if status in _REFUSED else 0
        if status == 429 or self._refusals == self.archive.refusals:
            self.refused(f"{reason} again and again" if self.archive.refusals > 1 else reason)
            return
        if waiting := request.cb_kwargs.get("waiting"):
            self.capture_failed(waiting, reason)
        else:
            self.index_failed(request.url, reason)

    def refused(self, reason: str) -> None:
        """End the run: the archive does not want to be asked now. What waits stays pending."""
        self.run.abort(f"the archive refuses the crawler: {reason}", BLOCKED)

    def answered_well(self) -> None:
        """Note that the archive gave what it was asked for."""
        self.is_waiting = False
        self._refusals = 0
