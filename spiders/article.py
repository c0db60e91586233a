"""``scrapy crawl article``: these articles, one-off, seen before or not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request

from crawler.database.pages import Found
from crawler.dates import iso, now
from crawler.errors import ArgumentError
from crawler.urls import article_id, canonical_url
from spiders.base import ArticleSpider


class OneOffSpider(ArticleSpider):
    """Fetches the articles whose addresses it is given."""

    name = "article"
    arguments = {  # noqa: RUF012
        "url": "addresses of articles, divided by commas",
        "file": "a file with the address of an article on each line",
    }
    example = "-a url=https://www.republika.co.id/berita/rgmwym370/putin-janjikan-perluas-hubungan"
    rechecks = False  # whoever asks for one article does not wait for hundreds

    def __init__(self, url: str = "", file: str = "", **unknown: Any) -> None:
        super().__init__(**unknown)
        urls = [part for part in map(str.strip, url.split(",")) if part]
        urls += _lines(file) if file else []
        if not urls:
            raise ArgumentError("give the articles by url=ADDRESS[,ADDRESS...] or file=FILE")
        self.wanted: list[Found] = []
        for address in urls:
            page_id = article_id(address)
            if page_id is None:
                raise ArgumentError(f"not the address of a Republika article: {address}")
            self.wanted.append(Found(id=page_id, url=canonical_url(address)))

    def report_refused(self, line: str) -> None:
        """In the run's notes too: whoever asked for just this article wants to see it."""
        self.run.add_note(line)

    async def first_requests(self) -> AsyncIterator[Request]:
        for request in self.take_up(self.store.pages.request(self.wanted, iso(now()))):
            yield request


def _lines(file: str) -> list[str]:
    try:
        text = Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ArgumentError(f"the file {file} cannot be read: {error}") from error
    return [line for line in map(str.strip, text.splitlines()) if line and line[0] != "#"]
