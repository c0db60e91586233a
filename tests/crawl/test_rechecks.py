"""Articles that are looked at again: corrected, unchanged, taken down, or not to be had."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from crawler.dates import now
from tests import site as played
from tests.helpers import pages
from tests.site import Crawler, running_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.site import Site

NEWS: dict[str, Any] = {"host": "news.republika.co.id", "section": ("News", "Umum")}
STEP = 2  # seconds from one age to the next: an article is always soon due again
AGES = ",".join(f"{age}s" for age in range(STEP, 1_000, STEP))
COUNTS = ("found", "new", "updated", "unchanged", "rejected", "gone", "failed", "pending")


def articles(crawler: Crawler) -> dict[str, tuple]:
    return {row["id"]: tuple(row) for row in crawler.rows("SELECT * FROM articles")}


def last_run(crawler: Crawler) -> dict[str, int]:
    (row,) = crawler.rows(f"SELECT {', '.join(COUNTS)} FROM runs ORDER BY id DESC LIMIT 1")
    assert row["found"] == sum(tuple(row)[1:])
    return {name: row[name] for name in COUNTS if row[name]}


def wait_until_due(crawler: Crawler) -> None:
    """Until all that is to be looked at again is."""
    (last,) = crawler.rows("SELECT max(next_check_at) FROM pages")[0]
    wait = (datetime.fromisoformat(last) - now()).total_seconds()
    assert wait <= STEP, "it is due only much later"
    time.sleep(max(0, wait))


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Four runs, each when the young articles are due; what happens between them is said below."""
    with running_site() as site:
        crawler = Crawler(tmp_path_factory.mktemp("life"), site)

        def run(*args: str, **settings: object) -> SimpleNamespace:
            site.requests.clear()
            done = crawler.crawl(*(args or ("latest",)), RECHECK_AGES=AGES, **settings)
            return SimpleNamespace(
                done=done,
                asked={
                    asked.path.split("/")[2]: (asked.status, asked.conditional)
                    for asked in site.asked("/berita/")
                },
                articles=articles(crawler),
                pages=pages(crawler),
                counts=last_run(crawler),
            )

        start = now()
        old = site.publish(3, until=start - timedelta(hours=3), **NEWS)
        some = start - timedelta(minutes=3)
        young = site.publish(6, until=some, spacing=timedelta(seconds=1), **NEWS)
        titled, rewritten, same, dead, failing, revived = young
        first = run()
        wait_until_due(crawler)
        site.change(titled.id, title="Judul yang Dikoreksi")
        paragraphs = (*rewritten.paragraphs[:2], "Ralat: jumlah peserta salah ditulis.")
        site.change(rewritten.id, paragraphs=paragraphs)
        for story in (dead, revived):
            site.remove(story.id)
        site.misbehave(failing.id, played.answer(500))
        for story in old:  # which nobody will see
            site.change(story.id, title="Judul Lain")
        # One-off: whoever asks for one article does not wait for the others.
        alone = run("article", "-a", f"url={same.url}")
        wait_until_due(crawler)
        second = run(RETRY_TIMES=0, RETRY_WAITS="1s,2s")
        wait_until_due(crawler)
        site.behave()
        site.add(revived)
        third = run(CAPTURES="")
        wait_until_due(crawler)
        site.validators = False
        fourth = run()
        yield SimpleNamespace(
            site=site,
            crawler=crawler,
            runs=[first, second, third, fourth],
            alone=alone,
            old=old,
            titled=titled,
            rewritten=rewritten,
            same=same,
            dead=dead,
            failing=failing,
            revived=revived,
        )


def test_every_run_is_healthy(life: SimpleNamespace) -> None:
    for run in (*life.runs, life.alone):
        assert run.done.returncode == 0, run.done.stderr


def test_counts(life: SimpleNamespace) -> None:
    # The three old ones are known from the listings.
    assert [run.counts for run in life.runs] == [
        {"found": 9, "new": 9},
        {"found": 9, "updated": 2, "unchanged": 4, "gone": 2, "failed": 1},
        {"found": 9, "unchanged": 8, "gone": 1},
        {"found": 9, "unchanged": 8, "gone": 1},
    ]
    assert life.alone.counts == {"found": 1, "unchanged": 1}
    says = "found 9: 0 new, 2 updated, 4 unchanged, 0 rejected, 2 gone, 1 failed, 0 pending"
    assert says in life.runs[1].done.stdout.splitlines()


