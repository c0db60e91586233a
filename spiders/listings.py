"""What the spiders of listings share: what one shows is remembered before any of it is fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.dates import iso, now
from crawler.errors import NotAnArticle, ParseError
from crawler.parsers.listing import ListedArticle, Listing, parse_listing
from spiders.base import ArticleSpider
from spiders.responses import fetched, found_in, whole_body

_MANY_LINKS = 20  # articles of a page that is worth a doubt
_LEAST_YIELD = 1 / 3  # of the articles that a listing links to, in its list


class ListingSpider(ArticleSpider):
    """Reads listings into the database, and fetches the articles that wait there."""

    # Remembers what a listing shows, asks for its next page, and raises what the parsers raise.
    parse_listed: Callable[..., Iterator[Request]]
    # Reports an address that cannot be had, and the reason; asks elsewhere, if there is a place.
    without: Callable[..., Iterator[Request]]

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

    def parse_page_of_listing(self, response: Response, **about: Any) -> Iterator[Request]:
        try:
            yield from self.parse_listed(response, **about)
        except NotAnArticle as error:
            if error.kind == "challenge":
                self.blocked(error.reason)
            else:
                yield from self.without(response.url, error.reason, **about)
        except ParseError as error:
            yield from self.without(response.url, str(error), **about)

    def listing_failed(self, failure: Failure) -> Iterator[Request]:
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        trouble = self.trouble(failure.value)
        if trouble:
            yield from self.without(request.url, trouble.reason, **request.cb_kwargs)

    def remember(self, listed: Iterable[ListedArticle], url: str) -> None:
        """Commit what a listing shows, before any of it is fetched.

        What waits there is fetched when its turn comes; what is known is counted as it stands.
        """
        found = [found_in(url, article) for article in listed]
        for page_id, state in self.store.pages.find(found, iso(now())).items():
            if state in (None, "pending"):
                self.run.count_found(page_id)
            else:
                self.run.count_known(page_id, state)

    def hold(self, listed: Iterable[ListedArticle], url: str, reason: str) -> None:
        """Commit what a listing shows beyond its bounds, for another run; the run is unhealthy."""
        listed = list(listed)
        self.run.held.update(article.id for article in listed)
        self.remember(listed, url)
        self.store.pages.postpone((article.id for article in listed), reason)
        self.run.add_problem(reason)

    def read_listing(self, response: Response) -> Listing:
        """The articles of a listing; a list that holds few of its page's articles is a problem."""
        listing = parse_listing(whole_body(response), response.url, fetched(response))
        if listing.links >= _MANY_LINKS and len(listing) < _LEAST_YIELD * listing.links:
            self.run.add_problem(
                f"only {len(listing)} of {listing.links} articles that a listing links to are in"
                f" its list: {response.url}"
            )
        return listing
