"""`scrapy browse` as a command: ports, arguments, databases of every state."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from crawler.database.lock import database_lock
from crawler.database.migrations import apply
from crawler.database.store import Store
from tests.browse.archive import Archive
from tests.helpers import ROOT, scrapy, with_mounts

# -- the command ---------------------------------------------------------------------------------


def test_ctrl_c_ends_it(empty: Archive) -> None:
    with Archive(empty.database) as archive:
        archive.get("/")
        assert archive.end(signal.SIGINT) == (0, "")


def test_it_opens_the_browser_of_the_user(empty: Archive, tmp_path: Path) -> None:
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{opened}.part"\nmv "{opened}.part" "{opened}"\n')
    browser.chmod(0o755)
    with Archive(empty.database, "--port", "0", BROWSER=f"{browser} %s") as archive:
        deadline = time.monotonic() + 20
        while not opened.exists():
            assert time.monotonic() < deadline, "no browser was opened"
            time.sleep(0.05)
        assert opened.read_text() == f"{archive.address}/\n"


def test_a_port_can_be_chosen_and_a_busy_one_is_named(empty: Archive) -> None:
    done = scrapy("browse", "--port", str(empty.port), "-s", f"DATABASE={empty.database}")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line == (
        f"scrapy browse: port {empty.port} cannot be used (Address already in use);"
        " give another with --port, or 0"
    )


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--port", "x"), "--port: expected a whole number from 0 to 65535, not 'x'"),
        (("--port", "-1"), ""),
        (("--port", "65536"), "--port: expected a whole number from 0 to 65535, not '65536'"),
        (("--frobnicate",), "--frobnicate is not an option"),
        (("republika.db",), "republika.db is not known"),
    ],
)
def test_bad_arguments(tmp_path: Path, args: tuple[str, ...], says: str) -> None:
    done = scrapy("browse", *args, "-s", f"DATABASE={tmp_path / 'x.db'}")
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_database_there_is_nothing_to_browse(tmp_path: Path) -> None:
    database = tmp_path / "x.db"
    done = scrapy("browse", "-s", f"DATABASE={database}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"scrapy browse: there is no database {database} yet; a crawl makes it\n"
    assert list(tmp_path.iterdir()) == []
    database.write_text("no database at all, and long enough to be seen as none" * 20)
    done = scrapy("browse", "-s", f"DATABASE={database}")
    assert (done.returncode, done.stderr) == (
        1,
        f"scrapy browse: {database} is not a SQLite database\n",
    )


# -- the file ------------------------------------------------------------------------------------


def alone(path: Path, version: str | None = None) -> Path:
    """A database in one file, as a copy of it is; of before that migration, if one is named."""
    with closing(sqlite3.connect(path)) as connection:
        apply(Database(connection), stop_before=version)
        connection.commit()
    return path


def test_a_file_that_is_up_to_date_is_not_touched(tmp_path: Path) -> None:
    database = alone(tmp_path / "a.db")
    before = database.read_bytes()
    with Archive(database) as archive:
        assert archive.ask("/").status == 200
    assert database.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"a.db", "a.said"}


def test_an_older_file_is_brought_up_to_date_while_no_run_holds_it(tmp_path: Path) -> None:
    database = alone(tmp_path / "a.db", "facets")
    before = database.read_bytes()
    with database_lock(database):
        done = scrapy("browse", "--port", "0", "--no-open", "-s", f"DATABASE={database}")
    says = f"scrapy browse: process {os.getpid()} holds {database}; try again when it has ended\n"
    assert (done.returncode, done.stdout, done.stderr) == (75, "", says)
    assert database.read_bytes() == before
    with Archive(database) as archive:
        assert archive.ask("/?section=Ekonomi").status == 200


def read_only(folder: Path) -> list[str]:
    """A command before another for which nothing in the folder can be written."""
    return with_mounts(
        f'mount --bind {folder} {folder}\nmount -o remount,ro,bind {folder}\nexec "$@"'
    )


def test_what_is_read_only_is_browsed(tmp_path: Path) -> None:
    archive = Archive(alone(tmp_path / "a.db"))
    archive.under = read_only(tmp_path)
    with archive:
        assert archive.ask("/").status == 200


def test_what_is_read_only_and_cannot_be_browsed_is_one_line(tmp_path: Path) -> None:
    old, wal = alone(tmp_path / "old.db", "facets"), tmp_path / "wal.db"
    Store(wal).close()
    unwritten = f"{old}.lock cannot be written: Read-only file system"
    for database, says in (
        (old, f"must be brought up to date: {unwritten}"),
        (wal, "cannot be opened: is its folder there, and yours to write in?"),
    ):
        command = [sys.executable, "-m", "scrapy", "browse", "-s", f"DATABASE={database}"]
        done = subprocess.run(
            [*read_only(tmp_path), *command, "--no-open"],
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == f"scrapy browse: {database} {says}\n"


def test_without_datasette_the_remedy_is_named(empty: Archive) -> None:
    program = (
        "import sys; sys.modules['datasette'] = None; from scrapy.cmdline import execute;"
        f" execute(['scrapy', 'browse', '--no-open', '-s', 'DATABASE={empty.database}'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    remedy = "run make install, or pip install '.[browse]'"
    assert done.stderr == f"scrapy browse: datasette is not installed: {remedy}\n"


def test_an_address_that_cannot_be_told_is_trouble(empty: Archive) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "browse", "--port", "0", "--no-open"],
            cwd=ROOT,
            env=empty.environment | {"REPUBLIKA_DATABASE": str(empty.database)},
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    says = "scrapy browse: standard output cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (1, says)


def test_help_has_an_example() -> None:
    done = scrapy("browse", "-h")
    assert done.returncode == 0
    for words in ("--port N", "--no-open", "scrapy browse --port 0 --no-open"):
        assert words in done.stdout
