"""`scrapy search`: databases of every state, and arguments."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from crawler.database.migrations import apply
from crawler.database.records import COLUMNS
from crawler.database.store import Store
from tests.commands.searching import ARTICLES, BOATS, MARKET, found
from tests.helpers import fill
from tests.records import T1, save

# --- the database -----------------------------------------------------------------------------


def test_a_file_is_searched_while_another_process_writes_into_it(tmp_path):
    path = fill(tmp_path / "a.db", MARKET)
    with Store(path) as store, store.transaction():
        save(store, BOATS, now=T1)
        assert found(path, "tongkol") == [MARKET.id]
    assert sorted(found(path, "tongkol")) == [MARKET.id, BOATS.id]


def test_a_file_of_the_first_version_is_read_and_left_as_it_is(tmp_path):
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as connection:
        apply(Database(connection), stop_before="ledger")
        copy = fill(tmp_path / "new.db", *ARTICLES)
        connection.execute("ATTACH ? AS new", [str(copy)])
        names = ", ".join(COLUMNS)
        connection.execute(f"INSERT INTO articles SELECT {names} FROM new.articles")
    connection.close()
    before = path.read_bytes()
    assert found(path, "tongkol segar") == [BOATS.id]
    assert path.read_bytes() == before


def test_an_index_that_names_other_rows_is_built_anew(tmp_path, run):
    path = fill(tmp_path / "a.db", *ARTICLES)
    with sqlite3.connect(path) as connection:  # as VACUUM may
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DROP TRIGGER articles_au")
        connection.execute("UPDATE articles SET rowid = rowid + 10 WHERE id = ?", [BOATS.id])
    connection.close()
    _, out, _ = run("search", "segar", database=path)
    assert BOATS.id in out


@pytest.mark.parametrize("command", [("search", "kata"), ("export", "-o", "{}/x.jsonl")])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "there is no database {} yet; a crawl makes it"),
        (b"", "{} is not a database of this crawler"),
        (b"Bukan basis data, melainkan teks biasa.\n" * 100, "{} is not a SQLite database"),
    ],
)
def test_what_is_no_database_is_said(tmp_path, run, command, content, says):
    path = tmp_path / "a.db"
    if content is not None:
        path.write_bytes(content)
    args = [arg.format(tmp_path) for arg in command]
    code, out, err = run(*args, database=path)
    assert (code, out, err) == (1, "", f"scrapy {args[0]}: {says.format(path)}\n")
    assert [file.name for file in tmp_path.iterdir()] == ([] if content is None else ["a.db"])


@pytest.mark.parametrize("command", ["search", "export", "browse", "runs"])
def test_a_database_of_another_program_is_refused_and_left_as_it_is(tmp_path, run, command):
    path = tmp_path / "resep.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE articles (title TEXT)")
    connection.close()
    before = path.read_bytes()
    args = {"search": ["kata"], "export": ["-o", str(tmp_path / "a.csv")]}.get(command, [])
    code, out, err = run(command, *args, database=path)
    says = f"scrapy {command}: {path} is not a database of this crawler\n"
    assert (code, out, err) == (1, "", says)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_of_a_newer_version_is_refused(tmp_path, run):
    path = fill(tmp_path / "a.db", MARKET)
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO _sqlite_migrations VALUES (99, 'republika', 'later', '')")
    connection.close()
    code, _, err = run("search", "kata", database=path)
    assert code == 1
    assert "was written by a newer version of this crawler (it has later)" in err


# --- arguments --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ([], "give the words to search for"),
        (["--since", "kemarin", "x"], "--since: 'kemarin' is not a day; give it as 2022-08-15"),
        (["--since", "2022-08-02", "--until", "2022-08-01", "x"], "is before --since 2022-08-02"),
        (
            ["--section", "ekonom", "x"],
            "unknown section ekonom; did you mean ekonomi? known are ameera",
        ),
        (["--limit", "0", "x"], "--limit: expected a whole number of at least 1, not '0'"),
        (
            ["--limit", "banyak", "x"],
            "--limit: expected a whole number of at least 1, not 'banyak'",
        ),
        (["--limit", "9" * 30, "x"], "expected a whole number"),
    ],
)
def test_bad_arguments_are_one_line(run, args, says):
    code, out, err = run("search", *args)
    assert (code, out) == (2, "")
    assert err.startswith("scrapy search: ")
    assert says in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("args", "option", "known"),
    [
        (["search", "--newst", "foo"], "--newst", "--newest"),
        (["search", "foo", "-x"], "-x", "--newest"),
        (["export", "-o", "x.jsonl", "--sinc", "2022-01-01"], "--sinc", "--since"),
        (["export", "-o", "x.jsonl", "--sinc=2022-01-01"], "--sinc", "--since"),
        (["runs", "--lst", "3"], "--lst", "--last"),
        (["audit", "--since", "2022-08-01", "--repare"], "--repare", "--repair"),
        (["reparse", "--dryrun"], "--dryrun", "--dry-run"),
    ],
)
def test_an_option_that_is_not_known_is_refused(run, args, option, known):
    code, out, err = run(*args)
    assert (code, out) == (2, "")
    assert err.startswith(f"scrapy {args[0]}: {option} is not an option; known are ")
    assert known in err
    assert len(err.splitlines()) == 1
    assert not Path("x.jsonl").exists()


@pytest.mark.parametrize(
    "words", [["--", "-segar"], ["-tongkol segar"], ["--", "--newst", "segar"]]
)
def test_words_may_begin_with_a_dash(library, run, words):
    code, out, _ = run("search", *words, database=library)
    assert code == 0
    assert (BOATS.id in out) == ("--newst" not in words)


@pytest.mark.parametrize("command", ["search", "export"])
def test_help_explains_every_option(run, command):
    code, out, _ = run(command, "-h")
    assert code == 0
    options, _, examples = out.partition("examples:")
    for name in ("--since", "--until", "--section"):
        assert name in options
        assert name in examples
    assert f"scrapy {command} " in examples
