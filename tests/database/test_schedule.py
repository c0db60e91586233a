"""When to ask again: durations, Retry-After, the next re-check and the next try."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.database.schedule import durations, next_recheck, next_try

WIB = timezone(timedelta(hours=7))
NOW = datetime(2022, 8, 15, 9, 15, tzinfo=WIB)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AGES = (HOUR, 6 * HOUR, DAY, 7 * DAY)

lengths = st.integers(1, 10**8).map(lambda seconds: timedelta(seconds=seconds))
rising = st.lists(lengths, unique=True).map(sorted)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(WIB))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1h,6h,1d,7d", AGES),
        ("1h, 6h, 1d, 7d", AGES),
        ("1h 6h\t1d\n7d", AGES),
        (" 1h,6h,,1d 7d, ", AGES),
        ("90s,2m", (timedelta(seconds=90), timedelta(minutes=2))),
        ("1w,8d", (7 * DAY, 8 * DAY)),
        ("060m", (HOUR,)),
        ("36525d", (36525 * DAY,)),
        ("", ()),
        (" , ", ()),
    ],
)
def test_durations(text: str, expected: tuple[timedelta, ...]) -> None:
    assert durations(text) == expected


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("1h,6x", "'6x'"),
        ("90", "'90'"),
        ("h", "'h'"),
        ("1 h", "'1'"),
        ("1.5h", "'1.5h'"),
        ("-1h", "'-1h'"),
        ("1H", "'1H'"),
        ("1h6h", "'1h6h'"),
        ("1h;6h", "'1h;6h'"),
        ("١h", "'١h'"),
        ("1h\x00", "'1h\\x00'"),
        ("0s,1h", "0s"),
        ("36526d", "36526d"),
        ("999999999w", "999999999w"),
        ("1" * 5000 + "s", "1111s"),
        ("1h,1h", "1h is not longer than 1h"),
        ("2h,1h", "1h is not longer than 2h"),
        ("1h,60m", "60m is not longer than 1h"),
        ("1d,2d,7h", "7h is not longer than 2d"),
    ],
)
def test_durations_that_are_none(text: str, named: str) -> None:
    with pytest.raises(ValueError, match="1h,6h,1d,7d") as refused:
        durations(text)
    assert named in str(refused.value)
    assert "\n" not in str(refused.value)


@given(rising)
def test_durations_reads_what_is_written_in_seconds(lengths: list[timedelta]) -> None:
    text = ",".join(f"{length // timedelta(seconds=1)}s" for length in lengths)
    assert durations(text) == tuple(lengths)


@given(st.text(alphabet="0129smhdw, -x\n"))
def test_durations_are_rising_and_positive_or_refused(text: str) -> None:
    try:
        found = durations(text)
    except ValueError:
        return
    assert all(shorter < longer for shorter, longer in pairwise((timedelta(), *found)))


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(), HOUR),
        (timedelta(minutes=59), HOUR),
        (HOUR, 6 * HOUR),  # it is asked at this age now
        (2 * HOUR, 6 * HOUR),
        (6 * HOUR, DAY),
        (7 * DAY - timedelta(seconds=1), 7 * DAY),
        (7 * DAY, None),
        (3650 * DAY, None),
    ],
)
def test_next_recheck(age: timedelta, expected: timedelta | None) -> None:
    published = NOW - age
    assert next_recheck(published, NOW, AGES) == (expected and published + expected)


def test_an_article_of_the_future_counts_as_published_now() -> None:
    assert next_recheck(NOW + 30 * DAY, NOW, AGES) == NOW + HOUR


def test_nothing_is_asked_again_without_ages_or_waits() -> None:
    assert next_recheck(NOW, NOW, ()) is None
    assert next_try(1, NOW, ()) is None


@given(moments, moments, rising)
def test_next_recheck_is_the_first_age_ahead(
    published: datetime, now: datetime, ages: list[timedelta]
) -> None:
    due = next_recheck(published, now, ages)
    age = now - min(published, now)
    ahead = [length for length in ages if length > age]
    assert (due is None) == (not ahead)
    if due is not None:
        assert due > now
        assert due - min(published, now) == ahead[0]


@given(moments, moments, rising)
def test_asking_whenever_it_is_due_comes_to_an_end(
    published: datetime, now: datetime, ages: list[timedelta]
) -> None:
    published = min(published, now)
    asked = 0
    while due := next_recheck(published, now, ages):
        assert due > now
        now, asked = due, asked + 1
    assert asked <= len(ages)


@pytest.mark.parametrize(
    ("failures", "expected"), [(1, HOUR), (2, 6 * HOUR), (3, DAY), (4, 7 * DAY), (5, None)]
)
def test_next_try(failures: int, expected: timedelta | None) -> None:
    assert next_try(failures, NOW, AGES) == (expected and NOW + expected)


@given(st.integers(1, 10**9), moments, rising)
def test_next_try_waits_once_for_each_failure(
    failures: int, now: datetime, waits: list[timedelta]
) -> None:
    due = next_try(failures, now, waits)
    assert due == (now + waits[failures - 1] if failures <= len(waits) else None)


@pytest.mark.parametrize("failures", [0, -1])
def test_no_failure_is_nothing_to_wait_after(failures: int) -> None:
    with pytest.raises(ValueError, match="failures"):
        next_try(failures, NOW, AGES)
