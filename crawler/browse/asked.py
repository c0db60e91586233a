"""What a reader asks for: the query string of a page, a feed or a file as the commands' filter."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from crawler.dates import asked_moment
from crawler.query.filter import Filter
from crawler.site import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDERS = ("newest", "oldest", "best")

_TEXTS = ("words", "section", "reporter", "tag", "kind", "layout", "language")
_DAYS = ("since", "until")
_MOMENTS = ("changed_since", "first_seen_since")
_FLAGS = ("no_gone", "no_partial")
_NUMBERS = ("min_words", "sample", "limit")
_NUMBER = re.compile("[1-9][0-9]{0,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a reader asks for, under the names of the commands' options; empty where nothing is."""

    words: str = ""
    section: str = ""  # as --section, or as records have it: "Ekonomi > Energi"
    reporter: str = ""
    tag: str = ""
    kind: str = ""
    layout: str = ""
    language: str = ""
    since: str = ""
    until: str = ""
    changed_since: str = ""
    first_seen_since: str = ""
    no_gone: str = ""  # "1" where it is asked for, as the next
    no_partial: str = ""
    min_words: int = 0
    sample: int = 0
    limit: int = 0  # of a feed or a file
    order: str = ORDERS[0]
    page: int = 1

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Query:
        """Read a query string; what cannot be meant is left out."""
        given = {name: (args.get(name) or "").strip() for name in (*cls.__slots__,)}
        asked: dict[str, Any] = {name: given[name] for name in _TEXTS}
        asked |= {name: _day(given[name]) for name in _DAYS}
        asked |= {name: _moment(given[name]) for name in _MOMENTS}
        asked |= {name: "1" if given[name] not in ("", "0") else "" for name in _FLAGS}
        asked |= {name: _number(given[name]) for name in _NUMBERS}
        order = given["order"] if given["order"] in ORDERS else ORDERS[0]
        return cls(**asked, order=order, page=_number(given["page"]) or 1)

    def link(self, to: str = "/", **changed: Any) -> str:
        """The address of the archive, or of another form of it, except what is changed."""
        query = replace(self, **{"page": 1, **changed})
        asked = {
            name: value
            for name, value in asdict(query).items()
            if value and value != getattr(_NOTHING, name)
        }
        return f"{to}?{urlencode(asked)}" if asked else to

    def without_filters(self) -> str:
        """The address for the same words in all articles."""
        return Query(words=self.words).link()

    @property
    def filters(self) -> dict[str, str]:
        """What is asked for, by its name; the search words aside."""
        names = (*_TEXTS[1:], *_DAYS, *_MOMENTS, *_FLAGS, *_NUMBERS)
        return {name: str(value) for name in names if (value := getattr(self, name))}

    def filter(self) -> Filter:
        """The commands' filter for it, the words aside."""
        is_site_name = self.section in SECTIONS
        return Filter(
            since=date.fromisoformat(self.since) if self.since else None,
            until=date.fromisoformat(self.until) if self.until else None,
            section=self.section if is_site_name else "",
            label="" if is_site_name else self.section,
            reporter=self.reporter,
            tag=self.tag,
            kind=self.kind,
            layout=self.layout,
            language=self.language,
            changed_since=self.changed_since,
            first_seen_since=self.first_seen_since,
            present=bool(self.no_gone),
            whole=bool(self.no_partial),
            min_words=self.min_words,
            sample=self.sample,
        )

    @property
    def looks_into_records(self) -> bool:
        """Whether anything is asked for that the indexes of the archive cannot tell."""
        names = ("reporter", "tag", "sample")
        return self.section in SECTIONS or any(getattr(self, name) for name in names)

    @property
    def looks_into_index(self) -> bool:
        """Whether anything is asked for that the index of the facets tells, and not the date."""
        names = ("section", "kind", "layout", "language", *_MOMENTS, *_FLAGS, "min_words")
        return any(getattr(self, name) for name in names)

    @property
    def title(self) -> str:
        """For a feed reader's list."""
        return ", ".join(filter(None, (self.words, *self.filters.values()))) or "all articles"


_NOTHING = Query()


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _moment(text: str) -> str:
    try:
        return asked_moment(text)
    except ValueError:
        return ""


def _number(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 0
