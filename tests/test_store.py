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
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

import crawler.store
from crawler.article import Article, Image, Related, content_hash
from crawler.schema import MIGRATIONS
from crawler.store import Capture, Found, PendingPage, Store, StoreError

T1 = "2022-08-15T10:00:00+07:00"
T2 = "2022-08-15T11:00:00+07:00"
T3 = "2022-08-15T12:00:00+07:00"
LIST = "https://republika.co.id/index/0"


def article(article_id="rgmwym370", **changes):
    base = {
        "title": "Harga Kedelai Naik",
        "lead": "Perajin tempe mengeluh.",
        "body": "Harga kedelai naik.\n\nPerajin tempé mengeluh.",
    }
    said = {**base, **{name: changes[name] for name in base if name in changes}}
    values = {
        "id": article_id,
        "url": f"https://republika.co.id/berita/{article_id}/harga-kedelai",
        "published_at": "2022-08-15T09:15:00+07:00",
        "published_raw": "Senin 15 Aug 2022 09:15 WIB",
        "published_from": "page",
        "section": "Ekonomi > Pangan",
        "reporters": ["Contoh Reporter"],
        "editors": ["Contoh Redaktur"],
        "dateline": "BANDUNG",
        "word_count": 6,
        "language": "id",
        "kind": "article",
        "layout": "wrap_detail",
        "content_hash": content_hash(**said),
        "parser_version": "1",
        "tags": ["tempe", "kedelai"],
        "images": [
            Image(url="https://static.republika.co.id/1.jpg", caption="Kedelai"),
            Image(url="https://static.republika.co.id/2.jpg", credit="Antara"),
        ],
        "related": [Related(related_id="r2puuz396", url="https://republika.co.id/x", title="X")],
    }
    return Article(**{**values, **said, **changes})


def page(page_id, listed_at=None, found_in=LIST):
    return Found(
        id=page_id,
        url=f"https://republika.co.id/berita/{page_id}",
        found_in=found_in,
        listed_at=listed_at,
    )


def capture(number=1, **changes):
    values = {
        "article_id": "rgmwym370",
        "url": "https://republika.co.id/berita/rgmwym370",
        "fetched_at": T1,
        "status": 200,
        "payload_type": "text/html",
        "digest": "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
        "file": "a.warc.gz",
        "offset": number,
        "length": 100,
    }
    return Capture(**{**values, **changes})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "republika.db"


@pytest.fixture
def store(path):
    with Store(path) as store:
        yield store


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
        patch.setattr(crawler.store, "MIGRATIONS", newer)
        with Store(path) as store:
            assert one(store, "SELECT id, mood FROM articles") == ("rgmwym370", None)
        Store(path).close()  # and only once

    with pytest.raises(StoreError, match=r"newer version of this crawler \(it has with_mood\)"):
        Store(path)


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
        patch.setattr(crawler.store, "MIGRATIONS", newer)
        with pytest.raises(StoreError, match="no such column: nonsense"):
            Store(path)
    with Store(path) as store:
        assert not store.db.table("half").exists()