def test_an_article_is_due_at_its_next_age(life: SimpleNamespace) -> None:
    page = life.runs[0].pages[life.same.id]
    due = datetime.fromisoformat(page["next_check_at"])
    assert timedelta() < due - datetime.fromisoformat(page["fetched_at"]) <= timedelta(seconds=STEP)
    assert (due - life.same.published).total_seconds() % STEP == 0


def test_one_article_is_asked_for_alone(life: SimpleNamespace) -> None:
    assert life.alone.asked == {life.same.id: (304, True)}


def test_what_is_due_is_asked_for_with_a_condition(life: SimpleNamespace) -> None:
    assert life.runs[1].asked == {
        life.titled.id: (200, True),
        life.rewritten.id: (200, True),
        life.same.id: (304, True),
        life.dead.id: (200, True),  # the home page
        life.revived.id: (200, True),
        life.failing.id: (500, True),
    }


def test_old_articles_are_never_asked_for_again(life: SimpleNamespace) -> None:
    for story in life.old:
        for run in life.runs:
            assert run.pages[story.id]["next_check_at"] is None
            assert run.pages[story.id]["attempts"] == 1
        assert life.runs[-1].articles[story.id] == life.runs[0].articles[story.id]


def test_a_correction_becomes_one_revision(life: SimpleNamespace) -> None:
    revisions = life.crawler.rows("SELECT * FROM revisions ORDER BY article_id")
    assert [(row["article_id"], row["run_id"]) for row in revisions] == [
        (story_id, 3) for story_id in sorted((life.titled.id, life.rewritten.id))
    ]
    by_id = {row["article_id"]: row for row in revisions}
    titled, rewritten = by_id[life.titled.id], by_id[life.rewritten.id]
    assert (titled["title"], titled["body"]) == (
        *(life.titled.title, "\n\n".join(life.titled.paragraphs)),
    )
    changes = titled["changes"].split("\n\n")
    assert changes[0] == f"title\n- {life.titled.title}\n+ Judul yang Dikoreksi"
    assert [change.partition("\n")[0] for change in changes] == ["title", "modified_at"]
    removed = "".join(f"- {paragraph}\n" for paragraph in life.rewritten.paragraphs[2:])
    assert f"body\n…\n{removed}+ Ralat: jumlah peserta salah ditulis." in rewritten["changes"]
    (now_titled,) = life.crawler.rows("SELECT title FROM articles WHERE id = ?", life.titled.id)
    assert now_titled["title"] == "Judul yang Dikoreksi"


def test_the_history_shows_what_changed(life: SimpleNamespace) -> None:
    done = life.crawler.scrapy("runs", "3")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("run 3: latest\n")
    says = (
        f"{life.titled.id}  Judul yang Dikoreksi\n{life.titled.url}\n"
        f"title\n- {life.titled.title}\n+ Judul yang Dikoreksi\n"
    )
    assert says in done.stdout
    assert "+ Ralat: jumlah peserta salah ditulis.\n" in done.stdout


def test_what_was_not_changed_is_not_written_again(life: SimpleNamespace) -> None:
    first = life.runs[0].articles[life.same.id]
    assert all(run.articles[life.same.id] == first for run in life.runs)
    sql = "SELECT status FROM captures WHERE article_id = ? ORDER BY id"
    statuses = [row["status"] for row in life.crawler.rows(sql, life.same.id)]
    # The third run kept no captures, and in the fourth the site knew no conditions.
    assert statuses == [200, 304, 304, 200]


