from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

import crawler.database.store
from crawler.article import Article, Image
from crawler.database.schema import MIGRATIONS
from crawler.database.store import (
    COUNTS,
    PARTIAL,
    Capture,
    Found,
    PendingPage,
    Schedule,
    Store,
    StoreError,
    Visit,
)
from crawler.dates import WIB, iso
from tests.records import T1, T2, T3, article, capture, counts, of_version_0_1, tables

LIST = "https://republika.co.id/index/0"

PUBLISHED = datetime(2022, 8, 15, 9, 15, tzinfo=WIB)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SCHEDULE = Schedule(ages=(HOUR, 6 * HOUR, DAY), waits=(15 * MINUTE, HOUR))
MONDAY, TUESDAY = "Mon, 15 Aug 2022 03:00:00 GMT", "Tue, 16 Aug 2022 03:00:00 GMT"
OK = Visit(200, '"a"', MONDAY)


def page(page_id, listed_at=None, found_in=LIST):
    return Found(
        id=page_id,
        url=f"https://republika.co.id/berita/{page_id}",
        found_in=found_in,
        listed_at=listed_at,
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "republika.db"


@pytest.fixture
def store(path):
    with Store(path) as store:
        yield store


@pytest.fixture
def planned(path):
    """A store that asks again."""
    with Store(path, SCHEDULE) as store:
        yield store


def at(age):
    """The moment at which the article is so old."""
    return iso(PUBLISHED + age)


def ids(pages):
    return [page.id for page in pages]


def rows(store, sql, *values):
    return store.db.execute(sql, values).fetchall()


def one(store, sql, *values):
    (row,) = rows(store, sql, *values)
    return row


def check_search(store):
    """Raises if the index does not say what the articles say."""
    store.db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")


def search(store, words):
    return [row["id"] for row in store.db.table("articles").search(words)]


# -- the schema


def test_the_record_is_the_table():
    with Database(memory=True) as db:
        MIGRATIONS.apply(db)
        columns = [column.name for column in db.table("articles").columns]
        assert columns == [field.name for field in fields(Article)][: len(columns)]
        assert columns[-1] == "updated_at"
        assert db.table("articles").pks == ["id"]
        names = [column.name for column in db.table("captures").columns]
        assert names == ["id", *(field.name for field in fields(Capture))]


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("SELECT * FROM articles WHERE published_at >= '2022'", "articles_published_at"),
        (
            "SELECT * FROM articles WHERE section = 'x' ORDER BY published_at DESC",
            "articles_section",
        ),
        ("SELECT id FROM pages WHERE state = 'pending' ORDER BY found_at", "pages_state_found_at"),
        (
            "SELECT id FROM pages WHERE state = 'stored' AND next_check_at <= '2022'",
            "pages_state_next_check_at",
        ),
        ("SELECT id FROM pages WHERE listed_at BETWEEN '2022' AND '2023'", "pages_listed_at"),
        (
            "SELECT * FROM captures WHERE url = 'x' ORDER BY fetched_at DESC LIMIT 1",
            "captures_url",
        ),
        ("SELECT * FROM captures WHERE article_id = 'x'", "captures_article_id"),
        ("SELECT * FROM captures WHERE digest = 'x'", "captures_digest"),
        ("SELECT id FROM articles WHERE content_hash = 'x'", "articles_content_hash"),
        ("SELECT * FROM revisions WHERE run_id = 1 ORDER BY id", "revisions_run_id"),
        ("SELECT * FROM revisions WHERE article_id = 'x'", "revisions_article_id"),
        ("SELECT * FROM article_tags WHERE tag_id = 1", "article_tags_tag_id"),
        ("SELECT * FROM runs ORDER BY started_at DESC LIMIT 9", "runs_started_at"),
    ],
)
def test_what_the_commands_ask_has_an_index(store, sql, index):
    plan = " ".join(row[3] for row in rows(store, f"EXPLAIN QUERY PLAN {sql}"))
    assert f"INDEX {index}" in plan
    assert "TEMP B-TREE" not in plan


def test_the_connection_is_set_up(store):
    pragmas = ["journal_mode", "synchronous", "foreign_keys", "busy_timeout"]
    assert [one(store, f"PRAGMA {name}")[0] for name in pragmas] == ["wal", 1, 1, 30_000]


def test_foreign_keys_hold(store):
    store.save(article(), now=T1)
    with pytest.raises(sqlite3.IntegrityError):
        store.db.execute("INSERT INTO images (article_id, position, url) VALUES ('none', 0, '')")
    store.db.execute("DELETE FROM articles")
    for table in ("article_tags", "images", "related"):
        assert rows(store, f"SELECT * FROM {table}") == []


def test_an_unknown_state_is_refused(store):
    with pytest.raises(StoreError, match="CHECK constraint failed"):
        store.reject("rgmwym370", "https://x", "stroed", "typo", now=T1)


def test_an_older_file_is_brought_up_to_date(path, monkeypatch):
    with Store(path) as store:
        store.save(article(), now=T1)
    newer = Migrations("republika")
    for migration in MIGRATIONS.pending(Database(memory=True)):
        newer(name=migration.name)(migration.fn)

    @newer()
    def with_mood(db):
        db.table("articles").add_column("mood", str)

    with monkeypatch.context() as patch:
        patch.setattr(crawler.database.store, "MIGRATIONS", newer)
        with Store(path) as store:
            assert one(store, "SELECT id, mood FROM articles") == ("rgmwym370", None)
        Store(path).close()  # and only once

    with pytest.raises(StoreError, match=r"newer version of this crawler \(it has with_mood\)"):
        Store(path)


