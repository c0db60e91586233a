"""A command loads what it needs: what another needs would cost every start."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.commands.searching import BOATS
from tests.helpers import GUESTS, ROOT

if TYPE_CHECKING:
    from pathlib import Path

# The large packages, and the modules of ours that need them.
LARGE = {
    *("bs4", "dateparser", "selectolax", "fastwarc", "orjson", "rich", "datasette", "pyarrow"),
    *("sqlite_utils", "pandas", "crawler.crawl.run", "crawler.database.store", "spiders.base"),
}
ALL_COMMANDS = """
from scrapy.utils.misc import walk_modules
walk_modules("crawler.commands")
"""
A_COMMAND = """
import sys
from crawler.__main__ import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""


def loaded(code: str, *args: str) -> set[str]:
    """The modules that a process has loaded when it ends."""
    says = "\nimport sys; sys.stderr.write(' '.join(sys.modules))"
    command = [sys.executable, "-c", code + says, *args]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(GUESTS)},  # pandas, which some users have
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.split())


def republika(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "crawler", *args],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_scrapy_loads_of_the_commands_their_options_only() -> None:
    modules = loaded(ALL_COMMANDS)
    assert {"crawler.commands.crawl", "crawler.reading.search"} <= modules
    assert modules & LARGE == set()


@pytest.mark.parametrize("args", [["search", "tongkol"], ["export", "-o", "-"], ["runs"]])
def test_what_only_reads_starts_without_scrapy(library: Path, args: list[str]) -> None:
    modules = loaded(A_COMMAND, *args, "-s", f"DATABASE={library}")
    assert f"crawler.reading.{args[0]}" in modules
    assert modules & {"scrapy", "twisted", "lxml", "sqlite_utils", "pandas", "rich"} == set()


def test_it_is_the_same_command(library: Path, run) -> None:
    done = republika("search", "tongkol", "segar", REPUBLIKA_DATABASE=str(library))
    assert BOATS.id in done.stdout
    assert (done.returncode, done.stdout, done.stderr) == run(
        "search", "tongkol", "segar", database=library
    )


@pytest.mark.parametrize(
    "args",
    [
        ["search"],
        ["search", "--sinse", "2022-08-01", "x"],
        ["search", "--since", "kemarin", "x"],
        ["search", "-s", "DATABSE=x", "x"],
        ["export", "-o", "x.pdf"],
        ["runs", "12345"],
        ["runs", "-h"],
        ["nonsense"],
    ],
)
def test_it_refuses_and_helps_as_under_scrapy(library: Path, run, args: list[str]) -> None:
    command, *rest = args
    done = republika(command, "-s", f"DATABASE={library}", *rest)
    expected = run(*args, database=library)
    assert (done.returncode, done.stdout, done.stderr) == expected


def test_options_of_scrapy_itself_are_known(library: Path, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    done = republika("runs", "-L", "ERROR", "--profile", str(profile), "-s", f"DATABASE={library}")
    assert done.returncode == 0
    assert profile.exists()


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ("DATABASE=", "DATABASE is empty: name the file"),
        ("DATABASE", "-s DATABASE is not a setting; give it as -s NAME=VALUE"),
    ],
)
def test_a_setting_without_a_value_is_one_line(setting: str, line: str) -> None:
    done = republika("runs", "-s", setting)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"scrapy runs: {line}\n"
