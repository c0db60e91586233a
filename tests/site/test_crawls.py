"""The played site: a crawl of it is a crawl of the real one, through a proxy that leads nowhere."""

from __future__ import annotations

import socket
import time
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from crawler.dates import now
from tests import site as played
from tests.site import Crawler, Site, Story, running_site
from tests.site.client import HOME, connection, get

if TYPE_CHECKING:
    from pathlib import Path


# --- whole crawls -----------------------------------------------------------------------------


def test_a_crawl_stores_every_story_of_its_days(website: Site, tmp_path: Path) -> None:
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight - timedelta(days=back) for back in range(5)]
    published = [website.publish(30, until=day + timedelta(hours=23, minutes=40)) for day in days]
    wanted = [story for stories in published[1:4] for story in stories]
    crawler = Crawler(tmp_path, website)
    days_asked = ("-a", f"since={days[3]:%Y-%m-%d}", "-a", f"until={days[1]:%Y-%m-%d}")
    done = crawler.crawl("backfill", *days_asked)
    assert done.returncode == 0, done.stderr
    assert "found 90: 90 new" in done.stdout
    columns = ("id", "url", "title", "lead", "published_at", "dateline")
    stored = crawler.rows(f"SELECT {', '.join(columns)}, body FROM articles ORDER BY id")
    assert [tuple(row) for row in stored] == [
        (
            *(story.id, story.url, story.title, story.lead),
            *(story.published.isoformat(), story.dateline),
            "\n\n".join(story.paragraphs),
        )
        for story in sorted(wanted, key=lambda story: story.id)
    ]
    hosts = {story.host for story in wanted} | {"republika.co.id"}
    assert {asked.host for asked in website.asked("/robots.txt")} == hosts
    assert {asked.status for asked in website.requests} == {200}
    asked_for = [asked.path for asked in website.asked("/berita/")]
    assert sorted(asked_for) == sorted(story.path for story in wanted)


def test_certificates_are_verified(website: Site, story: Story, tmp_path: Path) -> None:
    class Distrustful(Crawler):
        def environment(self, **settings: object) -> dict[str, str]:
            environment = super().environment(**settings)
            del environment["SSL_CERT_FILE"]
            return environment

    crawler = Distrustful(tmp_path, website)
    done = crawler.crawl("article", "-a", f"url={story.url}", RETRY_ENABLED=False)
    assert done.returncode == 1
    assert "certificate verify failed" in done.stderr
    assert website.requests == []


def test_a_crawl_can_be_killed(website: Site, tmp_path: Path) -> None:
    stories = website.publish(3, host="ekonomi.republika.co.id")
    website.misbehave("/berita/", played.hang())
    crawler = Crawler(tmp_path, website)
    with crawler.start("article", "-a", f"url={','.join(s.url for s in stories)}") as process:
        deadline = time.monotonic() + 60
        while len(website.asked("/berita/")) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.kill()
    assert process.returncode == -9
    assert {asked.status for asked in website.asked("/berita/")} == {0}
    states = crawler.rows("SELECT state FROM pages WHERE state != ?", "stored")
    assert [row["state"] for row in states] == ["pending"] * 3
    assert "Spider opened" in crawler.log.read_text()


# --- the proxy --------------------------------------------------------------------------------


def test_a_connection_is_kept(website: Site, story: Story) -> None:
    with closing(connection(website, story.host)) as way:
        for _ in range(3):
            way.request("GET", story.path)
            assert way.getresponse().read()
            kept = way.sock
        assert way.sock is kept
    assert [asked[1:] for asked in website.requests] == [(story.host, story.path, 200, False)] * 3
    times = [asked.time for asked in website.requests]
    assert times == sorted(times)


def test_plain_http_is_served(website: Site, story: Story) -> None:
    assert get(website, story.url.replace("https:", "http:")).body == get(website, story.url).body
    assert {asked.host for asked in website.requests} == {story.host}


def test_nothing_but_the_site_is_reached(website: Site) -> None:
    with pytest.raises(OSError, match="403"):
        get(website, "https://contoh.id/berita/")
    assert get(website, "http://127.0.0.1/berita/?a=b").status == 403
    assert get(website, "http://republika.co.id.contoh.id/").status == 403
    assert [asked[1:] for asked in website.requests] == [
        ("contoh.id", "", 403, False),
        ("127.0.0.1", "/berita/?a=b", 403, False),
        ("republika.co.id.contoh.id", "/", 403, False),
    ]


@pytest.mark.parametrize("host", ["republika.co.id", "news.republika.co.id", "ihram.co.id"])
def test_every_host_of_the_site_is_trusted(website: Site, host: str) -> None:
    assert get(website, f"https://{host}/robots.txt").status == 200


def test_an_error_of_the_site_itself_fails_the_test() -> None:
    def fail(url: str, right: played.Response) -> played.Response:
        raise KeyError(url)

    with pytest.RaisesGroup(KeyError), running_site() as site:
        site.misbehave("", fail)
        with pytest.raises(ConnectionError):
            get(site, HOME)


def test_a_site_with_open_connections_ends() -> None:
    with running_site() as site, closing(connection(site, "republika.co.id")) as idle:
        idle.request("GET", "/")
        idle.getresponse().read()
        site.misbehave("/berita/", played.hang())
        with closing(connection(site, "republika.co.id")) as waiting:
            waiting.request("GET", "/berita/x")
            with closing(socket.create_connection((idle.host, idle.port))):
                began = time.monotonic()
                # and so does everything above
    assert time.monotonic() - began < 3
