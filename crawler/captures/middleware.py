"""Scrapy's HTTP cache as it is used here: every answer is kept, and every page asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.downloadermiddlewares.httpcache import HttpCacheMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.utils.httpobj import urlparse_cached

from crawler.captures.folder import captures_folder
from crawler.captures.payloads import decode_payload
from crawler.crawl.run import needs_run
from crawler.errors import CaptureError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings, Settings
    from scrapy.statscollectors import StatsCollector

_CONDITIONS = ("If-None-Match", "If-Modified-Since")


class CapturePolicy:
    """Keeps every response, and asks the server each time whether the old one still stands.

    RFC 9111 would let an old article count as fresh for months, and corrections go unseen.
    """

    def __init__(self, settings: BaseSettings) -> None:
        self._replay = bool(settings["REPLAY"])

    def should_cache_request(self, request: Request) -> bool:
        """Whether the request is one for a page; in replay none may get past the cache."""
        return self._replay or (
            request.method == "GET" and urlparse_cached(request).scheme in ("http", "https")
        )

    def should_cache_response(self, _response: Response, _request: Request) -> bool:
        return True

    def is_cached_response_fresh(self, cachedresponse: Response, request: Request) -> bool:
        """True in replay; else False, with the request made conditional."""
        if self._replay:
            return True
        if etag := cachedresponse.headers.get(b"ETag"):
            request.headers[b"If-None-Match"] = etag
        if last_modified := cachedresponse.headers.get(b"Last-Modified"):
            request.headers[b"If-Modified-Since"] = last_modified
        return False

    def is_cached_response_valid(
        self, _cachedresponse: Response, response: Response, _request: Request
    ) -> bool:
        return response.status == 304


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")


class CaptureMiddleware(HttpCacheMiddleware):
    """Scrapy's HTTP cache, except that a failure is not answered from it, nor a replay from the
    network.

    It requires HTTPCACHE_ENABLED, :class:`~crawler.captures.storage.CaptureStorage` and
    :class:`CapturePolicy`. As Scrapy's own it makes these two of the settings, in ``__init__``.
    """

    def __init__(self, settings: Settings, stats: StatsCollector) -> None:
        super().__init__(settings, stats)
        self.ignore_missing = bool(settings["REPLAY"])
        self._keeps_none = captures_folder(settings) is None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        # What is fetched by `scrapy shell` and the like is not kept.
        if not crawler.settings["REPLAY"] and not needs_run(crawler):
            raise NotConfigured
        return super().from_crawler(crawler)

    # Without the deprecated argument `spider` of Scrapy's own.

    def process_request(  # type: ignore[override]
        self, request: Request
    ) -> Request | Response | None:
        # A redirect or retry copies them from a request to another address, or an older copy.
        self._drop_conditions(request)
        if self.ignore_missing:
            request.meta.pop("dont_cache", None)
        elif "validators" in request.meta:
            self._ask_for_article(request)
            return None
        try:
            return super().process_request(request)
        except IgnoreRequest:
            raise IgnoreRequest("REPLAY holds no answer") from None

    def _ask_for_article(self, request: Request) -> None:
        """Ask only for a change where the database holds what the last answer said.

        An answer that was cut off has validators too. Where a redirect leads is asked for whole.
        """
        validators = request.meta["validators"]
        if "redirect_times" in request.meta or not any(validators):
            return
        if self._keeps_none:
            for name, value in zip(_CONDITIONS, validators, strict=True):
                if value:
                    request.headers[name] = value
            return
        super().process_request(request)
        if tuple(map(_text, map(request.headers.get, _CONDITIONS))) != tuple(validators):
            self._drop_cached(request)
            self._drop_conditions(request)

    def _drop_conditions(self, request: Request) -> None:
        for name in _CONDITIONS:
            request.headers.pop(name, None)

    def _drop_cached(self, request: Request) -> None:
        request.meta.pop("cached_response", None)
        request.meta.pop("cached_capture", None)

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        if "validators" not in request.meta:  # of a listing nothing else would tell
            request.meta["is_torn"] = _is_torn(response)
        cached: Response | None = request.meta.get("cached_response")
        if cached is None or response.status != 304:
            request.meta.pop("cached_capture", None)
            return super().process_response(request, response)
        # Scrapy's own would store the old response again, and not what the server answered.
        del request.meta["cached_response"]
        self.stats.inc_value("httpcache/revalidate")
        self._freshen_cached_response(cached, response)
        self.storage.store_revisit(request, response, request.meta.pop("cached_capture"))
        return cached

    def process_exception(  # type: ignore[override]
        self,
        request: Request,
        exception: Exception,  # noqa: ARG002
    ) -> None:
        """Leave it a failure: Scrapy's own answers with the old copy."""
        self._drop_cached(request)


def _is_torn(response: Response) -> bool:
    """Whether a compressed body breaks off; Scrapy would give what there is of it as the page."""
    encodings = response.headers.getlist("Content-Encoding")
    try:
        decode_payload(tuple((b"content-encoding", value) for value in encodings), response.body)
    except CaptureError:
        return True
    return False
