"""The log lines of a crawl: none that nobody reads, none twice."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter as ScrapyLogFormatter

from crawler.errors import StoreError

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.logformatter import LogFormatterResult
    from twisted.python.failure import Failure


class LogFormatter(ScrapyLogFormatter):
    """Scrapy's own, except that a database which cannot be written gives no trace for each page.

    The two lines that Scrapy writes of every page at DEBUG are not made where LOG_LEVEL drops them.
    """

    def __init__(self, level: int | str) -> None:
        # A handler takes a level by its name too.
        self._tells_pages = logging.NullHandler(level).level <= logging.DEBUG

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings["LOG_LEVEL"])

    # None leaves a line out, as Scrapy's documentation has it; its annotations do not know that.

    def crawled(  # type: ignore[override]
        self, request: Request, response: Response, spider: Spider
    ) -> LogFormatterResult | None:
        if not self._tells_pages:
            return None
        return super().crawled(request, response, spider)

    def scraped(  # type: ignore[override]
        self, item: Any, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult | None:
        if not self._tells_pages:
            return None
        return super().scraped(item, response, spider)

    def item_error(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        line = super().item_error(item, exception, response, spider)
        return _quietly(line) if isinstance(exception, StoreError) else line

    def spider_error(
        self, failure: Failure, request: Request, response: Response | Failure, spider: Spider
    ) -> LogFormatterResult:
        line = super().spider_error(failure, request, response, spider)
        return _quietly(line) if isinstance(failure.value, StoreError) else line

    def download_error(
        self, failure: Failure, request: Request, spider: Spider, errmsg: str | None = None
    ) -> LogFormatterResult:
        line = super().download_error(failure, request, spider, errmsg)
        return _quietly(line) if isinstance(failure.value, StoreError) else line


def _quietly(line: LogFormatterResult) -> LogFormatterResult:
    line["level"] = logging.DEBUG
    return line
