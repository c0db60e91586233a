"""Runs of ``scrapy crawl archive``, and of ``scrapy reparse`` to compare with."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests import preloaded
from tests.helpers import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def command(folder: Path, *args: str, **settings: object) -> tuple[list[str], dict[str, str]]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REPUBLIKA_")}
    settings = {
        "DATABASE": folder / "republika.db",
        "CAPTURES": folder / "captures",
        "DOWNLOAD_DELAY": 0,
        "USER_AGENT": "republika-crawler/test",
        **settings,
    }
    named = {f"REPUBLIKA_{name}": str(value) for name, value in settings.items()}
    return [sys.executable, "-m", "scrapy", *args], clean | named


def scrapy(folder: Path, *args: str, **settings: object) -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    _, environment = command(folder, *args, **settings)
    return preloaded.run(args, cwd=ROOT, env=environment, timeout=120)


def _run(line: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
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


PLAYED = """
import sys
import crawler.captures.cdx as cdx
import spiders.archive
from scrapy.cmdline import execute
cdx._WAYBACK = cdx._COMMON_CRAWL = cdx._COMMON_CRAWL_DATA = sys.argv.pop(1)
spiders.archive.DOMAINS = ("republika.co.id",)  # the paces make each further one cost seconds
execute(["scrapy", *sys.argv[1:]])
"""


def known_archive(
    folder: Path, url: str, *args: str, **settings: object
) -> subprocess.CompletedProcess[str]:
    """A run over an archive that is known by its name, played at ``url``."""
    line, environment = command(folder, "crawl", "archive", *args, **settings)
    return _run([line[0], "-c", PLAYED, url, *line[3:]], environment)
