"""``scrapy merge`` as a user calls it."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import timedelta

import pytest

from crawler.captures.rows import read_page
from crawler.database.lock import database_lock
from crawler.database.store import Store
from tests.captures.again import FIRST, archive, reparse
from tests.database.merging.shards import Event, crawled
from tests.helpers import PUTIN, rows, sample_page, scrapy

TEXT = "Harga kedelai di pasar induk naik lagi pekan ini, kata pedagang. " * 3


def merge(database, *args, **environment):
    return scrapy("merge", *args, "-s", f"DATABASE={database}", **environment)


@pytest.fixture(scope="module")
def crawls(tmp_path_factory):
    """Two machines' databases, made of captures of the same name."""
    folder = tmp_path_factory.mktemp("machines")
    _, page = sample_page("rgmwym370")
    changed = page.replace("Putin", "Presiden Putin")
    for name, text, begin in (("east", page, FIRST), ("west", changed, FIRST + timedelta(hours=1))):
        captures = archive(folder / name / "captures", (PUTIN, 200, text), begin=begin)
        (file,) = captures.iterdir()
        file.rename(captures / "republika-run1.warc.gz")
        done = reparse(folder / name / "republika.db", REPUBLIKA_CAPTURES=str(captures))
        assert done.returncode == 0, done.stderr
    return folder


def test_databases_and_captures_become_one(crawls, tmp_path):
    database, captures = tmp_path / "all.db", tmp_path / "captures"
    both = [f"{name}={crawls / name / 'republika.db'}" for name in ("east", "west")]
    both[1] += f":{crawls / 'west' / 'captures'}"
    for _ in range(2):
        done = merge(database, *both, REPUBLIKA_CAPTURES=str(captures))
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == ("1 articles, 1 revisions, 2 captures, 2 runs\npages: 1 stored\n")
    with Store(database) as store:
        for capture in store.captures.of_article("rgmwym370"):
            assert b"Putin" in read_page(store, captures, capture).payload
    files = [row["file"] for row in rows(database, "SELECT file FROM captures ORDER BY file")]
    assert files == ["east/republika-run1.warc.gz", "west/republika-run1.warc.gz"]
    read = "SELECT name, stamp != '' AS stamped FROM sources ORDER BY name"
    assert [tuple(row) for row in rows(database, read)] == [(file, 1) for file in files]
    # The database can be made again of what was brought together.
    again = reparse(tmp_path / "again.db", str(captures))
    assert again.returncode == 0
    text = "SELECT title, body, fetched_at FROM {} ORDER BY body"
    for table in ("articles", "revisions"):
        made = rows(tmp_path / "again.db", text.format(table))
        assert list(map(tuple, made)) == list(map(tuple, rows(database, text.format(table))))


def test_captures_that_are_not_there_are_told(crawls, tmp_path):
    source = tmp_path / "east.db"
    shutil.copy(crawls / "east" / "republika.db", source)
    captures = str(tmp_path / "captures")
    done = merge(tmp_path / "all.db", f"east={source}", REPUBLIKA_CAPTURES=captures)
    assert done.returncode == 1
    assert done.stderr == (
        "unhealthy: east: captures that cannot be found: 1, as republika-run1.warc.gz\n"
    )
    assert len(rows(tmp_path / "all.db", "SELECT 1 FROM articles")) == 1


def test_without_captures_their_place_stays(crawls, tmp_path):
    east = crawls / "east"
    done = merge(tmp_path / "all.db", f"east={east / 'republika.db'}", REPUBLIKA_CAPTURES="")
    assert done.returncode == 0
    (row,) = rows(tmp_path / "all.db", "SELECT file FROM captures")
    assert row["file"] == str(east / "captures" / "republika-run1.warc.gz")


@pytest.fixture(scope="module")
def east(tmp_path_factory):
    return crawled(tmp_path_factory.mktemp("east") / "east.db", [Event(1, "rgmwym370", TEXT)])


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ([], "name the databases to add, as NAME=DATABASE[:CAPTURES]"),
        (["{east}"], "expected NAME=DATABASE[:CAPTURES], e.g. east=/mnt/east/republika.db"),
        (["a/b={east}"], "expected NAME=DATABASE[:CAPTURES]"),
        (["a=nowhere.db"], "a: there is no database nowhere.db"),
        (["a={east}:nowhere"], "a: there is no folder nowhere"),
        (["a={east}", "a={east}"], "a names two databases: each needs a name of its own"),
        (["a={east}", "b={east}"], "a and b name the same database"),
        (["a={into}"], "is the database to merge into"),
        (["a={other}"], "is not a database of this crawler"),
        (["a={text}"], "is not a SQLite database"),
    ],
)
def test_bad_arguments_are_one_line_and_nothing_is_written(args, line, east, tmp_path):
    into, other, text = (tmp_path / name for name in ("all.db", "other.db", "text.db"))
    Store(into).close()
    before = into.read_bytes()
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE articles (id)")
    text.write_text("bukan basis data " * 100)
    given = [arg.format(east=east, into=into, other=other, text=text) for arg in args]
    done = merge(into, *given)
    assert done.returncode == 2
    (said,) = done.stderr.splitlines()
    assert said.startswith("scrapy merge: ")
    assert line in said
    assert into.read_bytes() == before


def test_a_database_that_a_run_holds_is_not_merged(east, tmp_path):
    with database_lock(east):
        done = merge(tmp_path / "all.db", f"east={east}")
    assert done.returncode == 75
    assert done.stderr == f"scrapy merge: a run holds {east}; try again when it has ended\n"
    assert not (tmp_path / "all.db").exists()
