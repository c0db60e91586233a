"""By-lines: who wrote and who edited, in every form that the site prints."""

from __future__ import annotations

import json
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers import split_byline
from crawler.parsers.text import squeeze
from tests.corpus import corpus

PIECES = (
    *("Rep:", "Red:", "Oleh", ":", "/", ",", " dan ", " ", "Contoh", "SE", "M.Si", "C31", "-", "("),
    *("Wartawan Republika", "Ketua", "sumber:", "\u200b", "\u00a0", "\ud800", "|", "*"),
)
REPORTER, EDITOR = "Contoh Reporter", "Contoh Redaktur"


@pytest.mark.parametrize(
    ("text", "reporters", "editors"),
    [
        ("Oleh: Contoh Reporter/ Red: Contoh Redaktur", [REPORTER], [EDITOR]),
        ("By: Contoh Reporter; Editor: Contoh Redaktur", [REPORTER], [EDITOR]),
        ("Penulis: Contoh Reporter (contoh@example.com)", [REPORTER], []),
        # One line with two labels: with a slash, with a wide gap, without either.
        ("Rep: Contoh Reporter/ Red: Contoh Redaktur", [REPORTER], [EDITOR]),
        ("Rep: Contoh Reporter / Red: Contoh Redaktur", [REPORTER], [EDITOR]),
        ("Rep: Contoh Reporter/        Red: Contoh Redaktur", [REPORTER], [EDITOR]),
        ("Rep: Contoh Reporter Red: Contoh Redaktur", [REPORTER], [EDITOR]),
        ("\n\t Rep: Contoh Reporter/\n\n\t Red:\n\tContoh Redaktur \n", [REPORTER], [EDITOR]),
        ("Rep:\u00a0Contoh\u00a0Reporter/\u00a0Red: Contoh\u00a0Redaktur", [REPORTER], [EDITOR]),
        ("REP: Contoh Reporter/ RED: Contoh Redaktur", [REPORTER], [EDITOR]),
        # One of the two.
        ("Red: Contoh Redaktur", [], [EDITOR]),
        ("Rep: Contoh Reporter", [REPORTER], []),
        ("Rep: / Red: Contoh Redaktur", [], [EDITOR]),
        ("Rep: Contoh Reporter/ Red:", [REPORTER], []),
        ("Rep: -/ Red: Contoh Redaktur", [], [EDITOR]),
        # The table of 2015, cell by cell and as one text.
        ("Reporter : Contoh Reporter", [REPORTER], []),
        ("Redaktur :  Contoh Redaktur", [], [EDITOR]),
        ("Redaktur:Contoh Redaktur", [], [EDITOR]),
        (
            "Reporter : Contoh Reporter\t\tRedaktur :  Contoh Redaktur\t\tSumber : Antara",
            [REPORTER],
            [EDITOR],
        ),
        ("Redaktur : Contoh Redaktur Sumber : kemenag.go.id", [], [EDITOR]),
        # Several names.
        (
            "Rep: Contoh Reporter, Contoh Reporter Dua/ Red: Contoh Redaktur",
            [REPORTER, "Contoh Reporter Dua"],
            [EDITOR],
        ),
        (
            "Rep: Contoh Reporter dan Contoh Reporter Dua/ Red: Contoh Redaktur",
            [REPORTER, "Contoh Reporter Dua"],
            [EDITOR],
        ),
        (
            "Rep: Contoh Reporter/Contoh Reporter Dua/ Red: Contoh Redaktur",
            [REPORTER, "Contoh Reporter Dua"],
            [EDITOR],
        ),
        ("Rep: Contoh Reporter & C31/ Red: Contoh Redaktur", [REPORTER, "C31"], [EDITOR]),
        ("Rep: Contoh Reporter, Contoh Reporter/ Red: Contoh Redaktur", [REPORTER], [EDITOR]),
        # Codes and accounts stand in place of a name, and are kept as printed.
        ("Rep: C31/ Red: Contoh Redaktur", ["C31"], [EDITOR]),
        ("Rep: C26/C31/ Red: Contoh Redaktur", ["C26", "C31"], [EDITOR]),
        ("Rep: MGROL 125/ Red: Contoh Redaktur", ["MGROL 125"], [EDITOR]),
        ("Rep: Mgrol97/ Red: Contoh Redaktur", ["Mgrol97"], [EDITOR]),
        ("Rep: rep/ Red: red", ["rep"], ["red"]),
        ("Rep: republika.id/ Red: republika.id", ["republika.id"], ["republika.id"]),
        ("Rep: Antara/ Red: Contoh Redaktur", ["Antara"], [EDITOR]),
        (
            "Rep: Contoh Reporter, dan Contoh Reporter Dua/ Red: Contoh Redaktur",
            [REPORTER, "Contoh Reporter Dua"],
            [EDITOR],
        ),
        ("Rep: Contoh Reporter, S.Pd/ Red: Contoh Redaktur", ["Contoh Reporter, S.Pd"], [EDITOR]),
        ("Red: Contoh Redaktur | Foto: AP", [], [EDITOR]),
        # A name that ends or begins as a label does, one with a dot, one with a hyphen.
        ("Rep: Contoh Reporter/ Red: Contoh Dandan", [REPORTER], ["Contoh Dandan"]),
        ("Rep: C. Reporter/ Red: A.Contoh Redaktur", ["C. Reporter"], ["A.Contoh Redaktur"]),
        ("Rep: Contoh-Contoh Reporter/ Red: Contoh Redaktur", ["Contoh-Contoh Reporter"], [EDITOR]),
    ],
)
def test_byline(text: str, reporters: list[str], editors: list[str]) -> None:
    assert split_byline(text) == (reporters, editors)


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("Oleh: Contoh Reporter", [REPORTER]),
        ("Oleh : Contoh Reporter", [REPORTER]),
        # Offices, degrees with a space, a body that signs.
        ("Oleh: Contoh Reporter, Waketum Forum Contoh", [REPORTER]),
        ("Oleh: Contoh Reporter, Sosiolog", [REPORTER]),
        ("Oleh: Contoh Reporter, Research Fellow at Contoh", [REPORTER]),
        ("Oleh: Contoh Reporter, M Si", ["Contoh Reporter, M Si"]),
        ("Oleh: Contoh Reporter, M Contoh", [REPORTER, "M Contoh"]),
        ("Oleh: Pusat Studi Hukum dan Warga", ["Pusat Studi Hukum dan Warga"]),
        ("OLEH: Contoh Reporter", [REPORTER]),
        ("Oleh Contoh Reporter*", [REPORTER]),
        (
            "oleh Contoh Reporter, Contoh Reporter Dua, Antara",
            [REPORTER, "Contoh Reporter Dua", "Antara"],
        ),
        ("Oleh: Contoh Reporter dan Contoh Reporter Dua", [REPORTER, "Contoh Reporter Dua"]),
        # What somebody is does not become a second author.
        ("Oleh : Contoh Reporter, Jurnalis Republika.co.id", [REPORTER]),
        ("Oleh : Contoh Reporter, Guru Besar Contoh", [REPORTER]),
        ("Oleh: Contoh Reporter, Dosen Fakultas Hukum", [REPORTER]),
        ("Oleh: Contoh Reporter; Ketua Bidang Dakwah", [REPORTER]),
        ("Oleh: Contoh Reporter, Dosen Contoh, Bandung", [REPORTER]),
        ("Oleh : Pemimpin Redaksi Republika Contoh Reporter", [REPORTER]),
        ("Oleh: Wartawan Republika Contoh Reporter", [REPORTER]),
        ("Oleh : Ketua Bidang Dakwah, Pengasuh Pesantren Contoh", []),
        ("Oleh: Contoh Reporter (Dosen Contoh)", [REPORTER]),
        ("Oleh: Contoh Reporter - Dosen Contoh", [REPORTER]),
        # A degree belongs to its name.
        ("Oleh: Prof Contoh Reporter", ["Prof Contoh Reporter"]),
        ("Oleh: Contoh Reporter, MA, Dosen Contoh", ["Contoh Reporter, MA"]),
        ("Oleh: Dr Contoh Reporter, M.Si", ["Dr Contoh Reporter, M.Si"]),
    ],
)
def test_author_line_names_reporters(text: str, authors: list[str]) -> None:
    assert split_byline(text) == (authors, [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Red: ",
        "Rep: / Red: ",
        "Foto: Republika/Contoh Reporter",
        "Videografer | Contoh Reporter",
        "sumber : Reuters",
        "Senin 15 Aug 2022 09:15 WIB",
        "Harga cabai turun, kata kepala pasar kepada Republika.co.id.",
        "Presiden menerima surat dari Korea Utara: isinya singkat.",  # no label within a word
        "Kode Pred: 12",
    ],
)
def test_no_byline(text: str) -> None:
    assert split_byline(text) == ([], [])


