"""What several test modules need."""

from __future__ import annotations

import json
import os
import pty
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NoReturn, TypeVar

import pytest

from crawler.captures.payloads import decode_payload
from crawler.captures.warc import iter_captures
from crawler.captures.writer import WarcWriter
from crawler.database.store import Store
from tests import preloaded
from tests.records import T1, save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from socketserver import BaseServer

    from crawler.article import Article
    from tests.site import Crawler

S = TypeVar("S", bound="BaseServer")

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
# Packages to which a test hands what we write, or that are handed our code. Where a command found
# them, sqlite-utils would load pandas and Scrapy the commands of scrapy-poet, at each start.
GUESTS = Path(sys.prefix) / "guests"
# Where no captures are: a test never reads those of a crawl in the project's folder.
NO_CAPTURES = ROOT / "tests" / "no-captures"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())
DAY = ("-a", "since=2022-08-15", "-a", "until=2022-08-15")
PUTIN = "https://www.republika.co.id/berita/rgmwym370/putin-janjikan-perluas-hubungan-dengan-korea-utara"


def scrapy(*args: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REPUBLIKA_")}
    env = clean | {"REPUBLIKA_CAPTURES": str(NO_CAPTURES)} | environment
    return preloaded.run(args, cwd=cwd, env=env, timeout=120)


def crawl(database: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    where = ("-s", f"DATABASE={database}", "-s", f"REPLAY={SAMPLES}")
    return scrapy("crawl", *args, *where, cwd=ROOT, **environment)


def rows(database: Path, sql: str) -> list[sqlite3.Row]:
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def sample_page(article_id: str) -> tuple[str, str]:
    """The address and the page of an article of the sample day."""
    for capture in iter_captures(SAMPLES / "republika-2022-08-15.warc.gz"):
        if f"/berita/{article_id}/" in capture.url and "-part" not in capture.url:
            return capture.url, decode_payload(capture.headers, capture.payload).decode()
    raise KeyError(article_id)


def warc_of(folder: Path, pages: dict[str, tuple[int, str]]) -> Path:
    """A WARC in which these addresses were answered so."""
    writer = WarcWriter(folder)
    html = ((b"Content-Type", b"text/html; charset=utf-8"),)
    for url, (status, text) in pages.items():
        kind = ((b"Content-Type", b"text/plain"),) if url.endswith("robots.txt") else html
        writer.response(url, status, kind, text.encode(), datetime(2022, 8, 16, tzinfo=UTC))
    writer.close()
    return folder


def one(database: Path, replay: Path, url: str) -> subprocess.CompletedProcess[str]:
    where = ("-s", f"DATABASE={database}", "-s", f"REPLAY={replay}")
    return scrapy("crawl", "article", "-a", f"url={url}", *where)


def pages(crawler: Crawler) -> dict[str, sqlite3.Row]:
    return {row["id"]: row for row in crawler.rows("SELECT * FROM pages")}


def stored(crawler: Crawler) -> set[str]:
    return {row["id"] for row in crawler.rows("SELECT id FROM articles")}


def last_run(crawler: Crawler) -> sqlite3.Row:
    """The row of the last run, of which the counts must balance."""
    row = crawler.rows("SELECT * FROM runs ORDER BY id DESC LIMIT 1")[0]
    states = ("new", "updated", "unchanged", "rejected", "gone", "failed", "pending")
    assert row["found"] == sum(row[state] for state in states)
    return row


def unhealthy(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What the run says is wrong; of a run that failed, in plain words."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("unhealthy: ")]
    return [line.removeprefix("unhealthy: ") for line in lines]


def wait_for(happened: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@contextmanager
def serving(server: S) -> Iterator[S]:
    """The server, answering in a thread until the block ends."""
    with server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def skip_without(what: str) -> NoReturn:
    """Skip a test for something that is not on this machine; in CI it must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"absent in CI: {what}")
    pytest.skip(f"not on this machine: {what}")


def tool(name: str, package: str = "") -> str:
    """The path of a program of the system; ``package``: Debian's, where its name is another."""
    path = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    return path or skip_without(f"{name} (Debian package {package or name})")


def with_mounts(script: str) -> list[str]:
    """A command before another that runs it with file systems of its own, as ``script`` mounts."""
    for namespace in (("--mount",), ("--user", "--map-root-user", "--mount")):
        try:
            command = ["unshare", *namespace, "sh", "-ec"]
            mount = "mount -t tmpfs tmpfs /mnt"
            subprocess.run([*command, mount], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return [*command, script, "sh"]
    skip_without("unshare and mount, and the right to use them")


def fill(path: Path, *articles: Article) -> Path:
    """A database with these articles."""
    with Store(path) as store:
        for one in articles:
            save(store, one, now=T1)
    return path


def on_terminal(*args: str) -> str:
    """What a command shows on a terminal."""
    ours, its = pty.openpty()
    command = [sys.executable, "-m", "scrapy", *args]
    with subprocess.Popen(command, cwd=ROOT, stdout=its, stderr=its) as process:
        os.close(its)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # the end of a terminal
                break
            shown += piece
    os.close(ours)
    assert process.returncode == 0
    return shown.decode()
