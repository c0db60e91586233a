"""When to ask again: waiting times as settings give them, and the moments they lead to.

Pure functions; every ``datetime`` is aware.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}  # seconds
_DURATION = re.compile(r"([0-9]{1,10})([smhdw])")
_SECONDS = re.compile(r"[0-9]{1,10}")
_LONGEST = timedelta(days=36_525)  # a century: added to a moment of now it is still a date


def durations(text: str) -> tuple[timedelta, ...]:
    """Read times such as ``1h,6h,1d,7d``, set apart by commas or spaces; ``()`` of empty text.

    The units are s, m, h, d and w. Raises `ValueError`, with one line for the user, for what is
    no time, is zero or above a century, or is not longer than the one before it.
    """
    parts = text.replace(",", " ").split()
    found = tuple(map(_duration, parts))
    for (former, part), (shorter, longer) in zip(pairwise(parts), pairwise(found), strict=True):
        if longer <= shorter:
            raise ValueError(
                f"{part} is not longer than {former} before it; give rising times as 1h,6h,1d,7d"
            )
    return found


def _duration(part: str) -> timedelta:
    match = _DURATION.fullmatch(part)
    if not match:
        raise ValueError(f"{part!r} is no time; give a number with s, m, h, d or w, as 1h,6h,1d,7d")
    seconds = int(match[1]) * _UNITS[match[2]]
    if not 0 < seconds <= _LONGEST.total_seconds():
        raise ValueError(f"{part} is no time to wait; give some of up to a century, as 1h,6h,1d,7d")
    return timedelta(seconds=seconds)


def retry_after(value: str | bytes | None, now: datetime) -> timedelta | None:
    """How long an HTTP ``Retry-After`` header asks to wait, given in seconds or as an HTTP date.

    None where there is no header, or none with a sense: a time that is over or above a century.
    """
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    value = (value or "").strip()
    if _SECONDS.fullmatch(value):
        wait = timedelta(seconds=int(value))
    else:
        try:
            until = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        if until.tzinfo is None:  # the oldest of the three forms names no zone: it is GMT
            until = until.replace(tzinfo=UTC)
        wait = until - now
    return wait if timedelta() < wait <= _LONGEST else None


def next_recheck(published: datetime, now: datetime, ages: Sequence[timedelta]) -> datetime | None:
    """When an article reaches the next of the ``ages`` (rising) at which it is asked for again.

    None where it is older than all of them. One dated into the future counts as published now.
    """
    published = min(published, now)
    return next((published + age for age in ages if published + age > now), None)


def next_try(failures: int, now: datetime, waits: Sequence[timedelta]) -> datetime | None:
    """When to try again after that many failures in a row (1 or more), the last of them now.

    None where ``waits``, one for each failure, are used up: the page is given up.
    """
    if failures < 1:
        raise ValueError(f"{failures} failures are none to wait after")
    return now + waits[failures - 1] if failures <= len(waits) else None
