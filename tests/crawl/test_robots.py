"""What robots.txt says, and what pages say besides, is kept and told."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from crawler import settings
from crawler.dates import now
from tests import site as played
from tests.helpers import last_run, pages, stored, unhealthy, wait_for
from tests.site import Crawler

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site import Site
from tests.crawl.trouble import NEWS, articles

AI = (
    "User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /\n\n"
    "User-agent: GPTBot\nUser-agent: Scrapy\nDisallow: /\n"
)


def gaps(website: Site) -> list[float]:
    """Seconds from each request to the next."""
    times = sorted(asked.time for asked in website.requests)
    return [later - earlier for earlier, later in pairwise(times)]


def test_a_contact_is_no_name(website: Site, tmp_path: Path) -> None:
    (story,) = website.publish(**NEWS)
    website.misbehave(
        "/robots.txt", played.robots("User-agent: scrapy\nUser-agent: gptbot\nDisallow: /\n")
    )
    crawler = Crawler(tmp_path, website)
    contact = "republika-crawler/0.1 (+mailto:scrapy@gptbot.contoh.id)"
    done = crawler.crawl(*articles(tmp_path, story), USER_AGENT=contact)
    assert done.returncode == 0, done.stderr
    # Under another name of one's own, that name counts.
    website.misbehave("/robots.txt", played.robots("User-agent: kolektor\nDisallow: /\n"))
    done = crawler.crawl(*articles(tmp_path, story), USER_AGENT="Kolektor/2.0")
    assert "robots.txt forbids the crawler what it asks for" in unhealthy(done)


def test_a_file_that_comes_late_is_obeyed_within_the_run(website: Site, tmp_path: Path) -> None:
    stories = website.publish(3, **NEWS)
    website.misbehave(f"https://{NEWS['host']}/robots.txt", played.answer(503), times=3)
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl(*articles(tmp_path, *stories))
    assert done.returncode == 0, done.stderr
    assert stored(crawler) == {story.id for story in stories}
    assert len(website.asked("/robots.txt")) == 4


def test_crawl_delay_is_kept_and_said(website: Site, tmp_path: Path) -> None:
    stories = website.publish(3, **NEWS)
    website.misbehave("/robots.txt", played.robots("User-agent: *\nCrawl-delay: 0.7\n"))
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl(*articles(tmp_path, *stories), DOWNLOAD_DELAY=0.1)
    assert done.returncode == 0, done.stderr
    assert sum(gaps(website)) > 3 * 0.65
    says = f"note: robots.txt of {NEWS['host']} asks for 0.7 s between requests: kept"
    assert says in done.stdout.splitlines()


def test_a_crawl_delay_of_an_hour_is_kept_up_to_a_bound(website: Site, tmp_path: Path) -> None:
    (story,) = website.publish(**NEWS)
    website.misbehave("/robots.txt", played.robots("User-agent: *\nCrawl-delay: 3600\n"))
    crawler = Crawler(tmp_path, website)
    says = f"robots.txt of {NEWS['host']} asks for 3600 s between requests: 30 are kept"
    with crawler.start(*articles(tmp_path, story)) as process:
        wait_for(lambda: says in crawler.log.read_text())
        process.kill()


def test_a_refused_file_is_said(website: Site, tmp_path: Path) -> None:
    (story,) = website.publish(**NEWS)
    website.misbehave("/robots.txt", played.answer(403))
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl(*articles(tmp_path, story))
    assert done.returncode == 0, done.stderr
    says = (
        f"note: robots.txt of {NEWS['host']} is refused (HTTP 403): the host states no rules, so"
        " all may be asked"
    )
    assert says in done.stdout.splitlines()
    assert says.removeprefix("note: ") in last_run(crawler)["notes"]


def test_all_hosts_share_one_pace(website: Site, tmp_path: Path) -> None:
    hosts = ("news", "ekonomi", "khazanah", "sport")
    stories = [
        website.change(story.id, host=f"{host}.republika.co.id")
        for story, host in zip(website.publish(4), hosts, strict=True)
    ]
    crawler = Crawler(tmp_path, website)
    paced = {"DOWNLOAD_DELAY": 0.3, "DOWNLOAD_DELAY_JITTER": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
    done = crawler.crawl(*articles(tmp_path, *stories), **paced)
    assert done.returncode == 0, done.stderr
    assert len(website.requests) == 8
    assert sum(gaps(website)) > 7 * 0.28
    website.requests.clear()
    done = crawler.crawl(*articles(tmp_path, *stories), **paced, ONE_PACE=0)
    assert done.returncode == 0, done.stderr
    assert min(gaps(website)) < 0.2, "each host has its own"


def test_a_page_that_hangs_holds_up_no_other(website: Site, tmp_path: Path) -> None:
    hanging, *others = website.publish(4, **NEWS)
    website.misbehave(hanging.id, played.hang())
    crawler = Crawler(tmp_path, website)
    own = settings.CONCURRENT_REQUESTS_PER_DOMAIN
    done = crawler.crawl(
        *articles(tmp_path, hanging, *others),
        CONCURRENT_REQUESTS_PER_DOMAIN=own,
        DOWNLOAD_TIMEOUT=10,
        RETRY_TIMES=1,
    )
    assert f"{len(others)} new" in done.stdout
    _, again = website.asked(hanging.id)
    assert max(asked.time for story in others for asked in website.asked(story.id)) < again.time


def test_what_asks_not_to_be_used_for_training_is_recorded(website: Site, tmp_path: Path) -> None:
    stories = website.publish(3, **NEWS)
    website.misbehave("/robots.txt", played.robots(AI))
    metas = (
        '<head><meta name="robots" content="noai, noimageai">'
        '<meta name="tdm-reservation" content="1">'
    )

    def reserve(url: str, right: played.Response) -> played.Response:
        body = right.body.replace(b"<head>", metas.encode(), 1)
        return played.answer(200, body, TDM_Reservation="1")(url, right)

    website.misbehave("/berita/", reserve)
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl(*articles(tmp_path, *stories))
    assert done.returncode == 0, done.stderr
    signals = json.loads(last_run(crawler)["signals"])
    host = NEWS["host"]
    assert signals == {
        f"robots.txt of {host}: Content-Signal: search=yes, ai-train=no": 1,
        f"robots.txt of {host} refuses GPTBot": 1,
        'page: <meta name="robots" content="noai, noimageai">': 3,
        'page: <meta name="tdm-reservation" content="1">': 3,
        "page: TDM-Reservation: 1": 3,
    }
    shown = crawler.scrapy("runs", "1").stdout.splitlines()
    for signal, times in signals.items():
        assert f"against use for training: {signal} ({times} times)" in shown


def test_a_run_without_signals_has_none(website: Site, tmp_path: Path) -> None:
    (story,) = website.publish(**NEWS)
    crawler = Crawler(tmp_path, website)
    website.misbehave("/robots.txt", played.robots("User-agent: *\nAllow: /\n"))
    crawler.crawl(*articles(tmp_path, story))
    assert last_run(crawler)["signals"] is None


def test_hosts_that_are_none_of_the_site_s_are_not_asked(website: Site, tmp_path: Path) -> None:
    (story,) = website.publish(until=now() - timedelta(minutes=5), **NEWS)
    links = "".join(
        f"<item><title>a</title><link>https://{host}/berita/{story.id}/judul</link></item>"
        for host in ("localhost.republika.co.id", "a.b.c.republika.co.id", "10.0.0.1")
    )
    website.misbehave("/rss", played.content(f"<rss>{links}</rss>", played.XML))
    crawler = Crawler(tmp_path, website)
    crawler.crawl("latest")
    assert {page["url"] for page in pages(crawler).values()} == {story.url}
    assert {asked.host for asked in website.requests} == {
        *("republika.co.id", "www.republika.co.id", NEWS["host"])
    }
