"""``scrapy crawl backfill``: every article of the days asked for, from the date index."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.dates import WIB, iso, now
from crawler.parsers import ParseError
from crawler.parsers.listing import ListedArticle, parse_listing
from crawler.site import DATE_INDEXES, SECTIONS
from crawler.store import Found
from crawler.urls import id_time
from spiders.base import ArgumentError, ArticleSpider, describe, fetched

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

_ONE_DAY = timedelta(days=1)
_BATCH = 100


class BackfillSpider(ArticleSpider):
    """Goes through the index of each day, page by page, until the day is exhausted."""

    name = "backfill"
    arguments = {  # noqa: RUF012
        "since": "the first day, as 2022-08-01",
        "until": "the last day, as 2022-08-31; today if not given",
        "section": "only this kanal, as ekonomi",
    }
    example = "-a since=2022-08-01 -a until=2022-08-31"

    def __init__(self, since: str = "", until: str = "", section: str = "", **unknown: Any) -> None:
        super().__init__(**unknown)
        today = now().date()
        if not since:
            raise ArgumentError("since is missing; give the first day as since=2022-08-01")
        self.since = _day("since", since)
        self.until = _day("until", until) if until else today
        if self.since > today:
            raise ArgumentError(f"since={since} is in the future")
        if self.until < self.since:
            raise ArgumentError(f"until={self.until} is before since={self.since}")
        if section and section not in SECTIONS:
            raise ArgumentError(
                f"unknown section {section}; known are {', '.join(sorted(SECTIONS))}"
            )
        self.section = section or None

    async def start(self) -> AsyncIterator[Request]:
        async for request in self._left_over():
            yield request
        day = self.since
        while day <= min(self.until, now().date()):
            yield self._index(day, generation=0, offset=0)
            # The next day when this one's requests are on their way: memory stays flat over years.
            await self.crawler.signals.wait_for(signals.scheduler_empty)
            day += _ONE_DAY

    async def _left_over(self) -> AsyncIterator[Request]:
        """What earlier runs found of these days and did not come to."""
        days = {"since": str(self.since), "until": str(self.until)}
        while requests := list(
            self.take_up(self.store.pending(_BATCH, exclude=self.run.ids, **days))
        ):
            for request in requests:
                yield request
            await self.crawler.signals.wait_for(signals.scheduler_empty)

    # -- the index ---------------------------------------------------------------------------

    def _index(
        self, day: date, generation: int, offset: int, previous: list[str] | None = None
    ) -> Request:
        return Request(
            DATE_INDEXES[generation].url(day, offset, self.section),
            callback=self.parse_index,
            errback=self.index_failed,
            cb_kwargs={
                "day": str(day),
                "generation": generation,
                "offset": offset,
                "previous": previous or [],
            },
            dont_filter=True,
            priority=1,  # a day is known whole before its articles are fetched
        )

    def parse_index(
        self, response: Response, day: str, generation: int, offset: int, previous: list[str]
    ) -> Iterator[Request]:
        """Remember what a page of the index shows, ask for it, and for the page after it."""
        this_day = date.fromisoformat(day)
        try:
            listed = parse_listing(response.body, response.url, fetched(response))
        except ParseError as error:
            yield from self._without(this_day, generation, offset, str(error))
            return
        sectioned = DATE_INDEXES[generation].sectioned is not None
        shown = [article for article in listed if _is_of(article, this_day)]
        wanted = [
            Found(
                id=article.id,
                url=article.url,
                found_in=response.url,
                listed_at=iso(article.listed_at) if article.listed_at else None,
            )
            for article in shown
            if not self.section or sectioned or _is_in(article, self.section)
        ]
        yield from self.take_up(self.remember(wanted))
        ids = [article.id for article in listed]
        if offset == 0 and not shown:
            yield from self._without(this_day, generation, offset, "it shows nothing of the day")
        elif set(ids) - set(previous):
            # Until a page shows nothing that the one before it did not.
            step = DATE_INDEXES[generation].step
            yield self._index(this_day, generation, offset + step, ids)

    def index_failed(self, failure: Failure) -> Iterator[Request]:
        """A page of the index that cannot be had: another generation may list the day."""
        error = failure.value
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        asked = request.cb_kwargs
        if isinstance(error, IgnoreRequest) and "robots.txt" in str(error):
            self.run.warn("robots.txt forbids the crawler what it asks for")
        reason = (
            f"HTTP {error.response.status}" if isinstance(error, HttpError) else describe(error)
        )
        yield from self._without(
            date.fromisoformat(asked["day"]), asked["generation"], asked["offset"], reason
        )

    def _without(self, day: date, generation: int, offset: int, reason: str) -> Iterator[Request]:
        url = DATE_INDEXES[generation].url(day, offset, self.section)
        if offset == 0 and generation + 1 < len(DATE_INDEXES):
            self.logger.info("%s gives nothing (%s); trying an older form", url, reason)
            yield self._index(day, generation + 1, 0)
        elif offset or day < now().date():
            self.run.warn(f"the index of {day} is incomplete: {url}: {reason}")


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentError(f"{name}={text} is no day; give it as {name}=2022-08-15") from None


def _is_of(article: ListedArticle, day: date) -> bool:
    """Whether a listed article is of the day, by its id's clock and by the date it is listed with.

    An article is made at most a day before it is published.
    """
    made = id_time(article.id)
    begin = datetime(day.year, day.month, day.day, tzinfo=WIB)
    if made is None or not begin - _ONE_DAY <= made < begin + _ONE_DAY:
        return False
    if article.listed_at is None:
        return made >= begin
    return article.listed_at.date() == day


def _is_in(article: ListedArticle, section: str) -> bool:
    """Whether a listed article is of the kanal: by its host, its path or the label beside it."""
    host, _, path = article.url.removeprefix("https://").partition("/")
    label = (article.section or "").lower().replace(" ", "-")
    return host.partition(".")[0] == section or section in path.split("/")[1:3] or label == section
