"""Full-text search: what a user types as a query, and the articles that answer it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.reading import Wanted

RANKED = 10_000  # matches at most that are ranked, the newest; a word as "yang" is in all articles

RANK = "bm25(articles_fts, 10.0, 4.0, 1.0)"  # a word in the title, the lead and the body weighs
_SNIPPET = 24  # words
_ON, _OFF = "\x02", "\x03"  # around what matched; stored text has no such characters

_MATCHES = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH :query"
_AMONG = f"{_MATCHES} AND +rowid IN (SELECT value FROM json_each(:rows))"  # noqa: S608
_BEST = f"{_AMONG} ORDER BY {RANK}, rowid DESC LIMIT :limit"
# All at once: each time FTS5 is asked it reads every word that a prefix stands for.
_TEXTS = f"""
    SELECT rowid, highlight(articles_fts, 0, '{_ON}', '{_OFF}'),
        snippet(articles_fts, 1, '{_ON}', '{_OFF}', '…', {_SNIPPET}),
        snippet(articles_fts, 2, '{_ON}', '{_OFF}', '…', {_SNIPPET})
    FROM {_AMONG.partition(" FROM ")[2]}
"""  # noqa: S608  # constants


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that was found."""

    id: str
    url: str
    published_at: str
    section: str | None
    reporters: list[str]
    title: list[tuple[str, bool]]  # pieces, and whether each is what was searched for
    snippet: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Result:
    """The articles that were found, and out of how many: more than ``RANKED`` where it is None."""

    hits: list[Hit]
    number: int | None


def parse_query(words: str) -> str:
    """What to ask FTS5 for: what was typed, or where it would refuse that, each word of it."""
    text = words.replace("\0", " ").strip()  # which FTS5 ends at
    if _is_query(text):
        return text
    quoted = (word.replace('"', '""') for word in text.split())
    return " ".join(f'"{word}"' for word in quoted) or '""'


def _is_query(text: str) -> bool:
    if text.startswith("*"):  # asks FTS5 about itself
        return False
    with closing(sqlite3.connect(":memory:")) as empty:
        empty.execute("CREATE VIRTUAL TABLE articles_fts USING fts5 (title, lead, body)")
        try:
            empty.execute(_MATCHES, {"query": text}).fetchone()
        except sqlite3.Error:
            return False
    return True


def search(
    database: sqlite3.Connection, query: str, wanted: Wanted, *, newest: bool, limit: int
) -> Result:
    """The best or the newest articles that match; the best of the ``RANKED`` newest at most."""
    most = max(RANKED, limit)
    database.execute("CREATE TEMP TABLE matches (row INTEGER PRIMARY KEY)")
    matches = database.execute(
        f"INSERT INTO matches {_MATCHES}",
        {"query": query},
    ).rowcount
    # Few are looked up one by one and sorted; of many the newest are come upon soonest by date.
    way = "NOT INDEXED" if matches <= RANKED else "INDEXED BY articles_published_at"
    rows = [
        row
        for (row,) in database.execute(
            f"SELECT rowid FROM articles {way} WHERE rowid IN (SELECT row FROM matches)"  # noqa: S608
            f" AND {wanted.condition} ORDER BY published_at DESC, rowid DESC LIMIT :most",
            {**wanted.values, "most": most + 1},
        )
    ]
    database.execute("DROP TABLE matches")
    number = len(rows) if len(rows) <= most else None
    if newest:
        rows = rows[:limit]
    else:
        best = {"query": query, "rows": json.dumps(rows[:most]), "limit": limit}
        rows = [row for (row,) in database.execute(_BEST, best)]
    return Result(_hits(database, query, rows), number)


def _hits(database: sqlite3.Connection, query: str, rows: list[int]) -> list[Hit]:
    asked = {"query": query, "rows": json.dumps(rows)}
    texts = {row: marked for row, *marked in database.execute(_TEXTS, asked)}
    articles = {
        row: values
        for row, *values in database.execute(
            "SELECT rowid, id, url, published_at, section, reporters FROM articles"
            " WHERE rowid IN (SELECT value FROM json_each(:rows))",
            asked,
        )
    }
    hits = []
    for row in rows:
        article_id, url, published_at, section, reporters = articles[row]
        title, lead, body = texts[row]
        hits.append(
            Hit(
                id=article_id,
                url=url,
                published_at=published_at,
                section=section,
                reporters=json.loads(reporters),
                title=_pieces(title),
                snippet=_pieces(lead if lead and _ON in lead and _ON not in body else body),
            )
        )
    return hits


def _pieces(marked: str) -> list[tuple[str, bool]]:
    """A text in pieces, by whether they are between marks."""
    first, *others = marked.split(_ON)
    pieces = [(first, False)]
    for other in others:
        found, _, rest = other.partition(_OFF)
        pieces += [(found, True), (rest, False)]
    return [(text, found) for text, found in pieces if text]
