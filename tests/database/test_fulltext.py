"""The full-text index follows the records."""

from __future__ import annotations

import pytest

from crawler.database.store import Store
from crawler.query.filter import Filter
from crawler.query.search import search as find
from crawler.query.snapshot import reading
from tests.database.helpers import (
    check_search,
    one,
    search,
)
from tests.records import T1, T2, article, save


def test_search_follows_changes(store):
    save(store, article(), now=T1)
    save(store, article("r2puuz396", title="Banjir", lead=None, body="Hujan."), now=T1)
    save(store, article(title="Kopi", lead=None, body="Kopi dan téh."), now=T2)
    assert [search(store, word) for word in ("kedelai", "kopi", "teh", "hujan")] == [
        [],
        ["rgmwym370"],
        ["rgmwym370"],
        ["r2puuz396"],
    ]
    store.db.table("articles").update("r2puuz396", {"body": "Panas."})  # by anybody else
    names = ", ".join(column.name for column in store.db.table("articles").columns)
    which = "FROM articles WHERE id = 'r2puuz396'"
    store.db.execute(f"REPLACE INTO articles ({names}) SELECT {names} {which}")
    assert search(store, "hujan") == []
    assert search(store, "panas") == ["r2puuz396"]
    check_search(store)


def with_gaps(store):
    for number in range(6):
        save(store, article(f"r2l62{number}", title=f"kata{number}"), now=T1)
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


def indexed(store):
    """How many texts are in the large index, and how many in the small one."""
    return tuple(
        one(store, f"SELECT count(*) FROM {index}_docsize")[0]
        for index in ("articles_fts", "articles_fts_new")
    )


def test_new_texts_are_moved_to_the_large_index_a_hundred_at_a_time(store):
    for number in range(99):
        save(store, article(f"a{number:03}", title=f"kata{number}"), now=T1)
    assert indexed(store) == (0, 99)
    assert search(store, "kata7") == ["a007"]
    save(store, article("a099", title="kata99"), now=T1)
    assert indexed(store) == (100, 0)
    assert search(store, "kata7 OR kata99") == ["a007", "a099"]
    check_search(store)


def test_nothing_is_in_the_small_index_when_a_run_has_ended(path):
    with Store(path) as store:
        save(store, article(), now=T1)
    with Store(path) as store:
        assert indexed(store) == (1, 0)


def test_what_a_killed_process_left_is_found_and_moved_by_the_next_run(path):
    first = Store(path)
    save(first, article(), now=T1)
    first.connection.close()  # as a kill leaves it: without the end of a run
    with Store(path) as store:
        assert indexed(store) == (0, 1)
        assert search(store, "kedelai") == ["rgmwym370"]
    with Store(path) as store:
        assert indexed(store) == (0, 1)  # who only reads changes nothing
        store.begin_run("latest", {}, {}, T2)
        assert indexed(store) == (1, 0)
        check_search(store)


@pytest.mark.parametrize("moved", [False, True])
def test_a_text_changes_or_goes_in_whichever_index_it_is(store, moved):
    save(store, article(), now=T1)
    save(store, article("r2puuz396", title="Banjir", lead=None, body="Hujan."), now=T1)
    if moved:
        store.fulltext.move()
    save(store, article(title="Kopi", lead=None, body="Kopi."), now=T2)
    store.db.execute("DELETE FROM articles WHERE id = 'r2puuz396'")
    found = [search(store, word) for word in ("kedelai", "kopi", "banjir")]
    assert found == [[], ["rgmwym370"], []]
    check_search(store)
    assert indexed(store) == (1, 0)


def test_a_users_own_rebuild_doubles_nothing(store, path):
    save(store, article(), now=T1)
    store.db.table("articles").rebuild_fts()
    with reading(path) as database:
        result = find(database, Filter(query="kedelai"), newest=False, limit=9)
    assert [hit.id for hit in result.hits] == ["rgmwym370"]
    check_search(store)
    assert indexed(store) == (1, 0)


def test_a_new_text_is_found_among_the_best(path):
    with Store(path) as store:
        for number in range(120):
            save(store, article(f"a{number:03}", title=f"kata{number}"), now=T1)
        with reading(path) as database:
            result = find(database, Filter(query="kata119"), newest=False, limit=9)
    (hit,) = result.hits
    assert (hit.id, hit.title) == ("a119", [("kata119", True)])
