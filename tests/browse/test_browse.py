"""`scrapy browse`: the real server over real databases, asked over HTTP and by a real browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from playwright.sync_api import sync_playwright
from sqlite_utils import Database

from crawler.article import Article, Image, Related, content_hash
from crawler.browse import article as reading
from crawler.browse.listing import FACETS, highlighted
from crawler.browse.metadata import metadata
from crawler.database.lock import database_lock
from crawler.database.schema import MIGRATIONS
from crawler.database.store import Store
from crawler.query.search import pieces
from tests.helpers import DAY, ROOT, crawl, scrapy, with_mounts
from tests.records import refuse, save

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page

PUTIN = "/republika/articles/rgmwym370"
DASHBOARD = "/-/dashboards/republika"
EVIL = "rgof8w430"  # an article of which nothing may be taken for markup
SCRIPT = "<script>window.hacked=1</script>"
GONE = "rgof8w431"
NOW = "2022-08-17T08:00:00+07:00"


# -- the server ----------------------------------------------------------------------------------


class Answer(NamedTuple):
    status: int
    text: str
    headers: dict[str, str]


class Archive:
    """`scrapy browse` over a database, at a port of its own."""

    def __init__(self, database: Path, *options: str, **environment: str) -> None:
        self.database = database
        self.options = options or ("--port", "0", "--no-open")
        clean = {name: value for name, value in os.environ.items() if "REPUBLIKA_" not in name}
        self.environment = clean | environment
        self.direct = build_opener(ProxyHandler({}))
        self.under: list[str] = []  # a command before ours

    def __enter__(self) -> Self:
        self.said = self.database.with_suffix(".said").open("w+b")
        self.process = subprocess.Popen(
            [
                *(*self.under, sys.executable, "-m", "scrapy", "browse", *self.options),
                *("-s", f"DATABASE={self.database}"),
            ],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.said,
            text=True,
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        if not address:
            self.__exit__()
            pytest.fail(f"no address: {line}")
        self.address, self.port = address[0].rstrip("/"), int(address[1])
        return self

    def __exit__(self, *_: object) -> None:
        self.end(signal.SIGTERM)
        self.said.close()

    def end(self, by: signal.Signals) -> tuple[int, str]:
        """End it; gives its exit code and what it said on stderr."""
        self.process.send_signal(by)
        code = self.process.wait(timeout=30)
        assert self.process.stdout
        self.process.stdout.close()
        self.said.seek(0)
        return code, self.said.read().decode()

    def ask(
        self, path: str, method: str = "GET", data: bytes | None = None, **headers: str
    ) -> Answer:
        request = Request(self.address + path, data, headers, method=method)
        try:
            response = self.direct.open(request, timeout=30)
        except HTTPError as error:
            response = error
        with response:
            said = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, response.read().decode(), said)

    def get(self, path: str, **query: str) -> str:
        answer = self.ask(f"{path}?{urlencode(query)}" if query else path)
        assert answer.status == 200, answer.text
        return answer.text


def headlines(html: str) -> list[str]:
    found = re.findall(r"<h2><a [^>]*>(.*?)</a></h2>", html)
    return [unescape(re.sub(r"</?mark>", "", text)) for text in found]


def facet(html: str, name: str) -> dict[str, int]:
    listed = re.search(rf"<h3>{name}</h3>\s*<ul>(.*?)</ul>", html, re.DOTALL)
    assert listed, f"no facet {name}"
    pattern = r"<li><(?:a|b)[^>]*>(.*?)</(?:a|b)> <span>([\d,]+)</span>"
    return {
        unescape(value): int(number.replace(",", ""))
        for value, number in re.findall(pattern, listed[1])
    }


def evil(title: str) -> Article:
    body = f"Kutilang {SCRIPT}\n\n</p><iframe src=//evil.example></iframe>{{{{ 7 * 7 }}}} \x02x"
    lead = "<img src=x onerror='window.hacked=1'> kutilang"
    return Article(
        id=EVIL,
        url="javascript:window.hacked=1",
        title=title,
        lead=lead,
        published_at="2022-08-16T09:15:00+07:00",
        published_raw=SCRIPT,
        published_from="page",
        section="<b>Evil</b> > \"Quotes'",
        reporters=["<i onmouseover='window.hacked=1'>Contoh</i>"],
        dateline=SCRIPT,
        body=body,
        word_count=9,
        language='id" onload="window.hacked=1',
        kind="article",
        layout="rol",
        content_hash=content_hash(title, lead, body),
        parser_version="1",
        tags=[f"\"'>{SCRIPT}"],
        images=[
            Image(url="javascript:window.hacked=1", caption=SCRIPT, credit=SCRIPT),
            Image(url="data:text/html,<script>top.hacked=1</script>"),
        ],
        related=[
            Related(related_id=None, url=" JAVASCRIPT:window.hacked=1", title=SCRIPT),
            Related(related_id="rgmwym370", url="https://republika.co.id/x", title="Putin"),
        ],
    )


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The archive after the sample day."""
    database = tmp_path_factory.mktemp("sample") / "republika.db"
    done = crawl(database, "backfill", *DAY)
    assert done.returncode == 0, done.stderr
    with Archive(database) as archive:
        yield archive


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive with an article that would do harm, changed once, and such a run."""
    folder = tmp_path_factory.mktemp("a folder? #1 %20")
    database = folder / "my news?.db"
    with Store(database) as store:
        save(store, evil(f"{SCRIPT} Before"), now=NOW)
        save(store, evil(f"{SCRIPT} \"Kutilang\" & 'Jalak'"), now=NOW)
        save(store, replace(evil("Judul"), id=GONE, content_hash=""), now=NOW)
        refuse(store, GONE, "https://x", "gone", "HTTP 404", now="2022-08-18T08:00:00+07:00")
        store.db.execute(
            "INSERT INTO runs (spider, arguments, versions, started_at, found, rejected, healthy,"
            " why) VALUES ('latest', '{}', '{}', ?, 4, 1, 0, ?)",
            [NOW, SCRIPT],
        )
        store.db.conn.commit()
    with Archive(database) as archive:
        yield archive


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    database = tmp_path_factory.mktemp("empty") / "republika.db"
    Store(database).close()
    with Archive(database) as archive:
        yield archive


# -- the pages -----------------------------------------------------------------------------------


def test_articles_come_newest_first_and_can_be_narrowed_down(sample: Archive) -> None:
    with closing(sqlite3.connect(sample.database)) as database:
        titles = database.execute("SELECT title FROM articles ORDER BY published_at DESC")
        newest = [title for (title,) in titles]
    html = sample.get("/")
    assert headlines(html) == newest
    assert headlines(sample.get("/", order="oldest")) == newest[::-1]
    assert facet(html, "kind") == {"article": 16, "gallery": 1}
    assert facet(html, "language") == {"id": 16, "en": 1}
    assert sum(facet(html, "layout").values()) == sum(facet(html, "section").values()) + 1 == 17

    (gallery,) = headlines(sample.get("/", kind="gallery"))
    assert gallery.startswith("Pawai Obor")
    news = sample.get("/", section="News")
    assert len(headlines(news)) == 3
    assert set(facet(news, "section")) == {
        "News > Internasional",
        "News > Nusantara",
        "News > Pendidikan",
    }
    assert headlines(sample.get("/", tag="korea utara", section="News > Internasional")) == [
        "Putin Janjikan Perluas Hubungan dengan Korea Utara"
    ]
    assert len(headlines(sample.get("/", since="2022-08-15", until="2022-08-15"))) == 17
    assert headlines(sample.get("/", until="2022-08-14")) == []
    assert headlines(sample.get("/", page="2")) == []


def test_search_marks_what_it_found(sample: Archive) -> None:
    html = sample.get("/", words='korea "hubungan bilateral"')
    assert headlines(html) == ["Putin Janjikan Perluas Hubungan dengan Korea Utara"]
    assert "dengan <mark>Korea</mark> Utara</a></h2>" in html
    assert "<mark>hubungan bilateral</mark>" in html
    assert headlines(sample.get("/", words='"bilateral hubungan"')) == []
    found = headlines(sample.get("/", words="desa"))
    assert len(found) > 1
    assert sorted(headlines(sample.get("/", words="desa", order="best"))) == sorted(found)
    html = sample.get("/", words="sentra lancar")
    assert "dari tiga <mark>sentra</mark> tanam" in html, "in the lead"
    assert len(headlines(sample.get("/", words="korea OR zzz"))) == 1, "as in scrapy search"


@pytest.mark.parametrize(
    "words",
    [
        '"',
        '"a" "',
        "AND OR NOT",
        "NEAR(a b, 2",
        "title:x",
        "a* ^b -c",
        "()",
        "'; DROP TABLE articles; --",
        "\0",
        'x\0"y',
        '"a\nb"',
        "\ud7ff\uffff🙂",
        "%",
        "a " * 2000,
        "<script>",
        "\x02\x03",
    ],
)
def test_any_text_can_be_searched_for(sample: Archive, words: str) -> None:
    for order in ("newest", "best"):
        html = sample.get("/", words=words, order=order)
        assert "<script" not in html
    sample.get("/republika/articles", _search=words)


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=-1", "page=x", "page=9999999", "page=99999999999999999999", "order=x",
        "since=x", "until=2022-13-45", "section=%FF", "kind=", "tag=%00", "words=a&words=b", "x=y",
    ],
)  # fmt: skip
def test_any_query_string_gives_a_page(sample: Archive, query: str) -> None:
    assert sample.ask(f"/?{query}").status == 200


def test_an_article_links_to_what_belongs_to_it(sample: Archive) -> None:
    html = sample.get(PUTIN)
    assert 'href="https://www.republika.co.id/berita/rgmwym370/putin-janjikan' in html
    assert "republika-2022-08-15.warc.gz</a> at byte " in html
    assert re.search(r'<a href="https://[^"]+"[^>]*>Presiden Rusia Vladimir Putin \(kanan\)', html)
    assert "not stored here" in html
    assert 'href="/?tag=korea+utara"' in html
    for path in re.findall(r'href="(/republika/(?:captures|articles)/[^"]+)"', html):
        assert sample.ask(unescape(path)).status == 200
    absent = sample.ask("/republika/articles/rgmwym999")
    assert (absent.status, "rgmwym999" in absent.text) == (404, True)


def test_what_the_site_took_away_says_so(hostile: Archive) -> None:
    html = hostile.get(f"/republika/articles/{GONE}")
    assert "The page is gone since 18 August 2022, 08:00 WIB: HTTP 404" in html


def test_what_changed_is_told(hostile: Archive) -> None:
    html = hostile.get(f"/republika/articles/{EVIL}")
    assert "Changed, as seen 17 August 2022, 08:00 WIB" in html
    assert re.findall(r"<h3>(\w+)</h3>", html) == ["title"]
    assert re.search(r"<del>.* Before</del>", html)
    assert re.search(r"<ins>.*Kutilang.*</ins>", html)


def test_changes_are_read_line_by_line() -> None:
    text = "title\n- Lama\n+ Baru\n\nbody\n…\n- Satu.\n- \n- Dua.\n+ Tiga.\n…"
    assert reading.changed_fields(text) == [
        {"name": "title", "lines": [("-", "Lama"), ("+", "Baru")]},
        {
            "name": "body",
            "lines": [
                *[("…", ""), ("-", "Satu."), ("-", ""), ("-", "Dua."), ("+", "Tiga."), ("…", "")]
            ],
        },
    ]


def test_nothing_a_page_said_is_markup(hostile: Archive) -> None:
    for path in ("/", "/?words=kutilang", f"/republika/articles/{EVIL}"):
        answer = hostile.ask(path)
        assert answer.status == 200
        assert "script-src" not in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        for tag in ("<script", "<iframe", "<img", "<i ", "<b>Evil"):
            assert tag not in answer.text
        hrefs = re.findall(r'href="([^"]*)"', answer.text)
        assert all(href.startswith(("/", "https://republika.co.id/", "#")) for href in hrefs)
        assert 'onload="' not in answer.text
    assert "{{ 7 * 7 }}" in hostile.get(f"/republika/articles/{EVIL}")


def test_an_article_page_asks_for_no_script(sample: Archive) -> None:
    assert "<script" not in sample.get(PUTIN)


def test_the_best_are_those_of_scrapy_search(tmp_path: Path) -> None:
    with Store(tmp_path / "a.db") as store:
        for n in range(4):  # of which none is better than another
            save(store, replace(evil("Sama"), id=f"rgof8w43{n}"), now=NOW)
    done = scrapy("search", "--json", "sama", "-s", f"DATABASE={tmp_path / 'a.db'}")
    best = [json.loads(line)["id"] for line in done.stdout.splitlines()]
    with Archive(tmp_path / "a.db") as archive:
        html = archive.ask("/?words=sama&order=best").text
    assert re.findall(r'<h2><a href="/republika/articles/(\w+)"', html) == best
    assert len(best) == 4


def test_marks_come_after_escaping() -> None:
    title, _ = pieces("\x02<b>\x03 & \x03\x02x", None, "")
    assert highlighted(title) == "<mark>&lt;b&gt;</mark> &amp; x"


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        ("https://republika.co.id/x", True),
        ("HTTP://x", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https:javascript", False),
        ("//x", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_web_are_links(url: str, is_link: bool) -> None:
    assert (reading.web_address(url) == url) is is_link


@pytest.mark.parametrize("path", ["/", DASHBOARD])
def test_an_empty_archive_says_what_to_do(empty: Archive, path: str) -> None:
    html = empty.get(path)
    assert "No article is stored yet" in html
    assert "scrapy crawl latest" in html


def test_what_a_crawl_stores_meanwhile_is_shown(tmp_path: Path) -> None:
    database = tmp_path / "republika.db"
    with Store(database) as store:
        save(store, evil("Pertama"), now=NOW)
        with Archive(database) as archive:
            assert headlines(archive.get("/")) == ["Pertama"]
            save(store, evil("Kedua"), now=NOW)
            assert headlines(archive.get("/")) == ["Kedua"]
            with store.transaction():
                store.db.execute("UPDATE articles SET title = 'Ketiga'")
                assert headlines(archive.get("/")) == ["Kedua"], "while another writes"
            assert headlines(archive.get("/")) == ["Ketiga"]
            assert archive.end(signal.SIGTERM) == (0, "")


# -- the tables and the charts -------------------------------------------------------------------


def test_every_table_and_column_is_described(empty: Archive) -> None:
    tables = metadata()["databases"]["republika"]["tables"]
    with closing(sqlite3.connect(empty.database)) as database:
        names = [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not re.fullmatch("articles_fts_.+|sqlite_.+", name)  # SQLite's own
        ]
        assert set(tables) == set(names)
        for name in names:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({name})")]
            assert list(tables[name]["columns"]) == columns, name
            texts = (tables[name]["title"], tables[name]["description"])
            assert all((*texts, *tables[name]["columns"].values())), name
            empty.get(f"/republika/{name}")
    assert "Republika&#39;s article id" in empty.get("/republika/articles")


def test_articles_are_sorted_in_their_table_too(sample: Archive) -> None:
    rows = json.loads(sample.get("/republika/articles.json", _shape="array"))
    moments = [row["published_at"] for row in rows]
    assert len(moments) == 17
    assert moments == sorted(moments, reverse=True)
    assert "17 rows" in sample.get("/republika")


def query(chart: str) -> str:
    return metadata()["plugins"]["datasette-dashboards"]["republika"]["charts"][chart]["query"]


def chart(archive: Archive, name: str, **days: str) -> list[dict]:
    said = json.loads(archive.get("/republika.json", sql=query(name), _shape="objects", **days))
    return said["rows"]


def test_charts_say_what_is_stored(sample: Archive) -> None:
    assert chart(sample, "days") == [{"day": "2022-08-15T00:00", "articles": 17}]
    assert chart(sample, "days", since="2022-08-16") == []
    assert {"section": "News", "articles": 3} in chart(sample, "sections")
    assert chart(sample, "reporters")[0] == {"reporter": "Contoh Reporter", "articles": 10}
    assert sum(row["articles"] for row in chart(sample, "words")) == 17
    (week,) = chart(sample, "fields")
    assert (week["week"], week["editors"]) == ("2022-08-15T00:00", 1)
    assert 0 < week["sources"] < week["dateline"] <= 1
    (run,) = chart(sample, "rejects")
    assert (run["rejected"], run["fetched"], run["share"]) == (1, 20, 0.05)


def test_gaps_are_told_apart(tmp_path: Path) -> None:
    database = tmp_path / "republika.db"
    with Store(database) as store:
        for day in (10, 12, 14):
            moment = f"2022-08-{day}T08:00:00+07:00"
            store.db.execute(
                "INSERT INTO articles SELECT ?, '', '', NULL, ?, NULL, 'page', NULL, NULL, '[]',"
                " '[]', '[]', NULL, 'x', 1, 'id', 'article', 0, 'rol', ?, '1', ?, ?, ?",
                [f"a{day}", moment, f"{day}", moment, moment, moment],
            )
            store.db.execute(
                "INSERT INTO pages (id, url, state, found_at, listed_at) VALUES (?, '', ?, ?, ?)",
                [f"a{day}", "failed" if day == 12 else "stored", moment, moment],
            )
        store.db.execute("INSERT INTO listings VALUES ('day 2022-08-10', 1, ?, 1)", [NOW])
        store.db.conn.commit()
        found = store.db.query(query("gaps"), {"since": "", "until": ""})
        assert [(row["month"], row["day"], row["day_is"]) for row in found] == [
            ("2022-08", 10, "complete"),
            ("2022-08", 11, "no article"),
            ("2022-08", 12, "some still missing"),
            ("2022-08", 13, "no article"),
            ("2022-08", 14, "index not read to its end"),
        ]
        for since in ("x", "0001-01-01", "9999-12-31"):
            found = store.db.query(query("gaps"), {"since": since, "until": "9999-12-31"})
            assert len(list(found)) <= 1000


def test_articles_are_counted_without_reading_them(empty: Archive) -> None:
    with closing(sqlite3.connect(empty.database)) as database:
        sql = f"SELECT {', '.join(FACETS)}, count(*) FROM articles GROUP BY 1, 2, 3, 4"
        (step,) = (row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {sql}"))
        assert step == "SCAN articles USING COVERING INDEX articles_facets"


# -- nobody else's ------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/republika", "/-/messages", "/-/logout"])
def test_nothing_can_be_sent(sample: Archive, method: str, path: str) -> None:
    answer = sample.ask(path, method, b"sql=x" if method == "POST" else None)
    assert answer.status == 405


def test_head_is_answered(sample: Archive) -> None:
    assert sample.ask("/", "HEAD").status == 200


def test_queries_can_only_read(sample: Archive) -> None:
    before = sample.database.read_bytes()
    assert json.loads(sample.get("/republika.json", sql="select 1 as one", _shape="array")) == [
        {"one": 1}
    ]
    for sql in (
        "delete from articles",
        "select 1; delete from articles",
        "with x as (select 1) delete from articles",
        "pragma user_version = 9",
        "attach 'x.db' as x",
        "vacuum into '/tmp/x.db'",
        "explain delete from articles",
        "select load_extension('x')",
    ):
        answer = sample.ask(f"/republika.json?{urlencode({'sql': sql})}")
        assert answer.status == 400 or sql.startswith("explain"), sql
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"
    answer = sample.ask(f"/republika.json?{urlencode({'sql': endless, '_timelimit': '100'})}")
    assert (answer.status, "too long" in answer.text) == (400, True)
    assert sample.database.read_bytes() == before
    assert sample.ask("/republika.db").status in {403, 404}


def test_only_this_machine_is_answered(sample: Archive) -> None:
    with pytest.raises(ConnectionRefusedError):  # as a server for all addresses would not
        socket.create_connection(("127.0.0.2", sample.port)).close()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:{port}", 200),
        ("127.0.0.1:{port}", 200),
        ("127.0.0.1", 421),
        ("evil.example:{port}", 421),
        ("evil.example", 421),
        ("127.0.0.1:{port}.evil.example", 421),
        ("", 421),
    ],
)
def test_no_other_name_is_answered(sample: Archive, host: str, status: int) -> None:
    name = host.format(port=sample.port)
    assert sample.ask("/republika.json", Host=name).status == status


def test_plugins_of_others_are_left_out(empty: Archive, tmp_path: Path) -> None:
    (tmp_path / "others.py").write_text(
        "from datasette import hookimpl, Response\n"
        "@hookimpl\n"
        "def register_routes():\n"
        "    return [('^/$', lambda: Response.text('taken over'))]\n"
    )
    (tmp_path / "others-1.dist-info").mkdir()
    (tmp_path / "others-1.dist-info/METADATA").write_text("Name: others\nVersion: 1\n")
    (tmp_path / "others-1.dist-info/entry_points.txt").write_text("[datasette]\nothers = others\n")
    with Archive(empty.database, PYTHONPATH=str(tmp_path)) as archive:
        assert "No article is stored yet" in archive.get("/")
        assert "others" not in archive.get("/-/plugins.json")


def test_pages_may_load_nothing_from_elsewhere(sample: Archive) -> None:
    for path in ("/", PUTIN, DASHBOARD, "/republika", "/republika/articles", "/static/browse.css"):
        headers = sample.ask(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'"), path
        assert not re.search(r"https?:|\*", policy), path
        assert headers["referrer-policy"] == "no-referrer"
        assert ("unsafe-eval" in policy) is (path == DASHBOARD)


# -- the command ---------------------------------------------------------------------------------


def test_ctrl_c_ends_it(empty: Archive) -> None:
    with Archive(empty.database) as archive:
        archive.get("/")
        assert archive.end(signal.SIGINT) == (0, "")


def test_it_opens_the_browser_of_the_user(empty: Archive, tmp_path: Path) -> None:
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{opened}.part"\nmv "{opened}.part" "{opened}"\n')
    browser.chmod(0o755)
    with Archive(empty.database, "--port", "0", BROWSER=f"{browser} %s") as archive:
        deadline = time.monotonic() + 20
        while not opened.exists():
            assert time.monotonic() < deadline, "no browser was opened"
            time.sleep(0.05)
        assert opened.read_text() == f"{archive.address}/\n"


def test_a_port_can_be_chosen_and_a_busy_one_is_named(empty: Archive) -> None:
    done = scrapy("browse", "--port", str(empty.port), "-s", f"DATABASE={empty.database}")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line == (
        f"scrapy browse: port {empty.port} cannot be used (Address already in use);"
        " give another with --port, or 0"
    )


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--port", "x"), "--port: expected a whole number from 0 to 65535, not 'x'"),
        (("--port", "-1"), ""),
        (("--port", "65536"), "--port: expected a whole number from 0 to 65535, not '65536'"),
        (("--frobnicate",), "--frobnicate is not an option"),
        (("republika.db",), "republika.db is not known"),
    ],
)
def test_bad_arguments(tmp_path: Path, args: tuple[str, ...], says: str) -> None:
    done = scrapy("browse", *args, "-s", f"DATABASE={tmp_path / 'x.db'}")
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_database_there_is_nothing_to_browse(tmp_path: Path) -> None:
    database = tmp_path / "x.db"
    done = scrapy("browse", "-s", f"DATABASE={database}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"scrapy browse: there is no database {database} yet; a crawl makes it\n"
    assert list(tmp_path.iterdir()) == []
    database.write_text("no database at all, and long enough to be seen as none" * 20)
    done = scrapy("browse", "-s", f"DATABASE={database}")
    assert (done.returncode, done.stderr) == (
        1,
        f"scrapy browse: {database} is not a SQLite database\n",
    )


# -- the file ------------------------------------------------------------------------------------


def alone(path: Path, version: str | None = None) -> Path:
    """A database in one file, as a copy of it is; of before that migration, if one is named."""
    with closing(sqlite3.connect(path)) as connection:
        MIGRATIONS.apply(Database(connection), stop_before=version)
        connection.commit()
    return path


def test_a_file_that_is_up_to_date_is_not_touched(tmp_path: Path) -> None:
    database = alone(tmp_path / "a.db")
    before = database.read_bytes()
    with Archive(database) as archive:
        assert archive.ask("/").status == 200
    assert database.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"a.db", "a.said"}


def test_an_older_file_is_brought_up_to_date_while_no_run_holds_it(tmp_path: Path) -> None:
    database = alone(tmp_path / "a.db", "facets")
    before = database.read_bytes()
    with database_lock(database):
        done = scrapy("browse", "--port", "0", "--no-open", "-s", f"DATABASE={database}")
    says = f"scrapy browse: process {os.getpid()} holds {database}; try again when it has ended\n"
    assert (done.returncode, done.stdout, done.stderr) == (75, "", says)
    assert database.read_bytes() == before
    with Archive(database) as archive:
        assert archive.ask("/?section=Ekonomi").status == 200


def read_only(folder: Path) -> list[str]:
    """A command before another for which nothing in the folder can be written."""
    return with_mounts(
        f'mount --bind {folder} {folder}\nmount -o remount,ro,bind {folder}\nexec "$@"'
    )


def test_what_is_read_only_is_browsed(tmp_path: Path) -> None:
    archive = Archive(alone(tmp_path / "a.db"))
    archive.under = read_only(tmp_path)
    with archive:
        assert archive.ask("/").status == 200


def test_what_is_read_only_and_cannot_be_browsed_is_one_line(tmp_path: Path) -> None:
    old, wal = alone(tmp_path / "old.db", "facets"), tmp_path / "wal.db"
    Store(wal).close()
    unwritten = "its folder cannot be written: Read-only file system"
    for database, says in (
        (old, f"must be brought up to date, but {unwritten}"),
        (wal, "cannot be opened: is its folder there, and yours to write in?"),
    ):
        command = [sys.executable, "-m", "scrapy", "browse", "-s", f"DATABASE={database}"]
        done = subprocess.run(
            [*read_only(tmp_path), *command, "--no-open"],
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == f"scrapy browse: {database} {says}\n"


def test_without_datasette_the_remedy_is_named(empty: Archive) -> None:
    program = (
        "import sys; sys.modules['datasette'] = None; from scrapy.cmdline import execute;"
        f" execute(['scrapy', 'browse', '--no-open', '-s', 'DATABASE={empty.database}'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    remedy = "run make install, or pip install '.[browse]'"
    assert done.stderr == f"scrapy browse: datasette is not installed: {remedy}\n"


def test_an_address_that_cannot_be_told_is_trouble(empty: Archive) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "browse", "--port", "0", "--no-open"],
            cwd=ROOT,
            env=empty.environment | {"REPUBLIKA_DATABASE": str(empty.database)},
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    says = "scrapy browse: standard output cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (1, says)


def test_help_has_an_example() -> None:
    done = scrapy("browse", "-h")
    assert done.returncode == 0
    for words in ("--port N", "--no-open", "scrapy browse --port 0 --no-open"):
        assert words in done.stdout


# -- in a browser --------------------------------------------------------------------------------


def chromium() -> str:
    """The path of Chromium; a test that needs it skips where it is absent, but not in CI."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is absent in CI (Debian package chromium)")
        pytest.skip("chromium is not on this machine (Debian package chromium)")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    flags = "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking"
    flags += " disable-component-update disable-sync"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium(),
            args=[f"--{flag}" for flag in flags.split()],
        )
        yield running
        running.close()


