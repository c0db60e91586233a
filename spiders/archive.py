"""``scrapy crawl archive``: articles from web archives instead of from the site."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.captures import cdx
from crawler.captures.archived import Keeper
from crawler.captures.folder import captures_folder
from crawler.captures.storage import about, file_size
from crawler.captures.writer import WarcWriter
from crawler.database.archived import Archived, Listed, Waiting
from crawler.dates import WIB, iso, now
from crawler.errors import ArgumentError, CaptureError, StoreError
from crawler.site import DOMAINS
from crawler.urls import classify, id_time
from spiders.asking import INDEX, PAGES, REDIRECTS, AskingSpider
from spiders.backfill import days

_FRESH = timedelta(days=30)  # an index that was read is not asked again
_SHOWS_ARTICLE = frozenset({"article", "amp", "share", "part"})


class ArchiveSpider(AskingSpider):
    """Asks an archive's index what it has, and the archive for that: one request at a time.

    What the index lists is committed before any of it is fetched. The captures of an article are
    read together, when all of them were asked for, by the rules of `scrapy reparse`: the latest is
    the record, and one that is older than the record that stands becomes a revision.
    """

    name = "archive"
    arguments = {  # noqa: RUF012
        "source": "wayback, commoncrawl, or the address of a CDX server",
        "since": "the first day of the articles, as 2012-01-01",
        "until": "the last day; today if not given",
        "missing": "1: only articles that are gone, rejected or unknown",
        "limit": "at most this many articles",
        "data": "of a CDX server: the address of its WARC files; without it, it replays pages",
    }
    example = "-a source=wayback -a since=2012-01-01 -a until=2012-12-31"
    rechecks = False

    def __init__(
        self,
        source: str = "",
        since: str = "",
        until: str = "",
        missing: str = "",
        limit: str = "",
        data: str = "",
        **unknown: Any,
    ) -> None:
        super().__init__(**unknown)
        self.archive = cdx.archive_of(source.strip(), data.strip())
        self.since, self.until = days(since, until)
        if missing not in ("", "0", "1"):
            raise ArgumentError(f"missing={missing} is not 0 or 1")
        if limit and not (limit.isdecimal() and int(limit)):
            raise ArgumentError(f"limit={limit} is not a number of articles; give it as limit=100")
        self.missing = missing == "1"
        self.limit = int(limit) if limit else None
        self._queries: deque[tuple[cdx.Index, str]] = deque()  # an index, and a domain
        self._pages: int | str | None = None  # of the first query
        self._article: str | None = None  # whose captures are had
        self._waiting: deque[Waiting] = deque()  # of it
        self._taken = 0  # articles

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.finish, signals.spider_closed)
        return spider

    # -- what is asked next ------------------------------------------------------------------

    async def first_requests(self) -> AsyncIterator[Request]:
        folder = captures_folder(self.settings)
        assert folder
        self._frontier = Archived(self.store.connection, self.archive.name)
        writer = WarcWriter(
            folder,
            max_size=file_size(self.settings),
            run_id=self.store.runs.current,
            about=about(self.settings),
            begun=now(),
        )
        self._keeper = Keeper(self.store, self._frontier, folder, writer)
        self._frontier.try_again()
        self.keep_pace()
        self.is_waiting = False
        if self.archive.collections:
            yield self.ask(self.archive.collections, self.parse_collections, INDEX)
        else:
            self._plan(self.archive.indexes)

    def _plan(self, indexes: tuple[cdx.Index, ...] | list[cdx.Index]) -> None:
        self._queries.extend((index, domain) for index in indexes for domain in DOMAINS)

    def feed(self) -> None:
        """Ask for what is next: the rest of the index, then the captures that it lists."""
        if self.is_waiting:
            return
        try:
            request = self._next_of_index() or self._next_capture()
        except StoreError as error:
            self.run.storing_failed(error)
            return
        if request:
            assert self.crawler.engine
            self.crawler.engine.crawl(request)

    # -- the index ---------------------------------------------------------------------------

    def _next_of_index(self) -> Request | None:
        while self._queries:
            index, domain = self._queries[0]
            first = index.first
            place = self._frontier.place(self._query, first, iso(now() - _FRESH))
            if place is None:
                self._leave_query()
                continue
            self.run.listings += 1
            if self._pages is None and not index.is_wayback:
                url = index.query(domain, self.since, None)
                return self.ask(url, self.parse_page_count, INDEX)
            url = index.query(domain, self.since, place)
            return self.ask(url, self.parse_index, INDEX, place=place)
        return None

    @property
    def _query(self) -> str:
        """The name of the first query among the places that were read."""
        index, domain = self._queries[0]
        return f"{index.url} {domain} since {self.since}"

    def _leave_query(self) -> None:
        self._queries.popleft()
        self._pages = None

    def parse_collections(self, response: Response) -> None:
        try:
            found = cdx.collections(response.text, self.since) if response.status == 200 else []
        except ValueError:
            found = []
        if not found:
            self.index_failed(response.url, f"HTTP {response.status}, and it names no index")
        self._plan(found)
        self.is_waiting = False

    def parse_page_count(self, response: Response) -> None:
        try:
            self._pages = 0 if response.status != 200 else cdx.page_count(response.text)
        except ValueError as error:
            self.index_failed(response.url, f"it is not an answer of an index: {error}")
        else:
            if self._pages in (0, cdx.WHOLE):
                self._remember(response, self._queries[0][0].first)
        self.is_waiting = False

    def parse_index(self, response: Response, place: str) -> None:
        self._remember(response, place)
        self.is_waiting = False  # only here: what fails on the way must not be asked for ever

    def _remember(self, response: Response, place: str) -> None:
        """Commit what the index lists at a place."""
        left_out: list[str] = []
        try:
            answer = response.text if response.status == 200 and self._pages != 0 else ""
            found, following = cdx.rows(answer, left_out)
        except ValueError as error:
            self.index_failed(response.url, f"it is not an answer of an index: {error}")
            return
        if left_out:
            what = f"{len(left_out)}, the first of {left_out[0]!a}"
            self.run.add_note(f"rows of the index that say what cannot be, left out: {what}")
        if isinstance(self._pages, int) and int(place) + 1 < self._pages:
            following = str(int(place) + 1)
        listed = list(filter(None, map(self._listed, found)))
        self._frontier.add(self._query, place, following, listed, iso(now()))
        ids = [one.article_id for one in listed]
        done = self._frontier.done(ids)
        for page_id in ids:
            if page_id in done:
                self.run.count_known(page_id, "stored")

    def _listed(self, row: cdx.Row) -> Listed | None:
        """A row of the index, if it is of an article of the days that are asked for."""
        address = classify(row.url)
        if address.id is None or address.kind not in _SHOWS_ARTICLE:
            return None
        made = id_time(address.id) or row.date.astimezone(WIB)
        day = made.date()
        if not self.since <= day <= self.until:
            return None
        url, timestamp, status, digest, filename, offset, length = row
        if status not in (None, 200, 304, 404, 410):
            return None
        return Listed(
            address.id, str(day), url, timestamp, status, digest, filename, offset, length
        )

    def index_failed(self, url: str, reason: str) -> None:
        self.run.add_problem(f"the index was not read to its end: {url}: {reason}")
        if self._queries:
            self._leave_query()

    # -- captures ----------------------------------------------------------------------------

    def _next_capture(self) -> Request | None:
        """The next capture to ask for; what needs no answer of the archive is done at once."""
        while True:
            while self._waiting:
                waiting = self._waiting.popleft()
                if not self._keeper.keep_same(waiting):
                    return self._ask_for(waiting)
            if self._article:
                self._settle(self._article)
                self._article = None
            if self.limit is not None and self._taken >= self.limit:
                return None
            self._article = self._frontier.next_article(
                self.since, self.until, missing=self.missing
            )
            if self._article is None:
                return None
            self._taken += 1
            self.run.take_up(self._article)
            self._waiting.extend(self._frontier.waiting(self._article))

    def _ask_for(self, waiting: Waiting) -> Request:
        listed = waiting.listed
        if not self.archive.data:
            url = self.archive.page_of(listed.url, listed.timestamp)
            return self.ask(url, self.parse_page, PAGES, waiting=waiting)
        url = f"{self.archive.data}/{listed.filename.lstrip('/')}"
        request = self.ask(url, self.parse_record, PAGES, waiting=waiting)
        request.headers["Range"] = f"bytes={listed.offset}-{listed.offset + listed.length - 1}"
        return request

    def parse_record(self, response: Response, waiting: Waiting) -> None:
        """Keep a record of one of the archive's files."""
        if response.status != 206:
            self.capture_failed(waiting, f"HTTP {response.status} for a part of a file")
        elif len(response.body) != waiting.listed.length:
            self.capture_failed(waiting, "the archive sent another length than its index lists")
        else:
            self._keep(waiting, lambda: self._keeper.keep_record(waiting, response.body))

    def parse_page(self, response: Response, waiting: Waiting) -> None:
        """Keep a page that the archive replays, under the moment that its index told."""
        status = waiting.listed.status or 200
        if response.status in REDIRECTS or _is_of_another_moment(response, waiting):
            self.capture_failed(waiting, "the archive has another capture in its place")
        elif response.status != status:
            self.capture_failed(waiting, f"HTTP {response.status}")
        elif response.meta.get("is_torn"):
            self.capture_failed(waiting, "the page breaks off")
        else:
            headers = tuple(
                (name, value) for name, values in response.headers.items() for value in values
            )
            self._keep(
                waiting,
                lambda: self._keeper.keep_page(waiting, status, headers, response.body),
            )

    def _keep(self, waiting: Waiting, keep: Callable[[], None]) -> None:
        self.answered_well()
        try:
            keep()
        except CaptureError as error:
            self._frontier.failed(waiting.number, str(error))

    def capture_failed(self, waiting: Waiting, reason: str) -> None:
        self.is_waiting = False
        self._frontier.failed(waiting.number, reason)

    def _settle(self, article_id: str) -> None:
        """Bring what the captures of an article give into the database."""
        result, unreadable = self._keeper.read(article_id)
        for reason in unreadable:
            self.run.add_note(f"{article_id}: {reason}")
        with self.store.transaction():
            self._frontier.settled(article_id)
            self.run.settle(article_id, result)

    # -- the end -----------------------------------------------------------------------------

    def finish(self, spider: Spider) -> None:  # noqa: ARG002
        """Close the file of captures, and note what could not be had."""
        if not hasattr(self, "_keeper"):
            return
        try:
            self._keeper.close()
            for reason, number in self._frontier.reasons().items():
                self.run.add_note(f"captures that the archive could not give: {number}: {reason}")
        except OSError as error:
            self.run.add_problem(f"storing failed: {error.strerror}")


def _is_of_another_moment(response: Response, waiting: Waiting) -> bool:
    """Whether an archive says that it shows another capture than the one asked for."""
    told = response.headers.get("Memento-Datetime")
    try:
        shown = parsedate_to_datetime(told.decode("latin-1")) if told else None
    except (ValueError, OverflowError):
        return False
    return shown is not None and f"{shown:%Y%m%d%H%M%S}" != waiting.listed.timestamp
