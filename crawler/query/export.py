"""Articles as one file: JSON Lines, CSV or Parquet, under our own names or those of schema.org."""

from __future__ import annotations

import csv
import fcntl
import gzip
import io
import os
import re
import shutil
import signal
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import orjson

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd  # which Scrapy brings

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from crawler.query.filter import Filter

Row = tuple[Any, ...]

_BUFFER = 2**20  # bytes
_ROW_GROUP = 1000  # rows of Parquet, some 4 MB
_PAGE = 2**16  # bytes, of a column in it
_BATCH = 100  # rows between two looks at how far it is

# What a spreadsheet takes for a formula, also after blanks, and in full width.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the file."""

    name: str
    sql: str = ""  # what gives it, JSON of a list; else the column of its name
    type: Literal["text", "moment", "integer", "flag", "list"] = "text"
    parts: tuple[str, ...] = ()  # of each object in a list; else its items are texts


def _objects(name: str, rows: str, parts: dict[str, str]) -> Field:
    """A field with a list of objects; ``parts``: the SQL for each of their values."""
    made = ", ".join(f"'{part}', {sql}" for part, sql in parts.items())
    sql = f"(SELECT json_group_array(json_object({made})) FROM {rows})"  # noqa: S608
    return Field(name, sql, "list", tuple(parts))


def _named(name: str, kind: str, column: str) -> Field:
    """A field with what a JSON list of names stands for."""
    return _objects(name, f"json_each({column})", {"@type": f"'{kind}'", "name": "value"})


