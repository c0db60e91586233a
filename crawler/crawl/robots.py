"""robots.txt, obeyed for every request."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler

from crawler.crawl.politeness import DOWNLOAD_ERRORS, Forbidden, RunEnds

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser


class ForbiddenByRobots(Forbidden):
    """The host's robots.txt does not allow the request."""

    trouble = "robots.txt forbids the crawler what it asks for"


class RobotsUnreachable(Forbidden):
    """The host's robots.txt cannot be had, so that nothing is known to be allowed (RFC 9309)."""

    def __init__(self, host: str, reason: str) -> None:
        self.trouble = f"robots.txt of {host} cannot be had ({reason}): nothing may be asked there"
        super().__init__(self.trouble)


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
        self._rules: dict[str, asyncio.Future[RobotParser | None]] = {}  # by host

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of the request's host, None if there are none; raises RobotsUnreachable."""
        url = urlparse_cached(request)
        if url.netloc not in self._rules:
            asked = self._ask(f"{url.scheme}://{url.netloc}/robots.txt", url.netloc)
            self._rules[url.netloc] = asyncio.ensure_future(asked)
        return await asyncio.shield(self._rules[url.netloc])

    async def _ask(self, url: str, host: str) -> RobotParser | None:
        assert self.crawler.engine
        request = Request(
            url,
            callback=NO_CALLBACK,
            priority=self.DOWNLOAD_PRIORITY,
            meta={"dont_obey_robotstxt": True},
        )
        try:
            response = await self.crawler.engine.download_async(request)
        except RunEnds:
            raise
        except DOWNLOAD_ERRORS as error:
            if self._replay and isinstance(error, IgnoreRequest):  # the archive has none
                return None
            raise RobotsUnreachable(host, str(error) or type(error).__name__) from None
        if response.status == 429 or response.status >= 500:
            raise RobotsUnreachable(host, f"HTTP {response.status}")
        if response.status >= 400:
            return None
        return build_from_crawler(self._parserimpl, self.crawler, response.body)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise ForbiddenByRobots(str(error)) from None
