"""What the commands share that run a spider: the lock, and what the run has to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.cli.terminal import say, say_unhealthy
from crawler.crawl.run import RunExtension
from crawler.database.lock import database_lock
from crawler.database.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from scrapy.crawler import Crawler, CrawlerProcessBase
    from scrapy.settings import Settings


def run_spider(
    process: CrawlerProcessBase, crawler: Crawler, arguments: Mapping[str, Any]
) -> RunExtension | None:
    """Run a spider to its end, alone on its database; gives the run, None where it did not begin.

    Raises Locked where another process holds the database, and StoreError.
    """
    database = crawler.settings["DATABASE"]
    with database_lock(database):
        Store(database).close()
        process.crawl(crawler, **arguments)
        process.start()
    return None if process.bootstrap_failed else RunExtension.of(crawler)


def store_nothing(settings: Settings) -> None:
    """Let a spider run without a trace."""
    for name, value in (("DATABASE", ":memory:"), ("CAPTURES", "")):
        settings.set(name, value, priority="cmdline")


def say_why(run: RunExtension, notes: TextIO | None = None) -> None:
    """Say what is worth knowing of a run, and on stderr what is wrong with it."""
    for note in run.notes:
        say(f"note: {note}", notes)
    say_unhealthy(run.why)
