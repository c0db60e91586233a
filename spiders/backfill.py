"""``scrapy crawl backfill``: every article of the days asked for, from the date index."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from scrapy import Request, signals
from scrapy.http import Response

from crawler.dates import WIB, iso, now
from crawler.errors import ArgumentError
from crawler.parsers.listing import ListedArticle
from crawler.site import DATE_INDEXES, check_section, is_in_section
from crawler.urls import id_time
from spiders.bounds import Bounds
from spiders.listings import ListingSpider
from spiders.responses import fetched

_ONE_DAY = timedelta(days=1)
_FAR = timedelta(days=3)  # from the day of an index; some that are nearer it has
_MOST_FAR = 0.5  # of a page


class BackfillSpider(ListingSpider):
    """Goes through the index of each day, page by page, until the day is exhausted.

    A day that was read to its end is not read again, except one that was not over then.
    """

    name = "backfill"
    arguments = {  # noqa: RUF012
        "since": "the first day, as 2022-08-01",
        "until": "the last day, as 2022-08-31; today if not given",
        "section": "only this section, e.g. ekonomi",
    }
    example = "-a since=2022-08-01 -a until=2022-08-31"

    def __init__(self, since: str = "", until: str = "", section: str = "", **unknown: Any) -> None:
        super().__init__(**unknown)
        self.since, self.until = days(since, until)
        if section:
            section = check_section(section)
        self.section = section or None
        self._bounds: dict[tuple[str, int], Bounds] = {}  # by day and generation

    async def first_requests(self) -> AsyncIterator[Request]:
        complete = 0
        day = self.since
        while day <= min(self.until, now().date()):
            if self.is_complete(day):
                complete += 1
            else:
                yield self._index(day, generation=0, offset=0)
                # The next day when the scheduler runs dry: years of them would fill the memory.
                await self.crawler.signals.wait_for(signals.scheduler_empty)
            day += _ONE_DAY
        if complete:
            self.run.add_note(f"days that were read to their end before, and not again: {complete}")

    def is_complete(self, day: date) -> bool:
        """Whether the day need not be read again."""
        return self.store.listings.is_complete(f"day {day}", self._listed(day))

    def remember_day(self, _day: date, listed: list[ListedArticle], url: str) -> None:
        """Commit what a page of a day's index shows."""
        self.remember(listed, url)

    def completed(self, day: date, shown: int) -> None:
        """Remember that the index of a day that is over was read to its end."""
        self.store.listings.complete(self._listed(day), shown, iso(now()))

    def _listed(self, day: date) -> str:
        """The name of a day's listing among the listings."""
        return f"day {day} {self.section}" if self.section else f"day {day}"

    def _index(
        self,
        day: date,
        generation: int,
        offset: int,
        shown: int = 0,
        previous: list[str] | None = None,
        *,
        over: bool = True,
    ) -> Request:
        return self.listing(
            DATE_INDEXES[generation].url(day, offset, self.section),
            day=str(day),
            generation=generation,
            offset=offset,
            shown=shown,
            previous=previous or [],
            over=over,
        )

    def parse_listed(
        self,
        response: Response,
        day: str,
        generation: int,
        offset: int,
        shown: int,
        previous: list[str],
        over: bool,
    ) -> Iterator[Request]:
        this_day = date.fromisoformat(day)
        index = DATE_INDEXES[generation]
        sent = fetched(response)
        listed = self.read_listing(response)
        of_day = [article for article in listed if is_of(article, this_day)]
        wanted = [
            article
            for article in of_day
            if not self.section
            or index.sectioned is not None
            or is_in_section(self.section, article.url, article.section)
        ]
        within, reason = self._bounds.setdefault((day, generation), Bounds(days=1)).look(
            wanted, response.url
        )
        self.remember_day(this_day, wanted[:within], response.url)
        if far := [article for article in listed if is_far_from(article, this_day)]:
            self._say_far(far, listed, this_day, response.url)
        if reason:
            self.hold(wanted[within:], response.url, reason)
            return
        ids = [article.id for article in of_day]
        over = over and sent.date() > this_day  # when each of its pages was sent
        if offset == 0 and not of_day:
            yield from self._instead(this_day, generation, "it shows nothing of the day")
        elif set(ids) - set(previous):
            # Until a page shows nothing of the day that none before it did.
            yield self._index(
                this_day,
                generation,
                offset + index.step,
                shown + len(wanted),
                [*previous, *ids],
                over=over,
            )
        elif over:
            self.completed(this_day, shown)

    def _say_far(
        self, far: list[ListedArticle], listed: list[ListedArticle], day: date, url: str
    ) -> None:
        """Report an index that is hardly of the day; one that does not know the day is not used."""
        if len(far) < len(listed) and len(far) > _MOST_FAR * len(listed):
            self.run.add_problem(
                f"most articles that the index of {day} shows are of other days:"
                f" {len(far)} of {len(listed)}: {url}"
            )

    def without(self, url: str, reason: str, **about: Any) -> Iterator[Request]:
        day = date.fromisoformat(about["day"])
        if about["offset"]:
            self.run.add_problem(f"the index of {day} is incomplete: {url}: {reason}")
        else:
            yield from self._instead(day, about["generation"], reason)

    def _instead(self, day: date, generation: int, reason: str) -> Iterator[Request]:
        """Another generation of the index may list the day that this one does not."""
        url = DATE_INDEXES[generation].url(day, 0, self.section)
        if generation + 1 < len(DATE_INDEXES):
            self.logger.info("%s gives nothing (%s); trying an older form", url, reason)
            yield self._index(day, generation + 1, 0)
        elif day < now().date():
            self.run.add_problem(f"the index of {day} is incomplete: {url}: {reason}")


def days(since: str, until: str, form: str = "{}={}") -> tuple[date, date]:
    """The first and the last day of a span as a user gives it, in this form.

    Raises `ArgumentError`.
    """
    if not since:
        example = form.format("since", "2022-08-01")
        raise ArgumentError(f"since is missing; give the first day as {example}")
    today = now().date()
    first = _day(form, "since", since)
    last = _day(form, "until", until) if until else today
    if first > today:
        raise ArgumentError(f"{form.format('since', since)} is in the future")
    if last < first:
        raise ArgumentError(f"{form.format('until', last)} is before {form.format('since', first)}")
    return first, last


def _day(form: str, name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        given, right = form.format(name, text), form.format(name, "2022-08-15")
        raise ArgumentError(f"{given} is not a day; give it as {right}") from None


def is_of(article: ListedArticle, day: date) -> bool:
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


def is_far_from(article: ListedArticle, day: date) -> bool:
    """Whether an article was made at quite another time, by its id's clock."""
    made = id_time(article.id)
    return made is not None and abs(made.date() - day) > _FAR
