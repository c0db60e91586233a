"""Scrapy's own commands do what a Scrapy user expects of them, and leave nothing behind."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.helpers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PUTIN = "https://www.republika.co.id/berita/rgmwym370/putin-janjikan-perluas-hubungan-dengan-korea-utara"
DEAD = "https://republika.co.id/berita/rgnaev900/pasar-malam-dibatalkan"  # shows the home page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for what a command might leave behind."""
    return tmp_path


def scrapy(
    folder: Path, command: str, *arguments: str, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command in an empty folder, over the sample day in place of the site."""
    return subprocess.run(
        [sys.executable, "-m", "scrapy", command, "-s", f"REPLAY={ROOT / 'samples'}", *arguments],
        cwd=folder,
        env=os.environ | {"SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONPATH": str(ROOT)},
        input=given,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def row(database: Path) -> dict[str, object]:
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    (found,) = connection.execute("SELECT * FROM articles").fetchall()
    connection.close()
    return dict(found)


def test_list(folder: Path) -> None:
    spiders = ["archive", "article", "backfill", "latest", "topic"]
    assert scrapy(folder, "list").stdout.split() == spiders


def test_a_feed_holds_what_the_table_holds(folder: Path) -> None:
    """Its columns in their order and types; lists are lists."""
    ran = scrapy(folder, "crawl", "article", "-a", f"url={PUTIN}", "-O", "a.jsonl", "-O", "a.csv")
    assert ran.returncode == 0, ran.stderr
    (line,) = (folder / "a.jsonl").read_text(encoding="utf-8").splitlines()
    item = json.loads(line)
    stored = row(folder / "republika.db")
    assert stored.pop("published_day") == "2022-08-15"
    columns = list(stored)
    assert list(item)[: len(columns)] == columns
    assert list(item)[len(columns) :] == ["tags", "images", "related"]
    for name in ("reporters", "editors", "sources"):
        stored[name] = json.loads(str(stored[name]))
    assert {name: item[name] for name in columns} == stored
    assert item["partial"] is False  # as in an export
    assert item["images"][0]["url"].startswith("https://static.republika.co.id/")
    with (folder / "a.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == list(item)


def test_the_same_article_again_is_in_the_feed_as_it_is_stored(folder: Path) -> None:
    for name in ("first.jsonl", "second.jsonl"):
        assert scrapy(folder, "crawl", "article", "-a", f"url={PUTIN}", "-O", name).returncode == 0
    assert (folder / "first.jsonl").read_text() == (folder / "second.jsonl").read_text()


def test_a_feed_that_cannot_be_written_is_said(folder: Path) -> None:
    """A folder before anything is fetched, a full disk at the end; the record is stored."""
    ran = scrapy(folder, "crawl", "article", "-a", f"url={PUTIN}", "-O", f"{folder}:jsonl")
    assert (ran.returncode, ran.stderr) == (2, f"scrapy crawl article: {folder} is a folder\n")
    assert list(folder.iterdir()) == []
    ran = scrapy(folder, "crawl", "article", "-a", f"url={PUTIN}", "-O", "/dev/full:jsonl")
    assert ran.returncode == 1
    problem = "the feed /dev/full could not be written"
    assert ran.stderr.splitlines()[-1] == f"unhealthy: {problem}"
    assert row(folder / "republika.db")["id"] == "rgmwym370"
    told = json.loads(scrapy(folder, "runs", "--json").stdout.splitlines()[0])
    assert told["why"] == [problem]


def test_parse_prints_the_record_and_stores_nothing(folder: Path) -> None:
    ran = scrapy(folder, "parse", PUTIN)
    assert ran.returncode == 0
    assert "'dateline': 'PYONGYANG'" in ran.stdout
    assert list(folder.iterdir()) == []


def test_parse_says_why_a_page_gives_no_record(folder: Path) -> None:
    ran = scrapy(folder, "parse", DEAD)
    assert "gives no record: the home page is shown in place of the article" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_parse_explains_what_became_of_each_line(folder: Path) -> None:
    ran = scrapy(folder, "parse", "--explain", PUTIN)
    assert ran.returncode == 0
    lines = [line.split(maxsplit=1) for line in ran.stdout.splitlines()]
    assert lines[0] == ["verdict", "text"]
    assert lines[1] == ["opening", "REPUBLIKA.CO.ID, PYONGYANG --"]
    assert {"kept", "Baca"} <= {words[0] for words in lines[2:]}
    assert list(folder.iterdir()) == []


def test_parse_explains_a_saved_page(folder: Path) -> None:
    saved = folder / "page.html"
    saved.write_bytes((ROOT / "tests" / "pages" / "republika2023.html").read_bytes())
    ran = scrapy(folder, "parse", "--explain", str(saved))
    assert ran.returncode == 0
    assert "opening" in ran.stdout
    assert "kept" in ran.stdout
    ran = scrapy(folder, "parse", "--explain", "absent.html")
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[-1] == (
        "scrapy parse: absent.html cannot be read: No such file or directory"
    )


def test_parse_of_what_is_no_article(folder: Path) -> None:
    ran = scrapy(folder, "parse", "https://example.com/")
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[-1] == (
        "scrapy parse: not the address of a Republika article: https://example.com/"
    )


def test_shell_and_fetch_have_the_page_and_leave_nothing(folder: Path) -> None:
    ran = scrapy(folder, "shell", PUTIN, given="print(response.status, response.url)\n")
    assert f"200 {PUTIN}" in ran.stdout
    assert "Traceback" not in ran.stderr
    ran = scrapy(folder, "fetch", PUTIN)
    assert "Putin Janjikan Perluas Hubungan" in ran.stdout
    assert "Traceback" not in ran.stderr
    assert list(folder.iterdir()) == []


def test_check_asks_the_site_for_an_article(folder: Path) -> None:
    ran = scrapy(folder, "check")
    assert ran.returncode == 0
    assert "Ran 2 contracts" in ran.stderr
    assert list(folder.iterdir()) == []


def test_check_fails_where_the_page_gives_no_record(folder: Path) -> None:
    """The site as it would be, were nothing there that the contract asks for."""
    ran = scrapy(folder, "check", "-s", "REPLAY=" + str(_empty_archive(folder)))
    assert ran.returncode == 1


def _empty_archive(folder: Path) -> Path:
    warc = folder / "empty.warc"
    warc.write_bytes(b"")
    return warc


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["crawl", "--nolgo", "latest"], "--nolgo is not an option; known are"),
        (["crawl", "latest", "-s", "DATABSE=other.db"], "did you mean DATABASE?"),
        (["parse", "--spidr", "article", PUTIN], "--spidr is not an option; known are"),
        (["check", "-s", "CAPTURE=x"], "did you mean CAPTURES?"),
        (["runs", "-s", "DATABASES=x"], "did you mean DATABASE?"),
    ],
)
def test_what_is_misspelt_is_said_and_nothing_is_done(
    folder: Path, arguments: list[str], says: str
) -> None:
    ran = scrapy(folder, *arguments)
    assert ran.returncode == 2
    (line,) = ran.stderr.splitlines()
    assert line.startswith(f"scrapy {arguments[0]}: ")
    assert says in line
    assert list(folder.iterdir()) == []


def test_a_misspelt_variable_of_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPUBLIKA_USER_AGNET", "me")
    ran = scrapy(folder, "crawl", "latest")
    assert ran.returncode == 2
    assert ran.stderr == (
        "scrapy crawl: REPUBLIKA_USER_AGNET: there is no setting USER_AGNET;"
        " did you mean USER_AGENT?\n"
    )


@pytest.mark.parametrize("contact", ["you@your.org", "kontak@example.com"])
def test_the_contact_of_the_example_is_refused(
    folder: Path, contact: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = f"USER_AGENT=republika-crawler/0.1 (+mailto:{contact})"
    monkeypatch.delenv("REPUBLIKA_REPLAY", raising=False)
    ran = scrapy(folder, "crawl", "latest", "-s", agent, "-s", "REPLAY=")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        f"scrapy crawl latest: USER_AGENT names the example contact {contact}:"
        " give yours, or none\n"
    )
    assert not (folder / "republika.db").exists()


@pytest.mark.parametrize("command", ["parse", "check"])
def test_help_has_an_example(folder: Path, command: str) -> None:
    assert f"  scrapy {command} " in scrapy(folder, command, "-h").stdout


def test_who_asks_for_an_article_is_told_why_it_gives_no_record(folder: Path) -> None:
    ran = scrapy(folder, "crawl", "article", "-a", f"url={DEAD}", "-L", "CRITICAL")
    assert ran.returncode == 1
    assert "note: rgnaev900 is gone: the home page is shown in place of the article" in ran.stdout
