"""How long a server asks to wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.crawl.politeness import retry_after

WIB = timezone(timedelta(hours=7))
NOW = datetime(2022, 8, 15, 9, 15, tzinfo=WIB)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", timedelta(seconds=120)),
        (b" 120 ", timedelta(seconds=120)),
        ("Mon, 15 Aug 2022 03:15:00 GMT", HOUR),
        (b"Mon, 15 Aug 2022 03:15:00 GMT", HOUR),
        ("Mon, 15 Aug 2022 10:15:00 +0700", HOUR),
        ("Monday, 15-Aug-22 03:15:00 GMT", HOUR),  # the two older forms that HTTP allows
        ("Mon Aug 15 03:15:00 2022", HOUR),
        ("Mon, 15 Aug 2022 02:15:00 GMT", None),  # now
        ("Mon, 15 Aug 2022 02:14:59 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0", None),
        ("-5", None),
        ("1.5", None),
        ("١٢٠", None),
        ("9999999999", None),
        ("99999999999999999999", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
        ("Mon, 99 Aug 2022 03:15:00 GMT", None),
        ("Mon, 15 Aug 99999999999999999999 03:15:00 GMT", None),
        ("soon", None),
        (b"\xff\xfe", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(value: str | bytes | None, expected: timedelta | None) -> None:
    assert retry_after(value, NOW) == expected


@given(st.one_of(st.text(), st.binary()))
def test_retry_after_never_fails(value: str | bytes) -> None:
    wait = retry_after(value, NOW)
    assert wait is None or wait > timedelta()


@given(st.integers(1, 10**8))
def test_retry_after_is_the_same_in_both_forms(seconds: int) -> None:
    wait = timedelta(seconds=seconds)
    date = format_datetime((NOW + wait).astimezone(UTC), usegmt=True)
    assert retry_after(str(seconds), NOW) == retry_after(date, NOW) == wait
