"""What is written is written at once, or not at all."""

from __future__ import annotations

import sqlite3

import pytest

from crawler.database.runs import COUNTS
from crawler.database.store import Store
from crawler.errors import StoreError
from tests.database.helpers import (
    check_search,
    one,
    page,
    rows,
)
from tests.records import T1, T2, T3, article, capture, counts, save


def test_captures_are_committed_with_the_article(store, path):
    store.captures.remember(capture(1))
    with Store(path) as other:
        assert rows(other, "SELECT * FROM captures") == []
        save(store, article(), now=T1)
        assert len(rows(other, "SELECT * FROM captures")) == 1
        store.db.execute("DELETE FROM captures")
        save(store, article(), now=T1)
        assert rows(other, "SELECT * FROM captures") == []  # not remembered any longer


def test_captures_are_committed_on_closing(path):
    with Store(path) as store:
        store.captures.remember(capture(1))
    with Store(path) as store:
        assert store.captures.last(capture().url) == capture(1)


def begin(store):
    """Open a run, as far as the store minds."""
    store.runs.current = store.db.execute(
        "INSERT INTO runs (spider, arguments, versions, started_at) VALUES ('x', '{}', '{}', ?)",
        [T1],
    ).lastrowid


COUNTED = f"SELECT {', '.join(COUNTS)} FROM runs"


def test_counts_are_committed_with_the_next_transaction(store, path):
    begin(store)
    with Store(path) as other:
        store.runs.remember_counts(counts(found=2, pending=2))
        store.runs.remember_counts(counts(found=2, new=1, pending=1))
        assert one(other, COUNTED) == (0,) * 8
        save(store, article(), now=T1)
        assert one(other, COUNTED) == (2, 1, 0, 0, 0, 0, 0, 1)
        store.db.execute("UPDATE runs SET found = 9")
        save(store, article(), now=T1)
        assert one(other, "SELECT found FROM runs") == (9,)  # not remembered any longer


def test_counts_are_those_of_the_transaction_they_are_remembered_in(store, path):
    begin(store)
    with Store(path) as other:
        with store.transaction():
            save(store, article(), now=T1)
            store.runs.remember_counts(counts(found=1, new=1))
        assert one(other, COUNTED) == (1, 1, 0, 0, 0, 0, 0, 0)


def test_counts_are_committed_on_closing_and_only_in_their_run(path):
    with Store(path) as store:
        begin(store)
        store.runs.remember_counts(counts(found=1, pending=1))
    with Store(path) as store:
        begin(store)
        store.runs.remember_counts(counts(found=2, gone=2))
    with Store(path) as store:
        assert rows(store, f"{COUNTED} ORDER BY id") == [
            (1, 0, 0, 0, 0, 0, 0, 1),
            (2, 0, 0, 0, 0, 2, 0, 0),
        ]


def test_counts_stay_remembered_after_an_error(store):
    begin(store)
    store.runs.remember_counts(counts(found=1, pending=1))
    with pytest.raises(KeyError), store.transaction():
        raise KeyError
    assert one(store, COUNTED) == (0,) * 8
    store.pages.find([], T1)
    assert one(store, COUNTED) == (1, 0, 0, 0, 0, 0, 0, 1)


def test_a_place_is_recorded_once(store):
    for _ in range(2):
        store.captures.remember(capture(1))
        store.pages.find([], T1)
    assert one(store, "SELECT count(*) FROM captures") == (1,)


def test_the_newest_capture_of_an_address(store):
    store.captures.remember(capture(1, fetched_at=T3))
    store.captures.remember(capture(3, fetched_at=T3))
    store.captures.remember(capture(2, fetched_at=T2))
    store.captures.remember(capture(4, fetched_at=T3, status=304))
    store.captures.remember(capture(5, fetched_at=T3, url="https://x"))
    store.pages.find([], T1)
    assert store.captures.last(capture().url).offset == 3
    assert store.captures.last("https://y") is None


def test_the_newest_capture_with_a_payload(store):
    for offset, moment, revisit in [(1, T1, False), (2, T2, False), (3, T3, True)]:
        store.captures.remember(capture(offset, fetched_at=moment, revisit=revisit))
    store.captures.remember(capture(4, fetched_at=T3, digest="sha1:OTHER"))
    store.pages.find([], T1)
    assert store.captures.with_payload(capture().digest) == capture(2, fetched_at=T2)
    assert store.captures.with_payload("sha1:NONE") is None


def test_an_error_inside_takes_all_of_it_back(store):
    store.captures.remember(capture())
    with pytest.raises(KeyError), store.transaction():  # noqa: PT012
        store.pages.find([page("r2l621")], T1)
        save(store, article(), now=T1)
        raise KeyError
    for table in ("pages", "articles", "captures", "tags"):
        assert one(store, f"SELECT count(*) FROM {table}") == (0,)
    save(store, article(), now=T1)
    assert one(store, "SELECT count(*) FROM captures") == (1,)


def test_a_full_disk(store):
    save(store, article(), now=T1)
    pages = one(store, "PRAGMA page_count")[0]
    one(store, f"PRAGMA max_page_count = {pages + 2}")
    store.captures.remember(capture())
    big = article("r2l621", body="kata " * 50_000)
    with pytest.raises(StoreError, match="the disk is full"):
        save(store, big, now=T2)
    assert rows(store, "SELECT id FROM pages") == [("rgmwym370",)]
    assert rows(store, "SELECT id FROM articles") == [("rgmwym370",)]
    assert one(store, "SELECT count(*) FROM captures") == (0,)
    check_search(store)
    one(store, f"PRAGMA max_page_count = {pages + 9999}")
    assert save(store, big, now=T3) == "new"
    assert one(store, "SELECT count(*) FROM captures") == (1,)
    check_search(store)


def test_closing_with_a_full_disk_says_so_and_closes(path):
    store = Store(path)
    one(store, f"PRAGMA max_page_count = {one(store, 'PRAGMA page_count')[0]}")
    for number in range(2000):
        store.captures.remember(capture(number))
    with pytest.raises(StoreError, match="the disk is full"):
        store.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        store.db.execute("SELECT 1")
