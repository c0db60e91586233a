"""``scrapy crawl topic``: the articles of a tag or a section, page by page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.dates import iso, now
from crawler.errors import ArgumentError
from crawler.parsers.listing import next_offset, tag_is_known
from crawler.site import NEWEST, check_section, tag_url
from spiders.bounds import Bounds
from spiders.listings import ListingSpider

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


class TopicSpider(ListingSpider):
    """Reads the listing of a tag or a section, back to what is known of it, or to a limit."""

    name = "topic"
    arguments = {  # noqa: RUF012
        "tag": "a tag, as timnas-indonesia",
        "section": "a section, e.g. ekonomi",
        "limit": "at most this many articles of the listing",
    }
    example = "-a tag=timnas-indonesia -a limit=100"

    def __init__(self, tag: str = "", section: str = "", limit: str = "", **unknown: Any) -> None:
        super().__init__(**unknown)
        if bool(tag) == bool(section):
            raise ArgumentError("give one of tag=TAG and section=SECTION")
        if section:
            section = check_section(section)
        self.tag = "-".join(tag.lower().split())
        if tag and not _SLUG.fullmatch(self.tag):
            raise ArgumentError(f"tag={tag} is not a tag; give it as -a tag=timnas-indonesia")
        if limit and not (limit.isdecimal() and int(limit)):
            raise ArgumentError(
                f"limit={limit} is not a number of articles; give it as -a limit=100"
            )
        self.section = section
        self.limit = int(limit) if limit else None
        self._bounds = Bounds()
        self.listed = f"tag {self.tag}" if tag else f"section {section}"  # name among the listings

    async def first_requests(self) -> AsyncIterator[Request]:
        yield self._page(0, shown=0)

    def _page(self, offset: int, shown: int, previous: list[str] | None = None) -> Request:
        url = tag_url(self.tag, offset) if self.tag else NEWEST.url(offset, self.section)
        return self.listing(url, offset=offset, shown=shown, previous=previous or [])

    def parse_listed(
        self, response: Response, offset: int, shown: int, previous: list[str]
    ) -> Iterator[Request]:
        if self.tag and not tag_is_known(response.body, response.url):
            self.run.add_problem(f"the site has no tag {self.tag}")
            return
        listed = self.read_listing(response)
        ids = [article.id for article in listed]
        unseen = self.store.listings.unseen(self.listed, ids)
        left = None if self.limit is None else self.limit - shown
        within, reason = self._bounds.look(listed[:left], response.url)
        self.remember(listed[:within], response.url)
        if reason:
            self.hold(listed[within:left], response.url, reason)
        elif not listed and not offset:
            self.run.add_problem(
                f"the listing shows no article: {response.url}: has the site changed?"
            )
        elif left is not None and len(listed) >= left:
            return
        elif not set(ids) - set(previous) or not unseen:
            self.store.listings.complete(self.listed, shown + len(ids), iso(now()))
        else:
            following = offset + NEWEST.step
            if self.tag:
                pager = next_offset(response.body, response.url, offset)
                following = pager or offset + len(ids)
            yield self._page(following, shown + len(ids), [*previous, *ids])

    def without(self, url: str, reason: str, **_about: Any) -> Iterator[Request]:
        self.run.add_problem(f"the listing was not read to its end: {url}: {reason}")
        yield from ()
