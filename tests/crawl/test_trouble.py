"""What goes wrong on the way to an article is counted, named, and mended later."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from crawler.captures.warc import read_capture
from crawler.dates import now
from tests import site as played
from tests.helpers import last_run, pages, stored, unhealthy
from tests.site import Crawler, running_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.site import Site
from tests.crawl.trouble import NEWS, articles

# --- articles that go wrong, all in one crawl -------------------------------------------------


def cut_off(url: str, right: played.Response) -> played.Response:
    """The page up to the middle of its text, sent as if it were all of it."""
    return replace(right, body=right.body[: right.body.index(b"Peserta dibagi")])


HOME_INSTEAD = r"the home page is shown in place of the article"
# By the host of each: what it does how often, what becomes of it and why, how often it is asked.
TROUBLES: dict[str, tuple[played.Behaviour | None, float, str, str | None, int]] = {
    "fine": (None, 1, "stored", None, 1),
    "error": (played.answer(500), 99, "failed", r"HTTP 500", 3),
    "busy": (played.answer(503), 1, "stored", None, 2),
    "toomany": (played.too_many(2), 1, "stored", None, 2),
    "slow": (played.hang(), 99, "failed", r"DownloadTimeoutError: .* took longer than 1.*", 3),
    "reset": (played.reset(), 99, "failed", r"ResponseDataLossError", 3),
    "resetonce": (played.reset(), 1, "stored", None, 2),
    "gzip": (played.truncated_gzip(), 99, "failed", r"the page breaks off before the text", 1),
    "cut": (cut_off, 99, "failed", r"the page breaks off within the text", 1),
    "loop": (played.redirect_loop(), 99, "failed", r".*max redirections reached", 6),
    "foreign": (
        *(played.redirect("https://contoh.id/berita/rgmwym370/judul"), 99, "failed"),
        *(r"the page redirects to another site, https://contoh\.id/.*", 1),
    ),
    "plain": (
        *(played.redirect("http://contoh.id/"), 99, "failed"),
        *(r"the page redirects to another site, http://contoh\.id/", 1),
    ),
    "loopback": (
        *(played.redirect("http://127.0.0.1/berita/rgmwym370/judul"), 99, "failed"),
        *(r"the page redirects to another site, http://127\.0\.0\.1/.*", 1),
    ),
    "file": (played.redirect("file:///etc/hostname"), 99, "failed", r"HTTP 301", 1),
    "home": (played.redirect("https://republika.co.id/"), 99, "gone", HOME_INSTEAD, 1),
    "dead": (played.home_page(), 99, "gone", HOME_INSTEAD, 1),
    "absent": (played.answer(404), 99, "gone", r"HTTP 404", 1),
    "deleted": (played.answer(410), 99, "gone", r"HTTP 410", 1),
    "image": (
        played.content(b"\x89PNG\r\n\x1a\n\0", "image/png"),
        99,
        "rejected",
        r"the page is .*",
        1,
    ),
    "empty": (played.content(""), 99, "failed", r"the page is empty", 1),
}


@pytest.fixture(scope="module")
def troubles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A crawl of an article for each of the troubles, each on a host of its own."""
    folder = tmp_path_factory.mktemp("troubles")
    with running_site() as site:
        *hosts, target, moved, first, behind, last = site.publish(len(TROUBLES) + 5)
        stories = {}
        for story, (host, (behaviour, times, *_)) in zip(hosts, TROUBLES.items(), strict=True):
            stories[host] = site.change(story.id, host=f"{host}.republika.co.id")
            if behaviour:
                site.misbehave(f"https://{host}.republika.co.id/berita/", behaviour, times)
        # Not asked for: another article leads there.
        moved = site.change(moved.id, host="moved.republika.co.id")
        site.misbehave(moved.id, played.redirect(target.url))
        # Made anew under another id, its text unchanged.
        first = site.change(first.id, host="twin.republika.co.id")
        again = replace(first, id="", published=first.published + timedelta(minutes=3))
        site.add(again)
        # On the host that asks for a pause there is more.
        more = [site.change(story.id, host=stories["toomany"].host) for story in (behind, last)]
        crawler = Crawler(folder, site)
        asked = articles(folder, *stories.values(), moved, first, again, *more)
        began = now()
        done = crawler.crawl(*asked, DOWNLOAD_TIMEOUT=1, CONCURRENT_REQUESTS_PER_DOMAIN=1)
        yield SimpleNamespace(
            site=site,
            crawler=crawler,
            done=done,
            began=began,
            stories=stories,
            target=target,
            moved=moved,
            twins={first.id, again.id},
            more=more,
        )


