"""When to ask again: waiting times as settings give them, and the moments they lead to.

Pure functions; every ``datetime`` is aware.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}  # seconds
_DURATION = re.compile(r"([0-9]{1,10})([smhdw])")
LONGEST = timedelta(days=36_525)  # a century: added to a moment of now it is still a date
_LONGEST_ASKED = timedelta(days=30)  # for which a site may ask to be left alone


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a page is asked for again."""

    ages: tuple[timedelta, ...] = ()  # at which an article is looked at for a change
    waits: tuple[timedelta, ...] = ()  # after each failure in a row; then it is given up

    @property
    def longest(self) -> timedelta:
        """What no page is due beyond, unless a clock was wrong."""
        return max((*self.ages, *self.waits, _LONGEST_ASKED))


def durations(text: str) -> tuple[timedelta, ...]:
    """Read times such as ``1h,6h,1d,7d``, set apart by commas or spaces; ``()`` of empty text.

    The units are s, m, h, d and w. Raises `ValueError`, with one line for the user, for a
    time that is malformed, zero, above a century, or not longer than the one before it.
    """
    parts = text.replace(",", " ").split()
    found = tuple(map(_duration, parts))
    for (former, part), (shorter, longer) in zip(pairwise(parts), pairwise(found), strict=True):
        if longer <= shorter:
            raise ValueError(
                f"{part} is not longer than {former} before it; use rising times, e.g. 1h,6h,1d,7d"
            )
    return found


def _duration(part: str) -> timedelta:
    match = _DURATION.fullmatch(part)
    if not match:
        raise ValueError(
            f"{part!r} is not a duration; use numbers with s, m, h, d or w, e.g. 1h,6h,1d,7d"
        )
    seconds = int(match[1]) * _UNITS[match[2]]
    if not 0 < seconds <= LONGEST.total_seconds():
        raise ValueError(f"{part} is not a time to wait; use at most a century, e.g. 1h,6h,1d,7d")
    return timedelta(seconds=seconds)


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
        raise ValueError(f"{failures} failures: expected at least 1")
    return now + waits[failures - 1] if failures <= len(waits) else None
