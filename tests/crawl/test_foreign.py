"""A page of somebody else, answered in place of the site's with status 200, costs nothing."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from crawler.dates import WIB, now
from tests import site as played
from tests.helpers import pages, stored
from tests.site import Crawler

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site import Site

DAY = datetime(2022, 8, 15, tzinfo=WIB)
BACKFILL = ("backfill", "-a", "since=2022-08-15", "-a", "until=2022-08-15")
PROVIDER = (
    "<!DOCTYPE html><html><head><title>Internet Positif</title></head><body>"
    "<h1>Situs Diblokir</h1><p>Alamat yang Anda tuju tidak dapat diakses.</p></body></html>"
)
PORTAL = (  # which says nothing that is known
    "<!DOCTYPE html><html><head><title>Hotspot Warung Kopi</title></head><body>"
    "<p>Selamat datang. Tekan tombol di bawah untuk mulai berselancar.</p>"
    '<form action="http://10.0.0.1/go"><button>Mulai</button></form></body></html>'
)
REPAIR = (
    "<!DOCTYPE html><html><head><title>Republika</title></head><body>"
    "<p>Situs sedang dalam perbaikan. Silakan kembali beberapa saat lagi.</p></body></html>"
)
NO_PAGE = "akses ditolak oleh proxy"
BODIES = (PROVIDER, PORTAL, REPAIR, NO_PAGE)


def shown(done: object) -> list[str]:
    return [line for line in str(done).splitlines() if line.startswith("unhealthy: ")]


@pytest.mark.parametrize("kind", ["backfill", "latest"])
def test_articles_are_tried_again_until_the_site_itself_answers(
    website: Site, tmp_path: Path, kind: str
) -> None:
    until = DAY + timedelta(hours=20) if kind == "backfill" else now() - timedelta(minutes=5)
    stories = website.publish(10, until=until)
    crawl = BACKFILL if kind == "backfill" else ("latest",)
    crawler = Crawler(tmp_path, website)
    for story, body in zip(stories, BODIES, strict=False):
        website.misbehave(story.id, played.content(body))
    first = crawler.crawl(*crawl, RETRY_WAITS="1s,2s,3s", RECHECK_AGES="")
    assert first.returncode == 1
    assert shown(first.stderr) == ["unhealthy: 4 of 10 articles were rejected or failed"]
    found = pages(crawler)
    for story in stories[:4]:
        assert found[story.id]["state"] == "failed"
        assert found[story.id]["next_check_at"] is not None
    assert len(stored(crawler)) == 6
    website.behave()
    time.sleep(1.1)
    second = crawler.crawl(*crawl, RECHECK_AGES="")
    assert second.returncode == 0, second.stderr
    assert sorted(stored(crawler)) == sorted(story.id for story in stories)


@pytest.mark.parametrize("body", BODIES[:3], ids=["provider", "portal", "repair"])
def test_a_listing_is_read_again(website: Site, tmp_path: Path, body: str) -> None:
    """Its second page does not end the day."""
    stories = website.publish(60, until=DAY + timedelta(hours=23))
    crawler = Crawler(tmp_path, website)
    website.misbehave("/index/50/2022/08/15", played.content(body))
    first = crawler.crawl(*BACKFILL)
    assert first.returncode == 1
    (line,) = shown(first.stderr)
    assert line.startswith("unhealthy: the index of 2022-08-15 is incomplete: ")
    assert len(stored(crawler)) == 50
    website.behave()
    second = crawler.crawl(*BACKFILL)
    assert second.returncode == 0, second.stderr
    assert sorted(stored(crawler)) == sorted(story.id for story in stories)
    website.requests.clear()
    assert crawler.crawl(*BACKFILL).returncode == 0
    assert website.asked("/index/") == [], "the day is complete"


def test_the_newest_index_is_not_ended_by_one(website: Site, tmp_path: Path) -> None:
    website.publish(60, until=now() - timedelta(minutes=5), spacing=timedelta(minutes=1))
    crawler = Crawler(tmp_path, website)
    website.misbehave("/index/50", played.content(PORTAL))
    first = crawler.crawl("latest")
    assert first.returncode == 1
    (line,) = shown(first.stderr)
    assert line.startswith("unhealthy: the index was not read to its end: ")
    website.behave()
    assert crawler.crawl("latest").returncode == 0
    assert len(stored(crawler)) == 60


def test_audit_finds_what_was_rejected_without_ever_being_seen(
    website: Site, tmp_path: Path
) -> None:
    """As earlier versions did; what was given up is asked again too."""
    stories = website.publish(3, until=DAY + timedelta(hours=20))
    foreign, given_up, _ = stories
    crawler = Crawler(tmp_path, website)
    website.misbehave(foreign.id, played.content(PORTAL))
    website.misbehave(given_up.id, played.answer(500))
    crawler.crawl(*BACKFILL, RETRY_TIMES=0, RETRY_WAITS="")
    with closing(sqlite3.connect(crawler.database)) as connection, connection:
        connection.execute(
            "UPDATE pages SET state = 'rejected', reason = 'the page has no title' WHERE id = ?",
            [foreign.id],
        )
    website.behave()
    span = ("--since", "2022-08-15", "--until", "2022-08-15")
    audit = crawler.scrapy("audit", *span, "--list")
    assert audit.returncode == 1
    assert shown(audit.stderr) == ["unhealthy: missing articles: 1"]
    assert "only pages of other sites were shown in its place" in audit.stdout
    repair = crawler.scrapy("audit", *span, "--repair")
    assert "the next crawl fetches what is missing: 2" in repair.stdout
    assert crawler.crawl(*BACKFILL).returncode == 0
    assert sorted(stored(crawler)) == sorted(story.id for story in stories)
    assert crawler.scrapy("audit", *span).returncode == 0


def test_a_rejected_page_of_the_site_stays_rejected(website: Site, tmp_path: Path) -> None:
    (story,) = website.publish(1, until=DAY + timedelta(hours=20))
    crawler = Crawler(tmp_path, website)
    page = (
        f'<!DOCTYPE html><html><head><title>X - Republika</title><link rel="canonical"'
        f' href="{story.url}"></head><body><h1></h1></body></html>'
    )
    website.misbehave(story.id, played.content(page))
    crawler.crawl(*BACKFILL)
    assert pages(crawler)[story.id]["state"] == "rejected"
    audit = crawler.scrapy("audit", "--since", "2022-08-15", "--until", "2022-08-15")
    assert audit.returncode == 0
