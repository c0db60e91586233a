"""`scrapy reparse` over captures of our own."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from crawler.dates import WIB
from tests.captures.again import FIRST, PUTIN, archive, records, reparse
from tests.helpers import DAY, EXPECTED, SAMPLES, crawl, rows, sample_page
from tests.site import Crawler, Site

if TYPE_CHECKING:
    from pathlib import Path


def test_the_database_is_made_again_from_the_captures(website: Site, tmp_path: Path) -> None:
    stories = website.publish(12, until=datetime(2022, 8, 15, 20, tzinfo=WIB))
    crawler = Crawler(tmp_path, website)
    assert crawler.crawl("backfill", *DAY).returncode == 0
    website.change(stories[0].id, title="Judul yang Diperbaiki")
    website.remove(stories[1].id)
    website.ahead = timedelta(minutes=5)  # captures of one second have no order
    urls = ",".join(story.url for story in stories[:3])
    assert crawler.crawl("article", "-a", f"url={urls}").returncode == 0
    before = records(crawler.database)
    assert len(before["articles"]) == 12
    assert len(before["revisions"]) == 1
    assert (stories[1].id, "gone") in before["pages"]
    captures = rows(crawler.database, "SELECT file, offset, length, digest, status FROM captures")

    for file in tmp_path.glob("republika.db*"):
        file.unlink()
    done = crawler.scrapy("reparse", "--reindex")
    assert done.returncode == 0, done.stderr
    assert "found 12: 12 new" in done.stdout
    assert records(crawler.database) == before
    again = rows(crawler.database, "SELECT file, offset, length, digest, status FROM captures")
    assert sorted(map(tuple, again)) == sorted(map(tuple, captures))
    assert rows(crawler.database, "PRAGMA integrity_check")[0][0] == "ok"

    # And the crawl goes on from there.
    website.behave()
    assert crawler.crawl("article", "-a", f"url={stories[4].url}").returncode == 0
    assert records(crawler.database)["articles"] == before["articles"]


def test_every_record_of_the_sample_comes_out_of_its_archive(tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    done = reparse(database, str(SAMPLES))
    assert done.returncode == 0, done.stderr
    expected = {record["id"] for record in EXPECTED["records"]}
    assert expected <= {row["id"] for row in rows(database, "SELECT id FROM articles")}
    (two_parts,) = rows(database, "SELECT partial, fetched_at FROM articles WHERE id='rgmnyc900'")
    assert two_parts["partial"] == 0
    assert two_parts["fetched_at"].startswith("2022-08-16T08:00")  # when it was captured
    assert "no page of an article" in done.stdout
    states = {row["id"]: row["state"] for row in rows(database, "SELECT id, state FROM pages")}
    for lost in EXPECTED["lost"]:
        assert states[lost["id"]] == lost["state"]


def test_one_process_or_two(tmp_path: Path) -> None:
    for jobs in ("1", "2"):
        reparse(tmp_path / f"{jobs}.db", str(SAMPLES), "--jobs", jobs)
    assert records(tmp_path / "1.db") == records(tmp_path / "2.db")
    assert records(tmp_path / "1.db")["articles"]


@pytest.fixture
def outdated(tmp_path: Path) -> Path:
    """A database as an older parser may have left it."""
    database = tmp_path / "old.db"
    assert crawl(database, "backfill", *DAY).returncode == 0
    connection = sqlite3.connect(database)
    connection.execute(f"UPDATE articles SET lead = NULL, title = 'X' WHERE id = '{PUTIN}'")
    connection.execute("UPDATE articles SET dateline = 'DI SANA'")
    connection.commit()
    connection.close()
    return database


def test_what_changed_is_reported_field_by_field(outdated: Path) -> None:
    before = records(outdated)
    done = reparse(outdated, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "dry run: nothing was written" in done.stdout
    assert "found 20: 0 new, 17 updated" in done.stdout
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["dateline", "17"] in lines
    assert ["lead", "1"] in lines
    assert ["title", PUTIN, "X", *"Putin Janjikan Perluas Hubungan dengan Korea Utara".split()] in (
        lines
    )
    assert records(outdated) == before
    assert [row["spider"] for row in rows(outdated, "SELECT spider FROM runs")] == ["backfill"]

    assert reparse(outdated).returncode == 0
    (article,) = rows(outdated, f"SELECT title, dateline FROM articles WHERE id = '{PUTIN}'")
    assert tuple(article) == (
        "Putin Janjikan Perluas Hubungan dengan Korea Utara",
        "PYONGYANG",
    )
    (revision,) = rows(outdated, f"SELECT * FROM revisions WHERE article_id = '{PUTIN}'")
    assert revision["title"] == "X"
    assert "- DI SANA\n+ PYONGYANG" in revision["changes"]
    (run,) = rows(outdated, "SELECT * FROM runs WHERE spider = 'reparse'")
    assert (run["found"], run["updated"], run["healthy"]) == (20, 17, 1)
    assert "found 20: 0 new, 0 updated, 17 unchanged" in reparse(outdated).stdout


@pytest.mark.parametrize(
    ("args", "updated"),
    [
        (("--id", PUTIN), 1),
        (("--id", PUTIN, "--id", "rgngo4900"), 2),
        (("--since", "2022-08-16"), 0),
        (("--until", "2022-08-14"), 0),
        (("--since", "2022-08-15", "--until", "2022-08-15"), 17),
        (("--section", "ekonomi"), 5),
        (("--only-rejected",), 0),
    ],
)
def test_what_is_asked_for(outdated: Path, args: tuple[str, ...], updated: int) -> None:
    expected = updated
    if "ekonomi" in args:
        sections = rows(outdated, "SELECT url, section FROM articles")
        expected = sum(
            "ekonomi" in (row["section"] or "").lower().split(" > ")
            or "//ekonomi." in row["url"]
            or "/ekonomi/" in row["url"]
            for row in sections
        )
        assert expected
    done = reparse(outdated, *args)
    assert done.returncode == 0, done.stderr
    assert f" 0 new, {expected} updated, 0 unchanged" in done.stdout


def test_what_was_rejected_is_read_when_the_parser_can(tmp_path: Path, putin) -> None:
    url, page = putin
    database = tmp_path / "r.db"
    reparse(database, str(archive(tmp_path / "w", (url, 200, page))))
    connection = sqlite3.connect(database)
    connection.execute("DELETE FROM articles")
    connection.execute("UPDATE pages SET state = 'rejected', reason = 'the article has no text'")
    connection.commit()
    connection.close()
    done = reparse(database, "--only-rejected")
    assert "found 1: 1 new" in done.stdout
    assert [tuple(row) for row in rows(database, "SELECT state, reason FROM pages")] == [
        ("stored", None)
    ]


@pytest.fixture
def refused(tmp_path: Path, putin: tuple[str, str]) -> Path:
    """A record whose capture is, for today's parser, none."""
    url, page = putin
    database = tmp_path / "r.db"
    reparse(database, str(archive(tmp_path / "good", (url, 200, page))))
    _, unreadable = sample_page("rgmpy5900")
    archive(tmp_path / "bad", (url, 200, unreadable.replace("rgmpy5900", PUTIN)))
    return database