def test_what_was_taken_down_is_gone_and_its_record_stays(life: SimpleNamespace) -> None:
    first, second, third, fourth = life.runs
    for run in (second, third, fourth):
        assert run.pages[life.dead.id]["state"] == "gone"
        assert run.articles[life.dead.id] == first.articles[life.dead.id]
    assert "home" in second.pages[life.dead.id]["reason"]
    # It is back: and found so when it is looked at the next time.
    states = [run.pages[life.revived.id]["state"] for run in life.runs]
    assert states == ["stored", "gone", "stored", "stored"]
    assert fourth.articles[life.revived.id] == first.articles[life.revived.id]


def test_a_look_that_fails_leaves_the_record_and_its_state(life: SimpleNamespace) -> None:
    first, second, third, _ = life.runs
    page = second.pages[life.failing.id]
    assert (page["state"], page["reason"]) == ("stored", "the last look at it failed: HTTP 500")
    assert page["failures"] == 1
    assert second.articles[life.failing.id] == first.articles[life.failing.id]
    # The next one does not, and then nothing is said of it any more.
    page = third.pages[life.failing.id]
    assert (page["state"], page["reason"], page["failures"]) == ("stored", None, 0)
    assert third.asked[life.failing.id] == (304, True), "the validators outlived the failure"


def test_without_captures_the_database_has_the_validators(life: SimpleNamespace) -> None:
    asked = life.runs[2].asked
    for story in (life.titled, life.rewritten, life.same, life.failing):
        assert asked[story.id] == (304, True)


def test_a_site_without_validators_is_read_and_compared(life: SimpleNamespace) -> None:
    third, fourth = life.runs[2:]
    assert {status for status, _ in fourth.asked.values()} == {200}
    assert fourth.articles == third.articles


def test_a_look_that_was_cut_off_does_not_blind_the_next_one(website: Site, tmp_path: Path) -> None:
    (story,) = website.publish(**NEWS)
    crawler = Crawler(tmp_path, website)
    asked = ("article", "-a", f"url={story.url}")
    assert crawler.crawl(*asked).returncode == 0
    before = articles(crawler)
    corrected = website.change(story.id, title="Judul yang Dikoreksi")

    def cut_off(url: str, right: played.Response) -> played.Response:
        return replace(right, body=right.body[: right.body.index(b"Peserta dibagi")])

    website.misbehave(story.id, cut_off, times=1)
    crawler.crawl(*asked)
    page = pages(crawler)[story.id]
    assert page["state"] == "stored"
    assert page["reason"] == "the last look at it failed: the page breaks off within the text"
    assert articles(crawler) == before
    # The correction is on the site ever since, under the validators of the page that was cut off.
    done = crawler.crawl(*asked)
    assert "found 1: 0 new, 1 updated" in done.stdout
    (article,) = crawler.rows("SELECT title FROM articles")
    assert article["title"] == corrected.title


def test_captures_were_never_kept(website: Site, tmp_path: Path) -> None:
    titled, same = website.publish(2, spacing=timedelta(seconds=1), **NEWS)
    crawler = Crawler(tmp_path, website)
    asked = ("article", "-a", f"url={titled.url},{same.url}")
    assert crawler.crawl(*asked, CAPTURES="").returncode == 0
    website.change(titled.id, title="Judul yang Dikoreksi")
    website.requests.clear()
    done = crawler.crawl(*asked, CAPTURES="")
    assert "found 2: 0 new, 1 updated, 1 unchanged" in done.stdout
    came = {one.path: (one.status, one.conditional) for one in website.asked("/berita/")}
    assert came == {titled.path: (200, True), same.path: (304, True)}
    assert crawler.rows("SELECT count(*) FROM revisions")[0][0] == 1
    assert crawler.rows("SELECT count(*) FROM captures")[0][0] == 0
    assert not crawler.captures.exists()


@pytest.mark.parametrize(
    ("ages", "says"),
    [
        ("1h,1h", "RECHECK_AGES=1h,1h: 1h is not longer than 1h before it"),
        ("often", "RECHECK_AGES=often: 'often' is not a duration"),
    ],
)
def test_ages_that_are_none_are_bad_arguments(
    website: Site, tmp_path: Path, ages: str, says: str
) -> None:
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl("latest", RECHECK_AGES=ages)
    assert done.returncode == 2
    assert says in done.stderr
    assert website.requests == []
    assert not crawler.database.exists()
