"""Raw pages under Scrapy's HTTP cache: kept as WARC while crawling, read back for replay."""

from __future__ import annotations

import logging
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.http import Headers
from scrapy.responsetypes import responsetypes

from crawler.captures.folder import captures_folder
from crawler.captures.payloads import unchunked
from crawler.captures.recovery import forget_lost
from crawler.captures.replay import ReplayIndex, replay_files
from crawler.captures.response import payload_digest
from crawler.captures.rows import declared_type, read_page, read_row, row_at, row_of
from crawler.captures.writer import Asked, WarcWriter
from crawler.crawl.run import RunExtension
from crawler.dates import iso, now
from crawler.errors import CaptureError, StoreError

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

    from crawler.captures.records import HTTPHeaders
    from crawler.captures.response import CapturedResponse
    from crawler.database.captures import Capture
    from crawler.database.store import Store

logger = logging.getLogger(__name__)

_CONTACT = re.compile(r"\(\+([^()]+)\)")  # in a user agent

# Seconds between two waits for the disk: what one takes is then little of a crawl. What is lost of
# one second is found by forget_lost.
_SYNC = 1.0
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


def about(settings: BaseSettings) -> dict[str, str]:
    """What archives expect to be told of a crawl: who made it, by which name, and how."""
    agent = str(settings["USER_AGENT"] or "")
    contact = _CONTACT.search(agent)
    return {
        "operator": contact[1] if contact else "",
        "http-header-user-agent": agent,
        "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
    }


class CaptureStorage:
    """Keeps every response in a WARC under CAPTURES, and where it lies in the database.

    With REPLAY it answers from there and writes none. Raises ReplayError if that is not possible.
    """

    def __init__(self, settings: BaseSettings) -> None:
        self._folder = captures_folder(settings)
        self._replay: ReplayIndex | None = None
        self._writer: WarcWriter | None = None
        if settings["REPLAY"]:
            self._replay = ReplayIndex(replay_files(Path(settings["REPLAY"]).resolve()))
        elif self._folder:
            self._file_size = file_size(settings)
        self._recent: dict[str, Capture] = {}  # written by this run, by digest
        self._store: Store | None = None  # of the run
        self._next_sync = 0.0  # seconds of the monotonic clock

    def open_spider(self, spider: Spider) -> None:
        run = spider.crawler.get_extension(RunExtension)
        if run is None:  # a replay for `scrapy shell` and the like
            return
        self._store = run.store
        if self._folder and not self._replay:
            try:
                if lost := forget_lost(run.store, self._folder, now=iso(now())):
                    run.add_note(f"captures that the last run could not save, asked again: {lost}")
            except StoreError as error:
                run.storing_failed(error)
            self._writer = WarcWriter(
                self._folder,
                max_size=self._file_size,
                run_id=self._store.runs.current,
                about=about(spider.crawler.settings),
            )

    def close_spider(self, spider: Spider) -> None:  # noqa: ARG002
        if self._writer:
            try:
                self._writer.close()
            except OSError as error:
                logger.error("%s cannot be written: %s", self._folder, error.strerror)

    # -- read -----------------------------------------------------------------------------------

    def retrieve_response(self, spider: Spider, request: Request) -> Response | None:  # noqa: ARG002
        """The capture that stands for this address: of REPLAY, or else our newest 200.

        What it was made of is in the request's meta: ``cached_capture``, for a 304 to refer to.
        """
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
        request.meta["cached_capture"] = captured
        request.meta["cache_timestamp"] = captured.date.timestamp()  # as Scrapy's own storages do
        return response

    def _replayed(self, index: ReplayIndex, url: str) -> CapturedResponse | None:
        found = index.find(url)
        if found is None:
            return None
        for path, captured, _ in filter(None, (found.original, found)):
            if self._folder and path.is_relative_to(self._folder):  # it stands there already
                path = path.relative_to(self._folder)
            self._remember(row_of(captured, str(path)))
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

    # -- written --------------------------------------------------------------------------------

    def store_response(self, spider: Spider, request: Request, response: Response) -> None:  # noqa: ARG002
        """Write what the server sent; raises StoreError if that fails."""
        date = _now()
        request.meta["cache_timestamp"] = date.timestamp()  # one moment for page and record
        if self._writer is None:
            return
        digest = payload_digest(response.body)
        original = self._kept(digest) if response.body else None
        capture = self._write(self._writer, request, response, digest, original, date)
        if not capture.revisit:
            self._recent[digest] = capture
            if len(self._recent) > _RECENT:
                del self._recent[next(iter(self._recent))]

    def store_revisit(
        self, request: Request, response: Response, original: CapturedResponse
    ) -> None:
        """Write that the server sent a 304 for ``original``; raises StoreError if that fails."""
        if self._writer is not None:
            self._write(self._writer, request, response, original.digest, original, _now())

    def _write(
        self,
        writer: WarcWriter,
        request: Request,
        response: Response,
        digest: str,
        original: CapturedResponse | None,
        date: datetime,
    ) -> Capture:
        url, status, headers = request.url, response.status, _pairs(response.headers)
        asked = _asked(request, response)
        try:
            if original:
                place = writer.revisit(url, status, headers, original, date, asked)
            else:
                place = writer.response(url, status, headers, response.body, date, asked)
        except OSError as error:
            raise StoreError(f"{self._folder} cannot be written: {error.strerror}") from error
        if self._store:
            self._store.connection.before_commit(self._sync)
        declared = original.headers if original and status == 304 else headers
        return self._remember(
            row_at(
                place,
                url=url,
                date=date,
                status=status,
                payload_type=declared_type(declared),
                digest=digest,
                revisit=original is not None,
            )
        )

    def _sync(self) -> None:
        """Have the pages on the disk before the transaction that names them: once a second."""
        if self._writer and time.monotonic() >= self._next_sync:
            self._next_sync = time.monotonic() + _SYNC
            try:
                self._writer.sync()
            except OSError as error:
                raise StoreError(f"{self._folder} cannot be written: {error.strerror}") from error

    def _kept(self, digest: str) -> CapturedResponse | None:
        """The response in the folder that has this payload; None if none can be read."""
        assert self._store
        capture = self._recent.get(digest) or self._store.captures.with_payload(digest)
        # One of REPLAY lies elsewhere, and may go.
        if capture is None or self._folder is None or Path(capture.file).is_absolute():
            return None
        try:
            return read_row(self._folder, capture)
        except CaptureError as error:
            logger.warning("Storing the page again, the earlier copy cannot be read: %s", error)
            return None

    def _remember(self, capture: Capture) -> Capture:
        if self._store:
            self._store.captures.remember(capture)
        return capture


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


def _asked(request: Request, response: Response) -> Asked:
    # What a proxy answers comes from the proxy's address.
    address = None if "proxy" in request.meta else response.ip_address
    return Asked(_pairs(request.headers), str(address) if address else None)


def _pairs(headers: Headers) -> HTTPHeaders:
    return tuple((name, value) for name, values in headers.items() for value in values)
