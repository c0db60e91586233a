"""One crawl run: its database, what became of each article, and how the run ends."""

from __future__ import annotations

import logging
import platform
import sqlite3
from collections import Counter
from importlib.metadata import version
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.defer import deferred_from_coro

from crawler import __version__
from crawler.crawl import health
from crawler.crawl.politeness import withdraw_requests
from crawler.database.runs import Ledger
from crawler.database.schedule import durations
from crawler.database.store import COUNTS, Schedule, Store, StoreError, Visit
from crawler.dates import iso, now
from crawler.parsers import PARSER_VERSION

if TYPE_CHECKING:
    from datetime import timedelta
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from crawler.article import Article
    from spiders.base import ArticleSpider

logger = logging.getLogger(__name__)


_HISTORY = 50  # runs whose fields tell what is usual
_BLOCKED = 5  # refusals in a row are a wall
_WALL = (403, 429)


def schedule(settings: BaseSettings) -> Schedule:
    """When pages are asked again, by the settings; raises ValueError if they say it wrongly."""
    return Schedule(*(_durations(settings, name) for name in ("RECHECK_AGES", "RETRY_WAITS")))


def _durations(settings: BaseSettings, name: str) -> tuple[timedelta, ...]:
    try:
        return durations(settings[name] or "")
    except ValueError as error:
        raise ValueError(f"{name}={settings[name]}: {error}") from None


def versions() -> dict[str, str]:
    """What a run was made with."""
    packages = ("scrapy", "beautifulsoup4", "dateparser", "sqlite-utils")
    return {
        "republika-crawler": __version__,
        "parser": PARSER_VERSION,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    } | {name: version(name) for name in packages}


def has_run(crawler: Crawler) -> bool:
    """Whether a crawl is a run on the database: that of a spider of the project is."""
    return getattr(crawler.spidercls, "has_run", False)


