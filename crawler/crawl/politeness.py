"""What a server asks of a crawler beside its robots.txt: to keep to its site, and to wait."""

from __future__ import annotations

import logging
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.utils.httpobj import urlparse_cached
from twisted.python.failure import Failure

from crawler.database.schedule import retry_after
from crawler.dates import now
from crawler.urls import is_republika_host

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

# What a download that is awaited can end in.
DOWNLOAD_ERRORS = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    OSError,
    ResponseDataLossError,
)
MAX_PAUSE = timedelta(minutes=2)  # a run waits so long; for more, the next one comes back
_PAUSE = timedelta(seconds=10)  # where the server says "too many" but not how long
_TOO_MANY = 429
_UNAVAILABLE = 503


class Forbidden(IgnoreRequest):
    """A request that the crawler may not make; ``trouble``: what that means for the run, if any."""

    trouble = ""


class OtherSite(Forbidden):
    """The page leads, by a redirect, to what is not Republika's."""


def pause_asked_for(response: Response) -> timedelta:
    """How long a response asks the crawler to wait; zero where it does not."""
    if response.status not in (_TOO_MANY, _UNAVAILABLE):
        return timedelta()
    asked = retry_after(response.headers.get("Retry-After"), now())
    if asked is None and response.status == _TOO_MANY:
        return _PAUSE
    return asked or timedelta()


class OwnHostsMiddleware:
    """Lets no request out that is not to Republika's own hosts, a redirected one neither.

    Scrapy's own lets everything pass that skips its filter of duplicates.
    """

    def process_request(self, request: Request) -> None:
        url = urlparse_cached(request)
        host, _, port = url.netloc.partition(":")
        own = is_republika_host(host) and port in ("", "80", "443")
        if url.scheme not in ("http", "https") or not own:
            raise OtherSite(f"the page leads to another site, {request.url[:200]}")


class RunEnds(IgnoreRequest):
    """The run ends before the request was sent."""


def withdraw_requests(crawler: Crawler) -> None:
    """Take back the requests that wait for their turn; Scrapy sends them all before it ends."""
    assert crawler.engine
    for slot in crawler.engine.downloader.slots.values():
        while slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(Failure(RunEnds("the run ends")))  # type: ignore[no-untyped-call]


class PauseMiddleware(RetryMiddleware):
    """Scrapy's retries, but a host that says how long to wait is left alone for so long.

    When the run is to end, nothing passes.
    """

    def process_request(self, request: Request) -> None:  # noqa: ARG002
        from crawler.crawl.run import RunExtension  # which needs this module

        run = self.crawler.get_extension(RunExtension)
        if run and run.ending:
            raise RunEnds("the run ends")

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        pause = pause_asked_for(response)
        if pause > MAX_PAUSE:
            return response
        if pause:
            self._pause(request, pause)
        return super().process_response(request, response)

    def _pause(self, request: Request, pause: timedelta) -> None:
        assert self.crawler.engine
        slot = self.crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
        if slot is None:
            return
        logger.warning("Waiting %d s, as %s asks", pause.total_seconds(), request.url)
        # A slot sends nothing before its delay is over since the last request was sent: that one
        # is moved into the future. Without any delay it would not look.
        slot.delay = slot.delay or 0.001
        slot.lastseen = max(slot.lastseen, monotonic() + pause.total_seconds())
