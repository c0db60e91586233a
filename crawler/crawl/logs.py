"""The log lines of errors that are reported in plain words elsewhere."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter as ScrapyLogFormatter

from crawler.errors import StoreError

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.http import Response
    from scrapy.logformatter import LogFormatterResult
    from twisted.python.failure import Failure


class LogFormatter(ScrapyLogFormatter):
    """Scrapy's own, except that a database which cannot be written gives no trace for each page."""

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
