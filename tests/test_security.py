"""A site, an archive and a database that are out to do harm: what they cannot do.

More of it stands where it belongs: redirects of articles in test_trouble, links of feeds in
test_latest, entities and bombs of XML in test_feed, certificates in test_website, records of WARC
that become huge in test_foreign_warc, pages that are built to stall a parser in test_bad_input.
"""

from __future__ import annotations

import ast
import gzip
import os
import re
import shlex
import sqlite3
import subprocess
import sys
import time
import zlib
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
import pytest
from scrapy import Request

from crawler.article import Article, Related, content_hash
from crawler.captures.warc import WarcWriter
from crawler.cli.terminal import printable
from crawler.crawl.politeness import OtherSite, OwnHostsMiddleware
from crawler.database.runs import Ledger
from crawler.database.store import Found, Store
from tests import site as played
from tests.helpers import ROOT, rows, sample_page, scrapy, wait_for
from tests.site import Crawler

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.site import Site

NEWS = {"host": "news.republika.co.id", "section": ("News", "Umum")}
NOW = "2022-08-15T12:00:00+07:00"
# What a terminal obeys, and what turns a text around: but for tab and line break.
COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


# --- requests ---------------------------------------------------------------------------------

ELSEWHERE = (
    "https://contoh.id#@republika.co.id/berita/rgmwym370/judul",
    "https://contoh.id?@republika.co.id/berita/rgmwym370/judul",
    "https://contoh.id;@republika.co.id/berita/rgmwym370/judul",
    "https://contoh.id\\@republika.co.id/berita/rgmwym370/judul",
    "https://republika.co.id@contoh.id/berita/rgmwym370/judul",
    "https://republika.co.id:443@contoh.id/berita/rgmwym370/judul",
    "https://republika.co.id.contoh.id/berita/rgmwym370/judul",
    "https://contohrepublika.co.id/berita/rgmwym370/judul",
    "https://republika.co.id:8443/berita/rgmwym370/judul",
    "//contoh.id/berita/rgmwym370/judul",
    "http://127.0.0.1/berita/rgmwym370/judul",
    "http://[::1]/berita/rgmwym370/judul",
    "http://169.254.169.254/latest/meta-data/",
    "http://localhost:8001/",
    "file:///etc/hostname",
    "ftp://republika.co.id/berita/rgmwym370/judul",
    "data:text/html,<title>Judul</title>",
)


@pytest.mark.parametrize("url", [url for url in ELSEWHERE if not url.startswith("//")])
def test_what_is_not_the_site_s_is_not_asked(url: str) -> None:
    with pytest.raises(OtherSite):
        OwnHostsMiddleware().process_request(Request(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://republika.co.id/berita/rgmwym370/judul",
        "http://news.republika.co.id:80/berita/rgmwym370/judul",
        "https://WWW.Republika.co.id:443/",
        "https://ekbis.co/berita/rgmwym370/a@contoh.id",
    ],
)
def test_what_is_the_site_s_is_asked(url: str) -> None:
    OwnHostsMiddleware().process_request(Request(url))


def leading_away(url: str, right: played.Response) -> played.Response:
    """The page with every kind of link in its head and text turned elsewhere."""
    away = "https://contoh.id/berita/rgmwym370/judul"
    head = (
        f'<base href="{away}"><link rel="canonical" href="{away}">'
        f'<link rel="amphtml" href="{away}"><meta property="og:url" content="{away}">'
        f'<script src="{away}"></script>'
    )
    text = f'<iframe src="{away}"></iframe><a href="{away}-part2">2</a><img src="{away}">'
    own = r'<link rel="canonical"[^>]*>|<meta property="og:url"[^>]*>'
    body = re.sub(own, "", right.body.decode())
    body = body.replace("<head>", f"<head>{head}").replace("<p>", f"{text}<p>", 1)
    return replace(right, body=body.encode())


