"""The scheduled run, over a real network path: complete, incremental, and honest about trouble."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from crawler.dates import now
from tests import site as played
from tests.helpers import stored, wait_for
from tests.site import Crawler, running_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.site import Site, Story

# One host, so that a run asks for few robots.txt.
NEWS: dict[str, Any] = {"host": "news.republika.co.id", "section": ("News", "Umum")}
FEEDS = re.compile(r"/rss|/sitemap\.xml")
INDEX = re.compile(r"/index/\d+$")
ROBOTS = "/robots.txt"


def without(*stories: Story) -> played.Behaviour:
    """A listing that leaves these out, as if its editors had hidden them."""

    def leave_out(url: str, right: played.Response) -> played.Response:
        body = right.body.decode()
        for story in stories:
            body = re.sub(
                rf'<li [^>]*><a href="{story.url}">.*?</li>\n?', "", body, flags=re.DOTALL
            )
        return replace(right, body=body.encode())

    return leave_out


def offsets(site: Site) -> list[int]:
    """Where the pages of the index began that were asked for, in order."""
    return [int(asked.path.rpartition("/")[2]) for asked in site.asked(INDEX)]


def ids(stories: list[Story]) -> set[str]:
    return {story.id for story in stories}


def fetched(site: Site) -> list[str]:
    """The ids of the articles that were asked for."""
    return sorted(asked.path.split("/")[2] for asked in site.asked("/berita/"))


def everything(crawler: Crawler) -> list[tuple]:
    """Each column of each article, the moments of its storing among them."""
    return list(map(tuple, crawler.rows("SELECT rowid, * FROM articles ORDER BY id")))


def last_run(crawler: Crawler) -> dict:
    return dict(crawler.rows("SELECT * FROM runs ORDER BY id DESC LIMIT 1")[0])


# --- a site that goes on ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Four runs: on an empty database, on an unchanged site, after 3 and after 130 new articles.

    Of each there is what came of it, what the site was asked, and what was stored then.
    """
    with running_site() as site:
        crawler = Crawler(tmp_path_factory.mktemp("life"), site)
        start = now()

        def run() -> SimpleNamespace:
            site.requests.clear()
            done = crawler.crawl("latest", RECHECK_AGES="")
            return SimpleNamespace(
                done=done,
                offsets=offsets(site),
                fetched=fetched(site),
                asked=list(site.requests),
                stored=stored(crawler),
                articles=everything(crawler),
                row=last_run(crawler),
            )

        old = site.publish(120, until=start - timedelta(hours=3), **NEWS)
        # The newest is in the feeds only, and one behind them in the sitemap only.
        hidden = [old[-1], old[-40]]
        site.misbehave("/index/", without(*hidden))
        first = run()
        site.behave()
        second = run()
        few = site.publish(3, until=start - timedelta(hours=2), **NEWS)
        third = run()
        many = site.publish(130, until=start, spacing=timedelta(seconds=50), **NEWS)
        fourth = run()
        yield SimpleNamespace(
            crawler=crawler,
            runs=[first, second, third, fourth],
            published=[ids(old), set(), ids(few), ids(many)],
            hidden=hidden,
        )


def test_an_empty_database_is_filled_with_what_is_shown(life: SimpleNamespace) -> None:
    first = life.runs[0]
    assert first.done.returncode == 0, first.done.stderr
    assert "found 120: 120 new, 0 updated, 0 unchanged" in first.done.stdout
    assert first.stored == life.published[0]
    assert first.offsets == [0, 50, 100, 150]
    assert first.fetched == sorted(life.published[0]), "each was asked for once"


def test_feeds_and_sitemap_bring_what_the_index_lacks(life: SimpleNamespace) -> None:
    found_in = {
        row["id"]: row["found_in"] for row in life.crawler.rows("SELECT id, found_in FROM pages")
    }
    newest, behind = (found_in[story.id] for story in life.hidden)
    assert FEEDS.search(newest)
    assert behind == "https://republika.co.id/files/xml/sitemap.xml"


def test_an_unchanged_site_is_asked_for_listings_only(life: SimpleNamespace) -> None:
    first, second = life.runs[:2]
    assert second.done.returncode == 0, second.done.stderr
    assert "found 120: 0 new, 0 updated, 120 unchanged, 0 rejected" in second.done.stdout
    assert second.offsets == [0], "the first page shows nothing new"
    assert second.fetched == []
    others = [asked for asked in second.asked if not INDEX.search(asked.path)]
    assert all(FEEDS.search(asked.path) or asked.path == ROBOTS for asked in others)
    assert second.articles == first.articles, "no article was written again"
    assert life.crawler.rows("SELECT 1 FROM revisions") == []


