"""What Datasette is told of the database and which charts it draws: ``metadata.yml``, read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette.utils import parse_metadata  # type: ignore[import-untyped]

from crawler.dates import DAY_END

_FILE = Path(__file__).with_suffix(".yml")
# The days that the charts are about: those that the reader gave, or the last 90 that are stored; a
# date yet to come, as a page may print by mistake, is not the last.
_SPAN = f"""span AS (
    SELECT coalesce(nullif(:since, ''), date(last, '-89 days')) AS since,
        coalesce(nullif(:until, ''), last) || '{DAY_END}' AS until
    FROM (
        SELECT substr(max(published_at), 1, 10) AS last FROM articles
        WHERE published_at < date('now', '+7 hours', '+1 day')
    )
)"""  # noqa: S608
HAS_ARTICLES = f"""
    WITH {_SPAN} SELECT 1 FROM span, articles
    WHERE published_at >= since AND published_at < span.until LIMIT 1
"""  # noqa: S608


def metadata() -> dict[str, Any]:
    """The metadata in Datasette's form."""
    text = _FILE.read_text(encoding="utf-8")
    read: dict[str, Any] = parse_metadata(text.replace("$SPAN", " ".join(_SPAN.split())))
    return read