def test_no_request_leaves_the_site(website: Site, tmp_path: Path) -> None:
    turned, refreshed, *moved = website.publish(len(ELSEWHERE) + 2, **NEWS)
    refresh = '<meta http-equiv="refresh" content="0; url=https://contoh.id/">'
    website.misbehave(refreshed.id, played.content(f"<html><head>{refresh}</head></html>"))
    website.misbehave(turned.id, leading_away)
    for story, url in zip(moved, ELSEWHERE, strict=True):
        website.misbehave(story.id, played.redirect(url))
    links = "".join(f"<item><title>a</title><link>{url}</link></item>" for url in ELSEWHERE)
    items = "".join(f"<url><loc>{url.replace('&', '&amp;')}</loc></url>" for url in ELSEWHERE)
    away = "https://contoh.id/feed.xml"
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    bomb = (
        f'<!DOCTYPE rss SYSTEM "{away}" [<!ENTITY a0 SYSTEM "file:///etc/hostname">{laughs}'
        f'<!ENTITY % b SYSTEM "http://127.0.0.1/">%b;]><rss><item><title>&a9;</title>'
        f"<link>{turned.url}</link></item></rss>"
    )
    sitemap = f"<urlset><sitemap><loc>{away}</loc></sitemap>{items}</urlset>"
    website.misbehave("/rss/nasional", played.content(f"<rss>{links}</rss>", played.XML))
    website.misbehave("/rss/ekonomi", played.content(bomb, played.XML))
    website.misbehave("/rss/khazanah", played.redirect(away))
    website.misbehave("/rss/otomotif", played.redirect("file:///etc/hostname"))
    website.misbehave("/sitemap.xml", played.content(sitemap, played.XML))
    website.misbehave(f"https://{moved[0].host}/robots.txt", played.redirect(away), times=1)
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl("latest", RETRY_TIMES=0)
    again = crawler.crawl("latest", RETRY_TIMES=0)
    assert "Traceback" not in done.stderr + again.stderr
    assert again.returncode == 1, "most of its articles failed"
    asked = website.requests
    assert {one.host for one in asked} == {
        *("republika.co.id", "www.republika.co.id", "news.republika.co.id")
    }
    assert 403 not in {one.status for one in asked}, "which others are refused with"
    states = {row["id"]: row["state"] for row in crawler.rows("SELECT id, state FROM pages")}
    assert states.pop(turned.id) == "stored"
    assert set(states) == {story.id for story in (refreshed, *moved)}
    assert set(states.values()) == {"failed"}
    (article,) = crawler.rows("SELECT url, title, body FROM articles")
    assert tuple(article) == (turned.url, turned.title, "\n\n".join(turned.paragraphs))


def test_a_crawl_listens_at_no_port(website: Site, tmp_path: Path) -> None:
    website.publish(3, **NEWS)
    website.misbehave("/index/", played.hang())
    crawler = Crawler(tmp_path, website)
    with crawler.start("latest") as process:
        wait_for(lambda: website.asked("/index/"))
        of_process = Path(f"/proc/{process.pid}")
        links = [str(fd.readlink()) for fd in (of_process / "fd").iterdir()]
        states = {}  # of sockets, by their inodes
        for table in ("tcp", "tcp6", "udp", "udp6"):
            for line in (of_process / "net" / table).read_text().splitlines()[1:]:
                fields = line.split()
                states[f"socket:[{fields[9]}]"] = fields[3]
        process.kill()
    own = [states[link] for link in links if link in states]
    assert own
    assert set(own) == {"01"}, "established: it reaches the site, and nobody reaches it"


# --- answers that become huge -----------------------------------------------------------------

HUGE = 512 * 2**20  # bytes


