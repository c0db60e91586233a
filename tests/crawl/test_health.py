"""Whether a run is healthy: every reason, and the thresholds on both of their sides."""

from __future__ import annotations

import pytest

from crawler.crawl.health import (
    BLOCKED,
    FIELDS,
    RECORDS,
    STORING_FAILED,
    UNKNOWN_LAYOUT,
    count_fields,
    why_unhealthy,
)
from tests.records import article, counts

NONE_STORED = "none of {} articles could be stored"
LOST = "only {} of {} articles in layout rol have {}, where {} of {} had: has the site changed?"


def why(counted=None, fetched=None, **changes):
    """What is wrong with a run that is healthy but for what is given."""
    run = {
        "finish_reason": "finished",
        "listings": 1,
        "doubtful": 0,
        "again": 0,
        "worse": 0,
        "fields": {},
        "history": {},
        **changes,
    }
    counted = {"found": 30, "new": 30} if counted is None else counted
    fetched = {"new": 30} if fetched is None else fetched
    return list(why_unhealthy(counts=counts(**counted), fetched=fetched, **run))


def records(number, **have):
    """So many records that have every field, or as many as given of one."""
    return {RECORDS: number, **dict.fromkeys(FIELDS, number), **have}


# -- the run


@pytest.mark.parametrize(
    ("reason", "is_good"),
    [
        ("finished", True),
        ("closespider_timeout", True),
        ("closespider_pagecount", True),
        ("shutdown", False),
        ("cancelled", False),
        ("memusage_exceeded", False),
        ("", False),
        (BLOCKED, True),  # of these whoever ended the run has said why
        (STORING_FAILED, True),
    ],
)
def test_how_a_run_ended(reason, is_good):
    assert why(finish_reason=reason) == ([] if is_good else [f"the run ended early: {reason}"])


BAD_RUN = {
    "counted": {"found": 20, "failed": 20},
    "fetched": {"failed": 20},
    "fields": {"rol": records(20, lead=0), UNKNOWN_LAYOUT: records(30)},
    "history": {"rol": records(100)},
}


def test_all_that_is_wrong_is_said():
    assert why(**BAD_RUN) == [
        "none of 20 articles could be stored",
        "20 of 20 articles were rejected or failed",
        "the layout of 30 of 50 articles is not known: the site has changed",
        LOST.format(0, 20, "lead", 100, 100),
    ]


def test_of_a_run_that_ended_early_nothing_else_is_said():
    """What it did not come to could be all that it seems to lack."""
    assert why(**BAD_RUN, finish_reason="shutdown") == ["the run ended early: shutdown"]
    assert why(**BAD_RUN, finish_reason=BLOCKED) == []


@pytest.mark.parametrize(
    ("counted", "fetched", "listings", "expected"),
    [
        ({}, {}, 1, ["nothing was found"]),
        ({}, {}, 0, []),  # nothing was to be found
        ({"found": 5, "unchanged": 5}, {}, 1, []),  # all of them known
        ({"found": 5, "pending": 5}, {}, 1, []),  # it ended before it came to them
        ({"found": 5, "rejected": 5}, {}, 1, []),  # and settled by an earlier run
        ({"found": 1, "new": 1}, {"new": 1}, 0, []),
        ({"found": 1, "updated": 1}, {"updated": 1}, 1, []),
        ({"found": 3, "gone": 2, "unchanged": 1}, {"gone": 2}, 1, []),
        ({"found": 2, "gone": 2}, {"gone": 2}, 1, [NONE_STORED.format(2)]),
        ({"found": 1, "failed": 1}, {"failed": 1}, 0, [NONE_STORED.format(1)]),
        (
            {"found": 4, "rejected": 3, "pending": 1},
            {"rejected": 3},
            1,
            [NONE_STORED.format(4)],
        ),
    ],
)
def test_what_was_found_and_stored(counted, fetched, listings, expected):
    assert why(counted, fetched, listings=listings) == expected


@pytest.mark.parametrize(
    ("fetched", "expected"),
    [
        ({"new": 8, "failed": 2}, []),
        ({"new": 7, "failed": 3}, ["3 of 10 articles were rejected or failed"]),
        ({"new": 7, "rejected": 3}, ["3 of 10 articles were rejected or failed"]),
        ({"new": 7, "rejected": 1, "failed": 2}, ["3 of 10 articles were rejected or failed"]),
        ({"new": 7, "gone": 3}, []),
        ({"new": 1, "failed": 8}, []),  # so few say nothing
        ({"unchanged": 800, "failed": 200}, []),
        ({"unchanged": 799, "failed": 201}, ["201 of 1000 articles were rejected or failed"]),
    ],
)
def test_how_many_were_rejected_or_failed(fetched, expected):
    assert why({"found": sum(fetched.values()), **fetched}, fetched) == expected


@pytest.mark.parametrize(
    ("new", "doubtful", "expected"),
    [
        (40, 2, []),
        (40, 3, ["the texts of 3 of 40 articles may not be whole"]),
        (9, 9, []),  # so few say nothing
    ],
)
def test_how_many_texts_may_not_be_whole(new, doubtful, expected):
    assert why({"found": new, "new": new}, {"new": new}, doubtful=doubtful) == expected


