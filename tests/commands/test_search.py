"""`scrapy search`: what is found, how it is shown, and that no text is an error."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

import crawler.query.search
from crawler.database.schema import MIGRATIONS
from crawler.database.store import Store
from crawler.query.filter import Filter
from crawler.query.search import parse_query, search
from crawler.query.snapshot import reading
from tests.helpers import ROOT, fill, on_terminal, scrapy
from tests.records import T1, article, save

MARKET = article(
    "rgm001430",
    title="Pasar Ikan Dibuka",
    lead="Nelayan lega.",
    body="Kapal datang membawa tongkol.",
    published_at="2022-08-10T08:00:00+07:00",
    section="Ekonomi > Pangan",
    reporters=["Contoh Reporter"],
)
BOATS = article(
    "rgm002430",
    title="Kapal Baru untuk Teluk",
    lead="Pasar ikan menunggu.",
    body="Panitia menghitung tongkol segar di dermaga.",
    published_at="2022-08-12T08:00:00+07:00",
    section="Nasional > Umum",
    reporters=["Kontoh Réporter", "Contoh Kedua"],
)
KITCHEN = article(
    "rgm003430",
    title="Resep Tempé Bacem",
    lead=None,
    body="Belanja di pasar dahulu.\n\nTempé direndam covid-19 jam, lalu digoreng.",
    published_at="2022-08-14T23:59:00+07:00",
    section="Gaya Hidup > Kuliner",
    reporters=[],
)
ARTICLES = (MARKET, BOATS, KITCHEN)
KITCHEN_DAY = date(2022, 8, 14)
NASTY = "\x1b[31mMerah\x9b31m [bold]tebal[/bold] \x07\u202eterbalik\r\nbaris \x02lain\x03"


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    return fill(tmp_path_factory.mktemp("library") / "library.db", *ARTICLES)


def found(database: Path, words: str, *, newest: bool = False, limit: int = 20, **wanted) -> list:
    with reading(database) as connection:
        result = search(
            connection, parse_query(words), Filter(**wanted), newest=newest, limit=limit
        )
    return [hit.id for hit in result.hits]


# --- what is found ----------------------------------------------------------------------------


def test_a_word_in_the_title_counts_more_than_in_the_lead_and_there_more_than_in_the_text(library):
    assert found(library, "pasar") == [MARKET.id, BOATS.id, KITCHEN.id]


def test_the_newest_come_first_where_they_are_wanted(library):
    assert found(library, "pasar", newest=True) == [KITCHEN.id, BOATS.id, MARKET.id]
    assert found(library, "pasar", newest=True, limit=1) == [KITCHEN.id]


@pytest.mark.parametrize("word", ["tempe", "TEMPE", "Tempé", "têmpe"])
def test_case_and_accents_do_not_matter(library, word):
    assert found(library, word) == [KITCHEN.id]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("tongkol segar", [BOATS]),  # both of them
        ("tongkol NOT segar", [MARKET]),
        ("lega OR digoreng", [MARKET, KITCHEN]),
        ('"ikan dibuka"', [MARKET]),
        ("dibuka ikan", [MARKET]),
        ('"dibuka ikan"', []),
        ("title:kapal", [BOATS]),
        ("lead:nelayan", [MARKET]),
        ("body:tongkol AND title:pasar", [MARKET]),
        ("NEAR(kapal tongkol, 3)", [MARKET]),
        ("digor*", [KITCHEN]),
        ("(lega OR segar) AND title:kapal", [BOATS]),
    ],
)
def test_the_operators_of_fts5_work(library, words, ids):
    assert sorted(found(library, words)) == [one.id for one in ids]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("covid-19", [KITCHEN]),
        ("tongkol, segar!", [BOATS]),
        ("tongkol (segar", [BOATS]),
        ('"tongkol segar', [BOATS]),
        ("segar's", []),
        ("judul:kapal", []),
        ("*segar", [BOATS]),
        ("segar ***", [BOATS]),
    ],
)
def test_of_what_is_no_query_each_word_is_searched(library, words, ids):
    assert found(library, words) == [one.id for one in ids]


ODD = [
    *("", " ", '"', '""', "'", "*", "***", "(", ")(", "[", "AND", "OR", "NOT", "NEAR", "NEAR("),
    *("-", "--", "-1", "a AND", "NOT a", "title:", ":", "^", "{title", "+", "null", "NULL", "\\"),
    *("*reads", "*id 1", "\x00", "a\x00b", "\x1b[31m", "🕌", "%", "; DROP TABLE x", "rank:1"),
    *("a" * 100_000, "( " * 5_000, "kata " * 20_000, "a AND " * 3_000 + "b", "rowid:1", "\udcff"),
]  # fmt: skip


@pytest.mark.parametrize("words", ODD, ids=range(len(ODD)))
def test_no_text_is_an_error(library, run, words):
    code, out, err = run("search", "--", words, database=library)
    assert (code, err) == (0, "")
    assert out.startswith('nothing found for "')
    assert len(out.splitlines()) == 1


@given(st.text())
def test_no_text_whatever_is_an_error(library, words):
    found(library, words)


def test_days_are_whole_days(library):
    assert found(library, "pasar", until=KITCHEN_DAY) == [MARKET.id, BOATS.id, KITCHEN.id]
    assert found(library, "pasar", since=KITCHEN_DAY) == [KITCHEN.id]


def test_articles_are_narrowed_down(library, run):
    def ids(*args):
        code, out, _ = run("search", "--json", *args, "pasar", database=library)
        assert code == 0
        return [json.loads(line)["id"] for line in out.splitlines()]

    assert ids("--since", "2022-08-12") == [BOATS.id, KITCHEN.id]
    assert ids("--until", "2022-08-12") == [MARKET.id, BOATS.id]
    assert ids("--since", "2022-08-11", "--until", "2022-08-13") == [BOATS.id]
    assert ids("--section", "ekonomi") == [MARKET.id]
    assert ids("--section", "gaya-hidup") == [KITCHEN.id]
    assert ids("--reporter", "contoh") == [MARKET.id, BOATS.id]
    assert ids("--reporter", "RÉPORTER") == [BOATS.id]
    assert ids("--reporter", 'x" y') == []
    assert ids("--newest", "--limit", "2") == [KITCHEN.id, BOATS.id]


def test_of_very_many_the_newest_are_ranked_and_that_is_said(library, run, monkeypatch):
    monkeypatch.setattr(crawler.query.search, "RANKED", 2)
    monkeypatch.setattr("crawler.commands.search.RANKED", 2)
    assert found(library, "pasar", limit=2) == [BOATS.id, KITCHEN.id]
    assert found(library, "pasar", limit=2, section="ekonomi") == [MARKET.id]
    assert found(library, "pasar", newest=True, limit=3) == [KITCHEN.id, BOATS.id, MARKET.id]
    _, out, _ = run("search", "--limit", "1", "pasar", database=library)
    assert "1 of more than 2 articles; the best of the newest 2 are shown" in out


# --- how it is shown --------------------------------------------------------------------------


def test_in_a_pipe_it_is_plain_text(library):
    done = scrapy("search", "tongkol", "segar", "-s", f"DATABASE={library}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Kapal Baru untuk Teluk\n"
        "2022-08-12 08:00  Nasional > Umum  rgm002430\n"
        f"{BOATS.url}\n"
        "  Panitia menghitung tongkol segar di dermaga.\n"
        "\n"
        "1 of 1 articles, the best first\n"
    )


def test_the_snippet_is_of_the_lead_where_the_word_is_there_alone(library, run):
    _, out, _ = run("search", "nelayan", database=library)
    assert "  Nelayan lega.\n" in out


def test_json_is_an_object_a_line(library, run):
    code, out, err = run("search", "--json", "tongkol", database=library)
    assert (code, err) == (0, "")
    first, second = (json.loads(line) for line in out.splitlines())
    assert {first["id"], second["id"]} == {MARKET.id, BOATS.id}
    boats = next(hit for hit in (first, second) if hit["id"] == BOATS.id)
    assert boats == {
        "id": BOATS.id,
        "url": BOATS.url,
        "title": BOATS.title,
        "published_at": BOATS.published_at,
        "section": BOATS.section,
        "reporters": BOATS.reporters,
        "snippet": BOATS.body,
    }
    code, out, err = run("search", "--json", "bukanapaapa", database=library)
    assert (code, out, err) == (0, "", 'nothing found for "bukanapaapa"\n')


@pytest.fixture
def nasty(tmp_path) -> Path:
    return fill(
        tmp_path / "nasty.db", article(title=f"Judul {NASTY}", section=NASTY, body=f"kata {NASTY}")
    )


def test_a_terminal_gets_what_matched_highlighted_and_no_command_of_the_text(nasty):
    shown = on_terminal("search", "kata", "-s", f"DATABASE={nasty}")
    assert "\x1b[7;33mkata\x1b[0m" in shown  # reversed, yellow
    assert "[bold]tebal[/bold]" in shown
    for command in ("\x1b[31m", "\x9b", "\x07", "\u202e", "\x02", "\x03"):
        assert command not in shown


def test_a_pipe_gets_no_command_of_the_text(nasty, run):
    _, out, _ = run("search", "kata", database=nasty)
    assert "[bold]tebal[/bold]" in out
    assert not set(out) & set("\x1b\x9b\x07\u202e\x02\x03\r")
    _, out, _ = run("search", "--json", "kata", database=nasty)
    assert not set(out) & set("\x1b\x9b\x07\x02\x03\r")
    assert json.loads(out)["section"] == NASTY


def test_a_closed_pipe_is_one_line(library):
    command = [sys.executable, "-m", "scrapy", "search", "pasar", "-s", f"DATABASE={library}"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == (
            "scrapy search: standard output cannot be written: Broken pipe\n"
        )
    assert process.returncode == 1


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
        MIGRATIONS.apply(Database(connection), stop_before="ledger")
        copy = fill(tmp_path / "new.db", *ARTICLES)
        connection.execute("ATTACH ? AS new", [str(copy)])
        connection.execute("INSERT INTO articles SELECT * FROM new.articles")
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
        (b"", "{} is no database of this crawler"),
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
    says = f"scrapy {command}: {path} is no database of this crawler\n"
    assert (code, out, err) == (1, "", says)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_who_imports_the_store_keeps_numpy_and_no_command_loads_it(tmp_path):
    insert = 'sqlite_utils.Database(memory=True)["t"].insert({"x": numpy.int64(5)})'
    for program in (
        f"import crawler.database.store, numpy, sqlite_utils; {insert}",
        "import crawler.commands.search, sys; assert not {'numpy', 'pandas'} & set(sys.modules)",
    ):
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_a_file_of_a_newer_version_is_refused(tmp_path, run):
    path = fill(tmp_path / "a.db", MARKET)
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO _sqlite_migrations VALUES (9, 'republika', 'later', '')")
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