def test_troubles_are_counted_and_said(troubles: SimpleNamespace) -> None:
    states = [state for _, _, state, *_ in TROUBLES.values()]
    new = states.count("stored") + 4  # with the target, one twin, and two behind the pause
    rejected, gone = states.count("rejected") + 1, states.count("gone") + 1
    failed = states.count("failed")
    found = new + rejected + gone + failed
    counts = f"{new} new, 0 updated, 0 unchanged, {rejected} rejected, {gone} gone"
    assert f"found {found}: {counts}, {failed} failed, 0 pending" in troubles.done.stdout
    says = f"{rejected + failed} of {found} articles were rejected or failed"
    assert unhealthy(troubles.done) == [says]
    row = last_run(troubles.crawler)
    assert (row["finish_reason"], row["healthy"], row["why"]) == ("finished", 0, says)
    assert row["found"] == found


@pytest.mark.parametrize("host", TROUBLES)
def test_trouble(troubles: SimpleNamespace, host: str) -> None:
    _, _, state, reason, times = TROUBLES[host]
    story = troubles.stories[host]
    page = pages(troubles.crawler)[story.id]
    assert page["state"] == state, page["reason"]
    assert re.fullmatch(reason, page["reason"]) if reason else page["reason"] is None
    assert (story.id in stored(troubles.crawler)) == (state == "stored")
    assert page["attempts"] == 1, "retries within a run are one attempt"
    asked = troubles.site.asked(story.id)
    if host == "toomany":  # by whichever of its articles came first
        return
    assert len(asked) == times
    if state == "failed":
        tried, due = map(datetime.fromisoformat, (page["fetched_at"], page["next_check_at"]))
        assert troubles.began <= tried <= now()
        assert due - tried == timedelta(minutes=15)


@pytest.mark.parametrize("host", [h for h, t in TROUBLES.items() if t[2] == "stored"])
def test_what_came_in_the_end_is_stored_whole(troubles: SimpleNamespace, host: str) -> None:
    story = troubles.stories[host]
    sql = "SELECT title, body, partial FROM articles WHERE id = ?"
    (article,) = troubles.crawler.rows(sql, story.id)
    assert tuple(article) == (story.title, "\n\n".join(story.paragraphs), 0)


def test_no_other_site_was_asked(troubles: SimpleNamespace) -> None:
    assert {asked.status for asked in troubles.site.requests} <= {
        *(
            0,
            200,
            301,
            302,
            304,
            404,
            410,
            429,
            500,
            503,
        )  # without 403, which others are refused with
    }
    assert all(asked.host.endswith("republika.co.id") for asked in troubles.site.requests)


def test_a_host_that_asks_for_a_pause_gets_it(troubles: SimpleNamespace) -> None:
    first, *rest = troubles.site.asked("https://toomany.republika.co.id/berita/")
    assert [first.status, *(one.status for one in rest)] == [429, 200, 200, 200]
    # The site notes a request when it came, and Scrapy counts from when it had the answer.
    assert min(one.time - first.time for one in rest) >= 2
    assert {story.id for story in troubles.more} < stored(troubles.crawler)


def test_what_leads_to_another_article_is_gone_and_the_other_stored(
    troubles: SimpleNamespace,
) -> None:
    known = pages(troubles.crawler)
    moved, target = known[troubles.moved.id], known[troubles.target.id]
    says = f"it leads to another article, {troubles.target.id}"
    assert (moved["state"], moved["reason"]) == ("gone", says)
    assert (target["state"], target["found_in"]) == ("stored", troubles.moved.url)
    assert troubles.target.id in stored(troubles.crawler)


