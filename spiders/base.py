"""What the spiders share: an article asked for, read, and its further pages followed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider
from scrapy.exceptions import (
    CannotResolveHostError,
    CloseSpider,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.dates import WIB, iso, now
from crawler.extensions import RunExtension
from crawler.parsers import NotAnArticle, ParseError, join_parts, parse_page
from crawler.site import DOMAINS
from crawler.store import Found, PendingPage
from crawler.urls import article_id

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.article import Article
    from crawler.store import Refusal, Store

# What a download that the spider itself awaits can end in.
_DOWNLOAD_ERRORS = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    OSError,
    ResponseDataLossError,
)
_MAX_PARTS = 30  # the longest articles of the site have some ten pages


class ArgumentError(ValueError):
    """A spider argument is wrong; the message says which, why, and what would be right."""


class ArticleSpider(Spider):
    """Takes articles from the database, where listings and arguments put them, and fetches them.

    Nothing is asked from the site that is not in the database first, so that a run that is killed
    leaves behind what it knew, and the next one goes on.
    """

    allowed_domains: ClassVar[list[str]] = list(DOMAINS)
    arguments: ClassVar[dict[str, str]] = {}  # what `-a` takes, and what it means
    example: ClassVar[str] = ""

    def __init__(self, name: str | None = None, **unknown: Any) -> None:
        super().__init__(name)
        if unknown:
            wrong, known = ", ".join(sorted(unknown)), ", ".join(self.arguments)
            raise ArgumentError(f"unknown argument {wrong}; known are {known}")

    @property
    def run(self) -> RunExtension:
        return RunExtension.of(self.crawler)

    @property
    def store(self) -> Store:
        return self.run.store

    # -- asking ------------------------------------------------------------------------------

    def take_up(self, pages: Iterable[PendingPage]) -> Iterator[Request]:
        """Requests for articles of the database, each once in a run."""
        for page in pages:
            if self.run.take_up(page.id):
                yield Request(
                    page.url,
                    callback=self.parse_article,
                    errback=self.article_failed,
                    cb_kwargs={"page_id": page.id},
                    # What is to be asked again the database knows; this process need not.
                    dont_filter=True,
                )

    def remember(self, found: list[Found]) -> list[PendingPage]:
        """Commit what a listing shows before any of it is fetched; what of it is to be fetched.

        What is known is counted as it stands, and not asked for again; a failure is.
        """
        self.store.found(found, iso(now()))
        states = self.store.states([page.id for page in found])
        wanted = []
        for page in found:
            state = states[page.id]
            if state in ("pending", "failed"):
                wanted.append(PendingPage(page.id, page.url))
            elif self.run.take_up(page.id):
                self.run.settle(page.id, "unchanged" if state == "stored" else state)
        return wanted

    # -- reading -----------------------------------------------------------------------------

    async def parse_article(self, response: Response, page_id: str) -> AsyncIterator[Article]:
        """The record of an article's page, with the text of all its pages."""
        assert response.request
        # A redirect to another form of the article's address is followed, one to elsewhere tells
        # nothing of the article that was asked for.
        url = response.url if article_id(response.url) == page_id else response.request.url
        try:
            page = parse_page(response.body, url)
        except NotAnArticle as error:
            if error.kind == "challenge":
                self.settle(page_id, url, "failed", error.reason, response.status)
                self.run.warn(f"the site refuses the crawler: {error.reason}")
                raise CloseSpider("blocked") from None
            state: Refusal = "gone" if error.kind == "home" else "rejected"
            self.settle(page_id, url, state, error.reason, response.status)
        except ParseError as error:
            self.settle(page_id, url, "rejected", str(error), response.status)
        else:
            article = page.article
            if page.parts:
                article = await self._with_parts(article, page.parts)
            yield replace(article, fetched_at=iso(fetched(response)))

    async def _with_parts(self, article: Article, urls: tuple[str, ...]) -> Article:
        """The article with the text of its further pages; partial if one cannot be had."""
        engine = self.crawler.engine
        assert engine
        waiting = list(urls)
        parts: list[Article] = []
        complete = True
        for url in waiting:  # which grows while pages name further ones
            try:
                response = await engine.download_async(Request(url))
                if response.status != 200:
                    raise ParseError(f"HTTP {response.status}")
                part = parse_page(response.body, url)
            except (ParseError, NotAnArticle, *_DOWNLOAD_ERRORS) as error:
                complete = False
                self.logger.warning("%s lacks its page %s: %s", article.id, url, describe(error))
                continue
            parts.append(part.article)
            waiting += [more for more in part.parts if more not in waiting][
                : _MAX_PARTS - len(waiting)
            ]
        return join_parts(article, parts, complete=complete)

    def article_failed(self, failure: Failure) -> None:
        """Put down why an article could not be fetched."""
        error = failure.value
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        page_id = request.cb_kwargs["page_id"]
        if isinstance(error, HttpError):
            status = error.response.status
            state: Refusal = "gone" if status in (404, 410) else "failed"
            self.settle(page_id, request.url, state, f"HTTP {status}", status)
            return
        if isinstance(error, IgnoreRequest) and "robots.txt" in str(error):
            self.run.warn("robots.txt forbids the crawler what it asks for")
        self.settle(page_id, request.url, "failed", describe(error))

    def settle(
        self, page_id: str, url: str, state: Refusal, reason: str, status: int | None = None
    ) -> None:
        """Store that an article gave no record, and why; count it."""
        self.store.reject(page_id, url, state, reason, now=iso(now()), http_status=status)
        self.run.settle(page_id, state)
        self.logger.warning("%s is %s: %s", page_id, state, reason)


def fetched(response: Response) -> datetime:
    """When the page was sent: now, or when it was captured if the capture still stands."""
    captured = response.meta.get("cache_timestamp")
    return datetime.fromtimestamp(captured, WIB) if captured else now()


def describe(error: BaseException | None) -> str:
    """An error in one line, with its kind."""
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