class RunExtension:
    """Opens the database for a run, counts what becomes of each article, and judges the run.

    Spiders of the project have one; what else Scrapy runs here (``scrapy shell``) has none.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.store = Store(crawler.settings["DATABASE"], schedule(crawler.settings))
        self.ledger = Ledger(self.store)
        self.counts = dict.fromkeys(COUNTS, 0)  # found is the sum of the others, always
        self.listings = 0  # asked for
        self.trouble: list[str] = []  # makes the run unhealthy
        self.notes: list[str] = []  # does not
        self.started = iso(now())
        self.visits: dict[str, Visit] = {}  # of articles that are being read
        self.why: list[str] = ["the run never started"]  # it is not healthy, in the end
        self._outcomes: dict[str, str] = {}  # what became of each article that was found
        self._open: set[str] = set()  # asked for, and not settled
        self._asked: set[str] = set()
        self._fetched: Counter[str] = Counter()
        self._fields: dict[str, dict[str, int]] = {}
        self._refusals = 0  # in a row
        self.ending = False  # nothing may be asked any more

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not has_run(crawler):
            raise NotConfigured
        run = cls(crawler)
        crawler.signals.connect(run.spider_opened, signals.spider_opened)
        crawler.signals.connect(run.spider_closed, signals.spider_closed)
        crawler.signals.connect(run.spider_error, signals.spider_error)
        crawler.signals.connect(run.item_error, signals.item_error)
        crawler.signals.connect(run.engine_stopped, signals.engine_stopped)
        return run

    @classmethod
    def of(cls, crawler: Crawler) -> RunExtension:
        """The run of a crawler; raises NotConfigured where there is none."""
        run = crawler.get_extension(cls)
        if run is None:
            raise NotConfigured("there is no run")
        return run

    # -- what the spiders and pipelines report -----------------------------------------------

    @property
    def open(self) -> set[str]:
        """The articles that are being dealt with."""
        return self._open

    @property
    def done(self) -> int:
        """How many articles were asked for and are settled."""
        return len(self._asked) - len(self._open)

    def find(self, article_id: str) -> bool:
        """Count an article; False if the run has it already."""
        if article_id in self._outcomes:
            return False
        self._settle(article_id, "pending")
        return True

    def take_up(self, article_id: str) -> bool:
        """Say that an article is going to be asked for; False if it was before in this run."""
        if article_id in self._asked:
            return False
        self.find(article_id)
        self._asked.add(article_id)
        self._open.add(article_id)
        return True

    def settle(self, article_id: str, outcome: str, http_status: int | None = None) -> None:
        """Say what became of an article that was asked for; the last word counts."""
        self._open.discard(article_id)
        self.visits.pop(article_id, None)
        self._settle(article_id, outcome)
        self._fetched[outcome] += 1
        self._refusals = self._refusals + 1 if http_status in _WALL else 0
        if self._refusals == _BLOCKED and not self.ending:
            self.fail(
                f"the site refuses the crawler: HTTP {http_status} again and again", health.BLOCKED
            )

    def known(self, article_id: str, state: str) -> None:
        """Count an article that a listing shows and that is not to be asked for now."""
        if self.find(article_id):
            self._settle(article_id, "unchanged" if state == "stored" else state)

    def _settle(self, article_id: str, outcome: str) -> None:
        before = self._outcomes.get(article_id)
        self.counts[before or "found"] += -1 if before else 1
        self._outcomes[article_id] = outcome
        self.counts[outcome] += 1
        self.store.remember_counts(self.counts)

    def read(self, article: Article) -> None:
        """Count the fields that a record has."""
        health.count_fields(self._fields, article)

    @property
    def generic(self) -> int:
        """How many records are in a layout that nobody knows."""
        return self._fields.get(health.UNKNOWN_LAYOUT, {}).get(health.RECORDS, 0)

    def note(self, text: str) -> None:
        """Put down what is worth knowing but no trouble."""
        if text not in self.notes:
            self.notes.append(text)
            logger.warning(text)

    def warn(self, trouble: str) -> None:
        """Put down what makes the run unhealthy, in words for the operator."""
        if trouble not in self.trouble:
            self.trouble.append(trouble)
            logger.error(trouble)

    def fail(self, trouble: str, reason: str) -> None:
        """Put down what makes the run impossible, and end it; what waits stays pending."""
        self.warn(trouble)
        assert self._crawler.engine
        if not self.ending:
            self.ending = True
            withdraw_requests(self._crawler)
            deferred_from_coro(self._crawler.engine.close_spider_async(reason=reason))

    def storing_failed(self, error: StoreError) -> None:
        """Put down that the database or the captures cannot be written, and end the run."""
        self.fail(f"storing failed: {error}", health.STORING_FAILED)

    # -- signals -----------------------------------------------------------------------------

    def spider_opened(self, spider: ArticleSpider) -> None:
        try:
            self.ledger.begin(spider.name, spider.given, versions(), self.started)
        except StoreError as error:
            self.storing_failed(error)

    def spider_error(self, failure: Failure, response: Response | Failure) -> None:
        if isinstance(failure.value, StoreError):
            self.storing_failed(failure.value)
            return
        self.warn(f"an error in the spider: {failure.value!r}")
        request: Request = response.request  # type: ignore[union-attr, assignment]  # set by Scrapy
        page_id = request.cb_kwargs.get("page_id")
        if page_id in self._open:  # a better parser may read it
            reason = f"the parser failed: {failure.value!r}"
            try:
                self.store.reject(page_id, request.url, "rejected", reason, now=iso(now()))
            except StoreError as error:
                self.storing_failed(error)
            else:
                self.settle(page_id, "rejected")

    def item_error(self, failure: Failure) -> None:
        if isinstance(failure.value, StoreError):
            self.storing_failed(failure.value)
        else:
            self.warn(f"an error in a pipeline: {failure.value!r}")

    def spider_closed(self, reason: str) -> None:
        assert self._crawler.stats
        for name, count in self.counts.items():
            self._crawler.stats.set_value(f"republika/{name}", count)
        self.why = list(self.trouble)
        try:
            self._judge(reason)
        except StoreError as error:
            self._say_at_the_end(error)

    def _judge(self, reason: str) -> None:
        run_id = self.store.run_id
        if run_id is None:  # the run could not begin
            return
        self.why += health.why_unhealthy(
            finish_reason=reason,
            counts=self.counts,
            fetched=self._fetched,
            listings=self.listings,
            fields=self._fields,
            history=self.ledger.fields_before(run_id, _HISTORY),
        )
        self.ledger.end(
            run_id,
            reason=reason,
            why=self.why,
            notes=self.notes,
            fields=self._fields,
            now=iso(now()),
        )

    def engine_stopped(self) -> None:
        try:
            self.store.close()
        except StoreError as error:
            self._say_at_the_end(error)

    def _say_at_the_end(self, error: StoreError) -> None:
        trouble = f"storing failed: {error}"
        if trouble not in self.why:
            self.why.append(trouble)
