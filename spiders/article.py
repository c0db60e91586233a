"""``scrapy crawl article -a url=URL[,URL...]`` or ``-a file=urls.txt``: these articles, now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.dates import stamp
from crawler.store import Found
from crawler.urls import article_id, canonical_url

from .base import ArgumentError, ArticleSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class OneOffSpider(ArticleSpider):
    """Fetches the articles it is given, seen before or not."""

    name = "article"
    arguments = {  # noqa: RUF012
        "url": "addresses of articles, divided by commas",
        "file": "a file with one address a line; - for standard input",
    }
    example = "-a url=https://www.republika.co.id/berita/rgmwym370/putin-janjikan-perluas-hubungan-dengan-korea-utara"

    def __init__(self, *, url: str = "", file: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