def test_a_record_that_is_read_no_more(refused: Path, tmp_path: Path) -> None:
    before = records(refused)
    done = reparse(refused, str(tmp_path / "bad"))
    assert done.returncode == 1
    assert "unhealthy: stored articles that can no longer be parsed: 1" in done.stderr
    assert PUTIN in done.stdout
    assert records(refused) == before
    assert reparse(refused, str(tmp_path / "bad"), "--dry-run").returncode == 1

    done = reparse(refused, str(tmp_path / "bad"), "--accept")
    assert done.returncode == 0, done.stderr
    after = records(refused)
    assert after["articles"] == before["articles"]  # nothing is ever lost
    assert after["pages"] == [(PUTIN, "rejected")]


@pytest.mark.parametrize("names", [("1", "2"), ("2", "1")])
def test_the_later_capture_wins_whatever_is_read_first(
    tmp_path: Path, putin: tuple[str, str], names: tuple[str, str]
) -> None:
    url, page = putin
    corrected = page.replace("Putin Janjikan Perluas", "Putin Berjanji Perluas")
    archive(tmp_path / "1", (url, 200, page))
    archive(tmp_path / "2", (url, 200, corrected), begin=FIRST + timedelta(days=1))
    database = tmp_path / "o.db"
    for name in names:  # in one run each
        assert reparse(database, str(tmp_path / name)).returncode == 0
    (article,) = rows(database, "SELECT title, fetched_at FROM articles")
    (revision,) = rows(database, "SELECT title, fetched_at FROM revisions")
    assert article["title"].startswith("Putin Berjanji")
    assert article["fetched_at"] == "2022-08-17T07:00:00+07:00"
    assert revision["title"].startswith("Putin Janjikan")
    assert revision["fetched_at"] == "2022-08-16T07:00:00+07:00"
    once = records(database)
    together = tmp_path / "t.db"
    assert reparse(together, *(str(tmp_path / name) for name in names)).returncode == 0
    assert records(together) == once
    assert reparse(together, *(str(tmp_path / name) for name in names)).returncode == 0
    assert records(together) == once  # read again, it says nothing new


def test_an_article_that_went_dead_keeps_its_record(tmp_path: Path, putin) -> None:
    url, page = putin
    captures = archive(tmp_path / "w", (url, 200, page), (url, 404, "<p>404</p>"))
    database = tmp_path / "d.db"
    assert reparse(database, str(captures)).returncode == 0
    assert len(rows(database, "SELECT 1 FROM articles")) == 1
    (state,) = rows(database, "SELECT state, reason FROM pages")
    assert tuple(state) == ("gone", "HTTP 404")


def test_only_the_site_s_own_articles_are_taken(tmp_path: Path, putin) -> None:
    url, page = putin
    captures = archive(
        tmp_path / "w",
        (url, 200, page),
        ("https://republika.id/posts/1/judul", 200, page),
        ("https://contoh.id/berita/rgmwym370/judul", 200, page),
        ("https://republika.co.id/", 200, page),
        (url, 503, "<p>503</p>"),
    )
    database = tmp_path / "f.db"
    done = reparse(database, str(captures / "*.warc.gz"))
    assert done.returncode == 0, done.stderr
    assert "found 1: 1 new" in done.stdout
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["of", "another", "site", "2"] in lines
    assert ["no", "page", "of", "an", "article", "1"] in lines
    assert ["HTTP", "503", "1"] in lines
    assert len(rows(database, "SELECT 1 FROM captures")) == 1
