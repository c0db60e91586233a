"""Which listings were read to their end, and what is new on them since."""

from __future__ import annotations

from crawler.database.pages import Found
from crawler.database.store import Store
from tests.records import T1, T2, T3, article, of_version_0_1, save


def begin(store, now=T1):
    return store.runs.begin("latest", {}, {}, now)


def found(page_id):
    return Found(id=page_id, url=f"https://republika.co.id/berita/{page_id}")


def test_a_listing_that_was_read_to_its_end(store):
    assert not store.listings.is_complete("index")
    assert not store.listings.is_complete()
    for completed_at, shown in [(T1, 50), (T2, 70)]:
        run_id = begin(store)
        store.listings.complete("index", shown, completed_at)
        assert list(store.db.table("listings").rows) == [
            {"name": "index", "run_id": run_id, "completed_at": completed_at, "articles": shown}
        ]
    assert store.listings.is_complete("index")
    assert store.listings.is_complete("tag timnas", "index")
    assert not store.listings.is_complete("tag timnas", "section ekonomi")


def test_all_is_unseen_of_a_listing_that_was_never_read_to_its_end(store):
    begin(store)
    store.pages.find([found("a"), found("b")], T1)
    store.listings.complete("tag timnas", 2, T1)
    assert store.listings.unseen("index", ["a", "b", "c"]) == {"a", "b", "c"}
    assert store.listings.unseen("index", []) == set()


def test_what_was_known_when_a_listing_was_read_to_its_end_is_not_unseen(store):
    begin(store)
    store.pages.find([found("a")], T1)
    begin(store)
    store.pages.find([found("b")], T1)
    store.listings.complete("index", 2, T1)
    store.pages.find([found("c")], T1)  # which the feeds showed to the same run
    begin(store)
    assert store.listings.unseen("index", iter(["a", "b", "c", "d", "d"])) == {"d"}


def test_what_a_run_found_that_was_killed_is_unseen(store):
    """Behind it there may be more, however much of it was stored in the meantime."""
    begin(store)
    store.pages.find([found("a"), found("b")], T1)
    store.listings.complete("index", 2, T1)
    begin(store)  # reads from the newest back, and is killed before it comes to a and b
    store.pages.find([found("f"), found("e")], T2)
    save(store, article("f"), now=T2)
    begin(store)
    assert store.listings.unseen("index", ["f", "e"]) == {"f", "e"}
    store.pages.find([found("f"), found("e")], T3)  # again, by a run that goes on
    assert store.listings.unseen("index", ["f", "e"]) == {"f", "e"}
    store.pages.find([found("d"), found("c")], T3)
    assert store.listings.unseen("index", ["c", "b"]) == {"c"}
    assert store.listings.unseen("index", ["b", "a"]) == set()
    store.listings.complete("index", 6, T3)
    begin(store)
    assert store.listings.unseen("index", list("abcdefg")) == {"g"}


def test_what_another_listing_showed_later_is_unseen(store):
    begin(store)
    store.listings.complete("index", 0, T1)
    begin(store)
    store.pages.request([found("a")], T2)
    save(store, article("b"), now=T2)
    store.listings.complete("tag timnas", 1, T2)
    assert store.listings.unseen("index", ["a", "b"]) == {"a", "b"}
    assert store.listings.unseen("tag timnas", ["a", "b"]) == set()


def test_what_version_0_1_knew_is_not_unseen_for_ever(tmp_path):
    path = tmp_path / "republika.db"
    of_version_0_1(path)
    with Store(path) as store:
        begin(store)
        store.listings.complete("index", 2, T3)
        begin(store)
        assert store.listings.unseen("index", ["rgmwym370", "b", "new"]) == {"new"}
