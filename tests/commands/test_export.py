"""`scrapy export`: what is in the file, in each format."""

from __future__ import annotations

import csv
import gzip
import json
import sqlite3
from dataclasses import asdict
from typing import Any

import pandas
import pyarrow.json
import pytest
from backports import zstd
from pyarrow import parquet

from crawler.query.export import RECORD, SCHEMA_ORG
from tests.commands.exporting import FIRST, SECOND, SUFFIXES, THIRD, lines
from tests.helpers import fill
from tests.records import T1, article

ARTICLES = (FIRST, SECOND, THIRD)


def expected(one) -> dict:
    """The record as it was stored."""
    record = asdict(one)
    record["tags"] = sorted(record["tags"])
    return {
        **record,
        "fetched_at": T1,
        "first_seen_at": T1,
        "updated_at": T1,
        "published_day": one.published_at[:10],
        "status": "stored",
        "withdrawn_at": None,
    }


# --- what is in the file ----------------------------------------------------------------------


def test_every_record_is_exported_whole_by_date_and_id(export):
    assert lines(export("a.jsonl")) == [expected(one) for one in ARTICLES]


def test_pictures_come_by_position_whatever_order_they_are_stored_in(export, tmp_path):
    database = fill(tmp_path / "a.db", FIRST)
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE images SET rowid = 100 - rowid")
    connection.close()
    (line,) = lines(export("a.jsonl", database=database))
    assert line["images"] == expected(FIRST)["images"]


@pytest.mark.parametrize(("suffix", "opened"), [(".gz", gzip.open), (".zst", zstd.open)])
@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_compressed_it_is_the_same(export, kind, suffix, opened):
    plain, packed = export(f"a.{kind}"), export(f"a.{kind}{suffix}")
    with opened(packed) as file:
        assert file.read() == plain.read_bytes()
    assert packed.read_bytes() == export(f"b.{kind}{suffix}").read_bytes()


def test_every_line_has_the_same_types(export):
    path = export("a.jsonl")
    table = pyarrow.json.read_json(path)
    assert table.num_rows == 3
    schema = {field.name: str(field.type) for field in table.schema}
    assert {schema[name] for name in ("reporters", "editors", "sources", "tags")} == {
        "list<item: string>"
    }
    assert schema["partial"] == "bool"
    assert schema["word_count"] == "int64"
    frame = pandas.read_json(path, lines=True)
    assert list(frame["title"]) == [one.title for one in ARTICLES]
    assert frame["images"][0][1] == {
        "url": "https://static.republika.co.id/2.jpg",
        "caption": None,
        "credit": "Antara",
    }


def test_parquet_says_the_same_in_types(export):
    table = parquet.read_table(export("a.parquet"))
    schema = {field.name: str(field.type) for field in table.schema}
    moments = {"published_at", "modified_at", "fetched_at", "first_seen_at", "updated_at"}
    assert {schema[name] for name in moments} == {"timestamp[ms, tz=+07:00]"}
    assert "struct<related_id: string, url: string, title: string>" in schema["related"]
    records = table.to_pylist()
    for record in records:
        for name in moments:
            record[name] = record[name] and record[name].isoformat()
    assert records == [expected(one) for one in ARTICLES]


def test_parquet_of_many_row_groups_is_whole(export, monkeypatch):
    monkeypatch.setattr("crawler.query.export._ROW_GROUP", 2)
    assert parquet.read_table(export("a.parquet"))["id"].to_pylist() == [one.id for one in ARTICLES]


def test_csv_loads_and_has_lists_as_json(export):
    path = export("a.csv")
    frame = pandas.read_csv(path)
    assert list(frame.columns) == [field.name for field in RECORD]
    assert list(frame["body"]) == [one.body for one in ARTICLES]
    assert list(frame["partial"]) == [False, True, False]
    assert [json.loads(cell) for cell in frame["reporters"]] == [one.reporters for one in ARTICLES]
    assert json.loads(frame["images"][2]) == expected(THIRD)["images"]
    assert pandas.isna(frame["lead"][1])


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\u00a0@", "＝"])
def test_no_cell_of_csv_begins_like_a_formula(export, tmp_path, begins):
    title = f"{begins}1+1"
    path = export(
        "a.csv", "--fields", "title,id", database=fill(tmp_path / "a.db", article(title=title))
    )
    with path.open(newline="") as file:
        assert list(csv.reader(file)) == [["title", "id"], [f"'{title}", "rgmwym370"]]


