"""One crawl run: its database, what became of each article, and whether the run is healthy."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING

from scrapy import signals

from crawler.store import Store

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

logger = logging.getLogger(__name__)

OUTCOMES = ("new", "updated", "unchanged", "rejected", "gone", "failed")
# A run ends well when its spider is through, or at a limit that whoever started it has set.
_GOOD_ENDS = ("finished", "closespider_")
_MAX_BAD_SHARE = 0.2  # of the articles dealt with, rejected or failed
_FEW = 10  # below so many articles a share says nothing


class RunExtension:
    """Opens the database for a run, counts what becomes of each article, and judges the run."""

    def __init__(self, database: str, stats: StatsCollector) -> None:
        self.store = Store(database)
        self.stats = stats
        self.trouble: list[str] = []
        self.finish_reason = "never started"
        self.generic = 0  # articles in a layout that nobody knows
        self._found: dict[str, str | None] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        assert crawler.stats
        run = cls(crawler.settings["DATABASE"], crawler.stats)
        crawler.signals.connect(run.spider_closed, signals.spider_closed)
        crawler.signals.connect(run.spider_error, signals.spider_error)
        crawler.signals.connect(run.item_error, signals.item_error)
        crawler.signals.connect(run.engine_stopped, signals.engine_stopped)
        return run

    @classmethod
    def of(cls, crawler: Crawler) -> RunExtension:
        """The run of a crawler that has one."""
        run = crawler.get_extension(cls)
        if run is None:
            raise RuntimeError("crawler.extensions.RunExtension is missing from EXTENSIONS")
        return run

    @property
    def ids(self) -> list[str]:
        """The articles that the run has dealt with or is dealing with."""
        return list(self._found)

    # -- what the spiders and pipelines report -----------------------------------------------

    def take_up(self, article_id: str) -> bool:
        """Count an article that the run is going to deal with; False if it has it already."""
        if article_id in self._found:
            return False
        self._found[article_id] = None
        self.stats.inc_value("republika/found")
        return True

    def settle(self, article_id: str, outcome: str) -> None:
        """Say what became of an article; the last word counts."""
        self.take_up(article_id)
        before = self._found[article_id]
        if before:
            self.stats.inc_value(f"republika/{before}", -1)
        self._found[article_id] = outcome
        self.stats.inc_value(f"republika/{outcome}")

    def warn(self, trouble: str) -> None:
        """Note something that makes the run unhealthy, in words for the operator."""
        if trouble not in self.trouble:
            self.trouble.append(trouble)
            logger.error(trouble)

    # -- the verdict -------------------------------------------------------------------------

    @property
    def counts(self) -> dict[str, int]:
        """found = new + updated + unchanged + rejected + gone + failed + pending, always."""
        outcomes = Counter(outcome or "pending" for outcome in self._found.values())
        return {"found": len(self._found)} | {
            name: outcomes[name] for name in (*OUTCOMES, "pending")
        }

    @property
    def why_unhealthy(self) -> list[str]:
        """What is wrong with the run; empty for a healthy one."""
        counts = self.counts
        reasons = list(self.trouble)
        if not self.finish_reason.startswith(_GOOD_ENDS):
            reasons.append(f"the run ended early: {self.finish_reason}")
        stored = counts["new"] + counts["updated"] + counts["unchanged"]
        if not counts["found"]:
            reasons.append("nothing was found")
        elif not stored:
            reasons.append(f"none of {counts['found']} articles could be stored")
        bad = counts["rejected"] + counts["failed"]
        settled = counts["found"] - counts["pending"]
        if settled >= _FEW and bad > _MAX_BAD_SHARE * settled:
            reasons.append(f"{bad} of {settled} articles were rejected or failed")
        return reasons

    # -- signals -----------------------------------------------------------------------------

    def spider_error(self, failure: object) -> None:
        self.warn(f"an error in the spider: {getattr(failure, 'value', failure)!r}")

    def item_error(self, failure: object) -> None:
        self.warn(f"storing failed: {getattr(failure, 'value', failure)!r}")

    def spider_closed(self, spider: Spider, reason: str) -> None:  # noqa: ARG002
        self.finish_reason = reason
        for name, count in self.counts.items():
            self.stats.set_value(f"republika/{name}", count)

    def engine_stopped(self) -> None:
        self.store.close()