def test_a_database_of_version_0_1_loses_nothing(path):
    before = of_version_0_1(path)
    with Store(path, SCHEDULE) as store:
        after = tables(store.db)
        assert set(after) == {*before, "listings"}
        for table, stored in before.items():
            assert len(after[table]) == len(stored) > 0
            for old, new in zip(stored, after[table], strict=True):
                changed = {name for name in old if old[name] != new[name]}
                is_failed = table == "pages" and old["state"] == "failed"
                assert changed == ({"next_check_at"} if is_failed else set())
        assert [row["revisit"] for row in after["captures"]] == [0, 1]
        assert search(store, "kedelai") == ["rgmwym370"]
        check_search(store)
        assert ids(store.due(9, now=T3)) == ["b", "e"]  # what waited, and then what failed
        assert store.save(article(title="Harga Kedelai Turun"), now=T3, visit=OK) == "updated"
        assert rows(store, "SELECT changes IS NULL FROM revisions ORDER BY id") == [(1,), (0,)]
        store.reject("e", "https://x", "failed", "HTTP 500", now=T3, visit=Visit(500))
        assert one(store, "SELECT attempts, failures FROM pages WHERE id = 'e'") == (2, 1)
        check_search(store)


def test_a_migration_that_fails_leaves_the_old_file(path, monkeypatch):
    Store(path).close()
    newer = Migrations("republika")
    for migration in MIGRATIONS.pending(Database(memory=True)):
        newer(name=migration.name)(migration.fn)

    @newer()
    def half(db):
        db.table("half").create({"id": int})
        db.execute("SELECT nonsense")

    with monkeypatch.context() as patch:
        patch.setattr(crawler.database.store, "MIGRATIONS", newer)
        with pytest.raises(StoreError, match="no such column: nonsense"):
            Store(path)
    with Store(path) as store:
        assert not store.db.table("half").exists()


# Waits until it is told to go, so that all go at once.
CREATE = """
import sys
from crawler.database.store import Store
print("ready", flush=True)
sys.stdin.readline()
Store(sys.argv[1]).close()
"""


def test_many_may_create_the_file_at_once(path):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [sys.executable, "-c", CREATE, path]
    processes = [subprocess.Popen(command, text=True, **pipes) for _ in range(4)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        assert process.communicate(timeout=60)[1] == ""


# -- opening what cannot be used


def no_database(path):
    path.write_text("Lorem ipsum dolor sit amet. " * 99)


def damaged(path):
    Store(path).close()
    content = bytearray(path.read_bytes())
    content[100:3000] = b"\xff" * 2900
    path.write_bytes(content)


def somebody_elses(path):
    with Database(path) as db:
        db.table("articles").insert({"id": 1})


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (no_database, "is not a SQLite database"),
        (damaged, "is damaged"),
        (somebody_elses, "table articles already exists"),
        (Path.mkdir, "cannot be opened"),
    ],
)
def test_a_file_that_cannot_be_used(path, prepare, message):
    prepare(path)
    with pytest.raises(StoreError) as error:
        Store(path)
    assert str(error.value).startswith(str(path))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(StoreError, match="is its folder there"):
        Store(tmp_path / "none" / "republika.db")


def test_a_file_that_may_not_be_written(path):
    with Store(path) as store:
        store.db.execute("PRAGMA query_only = ON")  # what root, too, is refused
        with pytest.raises(StoreError, match="read-only"):
            store.save(article(), now=T1)


def test_a_lock_of_another_process(path, monkeypatch):
    monkeypatch.setattr(crawler.database.store, "BUSY_TIMEOUT", 0.2)
    with Store(path) as store, Store(path) as other:
        with other.transaction():
            began = time.monotonic()
            with pytest.raises(StoreError, match="locked by another process"):
                store.save(article(), now=T1)
            assert time.monotonic() - began >= 0.2
        assert store.save(article(), now=T1) == "new"


# -- articles


def test_a_new_article(store):
    assert store.save(article(), now=T1, visit=OK) == "new"
    (row,) = store.db.table("articles").rows
    assert row == {
        **{field.name: getattr(article(), field.name) for field in fields(Article)[:24]},
        "reporters": '["Contoh Reporter"]',
        "editors": '["Contoh Redaktur"]',
        "sources": "[]",
        "partial": 0,
        "fetched_at": T1,
        "first_seen_at": T1,
        "updated_at": T1,
    }
    names = rows(store, "SELECT name FROM article_tags JOIN tags ON tags.id = tag_id ORDER BY 1")
    assert names == [("kedelai",), ("tempe",)]
    assert rows(store, "SELECT position, url, caption, credit FROM images ORDER BY 1") == [
        (0, "https://static.republika.co.id/1.jpg", "Kedelai", None),
        (1, "https://static.republika.co.id/2.jpg", None, "Antara"),
    ]
    assert rows(store, "SELECT article_id, position, related_id, url, title FROM related") == [
        ("rgmwym370", 0, "r2puuz396", "https://republika.co.id/x", "X")
    ]
    assert rows(store, "SELECT * FROM revisions") == []
    assert search(store, "tempe") == ["rgmwym370"]  # which the body writes with an accent


def test_the_moment_of_the_fetch_may_be_another(store):
    store.save(article(fetched_at=T1), now=T2)
    assert one(store, "SELECT fetched_at, first_seen_at FROM articles") == (T1, T2)


