"""The frontier: what was found, what is due, how pages stand."""

from __future__ import annotations

import pytest

from crawler.database.pages import Found, PendingPage
from crawler.database.results import Visit
from crawler.database.visits import PARTIAL
from tests.database.helpers import (
    DAY,
    HOUR,
    LIST,
    MINUTE,
    MONDAY,
    OK,
    at,
    ids,
    one,
    page,
    rows,
)
from tests.records import T1, T2, T3, article, refuse, save


def test_what_a_listing_shows_is_pending(store):
    store.runs.current = 3
    pages = [page("r2l623", "2022-08-15"), page("r2l621"), page("r2l623", "2022-08-16")]
    assert store.pages.find(pages, T1) == {"r2l623": None, "r2l621": None}
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
        "gone_at": None,
        "back_at": None,
    }
    assert store.pages.due(9, now=T1) == [
        PendingPage("r2l623", "https://republika.co.id/berita/r2l623"),
        PendingPage("r2l621", "https://republika.co.id/berita/r2l621"),
    ]


def test_what_is_known_stays_as_it_is(store):
    store.runs.current = 3
    store.pages.find([page("r2l621"), page("r2l622", "2022-08-15")], T1)
    refuse(store, "r2l621", "https://x", "gone", "404", now=T1, visit=Visit(404))
    store.runs.current = 4
    again = [page(name, "2022-08-16", "https://x") for name in ("r2l621", "r2l622", "r2l623")]
    assert store.pages.find(again, T2) == {"r2l621": "gone", "r2l622": "pending", "r2l623": None}
    assert rows(store, "SELECT id, state, found_at, found_in, found_run, listed_at FROM pages") == [
        ("r2l621", "gone", T1, LIST, 3, "2022-08-16"),  # the missing date is filled in
        ("r2l622", "pending", T1, LIST, 3, "2022-08-15"),
        ("r2l623", "pending", T2, "https://x", 4, "2022-08-16"),
    ]
    store.pages.find([page("r2l621"), page("r2l622")], T3)
    dates = rows(store, "SELECT listed_at FROM pages ORDER BY id")
    assert dates == [("2022-08-16",), ("2022-08-15",), ("2022-08-16",)]


def test_what_is_wanted_is_due_whatever_it_was(planned):
    store = planned
    save(store, article(), now=T1, visit=OK)
    refuse(store, "r2l621", "https://x", "rejected", "no article", now=T1, visit=OK)
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
    assert store.pages.request(asked, T2) == wanted
    assert rows(store, "SELECT id, url, state, reason, attempts, found_at FROM pages") == [
        ("rgmwym370", "https://republika.co.id/berita/rgmwym370", "stored", None, 1, T1),
        ("r2l621", "https://y", "pending", None, 1, T1),
        ("r2l622", "https://republika.co.id/berita/r2l622", "pending", None, 0, T2),
    ]
    assert one(store, "SELECT count(*) FROM articles") == (1,)
    assert {page.id: page for page in store.pages.due(9, now=T2)} == {
        page.id: page for page in wanted
    }


@pytest.mark.parametrize("state", ["rejected", "gone", "failed"])
def test_what_is_wanted_forgets_why_it_was_given_up(store, state):
    refuse(store, "r2l621", "https://x", state, "reason", now=T1)
    assert store.pages.due(9, now=T2) == []
    store.pages.request([page("r2l621", "2022-08-15")], T2)
    assert one(store, "SELECT state, reason, failures, listed_at FROM pages") == (
        "pending",
        None,
        0,
        "2022-08-15",
    )
    assert ids(store.pages.due(9, now=T2)) == ["r2l621"]


def test_what_is_wanted_is_asked_for_whole_where_its_record_is_lost(store):
    save(store, article(), now=T1, visit=OK)
    store.db.execute("DELETE FROM articles")
    (wanted,) = store.pages.request([page("rgmwym370")], T2)
    assert wanted == PendingPage("rgmwym370", page("rgmwym370").url)
    assert store.pages.states(["rgmwym370"]) == {"rgmwym370": "pending"}


