"""Raw pages under Scrapy's HTTP cache: kept as WARC while crawling, read back for replay."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self
from weakref import WeakKeyDictionary

from scrapy.downloadermiddlewares.httpcache import HttpCacheMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Headers
from scrapy.responsetypes import responsetypes
from scrapy.utils.httpobj import urlparse_cached

from crawler.captures.payloads import unchunked
from crawler.captures.warc import (
    WARC_SUFFIXES,
    CaptureError,
    Place,
    WarcWriter,
    check_warc,
    iter_captures,
    payload_digest,
    read_capture,
)
from crawler.crawl.run import RunExtension, needs_run
from crawler.database.captures import Capture
from crawler.database.connection import StoreError
from crawler.dates import iso
from crawler.urls import article_id, canonical_url, classify, part_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings, Settings
    from scrapy.statscollectors import StatsCollector

    from crawler.captures.records import HTTPHeaders
    from crawler.captures.warc import CapturedResponse
    from crawler.database.store import Store

logger = logging.getLogger(__name__)

_CONDITIONS = ("If-None-Match", "If-Modified-Since")
_RECENT = 1000  # captures that may not be committed yet; there are hardly ever more than a few


def file_size(settings: BaseSettings) -> int:
    """How many bytes a WARC may have, by the settings; raises ValueError if they say it wrongly."""
    given = settings["CAPTURES_FILE_SIZE"]
    try:
        size = int(given)
    except (TypeError, ValueError):
        size = 0
    if size <= 0:
        raise ValueError(f"CAPTURES_FILE_SIZE={given}: give a number of bytes, 1 or more")
    return size


def payload_type(headers: HTTPHeaders) -> str | None:
    """The media type that the headers declare, "text/html"; None if they declare none."""
    declared = next((value for name, value in headers if name.lower() == b"content-type"), b"")
    return declared.decode("latin-1").partition(";")[0].strip().lower() or None


def read_page(store: Store, folder: Path, capture: Capture) -> CapturedResponse:
    """The page that a row of ``captures`` leads to; ``folder`` is that of the captures.

    A revisit has the payload of the capture in the database that has its digest, and its own status
    and headers, but a 304 those of that capture. Raises CaptureError if it cannot be read.
    """
    captured = _read(folder, capture)
    if not capture.revisit:
        return captured
    original = store.captures.with_payload(capture.digest)
    if original is None:
        raise CaptureError(
            f"{capture.url} of {capture.fetched_at} refers to a page that is nowhere"
        )
    return captured.filled(_read(folder, original))


def _read(folder: Path, capture: Capture) -> CapturedResponse:
    path = folder / capture.file
    captured = read_capture(path, capture.offset)
    same = captured.url == capture.url and captured.revisit == capture.revisit
    # What a revisit of another archive calls its digest may be of another kind.
    if not same or (captured.digest != capture.digest and not captured.revisit):
        raise CaptureError(f"{path} is another file than the database knows")
    return captured


class ReplayError(Exception):
    """What REPLAY names cannot be replayed; the message is one line for the user."""


def replay_files(path: Path) -> list[Path]:
    """The WARC files of REPLAY, one file or a folder of them, by name.

    Raises ReplayError if there are none, or one is no WARC.
    """
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.name.endswith(WARC_SUFFIXES))
        if not files:
            raise ReplayError(f"{path} has no .warc or .warc.gz file to replay")
    else:
        files = [path]
    for file in files:
        try:
            check_warc(file)
        except OSError as error:
            raise ReplayError(f"{file} cannot be replayed: {error.strerror}") from error
        except CaptureError as error:
            raise ReplayError(f"{error}, and cannot be replayed") from error
    return files


class _Indexed(NamedTuple):
    date: datetime
    path: Path
    offset: int
    status: int
    revisit: bool


def _page(url: str) -> tuple[str, int]:
    """The canonical address, and which page of the article it is."""
    return canonical_url(url), part_number(url)


def _first_page_of(url: str) -> str | None:
    """The id of the article that this is an address of, but for its further pages and its AMP."""
    address = classify(url)
    return address.id if address.kind == "article" else None


class Replayed(NamedTuple):
    """A response as it is replayed, and where it lies."""

    path: Path
    captured: CapturedResponse  # with a payload, whose it may ever be
    original: Replayed | None = None  # the response that a revisit has its payload of


class ReplayIndex:
    """What the WARC files of REPLAY hold, by address; and what a revisit may refer to."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._exact: dict[str, list[_Indexed]] = {}
        self._canonical: dict[tuple[str, int], list[_Indexed]] = {}
        self._articles: dict[str, list[_Indexed]] = {}  # first pages, by the article's id
        self._ids: dict[str, _Indexed] = {}  # of records
        self._digests: dict[str, _Indexed] = {}
        for path in files:
            for captured in iter_captures(path):
                self._add(path, captured)

    def _add(self, path: Path, captured: CapturedResponse) -> None:
        indexed = _Indexed(captured.date, path, captured.offset, captured.status, captured.revisit)
        self._exact.setdefault(captured.url, []).append(indexed)
        self._canonical.setdefault(_page(captured.url), []).append(indexed)
        if article := _first_page_of(captured.url):
            self._articles.setdefault(article, []).append(indexed)
        if not captured.revisit:
            self._ids[captured.record_id] = self._digests[captured.digest] = indexed

    def find(self, url: str) -> Replayed | None:
        """The latest response of this address; None if there is none.

        Else of its canonical one, else of another address of the same article. Where a revisit is
        the latest, it has the payload of what it refers to; a 304 is that response itself. If that
        cannot be found, it is the latest response with status 200.
        """
        candidates = (
            self._exact.get(url)
            or self._canonical.get(_page(url))
            or self._articles.get(_first_page_of(url) or "", [])
        )
        by_date = sorted(candidates, key=lambda indexed: indexed.date)
        if not by_date:
            return None
        latest = _replayed(by_date[-1])
        if not latest.captured.revisit:
            return latest
        if referred := self._original(latest.captured):
            original = _replayed(referred)
            if latest.captured.status == 304:
                return original
            return Replayed(latest.path, latest.captured.filled(original.captured), original)
        standing = [indexed for indexed in by_date if indexed.status == 200 and not indexed.revisit]
        return _replayed(standing[-1]) if standing else None

    def _original(self, revisit: CapturedResponse) -> _Indexed | None:
        """What a revisit refers to, by its record, by address and date, or by digest."""
        if revisit.refers_to_id and revisit.refers_to_id in self._ids:
            return self._ids[revisit.refers_to_id]
        url, date = revisit.refers_to or ("", None)
        for indexed in self._exact.get(url, []):
            if indexed.date == date and not indexed.revisit:
                return indexed
        return self._digests.get(revisit.digest)


