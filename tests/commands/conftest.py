"""What the tests of commands share."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from scrapy.cmdline import execute

from tests.commands.exporting import FIRST, SECOND, THIRD
from tests.commands.searching import ARTICLES
from tests.helpers import ROOT, fill

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def run(capsys, monkeypatch):
    """Run a command in this process: gives the exit code, and what it wrote."""
    monkeypatch.chdir(ROOT)

    def run(*args: str, database: Path | None = None) -> tuple[int, str, str]:
        command, *rest = args
        settings = ["-s", f"DATABASE={database}"] if database else []
        with pytest.raises(SystemExit) as end:
            execute(["scrapy", command, *settings, *rest])
        out, err = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, out, err

    return run


@pytest.fixture(scope="module")
def three_articles(tmp_path_factory):
    # Stored in another order than that of their dates and ids.
    return fill(tmp_path_factory.mktemp("library") / "library.db", THIRD, SECOND, FIRST)


@pytest.fixture(autouse=True)
def _signals():
    """The command sets a handler, which is not for the tests' own process."""
    handler = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, handler)


@pytest.fixture
def export(run, three_articles, tmp_path):
    """Export into a file of this name; gives its path."""

    def export(name, *args, database=three_articles):
        path = tmp_path / name
        halves = set(tmp_path.glob(".*.part"))
        code, out, err = run("export", "-o", str(path), *args, database=database)
        assert (code, err) == (0, "")
        assert out.endswith(f": {path}\n")
        assert set(tmp_path.glob(".*.part")) <= halves
        return path

    return export


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    return fill(tmp_path_factory.mktemp("library") / "library.db", *ARTICLES)
