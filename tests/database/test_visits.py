"""When a page is asked for again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crawler.database.pages import PendingPage
from crawler.database.results import Read, Unchanged, Visit
from crawler.database.visits import PARTIAL
from crawler.dates import WIB, iso
from tests.database.helpers import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    OK,
    SCHEDULE,
    TUESDAY,
    at,
    one,
    page,
    rows,
)
from tests.records import T1, T2, T3, article, refuse, save


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
        save(store, article(), now=now, visit=OK)
        if following is None:
            assert store.pages.due(9, now=at(9999 * DAY)) == []
        else:
            assert store.pages.due(9, now=at(following - MINUTE)) == []
            assert store.pages.due(9, now=at(following), rechecks=False) == []
            assert store.pages.due(9, now=at(following)) == [
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
    refuse(store, page_id, "https://x", state, "reason", now=T1, visit=OK)
    assert store.pages.due(9, now=iso(since + HOUR - timedelta(seconds=1))) == []
    assert store.pages.due(9, now=iso(since + HOUR)) == [PendingPage(page_id, "https://x")]


def test_without_a_schedule_nothing_is_asked_for_again(store):
    save(store, article(), now=T1)
    refuse(store, "r2l621", "https://x", "failed", "timeout", now=T1)
    assert store.pages.due(9, now=at(9999 * DAY)) == []


def test_one_that_fails_is_tried_again_ever_later_and_then_given_up(planned):
    store = planned
    store.pages.find([page("r2l621")], T1)
    now, tries = datetime.fromisoformat(T1), []
    for _ in range(3):
        tries.append(store.pages.due(9, now=iso(now)))
        refuse(store, "r2l621", "https://x", "failed", "HTTP 500", now=iso(now), visit=Visit(500))
        (due,) = one(store, "SELECT next_check_at FROM pages")
        if due:
            assert store.pages.due(9, now=iso(datetime.fromisoformat(due) - MINUTE)) == []
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
    assert store.pages.due(9, now=at(9999 * DAY)) == []
    assert store.pages.find([page("r2l621")], T3) == {"r2l621": "failed"}
    assert store.pages.due(9, now=at(9999 * DAY)) == []


def fail(store, now):
    refuse(store, "rgmwym370", "https://x", "failed", "timeout", now=now)


def failures(store):
    return one(store, "SELECT failures, next_check_at FROM pages")


@pytest.mark.parametrize(
    "succeed",
    [
        lambda store: save(store, article(), now=T2),
        lambda store: refuse(store, "rgmwym370", "https://x", "gone", "404", now=T2),
        lambda store: refuse(store, "rgmwym370", "https://x", "rejected", "no text", now=T2),
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
    refuse(planned, "rgmwym370", "https://x", "failed", "HTTP 503", now=T1, wait=wait)
    assert failures(planned) == (before + 1, due)


def test_a_stored_page_that_fails_stays_stored(planned):
    store = planned
    save(store, article(), now=T1, visit=OK)
    said = []
    for now in (T2, T3, at(9 * HOUR)):
        refuse(store, "rgmwym370", "https://x", "failed", "HTTP 500", now=now, visit=Visit(500))
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
    save(store, article(), now=at(10 * HOUR), visit=OK)
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
    save(store, article(), now=T1, visit=OK)
    before = list(store.db.table("articles").rows)
    store.settle("rgmwym370", Unchanged(answer), now=T2)
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
    save(store, article(partial=partial), now=T1, visit=OK)
    fail(store, T2)
    store.settle("rgmwym370", Unchanged(Visit(304)), now=T3)
    assert one(store, "SELECT state, reason, failures FROM pages") == ("stored", reason, 0)


def test_an_article_that_lacks_a_part_is_tried_again(planned):
    store = planned
    lacking = "page 2 failed"
    given_up = "given up after 3 failures in a row: "
    for now, due, says in [
        (T1, "2022-08-15T10:15:00+07:00", ""),
        (T2, T3, ""),
        (T3, at(6 * HOUR), given_up),  # but looked at again, as any young article
    ]:
        save(store, article(partial=True), now=now, visit=OK, lacking=lacking)
        # Without validators: the first page may stand where the second still lacks.
        assert one(store, "SELECT state, reason, etag, last_modified FROM pages") == (
            "stored",
            says + "partial: page 2 failed",
            None,
            None,
        )
        assert one(store, "SELECT next_check_at FROM pages") == (due,)
    assert one(store, "SELECT failures FROM pages") == (3,)
    assert save(store, article(), now=at(5 * HOUR), visit=OK) == "updated"
    assert one(store, "SELECT reason, failures, etag, next_check_at FROM pages") == (
        None,
        0,
        '"a"',
        at(6 * HOUR),
    )


def test_a_whole_article_is_not_replaced_by_one_that_lacks_a_part(planned):
    save(planned, article(body="Satu.\n\nDua."), now=T1, visit=OK)
    lacking = "page 2 failed"
    shorter = article(body="Satu.", partial=True)
    assert save(planned, shorter, now=T2, visit=OK, lacking=lacking) == "unchanged"
    assert one(planned, "SELECT body, partial FROM articles") == ("Satu.\n\nDua.", 0)
    assert one(planned, "SELECT state, failures FROM pages") == ("stored", 1)


def test_a_text_that_may_not_be_whole_is_kept_with_its_reason_and_not_tried_again(planned):
    doubtful = Read(article(partial=True), OK, doubt="the page seems to have more")
    planned.settle("rgmwym370", doubtful, now=T1)
    for result in (doubtful, Unchanged(Visit(304))):
        planned.settle("rgmwym370", result, now=T2)
        assert one(planned, "SELECT state, reason, failures FROM pages") == (
            "stored",
            "partial: the page seems to have more",
            0,
        )
    save(planned, article(body="Satu.\n\nDua."), now=T3, visit=OK)
    assert one(planned, "SELECT reason FROM pages") == (None,)
    planned.settle("rgmwym370", doubtful, now=at(HOUR))
    assert one(planned, "SELECT body, partial FROM articles") == ("Satu.\n\nDua.", 0)
