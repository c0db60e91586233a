"""Answers of the site, and how they go wrong."""

from __future__ import annotations

import gzip
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from crawler.dates import WIB
from samples.pages import listings as samples_listings
from tests.site.listings import FEED_SIZE, feed
from tests.site.stories import made_up

HTML = "text/html; charset=UTF-8"
XML = "application/xml; charset=UTF-8"
TEXT = "text/plain; charset=UTF-8"
SHUT = "User-agent: *\nDisallow: /\n"  # a robots.txt


@dataclass(frozen=True)
class Response:
    """What a request is answered with, ``delay`` seconds later (infinite: never).

    A ``broken`` one declares its whole length, sends half of it and resets the connection.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0
    broken: bool = False


def html(body: bytes, status: int = 200) -> Response:
    return Response(status, body, {"Content-Type": HTML})


NOT_FOUND = html(samples_listings.not_found().encode(), 404)


class Asked(NamedTuple):
    """One request that came; ``time`` is monotonic, ``status`` 0 for one that got no answer.

    ``path`` has the query; of a connection asked for to a host that is not the site's it is empty.
    """

    time: float
    host: str
    path: str
    status: int
    conditional: bool


# Makes of the address asked for and the right answer the one that is given.
Behaviour = Callable[[str, Response], Response]
# Part of an address ("" is in every one), a pattern to search there, or a function of host and path
Match = str | re.Pattern[str] | Callable[[str, str], bool]


def answer(status: int, body: str | bytes = b"", type: str = HTML, **headers: str) -> Behaviour:
    """This status, body and headers (``Retry_After="1"``)."""
    data = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda url, right: Response(status, data, {"Content-Type": type, **named})


def content(body: str | bytes, type: str = HTML) -> Behaviour:
    """Another body than the right one."""
    return answer(200, body, type)


def robots(body: str = SHUT) -> Behaviour:
    """Another robots.txt; everything is forbidden if none is given."""
    return content(body, TEXT)


def challenge() -> Behaviour:
    """A wall against robots, as Cloudflare has it."""
    page = (
        "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>"
        "<h2>Checking your browser before accessing the site</h2>"
        '<form id="challenge-form" action="/?__cf_chl_f_tk=0"></form></body></html>'
    )
    return answer(403, page, Server="cloudflare", cf_mitigated="challenge")


def too_many(seconds: int = 1) -> Behaviour:
    """429, with the time after which to come again."""
    return answer(429, "Too Many Requests", TEXT, Retry_After=str(seconds))


def redirect(to: str, status: int = 301) -> Behaviour:
    """To any address."""
    return answer(status, Location=to)


def home_page() -> Behaviour:
    """The home page, as in place of an article that was taken down."""
    return content(samples_listings.home())


def redirect_loop() -> Behaviour:
    """To the same address, always."""
    return lambda url, right: Response(302, headers={"Location": url})


def hang() -> Behaviour:
    """Never an answer."""
    return slow(math.inf)


def slow(seconds: float) -> Behaviour:
    """The right answer, late."""
    return lambda url, right: replace(right, delay=seconds)


def reset() -> Behaviour:
    """The connection is reset in the middle of the body."""
    return lambda url, right: replace(_without_validators(right), broken=True)


def truncated_gzip() -> Behaviour:
    """Half of a gzip stream, with the Content-Length of the half."""

    def truncate(url: str, right: Response) -> Response:
        right = _without_validators(right)
        packed = gzip.compress(right.body)
        headers = {**right.headers, "Content-Encoding": "gzip"}
        return replace(right, body=packed[: len(packed) // 2], headers=headers)

    return truncate


def broken_feed() -> Behaviour:
    """A feed or sitemap that ends within a tag."""
    return lambda url, right: replace(right, body=right.body[: len(right.body) // 2] + b"<item")


def stale_feed() -> Behaviour:
    """A feed that nobody has filled since 2011."""
    start = datetime(2011, 5, 12, 8, tzinfo=WIB)
    old = [made_up(n, start + n * timedelta(hours=1), editor_number="") for n in range(FEED_SIZE)]
    return content(feed(old), XML)


def empty_index() -> Behaviour:
    """A listing without links, which is not what its last page looks like."""
    return content("<!DOCTYPE html><html><head><title>Indeks</title></head><body></body></html>")


def _without_validators(response: Response) -> Response:
    """Without what would get it answered by 304."""
    headers = dict(response.headers)
    for name in ("ETag", "Last-Modified"):
        headers.pop(name, None)
    return replace(response, headers=headers)
