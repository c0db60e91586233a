"""`benchmarks/fuzz.py`: some of its inputs, and whether it sees what is wrong."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.helpers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

INPUTS = 1_500
BROKEN = """
import os, sys, time
sys.path.insert(0, "benchmarks")
import fuzz
def broken(source, url):
    if isinstance(source, bytes) and b"</channel>" in source:
        raise KeyError("channel")
    if isinstance(source, str):
        os.abort()
fuzz.PARSERS["feed"] = broken
sys.exit(fuzz.main())
"""


def table(done: subprocess.CompletedProcess[str]) -> dict[str, list[str]]:
    head, *rows = (line.split("  ") for line in done.stdout.splitlines() if line)
    assert head[0] == "parser"
    return {name: [cell.strip() for cell in cells if cell] for name, *cells in rows}


def fuzz(*command: str, save: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command, "--save", str(save)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )


def test_damaged_pages_are_read_or_refused(tmp_path: Path) -> None:
    done = fuzz("benchmarks/fuzz.py", str(INPUTS), "--processes", "1", save=tmp_path / "fuzz")
    assert done.returncode == 0, done.stderr
    tallies = table(done)
    inputs, read, refused, failed = (
        sum(int(cells[column]) for cells in tallies.values()) for column in range(4)
    )
    assert (inputs, failed) == (INPUTS, 0)
    assert read > INPUTS / 2, "most damage leaves something to read"
    assert refused > INPUTS / 20
    assert not (tmp_path / "fuzz").exists()


def test_a_parser_that_fails_or_dies_is_said_and_its_input_saved(tmp_path: Path) -> None:
    done = fuzz("-c", BROKEN, "120", save=tmp_path / "fuzz")
    assert done.returncode == 1
    inputs, _, _, failed, *_ = table(done)["feed"]
    assert 0 < int(failed) <= int(inputs)
    assert sum(int(cells[0]) for cells in table(done).values()) == 120, "it went on"
    raised, died = sorted(done.stderr.splitlines())
    assert raised.startswith("feed: KeyError in <string>:")
    assert died.startswith("feed: the process ended with -6, ")
    assert len(list((tmp_path / "fuzz").iterdir())) == 2
    (cut_down,) = (
        path for path in (tmp_path / "fuzz").iterdir() if path.read_bytes() == b"</channel>"
    )
    assert str(cut_down) in raised
