"""`scrapy export`: the file is whole or not there, loads in other tools, and says the same."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import asdict, replace
from typing import Any

import pandas
import pyarrow.json
import pytest
from backports import zstd
from pyarrow import parquet

from crawler.article import Image, Related
from crawler.database.store import Store
from crawler.query.export import RECORD, SCHEMA_ORG, replacing, rows
from crawler.query.filter import Filter
from crawler.query.snapshot import reading
from tests.helpers import ROOT, fill, on_terminal, scrapy, with_mounts
from tests.records import T1, article, save

FIRST = article(
    "rgm001430",
    title='Pasar "Ikan", Dibuka',
    published_at="2022-08-10T08:00:00+07:00",
    section="Ekonomi > Pangan",
    modified_at="2022-08-10T09:30:00+07:00",
    sources=["Antara"],
    word_count=6,
)
SECOND = article(
    "rgm002430",
    title="=HYPERLINK(kapal)",
    lead=None,
    body="Kapal baru.\n\nTempé untuk teluk.",
    published_at="2022-08-12T08:00:00+07:00",
    section=None,
    reporters=[],
    editors=[],
    dateline=None,
    kind="gallery",
    partial=True,
    word_count=5,
    tags=[],
    images=[],
    related=[],
)
THIRD = replace(
    article("rgm003430", title="Kebun", published_at="2022-08-12T08:00:00+07:00"),
    images=[Image(url="https://static.republika.co.id/3.jpg")],
    related=[Related(related_id=None, url="https://example.org/x", title="Y")],
    word_count=200,
)
ARTICLES = (FIRST, SECOND, THIRD)
SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".csv", ".csv.gz", ".csv.zst", ".parquet")


def expected(one) -> dict:
    """The record as it was stored."""
    record = asdict(one)
    record["tags"] = sorted(record["tags"])
    return {**record, "fetched_at": T1, "first_seen_at": T1, "updated_at": T1}


def lines(path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    # Stored in another order than that of their dates and ids.
    return fill(tmp_path_factory.mktemp("library") / "library.db", THIRD, SECOND, FIRST)


@pytest.fixture(autouse=True)
def _signals():
    """The command sets a handler, which is not for the tests' own process."""
    handler = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, handler)


@pytest.fixture
def export(run, library, tmp_path):
    """Export into a file of this name; gives its path."""

    def export(name, *args, database=library):
        path = tmp_path / name
        code, out, err = run("export", "-o", str(path), *args, database=database)
        assert (code, err) == (0, "")
        assert out.endswith(f": {path}\n")
        assert [file.name for file in tmp_path.iterdir() if file.suffix == ".part"] == []
        return path

    return export


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


# --- standard output --------------------------------------------------------------------------


def test_standard_output_takes_json_lines_and_csv(library):
    chosen = ("--fields", "id,title", "--until", "2022-08-11", "-s", f"DATABASE={library}")
    done = scrapy("export", "-o", "-", *chosen)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"id": FIRST.id, "title": FIRST.title})
    assert done.stderr == "1 articles: standard output\n"
    done = scrapy("export", "-o", "-:csv", *chosen)
    assert list(csv.reader(io.StringIO(done.stdout))) == [["id", "title"], [FIRST.id, FIRST.title]]


