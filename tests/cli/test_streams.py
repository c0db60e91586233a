"""Streams that are closed, full, or of another encoding: one line, and the right exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.helpers import ROOT, SAMPLES, crawl, rows, warc_of

if TYPE_CHECKING:
    from pathlib import Path

DAY = ("-a", "since=2022-08-15", "-a", "until=2022-08-15")
CRAWL = ("crawl", "backfill", *DAY, "-s", f"REPLAY={SAMPLES}", "-L", "ERROR")
REFUSED = "standard output cannot be written: "


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the sample day."""
    database = tmp_path_factory.mktemp("sample") / "republika.db"
    done = crawl(database, "backfill", *DAY)
    assert done.returncode == 0, done.stderr
    return database


def run(
    database: Path, streams: str, *args: str, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """A command whose streams the shell has led elsewhere."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REPUBLIKA_")}
    captures = database.with_suffix(".captures")
    where = {"REPUBLIKA_DATABASE": str(database), "REPUBLIKA_CAPTURES": str(captures)}
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {streams}', "sh", sys.executable, "-m", "scrapy", *args],
        cwd=ROOT,
        env=clean | where | environment,
        check=False,
        capture_output=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("streams", "args"),
    [
        (">&-", ("runs",)),
        (">&-", ("search", "korea")),
        (">&-", ("search", "--json", "korea")),
        (">&-", ("search", "-h")),
        (">&-", ("export", "-o", "-")),
        (">/dev/full", ("search", "tidakada")),
        (">/dev/full", ("check", "-l")),
        (">/dev/full", ("export", "-o", "-")),
    ],
)
def test_a_result_that_cannot_be_written_is_said(
    sample: Path, streams: str, args: tuple[str, ...]
) -> None:
    done = run(sample, streams, *args)
    why = "Bad file descriptor" if "&" in streams else "No space left on device"
    says = f"scrapy {args[0]}: {REFUSED}{why}\n"
    assert (done.returncode, done.stderr.decode()) == (1, says)


@pytest.mark.parametrize("streams", [">/dev/full", "2>/dev/full", "<&- >&- 2>&-"])
def test_the_work_is_done_whatever_the_streams_are(
    sample: Path, tmp_path: Path, streams: str
) -> None:
    database, file = tmp_path / "republika.db", tmp_path / "articles.jsonl"
    code = 0 if streams.startswith("2") else 1
    done = run(database, streams, *CRAWL, REPUBLIKA_CAPTURES="")
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    assert len(rows(database, "SELECT 1 FROM articles")) == 17
    assert [row["healthy"] for row in rows(database, "SELECT healthy FROM runs")] == [1]
    done = run(sample, streams, "export", "-o", str(file))
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    assert len(file.read_text(encoding="utf-8").splitlines()) == 17


LOCALES = [
    {"PYTHONIOENCODING": "latin-1"},
    {"PYTHONIOENCODING": "ascii"},
    {"LC_ALL": "POSIX", "PYTHONUTF8": "0"},
]


@pytest.mark.parametrize("locale", LOCALES, ids=str)
def test_what_a_locale_cannot_show_is_escaped(tmp_path: Path, locale: dict[str, str]) -> None:
    page = (
        "<html><head><title>Harga \u20acuro \u2026 \u6f22</title></head><body>"
        "<div class='breadcrumb'><a>Home</a><a>News</a></div><h1>Harga \u20acuro \u2026 \u6f22</h1>"
        "<div class='date-item__headline'>Senin 15 Aug 2022 09:15 WIB</div>"
        "<div class='article-content'><p>REPUBLIKA.CO.ID, JAKARTA -- Harga \u20acuro naik lagi"
        " di pasar \u6f22 pada Senin, kata pedagang.</p><p>Kenaikan itu sudah tiga kali bulan"
        " ini.</p></div></body></html>"
    )
    url = "https://news.republika.co.id/berita/rgmwym370/harga-euro"
    warc = warc_of(tmp_path / "warc", {url: (200, page)})
    database = tmp_path / "republika.db"
    made = run(database, "", "reparse", str(warc), "--jobs", "1", **locale)
    assert made.returncode == 0, made.stderr
    done = run(database, "", "search", "harga", **locale)
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"\u20acuro" in done.stdout
    assert b"1 of 1 articles" in done.stdout
    found = run(database, "", "search", "--json", "harga", **locale)
    assert (found.returncode, found.stderr) == (0, b"")
    assert json.loads(found.stdout.decode())["title"] == "Harga \u20acuro \u2026 \u6f22"
    # The words that are asked for are those that were typed, whatever the locale makes of them.
    again = run(database, "", "search", "--json", "\u20acuro", **locale)
    assert again.stdout == found.stdout