class Visit:
    """A page of the browser, with what it asked for and complained of."""

    def __init__(self, browser: Browser, archive: Archive, width: int = 1200) -> None:
        self.archive = archive
        self.page: Page = browser.new_page(viewport={"width": width, "height": 800})
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: self.errors.append(dialog.message))
        self.page.on("console", self._heard)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.page.close()
        assert self.errors == []
        own = (f"{self.archive.address}/", "data:", "blob:")
        assert [url for url in self.asked if not url.startswith(own)] == []

    def go(self, path: str) -> None:
        self.page.goto(self.archive.address + path)

    def draw(self) -> dict[str, int]:
        """Wait for the charts; gives how many marks each has."""
        self.page.wait_for_function(
            "[...document.querySelectorAll('figure')].every(figure => figure.querySelector('svg'))"
        )
        return self.page.evaluate(
            "Object.fromEntries([...document.querySelectorAll('figure')].map(figure => [figure.id,"
            " figure.querySelectorAll('svg .role-mark path').length]))"
        )

    def fits(self) -> bool:
        return self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_reader_finds_and_reads_an_article(browser: Browser, sample: Archive) -> None:
    with Visit(browser, sample) as visit:
        visit.go("/")
        page = visit.page
        assert page.locator("article h2").count() == 17
        page.get_by_label("Search").fill("korea")
        page.keyboard.press("Enter")
        page.wait_for_selector("mark")
        assert page.locator("h2 mark").inner_text() == "Korea"
        page.click("article h2 a")
        page.wait_for_selector("h1")
        assert page.inner_text("h1") == "Putin Janjikan Perluas Hubungan dengan Korea Utara"
        assert page.inner_text(".lead").startswith("Putin mengatakan hubungan yang lebih erat")
        byline = " ".join(page.inner_text(".byline").split())
        assert byline == (
            "15 August 2022, 09:15 WIB Rep Dwina Agustin Red Friska Yolandha Source Reuters"
        )
        paragraphs = page.locator(".body p").all_inner_texts()
        assert len(paragraphs) == 7
        assert paragraphs[0].startswith("PYONGYANG — Presiden Rusia")
        page.click(".tags a >> text=korea utara")
        page.wait_for_selector(".filter")
        assert page.inner_text(".filter") == "tag korea utara ✕"


