"""The tables, their indexes, and older files."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from dataclasses import asdict, fields
from typing import Any

import pytest
from sqlite_utils import Database

import crawler.database.connection
from crawler.article import Article
from crawler.database.captures import Capture
from crawler.database.migrations import apply
from crawler.database.results import Visit
from crawler.database.schema import MIGRATIONS
from crawler.database.store import Store
from crawler.errors import StoreError
from tests.database.helpers import (
    OK,
    SCHEDULE,
    check_search,
    ids,
    one,
    rows,
    search,
)
from tests.records import T1, T3, article, of_version_0_1, refuse, save, tables


def test_the_record_is_the_table():
    with Database(memory=True) as db:
        apply(db)
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
    save(store, article(), now=T1)
    with pytest.raises(sqlite3.IntegrityError):
        store.db.execute("INSERT INTO images (article_id, position, url) VALUES ('none', 0, '')")
    store.db.execute("DELETE FROM articles")
    for table in ("article_tags", "images", "related"):
        assert rows(store, f"SELECT * FROM {table}") == []


def test_the_lists_of_an_article_are_one_row(store):
    save(store, article(), now=T1)
    save(store, article("rgm000430", tags=[], images=[], related=[]), now=T1)
    lists = {row["id"]: row for row in store.db.query("SELECT * FROM article_lists")}
    assert json.loads(lists["rgmwym370"]["tags"]) == sorted(article().tags)
    assert json.loads(lists["rgmwym370"]["images"]) == [asdict(image) for image in article().images]
    assert json.loads(lists["rgmwym370"]["related"]) == [asdict(link) for link in article().related]
    assert [lists["rgm000430"][name] for name in ("tags", "images", "related")] == ["[]"] * 3


def test_an_unknown_state_is_refused(store):
    state: Any = "stroed"
    with pytest.raises(StoreError, match="CHECK constraint failed"):
        refuse(store, "rgmwym370", "https://x", state, "typo", now=T1)


def test_an_older_file_is_brought_up_to_date(path, monkeypatch):
    with Store(path) as store:
        save(store, article(), now=T1)

    def with_mood(db):
        db.table("articles").add_column("mood", str)

    with monkeypatch.context() as patch:
        patch.setattr(crawler.database.connection, "MIGRATIONS", (*MIGRATIONS, with_mood))
        with Store(path) as store:
            assert one(store, "SELECT id, mood FROM articles") == ("rgmwym370", None)
        Store(path).close()  # and only once

    with pytest.raises(StoreError, match=r"newer version of this crawler \(it has with_mood\)"):
        Store(path)


def test_a_database_of_version_0_1_loses_nothing(path):
    before = of_version_0_1(path)
    with Store(path, SCHEDULE) as store:
        after = tables(store.db)
        added = {"listings", "dossiers", "dossier_texts", "sources", "watches"}
        assert set(after) == before.keys() | added | {"archived", "archive_indexes"}
        for table, stored in before.items():
            assert len(after[table]) == len(stored) > 0
            for old, new in zip(stored, after[table], strict=True):
                changed = {name for name in old if old[name] != new[name]}
                is_failed = table == "pages" and old["state"] == "failed"
                assert changed == ({"next_check_at"} if is_failed else set())
        assert [row["revisit"] for row in after["captures"]] == [0, 1]
        assert search(store, "kedelai") == ["rgmwym370"]
        check_search(store)
        assert ids(store.pages.due(9, now=T3)) == ["b", "e"]  # what waited, and then what failed
        assert save(store, article(title="Harga Kedelai Turun"), now=T3, visit=OK) == "updated"
        assert rows(store, "SELECT changes IS NULL FROM revisions ORDER BY id") == [(1,), (0,)]
        refuse(store, "e", "https://x", "failed", "HTTP 500", now=T3, visit=Visit(500))
        assert one(store, "SELECT attempts, failures FROM pages WHERE id = 'e'") == (2, 1)
        check_search(store)


def test_a_migration_that_fails_leaves_the_old_file(path, monkeypatch):
    Store(path).close()

    def half(db):
        db.table("half").create({"id": int})
        db.execute("SELECT nonsense")

    with monkeypatch.context() as patch:
        patch.setattr(crawler.database.connection, "MIGRATIONS", (*MIGRATIONS, half))
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
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", CREATE, path]
    processes = [
        subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, stderr=pipe) for _ in range(4)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        assert process.communicate(timeout=60)[1] == ""