# Waits until it is told to go, so that all go at once.
CREATE = """
import sys
from crawler.store import Store
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
    monkeypatch.setattr(crawler.store, "BUSY_TIMEOUT", 0.2)
    with Store(path) as store, Store(path) as other:
        with other.transaction():
            began = time.monotonic()
            with pytest.raises(StoreError, match="locked by another process"):
                store.save(article(), now=T1)
            assert time.monotonic() - began >= 0.2
        assert store.save(article(), now=T1) == "new"


# -- articles


def test_a_new_article(store):
    assert store.save(article(), now=T1, http_status=200) == "new"
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
    assert store.save(again, now=T2, http_status=200) == "unchanged"
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
    }
    assert store.pending(9) == [
        PendingPage("r2l623", "https://republika.co.id/berita/r2l623"),
        PendingPage("r2l621", "https://republika.co.id/berita/r2l621"),
    ]


def test_what_is_known_stays_as_it_is(store):
    store.found([page("r2l621"), page("r2l622", "2022-08-15")], T1)
    store.reject("r2l621", "https://x", "gone", "404", now=T1, http_status=404)
    again = [page(name, "2022-08-16", "https://x") for name in ("r2l621", "r2l622", "r2l623")]
    assert store.found(again, T2) == ["r2l623"]
    assert rows(store, "SELECT id, state, found_at, found_in, listed_at FROM pages") == [
        ("r2l621", "gone", T1, LIST, "2022-08-16"),  # the missing date is filled in
        ("r2l622", "pending", T1, LIST, "2022-08-15"),
        ("r2l623", "pending", T2, "https://x", "2022-08-16"),
    ]
    assert store.found([page("r2l621"), page("r2l622")], T3) == []
    dates = rows(store, "SELECT listed_at FROM pages ORDER BY id")
    assert dates == [("2022-08-16",), ("2022-08-15",), ("2022-08-16",)]


def test_what_is_wanted_is_pending_whatever_it_was(store):
    store.save(article(), now=T1, http_status=200)
    store.reject("r2l621", "https://x", "rejected", "no article", now=T1, http_status=200)
    asked = [
        Found(id="r2l621", url="https://y"),
        page("rgmwym370"),
        page("r2l622"),
        page("r2l621"),
    ]
    assert store.want(asked, T2) == ["r2l621", "rgmwym370", "r2l622"]
    assert rows(store, "SELECT id, url, state, reason, attempts, found_at FROM pages") == [
        ("rgmwym370", "https://republika.co.id/berita/rgmwym370", "pending", None, 1, T1),
        ("r2l621", "https://y", "pending", None, 1, T1),
        ("r2l622", "https://republika.co.id/berita/r2l622", "pending", None, 0, T2),
    ]
    assert one(store, "SELECT count(*) FROM articles") == (1,)


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({}, "b a c d"),
        ({"limit": 2}, "b a"),
        ({"exclude": ["b", "c"]}, "a d"),
        ({"ids": ["d", "a", "stored", "unknown"]}, "a d"),
        ({"ids": []}, ""),
        ({"ids": ["a", "b"], "exclude": ["a"]}, "b"),
        ({"since": "2022-08-15"}, "b a d"),
        ({"until": "2022-08-15"}, "b c d"),
        ({"since": "2022-08-15", "until": "2022-08-15"}, "b d"),
        ({"since": "2022-08-17"}, "d"),  # which no listing dated
    ],
)
def test_pending(store, options, ids):
    store.found([page("b", "2022-08-15T23:59:00+07:00"), page("a", "2022-08-16")], T1)
    store.found([page("c", "2022-08-14T23:59:00+07:00"), page("d"), page("stored")], T2)
    store.save(article("stored"), now=T3)
    found = store.pending(**{"limit": 9, **options})
    assert [page.id for page in found] == ids.split()


@pytest.mark.parametrize("state", ["rejected", "gone", "failed"])
def test_a_fetch_without_an_article(store, state):
    store.save(article(), now=T1, http_status=200)
    store.reject("rgmwym370", "https://x", state, "reason", now=T2, http_status=None)
    assert one(store, "SELECT state, reason, attempts, http_status, fetched_at FROM pages") == (
        state,
        "reason",
        2,
        None,
        T2,
    )
    assert one(store, "SELECT title FROM articles") == ("Harga Kedelai Naik",)
    store.save(article(), now=T3, http_status=200)
    assert one(store, "SELECT state, reason, http_status FROM pages") == ("stored", None, 200)


def test_states(store):
    store.found([page("r2l621"), page("r2l622")], T1)
    store.reject("r2l622", "https://x", "gone", "404", now=T1, http_status=404)
    states = store.states(["r2l622", "r2l621", "unknown"])
    assert states == {"r2l621": "pending", "r2l622": "gone"}
    assert store.states([]) == {}


def test_a_partial_article_is_stored_with_the_reason(store):
    store.save(article(partial=True), now=T1)
    state, reason = one(store, "SELECT state, reason FROM pages")
    assert state == "stored"
    assert reason.startswith("partial")


def test_a_page_nobody_found_is_known_all_the_same(store):
    store.reject("r2l621", "https://x", "failed", "timeout", now=T1)
    assert one(store, "SELECT url, found_at, attempts FROM pages") == ("https://x", T1, 1)


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
from tests.test_store import T1, article, capture
from crawler.store import Store
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
        command = [sys.executable, "-c", WRITE, path, Path(__file__).parents[1], str(len(said))]
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
