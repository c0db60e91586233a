"""The raw page of a capture, by a connection that only reads."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from crawler.captures.payloads import decode_payload
from crawler.captures.rows import declared_type, has_changed, read_row
from crawler.database.captures import Capture

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

_NAMES = [field.name for field in fields(Capture)]
_COLUMNS = ", ".join(_NAMES)
_CAPTURE = f"SELECT {_COLUMNS} FROM captures WHERE id = ?"  # noqa: S608
_LAST = """
    SELECT id FROM captures WHERE article_id = ? AND status = 200 ORDER BY fetched_at DESC, id DESC
"""
_ORIGINAL = f"""
    SELECT {_COLUMNS} FROM captures WHERE digest = ? AND NOT revisit
    ORDER BY fetched_at DESC LIMIT 1
"""  # noqa: S608


def last_capture(database: sqlite3.Connection, article_id: str) -> int | None:
    """The number of the last capture that shows an article; None where there is none."""
    found = database.execute(_LAST, [article_id]).fetchone()
    return int(found[0]) if found else None


def raw_page(database: sqlite3.Connection, folder: Path, number: int) -> tuple[bytes, str] | None:
    """The page of a capture, unpacked, and its type; None where there is no such capture.

    Raises CaptureError where it cannot be read.
    """
    capture = _row(database, _CAPTURE, number)
    if capture is None:
        return None
    response = read_row(folder, capture)
    if capture.revisit:
        original = _row(database, _ORIGINAL, capture.digest)
        if original is None:
            raise has_changed(folder / capture.file)
        response = response.filled(read_row(folder, original))
    page = decode_payload(response.headers, response.payload)
    is_html = declared_type(response.headers) in (None, "text/html", "application/xhtml+xml")
    return page, "text/html" if is_html else "text/plain"


def _row(database: sqlite3.Connection, sql: str, value: object) -> Capture | None:
    found = database.execute(sql, [value]).fetchone()
    return Capture(**dict(zip(_NAMES, found, strict=True))) if found else None
