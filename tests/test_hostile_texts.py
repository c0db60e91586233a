"""What a page, an archive or an argument says is data: it is never run, and names no file."""

from __future__ import annotations

import ast
import gzip
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from crawler.article import Article, Related, content_hash
from crawler.captures.writer import WarcWriter
from crawler.database.pages import Found
from crawler.database.store import Store
from crawler.query.filter import Filter
from crawler.query.search import search
from crawler.query.snapshot import reading
from crawler.query.words import parse_query
from tests.captures.again import reparse
from tests.helpers import ROOT, rows, sample_page, scrapy
from tests.records import refuse, save
from tests.site import Crawler

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site import Site

NEWS: dict[str, Any] = {"host": "news.republika.co.id", "section": ("News", "Umum")}
NOW = "2022-08-15T12:00:00+07:00"
# What a terminal obeys, and what turns a text around: but for tab and line break.
COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


# --- texts that are commands elsewhere --------------------------------------------------------

EVIL = """'"); DROP TABLE articles; -- % _ * NEAR( title: ^ " OR 1=1 \\ ;"""


def test_sql_in_a_record_is_text(tmp_path: Path) -> None:
    article = Article(
        id=EVIL,
        url=EVIL,
        title=EVIL,
        lead=EVIL,
        published_at=NOW,
        published_from="page",
        section=EVIL,
        reporters=[EVIL],
        body=EVIL,
        word_count=9,
        language="id",
        kind="article",
        layout=EVIL,
        content_hash=content_hash(EVIL, EVIL, EVIL),
        parser_version="1",
        tags=[EVIL, "lain"],
        related=[Related(related_id=EVIL, url=EVIL, title=EVIL)],
    )
    with Store(tmp_path / "republika.db") as store:
        tables = store.db.table_names()
        store.runs.begin("latest", {EVIL: EVIL}, {}, NOW)
        store.pages.find([Found(id=EVIL, url=EVIL, found_in=EVIL)], NOW)
        assert store.pages.states([EVIL, "lain"]) == {EVIL: "pending"}
        assert save(store, article, now=NOW) == "new"
        assert save(store, replace(article, title=f"{EVIL}!"), now=NOW) == "updated"
        refuse(store, "lain' OR '1'='1", EVIL, "failed", EVIL, now=NOW)
        store.listings.complete(EVIL, 1, NOW)
        assert store.listings.unseen(EVIL, [EVIL]) == set()
        assert store.listings.unseen(f"{EVIL}x", [EVIL]) == {EVIL}
        assert store.articles.twin(replace(article, id="lain")) == EVIL
        assert store.articles.where(EVIL) == (EVIL, EVIL)
        assert store.pages.states([EVIL]) == {EVIL: "stored"}
        assert store.db.table_names() == tables
        (row,) = store.rows("SELECT * FROM articles")
        assert (row["id"], row["title"], row["body"]) == (EVIL, f"{EVIL}!", EVIL)
    with reading(tmp_path / "republika.db") as database:
        found = search(database, Filter(query=parse_query(EVIL)), newest=True, limit=5)
    assert [hit.id for hit in found.hits] == [EVIL]


@pytest.mark.parametrize(
    "args",
    [
        ("crawl", "topic", "-a", f"tag={EVIL}"),
        ("crawl", "backfill", "-a", "since=2022-08-15", "-a", f"section={EVIL}"),
        ("crawl", "article", "-a", f"url={EVIL}"),
        ("reparse", "--id", EVIL),
        ("runs", EVIL),
        ("audit", "--since", EVIL),
    ],
)
def test_sql_in_an_argument_is_a_bad_argument(tmp_path: Path, args: tuple[str, ...]) -> None:
    database = tmp_path / "republika.db"
    done = scrapy(*args, "-s", f"DATABASE={database}")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not database.exists()


# --- names of files ---------------------------------------------------------------------------

HOSTILE_TARGETS = (
    "file:///etc/passwd",
    "../../../../etc/passwd",
    "/etc/passwd",
    "http://[::1/berita/rgmwym370/judul",
    "http://[/",
    "https://republika.co.id@contoh.id/berita/rgmwym370/judul",
    "https://republika.co.id:x/berita/rgmwym370/judul",
    "https://republika.co.id/../../../etc/passwd",
    "https://republika.co.id/berita/..%2f..%2fetc/rgmwym370/../../judul",
    "javascript:alert(1)",
    "urn:uuid:00000000-0000-0000-0000-000000000000",
    "https://republika.co.id/" + "a" * 100_000,
    "\x1b]0;judul\x07",
)


