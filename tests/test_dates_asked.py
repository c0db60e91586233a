"""Dates that no pattern of the site's matches, and spellings of weekdays and spans."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crawler.dates import WIB, parse_date

NOW = datetime(2024, 3, 1, 0, 30, 15, tzinfo=WIB)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Senin, Agustus 15 2022", "2022-08-15T00:00:00+07:00"),
        ("15 Aug 2022 09:15 EST", "2022-08-15T21:15:00+07:00"),
        ("November 10, 2026 9:41 pm", "2026-11-10T21:41:00+07:00"),
        ("10th November 2026", "2026-11-10T00:00:00+07:00"),
    ],
)
def test_forms_that_the_site_does_not_print_are_read_by_dateparser(text: str, moment: str) -> None:
    assert parse_date(text) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("text", "days"),
    [("sehari yang lalu", 1), ("seminggu yang lalu", 7), ("SEHARI LALU", 1), ("dua hari lalu", 2)],
)
def test_one_is_a_syllable(text: str, days: int) -> None:
    assert parse_date(text, NOW) == NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Jum`at 20 Jun 2025 18:31 WIB", "2025-06-20T18:31:00+07:00"),
        ("Senen, 02 Mei 2022 05:00 WIB", "2022-05-02T05:00:00+07:00"),
        ("Rabo, 3 Maret 2021", "2021-03-03T00:00:00+07:00"),
        ("Jum;at, 2 April 2021", "2021-04-02T00:00:00+07:00"),
        ("02.04.2021 10:00", "2021-04-02T10:00:00+07:00"),
        ("2021/04/02 10:00", "2021-04-02T10:00:00+07:00"),
        ("SELASA 10 NOV 2026 09:41 WIB", "2026-11-10T09:41:00+07:00"),
    ],
)
def test_weekdays_as_they_are_spelt(text: str, moment: str) -> None:
    assert parse_date(text) == datetime.fromisoformat(moment)
