"""What there is to store of an article: the result of a fetch, or of captures parsed again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from crawler.article import Article
    from crawler.database.records import Record
    from crawler.database.runs import Outcome


class Visit(NamedTuple):
    """What the server answered, beside the page itself."""

    http_status: int | None = None  # None: nothing answered
    etag: str | None = None  # the validators, for the next time
    last_modified: str | None = None


_NO_VISIT = Visit()


@dataclass(frozen=True, slots=True)
class Read:
    """A fetch gave a record.

    ``lacking``: why it is not whole, where another try may help; ``doubt``: why its text may not be
    all that the page has.
    """

    article: Article
    visit: Visit = _NO_VISIT
    lacking: str | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server answered that the stored record still stands (304)."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class Refused:
    """A fetch gave no record; ``taken_down``: the site says so as it does, by its home page."""

    state: Literal["rejected", "gone", "failed"]
    reason: str
    url: str
    visit: Visit = _NO_VISIT
    wait: timedelta = timedelta()  # before a ``failed`` page is tried again, as the server asks
    taken_down: bool = False


@dataclass(frozen=True, slots=True)
class FromArchive:
    """What captures of a web archive gave, by date; none: not one could be had."""

    captures: tuple[ParsedCapture, ...]
    visit: Visit = _NO_VISIT  # the site was not asked


Result = Read | Unchanged | Refused | FromArchive


class Settled(NamedTuple):
    """What became of an article; ``record``: the one that stands, after a fetch that gave one.

    ``again``: it had a record before; ``worse``: its page, though there, shows less than that.
    """

    outcome: Outcome
    record: Record | None = None
    again: bool = False
    worse: bool = False


class NoRecord(NamedTuple):
    """Why a capture gives no record."""

    state: Literal["rejected", "gone", "failed"]
    reason: str
    by_parser: bool = True  # False: the server answered so


class ParsedCapture(NamedTuple):
    """What today's parser makes of a capture."""

    url: str
    captured_at: str  # ISO 8601 with +07:00
    result: Article | NoRecord
    doubt: str | None = None  # why its text may not be whole


@dataclass(slots=True)
class ParsedAgain:
    """What became of an article whose captures were parsed again."""

    outcome: Outcome
    changed: list[dict[str, tuple[Any, Any]]] = field(default_factory=list)  # before, after
    lost: str | None = None  # why today's parser reads a stored article no more
    worse: bool = False  # a later page shows less than the record
