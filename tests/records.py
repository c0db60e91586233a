"""Records, captures and counts made by hand."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from crawler.article import Article, Image, Related, content_hash
from crawler.database.captures import Capture
from crawler.database.migrations import apply
from crawler.database.results import Read, Refused, Visit
from crawler.database.runs import COUNTS

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

    from crawler.database.runs import Outcome
    from crawler.database.store import Store

T1 = "2022-08-15T10:00:00+07:00"
T2 = "2022-08-15T11:00:00+07:00"
T3 = "2022-08-15T12:00:00+07:00"


def article(article_id: str = "rgmwym370", **changes: Any) -> Article:
    base = {
        "title": "Harga Kedelai Naik",
        "lead": "Perajin tempe mengeluh.",
        "body": "Harga kedelai naik.\n\nPerajin tempé mengeluh.",
    }
    text_of_it = {**base, **{name: changes[name] for name in base if name in changes}}
    values = {
        "id": article_id,
        "url": f"https://republika.co.id/berita/{article_id}/harga-kedelai",
        "published_at": "2022-08-15T09:15:00+07:00",
        "published_raw": "Senin 15 Aug 2022 09:15 WIB",
        "published_from": "page",
        "section": "Ekonomi > Pangan",
        "reporters": ["Contoh Reporter"],
        "editors": ["Contoh Redaktur"],
        "dateline": "BANDUNG",
        "word_count": 6,
        "language": "id",
        "kind": "article",
        "layout": "wrap_detail",
        "content_hash": content_hash(**text_of_it),
        "parser_version": "1",
        "tags": ["tempe", "kedelai"],
        "images": [
            Image(url="https://static.republika.co.id/1.jpg", caption="Kedelai"),
            Image(url="https://static.republika.co.id/2.jpg", credit="Antara"),
        ],
        "related": [Related(related_id="r2puuz396", url="https://republika.co.id/x", title="X")],
    }
    return Article(**{**values, **text_of_it, **changes})


def capture(number: int = 1, **changes: Any) -> Capture:
    values = {
        "article_id": "rgmwym370",
        "url": "https://republika.co.id/berita/rgmwym370",
        "fetched_at": T1,
        "status": 200,
        "payload_type": "text/html",
        "digest": "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
        "file": "a.warc.gz",
        "offset": number,
        "length": 100,
    }
    return Capture(**{**values, **changes})


def save(
    store: Store,
    article: Article,
    *,
    now: str,
    visit: Visit = Visit(),  # noqa: B008
    lacking: str | None = None,
) -> Outcome:
    """Store a record as a fetch at this moment gives it."""
    return store.settle(article.id, Read(article, visit, lacking), now=now).outcome


def refuse(
    store: Store,
    page_id: str,
    url: str,
    state: Literal["rejected", "gone", "failed"],
    reason: str,
    *,
    now: str,
    visit: Visit = Visit(),  # noqa: B008
    wait: timedelta = timedelta(),
) -> None:
    """Store that a fetch at this moment gave no record."""
    store.settle(page_id, Refused(state, reason, url, visit, wait), now=now)


def counts(**changes: int) -> dict[str, int]:
    return {**dict.fromkeys(COUNTS, 0), **changes}


def of_version_0_1(path: Path) -> dict[str, list[dict[str, Any]]]:
    """A database as the first release left it: with a record, pages of every state, a killed run.

    Gives what stands in its tables.
    """
    record = {field.name: getattr(article(), field.name) for field in fields(Article)[:24]}
    record |= {name: json.dumps(record[name]) for name in ("reporters", "editors", "sources")}
    record |= {"fetched_at": T1, "first_seen_at": T1, "updated_at": T1}
    page = {"url": "https://x", "attempts": 1, "http_status": 200, "found_at": T1, "fetched_at": T2}
    states = ["stored", "pending", "rejected", "gone", "failed"]
    run = {"spider": "backfill", "arguments": "{}", "versions": "{}", "started_at": T1, "found": 5}
    former = {name: record[name] for name in record if name not in {"id", "first_seen_at"}}
    del former["updated_at"]
    lists = {"tags": "[]", "images": "[]", "related": "[]"}
    captured = asdict(capture())
    del captured["revisit"]
    with Database(path) as db:
        apply(db, stop_before="ledger")
        for table, row in [
            ("articles", record),
            ("tags", {"id": 1, "name": "kedelai"}),
            ("article_tags", {"article_id": "rgmwym370", "tag_id": 1}),
            ("images", {"article_id": "rgmwym370", "position": 0, "url": "https://y"}),
            (
                "related",
                {"article_id": "rgmwym370", "position": 0, "url": "https://z", "title": ""},
            ),
            ("revisions", {"article_id": "rgmwym370", "seen_at": T1, **former, **lists}),
            *(
                ("pages", {"id": page_id, "state": state, "reason": state, **page})
                for page_id, state in zip(["rgmwym370", *"bcde"], states, strict=True)
            ),
            ("captures", {**captured, "id": 1}),
            ("captures", {**captured, "id": 2, "status": 304, "offset": 2}),
            ("runs", {"id": 1, **run}),
        ]:
            db.table(table).insert(row)
        assert not db.table("listings").exists()
        return tables(db)


def tables(db: Database) -> dict[str, list[dict[str, Any]]]:
    names = ["articles", *sorted(set(db.table_names()) - {"articles"})]
    return {
        name: list(db.table(name).rows)
        for name in names
        if not name.startswith(("_", "articles_fts", "sqlite_"))
    }
