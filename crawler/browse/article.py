"""One article with all that the database has of it, as a reader needs it."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawler.dates import WIB

if TYPE_CHECKING:
    from datasette.database import Database  # type: ignore[import-untyped]

_ARTICLE = "SELECT * FROM articles JOIN article_lists USING (id) WHERE id = :id"
_RELATED = """
    SELECT related.title, related.url, articles.id FROM related
    LEFT JOIN articles ON articles.id = related_id WHERE article_id = :id ORDER BY position
"""
_REVISIONS = """
    SELECT id, seen_at, run_id, changes, shrunk FROM revisions
    WHERE article_id = :id ORDER BY id DESC
"""
_CAPTURES = """
    SELECT id, url, fetched_at, status, revisit, file, offset, length FROM captures
    WHERE article_id = :id ORDER BY fetched_at DESC
"""
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)


async def read(db: Database, article_id: str) -> dict[str, Any] | None:
    """The article as its page shows it; None where there is no record."""

    async def rows(sql: str) -> list[dict[str, Any]]:
        return [dict(row) for row in (await db.execute(sql, {"id": article_id})).rows]

    found = await rows(_ARTICLE)
    if not found:
        return None
    (article,) = found
    pages = await rows("SELECT state, reason, fetched_at, gone_at FROM pages WHERE id = :id")
    return {
        **article,
        **{name: json.loads(article[name]) for name in ("reporters", "editors", "sources", "tags")},
        "href": web_address(article["url"]),
        "paragraphs": article["body"].split("\n\n"),
        "page": pages[0] if pages else None,
        "images": [
            {**image, "href": web_address(image["url"])} for image in json.loads(article["images"])
        ],
        "related": [{**row, "href": web_address(row["url"])} for row in await rows(_RELATED)],
        "revisions": [
            {**row, "changes": changed_fields(row["changes"] or "")}
            for row in await rows(_REVISIONS)
        ],
        "captures": await rows(_CAPTURES),
    }


def web_address(url: str) -> str | None:
    """The address if it may be a link: of the web, and no script or data."""
    return url if _WEB.match(url) else None


def changed_fields(changes: str) -> list[dict[str, Any]]:
    """Fields that a revision names as changed, and of each its lines as (mark, text)."""
    fields: list[dict[str, Any]] = []
    for line in changes.splitlines():
        mark, text = line[:1], line[2:]
        if mark in {"-", "+", "…"} and fields:
            fields[-1]["lines"].append((mark, text))
        elif line:
            fields.append({"name": line, "lines": []})
    return fields


def moment(text: str | None) -> str:
    """A moment of the database for a reader: ``15 August 2022, 09:15 WIB``."""
    try:
        at = datetime.fromisoformat(text or "").astimezone(WIB)
    except ValueError:
        return text or ""
    return f"{at.day} {at:%B %Y, %H:%M} WIB"
