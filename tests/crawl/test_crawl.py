"""The main job, end to end: `scrapy crawl` in a process of its own over the sample day."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.helpers import (
    DAY,
    EXPECTED,
    PUTIN,
    SAMPLES,
    crawl,
    one,
    rows,
    sample_page,
    scrapy,
    warc_of,
)


@pytest.fixture(scope="module")
def sample_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = tmp_path_factory.mktemp("day") / "day.db"
    done = crawl(database, "backfill", *DAY)
    assert done.returncode == 0, done.stderr
    assert "found 20: 17 new, 0 updated, 0 unchanged, 1 rejected, 2 gone, 0 failed, 0 pending" in (
        done.stdout
    )
    return database


def test_every_article_of_the_day_is_stored(sample_day: Path) -> None:
    stored = {row["id"] for row in rows(sample_day, "SELECT id FROM articles")}
    assert stored == {record["id"] for record in EXPECTED["records"]}


@pytest.mark.parametrize("record", EXPECTED["records"], ids=lambda record: record["id"])
def test_record(sample_day: Path, record: dict) -> None:
    row = dict(rows(sample_day, f"SELECT * FROM articles WHERE id = '{record['id']}'")[0])
    for name in ("reporters", "editors", "sources"):
        row[name] = json.loads(row[name])
    of = f"WHERE article_id = '{record['id']}'"
    row["tags"] = [
        tag["name"]
        for tag in rows(sample_day, f"SELECT name FROM article_tags JOIN tags ON id = tag_id {of}")
    ]
    for table, columns in (
        ("images", "url, caption, credit"),
        ("related", "related_id, url, title"),
    ):
        found = rows(sample_day, f"SELECT {columns} FROM {table} {of} ORDER BY position")
        row[table] = [dict(entry) for entry in found]
    for name, value in record.items():
        if name == "tags":
            assert sorted(row["tags"]) == sorted(value)
        elif name == "images":
            assert row["images"][: len(value)] == value
        else:
            assert row[name] == value, name


def test_what_gave_no_record_says_why(sample_day: Path) -> None:
    for lost in EXPECTED["lost"]:
        (page,) = rows(sample_day, f"SELECT * FROM pages WHERE id = '{lost['id']}'")
        assert page["state"] == lost["state"]
        assert page["reason"]
        assert page["attempts"] == 1
    assert not rows(sample_day, f"SELECT 1 FROM pages WHERE id = '{EXPECTED['outside'][0]['id']}'")


def test_raw_pages_are_found_again(sample_day: Path) -> None:
    captured = {row["article_id"] for row in rows(sample_day, "SELECT article_id FROM captures")}
    everything = {record["id"] for record in (*EXPECTED["records"], *EXPECTED["lost"])}
    assert everything <= captured
    (robots,) = rows(
        sample_day, "SELECT count(*) FROM captures WHERE url = 'https://republika.co.id/robots.txt'"
    )
    assert robots[0] == 1


def test_database_is_whole(sample_day: Path) -> None:
    assert rows(sample_day, "PRAGMA integrity_check")[0][0] == "ok"
    assert rows(sample_day, "PRAGMA foreign_key_check") == []
    hits = rows(
        sample_day,
        "SELECT id FROM articles WHERE rowid IN"
        " (SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'pembebasan')",
    )
    assert [hit["id"] for hit in hits] == ["rgmwym370"]


def test_second_run_fetches_no_article(sample_day: Path) -> None:
    before = rows(sample_day, "SELECT * FROM articles ORDER BY id")
    again = crawl(sample_day, "backfill", *DAY)
    assert again.returncode == 0, again.stderr
    assert "found 0: 0 new" in again.stdout
    assert "note: days that were read to their end before, and not again: 1" in again.stdout
    assert rows(sample_day, "SELECT * FROM articles ORDER BY id") == before
    assert rows(sample_day, "SELECT max(attempts) FROM pages")[0][0] == 1


def test_pending_page_of_an_earlier_run_is_taken_up(tmp_path: Path) -> None:
    database = tmp_path / "killed.db"
    assert crawl(database, "backfill", *DAY).returncode == 0
    connection = sqlite3.connect(database)
    # As after a kill: it was found, and never fetched.
    connection.execute("DELETE FROM articles WHERE id = 'rgmwym370'")
    connection.execute("UPDATE pages SET state = 'pending' WHERE id = 'rgmwym370'")
    connection.commit()
    connection.close()
    done = crawl(database, "backfill", *DAY)
    assert "found 1: 1 new" in done.stdout
    assert rows(database, "SELECT title FROM articles WHERE id = 'rgmwym370'")


def test_section_narrows_the_day(tmp_path: Path) -> None:
    database = tmp_path / "section.db"
    done = crawl(database, "backfill", *DAY, "-a", "section=ekonomi")
    assert done.returncode == 0, done.stderr
    stored = rows(database, "SELECT url, section FROM articles")
    assert stored
    assert all("ekonomi." in row["url"] or "Ekonomi" in row["section"] for row in stored)


def test_one_article(tmp_path: Path) -> None:
    database = tmp_path / "one.db"
    done = crawl(database, "article", "-a", f"url={PUTIN}")
    assert done.returncode == 0, done.stderr
    (article,) = rows(database, "SELECT * FROM articles")
    assert article["published_at"] == "2022-08-15T09:15:00+07:00"
    assert article["reporters"] == '["Dwina Agustin"]'
    assert article["editors"] == '["Friska Yolandha"]'
    assert article["sources"] == '["Reuters"]'
    assert article["dateline"] == "PYONGYANG"
    paragraphs = article["body"].split("\n\n")
    assert len(paragraphs) == 7
    assert paragraphs[0].startswith("Presiden Rusia Vladimir Putin mengirimkan surat")
    assert paragraphs[-1].endswith("perdamaian dan persahabatan.")
    assert article["fetched_at"].startswith("2022-08-16T08:"), "the capture's own moment"
    (image,) = rows(database, "SELECT caption, credit FROM images")
    assert image["caption"].startswith("Presiden Rusia Vladimir Putin (kanan)")
    assert image["credit"] == "Alexei Nikolsky, Sputnik, Kremlin Pool Photo"


def test_addresses_from_a_file_and_from_the_environment(tmp_path: Path) -> None:
    listed = tmp_path / "urls.txt"
    listed.write_text(f"# one\n{PUTIN}?utm_source=x\n\n{PUTIN}\n")
    database = tmp_path / "env.db"
    done = scrapy(
        *("crawl", "article", "-a", f"file={listed}"),
        REPUBLIKA_DATABASE=str(database),
        REPUBLIKA_REPLAY=str(SAMPLES),
    )
    assert done.returncode == 0, done.stderr
    assert len(rows(database, "SELECT 1 FROM articles")) == 1


def test_gone_article_keeps_its_record(tmp_path: Path) -> None:
    database = tmp_path / "gone.db"
    dead = next(lost for lost in EXPECTED["lost"] if lost["state"] == "gone")
    done = crawl(database, "article", "-a", f"url={PUTIN},{dead['url']}")
    assert done.returncode == 0
    connection = sqlite3.connect(database)
    connection.execute("UPDATE pages SET url = ?", [dead["url"]])
    connection.execute(
        "INSERT INTO articles SELECT ?, url, 'Judul lama', lead, published_at, published_raw,"
        " published_from, modified_at, section, reporters, editors, sources, dateline, body,"
        " word_count, language, kind, partial, layout, content_hash, parser_version, fetched_at,"
        " first_seen_at, updated_at FROM articles",
        [dead["id"]],
    )
    connection.commit()
    connection.close()
    crawl(database, "article", "-a", f"url={dead['url']}")
    (page,) = rows(database, f"SELECT state, attempts FROM pages WHERE id = '{dead['id']}'")
    assert tuple(page) == ("gone", 2)
    assert rows(database, f"SELECT title FROM articles WHERE id = '{dead['id']}'")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("backfill",), "since is missing"),
        (("backfill", "-a", "since=15/08/2022"), "since=15/08/2022 is not a day"),
        (("backfill", "-a", "since=2022-02-30"), "since=2022-02-30 is not a day"),
        (
            ("backfill", "-a", "since=2022-08-15", "-a", "until=2022-08-14"),
            "until=2022-08-14 is before since=2022-08-15",
        ),
        (
            ("backfill", *DAY, "-a", "section=ekonimi"),
            "unknown section ekonimi; did you mean ekonomi? known are ameera",
        ),
        (("backfill", *DAY, "-a", "sections=ekonomi"), "unknown argument sections; known are"),
        (("backfill", "-a", "since=2999-01-01"), "is in the future"),
        (("article",), "give the articles by url=ADDRESS"),
        (("article", "-a", "url=https://www.tempo.co/berita/rgmwym370/x"), "not the address of"),
        (("article", "-a", "file=absent.txt"), "the file absent.txt cannot be read"),
        (("artikel",), "no such spider; known are latest, backfill, topic, article"),
    ],
)
def test_bad_arguments_end_at_once(tmp_path: Path, args: tuple[str, ...], says: str) -> None:
    database = tmp_path / "none.db"
    done = crawl(database, *args)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not database.exists()


def test_replay_of_what_is_no_warc_is_refused(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    done = scrapy(
        *("crawl", "article", "-a", f"url={PUTIN}"),
        *("-s", f"REPLAY={absent}", "-s", f"DATABASE={tmp_path / 'x.db'}"),
    )
    assert done.returncode == 2
    assert "absent" in done.stderr


def test_nothing_stored_is_unhealthy(tmp_path: Path) -> None:
    gone = next(lost for lost in EXPECTED["lost"] if lost["state"] == "gone")
    done = crawl(tmp_path / "x.db", "article", "-a", f"url={gone['url']}")
    assert done.returncode == 1
    assert "none of 1 articles could be stored" in done.stderr


def test_day_that_no_index_shows_is_unhealthy(tmp_path: Path) -> None:
    done = crawl(tmp_path / "x.db", "backfill", "-a", "since=2022-08-17", "-a", "until=2022-08-17")
    assert done.returncode == 1
    assert "the index of 2022-08-17 is incomplete" in done.stderr


@pytest.mark.parametrize(
    "content", [b"no database at all, just words", b"SQLite format 3\x00" * 99]
)
def test_corrupt_database_is_said(tmp_path: Path, content: bytes) -> None:
    database = tmp_path / "bad.db"
    database.write_bytes(content)
    done = crawl(database, "article", "-a", f"url={PUTIN}")
    assert done.returncode == 1
    assert "bad.db" in done.stderr
    assert "Traceback" not in done.stderr
    assert database.read_bytes() == content


def test_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = crawl(tmp_path / "absent" / "x.db", "article", "-a", f"url={PUTIN}")
    assert done.returncode == 1
    assert "x.db.lock cannot be written: No such file or directory" in done.stderr
    assert "Traceback" not in done.stderr


def test_second_process_is_told_to_come_back(tmp_path: Path) -> None:
    import fcntl

    database = tmp_path / "held.db"
    with Path(f"{database}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = crawl(database, "article", "-a", f"url={PUTIN}")
    assert done.returncode == 75
    assert "try again" in done.stderr
    assert crawl(database, "article", "-a", f"url={PUTIN}").returncode == 0, "left by the dead"


def test_same_records_for_every_hash_seed(tmp_path: Path) -> None:
    told = set()
    for seed in ("0", "1", "2", "3"):
        database = tmp_path / f"{seed}.db"
        crawl(database, "backfill", *DAY, PYTHONHASHSEED=seed)
        columns = (
            "SELECT id, url, title, lead, published_at, body, section, content_hash, reporters"
        )
        told.add(
            str([tuple(row) for row in rows(database, f"{columns} FROM articles ORDER BY id")])
        )
    assert len(told) == 1


def test_corrected_article_becomes_a_revision(tmp_path: Path) -> None:
    url, page = sample_page("rgmwym370")
    corrected = page.replace("Putin Janjikan Perluas", "Putin Berjanji Perluas")
    database = tmp_path / "r.db"
    assert one(database, warc_of(tmp_path / "1", {url: (200, page)}), url).returncode == 0
    done = one(database, warc_of(tmp_path / "2", {url: (200, corrected)}), url)
    assert "0 new, 1 updated" in done.stdout
    (now,) = rows(database, "SELECT title FROM articles")
    (before,) = rows(database, "SELECT title FROM revisions")
    assert now["title"].startswith("Putin Berjanji")
    assert before["title"].startswith("Putin Janjikan")


def test_layout_that_nobody_knows_is_stored_and_said(tmp_path: Path) -> None:
    url, page = sample_page("rgmwym370")
    renamed = page.replace('class="', 'class="x-').replace('itemprop="', 'itemprop="x-')
    database = tmp_path / "g.db"
    done = one(database, warc_of(tmp_path / "1", {url: (200, renamed)}), url)
    assert done.returncode == 0, done.stderr
    assert "1 of them in an unknown layout" in done.stdout
    (article,) = rows(database, "SELECT layout, dateline FROM articles")
    assert tuple(article) == ("generic", "PYONGYANG")


def test_article_that_lacks_a_page_is_partial(tmp_path: Path) -> None:
    two_parts = next(r["id"] for r in EXPECTED["records"] if r["id"] == "rgmnyc900")
    url, page = sample_page(two_parts)
    database = tmp_path / "p.db"
    done = one(database, warc_of(tmp_path / "1", {url: (200, page)}), url)
    assert done.returncode == 0, done.stderr
    (article,) = rows(database, "SELECT partial, body FROM articles")
    assert article["partial"] == 1
    assert article["body"]
    (stored,) = rows(database, "SELECT state, reason FROM pages")
    assert stored["state"] == "stored"
    assert "part" in stored["reason"]


def test_wall_against_robots_stops_the_run(tmp_path: Path) -> None:
    url, _ = sample_page("rgmwym370")
    wall = "<html><head><title>Just a moment...</title></head><body><p>Wait</p></body></html>"
    database = tmp_path / "w.db"
    done = one(database, warc_of(tmp_path / "1", {url: (200, wall)}), url)
    assert done.returncode == 1
    assert "the site refuses the crawler" in done.stderr
    assert not rows(database, "SELECT 1 FROM articles")
    assert rows(database, "SELECT state FROM pages")[0]["state"] == "failed"


def test_refusal_of_robots_txt_is_said_and_unhealthy(tmp_path: Path) -> None:
    url, page = sample_page("rgmwym370")
    robots = url.partition("/berita/")[0] + "/robots.txt"
    refusing = "User-agent: *\nDisallow: /\n"
    database = tmp_path / "n.db"
    done = one(database, warc_of(tmp_path / "1", {robots: (200, refusing), url: (200, page)}), url)
    assert done.returncode == 1
    assert "robots.txt forbids the crawler" in done.stderr
    assert not rows(database, "SELECT 1 FROM articles")
