"""What the spiders share: the database feeds them, an article is read, a listing is remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

from scrapy import Request, Spider, signals
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.crawl.health import BLOCKED
from crawler.crawl.politeness import DOWNLOAD_ERRORS, MAX_PAUSE, Forbidden, RunEnds, pause_asked_for
from crawler.crawl.run import RunExtension
from crawler.database.store import Found, PendingPage, StoreError, Visit
from crawler.dates import WIB, iso, now
from crawler.parsers import CutOff, NotAnArticle, ParseError, find_wall, parse_page, whole_article
from crawler.site import DOMAINS
from crawler.urls import article_id, canonical_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.article import Article
    from crawler.database.runs import Ledger
    from crawler.database.store import Refusal, Store
    from crawler.parsers import ParsedPage
    from crawler.parsers.listing import ListedArticle

_BATCH = 100  # articles that are given to the scheduler at a time: memory stays flat


class ArgumentError(ValueError):
    """A spider argument is wrong; the message says which, why, and what would be right."""


class Trouble(NamedTuple):
    """Why a page could not be had."""

    reason: str
    http_status: int | None = None
    wait: timedelta = timedelta()  # that the server asks for
    is_of_run: bool = False  # the page itself was not asked for, and waits for the next run


class ArticleSpider(Spider):
    """Reads listings into the database, and fetches the articles that wait there.

    Nothing is asked from the site that is not in the database first, so that a run that is killed
    leaves behind what it knew, and the next one goes on, whichever spider it is.
    """

    allowed_domains: ClassVar[list[str]] = list(DOMAINS)
    arguments: ClassVar[dict[str, str]] = {}  # what `-a` takes, and what it means
    example: ClassVar[str] = ""
    has_run: ClassVar[bool] = True
    rechecks: ClassVar[bool] = True  # whether it also asks for what may have changed
    given: dict[str, str]  # the arguments of this run

    def __init__(self, name: str | None = None, **unknown: Any) -> None:
        super().__init__(name)
        # What begins with an underscore is from Scrapyd, for its own use.
        if wrong := [argument for argument in sorted(unknown) if argument[0] != "_"]:
            known = ", ".join(self.arguments) or "none"
            raise ArgumentError(f"unknown argument {', '.join(wrong)}; known are {known}")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.given = {name: str(kwargs[name]) for name in cls.arguments if name in kwargs}
        crawler.signals.connect(spider.feed, signals.scheduler_empty)
        return spider

    @classmethod
    def handles_request(cls, request: Request) -> bool:  # noqa: ARG003
        """No: `scrapy shell` and `scrapy fetch` need no spider of ours, and no run."""
        return False

    @property
    def run(self) -> RunExtension:
        return RunExtension.of(self.crawler)

    @property
    def store(self) -> Store:
        return self.run.store

    @property
    def ledger(self) -> Ledger:
        return self.run.ledger

    # -- asking ------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        try:
            async for request in self.first_requests():
                yield request
        except StoreError as error:
            self.run.storing_failed(error)

    def first_requests(self) -> AsyncIterator[Request]:
        """What the spider begins with: listings; the articles come from the database."""
        raise NotImplementedError

    def feed(self) -> None:
        """Give the scheduler, which ran dry, what the database has waiting."""
        engine = self.crawler.engine
        assert engine
        try:
            pages = self.store.due(
                _BATCH, now=self.run.started, exclude=self.run.open, rechecks=self.rechecks
            )
        except StoreError as error:
            self.run.storing_failed(error)
            return
        for request in self.take_up(pages):
            engine.crawl(request)

    def take_up(self, pages: Iterable[PendingPage]) -> Iterator[Request]:
        """Requests for articles of the database, each once in a run."""
        for page in pages:
            if self.run.take_up(page.id):
                yield Request(
                    page.url,
                    callback=self.parse_article,
                    errback=self.article_failed,
                    cb_kwargs={"page_id": page.id},
                    meta={
                        "handle_httpstatus_list": [304],
                        "validators": (page.etag, page.last_modified),
                    },
                    # What is to be asked again the database knows; this process need not.
                    dont_filter=True,
                )

    def listing(self, url: str, **about: Any) -> Request:
        """A request for a listing; ``about`` goes to :meth:`parse_listed` or :meth:`without`."""
        self.run.listings += 1
        return Request(
            url,
            callback=self.parse_page_of_listing,
            errback=self.listing_failed,
            cb_kwargs=about,
            dont_filter=True,
            priority=1,  # what there is should be known before any of it is fetched
        )

    # -- listings ----------------------------------------------------------------------------

    def parse_page_of_listing(self, response: Response, **about: Any) -> Iterator[Request]:
        try:
            yield from self.parse_listed(response, **about)
        except NotAnArticle as error:  # a wall
            self.run.fail(f"the site refuses the crawler: {error.reason}", BLOCKED)
        except ParseError as error:
            yield from self.without(response.url, str(error), **about)

    def parse_listed(self, response: Response, *args: Any, **about: Any) -> Iterator[Request]:
        """Remember what a listing shows, and ask for its next page.

        Raises what the parsers raise.
        """
        raise NotImplementedError

    def listing_failed(self, failure: Failure) -> Iterator[Request]:
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        trouble = self.trouble(failure.value)
        if trouble:
            yield from self.without(request.url, trouble.reason, **request.cb_kwargs)

    def without(self, url: str, reason: str, **about: Any) -> Iterator[Request]:
        """Say that a page of a listing cannot be had; ask elsewhere, if there is such a place."""
        raise NotImplementedError

    def remember(self, listed: Iterable[ListedArticle], url: str) -> None:
        """Commit what a listing shows, before any of it is fetched.

        What waits there is fetched when its turn comes; what is known is counted as it stands.
        """
        found = [found_in(url, article) for article in listed]
        self.store.found(found, iso(now()))
        for page_id, state in self.store.states(page.id for page in found).items():
            if state == "pending":
                self.run.find(page_id)
            else:
                self.run.known(page_id, state)

    # -- articles ----------------------------------------------------------------------------

    async def parse(self, response: Response) -> AsyncIterator[Article]:
        """The record of an article's page, for Scrapy's own commands; nothing is stored of it."""
        try:
            page = parse_page(response.body, response.url)
        except (NotAnArticle, ParseError) as error:
            self.logger.error("%s gives no record: %s", response.url, error)
            return
        article, _ = await self._whole(page)
        yield replace(article, fetched_at=iso(fetched(response)))

    async def parse_article(self, response: Response, page_id: str) -> AsyncIterator[Article]:
        """The record of an article's page, with the text of all its pages."""
        if response.status == 304 and not any(response.meta["validators"]):
            reason = "HTTP 304, though nobody asked for a change"
            self.refuse(page_id, response.url, "failed", reason, response)
            return
        if response.status == 304:
            with self.store.transaction():
                self.store.stands(page_id, now=iso(now()), visit=_visit(response))
                self.run.settle(page_id, "unchanged", response.status)
            return
        asked = response.meta.get("redirect_urls", [response.url])[0]
        shown = article_id(response.url)
        if shown and shown != page_id:
            other = Found(id=shown, url=canonical_url(response.url), found_in=asked)
            self.store.found([other], iso(now()))
            self.refuse(page_id, asked, "gone", f"it leads to another article, {shown}", response)
            return
        try:
            page = parse_page(response.body, response.url if shown else asked)
        except NotAnArticle as error:
            if error.kind == "challenge":
                self.refuse(page_id, asked, "failed", error.reason, response)
                self.run.fail(f"the site refuses the crawler: {error.reason}", BLOCKED)
            elif error.kind == "home":
                self.refuse(page_id, asked, "gone", error.reason, response)
            elif not shown:
                self.refuse(page_id, asked, "gone", f"it leads to {response.url}", response)
            else:
                self.refuse(page_id, asked, "rejected", error.reason, response)
        except CutOff as error:
            self.refuse(page_id, asked, "failed", str(error), response)
        except ParseError as error:
            self.refuse(page_id, asked, "rejected", str(error), response)
        else:
            try:
                article, lacking = await self._whole(page)
            except RunEnds:  # the article waits for the next run
                return
            self.run.visits[page_id] = _visit(response)._replace(lacking=lacking)
            yield replace(article, fetched_at=iso(fetched(response)))

    async def _whole(self, page: ParsedPage) -> tuple[Article, str | None]:
        """The article with the text of all its pages, and why one of them lacks."""
        lacking = None
        reading = whole_article(page)
        try:
            url = next(reading)
            while True:
                part = None
                try:
                    part = await self._further_page(url)
                except RunEnds:
                    raise
                except (ParseError, NotAnArticle, *DOWNLOAD_ERRORS) as error:
                    lacking = f"it lacks its page {url}: {describe(error)}"
                    if isinstance(error, NotAnArticle) and error.kind == "challenge":
                        self.run.fail(f"the site refuses the crawler: {error.reason}", BLOCKED)
                    self.logger.warning("%s: %s", page.article.id, lacking)
                url = reading.send(part)
        except StopIteration as end:
            return end.value, lacking

    async def _further_page(self, url: str) -> ParsedPage:
        engine = self.crawler.engine
        assert engine
        response = await engine.download_async(Request(url))
        if response.status != 200:
            raise ParseError(f"HTTP {response.status}")
        return parse_page(response.body, url)

    def article_failed(self, failure: Failure) -> None:
        """Put down why an article could not be fetched."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        trouble = self.trouble(failure.value)
        if trouble is None:  # not the article's: it waits for the next run
            return
        state: Refusal = "gone" if trouble.http_status in (404, 410) else "failed"
        page_id = request.cb_kwargs["page_id"]
        if trouble.is_of_run:
            self.store.postpone(page_id, trouble.reason)
            return
        asked = request.meta.get("redirect_urls", [request.url])[0]
        self._refuse(page_id, asked, state, trouble)

    def refuse(
        self, page_id: str, url: str, state: Refusal, reason: str, response: Response
    ) -> None:
        """Store that an article gave no record, and why; count it."""
        self._refuse(page_id, url, state, Trouble(reason, response.status))

    def _refuse(self, page_id: str, url: str, state: Refusal, trouble: Trouble) -> None:
        with self.store.transaction():
            self.store.reject(
                page_id,
                url,
                state,
                trouble.reason,
                now=iso(now()),
                visit=Visit(trouble.http_status),
                wait=trouble.wait,
            )
            self.run.settle(page_id, state, trouble.http_status)
        self.say_refused(f"{page_id} is {state}: {trouble.reason}")

    def say_refused(self, what: str) -> None:
        """Say which article gave no record, and why."""
        self.logger.warning(what)

    # -- what goes wrong ---------------------------------------------------------------------

    def trouble(self, error: BaseException | None) -> Trouble | None:
        """Why a request failed; None if that is a trouble of the run, which then ends."""
        if isinstance(error, StoreError):
            self.run.storing_failed(error)
            return None
        if isinstance(error, RunEnds):
            return None
        if isinstance(error, Forbidden):
            if error.trouble:  # it says nothing of the page
                self.run.warn(error.trouble)
            return Trouble(str(error), is_of_run=bool(error.trouble))
        if not isinstance(error, HttpError):
            return Trouble(describe(error))
        response = error.response
        wait = pause_asked_for(response)
        if wall := find_wall(response.body, response.url):
            self.run.fail(f"the site refuses the crawler: {wall}", BLOCKED)
        elif wait > MAX_PAUSE:
            asks = f"the site asks to wait for {wait} (HTTP {response.status})"
            self.run.fail(asks, BLOCKED)
        return Trouble(f"HTTP {response.status}", response.status, wait)


def found_in(url: str, article: ListedArticle) -> Found:
    """An article as the listing at ``url`` shows it."""
    listed_at = iso(article.listed_at) if article.listed_at else None
    return Found(id=article.id, url=article.url, found_in=url, listed_at=listed_at)


def _visit(response: Response) -> Visit:
    return Visit(
        response.status,
        _header(response, "ETag"),
        _header(response, "Last-Modified"),
    )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def fetched(response: Response) -> datetime:
    """When the page was sent: now, or when it was captured if the capture still stands."""
    captured = response.meta.get("cache_timestamp")
    return datetime.fromtimestamp(captured, WIB) if captured else now()


def describe(error: BaseException | None) -> str:
    """An error in one line, with its kind."""
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
