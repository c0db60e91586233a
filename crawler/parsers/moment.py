"""When an article was published: what the page prints, its head and its id, weighed."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.errors import ParseError

# The id is made when the article is: it is published then, or up to half a day later.
_EARLIEST = timedelta(hours=-1)
_LATEST = timedelta(hours=24)
_MISTAKEN = timedelta(days=30)  # so far from the clock, page and head are wrong together

Printed = tuple[str, datetime]  # as it stands there, and the moment


def published(
    printed: Printed | None, stated: datetime | None, clock: datetime | None
) -> tuple[str | None, datetime, str]:
    """As printed, the moment, and where it was read: ``page``, ``metadata`` or ``id``.

    ``stated``: by the head; ``clock``: by the id. The most precise one where they agree to the
    minute, else what is printed. Raises ParseError where no moment is named.
    """
    raw, moment = printed or (None, None)
    if (
        moment
        and stated
        and moment == stated.replace(second=0, microsecond=0)
        and _near(moment, clock)
    ):
        return (raw, stated, "metadata") if stated.second else (raw, moment, "page")
    if moment and plausible(moment, clock):
        return raw, moment, "page"
    if stated and plausible(stated, clock):
        return raw, stated, "metadata"
    if moment and stated and _near(moment, clock):
        return raw, moment, "page"
    if clock:
        return raw, clock, "id"
    raise ParseError("the article has no date")


def plausible(moment: datetime, clock: datetime | None) -> bool:
    """Whether an article whose id was made at ``clock`` can be of this moment."""
    return clock is None or _EARLIEST <= moment - clock <= _LATEST


def midnight(moment: datetime) -> datetime:
    """The first moment of a day."""
    return moment.replace(hour=0, minute=0, second=0)


def _near(moment: datetime, clock: datetime | None) -> bool:
    return clock is None or abs(moment - clock) < _MISTAKEN
