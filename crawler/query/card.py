"""A dataset card: what a file of articles holds and where it is from, in Hugging Face's form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from crawler import __version__

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from crawler.query.export import Field
    from crawler.query.filter import Filter

MADE = "<!-- made by scrapy export --card -->"

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_MOST_SECTIONS = 20
_CHOSEN = """
    CREATE TEMP TABLE chosen AS SELECT rowid AS row FROM articles WHERE {where}
    ORDER BY published_at, id LIMIT :limit
"""
_OVER = "articles WHERE rowid IN (SELECT row FROM chosen)"
_LICENCE = """\
The texts and photos belong to the publisher, Republika. Nobody has licensed them: `license: other`
says that, and no more. Ask the publisher before you use them or pass them on."""


def card(
    database: sqlite3.Connection,
    fields: Sequence[Field],
    wanted: Filter,
    limit: int | None,
    file: str,
    pages: int | None = None,
) -> str:
    """The text of the card of ``file``, which has these fields of these articles.

    ``pages``: of how many an archive has the page; it has no fields.
    """
    database.execute(_CHOSEN.format(where=wanted.where()), {**wanted.values, "limit": limit or -1})
    try:
        metadata = _metadata(database, fields, file)
        return "\n".join([*metadata, *_text(database, fields, file, pages)])
    finally:
        database.execute("DROP TABLE chosen")


def _metadata(database: sqlite3.Connection, fields: Sequence[Field], file: str) -> Iterator[str]:
    (number,) = _row(database, "count(*)")
    languages = [language for language, _ in _counts(database, "language")]
    yield "---"
    yield "pretty_name: Republika articles"
    yield f"language: {json.dumps(languages)}"
    yield "license: other"
    yield f"size_categories: [{next((name for most, name in _SIZES if number < most), '1M<n<10M')}]"
    yield "tags: [news, indonesia]"
    if not fields:  # an archive, which is not loaded as rows
        yield "---"
        return
    yield "configs:"
    yield "- config_name: default"
    yield f"  data_files: {json.dumps(file)}"
    yield "dataset_info:"  # so that nothing is inferred, as of a field that begins with nulls
    yield "  features:"
    for field in fields:
        yield from _feature(field, file)
    yield "---"


def _feature(field: Field, file: str) -> Iterator[str]:
    yield f"  - name: {field.name}"
    if field.type == "list" and ".csv" not in file:
        if not field.parts:
            yield "    list: string"
            return
        yield "    list:"
        for part in field.parts:
            yield f"    - name: {json.dumps(part)}"
            yield "      dtype: string"
    else:
        yield f"    dtype: {_type(field, file)}"


def _type(field: Field, file: str) -> str:
    types = {"integer": "int64", "flag": "bool"}
    if ".csv" not in file:
        # What else is read of JSON Lines loses its zone, and days get a time.
        types |= {"moment": "timestamp[ms, tz=+07:00]", "day": "date32"}
    return types.get(field.type, "string")


def _text(
    database: sqlite3.Connection, fields: Sequence[Field], file: str, pages: int | None
) -> Iterator[str]:
    number, first, last, fetched, until, words = _row(
        database,
        "count(*), min(published_at), max(published_at), min(fetched_at), max(fetched_at),"
        " sum(word_count)",
    )
    yield f"\n{MADE}\n\n# Republika articles\n"
    yield f"News articles of [Republika](https://republika.co.id), Indonesia, in `{file}`.\n"
    yield "| | |\n|---|---|"
    yield f"| articles | {number:,} |"
    if pages is not None:
        yield f"| of them with a page in the archive | {pages:,} |"
    yield f"| words | {words or 0:,} |"
    yield f"| published | {_day(first)} to {_day(last)} |"
    yield f"| pages fetched | {_day(fetched)} to {_day(until)} |"
    for name in ("language", "kind", "parser_version"):
        yield f"| {name} | {', '.join(f'{value}: {n:,}' for value, n in _counts(database, name))} |"
    if fields:
        yield "\n## Fields\n\n| field | type | filled |\n|---|---|---|"
    filled = _row(database, ", ".join(_filled(field) for field in fields)) if fields else ()
    for field, count in zip(fields, filled, strict=True):
        kind = "list" if field.type == "list" else _type(field, file)
        yield f"| `{field.name}` | {kind} | {100 * (count or 0) / max(number, 1):.0f} % |"
    yield f"\n## Sections\n\nThe largest {_MOST_SECTIONS}:\n\n| section | articles |\n|---|---|"
    for section, count in _counts(database, "section")[:_MOST_SECTIONS]:
        yield f"| {(section or '(none)').replace('|', ' ')} | {count:,} |"
    yield "\n## Where it is from\n"
    yield f"Crawled by republika-crawler {__version__}, which obeys robots.txt. What asked its runs"
    yield "not to use the site for training:\n"
    yield from [f"- {signal}" for signal in _signals(database)] or ["- nothing was seen"]
    yield f"\n## Licence\n\n{_LICENCE}\n"


def _row(database: sqlite3.Connection, columns: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] = database.execute(f"SELECT {columns} FROM {_OVER}").fetchone()  # noqa: S608
    return row


def _counts(database: sqlite3.Connection, column: str) -> list[tuple[str, int]]:
    return database.execute(
        f"SELECT {column}, count(*) AS number FROM {_OVER} GROUP BY 1 ORDER BY number DESC, 1"  # noqa: S608
    ).fetchall()


def _filled(field: Field) -> str:
    """How many articles have a value there; those with lists of other tables are joined by id."""
    value = field.sql or field.name
    if field.type == "list":
        lists = f"(SELECT {value} FROM article_lists WHERE article_lists.id = articles.id)"  # noqa: S608
        return f"sum({lists} != '[]')"
    return f"sum({value} IS NOT NULL AND {value} != '')"


def _signals(database: sqlite3.Connection) -> list[str]:
    """What the runs have noted; a database that no run of this version has written has none."""
    columns = {row[1] for row in database.execute("PRAGMA main.table_info(runs)")}
    if "signals" not in columns:
        return []
    return [
        signal
        for (signal,) in database.execute(
            "SELECT DISTINCT key FROM runs, json_each(runs.signals) WHERE signals IS NOT NULL"
            " ORDER BY key"
        )
    ]


def _day(moment: str | None) -> str:
    return (moment or "never")[:10]
