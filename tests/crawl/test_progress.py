"""How far a crawl is, on a terminal and in a log."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from crawler.crawl.progress import describe
from tests.helpers import ROOT
from tests.site import Crawler, Site, slow

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("done", "known", "seconds", "line"),
    [
        (0, 40, 0, "0 of 40 pages, 0 a minute: 2 new, 1 updated, 3 rejected"),
        (30, 40, 30, "30 of 40 pages, 60 a minute, 0:00:10 left: 2 new, 1 updated, 3 rejected"),
        (1, 7201, 1, "1 of 7201 pages, 60 a minute, 2:00:00 left: 2 new, 1 updated, 3 rejected"),
    ],
)
def test_line(done: int, known: int, seconds: float, line: str) -> None:
    assert describe(done, known, seconds, {"new": 2, "updated": 1, "rejected": 3}) == line


def test_line_on_a_terminal(website: Site, tmp_path: Path) -> None:
    """It is kept up to date in its place, and gone when the crawl ends; the log goes above it."""
    website.publish(40)
    website.misbehave("/berita/", slow(0.3))
    terminal, its_end = pty.openpty()
    command = [sys.executable, "-m", "scrapy", "crawl", "latest"]
    crawler = Crawler(tmp_path, website)
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=crawler.environment(LOG_LEVEL="WARNING") | {"TERM": "xterm", "COLUMNS": "120"},
        stdout=its_end,
        stderr=its_end,
    )
    os.close(its_end)
    shown = read_all(terminal)
    assert process.wait() == 0
    lines = re.findall(r"(\d+) of 40 pages, \d+ a minute[^\r\n]* (\d+) new, 0 updated", shown)
    assert lines
    assert all(done == new for done, new in lines)
    last = shown[shown.rindex("a minute") :]
    assert "\x1b[2K" in last  # wiped away
    assert "found 40: 40 new" in last


def test_line_in_a_log(website: Site, tmp_path: Path) -> None:
    website.publish(3)
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl("latest", LOG_LEVEL="INFO")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stderr + done.stdout
    assert "3 of 3 pages" in done.stderr


def test_each_page_is_told_at_debug_alone(website: Site, tmp_path: Path) -> None:
    (story,) = website.publish(1)
    crawler = Crawler(tmp_path, website)
    lines = (f"Crawled (200) <GET {story.url}>", f"Scraped from <200 {story.url}>")
    told = crawler.crawl("article", "-a", f"url={story.url}", LOG_LEVEL="DEBUG").stderr
    assert all(line in told for line in lines)
    quiet = crawler.crawl("article", "-a", f"url={story.url}", LOG_LEVEL="INFO").stderr
    assert "Spider closed (finished)" in quiet
    assert "<GET" not in quiet
    assert "<200" not in quiet


def read_all(terminal: int) -> str:
    shown = b""
    try:
        while piece := os.read(terminal, 65536):
            shown += piece
    except OSError:  # what Linux says when the other end is closed
        pass
    os.close(terminal)
    return shown.decode()