CHANGES = [
    {"title": "Harga Kedelai Turun"},
    {"lead": None},
    {"body": "Lain."},
    {"url": "https://republika.co.id/berita/rgmwym370/baru"},
    {"published_at": "2022-08-15T09:16:00+07:00"},
    {"published_raw": None},
    {"published_from": "metadata"},
    {"modified_at": T1},
    {"section": "Ekonomi"},
    {"reporters": []},
    {"editors": ["Contoh Redaktur", "Contoh Reporter"]},
    {"sources": ["Antara"]},
    {"dateline": None},
    {"word_count": 7},
    {"language": "en"},
    {"kind": "gallery"},
    {"partial": True},
    {"layout": "republika2023"},
    {"tags": ["tempe"]},
    {"images": []},
    {"images": [Image(url="https://static.republika.co.id/1.jpg", caption="Tempe")]},
    {"related": []},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_a_changed_article_is_a_revision(store, change):
    store.save(article(), now=T1)
    before = one(store, "SELECT rowid, * FROM articles")
    assert store.save(article(**change, parser_version="2"), now=T2) == "updated"
    assert one(store, "SELECT first_seen_at, updated_at, fetched_at FROM articles") == (T1, T2, T2)
    (name,) = change
    (revision,) = store.db.table("revisions").rows
    assert (revision["article_id"], revision["seen_at"]) == ("rgmwym370", T2)
    former = dict(
        zip([c.name for c in store.db.table("articles").columns], before[1:], strict=True)
    )
    for column in revision.keys() & former.keys() - {"id"}:
        assert revision[column] == former[column]
    lists = [json.loads(revision[column]) for column in ("tags", "images", "related")]
    assert lists == [
        ["kedelai", "tempe"],
        [
            {"url": "https://static.republika.co.id/1.jpg", "caption": "Kedelai", "credit": None},
            {"url": "https://static.republika.co.id/2.jpg", "caption": None, "credit": "Antara"},
        ],
        [{"related_id": "r2puuz396", "url": "https://republika.co.id/x", "title": "X"}],
    ]
    if name in former and name not in {"reporters", "editors", "sources"}:
        assert one(store, f"SELECT {name} FROM articles") == (change[name],)
    assert one(store, "SELECT rowid FROM articles") == before[:1]
    assert store.save(article(**change, parser_version="2"), now=T3) == "unchanged"
    check_search(store)


def test_an_unchanged_article_is_not_written(store):
    store.save(article(), now=T1)
    before = list(store.db.table("articles").rows)
    index = rows(store, "SELECT id, block FROM articles_fts_data")
    again = article(fetched_at=T2, parser_version="2", tags=["kedelai", "tempe", "tempe"])
    assert store.save(again, now=T2, visit=OK) == "unchanged"
    assert list(store.db.table("articles").rows) == before
    assert rows(store, "SELECT id, block FROM articles_fts_data") == index
    assert rows(store, "SELECT * FROM revisions") == []
    assert one(store, "SELECT fetched_at, attempts FROM pages") == (T2, 2)


def test_every_change_is_kept(store):
    for now, title in [(T1, "Satu"), (T2, "Dua"), (T3, "Tiga")]:
        store.save(article(title=title), now=now)
    assert rows(store, "SELECT seen_at, title, fetched_at FROM revisions ORDER BY id") == [
        (T2, "Satu", T1),
        (T3, "Dua", T2),
    ]


def test_a_revision_names_its_run_and_says_what_changed(store):
    store.save(article(), now=T1)
    store.run_id = 7
    changed = article(
        title="Harga Kedelai Turun",
        body="Harga kedelai turun.\n\nPerajin tempé mengeluh.",
        partial=True,
        reporters=["Contoh Reporter", "C31"],
        tags=["tempe"],
        images=[Image(url="https://static.republika.co.id/1.jpg", caption="Tempe")],
    )
    store.save(changed, now=T2)
    assert one(store, "SELECT run_id, changes FROM revisions") == (
        7,
        """\
title
- Harga Kedelai Naik
+ Harga Kedelai Turun

reporters
+ C31

body
- Harga kedelai naik.
+ Harga kedelai turun.
…

partial
- 0
+ 1

tags
- kedelai

images
- url: https://static.republika.co.id/1.jpg, caption: Kedelai
- url: https://static.republika.co.id/2.jpg, credit: Antara
+ url: https://static.republika.co.id/1.jpg, caption: Tempe""",
    )


@pytest.mark.parametrize(
    ("other", "known"),
    [
        ({}, True),
        ({"published_at": "2022-08-17T09:14:00+07:00"}, True),
        ({"published_at": "2022-08-13T09:16:00+07:00"}, True),
        ({"published_at": "2022-08-17T09:16:00+07:00"}, False),  # a story that comes every week
        ({"published_at": "2022-08-13T09:14:00+07:00"}, False),
        ({"title": "Harga Tempe Naik"}, False),
        ({"lead": None}, False),
        ({"body": "Harga kedelai naik."}, False),
    ],
)
def test_an_article_made_anew_under_another_id(store, other, known):
    store.save(article(), now=T1)
    assert store.twin(article("rgmwz1370", **other)) == ("rgmwym370" if known else None)


def test_an_article_is_no_twin_of_itself(store):
    store.save(article(), now=T1)
    store.save(article("rgmwz1370"), now=T1)
    assert store.twin(article()) is None
    assert store.twin(article("rgmwz1370")) is None  # stored once, it stays and is kept up to date


def test_of_two_twins_the_first(store):
    store.save(article("rgmwz1370", published_at="2022-08-15T11:00:00+07:00"), now=T1)
    store.save(article("rgmwym370"), now=T1)
    assert store.twin(article("rgmx05370", published_at=T3)) == "rgmwym370"


def test_the_newest_article_that_is_not_of_the_future(store):
    assert store.newest(T2) is None
    store.save(article("r2l621", published_at=T3), now=T1)
    assert store.newest(T2) is None
    store.save(article("r2l622", published_at=T1), now=T1)
    store.save(article("r2l623", published_at=PUBLISHED.isoformat()), now=T1)
    assert iso(store.newest(T2)) == T1
    assert iso(store.newest(T3)) == T3


def test_search_follows_changes(store):
    store.save(article(), now=T1)
    store.save(article("r2puuz396", title="Banjir", lead=None, body="Hujan."), now=T1)
    store.save(article(title="Kopi", lead=None, body="Kopi dan téh."), now=T2)
    assert [search(store, word) for word in ("kedelai", "kopi", "teh", "hujan")] == [
        [],
        ["rgmwym370"],
        ["rgmwym370"],
        ["r2puuz396"],
    ]
    store.db.table("articles").update("r2puuz396", {"body": "Panas."})  # by anybody else
    store.db.execute("REPLACE INTO articles SELECT * FROM articles WHERE id = 'r2puuz396'")
    assert search(store, "hujan") == []
    assert search(store, "panas") == ["r2puuz396"]
    check_search(store)


def with_gaps(store):
    for number in range(6):
        store.save(article(f"r2l62{number}", title=f"kata{number}"), now=T1)
    store.db.execute("DELETE FROM articles WHERE id IN ('r2l620', 'r2l623')")


def test_search_survives_vacuum(path):
    with Store(path) as store:
        with_gaps(store)
        store.db.vacuum()
    with Store(path) as store:
        assert [search(store, f"kata{number}") for number in (0, 1, 5)] == [
            [],
            ["r2l621"],
            ["r2l625"],
        ]
        check_search(store)


def test_search_survives_new_row_numbers(path, caplog):
    """As a dump and reload gives them, and as VACUUM is free to."""
    with Store(path) as store:
        with_gaps(store)
        triggers = store.db.table("articles").triggers
        with store.transaction():
            store.db.execute("PRAGMA defer_foreign_keys = ON")
            for trigger in triggers:
                store.db.execute(f"DROP TRIGGER {trigger.name}")
            store.db.execute("CREATE TABLE copy AS SELECT * FROM articles ORDER BY rowid")
            store.db.execute("UPDATE articles SET rowid = -rowid")
            store.db.execute(
                "UPDATE articles SET rowid ="
                " (SELECT copy.rowid FROM copy WHERE copy.id = articles.id)"
            )
            for trigger in triggers:
                store.db.execute(trigger.sql)
        assert search(store, "kata5") != ["r2l625"]
    with Store(path) as store:
        assert "Rebuilding the full-text index" in caplog.text
        assert search(store, "kata5") == ["r2l625"]
        check_search(store)
    caplog.clear()
    Store(path).close()
    assert caplog.text == ""


# -- pages


def test_what_a_listing_shows_is_pending(store):
    store.run_id = 3
    pages = [page("r2l623", "2022-08-15"), page("r2l621"), page("r2l623", "2022-08-16")]
    assert store.found(pages, T1) == ["r2l623", "r2l621"]
    (row, _) = store.db.table("pages").rows
    assert row == {
        "id": "r2l623",
        "url": "https://republika.co.id/berita/r2l623",
        "state": "pending",
        "reason": None,
        "attempts": 0,
        "http_status": None,
        "found_at": T1,
        "found_in": LIST,
        "listed_at": "2022-08-15",
        "fetched_at": None,
        "next_check_at": None,
        "failures": 0,
        "found_run": 3,
        "etag": None,
        "last_modified": None,
    }
    assert store.due(9, now=T1) == [
        PendingPage("r2l623", "https://republika.co.id/berita/r2l623"),
        PendingPage("r2l621", "https://republika.co.id/berita/r2l621"),
    ]


def test_what_is_known_stays_as_it_is(store):
    store.run_id = 3
    store.found([page("r2l621"), page("r2l622", "2022-08-15")], T1)
    store.reject("r2l621", "https://x", "gone", "404", now=T1, visit=Visit(404))
    store.run_id = 4
    again = [page(name, "2022-08-16", "https://x") for name in ("r2l621", "r2l622", "r2l623")]
    assert store.found(again, T2) == ["r2l623"]
    assert rows(store, "SELECT id, state, found_at, found_in, found_run, listed_at FROM pages") == [
        ("r2l621", "gone", T1, LIST, 3, "2022-08-16"),  # the missing date is filled in
        ("r2l622", "pending", T1, LIST, 3, "2022-08-15"),
        ("r2l623", "pending", T2, "https://x", 4, "2022-08-16"),
    ]
    assert store.found([page("r2l621"), page("r2l622")], T3) == []
    dates = rows(store, "SELECT listed_at FROM pages ORDER BY id")
    assert dates == [("2022-08-16",), ("2022-08-15",), ("2022-08-16",)]


def test_what_is_wanted_is_due_whatever_it_was(planned):
    store = planned
    store.save(article(), now=T1, visit=OK)
    store.reject("r2l621", "https://x", "rejected", "no article", now=T1, visit=OK)
    asked = [
        Found(id="r2l621", url="https://y"),
        page("rgmwym370"),
        page("r2l622"),
        page("r2l621"),
    ]
    wanted = [
        PendingPage("r2l621", "https://y"),  # without validators, since nothing is stored
        PendingPage("rgmwym370", page("rgmwym370").url, '"a"', MONDAY),
        PendingPage("r2l622", page("r2l622").url),
    ]
    assert store.want(asked, T2) == wanted
    assert rows(store, "SELECT id, url, state, reason, attempts, found_at FROM pages") == [
        ("rgmwym370", "https://republika.co.id/berita/rgmwym370", "stored", None, 1, T1),
        ("r2l621", "https://y", "pending", None, 1, T1),
        ("r2l622", "https://republika.co.id/berita/r2l622", "pending", None, 0, T2),
    ]
    assert one(store, "SELECT count(*) FROM articles") == (1,)
    assert {page.id: page for page in store.due(9, now=T2)} == {page.id: page for page in wanted}


@pytest.mark.parametrize("state", ["rejected", "gone", "failed"])
def test_what_is_wanted_forgets_why_it_was_given_up(store, state):
    store.reject("r2l621", "https://x", state, "reason", now=T1)
    assert store.due(9, now=T2) == []
    store.want([page("r2l621", "2022-08-15")], T2)
    assert one(store, "SELECT state, reason, failures, listed_at FROM pages") == (
        "pending",
        None,
        0,
        "2022-08-15",
    )
    assert ids(store.due(9, now=T2)) == ["r2l621"]


def test_what_is_wanted_is_asked_for_whole_where_its_record_is_lost(store):
    store.save(article(), now=T1, visit=OK)
    store.db.execute("DELETE FROM articles")
    (wanted,) = store.want([page("rgmwym370")], T2)
    assert wanted == PendingPage("rgmwym370", page("rgmwym370").url)
    assert store.states(["rgmwym370"]) == {"rgmwym370": "pending"}


def test_what_is_due_is_asked_for_whole_where_its_record_is_lost(planned):
    planned.save(article(), now=T1, visit=OK)
    planned.db.execute("DELETE FROM articles")
    assert planned.due(9, now=T3) == [PendingPage("rgmwym370", article().url)]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "b a c refused timeout old kept"),
        ({"limit": 2}, "b a"),
        ({"limit": 4}, "b a c refused"),
        ({"limit": 6}, "b a c refused timeout old"),
        ({"limit": 0}, ""),
        ({"exclude": ["b", "timeout", "kept"]}, "a c refused old"),
        ({"exclude": {"b", "a"}, "limit": 2}, "c refused"),
        ({"rechecks": False}, "b a c refused timeout"),
        ({"now": at(2 * HOUR - MINUTE)}, "b a c refused old"),
        ({"now": at(HOUR)}, "b a c"),
    ],
)
def test_what_is_due_and_in_which_order(planned, options, expected):
    """What was never fetched first, then what failed, then what may have changed."""
    store = planned
    failed = {"now": at(HOUR), "visit": Visit(500)}
    store.save(article("kept", published_at=at(HOUR)), now=at(HOUR))  # due at an age of 1 h
    store.save(article("later", published_at=at(2 * HOUR)), now=at(2 * HOUR))
    store.save(article("old", published_at=at(HOUR - MINUTE)), now=at(HOUR - MINUTE))
    store.reject("timeout", "https://x", "failed", "timeout", wait=HOUR, **failed)
    store.reject("refused", "https://x", "failed", "HTTP 500", **failed)
    store.found([page("b"), page("a")], at(HOUR))
    store.found([page("c")], at(2 * HOUR))
    found = store.due(**{"limit": 9, "now": at(2 * HOUR), **options})
    assert [page.id for page in found] == expected.split()


