"""The full-text index follows the records."""

from __future__ import annotations

from crawler.database.store import Store
from tests.database.helpers import (
    check_search,
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
    store.db.execute("REPLACE INTO articles SELECT * FROM articles WHERE id = 'r2puuz396'")
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
