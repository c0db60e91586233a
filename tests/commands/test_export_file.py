"""`scrapy export`: the file is whole or not there, and wrong arguments are one line."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from crawler.database.store import Store
from crawler.query.export import RECORD, rows
from crawler.query.files import replacing
from crawler.query.filter import Filter
from crawler.query.snapshot import reading
from tests.commands.exporting import FIRST, SECOND, SUFFIXES, lines
from tests.helpers import ROOT, fill, on_terminal, scrapy, with_mounts
from tests.records import T1, article, of_version_0_1, save

# --- standard output --------------------------------------------------------------------------


def test_standard_output_takes_json_lines_and_csv(three_articles):
    chosen = ("--fields", "id,title", "--until", "2022-08-11", "-s", f"DATABASE={three_articles}")
    done = scrapy("export", "-o", "-", *chosen)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"id": FIRST.id, "title": FIRST.title})
    assert done.stderr == "1 articles: standard output\n"
    done = scrapy("export", "-o", "-:csv", *chosen)
    assert list(csv.reader(io.StringIO(done.stdout))) == [["id", "title"], [FIRST.id, FIRST.title]]


@pytest.mark.parametrize("form", ["-", "-:csv"])
def test_a_closed_pipe_is_one_line(three_articles, form):
    command = [
        sys.executable,
        "-m",
        "scrapy",
        "export",
        "-o",
        form,
        "-s",
        f"DATABASE={three_articles}",
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == (
            "scrapy export: standard output cannot be written: Broken pipe\n"
        )
    assert process.returncode == 1


def test_a_terminal_shows_how_far_it_is(three_articles, tmp_path):
    path = tmp_path / "a.jsonl"
    shown = on_terminal("export", "-o", str(path), "-s", f"DATABASE={three_articles}")
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
        while not list(path.parent.glob(".a.jsonl.gz.*.part")):
            assert time.monotonic() < deadline, "nothing is written"
            time.sleep(0.01)
        process.send_signal(number)
        said = process.stderr.read()
    assert path.read_text() == "what was there before"
    if number != signal.SIGKILL:
        assert process.returncode == 1
        assert said == f"scrapy export: stopped; {path} is not written\n"
        assert list(path.parent.iterdir()) == [path]


def test_what_a_killed_export_left_is_removed_a_day_later(export, tmp_path):
    old, young = tmp_path / ".a.jsonl.old.part", tmp_path / ".a.jsonl.young.part"
    for half in (old, young):
        half.write_bytes(b"half of it\n" * 10_000)
    os.utime(old, (time.time() - 25 * 3600,) * 2)
    assert len(lines(export("a.jsonl"))) == 3
    assert sorted(tmp_path.iterdir()) == [young, tmp_path / "a.jsonl"]


def test_of_two_exports_to_one_file_the_last_to_end_stays(export, tmp_path):
    path = tmp_path / "a.jsonl"
    with replacing(path) as other:
        other.write(b"what the other one writes")
        assert len(lines(export("a.jsonl"))) == 3
    assert path.read_text() == "what the other one writes"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_has_the_rights_that_the_user_gives_new_files(export, tmp_path):
    former = os.umask(0o027)
    try:
        assert export("a.jsonl").stat().st_mode & 0o777 == 0o640
    finally:
        os.umask(former)


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


def test_a_database_of_version_0_1_is_exported_as_it_is(export, tmp_path):
    path = tmp_path / "old.db"
    before = of_version_0_1(path)
    (line,) = lines(export("a.jsonl", database=path))
    assert (line["id"], line["tags"]) == ("rgmwym370", [row["name"] for row in before["tags"]])
    assert [image["url"] for image in line["images"]] == [row["url"] for row in before["images"]]
    with sqlite3.connect(path) as connection:
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'view'").fetchall()
    connection.close()


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
    ],
)
def test_bad_arguments_are_one_line_and_nothing_is_written(
    run, three_articles, tmp_path, args, says
):
    (tmp_path / "folder.jsonl").mkdir()
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "loop.jsonl").symlink_to("loop.jsonl")
    before = sorted(tmp_path.iterdir())
    code, out, err = run("export", *(arg.format(tmp_path) for arg in args), database=three_articles)
    assert (code, out) == (2, "")
    assert err.startswith("scrapy export: ")
    assert says.format(tmp_path) in err
    assert len(err.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("exists", [False, True])
def test_a_folder_that_is_read_only_is_one_line(three_articles, tmp_path, exists):
    folder, file = tmp_path / "out", tmp_path / "writable"
    folder.mkdir()
    file.touch()
    mounts = [f"mount --bind {folder} {folder}", f"mount -o remount,ro,bind {folder}"]
    if exists:
        (folder / "a.csv").touch()
        mounts.append(f"mount --bind {file} {folder / 'a.csv'}")
    command = [sys.executable, "-m", "scrapy", "export", "-o", str(folder / "a.csv")]
    done = subprocess.run(
        [
            *with_mounts("\n".join([*mounts, 'exec "$@"'])),
            *command,
            "-s",
            f"DATABASE={three_articles}",
        ],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    says = f"{folder / 'a.csv'} cannot be written: it or its folder is read-only"
    assert (done.returncode, done.stderr) == (2, f"scrapy export: {says}\n")


def test_without_pyarrow_the_remedy_is_said(three_articles, tmp_path):
    absent = tmp_path / "absent" / "pyarrow"
    absent.mkdir(parents=True)
    (absent / "__init__.py").write_text("raise ModuleNotFoundError('not installed')")
    path = tmp_path / "a.parquet"
    done = scrapy(
        *("export", "-o", str(path), "-s", f"DATABASE={three_articles}"),
        PYTHONPATH=str(absent.parent),
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "scrapy export: Parquet needs pyarrow, which is not installed:"
        " run make install, or pip install pyarrow, or export to .jsonl\n"
    )
    assert not path.exists()
    jsonl = tmp_path / "a.jsonl"
    done = scrapy(
        *("export", "-o", str(jsonl), "-s", f"DATABASE={three_articles}"),
        PYTHONPATH=str(absent.parent),
    )
    assert done.returncode == 0
    assert len(lines(jsonl)) == 3


def test_the_database_itself_is_not_replaced(three_articles, tmp_path, run):
    database = tmp_path / "articles.jsonl"
    database.write_bytes(before := three_articles.read_bytes())
    link = tmp_path / "link.jsonl"
    link.symlink_to(database)
    for path in (database, link):
        code, _, err = run("export", "-o", str(path), database=database)
        assert (code, err) == (2, f"scrapy export: {path} is the database\n")
    assert database.read_bytes() == before


def test_no_words_are_not_an_empty_text(three_articles, run):
    code, out, err = run("export", "-o", "-", "", database=three_articles)
    assert (code, out, err) == (0, "", "no article matches: standard output\n")