@pytest.mark.parametrize(
    ("again", "worse", "told"),
    [(3, 3, True), (2, 2, False), (59, 3, True), (60, 3, False), (100, 6, True), (0, 0, False)],
)
def test_how_many_pages_show_less_than_their_records(again, worse, told):
    line = (
        f"{worse} of {again} stored articles show a worse page now: a notice, a wall, another"
        " article or a much shorter text; their records stay"
    )
    assert why(again=again, worse=worse) == ([line] if told else [])


def test_articles_that_were_not_asked_for_do_not_count():
    """What failed in earlier runs is shown by a listing again, and counted as it stands."""
    assert why({"found": 99, "failed": 50, "new": 49}, {"new": 49}) == []


# -- what the records have


def test_fields_are_counted_by_layout():
    fields: dict[str, dict[str, int]] = {}
    count_fields(fields, article())
    count_fields(fields, article(lead=None, tags=[], images=[], dateline=None))
    count_fields(fields, article(layout="rol", reporters=[], editors=[], section=None))
    assert fields == {
        "wrap_detail": {
            "records": 2,
            "lead": 1,
            "section": 2,
            "reporters": 2,
            "editors": 2,
            "dateline": 1,
            "tags": 1,
            "images": 1,
        },
        "rol": {
            "records": 1,
            "lead": 1,
            "section": 0,
            "reporters": 0,
            "editors": 0,
            "dateline": 1,
            "tags": 1,
            "images": 1,
        },
    }


@pytest.mark.parametrize(
    ("known", "unknown", "of_before", "is_lost"),
    [
        (20, 0, 500, False),
        (10, 10, 500, False),
        (9, 11, 500, True),
        (0, 20, 500, True),
        (0, 10, 500, True),
        (0, 9, 500, False),  # so few say nothing
        (0, 20, 10, True),
        (0, 20, 9, False),
        (0, 20, 0, False),  # who has no history cannot say that the site has changed
    ],
)
def test_a_layout_that_nobody_knows(known, unknown, of_before, is_lost):
    line = (
        f"the layout of {unknown} of {known + unknown} articles is not known: the site has changed"
    )
    fields = {"rol": records(known), UNKNOWN_LAYOUT: records(unknown)}
    history = {"rol": records(of_before)}
    assert why(fields=fields, history=history) == ([line] if is_lost else [])


def test_a_layout_that_takes_the_place_of_another_is_no_trouble():
    fields, history = {"republika2023": records(50, lead=0)}, {"rol": records(500)}
    assert why(fields=fields, history=history) == []


def test_a_layout_that_was_never_known_is_no_news():
    """Nor is it trouble that fields lack where they are read by what they say."""
    fields, history = {UNKNOWN_LAYOUT: records(50, lead=0)}, {UNKNOWN_LAYOUT: records(500)}
    assert why(fields=fields, history=history) == []


def test_the_history_of_all_layouts_tells_how_many_were_known():
    fields = {UNKNOWN_LAYOUT: records(15)}
    mostly = {"rol": records(60), "amp": records(30), UNKNOWN_LAYOUT: records(10)}
    seldom = {"rol": records(10), UNKNOWN_LAYOUT: records(90)}
    assert len(why(fields=fields, history=mostly)) == 1
    assert why(fields=fields, history=seldom) == []


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_that_is_lost(field):
    fields, history = {"rol": records(20, **{field: 1})}, {"rol": records(200, **{field: 190})}
    assert why(fields=fields, history=history) == [LOST.format(1, 20, field, 190, 200)]


@pytest.mark.parametrize(
    ("now", "of_now", "before", "of_before", "is_lost"),
    [
        (10, 20, 100, 100, False),
        (9, 20, 100, 100, True),
        (0, 10, 10, 10, True),
        (0, 9, 100, 100, False),  # so few say nothing
        (4, 15, 140, 150, True),  # ten fewer than the 14 to be expected
        (5, 15, 140, 150, False),  # nine
        (0, 20, 9, 9, False),
        (20, 20, 50, 100, False),  # more than before
        (0, 20, 0, 100, False),  # what was never there
        # A real change, though not all articles had the field.
        (0, 11, 190, 200, True),
        (0, 20, 100, 200, True),
        (2, 20, 190, 200, True),
        # Fewer than ten that are missing may be chance.
        (0, 10, 180, 200, False),
        (0, 15, 120, 200, False),
        # Great numbers are no exception.
        (2300, 5000, 45_000, 50_000, False),
        (2200, 5000, 45_000, 50_000, True),
        # What chance does to a field that half of the articles have.
        (4, 20, 50, 100, False),
        (2, 10, 50, 100, False),
        (0, 10, 30, 100, False),
    ],
)
def test_how_far_a_field_must_fall(now, of_now, before, of_before, is_lost):
    fields = {"rol": records(of_now, lead=now)}
    history = {"rol": records(of_before, lead=before)}
    assert bool(why(fields=fields, history=history)) is is_lost


def test_a_field_that_earlier_runs_did_not_count():
    """As one that a newer version of the crawler counts."""
    before = records(100)
    del before["tags"]
    assert why(fields={"rol": records(20, tags=0)}, history={"rol": before}) == []
