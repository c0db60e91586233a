"""What only reads works where nothing can be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from crawler.database.store import Store
from tests.helpers import ROOT, scrapy, with_mounts
from tests.records import T1

if TYPE_CHECKING:
    from pathlib import Path

MOUNTS = {
    "read-only": "mount --bind {0} {0}\nmount -o remount,bind,ro {0}",
    "full": "cp {0}/library.db {0}/../copy\nmount -t tmpfs -o size=1m tmpfs {0}\n"
    "cp {0}/../copy {0}/library.db\ndd if=/dev/zero of={0}/zeros 2>&- || true",
}


@pytest.fixture
def folder(library: Path, tmp_path: Path) -> Path:
    """A folder of its own with the library, as a run has left it."""
    folder = tmp_path / "folder"
    folder.mkdir()
    shutil.copy(library, folder / "library.db")
    with Store(folder / "library.db") as store:
        store.begin_run("latest", {}, {}, T1)
    return folder


@pytest.mark.parametrize("where", MOUNTS)
@pytest.mark.parametrize(
    ("args", "shows"),
    [(("runs",), "latest"), (("search", "pasar"), "articles"), (("export", "-o", "-"), '{"id"')],
)
def test_nothing_has_to_be_written_to_read(
    folder: Path, where: str, args: tuple[str, ...], shows: str
) -> None:
    command = [sys.executable, "-m", "scrapy", *args, "-s", f"DATABASE={folder}/library.db"]
    done = subprocess.run(
        [*with_mounts(MOUNTS[where].format(folder) + '\nexec "$@"'), *command],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert shows in done.stdout


def test_a_lock_file_that_is_a_fifo_is_not_waited_at(folder: Path) -> None:
    database = folder / "library.db"
    os.mkfifo(f"{database}.lock")
    done = scrapy("runs", "-s", f"DATABASE={database}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "killed" in done.stdout


def test_a_database_that_is_a_fifo_is_not_waited_at(tmp_path: Path) -> None:
    database = tmp_path / "library.db"
    os.mkfifo(database)
    for args in (("runs",), ("search", "pasar"), ("export", "-o", "-"), ("reparse", "--jobs", "1")):
        done = scrapy(*args, "-s", f"DATABASE={database}")
        says = f"scrapy {args[0]}: {database} is not a regular file\n"
        assert (done.returncode, done.stderr) == (1, says)
