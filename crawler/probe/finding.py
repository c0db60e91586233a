"""What came of one belief about the site, and what its answers show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from crawler.parsers import parse_page
from crawler.parsers.listing import parse_listing
from crawler.urls import id_time
from spiders.responses import fetched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.http import Response

    from crawler.article import Article
    from crawler.parsers.listing import ListedArticle

State = Literal["holds", "differs", "cannot be told"]
_FRESH = timedelta(days=3)  # since the newest article of a listing of news


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one belief: ``seen`` in the site's answer; ``place``: where it is written."""

    belief: str
    state: State
    seen: str
    url: str
    place: str


class Differs(Exception):
    """The site's answer is another one than is believed."""


def refuse_absent(response: Response) -> None:
    """Raise Differs for anything but a page that is there."""
    if response.status != 200:
        raise Differs("there is no such page")


def listed_in(response: Response) -> list[ListedArticle]:
    """The articles of a listing; raises where it shows none."""
    refuse_absent(response)
    listed = list(parse_listing(response.body, response.url, fetched(response)))
    if not listed:
        raise Differs("no article")
    return listed


def number_of(listed: Sequence[ListedArticle]) -> str:
    """How many articles are shown, in words."""
    return f"{len(listed)} articles"


def freshness(listed: Sequence[ListedArticle], response: Response) -> str:
    """How many articles are shown; raises where the newest of them is old."""
    newest = max((at for one in listed if (at := id_time(one.id))), default=None)
    if newest is None or fetched(response) - newest > _FRESH:
        raise Differs(f"{len(listed)} articles, the newest of {newest and newest.date()}")
    return f"{len(listed)} articles, the newest of {newest:%Y-%m-%d %H:%M}"


def article_of(response: Response, identifier: str) -> Article:
    """The record of an article's page; raises where there is none, or that of another one."""
    refuse_absent(response)
    article = parse_page(response.body, response.url).article
    if article.id != identifier:
        raise Differs(f"another article is shown: {article.id}")
    return article
