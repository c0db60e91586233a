"""What the tests of feed share."""

from __future__ import annotations

from crawler.parsers.feed import parse_feed

FEED = "https://www.republika.co.id/rss/ekonomi"
CHILLI = "https://ekonomi.republika.co.id/berita/rgngo4900/harga-cabai"
BRIDGE = "https://news.republika.co.id/berita/rgnc3q900/jembatan-gantung"
DATE = "Mon, 15 Aug 2022 16:25:08 +0700"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
)


def item(link: str = CHILLI, title: str = "Harga Cabai", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def rss(*items: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {NAMESPACES}><channel>
<title>Republika Online RSS Feed</title><link>http://www.republika.co.id</link>
<lastBuildDate>Thu, 01 Jan 1970 07:00:00 +0700</lastBuildDate>
<image><url>http://www.republika.co.id/logo.png</url><link>{BRIDGE}</link></image>
{"".join(items)}</channel></rss>"""


def entry(loc: str = CHILLI, more: str = "") -> str:
    return f"<url><loc>{loc}</loc>{more}</url>"


def sitemap(*entries: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{"".join(entries)}</urlset>"""


def ids(feed: bytes | str) -> list[str]:
    return [article.id for article in parse_feed(feed, FEED)]