@pytest.mark.parametrize("now", [T1, at(2 * HOUR), at(99 * DAY)])
def test_what_waits_is_what_is_due(planned, now):
    store = planned
    store.save(article(), now=T1)
    store.found([page("r2l621")], T1)
    store.want([page("r2l622")], T1)
    store.want([page("r2l622")], T1)
    store.reject("r2l623", "https://x", "failed", "timeout", now=T1)
    store.reject("rgmwz1370", "https://x", "gone", "404", now=T1)
    store.reject("rgmx05370", "https://x", "rejected", "no text", now=T1)
    assert store.waiting(now) == len(store.due(99, now=now))
    assert store.waiting(T1) == 2
    assert store.waiting(at(99 * DAY)) == 6


@pytest.mark.parametrize("state", ["rejected", "gone"])
def test_a_fetch_without_an_article(store, state):
    store.save(article(), now=T1, visit=OK)
    store.reject("rgmwym370", "https://x", state, "reason", now=T2, visit=OK._replace(etag='"x"'))
    assert one(store, "SELECT state, reason, attempts, http_status, fetched_at FROM pages") == (
        state,
        "reason",
        2,
        200,
        T2,
    )
    assert one(store, "SELECT title FROM articles") == ("Harga Kedelai Naik",)
    (wanted,) = store.want([page("rgmwym370")], T2)
    assert (wanted.etag, wanted.last_modified) == (None, None)  # its page must be sent whole
    store.save(article(), now=T3, visit=OK)
    assert one(store, "SELECT state, reason, http_status FROM pages") == ("stored", None, 200)


