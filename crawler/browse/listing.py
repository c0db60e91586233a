"""The articles that a reader asks for: found, counted by facet, and marked where they match.

What is mostly filtered, counted and sorted by stands in an index, so that of 200,000 articles only
the 25 of a page are read. SQLite is told which index, as it knows nothing of their sizes.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crawler.browse.asked import ORDERS, Query
from crawler.query import RANKED
from crawler.query.filter import IS_GONE, LEVEL
from crawler.query.search import MARKED, best_first, pieces, with_words

if TYPE_CHECKING:
    from datasette.database import Database  # type: ignore[import-untyped]

    from crawler.query.filter import Filter
    from crawler.query.search import Pieces

FACETS = ("section", "kind", "layout", "language")
PAGE_SIZE = 25

_SNIPPET_WORDS = 48
_MOST_VALUES = 20  # of a facet that are shown
_BY_FACET = "articles INDEXED BY articles_facets"
_BY_TIME = "articles INDEXED BY articles_published_at"  # which ends where the page is full
# Facets that stand in no index: counted over the newest articles.
_MOST_OF_ROWS = """
    WHERE articles.rowid IN (SELECT value FROM json_each(:rows))
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT :values
"""
_MORE_FACETS = {
    "reporter": f"""
        SELECT people.value, count(*) FROM articles, json_each(reporters) AS people {_MOST_OF_ROWS}
    """,  # noqa: S608  # constants
    "tag": f"""
        SELECT name, count(*) FROM articles JOIN article_tags ON article_id = articles.id
        JOIN tags ON tags.id = tag_id {_MOST_OF_ROWS}
    """,  # noqa: S608
}
_SHOWN = f"""
    SELECT articles.rowid, articles.id, url, title, lead, substr(body, 1, 400) AS opening,
        reporters, published_at, updated_at, section, kind, partial, {IS_GONE} AS is_gone
    FROM json_each(:rows) JOIN articles ON articles.rowid = value ORDER BY json_each.key
"""  # noqa: S608  # constants


def highlighted(text: Pieces) -> Markup:
    """Text of a page as safe HTML, marked where the search met it."""
    mark = Markup("<mark>{}</mark>")
    return Markup().join(mark.format(piece) if found else piece for piece, found in text)


async def wanted(db: Database, query: Query) -> Filter:
    """What is asked for as the commands' filter, with the forms of its words."""
    asked: Filter = query.filter()
    if query.words:
        asked = await db.execute_fn(lambda connection: with_words(connection, asked, query.words))
    return asked


async def find(db: Database, query: Query) -> dict[str, Any]:
    """One page of what is asked for: ``total``, ``facets``, ``orders`` and ``articles``."""
    asked = await wanted(db, query)
    where, values = await _condition(db, query, asked)
    names = ", ".join(FACETS)
    counted = await db.execute(
        f"SELECT {names}, count(*) AS number FROM {_BY_FACET} WHERE {where} GROUP BY {names}",  # noqa: S608
        values,
    )
    total = sum(row["number"] for row in counted.rows)
    orders = ORDERS if asked.query and total <= RANKED else ORDERS[:-1]
    order = query.order if query.order in orders else orders[0]
    index = _BY_FACET if query.looks_into_index else _BY_TIME
    by_date = f"SELECT rowid FROM {index} WHERE {where} ORDER BY published_at"  # noqa: S608
    latest = await _rows(db, f"{by_date} DESC LIMIT {RANKED}", values)
    first = (query.page - 1) * PAGE_SIZE
    page = f"LIMIT {PAGE_SIZE} OFFSET {first}"
    if order == "best":
        # The plus: else SQLite would search once for each article of the other terms.
        others = f" AND +rowid IN (SELECT rowid FROM {_BY_FACET} WHERE {where})"  # noqa: S608
        found = await _rows(db, f"{best_first(others)} {page}", values)
    elif order == "newest" and (first + PAGE_SIZE <= RANKED or len(latest) < RANKED):
        found = latest[first : first + PAGE_SIZE]
    else:
        way = "DESC" if order == "newest" else "ASC"
        found = await _rows(db, f"{by_date} {way} {page}", values)
    articles = await shown(db, found, asked)
    facets = {name: _facet(name, counted.rows, query) for name in FACETS}
    among = {"rows": json.dumps(latest), "values": _MOST_VALUES}
    for name, counting in _MORE_FACETS.items():
        listed = await db.execute(counting, among)
        facets[name] = [tuple(row) for row in listed.rows]
    return {
        "total": total,
        "orders": {name: name == order for name in orders},
        "facets": facets,
        "is_of_newest": total > RANKED,
        "articles": articles,
    }


async def _rows(db: Database, sql: str, values: dict[str, Any]) -> list[int]:
    return [row["rowid"] for row in await db.execute(sql, values)]


async def newest(db: Database, query: Query) -> list[dict[str, Any]]:
    """The newest of what is asked for, as many as its limit, as a feed has them."""
    asked = await wanted(db, query)
    where, values = await _condition(db, query, asked)
    found = await db.execute(
        f"SELECT rowid FROM {_BY_TIME} WHERE {where}"  # noqa: S608
        f" ORDER BY published_at DESC LIMIT {query.limit or PAGE_SIZE}",
        values,
    )
    return await shown(db, [row["rowid"] for row in found], asked)


async def _condition(db: Database, query: Query, asked: Filter) -> tuple[str, dict[str, Any]]:
    """What stands after WHERE, and its values.

    What the indexes cannot tell is looked up once, in the order of the table.
    """
    if not query.looks_into_records:
        return asked.where(), asked.values
    sql = f"SELECT rowid FROM articles WHERE {asked.where()}"  # noqa: S608
    rows = [row["rowid"] for row in await db.execute(sql, asked.values)]
    found = {**asked.values, "found": json.dumps(rows)}
    return "rowid IN (SELECT value FROM json_each(:found))", found


async def shown(db: Database, rows: list[int], asked: Filter) -> list[dict[str, Any]]:
    """The articles of these rows in this order, marked where the words are."""
    values = {"query": asked.query, "rows": json.dumps(rows), "snippet_words": _SNIPPET_WORDS}
    articles = [dict(row) for row in (await db.execute(_SHOWN, values)).rows]
    for article in articles:
        article["teaser"] = article["lead"] or article["opening"]
        article["reporters"] = json.loads(article["reporters"])
    if asked.query:
        marked = await db.execute(MARKED, values)
        texts = {row: pieces(*texts) for row, *texts in marked.rows}
        for article in articles:
            if found_in := texts.get(article["rowid"]):  # else it changed meanwhile
                article["title"], article["teaser"] = map(highlighted, found_in)
    return articles


def _facet(name: str, rows: list[Any], query: Query) -> list[tuple[str, int]]:
    """The values of a facet and how many articles have them, the most frequent first.

    Of sections those one level below the one that is chosen.
    """
    level = query.section.count(LEVEL) + 2 if query.section else 1
    counts: Counter[str] = Counter()
    for row in rows:
        value = row[name] or ""
        if name == "section":
            value = LEVEL.join(value.split(LEVEL)[:level])
        counts[value] += row["number"]
    del counts[""]
    return counts.most_common(_MOST_VALUES)
