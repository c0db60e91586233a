"""Pages that are not the article, answered with 200 in its place, before and after it is stored."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tests import site as played
from tests.crawl.refusals import BACKFILL, DAY
from tests.crawl.test_foreign import NO_PAGE, PORTAL, PROVIDER, REPAIR
from tests.crawl.test_worse import NOTICE, WALL, without_text
from tests.faults.checks import NEWS, QUIET, complete, ended, sound
from tests.faults.protocol import SHORT
from tests.site import Crawler, running_site
from tests.site.stories import article_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.site.stories import Story


def _page(story: Story) -> bytes:
    return article_page(story, "republika2023")


def _cut_off(story: Story) -> bytes:
    return _page(story).partition(story.paragraphs[-1].encode())[0]


# Made of the story that is asked for, and of another one.
PAGES: dict[str, Callable[[Story, Story], str | bytes]] = {
    "a notice that it was removed": lambda story, _: without_text(story, NOTICE),
    "no text": lambda story, _: without_text(story, ""),
    "no title, no text": lambda story, _: without_text(replace(story, title=""), ""),
    "another article": lambda _, other: _page(other),
    "a login": lambda *_: WALL,
    "a login in its template": lambda story, _: without_text(
        story, "Silakan masuk untuk melanjutkan membaca artikel ini."
    ),
    "a provider's block page": lambda *_: PROVIDER,
    "a page of a wifi portal": lambda *_: PORTAL,
    "the site in repair": lambda *_: REPAIR,
    "a proxy's sentence": lambda *_: NO_PAGE,
    "a page cut off in its text": lambda story, _: _cut_off(story),
    "its head alone": lambda story, _: _page(story).partition(b"<body")[0],
    "its last half": lambda story, _: _page(story)[len(_page(story)) // 2 :],
    "zeros": lambda story, _: bytes(len(_page(story))),
    "a picture": lambda *_: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "compressed twice": lambda story, _: gzip.compress(_page(story)),
    "JSON": lambda story, _: f'{{"title": "{story.title}"}}',
    "blanks": lambda *_: " \n" * 1_000,
}


def before_it_is_stored(name: str, folder: Path) -> list[str]:
    """The first look at one of five articles shows such a page; then the site is well again."""
    with running_site() as site:
        story, other, *_ = site.publish(5, until=DAY, spacing=timedelta(minutes=1), **NEWS)
        folder.mkdir()
        crawler = Crawler(folder, site)
        site.misbehave(story.id, played.content(PAGES[name](story, other)))
        wrong = ended(crawler.crawl(*BACKFILL, *QUIET, **SHORT), 0) + sound(crawler)
        site.behave()
        return wrong + _asked_again(crawler, story)


def after_it_was_stored(name: str, folder: Path) -> list[str]:
    """A later look at one of five articles shows such a page; then the site is well again."""
    with running_site() as site:
        story, other, *_ = site.publish(5, until=DAY, spacing=timedelta(minutes=1), **NEWS)
        folder.mkdir()
        crawler = Crawler(folder, site)
        wrong = ended(crawler.crawl(*BACKFILL, *QUIET), 0)
        site.misbehave(story.id, played.content(PAGES[name](story, other)))
        wrong += ended(crawler.crawl("article", "-a", f"url={story.url}", *QUIET, **SHORT), 1)
        stored = crawler.rows("SELECT 1 FROM articles WHERE id = ?", story.id)
        wrong += sound(crawler) + ([] if stored else ["the record is lost"])
        site.behave()
        return wrong + _asked_again(crawler, story)


def _asked_again(crawler: Crawler, story: Story) -> list[str]:
    done = crawler.crawl("article", "-a", f"url={story.url}", *QUIET)
    return ended(done, 0) + complete(crawler)


PLAYS: dict[str, Callable[[str, Path], list[str]]] = {
    "before an article is stored": before_it_is_stored,
    "after it was stored": after_it_was_stored,
}
