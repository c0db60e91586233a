"""What the system allows a process: too little is one line, too much is not used."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.helpers import ROOT, SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

DAY = ("-a", "since=2022-08-15", "-a", "until=2022-08-15")


def crawl(folder: Path, before: str, *args: str) -> subprocess.CompletedProcess[str]:
    """A crawl of the sample day, for which the shell has set a limit."""
    where = ("-s", f"DATABASE={folder / 'a.db'}", "-s", f"REPLAY={SAMPLES}", "-L", "ERROR")
    command = [sys.executable, "-m", "scrapy", "crawl", "backfill", *DAY, *where, *args]
    return subprocess.run(
        ["sh", "-c", f'{before}; exec "$@"', "sh", *command],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("most", [15, 20])
def test_few_files_are_no_fault_of_the_site(tmp_path: Path, most: int) -> None:
    done = crawl(tmp_path, f"ulimit -n {most}")
    says = (
        "scrapy crawl backfill: 64 files and connections may have to be open at once,"
        f" and the system allows {most}: see ulimit -n\n"
    )
    assert (done.returncode, done.stderr) == (1, says)
    assert list(tmp_path.iterdir()) == []


def test_more_files_are_asked_for_where_they_may_be_had(tmp_path: Path) -> None:
    done = crawl(tmp_path, "ulimit -S -n 20")
    assert done.returncode == 0, done.stderr


def test_nobody_else_may_write_what_is_made(tmp_path: Path) -> None:
    done = crawl(tmp_path, "umask 000", "-O", str(tmp_path / "a.jsonl"))
    assert done.returncode == 0, done.stderr
    made = list(tmp_path.iterdir())
    assert {path.name for path in made} >= {"a.db", "a.db.lock", "a.jsonl"}
    assert not [path.name for path in made if path.stat().st_mode & 0o002]
