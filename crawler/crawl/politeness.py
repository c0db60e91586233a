"""Good manners beside robots.txt: to keep to the site, and to wait when the server asks."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
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
    NotConfigured,
    ResponseDataLossError,
)
from scrapy.extensions.throttle import AutoThrottle
from scrapy.utils.httpobj import urlparse_cached
from twisted.python.failure import Failure

from crawler.database.schedule import LONGEST
from crawler.dates import now
from crawler.urls import is_republika_host

if TYPE_CHECKING:
    from typing import Self

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
MAX_PAUSE = timedelta(minutes=2)  # a run waits that long; for more, the next one comes back
_PAUSE = timedelta(seconds=10)  # where the server says "too many" but not how long
_SECONDS = re.compile(r"[0-9]{1,10}")
_SITE = "republika"  # the name of the pace that all hosts of the site share
_TOO_MANY = 429
_UNAVAILABLE = 503


# Sent by the run, without arguments, when nothing may be asked any more.
run_ending = object()


class Forbidden(IgnoreRequest):
    """A request that the crawler may not make; ``trouble``: what that means for the run, if any."""

    trouble = ""


class OtherSite(Forbidden):
    """The page redirects to another site."""


def retry_after(value: str | bytes | None, now: datetime) -> timedelta | None:
    """How long an HTTP ``Retry-After`` header asks to wait, given in seconds or as an HTTP date.

    None without a usable header: a time that is over, or more than a century away.
    """
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    value = (value or "").strip()
    if _SECONDS.fullmatch(value):
        wait = timedelta(seconds=int(value))
    else:
        try:
            until = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        if until.tzinfo is None:  # the oldest of the three forms names no zone: it is GMT
            until = until.replace(tzinfo=UTC)
        wait = until - now
    return wait if timedelta() < wait <= LONGEST else None


def pause_asked_for(response: Response, unsaid: timedelta | None = None) -> timedelta:
    """How long a response asks the crawler to wait; zero where it does not.

    ``unsaid``: how long where the server is in trouble and does not say.
    """
    if response.status not in (_TOO_MANY, _UNAVAILABLE) and not (unsaid and response.status >= 500):
        return timedelta()
    asked = retry_after(response.headers.get("Retry-After"), now())
    if asked is None and (unsaid or response.status == _TOO_MANY):
        return unsaid or _PAUSE
    return asked or timedelta()


def slow_down(crawler: Crawler, request: Request, delay: float) -> bool:
    """Have so many seconds between requests that share the pace of this one.

    False if there are as many already.
    """
    assert crawler.engine
    downloader = crawler.engine.downloader
    key = downloader.get_slot_key(request)
    settings = downloader.per_slot_settings
    before = settings.get(key, {}).get("delay", crawler.settings.getfloat("DOWNLOAD_DELAY"))
    if delay <= before:
        return False
    settings[key] = {**settings.get(key, {}), "delay": delay, "jitter": 0}
    if slot := downloader.slots.get(key):
        slot.delay, slot.jitter = max(slot.delay, delay), 0
    if throttle := crawler.get_extension(AutoThrottle):
        throttle.mindelay = max(throttle.mindelay, delay)
    return True


class OwnHostsMiddleware:
    """Lets a crawl of Republika ask Republika's own hosts only, redirects included, at one pace.

    Scrapy's own lets everything pass that skips its filter of duplicates, and gives each host a
    pace of its own. A spider may name others in ``archive_hosts``: those of a web archive.
    """

    def __init__(self, *, one_pace: bool = True, crawler: Crawler | None = None) -> None:
        self._one_pace = one_pace
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        # A spider of the user's, for another site, is not bound to this one.
        if not getattr(crawler.spidercls, "own_hosts_only", False):
            raise NotConfigured
        return cls(one_pace=crawler.settings.getbool("ONE_PACE"), crawler=crawler)

    def process_request(self, request: Request) -> None:
        url = urlparse_cached(request)
        spider = self._crawler and self._crawler.spider
        if url.netloc in getattr(spider, "archive_hosts", ()):
            return
        if self._one_pace:
            request.meta["download_slot"] = _SITE
        host, _, port = url.netloc.partition(":")
        own = is_republika_host(host) and port in ("", "80", "443")
        if url.scheme not in ("http", "https") or not own:
            raise OtherSite(f"the page redirects to another site, {request.url[:200]}")


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
    """Scrapy's retries, except that a host that says how long to wait is left alone that long.

    When the run is ending, nothing passes.
    """

    _run_is_ending = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = super().from_crawler(crawler)
        crawler.signals.connect(middleware.run_ending, run_ending)
        return middleware

    def run_ending(self) -> None:
        self._run_is_ending = True

    def process_request(self, request: Request) -> None:  # noqa: ARG002
        if self._run_is_ending:
            raise RunEnds("the run ends")

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        pause = pause_asked_for(response, request.meta.get("unsaid_pause"))
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
