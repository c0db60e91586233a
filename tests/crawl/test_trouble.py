"""A site, a disk and a database that misbehave: what an operator then finds."""

from __future__ import annotations

import gzip
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from crawler.captures.warc import read_capture
from crawler.dates import WIB, now
from tests import site as played
from tests.helpers import ROOT, last_run, pages, stored, unhealthy, wait_for, with_mounts
from tests.site import Crawler, running_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.site import Site, Story

DAY = datetime(2022, 8, 15, 12, tzinfo=WIB)
BACKFILL = ("backfill", "-a", "since=2022-08-15", "-a", "until=2022-08-15")
NEWS: dict[str, Any] = {"host": "news.republika.co.id", "section": ("News", "Umum")}
Done = subprocess.CompletedProcess[str]


def articles(folder: Path, *stories: Story | str) -> tuple[str, ...]:
    """The arguments that ask for these, by a file of their addresses."""
    file = folder / "urls.txt"
    urls = (story if isinstance(story, str) else story.url for story in stories)
    file.write_text("".join(f"{url}\n" for url in urls))
    return ("article", "-a", f"file={file}")


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
        due = datetime.fromisoformat(page["next_check_at"])
        wait = timedelta(minutes=15)
        assert troubles.began + wait < due <= now() + wait


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


# --- disks ------------------------------------------------------------------------------------


def crawl_under(command: Sequence[str], crawler: Crawler, *args: str) -> Done:
    return subprocess.run(
        [*command, sys.executable, "-m", "scrapy", "crawl", *args],
        cwd=ROOT,
        env=crawler.environment(),
        check=False,
        capture_output=True,
        text=True,
        timeout=crawler.TIMEOUT,
    )


def full_disk(folder: Path, kept: Path, size: str) -> list[str]:
    """A command before another for which ``folder`` is on a disk of that size.

    What stands on it in the end is in ``kept``.
    """
    return with_mounts(
        f"mount -t tmpfs -o size={size} tmpfs {folder}\n"
        f'code=0; "$@" || code=$?\ncp -a {folder}/. {kept}\nexit $code'
    )


@pytest.mark.parametrize(
    ("what", "size", "says"),
    [
        ("database", "640k", "cannot be written: the disk is full"),
        ("captures", "64k", "cannot be written: No space left on device"),
    ],
)
def test_a_full_disk_is_said_and_nothing_is_lost(
    website: Site, tmp_path: Path, what: str, size: str, says: str
) -> None:
    website.publish(100, until=DAY, spacing=timedelta(minutes=1), **NEWS)
    small, kept = tmp_path / "small", tmp_path / "kept"
    for folder in (small, kept):
        folder.mkdir()
    crawler = Crawler(tmp_path, website)
    setattr(crawler, what, small / getattr(crawler, what).name)
    done = crawl_under(full_disk(small, kept, size), crawler, *BACKFILL)
    full = [line for line in unhealthy(done) if says in line]
    assert len(full) == 1
    assert str(getattr(crawler, what)) in full[0]
    setattr(crawler, what, kept / getattr(crawler, what).name)
    some = stored(crawler)
    assert 0 < len(some) < 100
    assert crawler.rows("PRAGMA integrity_check")[0][0] == "ok"
    states = {page_id: page["state"] for page_id, page in pages(crawler).items()}
    assert {page_id for page_id, state in states.items() if state == "stored"} == some
    assert set(states.values()) <= {"stored", "pending"}
    # With room again, the next run stores all.
    again = crawler.crawl(*BACKFILL)
    assert again.returncode == 0, again.stderr
    assert stored(crawler) == set(website.articles)
    assert f" {100 - len(some)} new, 0 updated, " in again.stdout
    assert last_run(crawler)["pending"] == 0


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A site of 40 stories, and a folder with a database of 30 of them."""
    folder = tmp_path_factory.mktemp("filled")
    with running_site() as site:
        site.publish(30, until=DAY - timedelta(days=1), **NEWS)
        crawler = Crawler(folder, site)
        done = crawler.crawl(*(arg.replace("15", "14") for arg in BACKFILL))
        assert done.returncode == 0, done.stderr
        site.publish(10, until=DAY, **NEWS)
        yield SimpleNamespace(site=site, folder=folder)


@pytest.fixture
def mine(filled: SimpleNamespace, tmp_path: Path) -> Crawler:
    """The filled database in a folder of the test's own."""
    shutil.copytree(filled.folder, tmp_path / "mine")
    return Crawler(tmp_path / "mine", filled.site)


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_read_only_database_is_said(mine: Crawler, what: str) -> None:
    place = mine.database if what == "file" else mine.database.parent
    before = mine.database.read_bytes()
    script = f'mount --bind {place} {place}\nmount -o remount,bind,ro {place}\nexec "$@"'
    done = crawl_under(with_mounts(script), mine, *BACKFILL)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    # Of a run that began, the log has it too.
    said = [line for line in done.stderr.splitlines() if "cannot be" in line and "[" not in line]
    assert len(said) == 1, done.stderr
    assert str(mine.database) in said[0]
    assert "read-only" in said[0].lower()
    assert mine.database.read_bytes() == before


