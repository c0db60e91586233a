"""What the tests of commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scrapy.cmdline import execute

from tests.helpers import ROOT

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