def test_states(store):
    store.found([page("r2l621"), page("r2l622")], T1)
    store.reject("r2l622", "https://x", "gone", "404", now=T1, visit=Visit(404))
    states = store.states(["r2l622", "r2l621", "unknown"])
    assert states == {"r2l621": "pending", "r2l622": "gone"}
    assert store.states([]) == {}


def test_how_pages_stand(store):
    store.found([page("r2l621")], T1)
    store.save(article("r2l622"), now=T1)
    store.save(article("r2l623", partial=True), now=T1)
    store.save(article("r2l624"), now=T1)
    store.reject("r2l625", "https://x", "rejected", "no text", now=T1)
    store.save(article("r2l626"), now=T1)
    store.reject("r2l626", "https://x", "gone", "HTTP 404", now=T2)
    store.db.execute("DELETE FROM articles WHERE id = 'r2l624'")
    assert store.standing([*(f"r2l62{number}" for number in range(1, 7)), "unknown"]) == {
        "r2l621": ("pending", None),
        "r2l622": ("stored", None),
        "r2l623": ("stored", PARTIAL),
        "r2l624": ("lost", None),
        "r2l625": ("rejected", "no text"),
        "r2l626": ("gone", "HTTP 404"),
    }
    assert store.standing([]) == {}


def test_a_partial_article_is_stored_with_the_reason(store):
    store.save(article(partial=True), now=T1)
    assert one(store, "SELECT state, reason FROM pages") == ("stored", PARTIAL)
    store.save(article(), now=T2)
    assert one(store, "SELECT state, reason FROM pages") == ("stored", None)


