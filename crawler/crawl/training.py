"""What pages say against their use for training, counted with the run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrapy.exceptions import NotConfigured

from crawler.crawl.run import RunExtension, needs_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

# noai and noimageai in place of a robots meta; TDMRep, as W3C's community group has it.
_WORDS = re.compile(rb"\bno(?:image)?ai\b|\btdm-(?:reservation|policy)\b", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^<>]{1,300}>", re.IGNORECASE)
_HEADERS = ("X-Robots-Tag", "TDM-Reservation", "TDM-Policy")


def training_signals(response: Response) -> Iterator[str]:
    """What a response says against its use for training: headers and metas, as they stand."""
    for name in _HEADERS:
        for value in response.headers.getlist(name):
            if name != "X-Robots-Tag" or _WORDS.search(value):
                yield f"{name}: {_line(value)}"
    for tag in _META.findall(response.body):  # to look for the words in all of it takes much longer
        if _WORDS.search(tag):
            yield _line(tag)


def _line(value: bytes) -> str:
    return " ".join(value.decode("utf-8", "replace").split())


class TrainingSignalsMiddleware:
    """Counts the signals of each page that is fetched."""

    def __init__(self, run: RunExtension) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not needs_run(crawler):
            raise NotConfigured
        return cls(RunExtension.of(crawler))

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        for signal in set(training_signals(response)):
            self._run.add_signal(f"page: {signal}")
        return response
