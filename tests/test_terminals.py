"""What a terminal would take for a command is shown as an escape."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from crawler.article import Article
from crawler.captures.writer import WarcWriter
from crawler.cli.terminal import printable
from crawler.database.store import Store
from tests import site as played
from tests.captures.again import reparse
from tests.helpers import ROOT, sample_page, scrapy
from tests.records import save
from tests.site import Crawler

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site import Site

NEWS: dict[str, Any] = {"host": "news.republika.co.id", "section": ("News", "Umum")}
NOW = "2022-08-15T12:00:00+07:00"
# What a terminal obeys, and what turns a text around: but for tab and line break.
COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


# --- terminals --------------------------------------------------------------------------------

ESCAPES = "\x1b[2J\x1b]0;judul\x07\x9b31m\u202eterbalik\x00\x7f"


@pytest.mark.parametrize("terminal", [False, True])
def test_a_table_shows_what_a_terminal_would_obey(terminal: bool) -> None:
    code = "import sys; from crawler.cli.terminal import print_table as p; p(['a'], [sys.argv[1:]])"
    command = [sys.executable, "-c", code, f"a{ESCAPES}b".replace("\0", "")]
    if terminal:
        command = ["script", "-qec", shlex.join(command), "/dev/null"]
    plain = {**os.environ, "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "200"}
    done = subprocess.run(
        command, check=True, capture_output=True, env=plain, cwd=ROOT, stdin=subprocess.DEVNULL
    )
    out = done.stdout.decode().replace("\r\n", "\n")
    assert ("─" in out) == terminal
    assert not COMMANDS.search(out)
    assert r"a\x1b[2J\x1b]0;judul\x07\x9b31m\u202eterbalik\x7fb" in out


def test_plain_text_is_shown_as_it_is() -> None:
    for text in ("Jum\u2019at \u2013 caf\xe9\n\tdua", "\u6f22\u5b57 \U0001f642 \u0627\u0644"):
        assert printable(text) == text


def test_the_history_of_a_hostile_site_is_shown_safely(tmp_path: Path) -> None:
    database = tmp_path / "republika.db"
    article = Article(
        id="rgmwym370",
        url=f"https://republika.co.id/berita/rgmwym370/{ESCAPES}",
        title=f"Judul {ESCAPES}",
        published_at=NOW,
        published_from="page",
        body="Satu.",
        word_count=1,
        language="id",
        kind="article",
        layout="rol",
        content_hash="a",
        parser_version="1",
    )
    with Store(database) as store:
        run_id = store.runs.begin("latest", {"tag": ESCAPES}, {"a": ESCAPES}, NOW)
        save(store, article, now=NOW)
        body = f"Dua {ESCAPES}."
        save(store, replace(article, body=body, content_hash="b"), now=NOW)
        store.runs.end(run_id, reason=ESCAPES, why=[ESCAPES], notes=[ESCAPES], fields={}, now=NOW)
    for args in (("runs",), ("runs", "1")):
        done = scrapy(*args, "-s", f"DATABASE={database}")
        assert done.returncode == 0, done.stderr
        assert not COMMANDS.search(done.stdout + done.stderr)
        assert r"\x1b[2J" in done.stdout


def test_what_a_hostile_page_says_reaches_no_terminal(website: Site, tmp_path: Path) -> None:
    wall, torn, moved, titled = website.publish(4, **NEWS)
    escapes = "\x1b[2J&#27;]0;judul&#7;\x7f&#x1b;[31m"
    website.misbehave(
        titled.id,
        lambda url, right: replace(
            right, body=right.body.replace(titled.title.encode(), f"Judul{escapes}".encode())
        ),
    )
    website.misbehave(torn.id, played.content(f"<title>{escapes}</title><h1>{escapes}</h1>"))
    website.misbehave(moved.id, played.redirect("https://contoh.id/\x1b[2J"))
    website.misbehave(wall.id, played.content(f"<title>Just a moment... {escapes}</title>"))
    crawler = Crawler(tmp_path, website)
    urls = ",".join(story.url for story in (titled, torn, moved, wall))
    done = crawler.crawl("article", "-a", f"url={urls}", LOG_LEVEL="DEBUG", CONCURRENT_REQUESTS=1)
    assert done.returncode == 1
    shown = done.stdout + done.stderr
    for args in (("runs", "1"), ("reparse", "--dry-run", "--jobs", "1")):
        again = crawler.scrapy(*args)
        shown += again.stdout + again.stderr
    assert not COMMANDS.search(shown)
    for table in ("articles", "pages", "runs"):
        for row in crawler.rows(f"SELECT * FROM {table}"):
            assert not COMMANDS.search("".join(map(str, row)))


def test_a_hostile_archive_reaches_no_terminal(tmp_path: Path) -> None:
    url, page = sample_page("rgmwym370")
    writer = WarcWriter(tmp_path / "warc")
    kinds = (f"text/{ESCAPES}".encode(), b"text/html")
    for kind in kinds:
        date = datetime(2022, 8, 16, tzinfo=UTC)
        writer.response(url, 200, ((b"Content-Type", kind),), page.encode(), date)
    writer.close()
    done = reparse(tmp_path / "republika.db", str(tmp_path / "warc"), "--jobs", "1")
    assert "no HTML but text/" in done.stdout
    assert not COMMANDS.search(done.stdout + done.stderr)
