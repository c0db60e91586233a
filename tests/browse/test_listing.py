"""What the lists of the browser read, and from where."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from crawler.browse.asked import Query
from crawler.browse.listing import FACETS

if TYPE_CHECKING:
    from tests.browse.archive import Archive


def test_articles_are_counted_without_reading_them(empty: Archive) -> None:
    asked = {"kind": "video", "section": "News", "min_words": "9", "changed_since": "2022-08-01"}
    flags = {"first_seen_since": "2022-08-01", "no_gone": "1", "no_partial": "1"}
    wanted = Query.of(asked | flags).filter()
    with closing(sqlite3.connect(empty.database)) as database:
        sql = f"SELECT {', '.join(FACETS)}, count(*) FROM articles WHERE {wanted.where()}"
        steps = database.execute(f"EXPLAIN QUERY PLAN {sql} GROUP BY 1, 2, 3, 4", wanted.values)
        assert next(steps)[3] == "SCAN articles USING COVERING INDEX articles_facets"
