"""Pages that list stories: index, feed, sitemap."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from crawler.dates import WIB
from tests.site.stories import ENGLISH_MONTHS, KANALS, Story

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


FEED_SIZE = 15


def absolute(moment: datetime) -> str:
    here = moment.astimezone(WIB)
    return f"{here:%d} {ENGLISH_MONTHS[here.month - 1]} {here:%Y, %H:%M}"


def relative(now: datetime, moment: datetime) -> str:
    seconds = max(0, int((now - moment).total_seconds()))
    for unit, length in (("hari", 86_400), ("jam", 3_600), ("menit", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit} yang lalu"
    return f"{seconds} detik yang lalu"


def listing(
    title: str,
    stories: list[Story],
    *,
    step: int,
    offset: int = 0,
    printed: Callable[[datetime], str] = absolute,
) -> bytes:
    """The page of a list that begins with the story number ``offset``."""
    end = offset + step
    following = end if end < len(stories) else None
    items = "\n".join(
        f'<li class="list-group-item list-border conten1"><a href="{story.url}">'
        f'<div class="thumbnail"><img class="lazy" alt="{escape(story.title)}"></div>'
        f'<div class="caption"><div class="date"><span class="kanal-info">{story.section[-1]}'
        f"</span> - {printed(story.published)}</div>"
        f"<h3><span>{escape(story.title, quote=False)}</span></h3></div></a></li>"
        for story in stories[offset:end]
    )
    more = (
        '<li class="list-group-item list-border wrap-loadmore"><a style="cursor: pointer"'
        f' class="paging btn btn-danger" data-offset="{following}">Next</a></li>'
        if following
        else ""
    )
    return (
        f'<!DOCTYPE html>\n<html lang="id"><head><meta charset="utf-8"><title>{title}</title>'
        '</head><body><nav><a href="/kanal/news">News</a> <a href="/indeks">Indeks</a></nav>'
        f'<h2>Terkini</h2><ul class="list-group wrap-latest">\n{items}\n{more}</ul></body></html>'
    ).encode()


def feed(stories: list[Story]) -> bytes:
    items = "\n".join(
        f"<item><title>{escape(story.title)}</title><link>{story.url}</link>"
        f'<guid isPermaLink="false">{story.url}</guid>'
        f"<pubDate>{format_datetime(story.published.astimezone(WIB))}</pubDate>"
        f"<dc:creator>{escape(story.editor)}</dc:creator>"
        f"<category>{escape(story.section[-1])}</category>"
        f'<media:content url="https://static.republika.co.id/{story.id}.jpg" medium="image" />'
        f"<description><![CDATA[REPUBLIKA.CO.ID,&nbsp;{story.dateline} &ndash;"
        f" {story.paragraphs[0][:120]}...]]></description></item>"
        for story in stories
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">'
        "<channel><title>Republika Online RSS Feed</title><link>https://www.republika.co.id</link>"
        "<description></description><lastBuildDate>Thu, 01 Jan 1970 07:00:00 +0700</lastBuildDate>"
        f"<language>id</language>\n{items}\n</channel></rss>\n"
    ).encode()


def sitemap(stories: list[Story]) -> bytes:
    static = "".join(
        f"<url><loc>https://republika.co.id/kanal/{kanal}/</loc></url>\n" for kanal, _ in KANALS
    )
    recent = "\n".join(
        f"<url><loc>{story.url}</loc>"
        f"<lastmod>{story.changed.astimezone(WIB).isoformat(timespec='seconds')}</lastmod>"
        f"<image:image><image:loc>https://static.republika.co.id/{story.id}.jpg</image:loc>"
        f"<image:caption>{escape(story.title)}</image:caption></image:image></url>"
        for story in stories
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n'
        f"<url><loc>https://republika.co.id/</loc></url>\n{static}{recent}\n</urlset>\n"
    ).encode()
