"""Full-text search: the articles that answer a query, the best or the newest first."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crawler.database.fulltext import check_found
from crawler.query import RANKED
from crawler.query.filter import IS_GONE
from crawler.query.forms import forms_in
from crawler.query.words import MATCHES, NOTHING, in_both, parse_query

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from crawler.query.filter import Filter


_AMONG = " AND +rowid IN (SELECT value FROM json_each(:rows))"
# What a word weighs in the title, the lead and the body; of equals the one stored last.
_WEIGHTS = "bm25({index}, 10.0, 4.0, 1.0) AS weight"


def best_first(condition: str) -> str:
    """The matches that meet a condition on ``rowid``, the best first."""
    matches = in_both(_WEIGHTS, condition)
    # Grouped, since a user's own rebuild puts into the large one what the small one has too.
    return f"SELECT rowid FROM ({matches}) GROUP BY rowid ORDER BY min(weight), rowid DESC"  # noqa: S608


_BEST = f"{best_first(_AMONG)} LIMIT :limit"
# All at once: each time FTS5 is asked it reads every word that a prefix stands for. What matched
# stands between characters that no text has.
MARKED = in_both(
    "highlight({index}, 0, char(2), char(3)),"
    " snippet({index}, 1, char(2), char(3), '…', :snippet_words),"
    " snippet({index}, 2, char(2), char(3), '…', :snippet_words)",
    _AMONG,
)
_HITS = f"""
    SELECT rowid, id, url, published_at, section, reporters, title,
        coalesce(lead, substr(body, 1, :opening)), {IS_GONE}
    FROM articles WHERE rowid IN (SELECT value FROM json_each(:rows))
"""  # noqa: S608  # constants
_BY_DATE = "INDEXED BY articles_published_at"
_MATCHING = "rowid IN (SELECT row FROM matches)"
_OPENING = 200  # characters of a text, where no word was searched for
_MARK = re.compile("\x02([^\x02\x03]*)\x03")
_STRAY = re.compile("[\x02\x03]")
_SNIPPET_WORDS = 24

Pieces = list[tuple[str, bool]]  # of a text, and whether each is what was searched for


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that was found."""

    id: str
    url: str
    published_at: str
    section: str | None
    reporters: list[str]
    is_gone: bool  # the site took it down
    title: Pieces
    snippet: Pieces


@dataclass(frozen=True, slots=True)
class Result:
    """The articles that were found, and out of how many: more than ``RANKED`` where it is None."""

    hits: list[Hit]
    number: int | None


def search(database: sqlite3.Connection, wanted: Filter, *, newest: bool, limit: int) -> Result:
    """The best or the newest articles that match; the best of the ``RANKED`` newest at most.

    Of a filter without a query the newest; how many there are only if they are all.
    """
    query, wanted = wanted.query, replace(wanted, query="")
    if not query:
        rows = _newest(database, _BY_DATE, wanted, limit)
        number = len(rows) if len(rows) <= limit else None
        return Result(_hits(database, NOTHING, rows[:limit]), number)
    most = max(RANKED, limit)
    with _matches(database, query) as matches:
        # Few are looked up one by one and sorted; of many the newest are come upon soonest by date.
        way = "NOT INDEXED" if matches <= RANKED else _BY_DATE
        rows = _newest(database, way, wanted, most, _MATCHING)
    number = len(rows) if len(rows) <= most else None
    if newest:
        rows = rows[:limit]
    else:
        best = {"query": query, "rows": json.dumps(rows[:most]), "limit": limit}
        rows = [row for (row,) in database.execute(_BEST, best)]
    return Result(_hits(database, query, rows), number)


def named(database: sqlite3.Connection, text: str) -> str | None:
    """The id of the article whose id or address a text is; None where there is none."""
    from crawler.urls import article_id, is_id  # seldom needed

    text = text.strip()
    identifier = text if is_id(text) else article_id(text) if "." in text else None
    found = database.execute("SELECT id FROM articles WHERE id = ?", [identifier]).fetchone()
    return str(found[0]) if found else None


