"""The run history."""

from __future__ import annotations

import json

import pytest

from crawler.database.pages import Found
from crawler.database.runs import COUNTS, Run
from crawler.database.store import Store
from crawler.errors import StoreError
from tests.records import T1, T2, T3, article, counts, of_version_0_1, save

END = {"reason": "finished", "why": (), "notes": (), "fields": {}, "now": T2}


@pytest.fixture
def runs(store):
    return store.runs


def begin(runs, now=T1):
    return runs.begin("latest", {}, {}, now)


def test_a_run_from_its_begin_to_its_end(runs, store):
    arguments = {"since": "2022-08-01", "section": "gaya-hidup é"}
    run_id = runs.begin("backfill", arguments, {"parser": "7"}, T1)
    assert store.runs.current == run_id
    begun = Run(
        id=run_id,
        spider="backfill",
        arguments=arguments,
        versions={"parser": "7"},
        started_at=T1,
        finished_at=None,
        finish_reason=None,
        counts=counts(),
        healthy=None,
        why=[],
        notes=[],
    )
    assert runs.get(run_id) == begun
    store.runs.remember_counts(counts(found=3, new=2, gone=1))
    fields = {"rol": {"records": 2, "lead": 1}}
    runs.end(run_id, reason="finished", why=(), notes=(), fields=fields, now=T2)
    run = runs.get(run_id)
    assert (run.finished_at, run.finish_reason, run.healthy) == (T2, "finished", True)
    assert (run.why, run.notes) == ([], [])
    assert run.counts == counts(found=3, new=2, gone=1)
    assert list(run.counts) == list(COUNTS)


def test_a_run_with_trouble_is_not_healthy(runs):
    run_id = begin(runs)
    why, notes = ["nothing was found", "robots.txt forbids it"], ["the feed is old", "wall é"]
    runs.end(run_id, reason="blocked", why=iter(why), notes=iter(notes), fields={}, now=T2)
    run = runs.get(run_id)
    assert (run.healthy, run.why, run.notes) == (False, why, notes)


def test_notes_are_no_trouble(runs):
    run_id = begin(runs)
    runs.end(run_id, **{**END, "notes": ["the feed is old"]})
    assert runs.get(run_id).healthy


def test_a_run_that_nobody_knows(runs):
    assert runs.get(1) is None
    assert runs.last(9) == []


def test_the_last_runs_the_newest_first(runs):
    first, second, third = (begin(runs) for _ in range(3))
    assert [run.id for run in runs.last(2)] == [third, second]
    assert [run.id for run in runs.last(9)] == [third, second, first]
    assert runs.last(0) == []


def test_a_run_that_was_killed_is_marked_by_the_next(runs, store):
    well = begin(runs)
    runs.end(well, **END)
    killed = begin(runs)
    store.runs.remember_counts(counts(found=2, new=1, pending=1))
    store.pages.find([], T1)
    begin(runs, T3)
    ended, run = runs.get(well), runs.get(killed)
    assert (run.finish_reason, run.finished_at, run.healthy) == ("killed", None, False)
    assert run.why == ["the process was killed"]
    assert run.counts == counts(found=2, new=1, pending=1)
    assert (ended.finish_reason, ended.finished_at, ended.healthy) == ("finished", T2, True)
    begin(runs, T3)
    assert runs.get(killed) == run


def test_a_run_of_version_0_1_that_was_killed(tmp_path):
    path = tmp_path / "republika.db"
    of_version_0_1(path)
    with Store(path) as store:
        runs = store.runs
        begin(runs)
        assert [(run.spider, run.finish_reason) for run in runs.last(9)] == [
            ("latest", None),
            ("backfill", "killed"),
        ]


def test_what_is_written_belongs_to_the_run(runs, store):
    first = begin(runs)
    store.pages.find([found("r2l621")], T1)
    save(store, article(), now=T1)
    second = begin(runs)
    store.pages.find([found("r2l621"), found("r2l622")], T2)
    save(store, article(title="Harga Kedelai Turun"), now=T2)
    assert pages(store) == {"r2l621": first, "rgmwym370": first, "r2l622": second}
    assert runs.changes(first) == []
    assert runs.changes(second) == [
        {
            "article_id": "rgmwym370",
            "title": "Harga Kedelai Turun",
            "url": article().url,
            "changes": "title\n- Harga Kedelai Naik\n+ Harga Kedelai Turun",
            "shrunk": 0,
        }
    ]


def test_changes_of_a_run_in_the_order_in_which_they_were_seen(runs, store):
    begin(runs)
    for page_id in ("r2l622", "r2l621"):
        save(store, article(page_id), now=T1)
    run_id = begin(runs)
    for page_id in ("r2l622", "r2l621"):
        save(store, article(page_id, lead=None), now=T2)
    assert [change["article_id"] for change in runs.changes(run_id)] == ["r2l622", "r2l621"]


def test_a_run_cannot_begin_in_a_database_that_cannot_be_written(runs, store):
    store.db.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError, match="read-only"):
        begin(runs)
    assert store.runs.current is None


def test_fields_of_the_runs_before(runs):
    """Runs without records do not crowd out the others."""
    fields = [
        {"rol": {"records": 1, "lead": 1}},
        {"rol": {"records": 2, "lead": 0}, "amp": {"records": 3, "tags": 3}},
        {},
        {"rol": {"records": 4, "lead": 4}},
        {"rol": {"records": 99, "lead": 99}},
    ]
    numbers = []
    for counted in fields:
        numbers.append(begin(runs))
        runs.end(numbers[-1], **{**END, "fields": counted})
    killed = begin(runs)
    before = [runs.fields_before(numbers[4], number) for number in (9, 2, 1)]
    assert before == [
        {"rol": {"records": 7, "lead": 5}, "amp": {"records": 3, "tags": 3}},
        {"rol": {"records": 6, "lead": 4}, "amp": {"records": 3, "tags": 3}},
        {"rol": {"records": 4, "lead": 4}},
    ]
    assert runs.fields_before(numbers[0], 9) == {}
    assert runs.fields_before(killed, 1) == {"rol": {"records": 99, "lead": 99}}


def found(page_id):
    return Found(id=page_id, url=f"https://republika.co.id/berita/{page_id}")


def pages(store):
    return dict(store.db.execute("SELECT id, found_run FROM pages").fetchall())


def test_the_lists_are_json(runs, store):
    """As a user reads them who has nothing but SQLite."""
    run_id = runs.begin("topic", {"tag": "é"}, {"parser": "7"}, T1)
    runs.end(run_id, **{**END, "fields": {"rol": {"records": 1}}})
    ((arguments, versions, fields),) = store.db.execute(
        "SELECT arguments, versions, fields FROM runs"
    ).fetchall()
    assert arguments == '{"tag": "é"}'
    assert json.loads(versions) == {"parser": "7"}
    assert json.loads(fields) == {"rol": {"records": 1}}