def test_charts_are_drawn(browser: Browser, sample: Archive) -> None:
    with Visit(browser, sample) as visit:
        visit.go(DASHBOARD)
        drawn = visit.draw()
        assert len(drawn) == 7
        assert all(drawn.values()), drawn
        assert visit.page.inner_text(".runs .good") == "healthy"
        visit.go(f"{DASHBOARD}?since=2022-08-16")
        assert "No article was published in these days" in visit.page.inner_text("main")


def test_tables_are_shown(browser: Browser, sample: Archive) -> None:
    with Visit(browser, sample) as visit:
        for path in ("/republika", "/republika/runs", "/republika/runs/1", "/republika/articles"):
            visit.go(path)
            assert visit.page.locator(".places a").count() == 4


def test_nothing_a_page_said_runs(browser: Browser, hostile: Archive) -> None:
    with Visit(browser, hostile) as visit:
        table = "/republika/articles?_search=kutilang"
        for path in ("/?words=kutilang", DASHBOARD, table, f"/republika/articles/{EVIL}"):
            visit.go(path)
            if path == DASHBOARD:
                visit.draw()
                assert SCRIPT in visit.page.inner_text(".runs")
            assert visit.page.evaluate("window.hacked") is None
        assert visit.page.inner_text("h1") == f"{SCRIPT} \"Kutilang\" & 'Jalak'"
        for link in visit.page.locator("a").all():
            assert (link.get_attribute("href") or "").startswith(("/", "https://"))


