"""Files that cannot be opened or written."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from sqlite_utils import Database

import crawler.database.connection
from crawler.database.store import Store
from crawler.errors import StoreError
from tests.records import T1, article, save


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
            save(store, article(), now=T1)


def test_a_lock_of_another_process(path, monkeypatch):
    monkeypatch.setattr(crawler.database.connection, "BUSY_TIMEOUT", 0.2)
    with Store(path) as store, Store(path) as other:
        with other.transaction():
            began = time.monotonic()
            with pytest.raises(StoreError, match="locked by another process"):
                save(store, article(), now=T1)
            assert time.monotonic() - began >= 0.2
        assert save(store, article(), now=T1) == "new"
