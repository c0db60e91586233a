"""Moments, pages and queries that the tests of the database share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.database.pages import Found
from crawler.database.results import Visit
from crawler.database.schedule import Schedule
from crawler.dates import WIB, iso
from crawler.query.words import MATCHES

if TYPE_CHECKING:
    from crawler.database.store import Store

LIST = "https://republika.co.id/index/0"

PUBLISHED = datetime(2022, 8, 15, 9, 15, tzinfo=WIB)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SCHEDULE = Schedule(ages=(HOUR, 6 * HOUR, DAY), waits=(15 * MINUTE, HOUR))
MONDAY, TUESDAY = "Mon, 15 Aug 2022 03:00:00 GMT", "Tue, 16 Aug 2022 03:00:00 GMT"
OK = Visit(200, '"a"', MONDAY)


def page(page_id, listed_at=None, found_in=LIST):
    return Found(
        id=page_id,
        url=f"https://republika.co.id/berita/{page_id}",
        found_in=found_in,
        listed_at=listed_at,
    )


def at(age):
    """The moment at which the article is so old."""
    return iso(PUBLISHED + age)


def ids(pages):
    return [page.id for page in pages]


def rows(store, sql, *values):
    return store.db.execute(sql, values).fetchall()


def one(store, sql, *values):
    (row,) = rows(store, sql, *values)
    return row


def check_search(store):
    """Raises if the index does not say what the articles say."""
    store.fulltext.move()
    store.db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")


def search(store: Store, words: str) -> list[str]:
    query = f"SELECT id FROM articles WHERE rowid IN ({MATCHES}) ORDER BY rowid"
    return [row["id"] for row in store.rows(query, {"query": words})]
