"""What the spiders share: the database feeds them, and an article is read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, ClassVar, Literal, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.article import Article
from crawler.crawl.health import BLOCKED
from crawler.crawl.politeness import DOWNLOAD_ERRORS, MAX_PAUSE, Forbidden, RunEnds, pause_asked_for
from crawler.crawl.run import RunExtension
from crawler.database.pages import Found, PendingPage
from crawler.database.results import Refused, Unchanged, Visit
from crawler.database.store import Store
from crawler.dates import iso, now
from crawler.errors import ArgumentError, StoreError
from crawler.parsers import (
    CutOff,
    NotAnArticle,
    ParsedPage,
    ParseError,
    find_wall,
    parse_answer,
    parse_page,
    whole_article,
)
from crawler.site import DOMAINS
from crawler.urls import article_id, canonical_url
from spiders.responses import Trouble, asked_url, describe, fetched, visit_of

_BATCH = 100  # articles that are given to the scheduler at a time: memory stays flat


class ArticleSpider(Spider):
    """Fetches the articles that wait in the database.

    Nothing is asked from the site that is not in the database first, so that a run that is killed
    leaves what it knew, and the next one goes on, whichever spider it is.
    """

    allowed_domains: ClassVar[list[str]] = list(DOMAINS)
    own_hosts_only: ClassVar[bool] = True  # redirects included
    arguments: ClassVar[dict[str, str]] = {}  # what `-a` takes, and what it means
    example: ClassVar[str] = ""
    needs_run: ClassVar[bool] = True
    needs_captures: ClassVar[bool] = False  # its pages have no other place
    rechecks: ClassVar[bool] = True  # whether it also asks for what may have changed
    given: dict[str, str]  # the arguments of this run
    # What the spider begins with; the articles come from the database.
    first_requests: Callable[[], AsyncIterator[Request]]

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

    # -- asking ------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        try:
            async for request in self.first_requests():
                yield request
        except StoreError as error:
            self.run.storing_failed(error)

    def feed(self) -> None:
        """Give the scheduler, which ran dry, what the database has waiting."""
        engine = self.crawler.engine
        assert engine
        try:
            pages = self.store.pages.due(
                _BATCH,
                now=self.run.started,
                exclude=self.run.open | self.run.held,
                rechecks=self.rechecks,
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

    # -- articles ----------------------------------------------------------------------------

    async def parse(self, response: Response) -> AsyncIterator[Article]:
        """The record of an article's page, for Scrapy's own commands; nothing is stored of it."""
        try:
            page = parse_page(response.body, response.url)
        except (NotAnArticle, ParseError) as error:
            self.logger.error("%s gives no record: %s", response.url, error)
            return
        article, lacking = await self._whole(page)
        self.run.answered(article.id, visit_of(response), lacking, page.doubt)
        yield replace(article, fetched_at=iso(fetched(response)))

    async def parse_article(self, response: Response, page_id: str) -> AsyncIterator[Article]:
        """The record of an article's page, with the text of all its pages."""
        if response.status == 304 and any(response.meta["validators"]):
            self.run.settle(page_id, Unchanged(visit_of(response)))
            return
        page = self._parse_page(response, page_id)
        if isinstance(page, Refused):
            self.refuse(page_id, page)
            return
        try:
            article, lacking = await self._whole(page)
        except RunEnds:  # the article waits for the next run
            return
        self.run.answered(page_id, visit_of(response), lacking, page.doubt)
        yield replace(article, fetched_at=iso(fetched(response)))

    def _parse_page(self, response: Response, page_id: str) -> ParsedPage | Refused:
        """The first page of an article, or what the response is instead."""
        asked = asked_url(response)
        visit = Visit(response.status)
        if response.status == 304:
            return Refused("failed", "HTTP 304 to an unconditional request", asked, visit)
        shown = article_id(response.url)
        if shown and shown != page_id:
            other = Found(id=shown, url=canonical_url(response.url), found_in=asked)
            self.store.pages.find([other], iso(now()))
            return Refused("gone", f"it leads to another article, {shown}", asked, visit)
        try:
            return parse_answer(response.body, response.url if shown else asked)
        except NotAnArticle as error:
            if error.kind == "challenge":
                self.blocked(error.reason)
            if error.other_url and (other_id := article_id(error.other_url)):
                other = Found(id=other_id, url=error.other_url, found_in=asked)
                self.store.pages.find([other], iso(now()))
            if error.state != "rejected":
                is_home = error.kind == "home"
                return Refused(error.state, error.reason, asked, visit, taken_down=is_home)
            if not shown:
                return Refused("gone", f"it leads to {response.url}", asked, visit)
            return Refused("rejected", error.reason, asked, visit)
        except CutOff as error:
            return Refused("failed", str(error), asked, visit)
        except ParseError as error:
            return Refused("rejected", str(error), asked, visit)

    async def _whole(self, page: ParsedPage) -> tuple[Article, str | None]:
        """The article with the text of all its pages, and why one of them lacks."""
        lacking = None
        pages = whole_article(page)
        try:
            url = next(pages)
            while True:
                part = None
                try:
                    part = await self._further_page(url)
                except RunEnds:
                    raise
                except (ParseError, NotAnArticle, *DOWNLOAD_ERRORS) as error:
                    lacking = f"it lacks its page {url}: {describe(error)}"
                    if isinstance(error, NotAnArticle) and error.kind == "challenge":
                        self.blocked(error.reason)
                    self.logger.warning("%s: %s", page.article.id, lacking)
                url = pages.send(part)
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
        """Store why an article could not be fetched."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        trouble = self.trouble(failure.value)
        if trouble is None:  # not the article's: it waits for the next run
            return
        page_id = request.cb_kwargs["page_id"]
        if trouble.is_of_run:
            self.store.pages.postpone([page_id], trouble.reason)
            return
        asked = request.meta.get("redirect_urls", [request.url])[0]
        state: Literal["gone", "failed"] = "gone" if trouble.http_status in (404, 410) else "failed"
        visit = Visit(trouble.http_status)
        self.refuse(page_id, Refused(state, trouble.reason, asked, visit, trouble.wait))

    def refuse(self, page_id: str, refused: Refused) -> None:
        """Store that an article gave no record, and why; count and report it."""
        self.run.settle(page_id, refused)
        self.report_refused(f"{page_id} is {refused.state}: {refused.reason}")

    def report_refused(self, line: str) -> None:
        """Log which article gave no record, and why."""
        self.logger.warning(line)

    # -- what goes wrong ---------------------------------------------------------------------

    def blocked(self, reason: str) -> None:
        """End the run: the site does not let the crawler in."""
        self.run.abort(f"the site refuses the crawler: {reason}", BLOCKED)

    def trouble(self, error: BaseException | None) -> Trouble | None:
        """Why a request failed; None if that is a trouble of the run, which then ends."""
        if isinstance(error, StoreError):
            self.run.storing_failed(error)
            return None
        if isinstance(error, RunEnds):
            return None
        if isinstance(error, Forbidden):
            if error.trouble:  # it tells nothing of the page
                self.run.add_problem(error.trouble)
            return Trouble(str(error), is_of_run=bool(error.trouble))
        if not isinstance(error, HttpError):
            return Trouble(describe(error))
        response = error.response
        wait = pause_asked_for(response)
        if wall := find_wall(response.body, response.url):
            self.blocked(wall)
        elif wait > MAX_PAUSE:
            asks = f"the site asks to wait for {wait} (HTTP {response.status})"
            self.run.abort(asks, BLOCKED)
        return Trouble(f"HTTP {response.status}", response.status, wait)