def test_a_page_nobody_found_is_known_all_the_same(store):
    store.run_id = 3
    store.reject("r2l621", "https://x", "failed", "timeout", now=T1)
    assert one(store, "SELECT url, found_at, found_run, attempts FROM pages") == (
        "https://x",
        T1,
        3,
        1,
    )


# -- when a page is asked for again


@pytest.mark.parametrize(
    ("age", "following"),
    [
        (timedelta(), HOUR),
        (-2 * HOUR, -HOUR),  # dated into the future: as if it were published now
        (HOUR - MINUTE, HOUR),
        (HOUR, 6 * HOUR),
        (20 * HOUR, DAY),
        (DAY, None),
        (999 * DAY, None),
    ],
)
def test_a_stored_article_is_asked_for_again_at_these_ages(planned, age, following):
    store = planned
    for now in (at(age), at(age)):  # new, and unchanged
        store.save(article(), now=now, visit=OK)
        if following is None:
            assert store.due(9, now=at(9999 * DAY)) == []
        else:
            assert store.due(9, now=at(following - MINUTE)) == []
            assert store.due(9, now=at(following), rechecks=False) == []
            assert store.due(9, now=at(following)) == [
                PendingPage("rgmwym370", article().url, '"a"', MONDAY)
            ]


@pytest.mark.parametrize("state", ["rejected", "gone"])
@pytest.mark.parametrize(
    ("page_id", "since"),
    [
        ("rgmwym370", datetime(2022, 8, 15, 9, 15, 58, tzinfo=WIB)),  # the id is a clock
        ("x", datetime.fromisoformat(T1)),
    ],
)
def test_a_page_without_a_record_is_asked_for_again_too(planned, state, page_id, since):
    store = planned
    store.reject(page_id, "https://x", state, "reason", now=T1, visit=OK)
    assert store.due(9, now=iso(since + HOUR - timedelta(seconds=1))) == []
    assert store.due(9, now=iso(since + HOUR)) == [PendingPage(page_id, "https://x")]


def test_without_a_schedule_nothing_is_asked_for_again(store):
    store.save(article(), now=T1)
    store.reject("r2l621", "https://x", "failed", "timeout", now=T1)
    assert store.due(9, now=at(9999 * DAY)) == []


def test_one_that_fails_is_tried_again_ever_later_and_then_given_up(planned):
    store = planned
    store.found([page("r2l621")], T1)
    now, tries = datetime.fromisoformat(T1), []
    for _ in range(3):
        tries.append(store.due(9, now=iso(now)))
        store.reject("r2l621", "https://x", "failed", "HTTP 500", now=iso(now), visit=Visit(500))
        (due,) = one(store, "SELECT next_check_at FROM pages")
        if due:
            assert store.due(9, now=iso(datetime.fromisoformat(due) - MINUTE)) == []
            now = datetime.fromisoformat(due)
    assert tries == [[PendingPage("r2l621", page("r2l621").url)]] * 3
    assert now - datetime.fromisoformat(T1) == sum(SCHEDULE.waits, timedelta())
    assert one(store, "SELECT state, reason, attempts, failures, http_status FROM pages") == (
        "failed",
        "given up after 3 failures in a row: HTTP 500",
        3,
        3,
        500,
    )
    assert store.due(9, now=at(9999 * DAY)) == []
    assert store.found([page("r2l621")], T3) == []
    assert store.due(9, now=at(9999 * DAY)) == []


def fail(store, now):
    store.reject("rgmwym370", "https://x", "failed", "timeout", now=now)


def failures(store):
    return one(store, "SELECT failures, next_check_at FROM pages")


@pytest.mark.parametrize(
    "succeed",
    [
        lambda store: store.save(article(), now=T2),
        lambda store: store.reject("rgmwym370", "https://x", "gone", "404", now=T2),
        lambda store: store.reject("rgmwym370", "https://x", "rejected", "no text", now=T2),
    ],
    ids=["saved", "gone", "rejected"],
)
def test_only_failures_in_a_row_count(planned, succeed):
    fail(planned, T1)
    fail(planned, T1)
    assert failures(planned) == (2, T2)
    succeed(planned)
    assert failures(planned)[0] == 0
    fail(planned, T3)
    assert failures(planned) == (1, "2022-08-15T12:15:00+07:00")


@pytest.mark.parametrize(
    ("before", "wait", "due"),
    [
        (0, timedelta(), "2022-08-15T10:15:00+07:00"),
        (0, 14 * MINUTE, "2022-08-15T10:15:00+07:00"),
        (0, 16 * MINUTE, "2022-08-15T10:16:00+07:00"),
        (1, 16 * MINUTE, T2),
        (1, 2 * HOUR, T3),
        (2, 2 * HOUR, None),  # given up is given up
    ],
)
def test_a_server_may_ask_for_a_longer_wait(planned, before, wait, due):
    for _ in range(before):
        fail(planned, T1)
    planned.reject("rgmwym370", "https://x", "failed", "HTTP 503", now=T1, wait=wait)
    assert failures(planned) == (before + 1, due)


