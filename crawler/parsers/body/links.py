"""Where the links of a text lead, and which of them a record keeps as related."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.article import Related
from crawler.parsers.body import furniture
from crawler.parsers.text import meaningful
from crawler.urls import absolute_url, classify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.urls import Address

    Link = tuple[str, str]  # its text and its address


class Links:
    """The links of one text; ``related`` are those that a Baca Juga leads to."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.related: list[Related] = []
        self._addresses: dict[str, Address] = {}

    def _address(self, url: str) -> Address:
        if url not in self._addresses:
            self._addresses[url] = classify(url, self.base)
        return self._addresses[url]

    def is_article(self, link: Link) -> bool:
        """Whether a link leads to an article of the site."""
        address = self._address(link[1])
        return address.id is not None or "/berita/" in (address.url or "")

    def relate(self, links: Iterable[Link]) -> None:
        """Keep what links lead to: articles or other sites, not the site's tags and lists."""
        for title, url in links:
            address = self._address(url)
            title = title[furniture.starts_baca(title) :]
            wanted = self.is_article((title, url)) or address.kind == "external"
            if wanted and meaningful(title):
                self.related.append(
                    Related(related_id=address.id, url=absolute_url(self.base, url), title=title)
                )
