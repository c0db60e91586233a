"""``scrapy crawl latest``: what is new now; the scheduled run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.article import Article
from crawler.dates import WIB, iso, now
from crawler.parsers.feed import parse_feed
from crawler.site import FEEDS, NEWEST, SITEMAP
from crawler.urls import id_time
from spiders.bounds import Bounds
from spiders.listings import ListingSpider
from spiders.responses import fetched

_INDEX = "index"  # its name among the listings
# How far back a database goes that has never seen the site: some three days. What lies before is
# for `backfill`.
_FIRST_PAGES = 20
_STALE = timedelta(days=30)  # some section feeds were abandoned, with the news of their last day
_SILENCE = timedelta(hours=24)  # the site has never been without news for so long


class LatestSpider(ListingSpider):
    """Reads the feeds, the sitemap, and the index from the newest back to what is known.

    The index is what makes it complete: it is read until a page shows nothing that was unknown when
    it was last read to its end, so that a pause of weeks is caught up. Feeds and the sitemap bring
    what the index has not yet, or leaves out.
    """

    name = "latest"
    arguments = {}  # noqa: RUF012
    example = ""

    def __init__(self, name: str | None = None, **unknown: Any) -> None:
        super().__init__(name, **unknown)
        self._bounds = Bounds()

    async def first_requests(self) -> AsyncIterator[Request]:
        self._bounds = Bounds(days=self._days_to_read())
        yield self._index(0)
        for url in (*FEEDS, SITEMAP):
            yield self.listing(url)

    def _days_to_read(self) -> int:
        """Over how many days the index is to be read: what it shows beyond is known."""
        last = self.store.listings.completed_at(_INDEX)
        return (now() - datetime.fromisoformat(last)).days + 2 if last else 1

    def _index(self, offset: int, previous: list[str] | None = None) -> Request:
        return self.listing(NEWEST.url(offset), offset=offset, previous=previous or [])

    async def parse(self, response: Response) -> AsyncIterator[Article]:
        """The record of an article's page, which `scrapy check` asks the site for.

        @url https://www.republika.co.id/berita/rgmwym370/putin-janjikan-perluas-hubungan-dengan-korea-utara
        @returns items 1 1
        @scrapes id url title published_at section editors body
        """
        async for article in super().parse(response):
            yield article

    def parse_listed(self, response: Response, **about: Any) -> Iterator[Request]:
        if about:
            yield from self._parse_index(response, **about)
        else:
            self._parse_feed(response)

    def _parse_index(
        self, response: Response, offset: int, previous: list[str]
    ) -> Iterator[Request]:
        listed = self.read_listing(response)
        if not listed and not offset:
            self.run.add_problem(
                f"the index shows no article: {response.url}: has the site changed?"
            )
            return
        ids = [article.id for article in listed]
        unseen = self.store.listings.unseen(_INDEX, ids)
        within, reason = self._bounds.look(listed, response.url)
        self.remember(listed[:within], response.url)
        if reason:
            self.hold(listed[within:], response.url, reason)
            return
        pages = offset // NEWEST.step + 1
        is_last = not set(ids) - set(previous)  # there is no page after it
        is_far = not self.store.listings.is_complete(_INDEX) and pages >= _FIRST_PAGES
        if is_last or is_far or not unseen:
            self.store.listings.complete(_INDEX, offset + len(ids), iso(now()))
        else:
            yield self._index(offset + NEWEST.step, [*previous, *ids])

    def _parse_feed(self, response: Response) -> None:
        moment = fetched(response)
        listed = parse_feed(response.body, response.url)
        fresh = [
            article
            for article in listed
            if moment - (article.listed_at or id_time(article.id) or moment) < _STALE
        ]
        if not fresh:
            what = f"shows nothing newer than {_STALE.days} days" if listed else "is empty"
            self.run.add_note(f"the feed {response.url} {what}")
        within, reason = Bounds().look(fresh, response.url)
        self.remember(fresh[:within], response.url)
        if reason:
            self.hold(fresh[within:], response.url, reason)

    def without(self, url: str, reason: str, **about: Any) -> Iterator[Request]:
        if about:
            self.run.add_problem(f"the index was not read to its end: {url}: {reason}")
        else:
            self.run.add_note(f"the feed {url} cannot be read: {reason}")
        yield from ()

    def closed(self, reason: str) -> None:
        """Look whether the site, or what we see of it, has stood still."""
        if self.settings["REPLAY"] or reason != "finished":
            return
        newest = self.store.articles.newest(iso(now()))
        if newest and now() - newest > _SILENCE:
            hours = (now() - newest) // timedelta(hours=1)
            self.run.add_problem(
                f"the newest article is {hours} hours old ({newest.astimezone(WIB):%Y-%m-%d %H:%M})"
            )
