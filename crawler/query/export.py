"""Articles as one file: JSON Lines, CSV or Parquet, under our own names or those of schema.org."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Any, Literal

import orjson

from crawler.query.filter import IS_GONE, WITHDRAWN_AT

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from crawler.query.filter import Filter

Row = tuple[Any, ...]

_ROW_GROUP = 1000  # rows of Parquet, some 4 MB
_PAGE = 2**16  # bytes, of a column in it
_BATCH = 100  # rows between two looks at how far it is

_CELL = 32_767  # characters that Excel keeps of a cell
# What a spreadsheet takes for a formula, also after blanks, and in full width.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the file."""

    name: str
    sql: str = ""  # what gives it, JSON of a list; else the column of its name
    type: Literal["text", "moment", "day", "integer", "flag", "list"] = "text"
    parts: tuple[str, ...] = ()  # of each object in a list; else its items are texts


def _things(name: str, kind: str, column: str, parts: dict[str, str]) -> Field:
    """A field with a list of objects of one kind, made of a column's list of objects.

    ``parts``: by the name of each of their values, the key that it has in the column; without a key
    the list's items themselves.
    """
    values = {
        part: f"json_extract(value, '$.{key}')" if key else "value" for part, key in parts.items()
    }
    made = ", ".join(f"'{part}', {sql}" for part, sql in values.items())
    sql = (
        f"(SELECT json_group_array(json_object('@type', '{kind}', {made}))"  # noqa: S608
        f" FROM json_each({column}))"
    )
    return Field(name, sql, "list", ("@type", *parts))


RECORD = (
    Field("id"),
    Field("url"),
    Field("title"),
    Field("lead"),
    Field("published_at", type="moment"),
    Field("published_raw"),
    Field("published_from"),
    Field("modified_at", type="moment"),
    Field("section"),
    Field("reporters", type="list"),
    Field("editors", type="list"),
    Field("sources", type="list"),
    Field("dateline"),
    Field("body"),
    Field("word_count", type="integer"),
    Field("language"),
    Field("kind"),
    Field("partial", "iif(partial, 'true', 'false')", "flag"),
    Field("layout"),
    Field("content_hash"),
    Field("parser_version"),
    Field("fetched_at", type="moment"),
    Field("first_seen_at", type="moment"),
    Field("updated_at", type="moment"),
    # As the column, which an older file has not got.
    Field("published_day", "substr(published_at, 1, 10)", "day"),
    Field("status", f"iif({IS_GONE}, 'gone', 'stored')"),
    Field("withdrawn_at", WITHDRAWN_AT, "moment"),
    Field("tags", type="list"),
    Field("images", type="list", parts=("url", "caption", "credit")),
    Field("related", type="list", parts=("related_id", "url", "title")),
)
# A field more, where near-duplicates are looked for.
NEAR_DUPLICATE_OF = Field(
    "near_duplicate_of",
    "(SELECT near_duplicate_of FROM near_duplicates WHERE near_duplicates.id = articles.id)",
)
SCHEMA_ORG = (  # NewsArticle
    Field("identifier", "id"),
    Field("url"),
    Field("headline", "title"),
    Field("description", "lead"),
    Field("datePublished", "published_at", "moment"),
    Field("dateModified", "modified_at", "moment"),
    Field("articleSection", "section"),
    _things("author", "Person", "reporters", {"name": ""}),
    _things("editor", "Person", "editors", {"name": ""}),
    _things("isBasedOn", "CreativeWork", "sources", {"name": ""}),
    Field("dateline"),
    Field("articleBody", "body"),
    Field("wordCount", "word_count", "integer"),
    Field("inLanguage", "language"),
    Field("keywords", "tags", "list"),
    _things(
        "image",
        "ImageObject",
        "images",
        {"url": "url", "caption": "caption", "creditText": "credit"},
    ),
    _things(
        "mentions",
        "CreativeWork",
        "related",
        {"identifier": "related_id", "url": "url", "headline": "title"},
    ),
)


def choose(fields: Sequence[Field], names: str) -> list[Field]:
    """The fields of these names, with commas between, in their order; raises ValueError."""
    known = {field.name: field for field in fields}
    wanted = list(dict.fromkeys(name.strip() for name in names.split(",")))
    if unknown := [name for name in wanted if name not in known]:
        raise ValueError(f"unknown field {unknown[0]!r}; known are {', '.join(known)}")
    return [known[name] for name in wanted]


def count(database: sqlite3.Connection, wanted: Filter) -> int:
    """How many articles are asked for."""
    (number,) = database.execute(
        f"SELECT count(*) FROM articles WHERE {wanted.where()}",  # noqa: S608
        wanted.values,
    ).fetchone()
    return int(number)