def with_words(database: sqlite3.Connection, wanted: Filter, words: str) -> Filter:
    """The filter for what a user typed: an article's id or address, or words in all their forms."""
    if article_id := named(database, words):
        return replace(wanted, article=article_id)
    return replace(wanted, query=parse_query(words, forms_in(database)))


def count_by(database: sqlite3.Connection, what: str, wanted: Filter) -> list[tuple[str, int]]:
    """How many articles there are of each day, month, section or reporter (of `COUNTED`).

    Days and months in their order, the others by their number.
    """
    value, source, order = COUNTED[what]
    with _matches(database, wanted.query or NOTHING):
        where = replace(wanted, query="").where(_MATCHING if wanted.query else "")
        # What a Python function filters by is looked at once, and grouped then.
        return database.execute(
            f"SELECT {value} AS value, count(*) AS number FROM {source}"  # noqa: S608
            f" WHERE articles.rowid IN (SELECT rowid FROM articles WHERE {where})"
            f" AND value IS NOT NULL GROUP BY 1 ORDER BY {order}",
            wanted.values,
        ).fetchall()


# The value of each, where it stands, and the order.
COUNTED = {
    "day": ("substr(published_at, 1, 10)", "articles", "value"),
    "month": ("substr(published_at, 1, 7)", "articles", "value"),
    "section": ("section", "articles", "number DESC, value"),
    "reporter": (
        "json_each.value",
        "articles JOIN json_each(articles.reporters)",
        "number DESC, value",
    ),
}


@contextmanager
def _matches(database: sqlite3.Connection, query: str) -> Iterator[int]:
    """Have the rows that match in a table of their own; yields their number."""
    database.execute("CREATE TEMP TABLE matches (row INTEGER PRIMARY KEY)")
    insert = f"INSERT OR IGNORE INTO matches {MATCHES}"
    matches = database.execute(insert, {"query": query}).rowcount
    if not matches and query != NOTHING:
        check_found(database)
    yield matches
    database.execute("DROP TABLE matches")


def _newest(
    database: sqlite3.Connection, way: str, wanted: Filter, most: int, among: str = ""
) -> list[int]:
    """The newest rows, and one more where there are more."""
    found = database.execute(
        f"SELECT rowid FROM articles {way} WHERE {wanted.where(among)}"  # noqa: S608
        " ORDER BY published_at DESC, rowid DESC LIMIT :most",
        {**wanted.values, "most": most + 1},
    )
    return [row for (row,) in found]


def _hits(database: sqlite3.Connection, query: str, rows: list[int]) -> list[Hit]:
    asked = {
        "query": query,
        "rows": json.dumps(rows),
        "snippet_words": _SNIPPET_WORDS,
        "opening": _OPENING,
    }
    texts = {row: pieces(*marked) for row, *marked in database.execute(MARKED, asked)}
    articles = {
        row: values
        for row, *values in database.execute(
            _HITS,
            asked,
        )
    }
    hits = []
    for row in rows:
        article_id, url, published_at, section, reporters, *opening, is_gone = articles[row]
        title, snippet = texts.get(row) or ([(text, False)] for text in opening)
        hits.append(
            Hit(
                id=article_id,
                url=url,
                published_at=published_at,
                section=section,
                reporters=json.loads(reporters),
                is_gone=bool(is_gone),
                title=title,
                snippet=snippet,
            )
        )
    return hits


def pieces(title: str, lead: str | None, body: str) -> tuple[Pieces, Pieces]:
    """Of what ``MARKED`` gave the title, and the body, or the lead if the words are only there."""
    in_lead = lead and _MARK.search(lead) and not _MARK.search(body)
    return _pieces(title), _pieces(lead if lead and in_lead else body)


def _pieces(marked: str) -> Pieces:
    parts = enumerate(_MARK.split(marked))  # every other is what stood between marks
    return [(_STRAY.sub("", part), number % 2 == 1) for number, part in parts if part]
