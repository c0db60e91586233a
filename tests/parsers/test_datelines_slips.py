"""Slips of the hand in an opening: in the brand, and between the place and its dash."""

from __future__ import annotations

import pytest

from crawler.parsers.datelines import split_dateline

REST = "Harga cabai turun lagi."


@pytest.mark.parametrize(
    "brand",
    [
        "RPUBLIKA.CO.ID,",
        "REPBULIKA.CO.ID,",
        "REPUBLIIKA.CO.ID,",
        "EPUBLIKA.CO.ID,",
        "REPUBLIKA.C.ID,",
        "REPUBLIKA.CO.I,",
        "REPUBLIKA.CO.IDD,",
        "REPUBLIKA.CO.ID, ,",
        "Oleh: CONTOH REPORTER REPUBLIKA.CO.ID,",
    ],
)
def test_a_slip_in_the_brand(brand: str) -> None:
    assert split_dateline(f"{brand} JAKARTA -- {REST}") == ("JAKARTA", REST)


@pytest.mark.parametrize(
    ("before", "place"),
    [
        ("JAKARTA. --", "JAKARTA"),
        ("WASHINGTON, D.C. --", "WASHINGTON, D.C."),
        ("Kota Bekasi, --", "Kota Bekasi"),
        ("bogor: --", "bogor"),
        ("JAKARTA [26/10/2025] --", "JAKARTA"),
        ("JAKARTA:", "JAKARTA"),
        ("NEW DELHI :", "NEW DELHI"),
    ],
)
def test_a_mark_before_the_dash(before: str, place: str) -> None:
    assert split_dateline(f"REPUBLIKA.CO.ID, {before} {REST}") == (place, REST)


@pytest.mark.parametrize(
    "text",
    [
        "PERAKAPUR.CO.ID membuka toko baru.",  # another site
        "Oleh Presiden Contoh, Petugas Haji diminta bekerja lebih keras\n\nDua.",
        "Oleh Presiden Contoh, Guru Contoh diminta bekerja lebih keras\n\nDua.",
    ],
)
def test_no_text_is_lost(text: str) -> None:
    assert split_dateline(text) == (None, text)
