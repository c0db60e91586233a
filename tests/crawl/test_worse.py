"""Stored articles whose pages show something worse when they are looked at again."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from crawler.dates import now
from tests import site as played
from tests.helpers import pages
from tests.site import Crawler, running_site
from tests.site.stories import article_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.site.stories import Story

KINDS = ("notice", "shorter", "emptied", "other", "blocked", "wall")
NOTICE = "Maaf, artikel yang Anda cari telah dihapus oleh redaksi."
BLOCKED = (
    "<!DOCTYPE html><html><head><title>Situs Diblokir</title></head><body><h1>Situs Diblokir</h1>"
    "<p>Akses ke situs ini dibatasi oleh penyedia layanan internet Anda.</p></body></html>"
)
WALL = (
    "<!DOCTYPE html><html><head><title>Masuk</title></head><body><h1>Masuk</h1>"
    "<p>Silakan masuk untuk melanjutkan membaca di Republika.</p></body></html>"
)
WORSE = (
    "6 of 6 stored articles show a worse page now: a notice, a wall, another article or a much"
    " shorter text; their records stay"
)
_RECORDS = "SELECT id, title, body, url, published_at FROM articles ORDER BY id"
_REVISIONS = "SELECT article_id, body, shrunk FROM revisions"


def records(crawler: Crawler) -> list[tuple]:
    return [tuple(row) for row in crawler.rows(_RECORDS)]


def without_text(story: Story, instead: str) -> str:
    """The story's page, with this where its text is."""
    page = article_page(replace(story, paragraphs=(instead,)), "republika2023").decode()
    return page.replace(f"REPUBLIKA.CO.ID, {story.dateline} -- ", "")


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A crawl, and another one after each page became worse."""
    with running_site() as site:
        crawler = Crawler(tmp_path_factory.mktemp("worse"), site)
        stories = dict(zip(KINDS, site.publish(6, until=now() - timedelta(hours=2)), strict=True))
        first = crawler.crawl("latest", RECHECK_AGES="1h,7d")
        assert first.returncode == 0, first.stderr
        before = records(crawler)
        other = site.publish(until=now() - timedelta(hours=1))[0]
        site.change(stories["shorter"].id, paragraphs=("Kegiatan itu selesai pada sore hari.",))
        worse: list[tuple[str, str | bytes]] = [
            ("notice", without_text(stories["notice"], NOTICE)),
            ("emptied", without_text(stories["emptied"], "")),
            ("other", article_page(other, "republika2023")),
            ("blocked", BLOCKED),
            ("wall", WALL),
        ]
        for kind, page in worse:
            site.misbehave(stories[kind].id, played.content(page))
        urls = ",".join(story.url for story in stories.values())
        time.sleep(1)  # a second later than the first, as the records' moments tell
        second = crawler.crawl("article", "-a", f"url={urls}")
        yield SimpleNamespace(
            crawler=crawler, stories=stories, other=other, before=before, second=second
        )


def test_the_records_stay_as_they_were(looked_at: SimpleNamespace) -> None:
    after = {row[0]: row for row in records(looked_at.crawler)}
    assert [after[row[0]] for row in looked_at.before] == looked_at.before


def test_each_page_becomes_what_it_is(looked_at: SimpleNamespace) -> None:
    found = pages(looked_at.crawler)
    said = {kind: found[story.id] for kind, story in looked_at.stories.items()}
    failed = "the last look at it failed: "
    assert {kind: page["state"] for kind, page in said.items()} == {
        "notice": "gone",
        "shorter": "stored",
        "emptied": "stored",
        "other": "gone",
        "blocked": "stored",
        "wall": "stored",
    }
    assert said["notice"]["reason"] == "a notice that the article was removed is shown"
    assert said["shorter"]["reason"].startswith("the page shows less now, ")
    assert looked_at.other.id in said["other"]["reason"]
    for kind in ("emptied", "blocked", "wall"):
        assert said[kind]["reason"].startswith(failed)
        assert said[kind]["next_check_at"] is not None
    assert found[looked_at.other.id]["state"] in ("pending", "stored")


def test_the_shorter_text_is_kept_beside_the_fuller_one(looked_at: SimpleNamespace) -> None:
    (revision,) = looked_at.crawler.rows(_REVISIONS)
    assert tuple(revision) == (
        looked_at.stories["shorter"].id,
        "Kegiatan itu selesai pada sore hari.",
        1,
    )


def test_the_run_tells_what_was_not_taken(looked_at: SimpleNamespace) -> None:
    shown = looked_at.crawler.scrapy("runs", "2").stdout.splitlines()
    assert "its page has less text, which was not taken:" in shown
    assert "+ Kegiatan itu selesai pada sore hari." in shown


def test_several_are_a_reason_of_health(looked_at: SimpleNamespace) -> None:
    assert looked_at.second.returncode == 1
    assert f"unhealthy: {WORSE}" in looked_at.second.stderr.splitlines()


@pytest.mark.parametrize("database", ["republika.db", "new.db"])
def test_reparse_follows_the_same_rules(looked_at: SimpleNamespace, database: str) -> None:
    crawler = looked_at.crawler
    made = Crawler(crawler.folder, crawler.site)
    made.database = crawler.folder / database
    # The captures are the first one's; to another they must be named.
    named = [] if database == crawler.database.name else [str(crawler.captures)]
    done = made.scrapy("reparse", *named)
    assert "Traceback" not in done.stderr
    after = {row[0]: row for row in records(made)}
    assert [after[row[0]] for row in looked_at.before] == looked_at.before
    assert [row["shrunk"] for row in made.rows(_REVISIONS)] == [1]
    states = {page_id: page["state"] for page_id, page in pages(crawler).items()}
    read_again = pages(made)
    for story in looked_at.stories.values():
        assert read_again[story.id]["state"] == states[story.id]