def test_a_stored_page_that_fails_stays_stored(planned):
    store = planned
    store.save(article(), now=T1, visit=OK)
    said = []
    for now in (T2, T3, at(9 * HOUR)):
        store.reject("rgmwym370", "https://x", "failed", "HTTP 500", now=now, visit=Visit(500))
        assert one(store, "SELECT state, http_status, etag, last_modified FROM pages") == (
            "stored",
            500,
            '"a"',
            MONDAY,
        )
        said.append(one(store, "SELECT reason, next_check_at FROM pages"))
    assert said == [
        ("the last look at it failed: HTTP 500", "2022-08-15T11:15:00+07:00"),
        ("the last look at it failed: HTTP 500", "2022-08-15T13:00:00+07:00"),
        ("the last look at it failed: given up after 3 failures in a row: HTTP 500", None),
    ]
    assert one(store, "SELECT title, fetched_at FROM articles") == ("Harga Kedelai Naik", T1)
    store.save(article(), now=at(10 * HOUR), visit=OK)
    assert one(store, "SELECT state, reason, failures FROM pages") == ("stored", None, 0)


@pytest.mark.parametrize(
    ("answer", "etag", "last_modified"),
    [
        (Visit(304), '"a"', MONDAY),
        (Visit(304, '"b"'), '"b"', MONDAY),
        (Visit(304, None, TUESDAY), '"a"', TUESDAY),
    ],
)
def test_a_page_that_still_stands(planned, answer, etag, last_modified):
    store = planned
    store.save(article(), now=T1, visit=OK)
    before = list(store.db.table("articles").rows)
    store.stands("rgmwym370", now=T2, visit=answer)
    (row,) = store.db.table("pages").rows
    assert {name: row[name] for name in ("state", "reason", "http_status", "attempts")} == {
        "state": "stored",
        "reason": None,
        "http_status": 304,
        "attempts": 2,
    }
    assert (row["etag"], row["last_modified"]) == (etag, last_modified)
    assert (row["fetched_at"], row["next_check_at"]) == (T2, at(6 * HOUR))
    assert list(store.db.table("articles").rows) == before
    assert rows(store, "SELECT * FROM revisions") == []


@pytest.mark.parametrize(("partial", "reason"), [(False, None), (True, PARTIAL)])
def test_a_page_that_stands_again_after_a_failure(planned, partial, reason):
    store = planned
    store.save(article(partial=partial), now=T1, visit=OK)
    fail(store, T2)
    store.stands("rgmwym370", now=T3, visit=Visit(304))
    assert one(store, "SELECT state, reason, failures FROM pages") == ("stored", reason, 0)


def test_an_article_that_lacks_a_part_is_tried_again(planned):
    store = planned
    lacking = OK._replace(lacking="page 2 failed")
    given_up = "given up after 3 failures in a row: "
    for now, due, says in [
        (T1, "2022-08-15T10:15:00+07:00", ""),
        (T2, T3, ""),
        (T3, at(6 * HOUR), given_up),  # but looked at again, as any young article
    ]:
        store.save(article(partial=True), now=now, visit=lacking)
        # Without validators: the first page may stand where the second still lacks.
        assert one(store, "SELECT state, reason, etag, last_modified FROM pages") == (
            "stored",
            says + "partial: page 2 failed",
            None,
            None,
        )
        assert one(store, "SELECT next_check_at FROM pages") == (due,)
    assert one(store, "SELECT failures FROM pages") == (3,)
    assert store.save(article(), now=at(5 * HOUR), visit=OK) == "updated"
    assert one(store, "SELECT reason, failures, etag, next_check_at FROM pages") == (
        None,
        0,
        '"a"',
        at(6 * HOUR),
    )


def test_a_whole_article_is_not_replaced_by_one_that_lacks_a_part(planned):
    planned.save(article(body="Satu.\n\nDua."), now=T1, visit=OK)
    lacking = OK._replace(lacking="page 2 failed")
    outcome = planned.save(article(body="Satu.", partial=True), now=T2, visit=lacking)
    assert outcome == "unchanged"
    assert one(planned, "SELECT body, partial FROM articles") == ("Satu.\n\nDua.", 0)
    assert one(planned, "SELECT state, failures FROM pages") == ("stored", 1)


# -- transactions


def test_captures_are_committed_with_the_article(store, path):
    store.remember_capture(capture(1))
    with Store(path) as other:
        assert rows(other, "SELECT * FROM captures") == []
        store.save(article(), now=T1)
        assert len(rows(other, "SELECT * FROM captures")) == 1
        store.db.execute("DELETE FROM captures")
        store.save(article(), now=T1)
        assert rows(other, "SELECT * FROM captures") == []  # not remembered any longer


def test_captures_are_committed_on_closing(path):
    with Store(path) as store:
        store.remember_capture(capture(1))
    with Store(path) as store:
        assert store.last_capture(capture().url) == capture(1)


def begin(store):
    """Open a run, as far as the store minds."""
    store.run_id = store.db.execute(
        "INSERT INTO runs (spider, arguments, versions, started_at) VALUES ('x', '{}', '{}', ?)",
        [T1],
    ).lastrowid


COUNTED = f"SELECT {', '.join(COUNTS)} FROM runs"


def test_counts_are_committed_with_the_next_transaction(store, path):
    begin(store)
    with Store(path) as other:
        store.remember_counts(counts(found=2, pending=2))
        store.remember_counts(counts(found=2, new=1, pending=1))
        assert one(other, COUNTED) == (0,) * 8
        store.save(article(), now=T1)
        assert one(other, COUNTED) == (2, 1, 0, 0, 0, 0, 0, 1)
        store.db.execute("UPDATE runs SET found = 9")
        store.save(article(), now=T1)
        assert one(other, "SELECT found FROM runs") == (9,)  # not remembered any longer


def test_counts_are_those_of_the_transaction_they_are_remembered_in(store, path):
    begin(store)
    with Store(path) as other:
        with store.transaction():
            store.save(article(), now=T1)
            store.remember_counts(counts(found=1, new=1))
        assert one(other, COUNTED) == (1, 1, 0, 0, 0, 0, 0, 0)


