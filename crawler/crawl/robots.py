"""robots.txt, obeyed for every request."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from crawler.crawl.politeness import DOWNLOAD_ERRORS, Forbidden, RunEnds, slow_down
from crawler.crawl.rules import RobotRules
from crawler.crawl.run import RunExtension

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser


logger = logging.getLogger(__name__)

_MAX_DELAY = 30  # seconds between two requests, as Crawl-delay may ask for
_WAITS = (1, 5)  # seconds before a file that cannot be had is asked for again
_SLOW = 10  # seconds; a host that takes so long to fail is not asked again at once
# Until the next request asks once more, so that a dead host does not take up the run:
_NEXT_TRY = 60  # seconds, and
_REST = 10  # times as long as the last try took
_REFUSED = (401, 403)


class ForbiddenByRobots(Forbidden):
    """The host's robots.txt does not allow the request."""

    trouble = "robots.txt forbids the crawler what it asks for"


class RobotsUnreachable(Forbidden):
    """The host's robots.txt cannot be had, so that nothing is known to be allowed (RFC 9309)."""

    def __init__(self, host: str, reason: str, *, may_come: bool = True) -> None:
        self.may_come = may_come  # when it is asked for once more
        self.trouble = f"robots.txt of {host} cannot be had ({reason}): nothing may be asked there"
        super().__init__(self.trouble)


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's own, except for what docs/decisions/robots.md says.

    Each request that waits for a host's robots.txt gets it; where it cannot be had, nothing is
    allowed, until it can; ``Crawl-delay`` is kept; what the file says besides is noted in the run;
    and a refusal tells what it is.
    """

    def __init__(self, crawler: Crawler, *, replay: bool) -> None:
        super().__init__(crawler)
        self._replay = replay
        self._rules: dict[str, asyncio.Future[RobotParser | None]] = {}  # by host
        self._next_try: dict[str, float] = {}  # of a file that could not be had, by host

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, replay=bool(crawler.settings["REPLAY"]))

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of the request's host, None if there are none; raises RobotsUnreachable."""
        host = urlparse_cached(request).netloc
        next_try = self._next_try.get(host)
        is_over = next_try is not None and monotonic() > next_try
        if host not in self._rules or is_over:
            self._next_try.pop(host, None)
            waits = () if self._replay or is_over else _WAITS
            self._rules[host] = asyncio.ensure_future(self._ask(request, host, waits))
        return await asyncio.shield(self._rules[host])

    async def _ask(
        self, request: Request, host: str, waits: tuple[float, ...]
    ) -> RobotParser | None:
        """Ask for robots.txt, and again after each of the ``waits`` (seconds) if it must be."""
        waiting = iter(waits)
        while True:
            began = monotonic()
            try:
                return await self._ask_once(request, host)
            except RobotsUnreachable as error:
                took = monotonic() - began
                wait = next(waiting, None) if error.may_come and took < _SLOW else None
                if wait is None:
                    self._next_try[host] = monotonic() + max(_NEXT_TRY, _REST * took)
                    raise
            await asyncio.sleep(wait)

    async def _ask_once(self, request: Request, host: str) -> RobotParser | None:
        """Ask for robots.txt, with Scrapy's own figures and signal."""
        assert self.crawler.engine
        asked = Request(
            f"{urlparse_cached(request).scheme}://{host}/robots.txt",
            callback=NO_CALLBACK,
            priority=self.DOWNLOAD_PRIORITY,
            meta={"dont_obey_robotstxt": True, "allow_offsite": True},
            dont_filter=True,
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
            reason = str(error) or type(error).__name__
            may_come = not isinstance(error, Forbidden)  # a redirect to another site stays one
            raise self._unreachable(host, reason, may_come=may_come) from None
        finally:
            self._stats.inc_value("robotstxt/request_count")
        await self._parse_robots(response, host, request)
        if response.status == 429 or response.status >= 500:
            raise self._unreachable(host, f"HTTP {response.status}")
        if response.status >= 400:
            self._say_refused(response, host)
            return None
        rules = self._parsers[host]
        assert not isinstance(rules, Deferred)
        if isinstance(rules, RobotRules):
            self._heed(rules, asked, host)
        return rules

    def _unreachable(self, host: str, reason: str, *, may_come: bool = True) -> RobotsUnreachable:
        error = RobotsUnreachable(host, reason, may_come=may_come)
        logger.info(error)  # a spider of the user's own has no run that reports it
        return error

    # -- what it says besides ----------------------------------------------------------------

    def _say_refused(self, response: Response, host: str) -> None:
        run = self.crawler.get_extension(RunExtension)
        if run and response.status in _REFUSED:
            run.add_note(
                f"robots.txt of {host} is refused (HTTP {response.status}): the host states no"
                " rules, so all may be asked"
            )

    def _heed(self, rules: RobotRules, asked: Request, host: str) -> None:
        """Keep the pace that the file asks for, and remember what it says of training."""
        run = self.crawler.get_extension(RunExtension)
        if run:
            for signal in rules.signals:
                run.add_signal(f"robots.txt of {host}: Content-Signal: {signal}")
            if refused := rules.refused_ai():
                run.add_signal(f"robots.txt of {host} refuses {', '.join(refused)}")
        delay = rules.crawl_delay(self._robotstxt_useragent or self._default_useragent)
        if self._replay or not delay:
            return
        kept = min(delay, _MAX_DELAY)
        shared = kept * self.crawler.settings.getint("MACHINES")
        if slow_down(self.crawler, asked, shared) and run:
            kept_as = "kept" if kept == delay else f"{kept:g} are kept"
            run.add_note(f"robots.txt of {host} asks for {delay:g} s between requests: {kept_as}")

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise ForbiddenByRobots(str(error)) from None
