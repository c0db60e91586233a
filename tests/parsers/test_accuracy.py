"""The gate: records are as right as they ever were. And the scorer that says so."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests import floors
from tests.corpus import CORPUS, corpus
from tests.floors import FLOORS, faults, measured, raise_floors, scored, sets
from tests.helpers import SAMPLES
from tests.scoring import (
    LEAK_KINDS,
    Labelled,
    compared,
    corpus_pages,
    digest,
    leaks,
    measures,
    overlap,
    read,
    sample_pages,
    score,
)

COMMAND = Path(__file__).parents[2] / "benchmarks" / "accuracy.py"


# --- the gate -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["samples", "corpus"])
def test_every_measure_stands_at_its_floor(name):
    if name == "corpus":
        corpus()
    found = faults(name, measured(scored(sets(CORPUS)[name])), floors.load())
    assert not found, "\n".join(found)


def test_nothing_is_wrong_at_the_floors():
    for name, floor in floors.load().items():
        assert {measure for measure in floor.values() if isinstance(measure, float)} == {100}, name


def test_one_label_of_the_corpus_breaks_its_own_rules():
    corpus()
    mended = {page.name: page.mended for page in corpus_pages(CORPUS) if page.mended}
    assert [(name, len(lines)) for name, lines in mended.items()] == [
        ("c62_wrap_detail_r2922m366", 1)
    ]


# --- what the floors do ---------------------------------------------------------------------------


@cache
def reached():
    return measured(scored(sample_pages(SAMPLES)))


def test_a_measure_under_its_floor_is_a_fault():
    (fault,) = faults("samples", reached() | {"lead": 94.44}, {"samples": reached()})
    assert fault == "samples: lead is 94.44 %, under its floor of 100.0 %"


def test_a_measure_that_is_gone_is_a_fault():
    fewer = {name: value for name, value in reached().items() if name != "lead"}
    (fault,) = faults("samples", fewer, {"samples": reached()})
    assert fault == "samples: lead is not measured %, under its floor of 100.0 %"


def test_a_floor_that_was_moved_down_is_a_fault():
    (fault,) = faults("samples", reached(), {"samples": reached() | {"lead": 94.44}})
    assert fault.startswith(
        "samples: lead is 100.0 %, over its floor of 94.44 %: raise the floor: python "
    )


def test_another_set_of_pages_is_a_fault():
    pages = sample_pages(SAMPLES)
    changed = [replace(pages[0], html=pages[0].html + b" "), *pages[1:]]
    (fault,) = faults("samples", measured(scored(changed)), {"samples": reached()})
    assert "are not those that the floors were measured on" in fault
    relabelled = [replace(pages[0], expected=pages[0].expected | {"lead": "Lain"}), *pages[1:]]
    assert len({digest(pages), digest(relabelled), digest(pages[1:]), digest(changed)}) == 4
    assert digest(pages) == digest(pages[::-1])


def test_floors_are_raised_and_never_lowered(tmp_path):
    path = tmp_path / "floors.json"
    path.write_text(json.dumps({"samples": reached() | {"lead": 94.44}, "corpus": {"id": 100.0}}))
    assert raise_floors({"samples": reached()}, path) == []
    assert floors.load(path) == {"samples": reached(), "corpus": {"id": 100.0}}
    before = path.read_text()
    assert raise_floors({"samples": reached() | {"title": 99.99}}, path) == [
        "samples: title is 99.99 %, under its floor of 100.0 %"
    ]
    assert path.read_text() == before


def test_the_command_prints_the_table_and_ends_well():
    done = subprocess.run([sys.executable, COMMAND], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].split() == "samples all republika2023 rol wrap_detail amp newrol".split()
    assert "body recall, %           100  100            100  100          100  100" in lines
    assert sum(line.startswith("leaks: ") for line in lines) >= len(LEAK_KINDS)
    assert lines[-1] == "every measure stands at its floor"


# --- the scorer -----------------------------------------------------------------------------------

FIRST = "Panen padi di lereng gunung tahun ini lebih baik daripada tahun lalu, kata ketua kelompok."
SECOND = "Warga menjemur gabah di halaman balai desa, lalu membawanya ke lumbung bersama-sama."
THIRD = "Sebagian benih disimpan untuk musim tanam berikutnya yang dimulai pada bulan November."
CAPTION = "Warga menjemur gabah di bawah matahari."
RELATED = "Kereta Tua Jadi Ruang Baca"


def labelled(**changes):
    expected = {
        "title": "Panen Padi",
        "published_at": "2022-08-15T09:15:01+07:00",
        "reporters": ["Contoh Reporter"],
        "body": f"{FIRST}\n\n{SECOND}\n\n{THIRD}",
        "section": ["Ekonomi", "Pertanian"],
        "related": [
            {"url": "https://republika.co.id/berita/rgmwym370/kereta-tua", "title": RELATED}
        ],
        "images": [{"url": "https://static.republika.co.id/a.jpg", "caption": CAPTION}],
        "layout": "rol",
    }
    return Labelled("made-up", "https://republika.co.id/berita/rgmwym371/x", b"", expected,
                    **changes)  # fmt: skip


def right_record(**changes):
    return {
        **labelled().expected,
        "section": "Ekonomi > Pertanian",
        "related": [{"related_id": "rgmwym370", "url": "", "title": RELATED}],
        **changes,
    }


def test_a_right_record_has_every_measure():
    reached = measures([score(labelled(), right_record())])
    assert set(reached.values()) == {100}
    assert set(reached) == {*labelled().expected, "body precision", "body recall", "no leak"}


def test_a_page_that_is_not_read_counts_as_wrong_in_everything():
    reached = measures([score(labelled(), right_record()), score(labelled(), None)])
    assert reached["title"] == reached["body"] == reached["body recall"] == 50


def test_a_missing_paragraph_lowers_recall_alone():
    reached = measures([score(labelled(), right_record(body=f"{FIRST}\n\n{THIRD}"))])
    assert reached["body"] == 0
    assert 85 < reached["body precision"] < 90  # words around the gap are new neighbours
    assert 50 < reached["body recall"] < 65
    assert reached["no leak"] == 100


def test_what_is_too_much_lowers_precision_alone():
    body = f"{labelled().expected['body']}\n\nBukan bagian dari tulisan ini, tetapi dari menu."
    found, extra, missing = overlap(labelled(), body)
    assert missing == 0
    assert extra > 0.1
    assert found + extra == pytest.approx(1)


def test_every_page_has_the_same_weight():
    long = score(labelled(), right_record())
    short = labelled()
    short.expected["body"] = "Satu baris saja yang pendek."
    empty = score(short, right_record(body=""))
    assert measures([long, empty])["body recall"] == 50


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Advertisement", "Advertisement"),
        ("Tidak ada kode iklan yang tersedia.", "Advertisement"),
        (f"Baca Juga: {RELATED}", "Baca Juga"),
        (f"(Baca: {RELATED})", "Baca Juga"),
        ("Baca Juga", "Baca Juga"),
        (RELATED, "Baca Juga"),
        ("Ikuti Whatsapp Channel Republika", "WhatsApp"),
        ("Loading...", "Loading"),
        ("sumber : Antara", "sumber"),
        ("Rep: Contoh Reporter/ Red: Contoh Redaktur", "by-line"),
        ("Senin 15 Aug 2022 09:15 WIB", "date line"),
        ("REPUBLIKA.CO.ID, JAKARTA -- Panen", "dateline"),
        ("Panen Padi | Republika Online", "title suffix"),
        ("Berita Terkait:", "Berita Terkait"),
        ("TERPOPULER", "Berita Terkait"),
        ("Baca Selengkapnya di republika.id", "Selengkapnya"),
        ("A post shared by Contoh (@contoh)", "embed"),
        ("googletag.cmd.push(function() {});", "script"),
        ("Videografer | Contoh", "signature"),
        ("SHARE", "rest of the page"),
        ("Foto: Antara", "rest of the page"),
        (CAPTION, "caption"),
    ],
)
def test_a_line_that_is_no_text_is_a_leak(line, kind):
    body = f"{FIRST}\n\n{line}\n\n{SECOND}\n\n{THIRD}"
    assert kind in leaks(labelled(), body)
    assert leaks(labelled(), labelled().expected["body"]) == {}
    assert measures([score(labelled(), right_record(body=body))])["no leak"] == 0


def test_what_the_label_has_is_no_leak():
    page = labelled()
    page.expected["body"] += "\n\nSumber: dana desa. Baca juga: kata guru."
    assert leaks(page, page.expected["body"]) == {}
    assert leaks(page, page.expected["body"] + "\n\nSumber: Antara") == {"sumber": 1}


def test_a_cut_line_in_a_label_is_left_out_there_and_a_leak_in_a_record():
    page, body = labelled(), labelled().expected["body"]
    page.expected["body"] += "\n\nBaca Selengkapnya di republika.id"
    assert score(page, right_record(body=body)).right["body"]
    kept = score(page, right_record(body=page.expected["body"]))
    assert not kept.right["body"]
    assert kept.leaks == {"Selengkapnya": 1}


def test_an_optional_line_may_stand_in_the_body_or_not():
    page = labelled(optional=frozenset({"Oleh Contoh Reporter"}))
    for body in (page.expected["body"], f"Oleh  Contoh Reporter\n\n{page.expected['body']}"):
        assert set(measures([score(page, right_record(body=body))]).values()) == {100}


@pytest.mark.parametrize(
    ("changes", "field", "value", "right"),
    [
        ({}, "published_at", "2022-08-15T09:15:59+07:00", True),
        ({}, "published_at", "2022-08-15T09:16:01+07:00", False),
        ({}, "published_at", "2022-08-15T09:15:01+00:00", False),
        ({"day_only": True}, "published_at", "2022-08-15T21:00:00+07:00", True),
        ({"day_only": True}, "published_at", "2022-08-16T09:15:01+07:00", False),
        ({}, "title", "Panen\u00a0 Padi\u200b", True),
        ({}, "title", "Panen Padi | Republika Online", False),
        ({"alternatives": {"reporters": [[]]}}, "reporters", [], True),
        ({}, "reporters", [], False),
        ({}, "section", "Ekonomi", False),
        ({}, "section", None, False),
        ({}, "related", [{"related_id": "rgmwym999", "url": "", "title": RELATED}], False),
        ({}, "related", [], False),
        ({"head_photo_only": True}, "images", [*labelled().expected["images"], {}], True),
        ({}, "images", [*labelled().expected["images"], {}], False),
    ],
)
def test_how_a_field_is_compared(changes, field, value, right):
    got, wanted = compared(labelled(**changes), field, value)
    assert (got == wanted) is right


def test_an_unscored_field_is_not_counted():
    assert "title" not in measures([score(labelled(unscored=frozenset({"title"})), None)])


def test_an_article_on_two_pages_is_read_whole():
    (page,) = (page for page in sample_pages(SAMPLES) if page.further)
    whole, first = read(page), read(replace(page, further={}))
    assert whole["body"].startswith(first["body"])
    assert (whole["partial"], first["partial"]) == (False, True)
    assert measures([score(page, first)])["body recall"] < 100


def test_floors_file_is_as_the_command_writes_it(tmp_path):
    copy = tmp_path / "floors.json"
    copy.write_bytes(FLOORS.read_bytes())
    assert raise_floors(floors.load(), copy) == []
    assert copy.read_bytes() == FLOORS.read_bytes()


def test_the_comparison_with_peers_scores_this_parser_as_the_gate_does():
    done = subprocess.run(
        [sys.executable, COMMAND.with_name("peers.py"), "compare", "fundus"],  # which has no parser
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split() for line in done.stdout.splitlines()]
    assert "this parser 100 100 100 100 100.0 100.0 100.0 0 0".split() in rows
    assert done.stdout.startswith("fundus: ")