def _replayed(indexed: _Indexed) -> Replayed:
    return Replayed(indexed.path, read_capture(indexed.path, indexed.offset))


class CaptureStorage:
    """Keeps every response in a WARC under CAPTURES, and where it lies in the database.

    With REPLAY it answers from there and writes none. Raises ReplayError if that is not possible.
    """

    answer: Response  # what the server just sent, as the cache merges a 304 into the old response

    def __init__(self, settings: BaseSettings) -> None:
        self._folder = Path(settings["CAPTURES"]).resolve() if settings["CAPTURES"] else None
        self._replay: ReplayIndex | None = None
        self._writer: WarcWriter | None = None
        if settings["REPLAY"]:
            self._replay = ReplayIndex(replay_files(Path(settings["REPLAY"]).resolve()))
        elif self._folder:
            self._file_size = file_size(settings)
        self._originals: WeakKeyDictionary[Response, CapturedResponse] = WeakKeyDictionary()
        self._recent: dict[str, Capture] = {}  # written by this run, by digest
        self._store: Store | None = None  # of the run

    def open_spider(self, spider: Spider) -> None:
        run = spider.crawler.get_extension(RunExtension)
        if run is None:  # a replay for `scrapy shell` and the like
            return
        self._store = run.store
        if self._folder and not self._replay:
            self._writer = WarcWriter(
                self._folder, max_size=self._file_size, run_id=self._store.runs.current
            )

    def close_spider(self, spider: Spider) -> None:  # noqa: ARG002
        if self._writer:
            self._writer.close()

    def retrieve_response(self, spider: Spider, request: Request) -> Response | None:  # noqa: ARG002
        """The capture that stands for this address: of REPLAY, or else our newest 200."""
        if self._replay:
            captured = self._replayed(self._replay, request.url)
        else:
            captured = self._newest(request.url)
        if captured is None:
            return None
        headers = Headers(captured.headers)
        headers.pop(b"Transfer-Encoding", None)
        body, _ = unchunked(captured.headers, captured.payload)
        cls = responsetypes.from_args(headers=headers, url=request.url, body=body)
        response = cls(request.url, status=captured.status, headers=headers, body=body)
        self._originals[response] = captured
        request.meta["cache_timestamp"] = captured.date.timestamp()
        return response

    def _replayed(self, index: ReplayIndex, url: str) -> CapturedResponse | None:
        found = index.find(url)
        if found is None:
            return None
        for path, captured, _ in filter(None, (found.original, found)):
            if self._folder and path.is_relative_to(self._folder):  # it stands there already
                path = path.relative_to(self._folder)
            self._remember(
                Place(str(path), captured.offset, captured.length),
                captured.url,
                captured.date,
                captured.status,
                captured.identified_type or payload_type(captured.headers),
                captured.digest,
                revisit=captured.revisit,
            )
        return found.captured

    def _newest(self, url: str) -> CapturedResponse | None:
        assert self._store
        capture = self._store.captures.last(url)
        if capture is None or self._folder is None:
            return None
        try:
            return read_page(self._store, self._folder, capture)
        except CaptureError as error:
            logger.warning("Fetching %s as if for the first time: %s", url, error)
            return None

    def store_response(self, spider: Spider, request: Request, response: Response) -> None:  # noqa: ARG002
        """Write what the server sent; raises StoreError if that fails."""
        if self._writer is None:
            return
        try:
            self._write(self._writer, request, response, datetime.fromtimestamp(time.time(), UTC))
        except OSError as error:
            raise StoreError(f"{self._folder} cannot be written: {error.strerror}") from error

    def _write(
        self, writer: WarcWriter, request: Request, response: Response, date: datetime
    ) -> None:
        original = self._originals.get(response)
        if original:  # revalidated
            answer, digest = self.answer, original.digest
        else:
            answer, digest = response, payload_digest(response.body)
            request.meta["cache_timestamp"] = date.timestamp()  # one moment for page and record
            original = self._kept(digest) if response.body else None
        url, status, headers = request.url, answer.status, _pairs(answer.headers)
        if original:
            place = writer.revisit(url, status, headers, original, date)
        else:
            place = writer.response(url, status, headers, response.body, date)
        kind = payload_type(_pairs(response.headers))  # a 304 does not say it
        capture = self._remember(place, url, date, status, kind, digest, revisit=bool(original))
        if not original:
            self._recent[digest] = capture
            if len(self._recent) > _RECENT:
                del self._recent[next(iter(self._recent))]

    def _kept(self, digest: str) -> CapturedResponse | None:
        """The response in the folder that has this payload; None if there is none to be read."""
        assert self._store
        capture = self._recent.get(digest) or self._store.captures.with_payload(digest)
        # One of REPLAY lies elsewhere, and may go.
        if capture is None or self._folder is None or Path(capture.file).is_absolute():
            return None
        try:
            return _read(self._folder, capture)
        except CaptureError as error:
            logger.warning("Keeping a page that was kept before: %s", error)
            return None

    def _remember(
        self,
        place: Place,
        url: str,
        date: datetime,
        status: int,
        kind: str | None,
        digest: str,
        *,
        revisit: bool,
    ) -> Capture:
        capture = Capture(
            article_id=article_id(url),
            url=url,
            fetched_at=iso(date),
            status=status,
            payload_type=kind,
            digest=digest,
            file=place.file,
            offset=place.offset,
            length=place.length,
            revisit=revisit,
        )
        if self._store:
            self._store.captures.remember(capture)
        return capture


def _pairs(headers: Headers) -> HTTPHeaders:
    return tuple((name, value) for name, values in headers.items() for value in values)


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
    """Scrapy's HTTP cache, but that a failure stays a failure, and a replay never asks the network.

    It wants HTTPCACHE_ENABLED, :class:`CaptureStorage` and :class:`CapturePolicy`.
    """

    def __init__(self, settings: Settings, stats: StatsCollector) -> None:
        super().__init__(settings, stats)
        self.ignore_missing = bool(settings["REPLAY"])
        self._keeps_none = not settings["CAPTURES"]

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
            request.meta.pop("cached_response", None)
            self._drop_conditions(request)

    def _drop_conditions(self, request: Request) -> None:
        for name in _CONDITIONS:
            request.headers.pop(name, None)

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        self.storage.answer = response
        return super().process_response(request, response)

    def process_exception(  # type: ignore[override]
        self,
        request: Request,
        exception: Exception,  # noqa: ARG002
    ) -> None:
        """Leave it a failure: Scrapy's own answers with the old copy."""
        request.meta.pop("cached_response", None)
