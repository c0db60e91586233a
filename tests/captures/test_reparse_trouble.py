"""`scrapy reparse` with bad arguments, bad files, and killed."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from crawler.database.lock import database_lock
from tests.captures.again import PUTIN, archive, records, reparse
from tests.helpers import ROOT, SAMPLES, rows, sample_page

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("nowhere.warc",), "nowhere.warc is not a WARC file"),
        (("--since", "15-08-2022"), "--since: '15-08-2022' is not a day"),
        (("--since", "2022-08-16", "--until", "2022-08-15"), "is before --since"),
        (("--section", "olah"), "unknown section olah"),
        (("--jobs", "0"), "--jobs: expected a whole number from 1 to 64, not '0'"),
        (("--jobs", "65"), "--jobs: expected a whole number from 1 to 64, not '65'"),
        (("--reindex", "samples"), "name no WARC with it"),
        (("-s", "CAPTURES="), "CAPTURES is empty"),
        (("-s", "RECHECK_AGES=1x"), "RECHECK_AGES=1x"),
    ],
)
def test_bad_arguments(tmp_path: Path, args: tuple[str, ...], says: str) -> None:
    done = reparse(tmp_path / "b.db", *args)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "b.db").exists()


def test_a_file_that_is_no_warc_costs_only_itself(tmp_path: Path, putin) -> None:
    captures = archive(tmp_path / "w", (putin[0], 200, putin[1]))
    (captures / "notes.warc").write_text("This is no archive.")
    done = reparse(tmp_path / "n.db", str(captures))
    assert done.returncode == 1
    assert "notes.warc is not a WARC file" in done.stderr
    assert "found 1: 1 new" in done.stdout


def test_a_closed_pipe_is_a_line_of_every_command(tmp_path: Path) -> None:
    replayed = ("-s", f"REPLAY={SAMPLES}")
    for args in (
        ("reparse", str(SAMPLES)),
        ("reparse", str(SAMPLES), "--dry-run"),
        ("runs",),
        ("runs", "1"),
        ("audit", "--since", "2022-08-15", "--until", "2022-08-15", *replayed),
        ("crawl", "article", "-a", f"url={sample_page(PUTIN)[0]}", *replayed),
    ):
        with subprocess.Popen(
            [sys.executable, "-m", "scrapy", *args, "-s", f"DATABASE={tmp_path / 'p.db'}"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            process.stdout.close()
            said = process.stderr.read()
        assert "Traceback" not in said
        assert said.endswith(": standard output cannot be written: Broken pipe\n")
        assert process.returncode == 1
    assert len(rows(tmp_path / "p.db", "SELECT 1 FROM runs WHERE finish_reason = 'finished'")) == 3


def test_it_waits_for_nobody(tmp_path: Path) -> None:
    database = tmp_path / "l.db"
    with database_lock(database):
        done = reparse(database, str(SAMPLES))
    assert done.returncode == 75
    assert "holds" in done.stderr


def test_killed_it_starts_over(tmp_path: Path, putin: tuple[str, str]) -> None:
    url, page = putin
    captures = []
    for number in range(1000):
        new = f"{PUTIN[:6]}{number:06d}"
        own = page.replace(PUTIN, new).replace(" surat ", f" surat {number} ")
        captures.append((url.replace(PUTIN, new), 200, own))
        if number % 10 == 0:
            captures.append((url.replace(PUTIN, new), 200, own.replace(" surat ", " pesan ")))
        if number % 15 == 0:
            captures.append((url.replace(PUTIN, new), 404, ""))
    folder = archive(tmp_path / "w", *captures)
    undisturbed, database = tmp_path / "u.db", tmp_path / "k.db"
    assert reparse(undisturbed, str(folder)).returncode == 0
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REPUBLIKA_")}
    command = [sys.executable, "-m", "scrapy", "reparse", str(folder), "--jobs", "2"]
    for stop in (signal.SIGKILL, signal.SIGINT, signal.SIGKILL):
        process = subprocess.Popen(
            [*command, "-s", f"DATABASE={database}"],
            cwd=ROOT,
            env=clean,
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 60
        before = _stored(database)
        while process.poll() is None and time.monotonic() < deadline:
            if _stored(database) > before:
                process.send_signal(stop)
                break
            time.sleep(0.02)
        _, said = process.communicate()  # which waits for the workers to end, too
        if stop == signal.SIGINT:
            assert process.returncode == 1
            assert said.startswith("scrapy reparse: stopped; what was read is stored")
            assert said.count("\n") == 1
        else:
            assert process.returncode == -signal.SIGKILL
    done = reparse(database, str(folder))
    assert done.returncode == 0, done.stderr
    assert records(database) == records(undisturbed)
    assert len(records(database)["revisions"]) == 100
    assert rows(database, "PRAGMA integrity_check")[0][0] == "ok"
    # Which raises where the index is not what the table is.
    rows(database, "INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    runs = rows(database, "SELECT * FROM runs")
    assert [run["finish_reason"] for run in runs] == ["killed", "killed", "killed", "finished"]
    outcomes = ("new", "updated", "unchanged", "rejected", "gone", "failed", "pending")
    assert all(run["found"] == sum(run[name] for name in outcomes) for run in runs)
    assert sum(run["new"] for run in runs) == 1000


def _stored(database: Path) -> int:
    try:
        return rows(database, "SELECT count(*) FROM articles")[0][0]
    except sqlite3.OperationalError:  # not made yet
        return 0
