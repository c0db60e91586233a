"""Databases of several machines make one, the same in any order."""

from __future__ import annotations

from itertools import permutations

import pytest

from crawler.database.store import Store
from tests.database.helpers import rows
from tests.database.merging.shards import (
    Event,
    at,
    contents,
    crawled,
    merged,
    see,
    story,
)

LONG = "Harga kedelai di pasar induk naik lagi pekan ini, kata pedagang. " * 4 + "Selesai."
LATER = "Pembaruan: " + LONG
X, Y, Z = "rgmwym370", "rgmwym371", "rgmwym372"


def pages(path, columns="id, state, reason"):
    with Store(path) as store:
        return rows(store, f"SELECT {columns} FROM pages ORDER BY id")


@pytest.fixture
def machines(tmp_path):
    """Makes a database of what each machine saw."""

    def make(**seen):
        return [(name, crawled(tmp_path / f"{name}.db", events)) for name, events in seen.items()]

    return make


@pytest.mark.parametrize("seed", [0, 5, 11])
def test_any_order_and_twice_give_the_same(seed, tmp_path):
    shards = [(name, crawled(tmp_path / f"{name}.db", seen)) for name, seen in story(seed).items()]
    first = contents(merged(tmp_path / "0.db", *shards))
    assert len(first["articles"]) > 1
    assert first["dossiers"]
    for number, order in enumerate(permutations(shards), 1):
        path = merged(tmp_path / f"{number}.db", *order)
        assert contents(path) == first, order
        assert contents(merged(path, *order[:2])) == first, "merged again"


def test_one_database_alone_stays_what_it_is(machines, tmp_path):
    (shard,) = machines(east=sorted(event for seen in story(1).values() for event in seen))
    before, after = contents(shard[1]), contents(merged(tmp_path / "all.db", shard))
    assert after["articles"] == before["articles"]
    assert after["revisions"] == before["revisions"]
    assert after["pages"] == before["pages"]
    assert after["listings"] == before["listings"]
    assert not after["dossiers"]


def test_the_latest_page_is_the_record_and_the_others_are_revisions(machines, tmp_path):
    shards = machines(east=[Event(1, X, LONG)], west=[Event(2, X, LATER)])
    with Store(merged(tmp_path / "all.db", *shards)) as store:
        assert rows(store, "SELECT body FROM articles") == [(LATER,)]
        ((body, changes),) = rows(store, "SELECT body, changes FROM revisions")
        assert body == LONG
        assert "+ Pembaruan" in changes
        # It asks for changes of the page that it holds.
        assert rows(store, "SELECT etag, attempts FROM pages") == [('"2"', 1)]
        found = rows(store, "SELECT started_at FROM runs JOIN pages ON found_run = runs.id")
        assert found == [(at(1),)]


def test_a_later_page_that_shows_less_is_not_the_record(machines, tmp_path):
    shards = machines(east=[Event(1, X, LONG)], west=[Event(2, X, "Berita ini telah dipindahkan.")])
    with Store(merged(tmp_path / "all.db", *reversed(shards))) as store:
        assert rows(store, "SELECT body FROM articles") == [(LONG,)]
        assert rows(store, "SELECT shrunk FROM revisions") == [(1,)]
        ((state, reason, etag),) = rows(store, "SELECT state, reason, etag FROM pages")
        assert (state, etag) == ("stored", '"1"')
        assert reason.startswith("the page shows less now")


def test_a_record_stays_stored_where_another_machine_failed_or_waits(machines, tmp_path):
    east, west = machines(
        east=[Event(1, X, LONG), Event(2, Y, LATER), Event(3, Z, LATER + "Lagi.")],
        west=[Event(4, X, None, "failed"), Event(5, Y, None, "gone")],
    )
    with Store(west[1]) as store:
        _see_listing(store, Z)
    states = pages(merged(tmp_path / "all.db", east, west))
    assert states == [
        (X, "stored", "the last look at it failed: begitu"),
        (Y, "gone", "begitu"),
        (Z, "stored", None),
    ]


def _see_listing(store, article_id):
    from tests.database.helpers import page

    store.pages.find([page(article_id)], at(6))


def test_an_article_that_came_back_is_told(machines, tmp_path):
    shards = machines(east=[Event(1, X, None, "gone")], west=[Event(2, X, LONG)])
    columns = "state, gone_at, back_at"
    assert pages(merged(tmp_path / "all.db", *shards), columns) == [("stored", None, at(2))]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_of_two_articles_with_one_text_the_first_keeps_it(order, machines, tmp_path):
    shards = machines(
        east=[Event(2, X, LONG)], north=[Event(1, Y, LONG)], west=[Event(3, X, LATER)]
    )
    path = merged(tmp_path / "all.db", *(shards[place] for place in order))
    with Store(path) as store:
        # X was refused when it had the text of Y, and had one of its own then.
        assert rows(store, "SELECT id, body FROM articles ORDER BY id") == [
            (X, LATER),
            (Y, LONG),
        ]
        assert rows(store, "SELECT * FROM revisions") == []


