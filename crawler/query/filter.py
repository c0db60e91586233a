"""Which articles are asked for: one filter for searching, exporting and browsing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from crawler.dates import DAY_END
from crawler.site import is_in_section

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from datetime import date


def add_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the SQL functions that `Filter.condition` calls."""
    connection.create_function("in_section", 3, is_in_section, deterministic=True)
    connection.create_function("is_named", 2, _is_named, deterministic=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which articles are asked for."""

    since: date | None = None  # published that day or later
    until: date | None = None
    section: str = ""
    reporter: str = ""  # or a part of the name
    kind: str = ""
    whole: bool = False  # without articles of which the page gives only part
    min_words: int = 0

    @property
    def condition(self) -> str:
        """What stands in SQL after WHERE, over ``articles``."""
        return " AND ".join(self._clauses()) or "TRUE"

    @property
    def values(self) -> dict[str, Any]:
        """What the condition refers to."""
        return {
            "since": str(self.since),
            "until": f"{self.until}{DAY_END}",
            "section": self.section,
            "reporter": self.reporter.casefold(),
            "reporter_json": json.dumps(self.reporter.casefold())[1:-1],
            "kind": self.kind,
            "min_words": self.min_words,
        }

    def _clauses(self) -> Iterator[str]:
        if self.since:
            yield "published_at >= :since"
        if self.until:
            yield "published_at < :until"
        if self.kind:
            yield "kind = :kind"
        if self.whole:
            yield "NOT partial"
        if self.min_words:
            yield "word_count >= :min_words"
        # SQLite's own functions first, which let few through, and those to the exact ones.
        if self.reporter:
            if self.reporter.isascii():
                yield "instr(lower(reporters), :reporter_json)"
            yield "is_named(:reporter, reporters)"
        if self.section:
            yield "(instr(url, :section) OR instr(replace(lower(section), ' ', '-'), :section))"
            yield "in_section(:section, url, section)"


def _is_named(name: str, people: str) -> bool:
    return any(name in person.casefold() for person in orjson.loads(people))
