"""Keeps an article's photos in the captures, where ``KEEP_IMAGES`` asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.http.request import NO_CALLBACK

from crawler.captures.rows import declared_type
from crawler.crawl.politeness import DOWNLOAD_ERRORS, MAX_PAUSE, RunEnds, pause_asked_for
from crawler.crawl.run import RunExtension, needs_run
from crawler.errors import StoreError
from crawler.site import IMAGE_HOSTS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.article import StoredArticle


class PhotosPipeline:
    """Asks for the photos of articles that are stored already: each once, as any page is asked for.

    A photo that cannot be had is counted in the run's notes, and costs its article nothing.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._run = RunExtension.of(crawler)
        self._asked: set[str] = set()
        self._failed: list[str] = []  # photos, and why
        self._elsewhere = 0  # photos on hosts of others
        self._is_refused = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("KEEP_IMAGES") or not needs_run(crawler):
            raise NotConfigured
        if hasattr(crawler.spidercls, "archive_hosts"):  # which asks an archive, and it alone
            raise NotConfigured
        return cls(crawler)

    async def process_item(self, item: StoredArticle) -> StoredArticle:
        for image in item.images:
            if image.url in self._asked:
                continue
            self._asked.add(image.url)
            if urlsplit(image.url).netloc not in IMAGE_HOSTS:
                self._elsewhere += 1
            elif self._is_kept(image.url):
                continue
            elif self._is_refused:
                self._failed.append(f"{image.url}: the server asks for a long pause")
            else:
                await self._keep(image.url)
        return item

    def _is_kept(self, url: str) -> bool:
        capture = self._run.store.captures.last(url)
        return capture is not None and _is_image(capture.payload_type)

    async def _keep(self, url: str) -> None:
        assert self._crawler.engine
        try:
            response = await self._crawler.engine.download_async(Request(url, NO_CALLBACK))
        except StoreError as error:
            self._run.storing_failed(error)
        except RunEnds:
            self._failed.append(f"{url}: the run ended")
        except DOWNLOAD_ERRORS as error:
            self._failed.append(f"{url}: {str(error) or type(error).__name__}")
        else:
            # A server that asks for so long a pause is left alone with photos until the next run.
            self._is_refused = pause_asked_for(response) > MAX_PAUSE
            if trouble := _trouble(response):
                self._failed.append(f"{url}: {trouble}")

    def close_spider(self) -> None:
        if self._failed:
            self._run.add_note(f"photos not kept: {len(self._failed)}, the first {self._failed[0]}")
        if self._elsewhere:
            self._run.add_note(f"photos on hosts of others, not asked for: {self._elsewhere}")


def _trouble(response: Response) -> str | None:
    """What is wrong with the answer to a photo's request; None if it is a photo."""
    if response.status != 200:
        return f"HTTP {response.status}"
    kind = declared_type(
        tuple((b"content-type", value) for value in response.headers.getlist("Content-Type"))
    )
    return None if _is_image(kind) else f"no image but {kind}"


def _is_image(payload_type: str | None) -> bool:
    return payload_type is not None and payload_type.startswith("image/")
