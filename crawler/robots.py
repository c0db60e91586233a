"""robots.txt, obeyed for every request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.robotstxt import RobotParser
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from crawler.manners import Forbidden
from crawler.store import StoreError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class ForbiddenByRobots(Forbidden):
    """The host's robots.txt does not allow the request."""

    trouble = "robots.txt forbids the crawler what it asks for"


class RobotsUnreachable(Forbidden):
    """The host's robots.txt cannot be had, so that nothing is known to be allowed (RFC 9309)."""

    def __init__(self, host: str, reason: str) -> None:
        self.trouble = f"robots.txt of {host} cannot be had ({reason}): nothing may be asked there"
        super().__init__(self.trouble)


class _Unreachable(RobotParser):
    """Stands for rules that could not be had: nothing is allowed."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    @classmethod
    def from_crawler(cls, _crawler: Crawler, robotstxt_body: bytes) -> _Unreachable:
        return cls(robotstxt_body.decode())

    def allowed(self, _url: str | bytes, _user_agent: str | bytes) -> bool:
        return False


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's own, but for three things.

    Each request that waits for a host's robots.txt gets it: in Scrapy 2.19 they share one Deferred,
    which hands its result to the first of them; the others get nothing, and count as allowed. Where
    robots.txt cannot be had, by an error of the server or the network, nothing is allowed. And a
    refusal says which it is.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._replay = bool(crawler.settings["REPLAY"])

    async def robot_parser(self, request: Request) -> RobotParser | None:
        awaited = self._parsers.get(urlparse_cached(request).netloc)
        if not isinstance(awaited, Deferred):
            return await super().robot_parser(request)
        mine: Deferred[RobotParser | None] = Deferred()

        def hand_on(parser: RobotParser | None) -> RobotParser | None:
            mine.callback(parser)
            return parser

        awaited.addCallback(hand_on)
        return await maybe_deferred_to_future(mine)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        if isinstance(rp, _Unreachable):
            raise RobotsUnreachable(urlparse_cached(request).netloc, rp.reason)
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise ForbiddenByRobots(str(error)) from None

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status == 429 or response.status >= 500:
            raise OSError(f"HTTP {response.status}")
        if response.status >= 400:  # there are no rules, whatever the page says
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if self._replay and isinstance(exc, IgnoreRequest):  # the archive has none
            super()._robots_error(exc, netloc)
            return
        waiting = self._parsers[netloc]
        assert isinstance(waiting, Deferred)
        unreachable = _Unreachable(str(exc) or type(exc).__name__)
        self._parsers[netloc] = unreachable
        waiting.callback(unreachable)
        if isinstance(exc, StoreError):  # it came, but could not be kept: that is for the run
            raise exc