def rows(
    database: sqlite3.Connection,
    fields: Sequence[Field],
    wanted: Filter,
    done: Callable[[int], None],
    limit: int | None = None,
) -> Iterator[Row]:
    """The articles' fields, by moment of publication and id, which follow them.

    ``done`` is told how many more are; ``limit``: only the first of them.
    """
    columns = ", ".join(field.sql or field.name for field in fields)
    cursor = database.execute(
        f"SELECT {columns}, published_at, id FROM articles INDEXED BY articles_published_at"  # noqa: S608
        f" JOIN article_lists USING (id) WHERE {wanted.where()} ORDER BY published_at",
        wanted.values,
    )
    number = 0
    for row in islice(_in_order(cursor), limit):
        yield row
        number += 1
        if number == _BATCH:
            done(number)
            number = 0
    done(number)


def _in_order(rows: Iterable[Row]) -> Iterator[Row]:
    """By id where the moment is the same: SQLite would sort whole texts, half as fast."""
    for _, same in groupby(rows, key=itemgetter(-2)):
        yield from sorted(same, key=itemgetter(-1))


def write_jsonl(file: IO[bytes], fields: Sequence[Field], articles: Iterable[Row]) -> None:
    """An object a line. A list is always a list; what is absent is null."""
    names = [field.name for field in fields]
    made = [n for n, field in enumerate(fields) if field.type in ("flag", "list")]  # JSON already
    made_names = [names[n] for n in made]
    json, as_it_is = orjson.dumps, orjson.Fragment
    for row in articles:
        record = dict(zip(names, row))  # noqa: B905  # without what follows them
        record.update(zip(made_names, [as_it_is(row[n]) for n in made], strict=True))
        file.write(json(record, option=orjson.OPT_APPEND_NEWLINE))


def write_csv(
    file: IO[bytes],
    fields: Sequence[Field],
    articles: Iterable[Row],
    *,
    bom: bool = False,
    excel: bool = False,
) -> None:
    """Comma-separated, with a header; lists as JSON, and no cell that begins like a formula.

    ``excel``: as an Excel that is set to Indonesian opens it: a BOM, semicolons, lists as texts
    with commas between, and moments without a zone (Jakarta's), which it takes for dates.
    """
    bom = bom or excel
    text = io.TextIOWrapper(file, "utf-8-sig" if bom else "utf-8", newline="")
    writer = csv.writer(text, delimiter=";" if excel else ",")
    plain = ("text", "list") if excel else ("text",)  # JSON of a list begins with [
    texts = [n for n, field in enumerate(fields) if field.type in plain]
    try:
        writer.writerow([field.name for field in fields])
        for row in articles:
            cells = list(row[: len(fields)])
            if excel:
                cells = [_for_excel(field, cell) for field, cell in zip(fields, cells, strict=True)]
            for n in texts:
                if cells[n] and _FORMULA.match(cells[n]):
                    cells[n] = f"'{cells[n]}"
            writer.writerow(cells)
    finally:
        text.detach()  # and write what is left


def _for_excel(field: Field, cell: Any) -> Any:
    if field.type == "moment" and cell:
        return cell[:19].replace("T", " ")
    if field.type == "list" and not field.parts and cell:
        return ", ".join(orjson.loads(cell))
    return cell[:_CELL] if isinstance(cell, str) else cell


def write_parquet(file: IO[bytes], fields: Sequence[Field], articles: Iterable[Row]) -> None:
    """Typed columns: moments of +07:00, lists of texts or of structs; compressed with zstd."""
    import pyarrow
    from pyarrow import json, parquet

    pyarrow.set_memory_pool(pyarrow.system_memory_pool())  # keeps less than its own
    text = pyarrow.string()
    types = {
        "text": text,
        "moment": pyarrow.timestamp("ms", "+07:00"),
        "day": text,
        "integer": pyarrow.int64(),
        "flag": pyarrow.bool_(),
        "list": pyarrow.list_(text),
    }
    schema = pyarrow.schema(
        (
            field.name,
            pyarrow.list_(pyarrow.struct([(part, text) for part in field.parts]))
            if field.parts
            else types[field.type],
        )
        for field in fields
    )
    parsing = json.ParseOptions(explicit_schema=schema)
    # Without dictionaries, which would fill up with texts before they are let go.
    with parquet.ParquetWriter(
        file, schema, compression="zstd", use_dictionary=False, data_page_size=_PAGE
    ) as writer:
        rows = iter(articles)
        while True:
            # By way of JSON, which Arrow reads in a third of the memory of Python's objects.
            lines = io.BytesIO()
            write_jsonl(lines, fields, islice(rows, _ROW_GROUP))
            if not (size := lines.tell()):
                break
            lines.seek(0)
            reading = json.ReadOptions(use_threads=False, block_size=size)
            writer.write_table(json.read_json(lines, reading, parsing))