def gzip_bomb() -> bytes:
    return gzip.compress(bytes(2**24), 9) * (HUGE // 2**24)


def deflate_bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=-15)
    packer.compress(bytes(2**16))
    packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(2**24)) + packer.flush(zlib.Z_FULL_FLUSH)  # alike each time
    return block * (HUGE // 2**24) + packer.flush()


def brotli_bomb() -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join(packer.process(bytes(2**24)) for _ in range(HUGE // 2**24)) + packer.finish()


def peak_memory(pid: int) -> int:
    """The most that a process has held so far, in bytes; 0 where there is no telling."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(peak[1]) * 1024 if peak else 0


@pytest.mark.parametrize(
    ("encoding", "bomb"), [("gzip", gzip_bomb), ("deflate", deflate_bomb), ("br", brotli_bomb)]
)
def test_an_answer_that_becomes_huge_costs_only_itself(
    website: Site, tmp_path: Path, encoding: str, bomb: Callable[[], bytes]
) -> None:
    bad, good = website.publish(2, **NEWS)
    packed = bomb()
    assert len(packed) < HUGE / 500
    website.misbehave(bad.id, played.answer(200, packed, Content_Encoding=encoding))
    crawler = Crawler(tmp_path, website)
    with crawler.start("article", "-a", f"url={bad.url},{good.url}", RETRY_TIMES=0) as process:
        most = 0  # what getrusage tells includes what this process held when it started that one
        while process.poll() is None:
            most = max(most, peak_memory(process.pid))
            time.sleep(0.02)
    assert process.returncode == 0, crawler.log.read_text()
    assert most < HUGE / 2, "it was never held"
    pages = {row["id"]: row for row in crawler.rows("SELECT * FROM pages")}
    assert pages[good.id]["state"] == "stored"
    assert pages[bad.id]["state"] == "failed"
    assert "exceeded DOWNLOAD_MAXSIZE" in pages[bad.id]["reason"]
    # Kept raw all the same, and no more to be read from there.
    (capture,) = crawler.rows("SELECT length FROM captures WHERE article_id = ?", bad.id)
    assert 0 < capture["length"] < 2 * len(packed)
    again = crawler.scrapy("reparse", "--jobs", "1")
    assert again.returncode == 1
    assert "unhealthy: the payload is larger than 32 MB: 1" in again.stderr.splitlines()
    assert "found 1: 0 new, 0 updated, 1 unchanged" in again.stdout


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
        ledger = Ledger(store)
        ledger.begin("latest", {EVIL: EVIL}, {}, NOW)
        store.found([Found(id=EVIL, url=EVIL, found_in=EVIL)], NOW)
        assert store.states([EVIL, "lain"]) == {EVIL: "pending"}
        assert store.save(article, now=NOW) == "new"
        assert store.save(replace(article, title=f"{EVIL}!"), now=NOW) == "updated"
        store.reject("lain' OR '1'='1", EVIL, "failed", EVIL, now=NOW)
        ledger.completed(EVIL, 1, NOW)
        assert ledger.unseen(EVIL, [EVIL]) == set()
        assert ledger.unseen(f"{EVIL}x", [EVIL]) == {EVIL}
        assert store.twin(replace(article, id="lain")) == EVIL
        assert store.where(EVIL) == (EVIL, EVIL)
        assert store.states([EVIL]) == {EVIL: "stored"}
        assert store.db.table_names() == tables
        (row,) = store.rows("SELECT * FROM articles")
        assert (row["id"], row["title"], row["body"]) == (EVIL, f"{EVIL}!", EVIL)
        found = list(store.db["articles"].search(EVIL, quote=True))
        assert [row["id"] for row in found] == [EVIL]


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
    done = scrapy("reparse", str(hostile), "-s", f"DATABASE={database}", "--jobs", "1")
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 0, done.stderr
    assert not COMMANDS.search(done.stdout + done.stderr)
    articles = rows(database, "SELECT id, url FROM articles")
    assert [tuple(row) for row in articles] == [("rgmwym370", url)]
    made = {path.name for path in set(tmp_path.rglob("*")) - before}
    assert all(name.startswith("republika.db") for name in made), made
    files = rows(database, "SELECT DISTINCT file FROM captures")
    assert [row["file"] for row in files] == [str(hostile)]


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
    assert found == []


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
        ledger = Ledger(store)
        run_id = ledger.begin("latest", {"tag": ESCAPES}, {"a": ESCAPES}, NOW)
        store.save(article, now=NOW)
        body = f"Dua {ESCAPES}."
        store.save(replace(article, body=body, content_hash="b"), now=NOW)
        ledger.end(run_id, reason=ESCAPES, why=[ESCAPES], notes=[ESCAPES], fields={}, now=NOW)
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
    done = scrapy(
        *("reparse", str(tmp_path / "warc"), "--jobs", "1"),
        *("-s", f"DATABASE={tmp_path / 'republika.db'}"),
    )
    assert "no HTML but text/" in done.stdout
    assert not COMMANDS.search(done.stdout + done.stderr)
