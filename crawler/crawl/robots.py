"""robots.txt, obeyed for every request."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from crawler.crawl.politeness import DOWNLOAD_ERRORS, Forbidden, RunEnds

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser


logger = logging.getLogger(__name__)


class ForbiddenByRobots(Forbidden):
    """The host's robots.txt does not allow the request."""

    trouble = "robots.txt forbids the crawler what it asks for"


class RobotsUnreachable(Forbidden):
    """The host's robots.txt cannot be had, so that nothing is known to be allowed (RFC 9309)."""

    def __init__(self, host: str, reason: str) -> None:
        self.trouble = f"robots.txt of {host} cannot be had ({reason}): nothing may be asked there"
        super().__init__(self.trouble)


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's own, except for three things.

    Each request that waits for a host's robots.txt gets it: in Scrapy 2.19 they share one Deferred,
    which hands its result to the first of them; the others get nothing, and count as allowed. Where
    robots.txt cannot be had, by an error of the server or the network, nothing is allowed. And a
    refusal tells which of the two it is.
    """

    def __init__(self, crawler: Crawler, *, replay: bool) -> None:
        super().__init__(crawler)
        self._replay = replay
        self._rules: dict[str, asyncio.Future[RobotParser | None]] = {}  # by host

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, replay=bool(crawler.settings["REPLAY"]))

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of the request's host, None if there are none; raises RobotsUnreachable."""
        host = urlparse_cached(request).netloc
        if host not in self._rules:
            self._rules[host] = asyncio.ensure_future(self._ask(request, host))
        return await asyncio.shield(self._rules[host])

    async def _ask(self, request: Request, host: str) -> RobotParser | None:
        """Ask for robots.txt, with Scrapy's own figures and signal."""
        assert self.crawler.engine
        asked = Request(
            f"{urlparse_cached(request).scheme}://{host}/robots.txt",
            callback=NO_CALLBACK,
            priority=self.DOWNLOAD_PRIORITY,
            meta={"dont_obey_robotstxt": True, "allow_offsite": True},
        )
        self._parsers[host] = Deferred()  # which Scrapy's own methods fire
        try:
            response = await self.crawler.engine.download_async(asked)
        except RunEnds:
            raise
        except DOWNLOAD_ERRORS as error:
            self._robots_error(error, host)
            if self._replay and isinstance(error, IgnoreRequest):  # the archive has none
                return None
            raise self._unreachable(host, str(error) or type(error).__name__) from None
        finally:
            self._stats.inc_value("robotstxt/request_count")
        await self._parse_robots(response, host, request)
        if response.status == 429 or response.status >= 500:
            raise self._unreachable(host, f"HTTP {response.status}")
        rules = self._parsers[host]
        assert not isinstance(rules, Deferred)
        return None if response.status >= 400 else rules

    def _unreachable(self, host: str, reason: str) -> RobotsUnreachable:
        error = RobotsUnreachable(host, reason)
        logger.info(error)  # a spider of the user's own has no run that reports it
        return error

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise ForbiddenByRobots(str(error)) from None
