"""One crawl run: its database, what became of each article, and how the run ends."""

from __future__ import annotations

import logging
import platform
import sqlite3
from collections import Counter
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.defer import deferred_from_coro

from crawler import __version__
from crawler.crawl import health
from crawler.crawl.feeds import FeedWatch
from crawler.crawl.politeness import run_ending, withdraw_requests
from crawler.database.results import Read, Refused
from crawler.database.runs import COUNTS
from crawler.database.schedule import Schedule, durations
from crawler.database.store import Store
from crawler.dates import iso, now
from crawler.errors import StoreError
from crawler.parsers import PARSER_VERSION
from crawler.site import MOST_DEAD

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from typing import Self

    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from crawler.database.results import Result, Settled, Visit

logger = logging.getLogger(__name__)

_HISTORY = 50  # runs whose fields tell what is usual
_MOST_SIGNALS = 100  # that differ; more are no signals
_BLOCKED = 5  # refusals in a row are a wall
_WALL = (403, 429)


class Answer(NamedTuple):
    """What there is to know of an article's page beside its record."""

    visit: Visit
    lacking: str | None = None  # why the article is not whole, where another try may help
    doubt: str | None = None  # why its text may not be all that the page has


def schedule(settings: BaseSettings) -> Schedule:
    """When pages are asked for again, by the settings; raises ValueError for a malformed one."""
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


def needs_run(crawler: Crawler) -> bool:
    """Whether a crawl is to be a run on the database: that of a spider of the project is."""
    return getattr(crawler.spidercls, "needs_run", False)