def test_an_archive_writes_nothing_but_records(tmp_path: Path) -> None:
    url, page = sample_page("rgmwym370")
    folder = tmp_path / "warc"
    html = ((b"Content-Type", b"text/html"),)
    writer = WarcWriter(folder)
    for target in (*HOSTILE_TARGETS, url):
        writer.response(target, 200, html, page.encode(), datetime(2022, 8, 16, tzinfo=UTC))
    writer.close()
    (file,) = folder.iterdir()
    # A name for itself that leads elsewhere.
    elsewhere = b"../../" + b"a" * (len(file.name) - 6)
    hostile = folder / "hostile.warc"
    unpacked = gzip.decompress(file.read_bytes())
    hostile.write_bytes(unpacked.replace(file.name.encode(), elsewhere))
    file.unlink()
    before = set(tmp_path.rglob("*"))
    database = tmp_path / "republika.db"
    done = reparse(database, str(hostile), "--jobs", "1")
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 0, done.stderr
    assert not COMMANDS.search(done.stdout + done.stderr)
    articles = rows(database, "SELECT id, url FROM articles")
    assert [tuple(row) for row in articles] == [("rgmwym370", url)]
    made = {path.name for path in set(tmp_path.rglob("*")) - before}
    extract = {"republika.captures", "hostile.republika.warc.gz"}
    assert all(name.startswith("republika.db") for name in made - extract), made
    files = rows(database, "SELECT DISTINCT file FROM captures")
    assert [row["file"] for row in files] == ["hostile.republika.warc.gz"]


@pytest.mark.parametrize("name", ["../outside.warc.gz", "../../../../etc/passwd", ""])
def test_a_database_that_names_other_files_is_not_believed(
    website: Site, tmp_path: Path, name: str
) -> None:
    (story,) = website.publish(**NEWS)
    crawler = Crawler(tmp_path, website)
    asked = ("article", "-a", f"url={story.url}")
    assert crawler.crawl(*asked).returncode == 0
    writer = WarcWriter(tmp_path)
    other = datetime(2022, 8, 15, tzinfo=UTC)
    writer.response(story.url, 200, (), b"<title>Lain</title>", other)
    writer.close()
    next(tmp_path.glob("*.warc.gz")).rename(tmp_path / "outside.warc.gz")
    with closing(sqlite3.connect(crawler.database)) as connection, connection:
        connection.execute("UPDATE captures SET file = ?", [name])
    outside = {path: path.read_bytes() for path in tmp_path.glob("*.warc.gz")}
    done = crawler.crawl(*asked)
    assert done.returncode == 0, done.stderr
    assert "found 1: 0 new, 0 updated, 1 unchanged" in done.stdout
    assert [one.conditional for one in website.asked(story.id)] == [False, False], "asked for whole"
    assert {path: path.read_bytes() for path in tmp_path.glob("*.warc.gz")} == outside


# --- code -------------------------------------------------------------------------------------

LOADERS = {"pickle", "dill", "marshal", "shelve", "yaml", "jsonpickle", "ctypes", "runpy"}
PRCTL = ("fleet.py", "ctypes")  # so that a crawl ends with the worker that started it
CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "load_extension"}


def test_what_is_stored_is_never_run() -> None:
    """Only data is read back: from SQLite, WARC and JSON."""
    folders = (ROOT / name for name in ("crawler", "spiders", "pipelines"))
    sources = [path for folder in folders for path in folder.rglob("*.py")]
    assert len(sources) > 40
    found = []
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Import(names=names):
                    named = {name.name.partition(".")[0] for name in names} & LOADERS
                case ast.ImportFrom(module=str(module)):
                    named = {module.partition(".")[0]} & LOADERS
                case ast.Call(func=ast.Name(id=name)) if name in CALLS:
                    named = {name}
                case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in CALLS:
                    named = set() if ast.unparse(value) == "re" else {attr}
                case ast.Call(keywords=keywords):
                    named = {"shell" for keyword in keywords if keyword.arg == "shell"}
                case _:
                    continue
            found += [(path.name, name) for name in named]
    assert found == [PRCTL]
