"""Runs of ``scrapy crawl archive``, and of ``scrapy reparse`` to compare with."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.helpers import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def command(folder: Path, *args: str, **settings: object) -> tuple[list[str], dict[str, str]]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REPUBLIKA_")}
    settings = {
        "DATABASE": folder / "republika.db",
        "CAPTURES": folder / "captures",
        "DOWNLOAD_DELAY": 0,
        **settings,
    }
    named = {f"REPUBLIKA_{name}": str(value) for name, value in settings.items()}
    return [sys.executable, "-m", "scrapy", *args], clean | named


def scrapy(folder: Path, *args: str, **settings: object) -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    line, environment = command(folder, *args, **settings)
    return subprocess.run(
        line,
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def archive(folder: Path, source: str, *args: str, **settings: object) -> str:
    """A healthy run over an archive; gives what it says."""
    done = scrapy(folder, "crawl", "archive", "-a", f"source={source}", *args, **settings)
    assert done.returncode == 0, done.stderr
    return done.stdout
