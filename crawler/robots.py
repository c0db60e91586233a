"""robots.txt, obeyed for every request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.robotstxt import RobotParser


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's own, but that each request waiting for a host's robots.txt gets it.

    In Scrapy 2.19 they share one Deferred, which hands its result to the first of them; the others
    get nothing, and count as allowed.
    """

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