@pytest.mark.parametrize("table", ["header", "articles", "pages"])
def test_a_damaged_database_is_said(mine: Crawler, table: str) -> None:
    with closing(sqlite3.connect(mine.database)) as connection:
        assert connection.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        sql = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = connection.execute(sql, [table]).fetchone() or (1,)
    with mine.database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * (16 if table == "header" else size))
    done = mine.crawl(*BACKFILL)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    says = f"{mine.database} is " + ("not a SQLite database" if table == "header" else "damaged: ")
    # Of a run that began, the log has it too.
    said = [line for line in done.stderr.splitlines() if says in line and "[" not in line]
    assert len(said) == 1, done.stderr


# --- other processes --------------------------------------------------------------------------


LOCKED = 20  # seconds
LOCK = f"""
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep({LOCKED})
connection.execute("ROLLBACK")
"""


@pytest.fixture(scope="module", autouse=True)
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], SimpleNamespace]]:
    """A crawl against a database that another process locks for 20 seconds.

    It goes on beside the other tests; the last one asks for what came of it.
    """
    folder = tmp_path_factory.mktemp("locked")
    with running_site() as site, ThreadPoolExecutor(max_workers=1) as pool:
        site.publish(5, until=DAY, **NEWS)
        crawler = Crawler(folder, site)

        def crawl() -> SimpleNamespace:
            first = crawler.crawl(*BACKFILL, CLOSESPIDER_ITEMCOUNT=1, CONCURRENT_REQUESTS=1)
            assert crawler.database.exists(), first.stderr
            before = len(stored(crawler))
            with subprocess.Popen(
                [sys.executable, "-c", LOCK, str(crawler.database)], stdout=subprocess.PIPE
            ) as holder:
                assert holder.stdout
                assert holder.stdout.readline() == b"locked\n"
                began = time.monotonic()
                done = crawler.crawl(*BACKFILL)
                took = time.monotonic() - began
            return SimpleNamespace(crawler=crawler, done=done, took=took, before=before)

        yield pool.submit(crawl).result


def test_a_second_run_at_once_is_told_to_come_back(mine: Crawler, filled: SimpleNamespace) -> None:
    site = filled.site
    site.requests.clear()
    site.misbehave("/index/", played.hang())
    with mine.start(*BACKFILL) as first:
        wait_for(lambda: site.asked("/index/0/2022/08/15"))
        began = time.monotonic()
        second = mine.crawl(*BACKFILL, DOWNLOAD_TIMEOUT=1, RETRY_TIMES=0)
        took = time.monotonic() - began
        assert first.poll() is None, "the first goes on"
        first.kill()
    site.behave()
    assert second.returncode == 75
    says = f"scrapy crawl backfill: process {first.pid} holds {mine.database}; try again when"
    assert any(line.startswith(says) for line in second.stderr.splitlines()), second.stderr
    assert "Traceback" not in second.stderr
    assert second.stdout == ""
    assert took < 15, "at once"
    assert len(mine.rows("SELECT 1 FROM runs")) == 2, "a run that never was is in no history"
    # The dead one's lock file is in nobody's way.
    assert Path(f"{mine.database}.lock").read_text() == f"{first.pid}\n"
    third = mine.crawl(*BACKFILL)
    assert third.returncode == 0, third.stderr
    assert len(stored(mine)) == 40


# --- retries over runs ------------------------------------------------------------------------