_TAGS = (
    "(SELECT json_group_array(name) FROM (SELECT name FROM article_tags"
    " JOIN tags ON tags.id = tag_id WHERE article_id = articles.id ORDER BY name))"
)
_IMAGES = "(SELECT * FROM images WHERE article_id = articles.id ORDER BY position)"
_RELATED = "(SELECT * FROM related WHERE article_id = articles.id ORDER BY position)"

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
    Field("tags", _TAGS, "list"),
    _objects("images", _IMAGES, {"url": "url", "caption": "caption", "credit": "credit"}),
    _objects("related", _RELATED, {"related_id": "related_id", "url": "url", "title": "title"}),
)
SCHEMA_ORG = (  # NewsArticle
    Field("identifier", "id"),
    Field("url"),
    Field("headline", "title"),
    Field("description", "lead"),
    Field("datePublished", "published_at", "moment"),
    Field("dateModified", "modified_at", "moment"),
    Field("articleSection", "section"),
    _named("author", "Person", "reporters"),
    _named("editor", "Person", "editors"),
    _named("isBasedOn", "CreativeWork", "sources"),
    Field("dateline"),
    Field("articleBody", "body"),
    Field("wordCount", "word_count", "integer"),
    Field("inLanguage", "language"),
    Field("keywords", _TAGS, "list"),
    _objects(
        "image",
        _IMAGES,
        {"@type": "'ImageObject'", "url": "url", "caption": "caption", "creditText": "credit"},
    ),
    _objects(
        "mentions",
        _RELATED,
        {"@type": "'CreativeWork'", "identifier": "related_id", "url": "url", "headline": "title"},
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
        f"SELECT count(*) FROM articles WHERE {wanted.condition}",  # noqa: S608
        wanted.values,
    ).fetchone()
    return int(number)


def rows(
    database: sqlite3.Connection,
    fields: Sequence[Field],
    wanted: Filter,
    done: Callable[[int], None],
) -> Iterator[Row]:
    """The articles' fields, by moment of publication and id, which stand behind them.

    ``done`` is told how many more are.
    """
    columns = ", ".join(field.sql or field.name for field in fields)
    # Sorted here where the moment is the same: SQLite would sort whole texts, half as fast.
    cursor = database.execute(
        f"SELECT {columns}, published_at, id FROM articles INDEXED BY articles_published_at"  # noqa: S608
        f" WHERE {wanted.condition} ORDER BY published_at",
        wanted.values,
    )
    number = 0
    for _, same in groupby(cursor, key=itemgetter(-2)):
        for row in sorted(same, key=itemgetter(-1)):
            yield row
            number += 1
            if number == _BATCH:
                done(number)
                number = 0
    done(number)


# -- the file ----------------------------------------------------------------------------------


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write, that takes the place of ``path`` when it is whole, and never before."""
    part = path.with_name(f".{path.name}.part")
    # A signal that comes while the file is made waits until it would be taken away again.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        file = _alone_in(part)
    except BaseException:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        raise
    with file:  # until it is moved away: what is there then is another's
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            yield file
            file.flush()
            os.fsync(file.fileno())
            if path.exists():
                shutil.copymode(path, part)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def _alone_in(part: Path) -> BinaryIO:
    """The file, locked and empty, whatever an export that was killed has left in it.

    Raises OSError where another export writes it.
    """
    with suppress(FileNotFoundError):
        found = part.lstat()
        # Writing through it would hang, or change a file of another name.
        if not S_ISREG(found.st_mode) or found.st_nlink > 1:
            part.unlink()
    while True:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        file = open(descriptor, "wb", buffering=_BUFFER)  # noqa: PTH123, SIM115
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with suppress(FileNotFoundError):
                if os.path.samestat(part.stat(), os.fstat(descriptor)):
                    file.truncate()
                    return file
        except BlockingIOError as error:
            file.close()
            raise BlockingIOError(error.errno, "another export writes it now") from None
        file.close()  # the one that wrote it has moved it away meanwhile


@contextmanager
def compressing(file: BinaryIO, name: str) -> Iterator[BinaryIO]:
    """The file as one to write plain bytes to, compressed if its name says so."""
    packed: Any
    if name.endswith(".gz"):  # without name and time: the same articles are the same bytes
        packed = gzip.GzipFile("", "wb", 6, file, mtime=0)
    elif name.endswith(".zst"):
        packed = zstd.ZstdFile(file, "w")
        packed.write(b"")  # else it writes no frame where nothing follows
    else:
        yield file
        return
    yield packed
    packed.close()


def write_jsonl(file: BinaryIO, fields: Sequence[Field], articles: Iterable[Row]) -> None:
    """An object a line. A list is always a list; what is absent is null."""
    names = [field.name for field in fields]
    made = [n for n, field in enumerate(fields) if field.type in ("flag", "list")]  # JSON already
    made_names = [names[n] for n in made]
    json, as_it_is = orjson.dumps, orjson.Fragment
    for row in articles:
        record = dict(zip(names, row))  # noqa: B905  # without what stands behind them
        record.update(zip(made_names, [as_it_is(row[n]) for n in made], strict=True))
        file.write(json(record, option=orjson.OPT_APPEND_NEWLINE))


def write_csv(
    file: BinaryIO, fields: Sequence[Field], articles: Iterable[Row], *, bom: bool = False
) -> None:
    """Comma-separated, with a header; lists as JSON, and no cell that begins like a formula."""
    text = io.TextIOWrapper(file, "utf-8-sig" if bom else "utf-8", newline="")
    writer = csv.writer(text)
    texts = [n for n, field in enumerate(fields) if field.type == "text"]
    try:
        writer.writerow([field.name for field in fields])
        for row in articles:
            cells = list(row[: len(fields)])
            for n in texts:
                if cells[n] and _FORMULA.match(cells[n]):
                    cells[n] = f"'{cells[n]}"
            writer.writerow(cells)
    finally:
        text.detach()  # and write what is left


def write_parquet(file: BinaryIO, fields: Sequence[Field], articles: Iterable[Row]) -> None:
    """Typed columns: moments of +07:00, lists of texts or of structs; compressed with zstd."""
    import pyarrow
    from pyarrow import json, parquet

    pyarrow.set_memory_pool(pyarrow.system_memory_pool())  # keeps less than its own
    text = pyarrow.string()
    types = {
        "text": text,
        "moment": pyarrow.timestamp("ms", "+07:00"),
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