def test_the_same_text_under_another_id_is_one_article(troubles: SimpleNamespace) -> None:
    (one,) = troubles.twins & stored(troubles.crawler)
    (other,) = troubles.twins - {one}
    page = pages(troubles.crawler)[other]
    says = f"the same text is stored already, as {one}"
    assert (page["state"], page["reason"]) == ("rejected", says)


def test_what_gave_no_record_is_kept_raw(troubles: SimpleNamespace) -> None:
    crawler = troubles.crawler
    for host in ("cut", "image", "dead", "error"):
        story = troubles.stories[host]
        (capture, *_) = crawler.rows("SELECT * FROM captures WHERE article_id = ?", story.id)
        captured = read_capture(crawler.captures / capture["file"], capture["offset"])
        assert (captured.url, captured.status) == (story.url, capture["status"])


def half_a_stream(url: str, right: played.Response) -> played.Response:
    """Half of a gzip stream, under the validators of the whole page."""
    packed = gzip.compress(right.body)
    headers = {**right.headers, "Content-Encoding": "gzip"}
    return replace(right, body=packed[: len(packed) // 2], headers=headers)


def binary(url: str, right: played.Response) -> played.Response:
    """No page at all, under the validators of the page."""
    return replace(right, body=b"\x89PNG\r\n\x1a\n\0")


@pytest.mark.parametrize(
    ("behaviour", "state"),
    [(cut_off, "failed"), (half_a_stream, "failed"), (binary, "rejected")],
)
def test_what_came_broken_is_fetched_whole_the_next_time(
    website: Site, tmp_path: Path, behaviour: played.Behaviour, state: str
) -> None:
    (story,) = website.publish(**NEWS)
    website.misbehave(story.id, behaviour, times=1)
    crawler = Crawler(tmp_path, website)
    asked = articles(tmp_path, story)
    assert unhealthy(crawler.crawl(*asked))
    assert pages(crawler)[story.id]["state"] == state
    done = crawler.crawl(*asked)
    # The site's article never changed: by a condition it would be the broken page that stands.
    assert [(one.status, one.conditional) for one in website.asked(story.id)] == [(200, False)] * 2
    assert done.returncode == 0, done.stderr
    (article,) = crawler.rows("SELECT body FROM articles")
    assert article["body"] == "\n\n".join(story.paragraphs)


# --- one article at many addresses ------------------------------------------------------------


def with_address(right: str, wrong: str) -> Callable[[str, played.Response], played.Response]:
    """Show an article at another address than its own."""
    old, new = right.encode(), wrong.encode()
    return lambda _, page: replace(page, body=page.body.replace(old, new))


def test_one_article_at_many_addresses_is_one_row(website: Site, tmp_path: Path) -> None:
    story, *_ = website.publish(12, **NEWS)
    rest = f"{story.id}/{story.slug}"
    forms = {
        "/index/0": f"https://www.republika.co.id/berita/{rest}",
        "/rss/nasional": f"https://m.republika.co.id/berita/{rest}?utm_source=rss",
        "/rss/ekonomi": f"https://republika.co.id/amp/{story.id}",
        "/rss/khazanah": f"https://republika.co.id/berita//{rest}",
        "/sitemap.xml": f"https://republika.co.id/share/{story.id}",
    }
    feed = "<rss><channel><item><title>{}</title><link>{}</link></item></channel></rss>"
    for listing, form in forms.items():
        if "rss" in listing:
            said = played.content(feed.format(story.title, form), played.XML)
        else:
            said = with_address(story.url, form)
        website.misbehave(listing, said)
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl("latest")
    assert done.returncode == 0, done.stderr
    assert "found 12: 12 new" in done.stdout
    assert len(website.asked(story.id)) == 1
    (article,) = crawler.rows("SELECT url FROM articles WHERE id = ?", story.id)
    assert article["url"] == story.url, "what the page itself says"
    assert crawler.rows("SELECT count(*) FROM pages")[0][0] == 12
