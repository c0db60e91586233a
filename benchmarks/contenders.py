"""One crawl, of bare Scrapy or of the crawler with more or less of its parts, and its time.

    python benchmarks/contenders.py NAME ADDRESSES SINCE UNTIL

`crawl.py` runs it, each contender in a process of its own. ADDRESSES is a file with an address a
line, for those that fetch a list; SINCE and UNTIL are the days for the others. Says in one line of
JSON what came of it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from crawler.addon import PARTS  # noqa: E402
from crawler.database.store import Store  # noqa: E402
from crawler.parsers import parse_article  # noqa: E402
from spiders.backfill import BackfillSpider  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from scrapy.crawler import Crawler
    from scrapy.http import Response

WARM_UP = 100  # answers that are not timed: connections are opened, modules imported


class FetchSpider(Spider):
    """Downloads a list of addresses, and no more."""

    name = "fetch"
    needs_run: ClassVar[bool] = True
    given: ClassVar[dict[str, str]] = {}  # the run asks for it

    def __init__(self, addresses: str) -> None:
        super().__init__()
        self.addresses = Path(addresses).read_text().splitlines()

    async def start(self) -> AsyncIterator[Request]:
        for address in self.addresses:
            yield Request(address, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Drop it."""


class ParseSpider(FetchSpider):
    """Also makes a record of each article, and drops that."""

    def parse(self, response: Response) -> None:
        if "/berita/" in response.url:
            parse_article(response.body, response.url)


def _stop_indexing(database: Path) -> None:
    """Make a database whose full-text index is not kept up."""
    with Store(database) as store:
        for trigger in store.db.triggers:
            store.db.execute(f"DROP TRIGGER {trigger.name}")


class Contender(NamedTuple):
    """A spider, what it changes of the crawler's settings, and what makes its database."""

    spider: type[Spider]
    settings: dict[str, Any]
    prepare: Callable[[Path], None] | None = None

    @property
    def stores(self) -> bool:
        """Whether it stores articles, and finds them by itself."""
        return issubclass(self.spider, BackfillSpider)


BARE = "bare Scrapy"
WHOLE = "+ database: the whole crawl"
STORES_NONE = {"ITEM_PIPELINES": dict.fromkeys(PARTS["ITEM_PIPELINES"])}
CONTENDERS = {
    BARE: Contender(
        FetchSpider,
        {
            "ADDONS": {},
            "ROBOTSTXT_OBEY": False,
            "CONCURRENT_ITEMS": 100,  # as Scrapy has it
        },
    ),
    "bare Scrapy, CONCURRENT_ITEMS as the crawler's": Contender(
        FetchSpider, {"ADDONS": {}, "ROBOTSTXT_OBEY": False}
    ),
    # Each of these has what the one before it has.
    "+ robots.txt, own hosts, pauses": Contender(
        FetchSpider, {**STORES_NONE, "HTTPCACHE_ENABLED": False}
    ),
    "+ captures": Contender(FetchSpider, STORES_NONE),
    "+ parser": Contender(ParseSpider, STORES_NONE),
    WHOLE: Contender(BackfillSpider, {}),
    # And these lack one thing.
    "whole, but without captures": Contender(BackfillSpider, {"CAPTURES": ""}),
    "whole, but without full text": Contender(BackfillSpider, {}, _stop_indexing),
}


class Stopwatch:
    """Times a crawl from the answer number `WARM_UP` to the end of the engine."""

    def __init__(self, crawler: Crawler) -> None:
        self.answers = 0
        self.moments: list[tuple[float, float]] = []  # seconds, and those of the CPU
        crawler.signals.connect(self.answered, signals.response_received)
        crawler.signals.connect(self.look, signals.engine_stopped)

    def answered(self) -> None:
        self.answers += 1
        if self.answers == WARM_UP:
            self.look()

    def look(self) -> None:
        self.moments.append((perf_counter(), process_time()))


def run(contender: Contender, arguments: dict[str, str]) -> dict[str, float]:
    """Crawl; gives the pages that were timed, their seconds, and the articles stored in all."""
    settings = get_project_settings()
    settings.setdict(contender.settings, priority="cmdline")
    if contender.prepare:
        contender.prepare(Path(settings["DATABASE"]))
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(contender.spider)
    stopwatch = Stopwatch(crawler)
    process.crawl(crawler, **arguments)
    process.start()
    assert crawler.stats
    (begin, cpu_begin), (end, cpu_end) = stopwatch.moments
    return {
        "pages": stopwatch.answers - WARM_UP,
        "seconds": end - begin,
        "cpu_seconds": cpu_end - cpu_begin,
        "stored": crawler.stats.get_value("republika/new", 0),
    }


if __name__ == "__main__":
    name, addresses, since, until = sys.argv[1:]
    contender = CONTENDERS[name]
    days = {"since": since, "until": until}
    print(json.dumps(run(contender, days if contender.stores else {"addresses": addresses})))