@pytest.mark.parametrize("form", ["-", "-:csv"])
def test_a_closed_pipe_is_one_line(library, form):
    command = [sys.executable, "-m", "scrapy", "export", "-o", form, "-s", f"DATABASE={library}"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == (
            "scrapy export: standard output cannot be written: Broken pipe\n"
        )
    assert process.returncode == 1


def test_a_terminal_shows_how_far_it_is(library, tmp_path):
    path = tmp_path / "a.jsonl"
    shown = on_terminal("export", "-o", str(path), "-s", f"DATABASE={library}")
    assert "3/3" in shown
    assert "3 articles: " in shown


# --- the file is whole or not there -----------------------------------------------------------


def large(path):
    """A database whose export takes seconds: 40 MB that do not compress."""
    fill(path, *(article(f"rgm{n:03}430", title=f"Judul {n}") for n in range(40)))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE articles SET body = hex(randomblob(500000))")
    connection.close()
    return path


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_an_export_that_is_stopped_leaves_the_older_file(tmp_path, number):
    database, path = large(tmp_path / "a.db"), tmp_path / "out" / "a.jsonl.gz"
    path.parent.mkdir()
    path.write_text("what was there before")
    command = [sys.executable, "-m", "scrapy", "export", "-o", str(path)]
    with subprocess.Popen(
        [*command, "-s", f"DATABASE={database}"], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + 60
        while not list(path.parent.glob(".a.jsonl.gz.part")):
            assert time.monotonic() < deadline, "nothing is written"
            time.sleep(0.01)
        process.send_signal(number)
        said = process.stderr.read()
    assert path.read_text() == "what was there before"
    if number != signal.SIGKILL:
        assert process.returncode == 1
        assert said == f"scrapy export: stopped; {path} is not written\n"
        assert list(path.parent.iterdir()) == [path]


def test_what_a_killed_export_left_is_taken_over(export, tmp_path):
    (tmp_path / ".a.jsonl.part").write_bytes(b"half of it\n" * 10_000)
    assert len(lines(export("a.jsonl"))) == 3
    assert list(tmp_path.iterdir()) == [tmp_path / "a.jsonl"]


def test_no_two_exports_write_one_file(run, library, tmp_path):
    path = tmp_path / "a.jsonl"
    with replacing(path) as other:
        other.write(b"what the other one writes")
        code, out, err = run("export", "-o", str(path), database=library)
    says = f"scrapy export: {path} cannot be written: another export writes it now\n"
    assert (code, out, err) == (1, "", says)
    assert path.read_text() == "what the other one writes"
    assert list(tmp_path.iterdir()) == [path]


def test_standard_output_that_is_stopped_is_said_to_be_in_part(tmp_path):
    command = [sys.executable, "-m", "scrapy", "export", "-o", "-"]
    with subprocess.Popen(
        [*command, "-s", f"DATABASE={large(tmp_path / 'a.db')}"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout.read(100)
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        said = process.stderr.read().decode()
    assert process.returncode == 1
    assert said == "scrapy export: stopped; standard output is not whole\n"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_leaves_the_older_file_and_is_one_line(tmp_path, suffix):
    database, path = tmp_path / "a.db", tmp_path / "out" / f"a{suffix}"
    fill(database, *(article(f"rgm{n:03}430", title=f"Judul {n}") for n in range(4)))
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE articles SET body = hex(randomblob(900000))")
    connection.close()
    path.parent.mkdir()
    path.write_text("what was there before")
    command = [sys.executable, "-m", "scrapy", "export", "-o", str(path)]
    done = subprocess.run(
        [*command, "-s", f"DATABASE={database}"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        # Stands in for a full disk: no file may grow beyond a megabyte.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20)),
    )
    assert done.stderr == f"scrapy export: {path} cannot be written: File too large\n"
    assert (done.returncode, done.stdout) == (1, "")
    assert path.read_text() == "what was there before"
    assert list(path.parent.iterdir()) == [path]


def test_an_older_file_is_replaced_with_its_rights(export, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("what was there before")
    path.chmod(0o640)
    assert len(lines(export("a.jsonl"))) == 3
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_and_its_file_is_replaced(export, tmp_path):
    folder, link = tmp_path / "elsewhere", tmp_path / "a.jsonl"
    folder.mkdir()
    link.symlink_to(folder / "b.jsonl")
    assert len(lines(export("a.jsonl"))) == 3
    assert link.is_symlink()
    assert len(lines(folder / "b.jsonl")) == 3


# --- the database -----------------------------------------------------------------------------


def test_a_crawl_that_writes_is_neither_held_up_nor_seen(tmp_path):
    path = fill(tmp_path / "a.db", FIRST)
    with reading(path) as connection:
        articles = rows(connection, RECORD[:1], Filter(), lambda _: None)
        with Store(path) as store:
            store.db.execute("PRAGMA busy_timeout = 0")
            save(store, SECOND, now=T1)
        assert [row[0] for row in articles] == [FIRST.id]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM articles")


def test_it_goes_on_while_a_crawl_holds_the_database_in_a_transaction(export, tmp_path):
    path = fill(tmp_path / "a.db", FIRST)
    with Store(path) as store, store.transaction():
        save(store, SECOND, now=T1)
        assert [line["id"] for line in lines(export("a.jsonl", database=path))] == [FIRST.id]


def test_a_moment_that_is_none_is_one_line(run, tmp_path):
    database, path = fill(tmp_path / "a.db", FIRST), tmp_path / "a.parquet"
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE articles SET modified_at = 'kemarin'")
    connection.close()
    code, out, err = run("export", "-o", str(path), database=database)
    assert (code, out) == (1, "")
    assert err.startswith("scrapy export: the database holds what Parquet cannot: ")
    assert len(err.splitlines()) == 1
    assert not path.exists()


# --- arguments --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ([], "give the file to write, e.g. -o corpus.jsonl"),
        (["-o", "{}/a.json"], "has an unknown suffix; known are .jsonl, .jsonl.gz"),
        (["-o", "{}/a"], "has an unknown suffix"),
        (["-o", "-:parquet"], "has an unknown suffix"),
        (["-o", "{}"], "{} is a folder; name a file in it"),
        (["-o", "{}/folder.jsonl"], "{}/folder.jsonl is a folder"),
        (["-o", "{}/pipe.jsonl"], "{}/pipe.jsonl is not a regular file"),
        (["-o", "{}/loop.jsonl"], "{}/loop.jsonl cannot be written"),
        (["-o", "{}/absent/a.jsonl"], "there is no folder {}/absent"),
        (["-o", "{}/" + "a" * 300 + ".jsonl"], "cannot be written"),
        (["-o", "{}/a.jsonl", "--since", "2022-13-01"], "--since: '2022-13-01' is not a day"),
        (["-o", "{}/a.jsonl", "--until", "besok"], "--until: 'besok' is not a day"),
        (
            ["-o", "{}/a.jsonl", "--since", "2022-08-02", "--until", "2022-08-01"],
            "--until 2022-08-01 is before --since 2022-08-02",
        ),
        (
            ["-o", "{}/a.jsonl", "--section", "ekonom"],
            "unknown section ekonom; did you mean ekonomi? known are",
        ),
        (["-o", "{}/a.jsonl", "--kind", "foto"], "--kind: invalid choice: 'foto'"),
        (["-o", "{}/a.jsonl", "--fields", "id,judul"], "unknown field 'judul'; known are id, url"),
        (["-o", "{}/a.jsonl", "--fields", "id,"], "unknown field ''"),
        (["-o", "{}/a.jsonl", "--schema-org", "--fields", "title"], "known are identifier, url"),
        (
            ["-o", "{}/a.jsonl", "--min-words", "-3"],
            "--min-words: expected a whole number of at least 1, not '-3'",
        ),
        (["-o", "{}/a.jsonl", "--bom"], "--bom is for CSV"),
        (["-o", "{}/a.jsonl", "ekonomi"], "ekonomi is not an option"),
    ],
)
def test_bad_arguments_are_one_line_and_nothing_is_written(run, library, tmp_path, args, says):
    (tmp_path / "folder.jsonl").mkdir()
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "loop.jsonl").symlink_to("loop.jsonl")
    before = sorted(tmp_path.iterdir())
    code, out, err = run("export", *(arg.format(tmp_path) for arg in args), database=library)
    assert (code, out) == (2, "")
    assert err.startswith("scrapy export: ")
    assert says.format(tmp_path) in err
    assert len(err.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("exists", [False, True])
def test_a_folder_that_is_read_only_is_one_line(library, tmp_path, exists):
    folder, file = tmp_path / "out", tmp_path / "writable"
    folder.mkdir()
    file.touch()
    mounts = [f"mount --bind {folder} {folder}", f"mount -o remount,ro,bind {folder}"]
    if exists:
        (folder / "a.csv").touch()
        mounts.append(f"mount --bind {file} {folder / 'a.csv'}")
    command = [sys.executable, "-m", "scrapy", "export", "-o", str(folder / "a.csv")]
    done = subprocess.run(
        [*with_mounts("\n".join([*mounts, 'exec "$@"'])), *command, "-s", f"DATABASE={library}"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    says = f"{folder / 'a.csv'} cannot be written: it or its folder is read-only"
    assert (done.returncode, done.stderr) == (2, f"scrapy export: {says}\n")


def test_without_pyarrow_the_remedy_is_said(library, tmp_path):
    absent = tmp_path / "absent" / "pyarrow"
    absent.mkdir(parents=True)
    (absent / "__init__.py").write_text("raise ImportError('not installed')")
    path = tmp_path / "a.parquet"
    done = scrapy(
        *("export", "-o", str(path), "-s", f"DATABASE={library}"), PYTHONPATH=str(absent.parent)
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "scrapy export: Parquet needs pyarrow, which is not installed:"
        " run make install, or pip install pyarrow, or export to .jsonl\n"
    )
    assert not path.exists()
    jsonl = tmp_path / "a.jsonl"
    done = scrapy(
        *("export", "-o", str(jsonl), "-s", f"DATABASE={library}"), PYTHONPATH=str(absent.parent)
    )
    assert done.returncode == 0
    assert len(lines(jsonl)) == 3
