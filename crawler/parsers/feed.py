"""Feeds: RSS and the sitemap, as the articles that they list.

Each entry is cut out of the text and parsed by itself, so that a broken one costs no other, and of
a feed that was cut off what is whole is given. What stands before them is not parsed at all: no
document type, and so neither entities nor addresses that an XML parser would follow.
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from html import unescape
from typing import TYPE_CHECKING, Any

from lxml import etree

from crawler.dates import parse_date
from crawler.errors import ParseError
from crawler.parsers.listing import ListedArticle
from crawler.parsers.page import clean_title
from crawler.parsers.text import meaningful, squeeze
from crawler.urls import classify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_ROOT = re.compile(r"<(rss|urlset|sitemapindex)[\s/>]")
_ENTRIES = {"rss": "item", "urlset": "url"}  # by the root element; the third has none
# HTML's entities, which XML lacks, and a bare "&", both met in titles and links; and numbers, since
# lxml fails at those of half a character.
_NO_XML_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
_MAX_ENTRIES = 50_000  # as many as the protocol allows a sitemap; a feed has some tens
_MAX_TEXT = 4_096  # characters; no title or address is longer, and unescape fails at long numbers
_SHOWS_ARTICLE = frozenset({"article", "amp", "share"})


def parse_feed(xml: bytes | str, url: str) -> list[ListedArticle]:
    """The articles of an RSS feed or a sitemap in its order, each once.

    ``listed_at`` is when an item was published; of a sitemap, which has no titles, when the article
    was last changed. Links to other sites, to readers' blogs and to lists do not count. An empty
    list is a feed without articles, as is a sitemap of sitemaps. Raises
    `crawler.parsers.ParseError` for anything but a feed.
    """
    # The site sends UTF-8, whatever a feed declares.
    text = xml.decode("utf-8", "replace") if isinstance(xml, bytes) else xml
    root = _ROOT.search(text)
    if not root:
        raise ParseError("the page holds no feed")
    found: dict[str, ListedArticle] = {}
    if root[1] in _ENTRIES:
        for entry in _entries(text, _ENTRIES[root[1]]):
            article = _listed(entry, url)
            if article:
                found.setdefault(article.id, article)
    return list(found.values())


def _entries(text: str, name: str) -> Iterator[Any]:
    """The elements of that name; one without an end only where another follows."""
    text = _NO_XML_ENTITY.sub("&amp;", text)  # which leaves them as text, to unescape later
    _, *parts = re.split(rf"<{name}(?:\s[^<>]*)?>", text)
    if len(parts) > _MAX_ENTRIES:
        raise ParseError(f"the feed has more than {_MAX_ENTRIES:,} entries")
    parser = etree.XMLParser(
        recover=True, encoding="utf-8", resolve_entities=False, no_network=True
    )
    for number, part in enumerate(parts, start=1):
        inner, end, _ = part.partition(f"</{name}")
        if end or number < len(parts):
            source = f"<{name}>{inner}</{name}>".encode(errors="replace")
            yield etree.fromstring(source, parser)


def _listed(entry: Any, base: str) -> ListedArticle | None:
    links = (classify(_text(entry, name), base) for name in ("link", "guid", "loc"))
    address = next((link for link in links if link.kind in _SHOWS_ARTICLE), None)
    if address is None:
        return None
    assert address.id
    assert address.url
    date = meaningful(_text(entry, "pubDate") or _text(entry, "lastmod"))
    return ListedArticle(
        id=address.id,
        url=address.url,
        title=clean_title(_text(entry, "title")),
        section=meaningful(_text(entry, "category")),
        date_raw=date,
        listed_at=_moment(date) if date else None,
    )


def _text(entry: Any, name: str) -> str:
    """What the first element of that name says that says anything."""
    texts = ("".join(node.itertext()) for node in entry.iter(name))
    phrase = (squeeze(unescape(text)) for text in texts if len(text) <= _MAX_TEXT)
    return next(filter(None, phrase), "")


def _moment(date: str) -> datetime | None:
    """The moment in any form of the site, or in the older ones that RSS allows ("22", "EST")."""
    moment = parse_date(date)
    if moment:
        return moment
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return None
    return parse_date(moment.isoformat()) if moment.tzinfo else None
