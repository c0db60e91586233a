"""Which articles are asked for: one filter for searching and exporting."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

from crawler.dates import DAY_END
from crawler.query.words import MATCHES
from crawler.site import is_in_section

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from datetime import date

_TAGGED = (
    "id IN (SELECT article_id FROM article_tags JOIN tags ON tags.id = tag_id"
    " WHERE lower(replace(name, '-', ' ')) = :tag)"
)

LEVEL = " > "  # between a section and one below it
_LABELLED = f"substr(section || '{LEVEL}', 1, length(:label) + {len(LEVEL)}) = :label || '{LEVEL}'"
# By rowid, which every index has: no text has to be read for it.
_OF_WITHDRAWN = (
    "articles.rowid IN (SELECT known.rowid FROM withdrawals"
    " JOIN main.articles AS known ON known.id = withdrawals.id WHERE {})"
)
_WITHDRAWN = _OF_WITHDRAWN.format("withdrawn_at >= :changed_since OR back_at >= :changed_since")
_GONE = _OF_WITHDRAWN.format("withdrawn_at IS NOT NULL")
# The moment when the site took an article of `articles` down, and whether it did.
WITHDRAWN_AT = "(SELECT withdrawn_at FROM withdrawals WHERE withdrawals.id = articles.id)"
IS_GONE = f"({WITHDRAWN_AT} IS NOT NULL)"


def add_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the SQL functions that `Filter.where` calls."""
    connection.create_function("in_section", 3, is_in_section, deterministic=True)
    connection.create_function("is_named", 2, _is_named, deterministic=True)
    connection.create_function("lot", 1, _lot, deterministic=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which articles are asked for. Moments are as the database writes them."""

    since: date | None = None  # published that day or later
    until: date | None = None
    query: str = ""  # of FTS5's, which the articles match
    article: str = ""  # the one of this id
    section: str = ""
    label: str = ""  # a section as records have it, "Ekonomi > Energi", and those below it
    layout: str = ""
    reporter: str = ""  # or a part of the name
    tag: str = ""
    kind: str = ""
    language: str = ""
    changed_since: str = ""  # or stored, or taken down, or there again
    first_seen_since: str = ""
    present: bool = False  # without articles that the site took down
    whole: bool = False  # without articles of which the page gives only part
    min_words: int = 0
    distinct: bool = False  # without those that `crawler.query.near` noted
    watch: str = ""  # without articles that the standing search of this name has shown
    sample: int = 0  # this many of them, drawn by lot; 0: all

    def where(self, among: str = "") -> str:
        """What stands in SQL after WHERE, over ``articles``; ``among``: one condition more."""
        clauses = " AND ".join(filter(None, (among, *self._clauses()))) or "TRUE"
        if self.sample:
            return (
                f"id IN (SELECT id FROM articles WHERE {clauses} ORDER BY lot(id), id"  # noqa: S608
                " LIMIT :sample)"
            )
        return clauses

    @property
    def is_empty(self) -> bool:
        """Whether all articles are asked for."""
        return self.where() == "TRUE"

    @property
    def values(self) -> dict[str, Any]:
        """What the condition refers to."""
        return {
            "since": str(self.since),
            "until": f"{self.until}{DAY_END}",
            "query": self.query,
            "article": self.article,
            "section": self.section,
            "label": self.label,
            "layout": self.layout,
            "reporter": self.reporter.casefold(),
            "reporter_json": json.dumps(self.reporter.casefold())[1:-1],
            "tag": " ".join(self.tag.casefold().replace("-", " ").split()),
            "kind": self.kind,
            "language": self.language,
            "changed_since": self.changed_since,
            "first_seen_since": self.first_seen_since,
            "min_words": self.min_words,
            "watch": self.watch,
            "sample": self.sample,
        }

    def _clauses(self) -> Iterator[str]:
        if self.query:
            yield f"articles.rowid IN ({MATCHES})"
        if self.article:
            yield "articles.rowid = (SELECT rowid FROM articles WHERE id = :article)"
        if self.label:
            yield _LABELLED
        if self.layout:
            yield "layout = :layout"
        if self.since:
            yield "published_at >= :since"
        if self.until:
            yield "published_at < :until"
        if self.kind:
            yield "kind = :kind"
        if self.language:
            yield "language = :language"
        if self.changed_since:
            yield f"(updated_at >= :changed_since OR {_WITHDRAWN})"
        if self.first_seen_since:
            yield "first_seen_at >= :first_seen_since"
        if self.present:
            yield f"NOT {_GONE}"
        if self.whole:
            yield "NOT partial"
        if self.min_words:
            yield "word_count >= :min_words"
        if self.distinct:
            yield "id NOT IN (SELECT id FROM near_duplicates)"
        if self.watch:
            yield "id NOT IN (SELECT article_id FROM watches WHERE name = :watch)"
        if self.tag:
            yield _TAGGED
        # SQLite's own functions first, which let few through, and those to the exact ones.
        if self.reporter:
            if self.reporter.isascii():
                yield "instr(lower(reporters), :reporter_json)"
            yield "is_named(:reporter, reporters)"
        if self.section:
            yield "(instr(url, :section) OR instr(replace(lower(section), ' ', '-'), :section))"
            yield "in_section(:section, url, section)"


def _is_named(name: str, people: str) -> bool:
    return any(name in person.casefold() for person in json.loads(people))


def _lot(article_id: str) -> int:
    """A number that has nothing to do with when the article was made."""
    return crc32(article_id.encode())
