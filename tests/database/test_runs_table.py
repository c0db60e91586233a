"""The run history, and which listings were read to their end."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from crawler.database.runs import Ledger, Run
from crawler.database.store import COUNTS, Found, Store, StoreError
from tests.helpers import ROOT
from tests.records import T1, T2, T3, article, counts, of_version_0_1

END = {"reason": "finished", "why": (), "notes": (), "fields": {}, "now": T2}


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "republika.db") as store:
        yield store


@pytest.fixture
def ledger(store):
    return Ledger(store)


def begin(ledger, now=T1):
    return ledger.begin("latest", {}, {}, now)


# -- runs


def test_a_run_from_its_begin_to_its_end(ledger, store):
    arguments = {"since": "2022-08-01", "section": "gaya-hidup é"}
    run_id = ledger.begin("backfill", arguments, {"parser": "7"}, T1)
    assert store.run_id == run_id
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
    assert ledger.run(run_id) == begun
    store.remember_counts(counts(found=3, new=2, gone=1))
    fields = {"rol": {"records": 2, "lead": 1}}
    ledger.end(run_id, reason="finished", why=(), notes=(), fields=fields, now=T2)
    run = ledger.run(run_id)
    assert (run.finished_at, run.finish_reason, run.healthy) == (T2, "finished", True)
    assert (run.why, run.notes) == ([], [])
    assert run.counts == counts(found=3, new=2, gone=1)
    assert list(run.counts) == list(COUNTS)


def test_a_run_with_trouble_is_not_healthy(ledger):
    run_id = begin(ledger)
    why, notes = ["nothing was found", "robots.txt forbids it"], ["the feed is old", "wall é"]
    ledger.end(run_id, reason="blocked", why=iter(why), notes=iter(notes), fields={}, now=T2)
    run = ledger.run(run_id)
    assert (run.healthy, run.why, run.notes) == (False, why, notes)


def test_notes_are_no_trouble(ledger):
    run_id = begin(ledger)
    ledger.end(run_id, **{**END, "notes": ["the feed is old"]})
    assert ledger.run(run_id).healthy


def test_a_run_that_nobody_knows(ledger):
    assert ledger.run(1) is None
    assert ledger.last(9) == []


def test_the_last_runs_the_newest_first(ledger):
    first, second, third = (begin(ledger) for _ in range(3))
    assert [run.id for run in ledger.last(2)] == [third, second]
    assert [run.id for run in ledger.last(9)] == [third, second, first]
    assert ledger.last(0) == []


def test_a_run_that_was_killed_is_marked_by_the_next(ledger, store):
    well = begin(ledger)
    ledger.end(well, **END)
    killed = begin(ledger)
    store.remember_counts(counts(found=2, new=1, pending=1))
    store.found([], T1)
    begin(ledger, T3)
    ended, run = ledger.run(well), ledger.run(killed)
    assert (run.finish_reason, run.finished_at, run.healthy) == ("killed", None, False)
    assert run.why == ["the process was killed"]
    assert run.counts == counts(found=2, new=1, pending=1)
    assert (ended.finish_reason, ended.finished_at, ended.healthy) == ("finished", T2, True)
    begin(ledger, T3)
    assert ledger.run(killed) == run


def test_a_run_of_version_0_1_that_was_killed(tmp_path):
    path = tmp_path / "republika.db"
    of_version_0_1(path)
    with Store(path) as store:
        ledger = Ledger(store)
        begin(ledger)
        assert [(run.spider, run.finish_reason) for run in ledger.last(9)] == [
            ("latest", None),
            ("backfill", "killed"),
        ]


def test_what_is_written_belongs_to_the_run(ledger, store):
    first = begin(ledger)
    store.found([found("r2l621")], T1)
    store.save(article(), now=T1)
    second = begin(ledger)
    store.found([found("r2l621"), found("r2l622")], T2)
    store.save(article(title="Harga Kedelai Turun"), now=T2)
    assert pages(store) == {"r2l621": first, "rgmwym370": first, "r2l622": second}
    assert ledger.changes(first) == []
    assert ledger.changes(second) == [
        {
            "article_id": "rgmwym370",
            "title": "Harga Kedelai Turun",
            "url": article().url,
            "changes": "title\n- Harga Kedelai Naik\n+ Harga Kedelai Turun",
        }
    ]


def test_changes_of_a_run_in_the_order_in_which_they_were_seen(ledger, store):
    begin(ledger)
    for page_id in ("r2l622", "r2l621"):
        store.save(article(page_id), now=T1)
    run_id = begin(ledger)
    for page_id in ("r2l622", "r2l621"):
        store.save(article(page_id, lead=None), now=T2)
    assert [change["article_id"] for change in ledger.changes(run_id)] == ["r2l622", "r2l621"]


def test_a_run_cannot_begin_in_a_database_that_cannot_be_written(ledger, store):
    store.db.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError, match="read-only"):
        begin(ledger)
    assert store.run_id is None


def test_fields_of_the_runs_before(ledger):
    """Runs without records do not crowd out the others."""
    fields = [
        {"rol": {"records": 1, "lead": 1}},
        {"rol": {"records": 2, "lead": 0}, "amp": {"records": 3, "tags": 3}},
        {},
        {"rol": {"records": 4, "lead": 4}},
        {"rol": {"records": 99, "lead": 99}},
    ]
    runs = []
    for counted in fields:
        runs.append(begin(ledger))
        ledger.end(runs[-1], **{**END, "fields": counted})
    killed = begin(ledger)
    before = [ledger.fields_before(runs[4], number) for number in (9, 2, 1)]
    assert before == [
        {"rol": {"records": 7, "lead": 5}, "amp": {"records": 3, "tags": 3}},
        {"rol": {"records": 6, "lead": 4}, "amp": {"records": 3, "tags": 3}},
        {"rol": {"records": 4, "lead": 4}},
    ]
    assert ledger.fields_before(runs[0], 9) == {}
    assert ledger.fields_before(killed, 1) == {"rol": {"records": 99, "lead": 99}}


# Reads listings and stores what they show, as a crawl does, until it is killed; says how much of
# a run the database must have by now.
CRAWL = """
import sys
sys.path.insert(0, sys.argv[2])
from scrapy import Spider
from scrapy.crawler import Crawler
from crawler.crawl.run import RunExtension
from crawler.database.store import Found
from pipelines.store import StorePipeline
from tests.records import T1, article
run = RunExtension(Crawler(Spider, {"DATABASE": sys.argv[1]}))
pipeline = StorePipeline(run)
run.ledger.begin("latest", {}, {}, T1)
for number in range(10**6):
    names = [f"{run.store.run_id}{number:04}{letter}" for letter in "abcdef"]
    run.store.found([Found(id=name, url="https://x") for name in names], T1)
    for name in names:
        run.find(name)
    for name in names[:3]:
        run.take_up(name)
        pipeline.process_item(article(name))
    run.take_up(names[3])
    run.store.reject(names[3], "https://x", "gone", "HTTP 404", now=T1)
    run.settle(names[3], "gone")
    print(number, flush=True)