@pytest.mark.parametrize("number", [2, 3])
def test_only_what_is_new_is_fetched(life: SimpleNamespace, number: int) -> None:
    before, after = life.runs[number - 1 : number + 1]
    assert after.done.returncode == 0, after.done.stderr
    assert f": {len(life.published[number])} new, 0 updated" in after.done.stdout
    assert after.fetched == sorted(life.published[number])
    assert after.stored == before.stored | life.published[number]
    assert set(before.articles) < set(after.articles), "what was there was not touched"


def test_a_pause_is_caught_up_page_by_page(life: SimpleNamespace) -> None:
    assert life.runs[2].offsets == [0, 50], "the second page shows nothing new"
    assert life.runs[3].offsets == [0, 50, 100, 150]


def test_each_run_is_in_the_history(life: SimpleNamespace) -> None:
    for number, run in enumerate(life.runs):
        row = run.row
        assert (row["id"], row["spider"], row["arguments"]) == (number + 1, "latest", "{}")
        assert (row["healthy"], row["why"], row["finish_reason"]) == (1, None, "finished")
        assert row["new"] == len(life.published[number])
        states = ("new", "updated", "unchanged", "rejected", "gone", "failed", "pending")
        assert row["found"] == sum(row[state] for state in states)


# --- the first run's reach --------------------------------------------------------------------


def test_a_first_run_reads_twenty_pages_of_the_index(website: Site, tmp_path: Path) -> None:
    stories = website.publish(1_060, spacing=timedelta(minutes=1), **NEWS)[::-1]
    # The run is about listings: what is not among the newest was taken down, which costs little.
    shown = {story.path for story in stories[:20]}
    website.misbehave(
        lambda host, path: path.startswith("/berita/") and path not in shown, played.answer(404)
    )
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl("latest", CAPTURES="", RECHECK_AGES="")
    assert done.returncode == 0, done.stderr
    assert offsets(website) == list(range(0, 1_000, 50))
    assert "found 1000: 20 new, 0 updated, 0 unchanged, 0 rejected, 980 gone" in done.stdout
    pages = {row["id"] for row in crawler.rows("SELECT id FROM pages")}
    assert pages == ids(stories[:1_000])


# --- interrupted walks ------------------------------------------------------------------------


def test_a_killed_run_does_not_let_the_next_one_stop_early(website: Site, tmp_path: Path) -> None:
    crawler = Crawler(tmp_path, website)
    start = now()
    website.publish(20, until=start - timedelta(hours=5), **NEWS)
    assert crawler.crawl("latest").returncode == 0
    website.publish(130, until=start, spacing=timedelta(minutes=1), **NEWS)
    for url in ("/index/50", "/sitemap.xml"):
        website.misbehave(url, played.hang())
    with crawler.start("latest") as process:
        newest = ids(website.newest()[:50])
        wait_for(lambda: website.asked("/index/50") and newest <= stored(crawler))
        process.kill()
    assert len(stored(crawler)) == 70, "the first page of the index is stored"
    # Feeds and sitemap would hide what the index loses.
    website.behave()
    website.misbehave(FEEDS, played.answer(404))
    done = crawler.crawl("latest")
    assert done.returncode == 0, done.stderr
    assert stored(crawler) == set(website.articles)
    assert fetched(website) == sorted(website.articles), "none was fetched twice"
    killed, last = crawler.rows("SELECT * FROM runs ORDER BY id")[1:]
    assert (killed["healthy"], killed["finish_reason"]) == (0, "killed")
    assert (last["healthy"], last["new"], last["pending"]) == (1, 80, 0)


def test_an_index_page_that_fails_is_named_and_made_up_for(website: Site, tmp_path: Path) -> None:
    crawler = Crawler(tmp_path, website)
    website.publish(130, spacing=timedelta(minutes=2), **NEWS)
    website.misbehave(FEEDS, played.answer(404))
    website.misbehave("/index/50", played.answer(500))
    done = crawler.crawl("latest", RETRY_TIMES=0)
    assert done.returncode == 1
    says = "the index was not read to its end: https://republika.co.id/index/50: HTTP 500"
    assert f"unhealthy: {says}" in done.stderr.splitlines()
    assert stored(crawler) == ids(website.newest()[:50]), "what it shows is stored all the same"
    row = last_run(crawler)
    assert (row["healthy"], row["why"]) == (0, says)
    website.behave()
    website.misbehave(FEEDS, played.answer(404))
    again = crawler.crawl("latest")
    assert again.returncode == 0, again.stderr
    assert "found 130: 80 new, 0 updated, 50 unchanged" in again.stdout
    assert stored(crawler) == set(website.articles)


# --- listings that say nothing, or nonsense ---------------------------------------------------


