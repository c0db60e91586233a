"""What the log says of errors that are said in words elsewhere."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter as ScrapyLogFormatter

from crawler.database.store import StoreError

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.http import Response
    from scrapy.logformatter import LogFormatterResult
    from twisted.python.failure import Failure


class LogFormatter(ScrapyLogFormatter):
    """Scrapy's own, but that nothing can be stored is one line, and no trace for each page."""

    def item_error(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        said = super().item_error(item, exception, response, spider)
        return _quietly(said) if isinstance(exception, StoreError) else said

    def spider_error(
        self, failure: Failure, request: Request, response: Response | Failure, spider: Spider
    ) -> LogFormatterResult:
        said = super().spider_error(failure, request, response, spider)
        return _quietly(said) if isinstance(failure.value, StoreError) else said

    def download_error(
        self, failure: Failure, request: Request, spider: Spider, errmsg: str | None = None
    ) -> LogFormatterResult:
        said = super().download_error(failure, request, spider, errmsg)
        return _quietly(said) if isinstance(failure.value, StoreError) else said


def _quietly(said: LogFormatterResult) -> LogFormatterResult:
    said["level"] = logging.DEBUG
    return said