def test_an_empty_archive_in_the_browser(browser: Browser, empty: Archive) -> None:
    with Visit(browser, empty) as visit:
        for path in ("/", DASHBOARD):
            visit.go(path)
            assert visit.page.inner_text("h1") == "No article is stored yet"


def test_pages_fit_a_phone(browser: Browser, sample: Archive, hostile: Archive) -> None:
    evil_page = f"/republika/articles/{EVIL}"
    for archive, paths in ((sample, ("/", PUTIN, DASHBOARD)), (hostile, ("/", evil_page))):
        with Visit(browser, archive, width=360) as visit:
            for path in paths:
                visit.go(path)
                if path == DASHBOARD:
                    visit.draw()
                assert visit.fits(), path


def test_the_picture_of_the_readme(browser: Browser, sample: Archive, tmp_path: Path) -> None:
    """Written where BROWSE_PICTURE says, else nowhere that stays."""
    picture = Path(os.environ.get("BROWSE_PICTURE") or tmp_path / "browse.png")
    with Visit(browser, sample, width=1000) as visit:
        visit.go("/?words=warga")
        visit.page.wait_for_selector("mark")
        visit.page.screenshot(path=picture, clip={"x": 0, "y": 0, "width": 1000, "height": 640})
    assert 10_000 < picture.stat().st_size < 200_000
