"""Which articles are asked for: the same options in `scrapy search` and `scrapy export`."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from crawler.database.store import Store
from tests.commands.searching import BOATS, KITCHEN, MARKET
from tests.helpers import fill
from tests.records import article, refuse, save

if TYPE_CHECKING:
    from pathlib import Path

T0 = "2022-08-20T08:00:00+07:00"
T1 = "2022-08-21T08:00:00+07:00"


@pytest.fixture(scope="module")
def grown(tmp_path_factory) -> Path:
    """A database whose articles came and changed at different times."""
    path = tmp_path_factory.mktemp("grown") / "grown.db"
    with Store(path) as store:
        save(store, MARKET, now=T0)
        save(store, BOATS, now=T0)
        save(store, article(BOATS.id, title="Kapal Lama"), now=T1)
        save(store, KITCHEN, now=T1)
    return path


@pytest.mark.parametrize(
    ("args", "ids"),
    [
        (["--since", "2022-08-12"], [BOATS, KITCHEN]),
        (["--until", "2022-08-12"], [MARKET, BOATS]),
        (["--section", "ekonomi"], [MARKET]),
        (["--reporter", "contoh"], [MARKET, BOATS]),
        (["--tag", "kedelai"], [MARKET]),
        (["--tag", "teluk-lestari"], [BOATS]),
        (["--tag", "Teluk Lestari"], [BOATS]),
        (["--tag", "teluk"], []),
        (["--kind", "gallery"], [BOATS]),
        (["--language", "en"], [KITCHEN]),
        (["--no-partial"], [MARKET, KITCHEN]),
        (["--min-words", "100"], [KITCHEN]),
        (["--tag", "kedelai", "--kind", "gallery"], []),
    ],
)
def test_each_narrows_down_what_is_found_and_what_is_exported(library, run, args, ids):
    wanted = sorted(one.id for one in ids)
    assert sorted(searched(run, library, *args)) == wanted
    assert sorted(searched(run, library, *args, "pasar")) == wanted
    assert sorted(exported(run, library, *args)) == wanted


def test_what_came_or_changed_since_a_moment(grown, run):
    def both(*args: str) -> list[str]:
        found = sorted(searched(run, grown, *args))
        assert sorted(exported(run, grown, *args)) == found
        return found

    assert both("--changed-since", "2022-08-20") == [MARKET.id, BOATS.id, KITCHEN.id]
    assert both("--changed-since", "2022-08-21T01:00+00:00") == [BOATS.id, KITCHEN.id]
    assert both("--changed-since", "2022-08-21T08:00:01") == []
    assert both("--first-seen-since", "2022-08-21") == [KITCHEN.id]


def test_what_the_site_took_down_is_marked_and_can_be_left_out(tmp_path, run):
    path = fill(tmp_path / "a.db", MARKET, BOATS, KITCHEN)  # stored at T2

    def changed(since: str) -> dict[str, tuple]:
        args = ("-o", "-", "--changed-since", since)
        _, out, _ = run("export", *args, "--fields", "id,status,withdrawn_at", database=path)
        rows = map(json.loads, out.splitlines())
        return {row["id"]: (row["status"], row["withdrawn_at"]) for row in rows}

    with Store(path) as store:
        for moment in (T0, T1):  # seen to be gone, and still
            refuse(store, BOATS.id, BOATS.url, "gone", "HTTP 404", now=moment)
    assert changed(T0) == {BOATS.id: ("gone", T0)}
    assert changed(T1) == {}
    everything = changed("2022-08-01")
    assert everything[MARKET.id] == ("stored", None)
    assert everything[BOATS.id] == ("gone", T0)
    assert sorted(searched(run, path, "pasar", "--no-gone")) == [MARKET.id, KITCHEN.id]
    assert exported(run, path, "--no-gone") == [MARKET.id, KITCHEN.id]
    _, out, _ = run("search", "tongkol segar", database=path)
    assert f"{BOATS.id}  gone\n" in out
    _, out, _ = run("search", "--json", "tongkol", database=path)
    assert {row["id"]: row["status"] for row in map(json.loads, out.splitlines())} == {
        MARKET.id: "stored",
        BOATS.id: "gone",
    }
    _, out, _ = run("show", BOATS.id, database=path)
    assert "\ngone: the site had it no more on 2022-08-20 08:00 WIB\n" in out
    with Store(path) as store:  # it is there again, as it was
        save(store, BOATS, now=T1)
    assert changed(T0) == {BOATS.id: ("stored", None)}
    assert sorted(searched(run, path, "pasar", "--no-gone")) == [MARKET.id, BOATS.id, KITCHEN.id]


def test_a_sample_is_by_lot_and_the_same_each_time(tmp_path, run):
    many = [article(f"rgm{number:03}430", title=f"Berita {number}") for number in range(200)]
    path = fill(tmp_path / "many.db", *many)
    drawn = exported(run, path, "--sample", "20")
    assert len(set(drawn)) == 20
    assert drawn == exported(run, path, "--sample", "20")
    assert set(drawn) <= set(exported(run, path, "--sample", "21"))
    numbers = [int(one[3:6]) for one in drawn]
    assert min(numbers) < 70
    assert max(numbers) > 130
    assert set(searched(run, path, "--sample", "20", "--limit", "99", "berita")) == set(drawn)
    # Of those that are asked for, not of all.
    assert len(searched(run, path, "--sample", "9", "berita AND 7")) == 1


def test_the_first_of_the_file(library, run):
    assert exported(run, library, "--limit", "2") == [MARKET.id, BOATS.id]
    assert exported(run, library, "--limit", "9", "--section", "ekonomi") == [MARKET.id]
    _, _, err = run("export", "-o", "-", "--limit", "2", database=library)
    assert err == "2 articles: standard output\n"


# --- without words, counted, by name ----------------------------------------------------------


def test_without_words_the_newest_are_listed(library, run):
    assert searched(run, library, "--newest") == [KITCHEN.id, BOATS.id, MARKET.id]
    _, out, _ = run("search", "--section", "ekonomi", database=library)
    assert f"{MARKET.title}\n" in out
    assert "  Nelayan lega.\n" in out
    assert out.endswith("1 of 1 articles, the newest first\n")
    _, out, _ = run("search", "--newest", "--limit", "2", database=library)
    assert out.endswith("the newest 2; there are more\n")
    assert run("search", "--section", "otomotif", database=library) == (0, "nothing found\n", "")


@pytest.mark.parametrize(
    ("what", "words", "counts"),
    [
        ("day", [], [("2022-08-10", 1), ("2022-08-12", 1), ("2022-08-14", 1)]),
        ("month", [], [("2022-08", 3)]),
        ("month", ["tongkol"], [("2022-08", 2)]),
        ("section", ["--until", "2022-08-12"], [("Ekonomi > Pangan", 1), ("Nasional > Umum", 1)]),
        (
            "reporter",
            [],
            [("Contoh Kedua", 1), ("Contoh Reporter", 1), ("Kontoh Réporter", 1)],
        ),
        ("reporter", ["--reporter", "kedua"], [("Contoh Kedua", 1), ("Kontoh Réporter", 1)]),
        ("day", ["--limit", "1"], [("2022-08-10", 1)]),
        ("day", ["segar"], [("2022-08-12", 1)]),
        ("day", ["belut"], []),
    ],
)
def test_they_are_counted(library, run, what, words, counts):
    code, out, _ = run("search", "--json", "--count", what, *words, database=library)
    assert code == 0
    rows = [json.loads(line) for line in out.splitlines()]
    assert [(row[what], row["articles"]) for row in rows] == counts
    _, out, _ = run("search", "--count", what, *words, database=library)
    heading = f"{what} "
    assert out.startswith(heading if counts else "nothing found\n")
    assert all(value in out for value, _ in counts)


@pytest.mark.parametrize(
    "name",
    [BOATS.id, BOATS.url, f"http://m.republika.co.id/berita/{BOATS.id}/kapal?utm_source=x"],
)
def test_an_id_or_an_address_finds_its_article(library, run, name):
    assert searched(run, library, name) == [BOATS.id]


def test_an_unknown_address_finds_nothing(library, run):
    address = "https://www.republika.co.id/berita/rgm009430/lain"
    code, out, _ = run("search", address, database=library)
    assert (code, out) == (0, f'nothing found for "{address}"\n')


# --- what may be meant otherwise --------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["tongkol", "or", "tempe"], '"or" was searched for as a word; the operator is OR'),
        (["tongkol and tempe"], '"and" was searched for as a word; the operator is AND'),
        (["tongkol", "not", "segar"], '"not" was searched for as a word; the operator is NOT'),
        (["tongkol -segar"], '"-segar" leaves out no word; for that write NOT segar'),
        (["NOT segar"], "that is not a valid query: NOT was searched for as a word"),
        (
            ["tongkol", "AND", "NOT", "segar"],
            "that is not a valid query: AND, NOT was searched for as a word; write NOT without AND",
        ),
    ],
)
def test_what_may_be_an_operator_gets_a_hint(library, run, words, hint):
    for command in (["search"], ["search", "--count", "day"], ["export", "-o", "-"]):
        code, _, err = run(*command, *words, database=library)
        assert (code, err.splitlines()[-1]) == (0, f"hint: {hint}")


@pytest.mark.parametrize("words", [["or"], ["tongkol", "OR", "segar"], ["covid-19 tempe"]])
def test_what_is_none_gets_no_hint(library, run, words):
    assert run("search", *words, database=library)[2] == ""


def test_a_word_with_a_dash_that_is_refused_gets_the_hint_too(library, run):
    for word in ("baru", "segar"):  # -s is an option
        code, out, err = run("search", "tongkol", f"-{word}", database=library)
        assert (code, out) == (2, "")
        assert err.endswith(f"; to leave out a word: search ikan NOT {word}\n")
        assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--kind", "video klip"], "--kind: invalid choice: 'video klip'"),
        (["--language", "jw"], "--language: invalid choice: 'jw'"),
        (["--changed-since", "kemarin"], "'kemarin' is not a moment; give it as 2022-08-15"),
        (["--first-seen-since", "0001-01-01T00:00+14:00"], "is not a moment"),
        (["--sample", "0"], "--sample: expected a whole number of at least 1"),
    ],
)
@pytest.mark.parametrize("command", [["search"], ["export", "-o", "x.jsonl"]])
def test_a_wrong_value_is_one_line(run, command, args, says):
    code, out, err = run(*command, *args)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.splitlines()) == 1


def searched(run, database: Path, *args: str) -> list[str]:
    code, out, _ = run("search", "--json", *args, database=database)
    assert code == 0
    return [json.loads(line)["id"] for line in out.splitlines()]


def exported(run, database: Path, *args: str) -> list[str]:
    code, out, _ = run("export", "-o", "-:csv", "--fields", "id", *args, database=database)
    assert code == 0
    return [row[0] for row in csv.reader(out.splitlines()[1:])]


def test_an_id_or_an_address_is_its_article_in_each(library, run):
    for words in (BOATS.id, f" {BOATS.url}?utm_source=x"):
        assert searched(run, library, words) == [BOATS.id]
        assert exported(run, library, words) == [BOATS.id]
        code, out, _ = run("search", "--count", "day", words, database=library)
        assert (code, out.split()[2:]) == (0, ["2022-08-12", "1"])
        assert searched(run, library, words, "--since", "2022-08-13") == [], "the filter holds too"


@pytest.mark.parametrize("option", ["--tag", "--reporter", "--watch"])
def test_an_empty_name_does_not_stand_for_any(library, run, option):
    code, out, err = run("search", option, "", "pasar", database=library)
    assert (code, out) == (2, "")
    assert err == f"scrapy search: {option}: expected a name, not an empty text\n"