"""


def test_counts_balance_wherever_a_run_is_killed(tmp_path):
    """They are at most one article, or one listing, behind what is stored."""
    noise = random.Random(0)
    path = tmp_path / "republika.db"
    for _ in range(5):
        command = [sys.executable, "-c", CRAWL, path, ROOT]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as crawl:
            said = crawl.stdout.readline()
            time.sleep(noise.uniform(0.01, 0.2))
            os.kill(crawl.pid, signal.SIGKILL)
            said = (crawl.stdout.read().split() or [said])[-1]
        with Store(path) as store:
            (killed,) = Ledger(store).last(1)
            found, *others = killed.counts.values()
            assert found == sum(others) > 0
            ((stored, known),) = store.db.execute(
                "SELECT sum(state = 'stored'), count(*) FROM pages WHERE found_run = ?",
                [killed.id],
            ).fetchall()
            assert stored > 3 * int(said)
            assert 0 <= stored - killed.counts["new"] <= 1
            assert 0 <= known - found <= 6
            assert killed.finish_reason is None
            begin(Ledger(store))
            assert Ledger(store).run(killed.id).finish_reason == "killed"


# -- listings


def found(page_id):
    return Found(id=page_id, url=f"https://republika.co.id/berita/{page_id}")


def pages(store):
    return dict(store.db.execute("SELECT id, found_run FROM pages").fetchall())


def test_a_listing_that_was_read_to_its_end(ledger, store):
    assert not ledger.is_complete("index")
    assert not ledger.is_complete()
    for completed_at, shown in [(T1, 50), (T2, 70)]:
        run_id = begin(ledger)
        ledger.completed("index", shown, completed_at)
        assert list(store.db.table("listings").rows) == [
            {"name": "index", "run_id": run_id, "completed_at": completed_at, "articles": shown}
        ]
    assert ledger.is_complete("index")
    assert ledger.is_complete("tag timnas", "index")
    assert not ledger.is_complete("tag timnas", "section ekonomi")


def test_all_is_unseen_of_a_listing_that_was_never_read_to_its_end(ledger, store):
    begin(ledger)
    store.found([found("a"), found("b")], T1)
    ledger.completed("tag timnas", 2, T1)
    assert ledger.unseen("index", ["a", "b", "c"]) == {"a", "b", "c"}
    assert ledger.unseen("index", []) == set()


def test_what_was_known_when_a_listing_was_read_to_its_end_is_not_unseen(ledger, store):
    begin(ledger)
    store.found([found("a")], T1)
    begin(ledger)
    store.found([found("b")], T1)
    ledger.completed("index", 2, T1)
    store.found([found("c")], T1)  # which the feeds showed to the same run
    begin(ledger)
    assert ledger.unseen("index", iter(["a", "b", "c", "d", "d"])) == {"d"}


def test_what_a_run_found_that_was_killed_is_unseen(ledger, store):
    """Behind it there may be more, however much of it was stored in the meantime."""
    begin(ledger)
    store.found([found("a"), found("b")], T1)
    ledger.completed("index", 2, T1)
    begin(ledger)  # reads from the newest back, and is killed before it comes to a and b
    store.found([found("f"), found("e")], T2)
    store.save(article("f"), now=T2)
    begin(ledger)
    assert ledger.unseen("index", ["f", "e"]) == {"f", "e"}
    store.found([found("f"), found("e")], T3)  # again, by a run that goes on
    assert ledger.unseen("index", ["f", "e"]) == {"f", "e"}
    store.found([found("d"), found("c")], T3)
    assert ledger.unseen("index", ["c", "b"]) == {"c"}
    assert ledger.unseen("index", ["b", "a"]) == set()
    ledger.completed("index", 6, T3)
    begin(ledger)
    assert ledger.unseen("index", list("abcdefg")) == {"g"}


def test_what_another_listing_showed_later_is_unseen(ledger, store):
    begin(ledger)
    ledger.completed("index", 0, T1)
    begin(ledger)
    store.want([found("a")], T2)
    store.save(article("b"), now=T2)
    ledger.completed("tag timnas", 1, T2)
    assert ledger.unseen("index", ["a", "b"]) == {"a", "b"}
    assert ledger.unseen("tag timnas", ["a", "b"]) == set()


def test_what_version_0_1_knew_is_not_unseen_for_ever(tmp_path):
    path = tmp_path / "republika.db"
    of_version_0_1(path)
    with Store(path) as store:
        ledger = Ledger(store)
        begin(ledger)
        ledger.completed("index", 2, T3)
        begin(ledger)
        assert ledger.unseen("index", ["rgmwym370", "b", "new"]) == {"new"}


def test_the_lists_are_json(ledger, store):
    """As a user reads them who has nothing but SQLite."""
    run_id = ledger.begin("topic", {"tag": "é"}, {"parser": "7"}, T1)
    ledger.end(run_id, **{**END, "fields": {"rol": {"records": 1}}})
    ((arguments, versions, fields),) = store.db.execute(
        "SELECT arguments, versions, fields FROM runs"
    ).fetchall()
    assert arguments == '{"tag": "é"}'
    assert json.loads(versions) == {"parser": "7"}
    assert json.loads(fields) == {"rol": {"records": 1}}