class RunExtension:
    """Opens the database for a run, counts what becomes of each article, and judges the run.

    Spiders of the project have one; what else Scrapy runs here (``scrapy shell``) has none.
    """

    def __init__(self, crawler: Crawler, store: Store) -> None:
        self._crawler = crawler
        self.store = store
        self.counts = dict.fromkeys(COUNTS, 0)  # found is the sum of the others, always
        self.listings = 0  # asked for
        self.problems: list[str] = []  # make the run unhealthy
        self.notes: list[str] = []  # do not
        self.started = iso(now())
        self.why: list[str] = ["the run never started"]  # it is not healthy, in the end
        self._outcomes: dict[str, str] = {}  # what became of each article that was found
        self._open: set[str] = set()  # asked for, and not settled
        self.held: set[str] = set()  # not to be asked for in this run
        self._asked: set[str] = set()
        self._answers: dict[str, Answer] = {}  # to what is on its way through the pipelines
        self._fetched: Counter[str] = Counter()
        self._fields: dict[str, dict[str, int]] = {}
        self.signals: Counter[str] = Counter()  # against use for training
        self._doubtful = 0  # records with a text that may not be whole
        self._again = 0  # articles that had a record before
        self._worse = 0  # of them, with a page that shows less now
        self._refusals = 0  # in a row
        self._dead = 0  # articles in a row that gave no record, and never did
        self._is_ending = False  # nothing may be asked any more
        self._reason = ""  # why the spider was closed, once it is
        self._feeds = FeedWatch(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not needs_run(crawler):
            raise NotConfigured
        settings = crawler.settings
        run = cls(crawler, Store(settings["DATABASE"], schedule(settings)))
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

    def count_found(self, article_id: str) -> bool:
        """Count an article as pending; False if the run has it already."""
        if article_id in self._outcomes:
            return False
        self._count(article_id, "pending")
        return True

    def count_known(self, article_id: str, state: str) -> None:
        """Count an article that a listing shows and that is not to be asked for now."""
        if self.count_found(article_id):
            self._count(article_id, "unchanged" if state == "stored" else state)

    def take_up(self, article_id: str) -> bool:
        """Count an article that is going to be asked for; False if it was before in this run."""
        if article_id in self._asked:
            return False
        self.count_found(article_id)
        self._asked.add(article_id)
        self._open.add(article_id)
        return True

    def answered(
        self,
        article_id: str,
        visit: Visit,
        lacking: str | None = None,
        doubt: str | None = None,
    ) -> None:
        """Keep what the pipelines have to know of an article's page beside its record."""
        self._answers[article_id] = Answer(visit, lacking, doubt)

    def answer(self, article_id: str) -> Answer:
        """What was kept of an article's page; KeyError for one that no spider has read."""
        return self._answers[article_id]

    def settle(self, article_id: str, result: Result) -> Settled:
        """Store what became of an article, and count it: record, state and count at once.

        Raises StoreError where it cannot be stored; the article then counts as before.
        """
        before = self._outcomes.get(article_id, "pending")
        try:
            with self.store.transaction():
                settled = self.store.settle(article_id, result, now=iso(now()))
                self._count(article_id, settled.outcome)
        except BaseException:
            self._count(article_id, before)
            raise
        self._open.discard(article_id)
        self._answers.pop(article_id, None)
        self._fetched[settled.outcome] += 1
        self._again += settled.again
        self._worse += settled.worse
        if isinstance(result, Read):
            health.count_fields(self._fields, result.article)
            self._doubtful += bool(result.doubt)
        self._look_for_wall(result.visit.http_status)
        self._look_for_end(settled)
        return settled

    def _count(self, article_id: str, outcome: str) -> None:
        before = self._outcomes.get(article_id)
        self.counts[before or "found"] += -1 if before else 1
        self._outcomes[article_id] = outcome
        self.counts[outcome] += 1
        self.store.runs.remember_counts(self.counts)

    def _look_for_wall(self, http_status: int | None) -> None:
        self._refusals = self._refusals + 1 if http_status in _WALL else 0
        if self._refusals == _BLOCKED and not self._is_ending:
            self.abort(
                f"the site refuses the crawler: HTTP {http_status} again and again", health.BLOCKED
            )

    def _look_for_end(self, settled: Settled) -> None:
        """End a run over articles that are made up: one that has no end otherwise."""
        if settled.outcome != "failed":
            dead = settled.outcome in ("gone", "rejected") and not settled.again
            self._dead = self._dead + 1 if dead else 0
        if self._dead == MOST_DEAD and not self._is_ending:
            problem = f"{MOST_DEAD} articles in a row that the site lists give no record"
            self.store.pages.postpone_found(problem)
            self.abort(problem, health.NOTHING_REAL)

    @property
    def generic(self) -> int:
        """How many records are in an unknown layout."""
        return self._fields.get(health.UNKNOWN_LAYOUT, {}).get(health.RECORDS, 0)

    def add_note(self, text: str) -> None:
        """Note what is worth knowing but does not make the run unhealthy."""
        if text not in self.notes:
            self.notes.append(text)
            logger.warning(text)

    def add_signal(self, text: str) -> None:
        """Count what asks not to be used for training, by where it stands and what it says."""
        if text in self.signals or len(self.signals) < _MOST_SIGNALS:
            self.signals[text] += 1

    def add_problem(self, text: str) -> None:
        """Note what makes the run unhealthy, in words for the operator."""
        if text not in self.problems:
            self.problems.append(text)
            logger.error(text)

    def abort(self, problem: str, reason: str) -> None:
        """Note what makes the run impossible, and end it; what waits stays pending."""
        self.add_problem(problem)
        assert self._crawler.engine
        if not self._is_ending:
            self._is_ending = True
            self._crawler.signals.send_catch_log(run_ending)
            withdraw_requests(self._crawler)
            deferred_from_coro(self._crawler.engine.close_spider_async(reason=reason))

    def storing_failed(self, error: StoreError) -> None:
        """Note that the database or the captures cannot be written, and end the run."""
        self.abort(f"storing failed: {error}", health.STORING_FAILED)

    # -- signals -----------------------------------------------------------------------------

    def spider_opened(self, spider: Spider) -> None:
        arguments: dict[str, str] = getattr(spider, "given", {})
        try:
            self.store.begin_run(spider.name, arguments, versions(), self.started)
        except StoreError as error:
            self.storing_failed(error)

    def spider_error(self, failure: Failure, response: Response | Failure) -> None:
        if isinstance(failure.value, StoreError):
            self.storing_failed(failure.value)
            return
        self.add_problem(f"an error in the spider: {failure.value!r}")
        request: Request = response.request  # type: ignore[union-attr, assignment]  # set by Scrapy
        page_id = request.cb_kwargs.get("page_id")
        if page_id in self._open:  # a better parser may read it
            reason = f"the parser failed: {failure.value!r}"
            try:
                self.settle(page_id, Refused("rejected", reason, request.url))
            except StoreError as error:
                self.storing_failed(error)

    def item_error(self, failure: Failure) -> None:
        if isinstance(failure.value, StoreError):
            self.storing_failed(failure.value)
        else:
            self.add_problem(f"an error in a pipeline: {failure.value!r}")

    def spider_closed(self, reason: str) -> None:
        assert self._crawler.stats
        for name, count in self.counts.items():
            self._crawler.stats.set_value(f"republika/{name}", count)
        self._reason = reason
        self._end()

    def engine_stopped(self) -> None:
        if lost := list(self._feeds.lost()):  # which is known after the spider was closed
            for uri in lost:
                self.add_problem(f"the feed {uri} could not be written")
            self._end()
        self._at_the_end(self.store.close)

    def _end(self) -> None:
        self.why = list(self.problems)
        self._at_the_end(self._judge)

    def _judge(self) -> None:
        run_id = self.store.runs.current
        if run_id is None:  # the run could not begin
            return
        self.why += health.why_unhealthy(
            finish_reason=self._reason,
            counts=self.counts,
            fetched=self._fetched,
            doubtful=self._doubtful,
            again=self._again,
            worse=self._worse,
            listings=self.listings,
            fields=self._fields,
            history=self.store.runs.fields_before(run_id, _HISTORY),
        )
        self.store.runs.end(
            run_id,
            reason=self._reason,
            why=self.why,
            notes=self.notes,
            signals=self.signals,
            fields=self._fields,
            now=iso(now()),
        )

    def _at_the_end(self, step: Callable[[], None]) -> None:
        try:
            step()
        except StoreError as error:
            problem = f"storing failed: {error}"
            if problem not in self.why:
                self.why.append(problem)