def test_csv_for_excel_begins_with_a_mark(export):
    assert export("a.csv", "--bom").read_bytes() == (b"\xef\xbb\xbf" + export("b.csv").read_bytes())


def test_the_names_may_be_those_of_schema_org(export):
    first, second, _ = lines(export("a.jsonl", "--schema-org"))
    assert first == {
        "identifier": FIRST.id,
        "url": FIRST.url,
        "headline": FIRST.title,
        "description": FIRST.lead,
        "datePublished": FIRST.published_at,
        "dateModified": FIRST.modified_at,
        "articleSection": "Ekonomi > Pangan",
        "author": [{"@type": "Person", "name": "Contoh Reporter"}],
        "editor": [{"@type": "Person", "name": "Contoh Redaktur"}],
        "isBasedOn": [{"@type": "CreativeWork", "name": "Antara"}],
        "dateline": "BANDUNG",
        "articleBody": FIRST.body,
        "wordCount": 6,
        "inLanguage": "id",
        "keywords": ["kedelai", "tempe"],
        "image": [
            {
                "@type": "ImageObject",
                "url": "https://static.republika.co.id/1.jpg",
                "caption": "Kedelai",
                "creditText": None,
            },
            {
                "@type": "ImageObject",
                "url": "https://static.republika.co.id/2.jpg",
                "caption": None,
                "creditText": "Antara",
            },
        ],
        "mentions": [
            {
                "@type": "CreativeWork",
                "identifier": "r2puuz396",
                "url": "https://republika.co.id/x",
                "headline": "X",
            }
        ],
    }
    assert second["author"] == second["image"] == second["keywords"] == []
    assert parquet.read_table(export("a.parquet", "--schema-org")).column_names == [
        field.name for field in SCHEMA_ORG
    ]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_fields_are_chosen_and_ordered(export, suffix):
    path = export(f"a{suffix}", "--fields", "tags, id,title,id")
    if suffix == ".parquet":
        names = parquet.read_table(path).column_names
    else:
        names = list(
            pandas.read_json(path, lines=True) if suffix == ".jsonl" else pandas.read_csv(path)
        )
    assert names == ["tags", "id", "title"]


@pytest.mark.parametrize(
    ("args", "wanted"),
    [
        (["--since", "2022-08-11"], [SECOND, THIRD]),
        (["--until", "2022-08-10"], [FIRST]),
        (["--since", "2022-08-10", "--until", "2022-08-12"], [FIRST, SECOND, THIRD]),
        (["--section", "ekonomi"], [FIRST, THIRD]),
        (["--kind", "gallery"], [SECOND]),
        (["--no-partial"], [FIRST, THIRD]),
        (["--min-words", "6"], [FIRST, THIRD]),
        (["--kind", "article", "--min-words", "100", "--since", "2022-08-12"], [THIRD]),
    ],
)
def test_articles_are_chosen(export, args, wanted):
    assert [line["id"] for line in lines(export("a.jsonl", *args))] == [one.id for one in wanted]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_of_an_empty_database_the_file_is_valid_and_empty(run, tmp_path, suffix):
    database, path = fill(tmp_path / "a.db"), tmp_path / f"a{suffix}"
    code, out, err = run("export", "-o", str(path), database=database)
    assert (code, out, err) == (0, f"no article matches: {path}\n", "")
    names = [field.name for field in RECORD]
    if suffix == ".parquet":
        table = parquet.read_table(path)
        assert (table.num_rows, table.column_names) == (0, names)
        return
    opened: Any = {".gz": gzip.open, ".zst": zstd.open}.get(path.suffix, open)
    with opened(path, "rt") as file:
        assert file.read() == (f"{','.join(names)}\n" if ".csv" in suffix else "")