def test_counts_are_committed_on_closing_and_only_in_their_run(path):
    with Store(path) as store:
        begin(store)
        store.remember_counts(counts(found=1, pending=1))
    with Store(path) as store:
        begin(store)
        store.remember_counts(counts(found=2, gone=2))
    with Store(path) as store:
        assert rows(store, f"{COUNTED} ORDER BY id") == [
            (1, 0, 0, 0, 0, 0, 0, 1),
            (2, 0, 0, 0, 0, 2, 0, 0),
        ]


def test_counts_stay_remembered_after_an_error(store):
    begin(store)
    store.remember_counts(counts(found=1, pending=1))
    with pytest.raises(KeyError), store.transaction():
        raise KeyError
    assert one(store, COUNTED) == (0,) * 8
    store.found([], T1)
    assert one(store, COUNTED) == (1, 0, 0, 0, 0, 0, 0, 1)


def test_a_place_is_recorded_once(store):
    for _ in range(2):
        store.remember_capture(capture(1))
        store.found([], T1)
    assert one(store, "SELECT count(*) FROM captures") == (1,)


def test_the_newest_capture_of_an_address(store):
    store.remember_capture(capture(1, fetched_at=T3))
    store.remember_capture(capture(3, fetched_at=T3))
    store.remember_capture(capture(2, fetched_at=T2))
    store.remember_capture(capture(4, fetched_at=T3, status=304))
    store.remember_capture(capture(5, fetched_at=T3, url="https://x"))
    store.found([], T1)
    assert store.last_capture(capture().url).offset == 3
    assert store.last_capture("https://y") is None


def test_the_newest_capture_with_a_payload(store):
    for offset, moment, revisit in [(1, T1, False), (2, T2, False), (3, T3, True)]:
        store.remember_capture(capture(offset, fetched_at=moment, revisit=revisit))
    store.remember_capture(capture(4, fetched_at=T3, digest="sha1:OTHER"))
    store.found([], T1)
    assert store.payload_of(capture().digest) == capture(2, fetched_at=T2)
    assert store.payload_of("sha1:NONE") is None


def test_an_error_inside_takes_all_of_it_back(store):
    store.remember_capture(capture())
    with pytest.raises(KeyError), store.transaction():  # noqa: PT012
        store.found([page("r2l621")], T1)
        store.save(article(), now=T1)
        raise KeyError
    for table in ("pages", "articles", "captures", "tags"):
        assert one(store, f"SELECT count(*) FROM {table}") == (0,)
    store.save(article(), now=T1)
    assert one(store, "SELECT count(*) FROM captures") == (1,)


def test_a_full_disk(store):
    store.save(article(), now=T1)
    pages = one(store, "PRAGMA page_count")[0]
    one(store, f"PRAGMA max_page_count = {pages + 2}")
    store.remember_capture(capture())
    big = article("r2l621", body="kata " * 50_000)
    with pytest.raises(StoreError, match="the disk is full"):
        store.save(big, now=T2)
    assert rows(store, "SELECT id FROM pages") == [("rgmwym370",)]
    assert rows(store, "SELECT id FROM articles") == [("rgmwym370",)]
    assert one(store, "SELECT count(*) FROM captures") == (0,)
    check_search(store)
    one(store, f"PRAGMA max_page_count = {pages + 9999}")
    assert store.save(big, now=T3) == "new"
    assert one(store, "SELECT count(*) FROM captures") == (1,)
    check_search(store)


def test_closing_with_a_full_disk_says_so_and_closes(path):
    store = Store(path)
    one(store, f"PRAGMA max_page_count = {one(store, 'PRAGMA page_count')[0]}")
    for number in range(2000):
        store.remember_capture(capture(number))
    with pytest.raises(StoreError, match="the disk is full"):
        store.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        store.db.execute("SELECT 1")


# Saves articles for ever and says each id after it is stored.
WRITE = """
import sys
sys.path.insert(0, sys.argv[2])
from crawler.database.store import Store
from tests.records import T1, article, capture
store = Store(sys.argv[1])
for number in range(int(sys.argv[3]), 10**6):
    name = f"{number:06}"
    store.remember_capture(capture(number, article_id=name))
    store.save(article(name, body=f"kata{number} " * 200), now=T1)
    print(name, flush=True)
"""


def test_kill_at_any_instant(path):
    noise = random.Random(0)
    said: list[str] = []
    for _ in range(5):
        command = [sys.executable, "-c", WRITE, path, Path(__file__).parents[2], str(len(said))]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            said.append(writer.stdout.readline().strip())
            time.sleep(noise.uniform(0.01, 0.2))
            writer.send_signal(signal.SIGKILL)
            said += writer.stdout.read().split()
        with Store(path) as store:
            assert one(store, "PRAGMA integrity_check") == ("ok",)
            check_search(store)
            ids = [row[0] for row in rows(store, "SELECT id FROM articles ORDER BY id")]
            # the last may be stored and not said
            assert ids[: len(said)] == said
            assert len(ids) - len(said) in (0, 1)
            for table, column in [("captures", "article_id"), ("pages", "id")]:
                stored = rows(store, f"SELECT {column} FROM {table} ORDER BY 1")
                assert [row[0] for row in stored] == ids
            said = ids


def test_a_copy_of_the_three_files_opens(path, tmp_path):
    """What a backup takes of a database in use: the log has what the file has not."""
    with Store(path) as store:
        store.save(article(), now=T1)
        for file in list(tmp_path.iterdir()):
            shutil.copy(file, tmp_path / f"copy-{file.name}")
    with Store(tmp_path / "copy-republika.db") as copy:
        assert search(copy, "kedelai") == ["rgmwym370"]


def test_records_do_not_depend_on_the_order_of_tags(store):
    store.save(article(), now=T1)
    assert store.save(article(tags=["kedelai", "tempe"]), now=T2) == "unchanged"
