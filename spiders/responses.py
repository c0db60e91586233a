"""What a response, or the lack of one, tells beside its page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crawler.database.pages import Found
from crawler.database.results import Visit
from crawler.dates import WIB, iso, now
from crawler.errors import CutOff

if TYPE_CHECKING:
    from scrapy.http import Response

    from crawler.parsers.listing import ListedArticle


class Trouble(NamedTuple):
    """Why a page could not be had."""

    reason: str
    http_status: int | None = None
    wait: timedelta = timedelta()  # that the server asks for
    is_of_run: bool = False  # the page itself was not asked for, and waits for the next run


def visit_of(response: Response) -> Visit:
    """The status and the validators of a response."""
    return Visit(response.status, _header(response, "ETag"), _header(response, "Last-Modified"))


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def whole_body(response: Response) -> bytes:
    """The body; raises CutOff where a compressed one was not sent whole."""
    if response.meta.get("is_torn"):
        raise CutOff("the page breaks off")
    return response.body


def asked_url(response: Response) -> str:
    """The address that was asked for, before any redirect."""
    urls: list[str] = response.meta.get("redirect_urls", [response.url])
    return urls[0]


def fetched(response: Response) -> datetime:
    """When the page was sent: now, or when it was captured if the capture still stands."""
    captured = response.meta.get("cache_timestamp")
    return datetime.fromtimestamp(captured, WIB) if captured else now()


def describe(error: BaseException | None) -> str:
    """An error in one line, with its kind."""
    message = " ".join(str(error).split())
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def found_in(url: str, article: ListedArticle) -> Found:
    """An article as the listing at ``url`` shows it."""
    listed_at = iso(article.listed_at) if article.listed_at else None
    return Found(id=article.id, url=article.url, found_in=url, listed_at=listed_at)
