"""What the spiders share: an article asked for, read, and its further pages followed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.dates import stamp
from crawler.extensions import RunExtension
from crawler.parsers import NotAnArticle, ParseError, join_parts, parse_page
from crawler.urls import HOSTS, article_id

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.article import Article
    from crawler.store import Found, PendingPage, Store

# Republika's longest articles had some ten pages.
_MAX_PARTS = 30


class ArgumentError(ValueError):
    """A spider argument is wrong; the message says which, why, and what would be right."""


class ArticleSpider(Spider):
    """Takes articles from the database, where listings and arguments put them, and fetches them.

    Nothing is asked from the site that is not in the database first, so that a run that is killed
    leaves behind what it knew, and the next one goes on.
    """

    allowed_domains: ClassVar[list[str]] = sorted(HOSTS)
    # Name and meaning of each argument that `-a` takes.
    arguments: ClassVar[dict[str, str]] = {}
    example: ClassVar[str] = ""

    def __init__(self, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(name)
        unknown = sorted(set(kwargs) - set(self.arguments))
        if unknown:
            known = ", ".join(self.arguments)
            raise ArgumentError(f"unknown argument {', '.join(unknown)}; known are: {known}")

    @property
    def run(self) -> RunExtension:
        return RunExtension.of(self.crawler)

    @property
    def store(self) -> Store:
        return self.run.store

    # -- asking ------------------------------------------------------------------------------

    def take_up(self, pages: Iterable[PendingPage]) -> Iterable[Request]:
        """Requests for articles of the database, each once in a run."""
        return [self.article_request(page) for page in pages if self.run.take_up(page.id)]

    def article_request(self, page: PendingPage) -> Request:
        return Request(
            page.url,
            callback=self.parse_article,
            errback=self.article_failed,
            cb_kwargs={"page_id": page.id},
            # The database says what is to be asked again; the memory of this process does not.
            dont_filter=True,
        )

    # -- reading -----------------------------------------------------------------------------

    async def parse_article(self, response: Response, page_id: str) -> AsyncIterator[Any]:
        """The record of an article's page, with the text of all its pages."""
        url = response.url if article_id(response.url) == page_id else response.request.url  # type: ignore[union-attr]
        try:
            page = parse_page(response.body, url)
        except NotAnArticle as error:
            state = {"home": "gone", "challenge": "failed"}.get(error.kind, "rejected")
            self.settle(page_id, state, error.reason, response.status)
            if error.kind == "challenge":
                self.run.warn(f"the site refuses the crawler: {error.reason}")
                raise CloseSpider("blocked") from None
            return
        except ParseError as error:
            self.settle(page_id, "rejected", str(error), response.status)
            return
        article = await self._with_parts(page.article, page.parts) if page.parts else page.article
        yield replace(article, fetched_at=stamp())

    async def _with_parts(self, article: Article, urls: tuple[str, ...]) -> Article:
        """The article with the text of its further pages; partial if one cannot be had."""
        engine = self.crawler.engine
        assert engine
        waiting = list(urls)
        asked: set[str] = set()
        parts: list[Article] = []
        complete = True
        while waiting and len(asked) < _MAX_PARTS:
            url = waiting.pop(0)
            if url in asked:
                continue
            asked.add(url)
            try:
                response = await engine.download_async(Request(url))
                if response.status != 200:
                    raise ParseError(f"HTTP {response.status}")
                part = parse_page(response.body, url)
            except (ParseError, NotAnArticle, IgnoreRequest, OSError) as error:
                complete = False
                self.logger.warning("%s lacks its page %s: %s", article.id, url, error)
                continue
            parts.append(part.article)
            waiting += [more for more in part.parts if more not in asked]
        return join_parts(article, parts, complete=complete)

    def article_failed(self, failure: Failure) -> None:
        """Put down why an article could not be fetched."""
        request = failure.request  # type: ignore[attr-defined]
        page_id = request.cb_kwargs["page_id"]
        error = failure.value
        if isinstance(error, HttpError):
            status = error.response.status
            state = "gone" if status in (404, 410) else "failed"
            self.settle(page_id, state, f"HTTP {status}", status)
            return
        if isinstance(error, IgnoreRequest) and "robots.txt" in str(error):
            self.run.warn("robots.txt forbids the crawler to fetch articles")
        self.settle(page_id, "failed", describe(error))

    def settle(self, page_id: str, state: str, reason: str, status: int | None = None) -> None:
        """Store that an article gave no record, and why; count it."""
        self.store.reject(page_id, state, reason, now=stamp(), http_status=status)
        self.run.settle(page_id, state)
        self.logger.warning("%s is %s: %s", page_id, state, reason)

    def remember(self, found: list[Found]) -> None:
        """Commit what a listing shows before anything of it is fetched."""
        self.store.found(found, stamp())


def describe(error: BaseException) -> str:
    """An error in one line, by its kind if it says nothing itself."""
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
