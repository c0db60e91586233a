"""Search finds the forms of a word, and marks them."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from crawler.query.words import parse_query
from tests.commands.searching import found
from tests.helpers import ROOT, fill
from tests.records import article

if TYPE_CHECKING:
    from pathlib import Path

SENT = article("rgm001430", title="Surat dari Teluk", body="Panitia mengirimkan surat undangan.")
SHIPPED = article("rgm002430", title="Pengiriman Beras Ditunda", body="Kapal menunggu ombak reda.")
SEND = article("rgm003430", title="Cara Kirim Paket", body="Timbang, lalu bayar.")
AGREED = article("rgm004430", title="Persetujuan Warga", body="Kapal menuju pulau.")


@pytest.fixture(scope="module")
def letters(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("letters")
    return fill(folder / "letters.db", SENT, SHIPPED, SEND, AGREED)


@pytest.mark.parametrize(
    ("words", "articles"),
    [
        ("kirim", [SENT, SHIPPED, SEND]),
        ("Dikirim", [SENT, SHIPPED, SEND]),  # which none of them holds itself
        ('"kirim"', [SEND]),
        ("kirim*", [SEND]),
        ("^kirim", []),
        ("kirim + paket", [SEND]),
        ("NEAR(kirim paket)", [SEND]),
        ("undang kirim", [SENT]),
        ("undang AND kirim", [SENT]),
        ("kirim NOT undang", [SHIPPED, SEND]),
        ("bayar OR undang kirim", [SENT, SEND]),
        ("title:kirim", [SHIPPED, SEND]),
        ("{lead body}: kirim", [SENT]),
        ("body:(kirim AND undang)", [SENT]),
        ("kirim, undang!", [SENT]),  # no query
        ("kirim ***", [SENT, SHIPPED, SEND]),
        ('kirim ""', [SENT, SHIPPED, SEND]),
        ("persetujuan", [AGREED]),
        ("tuju", [AGREED]),
        ("menyetujui", []),
    ],
)
def test_a_word_stands_for_the_forms_of_its_root(letters, words, articles):
    assert sorted(found(letters, words)) == [one.id for one in articles]


def test_what_matched_is_marked(letters):
    from crawler.query.filter import Filter
    from crawler.query.forms import forms_in
    from crawler.query.search import search
    from crawler.query.snapshot import reading

    with reading(letters) as database:
        query = parse_query("kirim", forms_in(database))
        result = search(database, Filter(query=query), newest=True, limit=9)
    pieces = [piece for hit in result.hits for piece in (*hit.title, *hit.snippet)]
    assert {text for text, is_found in pieces if is_found} == {
        "mengirimkan",
        "Pengiriman",
        "Kirim",
    }


def test_the_forms_of_a_word_mean_what_the_query_meant(letters):
    """With a word that has forms, FTS5 reads the rest of the query as without."""
    alone = sqlite3.connect(letters)
    asked = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY 1"
    for query in (
        "surat teluk NOT kirim panitia",
        "surat OR kapal kirim",
        "(surat OR kapal) AND (kirim OR ombak)",
        "title:surat body:panitia NOT kirim",
        "- title : kapal kirim",
        '"surat" {title}:teluk kirim',
        "NOT kirim",  # a word of its own there
    ):
        same = parse_query(query, lambda word: [word, word])
        assert same != query
        plain = parse_query(query)
        assert alone.execute(asked, [same]).fetchall() == alone.execute(asked, [plain]).fetchall()
    alone.close()


def test_of_a_pasted_text_every_word_stands_for_itself(letters):
    assert found(letters, "kirim " * 9) == [SEND.id]


def test_without_a_word_nothing_is_loaded_for_its_forms(letters):
    code = "import sys; from crawler.__main__ import main\ntry: main()\nfinally: print(sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, "search", "--newest", "-s", f"DATABASE={letters}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Surat dari Teluk" in done.stdout
    assert "Sastrawi" not in done.stdout
