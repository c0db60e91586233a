"""Which articles a reader asks for: found, counted by facet, and shown with what was found in them.

What is filtered, counted and sorted by stands in an index, so that of 200,000 articles only the 25
of a page are read. SQLite is told which index, as it knows nothing of their sizes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from crawler.dates import DAY_END
from crawler.query import RANKED
from crawler.query.filter import IS_GONE
from crawler.query.forms import forms_in
from crawler.query.search import MARKED, MATCHES, best_first, pieces
from crawler.query.words import parse_query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasette.database import Database  # type: ignore[import-untyped]

    from crawler.query.search import Pieces

FACETS = ("section", "kind", "layout", "language")
ORDERS = ("newest", "oldest", "best")
PAGE_SIZE = 25

_SNIPPET_WORDS = 48
_MOST_VALUES = 20  # of a facet that are shown
_LEVEL = " > "  # between a section and one below it

_BY_FACET = "articles INDEXED BY articles_facets"
_BY_TIME = "articles INDEXED BY articles_published_at"  # which ends where the page is full
_TERMS = {
    "words": f"rowid IN ({MATCHES})",
    "section": f"substr(section || '{_LEVEL}', 1, length(:section) + {len(_LEVEL)})"
    f" = :section || '{_LEVEL}'",
    "kind": "kind = :kind",
    "layout": "layout = :layout",
    "language": "language = :language",
    "since": "published_at >= :since",
    "until": f"published_at < :until || '{DAY_END}'",
    "tag": "rowid IN (SELECT articles.rowid FROM tags JOIN article_tags ON tag_id = tags.id"
    " JOIN articles ON articles.id = article_id WHERE name = :tag)",
}
_SHOWN = f"""
    SELECT articles.rowid, articles.id, title, lead, substr(body, 1, 400) AS opening,
        published_at, section, kind, partial, {IS_GONE} AS is_gone
    FROM json_each(:rows) JOIN articles ON articles.rowid = value ORDER BY json_each.key
"""  # noqa: S608  # constants
_PAGE = re.compile("[1-9][0-9]{0,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a reader asks for: the fields of the search form, empty where nothing is asked."""

    words: str = ""
    section: str = ""
    kind: str = ""
    layout: str = ""
    language: str = ""
    tag: str = ""
    since: str = ""
    until: str = ""
    order: str = "newest"
    page: int = 1

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Query:
        """Read a query string; what cannot be meant is left out."""
        texts = {name: (args.get(name) or "").strip() for name in _TERMS}
        for name in ("since", "until"):
            try:
                texts[name] = date.fromisoformat(texts[name]).isoformat()
            except ValueError:
                texts[name] = ""
        order, page = args.get("order") or "", args.get("page") or ""
        return cls(
            **texts,
            order=order if order in ORDERS else ORDERS[0],
            page=int(page) if _PAGE.fullmatch(page) else 1,
        )

    def link(self, **changed: Any) -> str:
        """The address of the archive for the same question, except what is changed."""
        query = replace(self, **{"page": 1, **changed})
        asked = {
            name: value
            for name, value in asdict(query).items()
            if value and value != getattr(_NOTHING, name)
        }
        return f"/?{urlencode(asked)}" if asked else "/"

    @property
    def filters(self) -> dict[str, str]:
        """What is asked for, by its name; the search words aside."""
        asked = {name: getattr(self, name) for name in _TERMS if name != "words"}
        return {name: value for name, value in asked.items() if value}


_NOTHING = Query()


def highlighted(text: Pieces) -> Markup:
    """Text of a page as safe HTML, marked where the search met it."""
    mark = Markup("<mark>{}</mark>")
    return Markup().join(mark.format(piece) if found else piece for piece, found in text)


async def find(db: Database, query: Query) -> dict[str, Any]:
    """One page of what is asked for: ``total``, ``facets``, ``orders`` and ``articles``."""
    asked = await db.execute_fn(lambda connection: parse_query(query.words, forms_in(connection)))
    values = {**asdict(query), "query": asked}
    terms = [_TERMS[name] for name in _TERMS if getattr(query, name)]
    where = f"WHERE {' AND '.join(terms)}" if terms else ""
    names = ", ".join(FACETS)
    counted = await db.execute(
        f"SELECT {names}, count(*) AS number FROM {_BY_FACET} {where} GROUP BY {names}",  # noqa: S608
        values,
    )
    total = sum(row["number"] for row in counted.rows)
    orders = ORDERS if query.words and total <= RANKED else ORDERS[:-1]
    order = query.order if query.order in orders else orders[0]
    page = f"LIMIT {PAGE_SIZE} OFFSET {(query.page - 1) * PAGE_SIZE}"
    if order == "best":
        # The plus: else SQLite would search once for each article of the other terms.
        others = f" AND +rowid IN (SELECT rowid FROM {_BY_FACET} {where})"  # noqa: S608
        sql = f"{best_first(others)} {page}"
    else:
        index = _BY_FACET if any(getattr(query, name) for name in FACETS) else _BY_TIME
        way = "DESC" if order == "newest" else "ASC"
        sql = f"SELECT rowid FROM {index} {where} ORDER BY published_at {way} {page}"  # noqa: S608
    found = await db.execute(sql, values)
    values["rows"] = json.dumps([row["rowid"] for row in found])
    articles = [dict(row) for row in (await db.execute(_SHOWN, values)).rows]
    for article in articles:
        article["teaser"] = article["lead"] or article["opening"]
    if query.words:
        marked = await db.execute(MARKED, {**values, "snippet_words": _SNIPPET_WORDS})
        texts = {row: pieces(*texts) for row, *texts in marked.rows}
        for article in articles:
            if found_in := texts.get(article["rowid"]):  # else it changed meanwhile
                article["title"], article["teaser"] = map(highlighted, found_in)
    return {
        "total": total,
        "orders": {name: name == order for name in orders},
        "facets": {name: _facet(name, counted.rows, query) for name in FACETS},
        "articles": articles,
    }


def _facet(name: str, rows: list[Any], query: Query) -> list[tuple[str, int]]:
    """The values of a facet and how many articles have them, the most frequent first.

    Of sections those one level below the one that is chosen.
    """
    level = query.section.count(_LEVEL) + 2 if query.section else 1
    counts: Counter[str] = Counter()
    for row in rows:
        value = row[name] or ""
        if name == "section":
            value = _LEVEL.join(value.split(_LEVEL)[:level])
        counts[value] += row["number"]
    del counts[""]
    return counts.most_common(_MOST_VALUES)
