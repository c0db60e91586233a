"""Databases as several machines leave them that crawl the same site, and what they come to."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.article import content_hash
from crawler.database.merging.merge import merge
from crawler.database.results import Read, Refused, Visit
from crawler.database.store import Store
from crawler.database.validation import why_refused
from crawler.dates import WIB, iso
from crawler.query.snapshot import reading
from tests.database.helpers import SCHEDULE, check_search, page
from tests.records import article, capture

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.article import Article

BEGIN = datetime(2022, 8, 15, 10, tzinfo=WIB)
MACHINES = ("east", "north", "west")
# Numbers that a database gives, which say nothing.
_NUMBERS = {"captures": {"id"}, "revisions": {"id"}, "tags": {"id"}, "article_tags": {"tag_id"}}
# What only tells when something was stored.
RUN_TIMES = {"first_seen_at", "updated_at"}


class Event(NamedTuple):
    """What a machine sees of an article, so many minutes after the first."""

    minute: int
    article_id: str
    text: str | None  # None: it is refused so
    refusal: str = ""


def at(minute: int) -> str:
    return iso(BEGIN + timedelta(minutes=minute))


def written(one: Event, **changes: Any) -> Article:
    """The article as it was seen."""
    body = one.text or ""
    return article(
        one.article_id,
        body=body,
        title="Harga Kedelai",
        lead=None,
        content_hash=content_hash("Harga Kedelai", None, body),
        tags=[body[:4], "kedelai"],
        fetched_at=at(one.minute),
        **changes,
    )


def see(store: Store, event: Event) -> None:
    """Store what is seen, by the rules of a crawl."""
    now, visit = at(event.minute), Visit(200, f'"{event.minute}"')
    url = page(event.article_id).url
    store.pages.find([page(event.article_id, listed_at=at(0))], now)
    store.captures.add(
        capture(event.minute, article_id=event.article_id, fetched_at=now, file="own.warc.gz")
    )
    result: Read | Refused = Refused(event.refusal, "begitu", url, Visit(404))  # type: ignore[arg-type]
    if event.text is not None:
        seen = written(event)
        twin = why_refused(seen, store.articles)
        result = Refused("rejected", twin, url, visit) if twin else Read(seen, visit)
    store.settle(event.article_id, result, now=now)


def crawled(path: Path, events: list[Event]) -> Path:
    """The database of a machine that saw this, in runs of three pages each."""
    with Store(path, SCHEDULE) as store:
        for place in range(0, len(events), 3):
            part = events[place : place + 3]
            store.begin_run("latest", {}, {"republika": "1"}, at(part[0].minute))
            for event in part:
                see(store, event)
            store.listings.complete("index", len(part), at(part[-1].minute))
            store.runs.end(
                store.runs.current or 0,
                reason="finished",
                why=[],
                notes=[],
                fields={},
                now=at(part[-1].minute),
            )
    return path


def merged(path: Path, *sources: tuple[str, Path]) -> Path:
    """A database into which these are merged, in this order."""
    with Store(path, SCHEDULE) as store:
        for name, source in sources:
            with reading(source) as connection:
                merge(
                    store,
                    connection,
                    name,
                    place=f"{name}/{{}}".format,
                    progress=lambda *_: None,
                )
        assert store.rows("PRAGMA foreign_key_check") == []
        check_search(store)
    return path


def contents(path: Path, *, without: frozenset[str] = frozenset()) -> dict[str, list[tuple]]:
    """Every row of every table of ours, but for what numbers them."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%'"
            " AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_%' ESCAPE '\\'"
        )
        found = {}
        for (table,) in names.fetchall():
            columns = [
                row[1]
                for row in connection.execute(f"PRAGMA table_info({table})")
                if row[1] not in _NUMBERS.get(table, set()) | without
            ]
            found[table] = sorted(
                connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall(), key=repr
            )
        return found


def story(seed: int) -> dict[str, list[Event]]:
    """What three machines see of a few articles: edited, cut short, copied, taken down."""
    chance = random.Random(seed)
    texts = [
        "Harga kedelai di pasar naik lagi pekan ini. " * 6,
        "Perajin tempe di Bandung mengurangi ukuran. " * 4,
        "Pemerintah menyiapkan impor baru. " * 3,
        "Berita singkat. " * 2,
        "Pembaruan: harga turun pada hari Senin. " * 5,
    ]
    ids = [f"rgmwym{number}" for number in (370, 371, 372, 373)]
    events: dict[str, list[Event]] = {name: [] for name in MACHINES}
    for minute in range(1, 25):
        refusal = chance.choice(["", "", "", "", "gone", "failed"])
        event = Event(
            minute, chance.choice(ids), None if refusal else chance.choice(texts).strip(), refusal
        )
        events[chance.choice(MACHINES)].append(event)
    return events