def test_a_twin_is_rejected_with_its_reason_and_comes_back_with_a_text_of_its_own(
    machines, tmp_path
):
    shards = machines(east=[Event(1, X, LONG)], west=[Event(2, Y, LONG)])
    path = merged(tmp_path / "all.db", *shards)
    assert pages(path) == [
        (X, "stored", None),
        (Y, "rejected", f"the same text is stored already, as {X}"),
    ]
    with Store(path) as store:
        see(store, Event(9, Y, LATER))
    west = ("west", crawled(tmp_path / "later.db", [Event(3, Z, LATER)]))
    assert [row[:2] for row in pages(merged(path, *shards, west))] == [
        (X, "stored"),
        (Y, "rejected"),
        (Z, "stored"),
    ]


def test_what_a_crawl_stores_after_a_merge_is_not_undone_by_the_next_one(machines, tmp_path):
    shards = machines(east=[Event(1, X, LONG)], west=[Event(2, X, LATER)])
    path = merged(tmp_path / "all.db", *shards)
    with Store(path) as store:
        store.begin_run("latest", {}, {}, at(30))
        see(store, Event(30, X, "Terbaru: " + LONG))
    before, after = contents(path), contents(merged(path, *shards))
    assert after["articles"] == before["articles"]
    with Store(path) as store:
        assert rows(store, "SELECT count(*) FROM revisions") == [(2,)]


def test_runs_keep_their_machine_and_their_numbers_stay(machines, tmp_path):
    east, west = machines(east=[Event(5, X, LONG)], west=[Event(1, Y, LATER)])
    path = crawled(tmp_path / "all.db", [Event(9, Z, "Berita lain. " * 20)])
    merged(path, east)
    merged(path, west)
    further = merged(tmp_path / "further.db", ("office", path))
    with Store(path) as store, Store(further) as other:
        runs = "SELECT id, json_extract(arguments, '$.machine'), started_at FROM runs ORDER BY id"
        assert rows(store, runs) == [(1, None, at(9)), (2, "west", at(1)), (3, "east", at(5))]
        assert [row[1] for row in rows(other, runs)] == ["office/west", "office/east", "office"]
        newest = store.captures.newest()
        assert newest
        assert newest.file == "own.warc.gz"  # of this one's last run
        listing = "SELECT started_at FROM listings JOIN runs ON runs.id = run_id"
        assert rows(store, listing) == rows(other, listing) == [(at(9),)]
        # What another machine found after this one's run is new to this one's listing.
        assert store.listings.unseen("index", [X, Y, Z, "rgmwym399"]) == {"rgmwym399"}
        store.begin_run("latest", {}, {}, at(12))
        see(store, Event(12, "rgmwym399", "Baru. " * 30))
        assert store.listings.unseen("index", [X, "rgmwym399"]) == {"rgmwym399"}


def test_what_web_archives_listed_is_known_here_too(machines, tmp_path):
    shards = machines(east=[Event(1, X, LONG)], west=[Event(2, X, LONG)])
    put = (
        "INSERT INTO archived (source, article_id, day, url, timestamp, digest, filename, offset,"
        " length, state, tries, capture_file) VALUES"
        " ('wayback', 'x', '2022-08-15', 'https://x', ?, '', '', 0, 0, ?, ?, ?)"
    )
    told = {"east": ("kept", 0, "own.warc.gz"), "west": ("failed", 3, None)}
    for name, path in shards:
        with Store(path) as store:
            store.db.execute(put, ["20220815000000", *told[name]])
            store.db.execute(put, [f"2022081500000{len(name)}", "pending", 0, None])
            index = ["q", "0", None, told[name][0]]
            store.db.execute("INSERT INTO archive_indexes VALUES (?, ?, ?, ?)", index)
            store.db.conn.commit()
    found = []
    for number, order in enumerate((shards, shards[::-1])):
        path = merged(tmp_path / f"{number}.db", *order)
        with Store(path) as store:
            known = "SELECT timestamp, state, capture_file FROM archived ORDER BY timestamp"
            found.append((rows(store, known), rows(store, "SELECT * FROM archive_indexes")))
    assert found[0] == found[1]
    assert found[0] == (
        [
            ("20220815000000", "kept", "east/own.warc.gz"),
            ("20220815000004", "pending", None),
        ],
        [("q", "0", None, "kept")],
    )
