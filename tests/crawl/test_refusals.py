"""Walls, pauses and robots.txt end a run."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from crawler.dates import now
from tests import site as played
from tests.helpers import last_run, pages, stored, unhealthy
from tests.site import Crawler, running_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.site import Site
from tests.crawl.refusals import BACKFILL, DAY
from tests.crawl.trouble import NEWS, articles

# --- a site that refuses ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behaviour", "says", "most"),
    [
        (played.too_many(3600), "the site asks to wait for 1:00:00 (HTTP 429)", 1),
        (played.challenge(), "the site refuses the crawler: ", 1),
        (played.answer(403), "the site refuses the crawler: HTTP 403 again and again", 5),
    ],
    ids=["come-back-in-an-hour", "challenge", "five-refusals"],
)
def test_a_refusal_ends_the_run(
    website: Site, tmp_path: Path, behaviour: played.Behaviour, says: str, most: int
) -> None:
    stories = website.publish(20, until=DAY, **NEWS)
    website.misbehave("/berita/", behaviour)
    crawler = Crawler(tmp_path, website)
    paced = {"CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0.1}
    done = crawler.crawl(*BACKFILL, **paced)
    assert any(line.startswith(says) for line in unhealthy(done))
    assert len(website.asked("/berita/")) <= most + 1, "one may be on its way"
    assert stored(crawler) == set()
    row = last_run(crawler)
    assert (row["finish_reason"], row["healthy"], row["found"]) == ("blocked", 0, 20)
    assert (row["failed"], row["pending"]) == (most, 20 - most)
    assert says in row["why"]
    states = [page["state"] for page in pages(crawler).values()]
    assert (states.count("failed"), states.count("pending")) == (most, 20 - most)
    if most == 1:
        return
    # What waits is taken up when the site is open again; what failed, when it is due.
    website.behave()
    again = crawler.crawl(*BACKFILL, **paced)
    assert again.returncode == 0, again.stderr
    assert f" {20 - most} new, 0 updated, " in again.stdout
    assert stored(crawler) == {story.id for story in stories} - {
        page["id"] for page in pages(crawler).values() if page["state"] == "failed"
    }


def test_a_pause_of_an_hour_is_kept_over_runs(website: Site, tmp_path: Path) -> None:
    (story,) = website.publish(**NEWS)
    website.misbehave("/berita/", played.too_many(3600))
    crawler = Crawler(tmp_path, website)
    began = now()
    done = crawler.crawl(*articles(tmp_path, story), RETRY_WAITS="1s,2s")
    assert unhealthy(done)
    page = pages(crawler)[story.id]
    assert (page["state"], page["reason"]) == ("failed", "HTTP 429")
    assert datetime.fromisoformat(page["next_check_at"]) >= began + timedelta(hours=1)


def test_a_wall_in_place_of_a_listing_ends_the_run(website: Site, tmp_path: Path) -> None:
    website.publish(3, until=DAY, **NEWS)
    crawler = Crawler(tmp_path, website)
    # With status 403, and with 200, as some walls have it.
    website.misbehave("/index/", played.challenge(), times=1)
    done = crawler.crawl(*BACKFILL)
    assert any(line.startswith("the site refuses the crawler: ") for line in unhealthy(done))
    assert last_run(crawler)["finish_reason"] == "blocked"
    wall = played.challenge()("", played.Response())
    website.misbehave("/index/", played.content(wall.body), times=1)
    done = crawler.crawl(*BACKFILL)
    assert any(line.startswith("the site refuses the crawler: ") for line in unhealthy(done))
    assert last_run(crawler)["finish_reason"] == "blocked"
    assert website.asked("/berita/") == []


# --- robots.txt -------------------------------------------------------------------------------


ROBOTS: dict[str, tuple[played.Behaviour, bool]] = {  # and whether articles may be asked for
    "shut": (played.robots(), False),
    "named": (played.robots("User-agent: republika-crawler\nDisallow: /berita/\n"), False),
    "others": (played.robots("User-agent: Scrapy\nUser-agent: GPTBot\nDisallow: /\n"), True),
    "missing": (played.answer(404, "Disallow: /"), True),
    "html": (played.content("<!DOCTYPE html><html><body>Beranda</body></html>"), True),
    "error": (played.answer(500), False),
    "slow": (played.hang(), False),
}


@pytest.fixture(scope="module")
def robots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A crawl of two articles from each of some hosts that differ in their robots.txt."""
    folder = tmp_path_factory.mktemp("robots")
    with running_site() as site:
        stories = []
        start = now()
        for number, (host, (behaviour, _)) in enumerate(ROBOTS.items()):
            until = start - timedelta(hours=number)
            stories += site.publish(2, until=until, host=f"{host}.republika.co.id")
            site.misbehave(f"https://{host}.republika.co.id/robots.txt", behaviour)
        crawler = Crawler(folder, site)
        done = crawler.crawl(*articles(folder, *stories), DOWNLOAD_TIMEOUT=1)
        yield SimpleNamespace(site=site, crawler=crawler, done=done)


@pytest.mark.parametrize("host", ROBOTS)
def test_robots_txt_is_obeyed(robots: SimpleNamespace, host: str) -> None:
    allowed = ROBOTS[host][1]
    name = f"{host}.republika.co.id"
    assert len(robots.site.asked(f"https://{name}/berita/")) == (2 if allowed else 0)
    found = [page for page in pages(robots.crawler).values() if f"//{name}/" in page["url"]]
    assert [page["state"] for page in found] == ["stored" if allowed else "pending"] * 2
    for page in found:
        assert ("robots" in (page["reason"] or "")) == (not allowed)


def test_a_refusal_by_robots_txt_is_unhealthy(robots: SimpleNamespace) -> None:
    told = unhealthy(robots.done)
    assert "robots.txt forbids the crawler what it asks for" in told
    for host, reason in (("error", "HTTP 500"), ("slow", ".*")):
        says = rf"robots\.txt of {host}\.republika\.co\.id cannot be had \({reason}\): nothing may"
        assert [line for line in told if re.match(says, line)], told
    assert last_run(robots.crawler)["why"].splitlines() == told


def test_an_index_that_robots_txt_forbids_ends_in_1(website: Site, tmp_path: Path) -> None:
    website.publish(10, **NEWS)
    website.misbehave("/robots.txt", played.robots())
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl("latest")
    assert "robots.txt forbids the crawler what it asks for" in unhealthy(done)
    assert {asked.path for asked in website.requests} == {"/robots.txt"}
    assert crawler.rows("SELECT count(*) FROM pages")[0][0] == 0