def test_what_failed_is_asked_again_when_due_and_given_up(website: Site, tmp_path: Path) -> None:
    bad, *good = website.publish(6, **NEWS)
    website.misbehave(bad.id, played.answer(500))
    crawler = Crawler(tmp_path, website)

    def run(*stories: Story, waits: str) -> sqlite3.Row:
        asked = articles(tmp_path, *stories)
        done = crawler.crawl(*asked, RETRY_WAITS=waits, RETRY_TIMES=0)
        assert done.returncode == 0, done.stderr
        return pages(crawler)[bad.id]

    page = run(bad, good[0], waits="1h,2h")
    assert (page["state"], page["reason"], page["failures"]) == ("failed", "HTTP 500", 1)
    page = run(good[1], waits="1s,2s")
    assert (len(website.asked(bad.id)), page["failures"]) == (1, 1), "it is not due for an hour"
    # The hour is over.
    with closing(sqlite3.connect(crawler.database)) as connection, connection:
        moment = (now() - timedelta(seconds=1)).isoformat(timespec="seconds")
        connection.execute("UPDATE pages SET next_check_at = ? WHERE id = ?", [moment, bad.id])
    page = run(good[2], waits="1s,2s")
    assert (len(website.asked(bad.id)), page["failures"], page["state"]) == (2, 2, "failed")
    due = datetime.fromisoformat(page["next_check_at"])
    time.sleep(max(0, (due - now()).total_seconds()))
    page = run(good[3], waits="1s,2s")
    says = "given up after 3 failures in a row: HTTP 500"
    assert (len(website.asked(bad.id)), page["state"], page["reason"]) == (3, "failed", says)
    assert page["next_check_at"] is None
    run(good[4], waits="1s,2s")
    assert len(website.asked(bad.id)) == 3, "it is asked no more"
    # But for who wants it.
    website.behave()
    page = run(bad, waits="1s,2s")
    assert (page["state"], page["reason"], page["failures"]) == ("stored", None, 0)


# --- leftovers --------------------------------------------------------------------------------


def test_leftovers_of_one_spider_are_taken_up_by_each_other(website: Site, tmp_path: Path) -> None:
    left = website.publish(30, until=DAY, **NEWS)
    (other,) = website.publish(**NEWS, tags=("Lain",))
    first = Crawler(tmp_path / "first", website)
    first.folder.mkdir()
    done = first.crawl(*BACKFILL, CLOSESPIDER_ITEMCOUNT=5, CONCURRENT_REQUESTS=1)
    assert done.returncode == 0, "a limit that the operator set is no trouble"
    row = last_run(first)
    assert row["finish_reason"] == "closespider_itemcount"
    assert (row["found"], row["new"] + row["pending"]) == (30, 30)
    assert row["pending"] > 20
    done_before = stored(first)
    assert len(done_before) == row["new"]
    # Nothing shows them any more.
    website.misbehave(
        lambda host, path: "/berita/" not in path and "robots" not in path,
        played.content(
            "<html><title>Topic lain</title><ul class='wrap-latest'>"
            f"<li><a href='{other.url}'><h3>{other.title}</h3></a></li></ul></html>"
        ),
    )
    today = f"since={now():%Y-%m-%d}"
    spiders: tuple[tuple[str, ...], ...] = (
        ("latest",),
        ("backfill", "-a", today),
        ("topic", "-a", "tag=lain"),
        ("article", "-a", f"url={other.url}"),
    )

    def take_up(args: tuple[str, ...]) -> tuple[str, Done, Crawler]:
        shutil.copytree(first.folder, tmp_path / args[0])
        crawler = Crawler(tmp_path / args[0], website)
        return args[0], crawler.crawl(*args), crawler

    with ThreadPoolExecutor(max_workers=2) as pool:  # a crawl is mostly start-up
        taken_up = list(pool.map(take_up, spiders))
    for spider, done, crawler in taken_up:
        assert done.returncode == 0, (spider, done.stderr)
        assert stored(crawler) == {story.id for story in (*left, other)}, spider
        row = last_run(crawler)
        assert (row["spider"], row["new"], row["pending"]) == (spider, 31 - len(done_before), 0)


# --- the end of the lock ----------------------------------------------------------------------


def test_a_locked_database_is_waited_for(locked: Callable[[], SimpleNamespace]) -> None:
    came = locked()
    assert came.done.returncode == 0, came.done.stderr
    assert came.took > LOCKED - 1
    assert 0 < came.before < 5
    assert len(stored(came.crawler)) == 5