def test_what_is_due_is_asked_for_whole_where_its_record_is_lost(planned):
    save(planned, article(), now=T1, visit=OK)
    planned.db.execute("DELETE FROM articles")
    assert planned.pages.due(9, now=T3) == [PendingPage("rgmwym370", article().url)]


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
    save(store, article("kept", published_at=at(HOUR)), now=at(HOUR))  # due at an age of 1 h
    save(store, article("later", published_at=at(2 * HOUR)), now=at(2 * HOUR))
    save(store, article("old", published_at=at(HOUR - MINUTE)), now=at(HOUR - MINUTE))
    refuse(store, "timeout", "https://x", "failed", "timeout", wait=HOUR, **failed)
    refuse(store, "refused", "https://x", "failed", "HTTP 500", **failed)
    store.pages.find([page("b"), page("a")], at(HOUR))
    store.pages.find([page("c")], at(2 * HOUR))
    found = store.pages.due(**{"limit": 9, "now": at(2 * HOUR), **options})
    assert [page.id for page in found] == expected.split()


@pytest.mark.parametrize("now", [T1, at(2 * HOUR), at(99 * DAY)])
def test_what_waits_is_what_is_due(planned, now):
    store = planned
    save(store, article(), now=T1)
    store.pages.find([page("r2l621")], T1)
    store.pages.request([page("r2l622")], T1)
    store.pages.request([page("r2l622")], T1)
    refuse(store, "r2l623", "https://x", "failed", "timeout", now=T1)
    refuse(store, "rgmwz1370", "https://x", "gone", "404", now=T1)
    refuse(store, "rgmx05370", "https://x", "rejected", "no text", now=T1)
    assert store.pages.waiting(now) == len(store.pages.due(99, now=now))
    assert store.pages.waiting(T1) == 2
    assert store.pages.waiting(at(99 * DAY)) == 6


@pytest.mark.parametrize(
    ("state", "becomes", "reason", "etag"),
    [
        ("gone", "gone", "reason", None),  # if it is there again, it must be sent whole
        ("rejected", "stored", "the last look at it failed: reason", '"a"'),
    ],
)
def test_a_fetch_without_an_article(planned, state, becomes, reason, etag):
    store = planned
    save(store, article(), now=T1, visit=OK)
    refuse(store, "rgmwym370", "https://x", state, "reason", now=T2, visit=OK._replace(etag='"x"'))
    assert one(store, "SELECT state, reason, attempts, http_status, fetched_at FROM pages") == (
        becomes,
        reason,
        2,
        200,
        T2,
    )
    assert one(store, "SELECT title FROM articles") == ("Harga Kedelai Naik",)
    (wanted,) = store.pages.request([page("rgmwym370")], T2)
    assert wanted.etag == etag
    save(store, article(), now=T3, visit=OK)
    assert one(store, "SELECT state, reason, http_status FROM pages") == ("stored", None, 200)


def test_states(store):
    store.pages.find([page("r2l621"), page("r2l622")], T1)
    refuse(store, "r2l622", "https://x", "gone", "404", now=T1, visit=Visit(404))
    states = store.pages.states(["r2l622", "r2l621", "unknown"])
    assert states == {"r2l621": "pending", "r2l622": "gone"}
    assert store.pages.states([]) == {}


def test_how_pages_stand(store):
    store.pages.find([page("r2l621")], T1)
    save(store, article("r2l622"), now=T1)
    save(store, article("r2l623", partial=True), now=T1)
    save(store, article("r2l624"), now=T1)
    refuse(store, "r2l625", "https://x", "rejected", "no text", now=T1)
    save(store, article("r2l626"), now=T1)
    refuse(store, "r2l626", "https://x", "gone", "HTTP 404", now=T2)
    store.db.execute("DELETE FROM articles WHERE id = 'r2l624'")
    assert store.pages.standing([*(f"r2l62{number}" for number in range(1, 7)), "unknown"]) == {
        "r2l621": ("pending", None),
        "r2l622": ("stored", None),
        "r2l623": ("stored", PARTIAL),
        "r2l624": ("lost", None),
        "r2l625": ("rejected", "no text"),
        "r2l626": ("gone", "HTTP 404"),
    }
    assert store.pages.standing([]) == {}


def test_a_partial_article_is_stored_with_the_reason(store):
    save(store, article(partial=True), now=T1)
    assert one(store, "SELECT state, reason FROM pages") == ("stored", PARTIAL)
    save(store, article(), now=T2)
    assert one(store, "SELECT state, reason FROM pages") == ("stored", None)


def test_a_page_nobody_found_is_known_all_the_same(store):
    store.runs.current = 3
    refuse(store, "r2l621", "https://x", "failed", "timeout", now=T1)
    assert one(store, "SELECT url, found_at, found_run, attempts FROM pages") == (
        "https://x",
        T1,
        3,
        1,
    )