@pytest.fixture(scope="module")
def bad_feeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A run over a site of which every feed is bad in its own way, and the sitemap, too."""
    with running_site() as site:
        newest = site.publish(20, **NEWS)[-1]
        site.misbehave("/index/", without(newest))
        link = "<item><title>Judul</title><link>{}</link></item>"
        foreign = (
            "https://contoh.id/berita/rgmwym370/judul",
            "http://127.0.0.1/berita/rgmwym370/judul",
            "file:///etc/hostname",
            "https://republika.co.id.contoh.id/berita/rgmwym370/judul",
            "https://republika.co.id@contoh.id/berita/rgmwym370/judul",
        )
        links = "".join(map(link.format, foreign))
        feed = f"<rss version='2.0'><channel>{links}</channel></rss>"
        site.misbehave(re.compile("/rss$"), played.broken_feed())
        site.misbehave("/rss/ekonomi", played.stale_feed())
        site.misbehave("/rss/internasional", played.content("", played.XML))
        site.misbehave("/rss/khazanah", played.content(feed, played.XML))
        site.misbehave("/rss/otomotif", played.answer(404))
        site.misbehave("/rss/pendidikan", played.answer(500))
        site.misbehave("/sitemap.xml", played.content("<html>Bukan peta situs</html>"))
        crawler = Crawler(tmp_path_factory.mktemp("feeds"), site)
        done = crawler.crawl("latest", RETRY_TIMES=0)
        yield SimpleNamespace(site=site, crawler=crawler, done=done, newest=newest)


def test_bad_feeds_are_noted_and_do_no_harm(bad_feeds: SimpleNamespace) -> None:
    done, crawler = bad_feeds.done, bad_feeds.crawler
    assert done.returncode == 0, done.stderr
    assert "found 20: 20 new, 0 updated" in done.stdout
    assert stored(crawler) == set(bad_feeds.site.articles)
    assert crawler.rows("SELECT count(*) FROM pages")[0][0] == 20


@pytest.mark.parametrize(
    ("feed", "says"),
    [
        ("https://www.republika.co.id/rss/ekonomi", "shows nothing newer than 30 days"),
        ("https://www.republika.co.id/rss/internasional", "cannot be read: "),
        ("https://www.republika.co.id/rss/khazanah", "is empty"),
        ("https://www.republika.co.id/rss/otomotif", "cannot be read: HTTP 404"),
        ("https://www.republika.co.id/rss/pendidikan", "cannot be read: HTTP 500"),
        ("https://republika.co.id/files/xml/sitemap.xml", "cannot be read: "),
    ],
)
def test_a_bad_feed_is_noted(bad_feeds: SimpleNamespace, feed: str, says: str) -> None:
    (note,) = [line for line in bad_feeds.done.stdout.splitlines() if f" {feed} " in line]
    assert note.startswith(f"note: the feed {feed} {says}")
    row = last_run(bad_feeds.crawler)
    assert (row["healthy"], row["why"]) == (1, None)
    assert note.removeprefix("note: ") in row["notes"].splitlines()


def test_what_is_whole_of_a_broken_feed_is_read(bad_feeds: SimpleNamespace) -> None:
    sql = "SELECT state, found_in FROM pages WHERE id = ?"
    (page,) = bad_feeds.crawler.rows(sql, bad_feeds.newest.id)
    assert tuple(page) == ("stored", "https://www.republika.co.id/rss"), "nothing else shows it"


def test_a_feed_leads_to_no_other_site(bad_feeds: SimpleNamespace) -> None:
    asked = bad_feeds.site.requests
    assert {asked.host for asked in asked} == {
        *("republika.co.id", "www.republika.co.id", "news.republika.co.id")
    }


def test_articles_of_a_stale_feed_are_not_fetched(bad_feeds: SimpleNamespace) -> None:
    assert fetched(bad_feeds.site) == sorted(bad_feeds.site.articles)


def test_an_index_without_links_is_unhealthy(website: Site, tmp_path: Path) -> None:
    website.publish(10, **NEWS)
    website.misbehave("/index/", played.empty_index())
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl("latest")
    assert done.returncode == 1
    says = "the index shows no article: https://republika.co.id/index/0: has the site changed?"
    assert f"unhealthy: {says}" in done.stderr.splitlines()
    assert "found 10: 10 new" in done.stdout, "the feeds have them"
    assert last_run(crawler)["why"] == says
    # It was not read to its end: the next run does not rely on it.
    website.behave()
    assert crawler.crawl("latest").returncode == 0
    assert offsets(website) == [0, 0, 50]


def test_a_site_that_stands_still_is_unhealthy(website: Site, tmp_path: Path) -> None:
    last = now() - timedelta(days=2)
    website.publish(10, until=last, **NEWS)
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl("latest")
    assert done.returncode == 1
    says = f"unhealthy: the newest article is 48 hours old ({last:%Y-%m-%d %H:%M})"
    assert says in done.stderr.splitlines()
    assert len(stored(crawler)) == 10, "what there is is stored all the same"
    assert last_run(crawler)["healthy"] == 0
    # The same of a later run that finds nothing new.
    again = crawler.crawl("latest")
    assert again.returncode == 1
    assert "found 10: 0 new, 0 updated, 10 unchanged" in again.stdout
