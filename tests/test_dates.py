"""Dates: the table of forms, the corpus, and what must hold for any text at all."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import WIB, iso, parse_date
from tests.corpus import corpus

NOW = datetime(2024, 3, 1, 0, 30, 15, 987654, tzinfo=WIB)  # the day before is 29 February

DATES = [
    # Articles, in the order of their years
    ("Rabu, 04 September 2013, 07:05 WIB", "2013-09-04T07:05:00+07:00"),
    ("Senin, 15 Februari 2016, 16:15 WIB", "2016-02-15T16:15:00+07:00"),
    ("Jumat , 17 February 2017, 13:16 WIB", "2017-02-17T13:16:00+07:00"),
    ("Tuesday, 12 September 2017 | 20:21 WIB", "2017-09-12T20:21:00+07:00"),
    ("Kamis 01 February 2018 23:52 WIB", "2018-02-01T23:52:00+07:00"),
    ("Senin  13   Agustus 2018   19:43 WIB", "2018-08-13T19:43:00+07:00"),
    ("Ahad 14 Aug 2022 06:15 WIB", "2022-08-14T06:15:00+07:00"),
    ("Jumat   24 Jul 2026  16:32 WIB", "2026-07-24T16:32:00+07:00"),
    # Listings
    ("Thursday, 07 September 2017", "2017-09-07T00:00:00+07:00"),
    ("Kamis, 07 September 2017", "2017-09-07T00:00:00+07:00"),
    ("Tuesday, 14 Aug 2018 21:37 WIB", "2018-08-14T21:37:00+07:00"),
    ("Ahad , 02 Nov 2025, 11:11 WIB", "2025-11-02T11:11:00+07:00"),
    ("20 July 2026, 23:40", "2026-07-20T23:40:00+07:00"),
    # With a label
    ("Rejogja - 02 November 2025, 12:35", "2025-11-02T12:35:00+07:00"),
    ("Islam Digest - Ahad , 02 Nov 2025, 11:11 WIB", "2025-11-02T11:11:00+07:00"),
    ("Politik | Friday, 08 Dec 2023, 08:51 WIB", "2023-12-08T08:51:00+07:00"),
    ("Politik | 2022-05-18 09:06:33", "2022-05-18T09:06:33+07:00"),
    ("Terbit: Senin, 15 Agustus 2022 09:15 WIB", "2022-08-15T09:15:00+07:00"),
    ("Piala Dunia 2026 – 20 July 2026, 23:40", "2026-07-20T23:40:00+07:00"),
    ("- 02 November 2025, 12:35", "2025-11-02T12:35:00+07:00"),
    # Months, Indonesian and English, full and short, old spellings too
    ("1 Januari 2020", "2020-01-01T00:00:00+07:00"),
    ("17 Pebruari 2015", "2015-02-17T00:00:00+07:00"),
    ("17 Peb 2015", "2015-02-17T00:00:00+07:00"),
    ("9 Maret 2020", "2020-03-09T00:00:00+07:00"),
    ("9 Mar 2020", "2020-03-09T00:00:00+07:00"),
    ("9 April 2020", "2020-04-09T00:00:00+07:00"),
    ("03 May 2020", "2020-05-03T00:00:00+07:00"),
    ("03 Mei 2020", "2020-05-03T00:00:00+07:00"),
    ("3 Juni 2020", "2020-06-03T00:00:00+07:00"),
    ("3 Jul 2020", "2020-07-03T00:00:00+07:00"),
    ("13 Agt 2022", "2022-08-13T00:00:00+07:00"),
    ("13 Ags 2022", "2022-08-13T00:00:00+07:00"),
    ("13 Agu. 2022", "2022-08-13T00:00:00+07:00"),
    ("13 Sept 2022", "2022-09-13T00:00:00+07:00"),
    ("12 Okt 2022", "2022-10-12T00:00:00+07:00"),
    ("12 Oct 2022", "2022-10-12T00:00:00+07:00"),
    ("1 Nop 2014", "2014-11-01T00:00:00+07:00"),
    ("1 Nopember 2014", "2014-11-01T00:00:00+07:00"),
    ("1 Des 2014", "2014-12-01T00:00:00+07:00"),
    ("29 Februari 2024", "2024-02-29T00:00:00+07:00"),
    # Weekdays; a wrong one is the site's
    ("Jum'at, 5 Oktober 2018 10:01 WIB", "2018-10-05T10:01:00+07:00"),
    ("Jum’at, 5 Oktober 2018 10:01 WIB", "2018-10-05T10:01:00+07:00"),
    ("Jum at, 5 Oktober 2018 10:01 WIB", "2018-10-05T10:01:00+07:00"),
    ("Minggu 7 Agu 2022 00:05 WIB", "2022-08-07T00:05:00+07:00"),
    ("MINGGU, 7 AGUSTUS 2022 00:05 wib", "2022-08-07T00:05:00+07:00"),
    ("Senin, 7 Agustus 2022 00:05 WIB", "2022-08-07T00:05:00+07:00"),
    # Times and zones
    ("Selasa 16 Agustus 2022 | 09.15 WIB", "2022-08-16T09:15:00+07:00"),
    ("Selasa, 16 Agustus 2022 pukul 9.15 WIB", "2022-08-16T09:15:00+07:00"),
    ("16 Agustus 2022 - 09:15:42 (WIB)", "2022-08-16T09:15:42+07:00"),
    ("16 Agustus 2022 09:15WIB", "2022-08-16T09:15:00+07:00"),
    ("Rabu 30 Nov 2022 23:59 WITA", "2022-11-30T22:59:00+07:00"),
    ("Kamis 01 Des 2022 01:00 WIT", "2022-11-30T23:00:00+07:00"),
    ("15 Aug 2022 09:15 GMT+8", "2022-08-15T08:15:00+07:00"),
    ("02/03/2021 10:00 WIB", "2021-03-02T10:00:00+07:00"),
    # Feeds and metadata
    ("Thu, 05 Nov 2015 15:07:13 +0700", "2015-11-05T15:07:13+07:00"),
    ("Fri, 24 Jul 2026 19:32:58 GMT", "2026-07-25T02:32:58+07:00"),
    ("Fri, 24 Jul 2026 19:32:58 -0330", "2026-07-25T06:02:58+07:00"),
    ("2022-08-15T09:15:00+07:00", "2022-08-15T09:15:00+07:00"),
    ("2022-08-15T20:15:58.123Z", "2022-08-16T03:15:58+07:00"),
    ("2022-08-15T09:15:00+0900", "2022-08-15T07:15:00+07:00"),
    ("2026-01-31 11:57:35", "2026-01-31T11:57:35+07:00"),
    ("2026-01-31", "2026-01-31T00:00:00+07:00"),
    # What stands around and between
    ("\n\t\t\tKamis,\n\t 05 November 2015, 15:07 WIB\t\t\n", "2015-11-05T15:07:00+07:00"),
    ("Kamis,\u00a005\u00a0November\u00a02015,\u00a015:07\u00a0WIB", "2015-11-05T15:07:00+07:00"),
    ("\ufeffKamis, 05\u200b Nov\u2060ember 2015 15:07 WIB", "2015-11-05T15:07:00+07:00"),
    ("Kamis, 05 November 2015, 15:07 WIB\n Komentar : 12 ", "2015-11-05T15:07:00+07:00"),
]

NO_DATES = [
    "",
    " \u00a0\u200b",
    "2022",
    "15",
    "Senin",
    "Agustus",
    "Agustus 2022",
    "15 Agustus",
    "15 Agustus 22",
    "Senin 15 2022",
    "09:15 WIB",
    "31 Juni 2022",
    "00 Juni 2022",
    "32 Agu 2022",
    "29 Februari 2023",
    "15 Aug 2022 24:00 WIB",
    "15 Aug 2022 25:61 WIB",
    "15 Aug 2022 09:15 +9999",
    "15" + " " * 500 + "Agustus 2022",
    "2022-02-30",
    "2022-02-20-07",
    "2022-08-15T25:00:00+07:00",
    "2022-W33-1",
    "13/13/2021",
    "99/99/2021",
    "Rabu (6/9)",
    "(10/11)",
    "(30/9/2025)",
    "Jumat, 16 Rabiul Awwal 1443 / 22 Oktober 2021",
    "Jumat, 16 Rabiul Awwal 1443 - 22 Oktober 2021",
    "16 Rabiul Awwal 1443 H",
    "15 Agustus 2022 - 16 Agustus 2022",
    "Thu, 01 Jan 1970 07:00:00 +0700",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-12:00",
    "31 Desember 1989",
    "1 Januari 2101",
    "Panen raya berlangsung pada 15 Agustus 2022",
    "15 Agustus 2022 menjadi hari panen raya",
    "Panen raya - 15 Agustus 2022 09:15 WIB di lereng gunung",
    "Menurut warga setempat yang ikut memanen padi di sana - 15 Agustus 2022",
    "Politik | 2022-05-18 09:06:33Panen raya",
    "Rep: Contoh Reporter/ Red: Contoh Redaktur",
    "rgmwym370",
    "1660529758",
    "besok",
    "7 menit lagi",
    "dalam 7 menit",
]

RELATIVE = [
    ("6 detik yang lalu", "2024-03-01T00:30:09+07:00"),
    ("7 menit yang lalu", "2024-03-01T00:23:15+07:00"),
    ("1 jam yang lalu", "2024-02-29T23:30:15+07:00"),
    ("12 menit lalu", "2024-03-01T00:18:15+07:00"),
    ("1 jam 5 menit lalu", "2024-02-29T23:25:15+07:00"),
    ("2 hari yang lalu", "2024-02-28T00:30:15+07:00"),
    ("2 minggu yang lalu", "2024-02-16T00:30:15+07:00"),
    ("1 bulan yang lalu", "2024-02-01T00:30:15+07:00"),
    ("5 minutes ago", "2024-03-01T00:25:15+07:00"),
    ("1 hour ago", "2024-02-29T23:30:15+07:00"),
    ("an hour ago", "2024-02-29T23:30:15+07:00"),
    ("Islam Digest - 1 jam yang lalu", "2024-02-29T23:30:15+07:00"),
    ("Baru saja", "2024-03-01T00:30:15+07:00"),
    ("Hari ini 00:20", "2024-03-01T00:20:00+07:00"),
    ("Hari ini", "2024-03-01T00:00:00+07:00"),
    ("Kemarin 10:20 WIB", "2024-02-29T10:20:00+07:00"),
    ("Kemarin, pukul 10.20", "2024-02-29T10:20:00+07:00"),
    ("Yesterday, 10:20 WITA", "2024-02-29T09:20:00+07:00"),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_a_date(text, expected):
    moment = parse_date(text)
    assert moment is not None
    assert moment.isoformat() == iso(moment) == expected


@pytest.mark.parametrize("text", NO_DATES)
def test_no_date(text):
    assert parse_date(text, now=NOW) is None


@pytest.mark.parametrize(("text", "expected"), RELATIVE)
def test_a_date_told_from_the_time_of_the_fetch(text, expected):
    moment = parse_date(text, now=NOW)
    assert moment is not None
    assert moment.isoformat() == expected
    assert parse_date(text, now=NOW.astimezone(UTC)) == moment
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "text", ["9999 tahun lalu", "9999 bulan lalu", "Kemarin 25:61", "99999 hari lalu"]
)
def test_an_impossible_distance_is_no_date(text):
    assert parse_date(text, now=NOW) is None


def test_yesterday_has_its_day_in_the_zone_it_names():
    late = datetime(2024, 3, 1, 23, 30, tzinfo=WIB)  # 2 March, 01:30 WIT
    moment = parse_date("Kemarin 10:20 WIT", now=late)
    assert moment == datetime(2024, 3, 1, 8, 20, tzinfo=WIB)


def test_a_fetch_time_without_a_zone_is_wib():
    naive = datetime(2024, 3, 1, 0, 30)  # noqa: DTZ001
    assert parse_date("7 menit lalu", now=naive) == datetime(2024, 3, 1, 0, 23, tzinfo=WIB)


@pytest.mark.parametrize("day", ["Senin", "Rabu", "Jum'at", "Ahad", "Monday", "Thu"])
def test_every_month_with_every_kind_of_weekday(day):
    for month in range(1, 13):
        moment = datetime(2022, month, 7, 9, 15, tzinfo=WIB)
        assert parse_date(moment.strftime(f"{day} %d %b %Y %H:%M WIB")) == moment


def test_iso_gives_the_moment_in_wib():
    moment = datetime(2022, 8, 15, 2, 15, 58, 999, tzinfo=UTC)
    assert iso(moment) == "2022-08-15T09:15:58+07:00"
    assert iso(moment.astimezone(timezone(timedelta(hours=-5)))) == "2022-08-15T09:15:58+07:00"


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10**6,
        " " * 10**6 + "x",
        "1 jam " * 200_000,
        "senin " * 80,
        "- " * 240,
        "1 " * 240,
        "a" * 29 + "-" * 400,
        "\u200b" * 10**6,
        "\ud800" * 400,
        "15 Agustus 2022 " + "," * 450,
    ],
)
def test_hostile_text_costs_nothing(text):
    parse_date("7 menit lalu", now=NOW)  # loads dateparser
    started = time.perf_counter()
    parse_date(text, now=NOW)
    assert time.perf_counter() - started < 0.1  # ten times what it may take: others use this CPU


PIECES = st.sampled_from([
    "senin", "jum'at", " ", ", ", " - ", " | ", ":", "/", "15", "2022", "9999", "0", "agustus",
    "may", "09:15", "25.61", "wib", "+0700", "-9999", "gmt", "z", "t", "2022-08-15", "menit",
    "lalu", "ago", "kemarin", "hari ini", "komentar : 0", "٣", "\u00a0", "\x00", "\ud800", "(", ")",
])  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)), st.none() | st.just(NOW))
def test_any_text_is_a_date_or_none(text, now):
    moment = parse_date(text, now=now)
    if moment is not None:
        assert moment.utcoffset() == timedelta(hours=7)
        assert 1990 <= moment.year <= 2100


@given(st.datetimes(datetime(1990, 1, 2), datetime(2100, 12, 30)))  # noqa: DTZ001
def test_a_moment_survives_being_written(moment):
    moment = moment.replace(tzinfo=WIB, microsecond=0)
    assert parse_date(iso(moment)) == moment
    assert parse_date(moment.strftime("%A, %d %B %Y, %H:%M:%S WIB")) == moment


MONTHS = (
    "januari january jan",
    "februari february feb pebruari",
    "maret march mar mrt",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agu agt ags aug",
    "september sept sep",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
)
WEEKDAYS = ("Senin", "Jum'at", "Jumat", "Jum\u2019at", "Ahad", "Minggu", "Mon", "Thursday", "")
LABELS = ("", "Rejogja - ", "Politik | ", "Terbit: ", "Liga 1 - ")
ZONES = {"": 7, " WIB": 7, " WITA": 8, " WIT": 9, " GMT": 0, " GMT+7": 7, "+08:00": 8, " (WIB)": 7}


@st.composite
def printed(draw):
    """A date in some form that the site may print, and the moment that it states."""
    moment = draw(st.datetimes(datetime(1990, 1, 2), datetime(2100, 12, 30)))  # noqa: DTZ001
    zone, hours = draw(st.sampled_from(sorted(ZONES.items())))
    moment = moment.replace(second=0, microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    spelling = draw(st.sampled_from(MONTHS[moment.month - 1].split()))
    month = draw(st.sampled_from((str.lower, str.upper, str.title)))(spelling)
    weekday = draw(st.sampled_from(WEEKDAYS))
    clock = moment.strftime(draw(st.sampled_from(("%H:%M", "%H.%M", "%H:%M:%S")))) + zone
    day = draw(st.sampled_from((f"{moment.day}", f"{moment.day:02}")))
    after = draw(
        st.sampled_from((" ", ", ", " - ", " | ", " pukul ", ", pukul ", "\u00a0", "\n\t "))
    )
    before = draw(st.sampled_from((" ", ", ", "  "))) if weekday else ""
    gap = draw(st.sampled_from((" ", "\u00a0", "  ")))
    label = draw(st.sampled_from(LABELS))
    date = draw(
        st.sampled_from((f"{day}{gap}{month}{gap}{moment.year}", f"{day}-{month}-{moment.year}"))
    )
    return f"{label}{weekday}{before}{date}{after}{clock}", moment


@given(printed())
def test_every_spelled_form_is_read(case):
    text, moment = case
    assert parse_date(text) == moment, text
    assert parse_date(f" \u200b{text}\n", now=NOW) == moment


@given(
    st.sampled_from(WEEKDAYS),
    st.lists(st.sampled_from(("day", "month", "year")), max_size=2, unique=True),
    st.integers(1, 31),
    st.sampled_from(" ".join(MONTHS).split()),
    st.integers(1990, 2100),
    st.sampled_from(("", " 09:15", ", 09.15 WIB", " pukul 09:15:58")),
)
def test_of_a_part_of_a_date_no_date_is_made(weekday, parts, day, month, year, clock):
    said = {"day": str(day), "month": month, "year": str(year)}
    partial = " ".join(filter(None, (weekday, *(said[part] for part in sorted(parts)))))
    for text in (partial, partial + clock, f"Rejogja - {partial}{clock}"):
        assert parse_date(text, now=NOW) is None, text


def test_dateparser_is_loaded_only_for_a_date():
    code = (
        "import sys, crawler.dates as d; d.parse_date('x'); sys.exit('dateparser' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_corpus():
    rows = [json.loads(line) for line in (corpus() / "dates.jsonl").read_text().splitlines()]
    wrong = []
    for row in rows:
        now = datetime.fromisoformat(row["now"]) if "now" in row else None
        moment = parse_date(row["raw"], now)
        read, expected = moment and iso(moment), row["iso"]
        if row.get("precision") == "day":
            read, expected = read and read[:10], expected[:10]
        if read != expected:
            wrong.append((row, read))
    assert len(rows) >= 100
    assert wrong == []
