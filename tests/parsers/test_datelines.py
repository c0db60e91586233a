"""Datelines: the place that an article is dated from, in every form that the site prints."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers import split_dateline
from crawler.parsers.datelines import split_opening
from crawler.parsers.text import squeeze
from tests.corpus import corpus

REST = "Harga cabai turun lagi."


@pytest.mark.parametrize(
    ("before", "place"),
    [
        # What divides the place from the text.
        ("REPUBLIKA.CO.ID, JAKARTA -- ", "JAKARTA"),
        ("REPUBLIKA.CO.ID, JAKARTA  --  ", "JAKARTA"),
        ("REPUBLIKA.CO.ID, JAKARTA — ", "JAKARTA"),
        ("REPUBLIKA.CO.ID, SUKABUMI—", "SUKABUMI"),
        ("REPUBLIKA.CO.ID, JAKARTA – ", "JAKARTA"),
        ("REPUBLIKA.CO.ID, JAKARTA –\u00a0", "JAKARTA"),
        ("REPUBLIKA.CO.ID, LONDON - ", "LONDON"),
        ("REPUBLIKA.CO.ID, BANDUNG- ", "BANDUNG"),
        ("REPUBLIKA.CO.ID, BANDUNG -", "BANDUNG"),
        ("REPUBLIKA.CO.ID, BANDUNG-", "BANDUNG"),
        ("REPUBLIKA.CO.ID, JAKARTA--", "JAKARTA"),
        ("REPUBLIKA.CO.ID, JAKARTA --", "JAKARTA"),
        ("REPUBLIKA.CO.ID, BANDUNG-- ", "BANDUNG"),
        ("REPUBLIKA.CO.ID, JAKARTA -– ", "JAKARTA"),
        ("REPUBLIKA.CO.ID, JAKARTA --- ", "JAKARTA"),
        ("REPUBLIKA.CO.ID, JAKARTA - - ", "JAKARTA"),
        ("REPUBLIKA.CO.ID, GIANYAR, – ", "GIANYAR"),
        ("REPUBLIKA.CO.ID,SEMARANG. ", "SEMARANG"),
        # What divides the brand from the place.
        ("REPUBLIKA.CO.ID,JAKARTA -- ", "JAKARTA"),
        ("REPUBLIKA.CO.ID,JAKARTA--", "JAKARTA"),
        ("REPUBLIKA.CO.ID JAKARTA -- ", "JAKARTA"),
        ("REPUBLIKA.CO.ID. JAKARTA -- ", "JAKARTA"),
        ("REPUBLIKA.CO.ID,\u00a0GIANYAR -- ", "GIANYAR"),
        ("REPUBLIKA.CO.ID,\u00a0 KEBUMEN -- ", "KEBUMEN"),
        ("REPUBLIKA.CO.ID, \n JAKARTA -- ", "JAKARTA"),
        ("\u00a0\n REPUBLIKA.CO.ID, JAKARTA\u00a0 --\u00a0 ", "JAKARTA"),
        ("REPUBLIKA.CO.ID,\u2060\u2060\u2060 YANGON -- ", "YANGON"),
        ("\ufeffREPUBLIKA.CO.ID, \u200bJAKARTA\u200b -- ", "JAKARTA"),
        # Places of several words, with dots, hyphens and apostrophes.
        ("REPUBLIKA.CO.ID, BANDAR SERI BEGAWAN -- ", "BANDAR SERI BEGAWAN"),
        ("REPUBLIKA.CO.ID, WASHINGTON D.C -- ", "WASHINGTON D.C"),
        ("REPUBLIKA.CO.ID, WASHINGTON DC -- ", "WASHINGTON DC"),
        ("REPUBLIKA.CO.ID, NEW YORK, AS -- ", "NEW YORK, AS"),
        ("REPUBLIKA.CO.ID, POINTE-A-PITRE -- ", "POINTE-A-PITRE"),
        ("REPUBLIKA.CO.ID, COX'S BAZAR -- ", "COX'S BAZAR"),
        ("REPUBLIKA.CO.ID, COX’S BAZAR -- ", "COX’S BAZAR"),
        ("REPUBLIKA.CO.ID, ST JOHN''S - ", "ST JOHN'S"),
        ("REPUBLIKA.CO.ID, SÃO PAULO -- ", "SÃO PAULO"),
        # A typo is kept; a date or an agency in brackets is no part of the place.
        ("REPUBLIKA.CO.ID, Jakajarta  -- ", "Jakajarta"),
        ("REPUBLIKA.CO.ID, MGELANG -- ", "MGELANG"),
        ("REPUBLIKA.CO.ID, BANDUNG (26/10/2025) – ", "BANDUNG"),
        ("REPUBLIKA.CO.ID, BANDUNG (26/10/2025) - ", "BANDUNG"),
        ("REPUBLIKA.CO.ID, JAKARTA (ANTARA) -- ", "JAKARTA"),
        # Other brands on the same system, the form of 2010, and no brand at all.
        ("IHRAM.CO.ID, JAKARTA -- ", "JAKARTA"),
        ("IHRAM.CO.ID, BANJARMASIH -- ", "BANJARMASIH"),
        ("EKBIS.CO, JAKARTA -- ", "JAKARTA"),
        ("REJABAR.CO.ID, BANDUNG -- ", "BANDUNG"),
        ("REPUBLIKA.CO.ID, WASHINGTON--", "WASHINGTON"),
        ("Republika.co.id, JAKARTA -- ", "JAKARTA"),
        ("JAKARTA – ", "JAKARTA"),
        ("DEPOK -- ", "DEPOK"),
        ("JAKARTA, REPUBLIKA.CO.ID -- ", "JAKARTA"),
        ("REPUBLIKA CO.ID, JAKARTA -- ", "JAKARTA"),
        # No place.
        ("REPUBLIKA.CO.ID, ", None),
        ("REPUBLIKA.CO.ID,", None),
        ("REPUBLIKA.CO.ID -- ", None),
        ("REPUBLIKA.CO.ID, -- ", None),
        ("REPUBLIKA.CO.ID - ", None),
        ("REPUBLIKA.CO.ID, : ", None),
        ("", None),
        # An author line before the place.
        ("Oleh : Contoh Reporter, Jurnalis Republika.co.id\n\nREPUBLIKA.CO.ID, ", None),
        ("Oleh: Contoh Reporter\nREPUBLIKA.CO.ID, DEPOK -- ", "DEPOK"),
        ("Oleh : Contoh ReporterREPUBLIKA.CO.ID, ", None),
        ("REPUBLIKA.CO.ID, Oleh: Contoh Reporter, Contoh Reporter Dua\n\nJAKARTA -- ", "JAKARTA"),
        ("REPUBLIKA.CO.ID, oleh Contoh Reporter, Antara\n\nJAKARTA -- ", "JAKARTA"),
        ("REPUBLIKA.CO.ID Oleh: Contoh Reporter\n\n", None),
        ("REPUBLIKA.CO.ID, JAKARTA -- Oleh: Contoh Reporter  ", "JAKARTA"),
        # A promotional heading where the place should stand.
        ("REPUBLIKA.CO.ID, : Ayo Ikut Lomba Foto #FotoDesa\n\u00a0\nJAKARTA -- ", "JAKARTA"),
    ],
)
def test_dateline(before: str, place: str | None) -> None:
    assert split_dateline(before + REST) == (place, REST)


@pytest.mark.parametrize(
    "text",
    [
        "Film Negeri Contoh -- yang diputar Senin -- menuai pujian.",
        "PSSI akan menggelar liga baru - mulai Agustus - di tiga kota.",
        "Covid-19 belum usai.",
        "Kini 2 - 3 orang antre.",
        "“Tidak ada yang salah,” katanya.",
        "Oleh karena itu, harga turun.",
    ],
)
def test_what_only_looks_like_a_place_stays_in_the_text(text: str) -> None:
    assert split_dateline(f"REPUBLIKA.CO.ID, {text}") == (None, text)


@pytest.mark.parametrize(
    "text",
    [
        "Harga cabai turun, kata dia kepada REPUBLIKA.CO.ID, JAKARTA -- kemarin.",
        "Republika.co.id menulis bahwa harga turun.",
        "Republika.co.id, yang terbit sejak 1995, memberitakan itu.",
        "Harga turun.\n\nBANDUNG -- Di kota lain harga naik.",
        "Oleh karena itu, harga turun.",
    ],
)
def test_only_the_start_is_looked_at(text: str) -> None:
    assert split_dateline(text) == (None, text)


def test_a_second_place_stays_in_the_text() -> None:
    digest = "1. Harga Cabai\nBANDUNG -- Harga cabai naik."
    assert split_dateline(f"REPUBLIKA.CO.ID, JAKARTA -- {digest}") == ("JAKARTA", digest)


@pytest.mark.parametrize("quote", ['"Naik,"', "“Naik,”", "''Naik,''", "#FotoDesa", "2.000 orang"])
@pytest.mark.parametrize("divider", [" -- ", "--", " — ", " - "])
def test_what_a_text_may_begin_with(divider: str, quote: str) -> None:
    text = f"{quote} kata dia."
    assert split_dateline(f"REPUBLIKA.CO.ID, JAKARTA{divider}{text}") == ("JAKARTA", text)


@pytest.mark.parametrize("text", ["", "   ", "REPUBLIKA.CO.ID", "REPUBLIKA.CO.ID, "])
def test_an_opening_without_text(text: str) -> None:
    assert split_dateline(text) == (None, "")


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("Oleh : Contoh Reporter\n\nREPUBLIKA.CO.ID, DEPOK -- Harga.", ["Contoh Reporter"]),
        (
            "REPUBLIKA.CO.ID, Oleh: Contoh Reporter, Contoh Reporter Dua\n\nJAKARTA -- Harga.",
            ["Contoh Reporter", "Contoh Reporter Dua"],
        ),
        ("REPUBLIKA.CO.ID, JAKARTA -- Oleh: Contoh Reporter  Harga.", ["Contoh Reporter"]),
        ("REPUBLIKA.CO.ID, JAKARTA -- Oleh karena itu, harga turun.", []),
        ("REPUBLIKA.CO.ID, JAKARTA -- Harga turun.", []),
    ],
)
def test_authors_in_the_opening(text: str, authors: list[str]) -> None:
    assert split_opening(text).authors == authors


small = st.text("abcdefghijklmnoprstuwyz", min_size=2, max_size=9)
sentences = st.builds(
    lambda first, more, end: " ".join([first.title(), *more]) + end,
    small,
    st.lists(small, min_size=2, max_size=8),
    st.sampled_from((".", "?", '," kata dia.')),
)
places = st.lists(
    st.text("ABCDEFGHIJKLMNOPRSTUWYZÀÉ", min_size=3, max_size=10), min_size=1, max_size=3
).map(" ".join)


@given(
    st.sampled_from(("REPUBLIKA.CO.ID, ", "REPUBLIKA.CO.ID,\u00a0", "IHRAM.CO.ID, ", "")),
    places,
    st.sampled_from((" -- ", "--", " — ", " – ", "—", " --- ", "\u00a0--\u00a0")),
    sentences,
)
def test_place_and_text_come_back(brand: str, place: str, divider: str, text: str) -> None:
    assert split_dateline(f"{brand}{place}{divider}{text}") == (place, text)


@given(
    st.sampled_from(("REPUBLIKA.CO.ID, ", "REPUBLIKA.CO.ID -- ", "")),
    sentences,
    st.sampled_from((" -- ", " — ", " - ", "-", ", ", ": ")),
    sentences,
)
def test_a_sentence_stays_whole(brand: str, first: str, divider: str, second: str) -> None:
    text = f"{first}{divider}{second}"
    assert split_dateline(brand + text) == (None, text)


PIECES = (
    *(
        "REPUBLIKA.CO.ID",
        "Republika.co.id",
        "JAKARTA",
        "Jakarta",
        "Oleh",
        "(ANTARA)",
        "Harga",
        "26",
    ),
    *(":", ",", " -- ", "-", "—", " ", "\n", "\n\n", ".", "'", "\u00a0", "\u200b", "\ud800"),
)


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=14).map("".join)))
def test_of_any_text_the_rest_is_its_end(text: str) -> None:
    place, rest = split_dateline(text)
    assert text.endswith(rest)
    assert rest == rest.lstrip()
    assert place is None or (place == squeeze(place) and place[0].isupper())


def test_real_openings() -> None:
    table = (corpus() / "datelines.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in table.splitlines()]
    assert len(rows) == 297
    wrong = []
    for row in rows:
        place, rest = split_dateline(row["opening"])
        if place not in [row["dateline"], *row.get("alt", [])] or not squeeze(rest).startswith(
            squeeze(row["rest"])
        ):
            wrong.append((row["opening"][:80], place, rest[:60]))
    assert wrong == []