words = st.text("abdefgijklmnoprstuwyz", min_size=3, max_size=9).map(str.title)
names = st.one_of(
    st.lists(words, min_size=1, max_size=3).map(" ".join),
    st.from_regex(r"[CM][0-9]{2}", fullmatch=True),
)
several = st.lists(names, min_size=1, max_size=4, unique=True)


@given(
    several,
    several,
    st.sampled_from((", ", ",", " dan ", "; ", " & ", "/", " / ")),
    st.sampled_from(
        (("Rep: ", "/ Red: "), ("Reporter : ", "\t\tRedaktur :  "), ("REP:", "  RED:"))
    ),
)
def test_names_come_back_from_a_byline(
    reporters: list[str], editors: list[str], between: str, labels: tuple[str, str]
) -> None:
    line = f"{labels[0]}{between.join(reporters)}{labels[1]}{between.join(editors)}"
    assert split_byline(line) == (reporters, editors)
    assert split_byline(f"{line} Sumber : Contoh")[0] == reporters


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)))
def test_any_text_gives_names_or_none(text: str) -> None:
    for name in chain(*split_byline(text)):
        assert name == squeeze(name)
        assert any(map(str.isalnum, name))


def test_real_bylines() -> None:
    table = (corpus() / "bylines.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in table.splitlines()]
    assert len(rows) == 50
    wrong = []
    for row in rows:
        reporters, editors = split_byline(row["raw"])
        right = [row["reporters"], *row.get("alt_reporters", [])]
        if reporters not in right or editors != row["editors"]:
            wrong.append((row["raw"], reporters, editors))
    assert wrong == []
