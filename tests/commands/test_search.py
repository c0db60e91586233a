"""`scrapy search`: what is found, and how it is shown."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import crawler.query.search
from tests.commands.searching import BOATS, KITCHEN, MARKET, found
from tests.helpers import ROOT, fill, on_terminal, scrapy
from tests.records import article

if TYPE_CHECKING:
    from pathlib import Path

KITCHEN_DAY = date(2022, 8, 14)
NASTY = "\x1b[31mMerah\x9b31m [bold]tebal[/bold] \x07\u202eterbalik\r\nbaris \x02lain\x03"


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
    assert code == 0
    assert not err or err.startswith("hint: ")
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
    monkeypatch.setattr("crawler.reading.search.RANKED", 2)
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
        "status": "stored",
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
