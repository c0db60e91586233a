"""An article's rows in a database, read and written as one opinion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.database.connection import rows_of
from crawler.database.merging.opinions import Opinion, opinion_of
from crawler.database.records import COLUMNS, LISTS, REVISED, from_row

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from crawler.database.store import Store

REVISION = (*REVISED, *LISTS, *"seen_at run_id changes shrunk again again_at".split())
PAGE = """
    id url state reason attempts http_status found_at found_in listed_at fetched_at next_check_at
    failures found_run etag last_modified gone_at back_at
""".split()
# Columns of our own, never a value.
_RECORD = f"""
    SELECT {", ".join((*COLUMNS, *LISTS))} FROM articles JOIN article_lists USING (id) WHERE id = ?
"""  # noqa: S608
_REVISIONS = f"SELECT {', '.join(REVISION)} FROM revisions WHERE article_id = ? ORDER BY id"  # noqa: S608
_PAGE = f"SELECT {', '.join(PAGE)} FROM pages WHERE id = ?"  # noqa: S608
_PUT_REVISION = f"""
    INSERT INTO revisions (article_id, {", ".join(REVISION)})
    VALUES (?, {", ".join(f":{name}" for name in REVISION)})
""".replace("?", ":article_id")  # noqa: S608
_PUT_PAGE = f"""
    INSERT INTO pages ({", ".join(PAGE)}) VALUES ({", ".join(f":{name}" for name in PAGE)})
    ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in PAGE[1:])}
"""  # noqa: S608


def read_opinion(
    connection: sqlite3.Connection, article_id: str, keys: Mapping[int, str]
) -> Opinion:
    """What the tables of a database hold of an article; ``keys``: of its runs, by their number."""
    records = [from_row(row) for row in rows_of(connection, _RECORD, [article_id])]
    revisions = rows_of(connection, _REVISIONS, [article_id])
    pages = rows_of(connection, _PAGE, [article_id])
    for row, name in (
        *((row, "run_id") for row in revisions),
        *((row, "found_run") for row in pages),
    ):
        row[name] = keys.get(row[name])
    found = Opinion(records[0] if records else None, revisions, pages[0] if pages else None)
    return opinion_of(found.text)  # with lists for tuples, as all the others


def write_opinion(
    store: Store, article_id: str, opinion: Opinion, numbers: Mapping[str, int]
) -> None:
    """Have the tables hold this of an article; ``numbers``: of the runs, by their key."""
    execute = store.connection.execute
    if opinion.record:
        store.articles.put(opinion.record)
    else:
        execute("DELETE FROM articles WHERE id = ?", [article_id])
    execute("DELETE FROM revisions WHERE article_id = ?", [article_id])
    for row in opinion.revisions if opinion.record else ():
        execute(
            _PUT_REVISION, {**row, "article_id": article_id, "run_id": numbers.get(row["run_id"])}
        )
    if page := opinion.page:
        execute(_PUT_PAGE, {**page, "found_run": numbers.get(page["found_run"])})
        # After the triggers, which take the change for one of now.
        execute(
            "UPDATE pages SET gone_at = :gone_at, back_at = :back_at WHERE id = :id",
            {name: page[name] for name in ("id", "gone_at", "back_at")},
        )
