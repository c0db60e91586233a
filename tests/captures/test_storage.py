from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from scrapy.settings import Settings
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from crawler.captures.replay import ReplayIndex, replay_files
from crawler.captures.rows import declared_type, read_page
from crawler.captures.storage import CaptureStorage, file_size
from crawler.captures.warc import iter_captures, read_capture
from crawler.captures.writer import WarcWriter
from crawler.database.store import Store
from crawler.errors import CaptureError, ReplayError

if TYPE_CHECKING:
    from crawler.captures.response import CapturedResponse

ARTICLE = "/berita/rgmwym370/judul"
HTML = "<html><title>Café</title><p>{}</p></html>"
ROBOTS = "User-agent: *\nDisallow: /private\n"

# What the test needs of a spider: ask for these pages, and say what came.
CRAWL = """
import json, sys
from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess

class Pages(Spider):
    name = "pages"
    needs_run = True
    given = {}
    async def start(self):
        for url in urls:
            yield Request(url, callback=self.parse, errback=self.failed, dont_filter=True,
                          meta={"handle_httpstatus_list": [404], "dont_cache": "nocache" in url})
    def parse(self, response):
        came.append([response.url, response.status, response.body.decode(),
                     type(response).__name__])
    def failed(self, failure):
        came.append([failure.request.url, None, type(failure.value).__name__, None])

settings, urls = json.loads(sys.argv[1])
came = []
process = CrawlerProcess({
    "EXTENSIONS": {"crawler.crawl.run.RunExtension": 0},
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "crawler.crawl.robots.RobotsMiddleware": 100,
        "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
        "crawler.captures.middleware.CaptureMiddleware": 900,
    },
    "HTTPCACHE_ENABLED": True,
    "HTTPCACHE_STORAGE": "crawler.captures.storage.CaptureStorage",
    "HTTPCACHE_POLICY": "crawler.captures.middleware.CapturePolicy",
    "ROBOTSTXT_OBEY": True,
    "RETRY_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "USER_AGENT": "republika-crawler/test",
    "REPLAY": "",
    "CAPTURES_FILE_SIZE": 1_000_000_000,
    **settings,
})
process.crawl(Pages)
process.start()
print(json.dumps(came))
"""


class Site(ThreadingHTTPServer):
    """A small site on the loopback interface that knows conditional requests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.answered: list[tuple[str, int]] = []
        self.changing = "first"  # what /changing says
        self.dead: set[str] = set()  # paths where the connection breaks


class Answer(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        if self.path in self.server.dead:
            self.server.answered.append((self.path, 0))
            self.close_connection = True
            return
        headers = {"Content-Type": "text/html; charset=utf-8", "ETag": '"1"'}
        status, body = 200, HTML.format(self.path).encode()
        match self.path:
            case "/robots.txt":
                headers["Content-Type"] = "text/plain"
                body = ROBOTS.encode()
            case "/berita/rgmwym370/judul":
                headers["Content-Encoding"] = "gzip"
                body = gzip.compress(body)
            case "/changing":
                headers["ETag"] = f'"{self.server.changing}"'
                body = HTML.format(self.server.changing).encode()
            case "/dated":
                del headers["ETag"]
                headers["Last-Modified"] = "Mon, 15 Aug 2022 02:15:00 GMT"
            case "/moved":
                status, body = 301, b""
                headers = {"Location": "/dated"}
            case "/renamed":  # the article itself at first, then a redirect to the same bytes
                if self.server.changing != "first":
                    status, body = 301, b""
                    headers = {"Location": "/target"}
            case "/gone":
                status = 404
            case "/same/1" | "/same/2":
                headers["ETag"] = f'"{self.path}"'
                body = HTML.format("same").encode()
            case "/bare":
                del headers["ETag"]
        etag = headers.get("ETag")
        if (status == 200 and etag and self.headers["If-None-Match"] == etag) or (
            "Last-Modified" in headers
            and self.headers["If-Modified-Since"] == headers["Last-Modified"]
        ):
            status, body = 304, b""
            headers = {"ETag": etag} if etag else {}
        self.server.answered.append((self.path, status))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running_site():
    with Site() as site:
        thread = Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join()


class Crawls:
    """Runs crawls in a folder, each in a process of its own, as Scrapy's reactor wants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.captures = folder / "captures"
        self.database = folder / "republika.db"

    def run(self, *urls: str, **settings: object) -> dict[str, list]:
        settings = {"DATABASE": str(self.database), "CAPTURES": str(self.captures), **settings}
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", CRAWL, json.dumps([settings, urls])],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        assert done.returncode == 0, done.stderr
        self.log = done.stderr
        return {url: came for url, *came in json.loads(done.stdout)}

    def rows(self, sql: str) -> list[tuple]:
        with Store(self.database) as store:
            return store.db.execute(sql).fetchall()

    def warcs(self) -> list[Path]:
        return sorted(self.captures.glob("*.warc.gz"))


PATHS = (ARTICLE, "/changing", "/dated", "/gone", "/moved", "/private", "/renamed")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A crawl, a second one, and a replay of both with the site gone."""
    crawls: Any = Crawls(tmp_path_factory.mktemp("crawls"))
    with running_site() as site:
        urls = [site.url + path for path in PATHS]
        crawls.site = site
        crawls.first = crawls.run(*urls)
        crawls.first_answers, site.answered = site.answered, []
        crawls.after_first = crawls.warcs()
        site.changing = "second"
        crawls.second = crawls.run(*urls)
        crawls.second_answers = site.answered
        crawls.after_second = crawls.warcs()
        crawls.rows_after_second = crawls.rows("SELECT count(*) FROM captures")
    crawls.replayed = crawls.run(*urls, f"{site.url}/never", REPLAY=str(crawls.captures))
    return crawls


def test_first_crawl_stores_every_response(runs):
    answers = sorted(runs.first_answers)
    assert ("/private", 200) not in answers
    file = runs.after_first[0].name
    stored = runs.rows(f"SELECT url, status FROM captures WHERE file = '{file}'")
    assert sorted((url.removeprefix(runs.site.url), status) for url, status in stored) == answers


def test_second_crawl_is_answered_by_304_and_reads_the_same(runs):
    answers = dict(runs.second_answers)
    assert answers["/robots.txt"] == answers[ARTICLE] == answers["/dated"] == 304
    assert answers["/changing"] == 200
    url = runs.site.url
    for path in (ARTICLE, "/dated"):
        assert runs.second[url + path] == runs.first[url + path]
        assert runs.second[url + path][0] == 200
    assert runs.second[url + ARTICLE][1:] == [HTML.format(ARTICLE), "HtmlResponse"]
    assert runs.second[f"{url}/changing"][1] == HTML.format("second")
    assert runs.second[f"{url}/private"][1] == "ForbiddenByRobots"


def test_a_redirect_does_not_take_conditions_to_another_page(runs):
    # /target never came before, and has the ETag of the page that redirects to it now.
    assert ("/target", 200) in runs.second_answers
    assert runs.second[f"{runs.site.url}/target"][0] == 200


def test_replay_answers_everything_without_the_site(runs):
    never = runs.replayed.pop(f"{runs.site.url}/never")
    assert never[1] == "IgnoreRequest"
    assert runs.replayed == runs.second
    assert runs.warcs() == runs.after_second
    assert runs.rows("SELECT count(*) FROM captures") == runs.rows_after_second


def test_captures_table_leads_to_the_pages(runs):
    rows = runs.rows("SELECT url, status, digest, file, offset, length FROM captures")
    for url, status, digest, file, offset, length in rows:
        captured = read_capture(runs.captures / file, offset)
        assert (captured.url, captured.status, captured.length) == (url, status, length)
        if status != 304:
            member = (runs.captures / file).read_bytes()[offset : offset + length]
            assert f"WARC-Payload-Digest: {digest}".encode() in gzip.decompress(member)
    ids = runs.rows("SELECT DISTINCT url, article_id, payload_type FROM captures WHERE status=200")
    # 127.0.0.1 is no host of the site
    assert (f"{runs.site.url}/robots.txt", None, "text/plain") in ids
    assert (runs.site.url + ARTICLE, None, "text/html") in ids


def check(warcs: list[Path]) -> None:
    command = [sys.executable, "-m", "warcio.cli", "check", "-v", *map(str, warcs)]
    checked = subprocess.run(command, check=False, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    assert "digest pass" in checked.stdout
    assert "fail" not in checked.stdout


def test_files_are_valid_for_warcio(runs):
    assert [path.name.partition("-run")[2] for path in runs.after_first] == ["1.warc.gz"]
    assert [path.name.partition("-run")[2] for path in runs.after_second] == [
        "1.warc.gz",
        "2.warc.gz",
    ]
    check(runs.after_second)


def test_files_read_alike_in_warcio(runs):
    for path in runs.after_second:
        with path.open("rb") as file:
            records = [
                (
                    record.rec_headers["WARC-Target-URI"],
                    record.rec_type,
                    int(record.http_headers.get_statuscode()),
                    record.raw_stream.read(),
                )
                for record in WarcioIterator(file)
                if record.rec_type != "warcinfo"
            ]
        assert records == [
            (
                captured.url,
                "revisit" if captured.revisit else "response",
                captured.status,
                captured.payload,
            )
            for captured in iter_captures(path)
        ]


def last_page(store: Store, folder: Path, url: str) -> CapturedResponse:
    capture = store.captures.last(url)
    assert capture
    return read_page(store, folder, capture)


def revisits(path: Path) -> dict[str, list]:
    """The headers of the revisit records of a WARC, by their profile."""
    found: dict[str, list[Any]] = {"server-not-modified": [], "identical-payload-digest": []}
    with path.open("rb") as file:
        for record in WarcioIterator(file):
            if record.rec_type == "revisit":
                profile = record.rec_headers["WARC-Profile"]
                found[profile.rpartition("/revisit/")[2]].append(record.rec_headers)
    return found


def test_a_revisit_refers_to_its_original(runs):
    first, second = runs.after_second
    originals = {c.url: c for c in iter_captures(first) if not c.revisit}
    found = revisits(second)
    paths = {
        profile: sorted(r["WARC-Target-URI"].removeprefix(runs.site.url) for r in records)
        for profile, records in found.items()
    }
    assert paths == {
        "server-not-modified": [ARTICLE, "/dated", "/dated", "/robots.txt"],
        "identical-payload-digest": ["/gone"],
    }
    for headers in (*found["server-not-modified"], *found["identical-payload-digest"]):
        original = originals[headers["WARC-Target-URI"]]
        assert headers["WARC-Refers-To"] == original.record_id
        assert headers["WARC-Refers-To-Target-URI"] == original.url
        assert datetime.fromisoformat(headers["WARC-Refers-To-Date"]) == original.date
        assert headers["WARC-Payload-Digest"] == original.digest
    (article,) = (c for c in iter_captures(second) if c.url.endswith(ARTICLE))
    names = {name for name, _ in article.headers}
    assert b"Etag" in names
    assert b"Content-Encoding" not in names  # nothing but what the 304 said


def test_what_came_over_the_wire_is_kept(runs):
    captured = next(c for c in iter_captures(runs.after_first[0]) if c.url.endswith(ARTICLE))
    headers = dict(captured.headers)
    assert headers[b"Content-Encoding"] == b"gzip"
    assert headers[b"Content-Length"] == str(len(captured.payload)).encode()
    assert gzip.decompress(captured.payload).decode() == HTML.format(ARTICLE)


def test_a_network_failure_stays_a_failure(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        assert crawls.run(f"{site.url}/changing")[f"{site.url}/changing"][0] == 200
        site.dead.add("/changing")
        status, error, _ = crawls.run(f"{site.url}/changing")[f"{site.url}/changing"]
    assert status is None
    assert error in {"ResponseNeverReceived", "DownloadFailedError"}


def test_an_unreadable_capture_is_fetched_anew_with_a_warning(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        url = f"{site.url}/changing"
        crawls.run(url)
        (warc,) = crawls.warcs()
        warc.write_bytes(warc.read_bytes()[: -warc.stat().st_size // 3])
        site.answered.clear()
        assert crawls.run(url)[url][0] == 200
    assert ("/changing", 200) in site.answered
    assert f"Fetching {url} as if for the first time" in crawls.log


def test_a_capture_that_is_not_what_the_table_says_is_not_relied_on(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        changing, target = f"{site.url}/changing", f"{site.url}/target"
        crawls.run(changing, target)
        with Store(crawls.database) as store:
            # One record is of other bytes, and the other of another address.
            store.db.execute("UPDATE captures SET digest = 'sha1:A' WHERE url = ?", [changing])
            robots = "url LIKE '%/robots.txt'"
            sql = f"SELECT offset, digest FROM captures WHERE {robots}"
            place = store.db.execute(sql).fetchone()
            store.db.execute(f"DELETE FROM captures WHERE {robots}")
            sql = "UPDATE captures SET offset = ?, digest = ? WHERE url = ?"
            store.db.execute(sql, [*place, target])
        site.answered.clear()
        came = crawls.run(changing, target)
    assert [came[url][0] for url in (changing, target)] == [200, 200]
    assert {("/changing", 200), ("/target", 200)} < set(site.answered)
    assert crawls.log.count("as if for the first time") == 2


SAME = "SELECT url, status, revisit FROM captures WHERE url LIKE '%/same/%' ORDER BY id"


def test_a_page_that_was_kept_is_not_kept_again(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        one, two = f"{site.url}/same/1", f"{site.url}/same/2"
        first = crawls.run(one, two)
        assert {tuple(row[1:]) for row in crawls.rows(SAME)} == {(200, 0), (200, 1)}
        (warc,) = crawls.warcs()
        found = revisits(warc)
        assert len(found["identical-payload-digest"]) == 1
        site.answered.clear()
        assert crawls.run(one, two) == first
    assert crawls.rows("SELECT DISTINCT payload_type FROM captures WHERE status = 304") == [
        ("text/plain",),
        ("text/html",),
    ]
    # Each address has validators of its own.
    assert {("/same/1", 304), ("/same/2", 304)} < set(site.answered)
    assert crawls.rows(SAME)[2:] == [(one, 304, 1), (two, 304, 1)] or (
        crawls.rows(SAME)[2:] == [(two, 304, 1), (one, 304, 1)]
    )
    check(crawls.warcs())
    # Both 304s refer to the response that has the payload, not to the revisit.
    (response,) = (c for c in iter_captures(warc) if "/same/" in c.url and not c.revisit)
    for headers in revisits(crawls.warcs()[1])["server-not-modified"]:
        if "/same/" in headers["WARC-Target-URI"]:
            assert headers["WARC-Refers-To"] == response.record_id
            assert headers["WARC-Refers-To-Target-URI"] == response.url
    with Store(crawls.database) as store:
        for url in (one, two):
            page = last_page(store, crawls.captures, url)
            etag = dict(page.headers)[b"Etag"].decode()
            assert (page.url, page.status, url.endswith(etag.strip('"'))) == (url, 200, True)
            assert page.payload.decode() == HTML.format("same")
    assert crawls.run(one, two, REPLAY=str(crawls.captures)) == first


def test_a_page_whose_original_was_deleted_is_kept_whole_again(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        urls = [f"{site.url}/bare", f"{site.url}/same/1"]
        first = crawls.run(*urls)
        assert crawls.run(*urls) == first
        crawls.warcs()[0].unlink()
        site.answered.clear()
        assert crawls.run(*urls) == first
        assert sorted(site.answered) == [("/bare", 200), ("/robots.txt", 200), ("/same/1", 200)]
        assert crawls.log.count("as if for the first time") == 3
        assert crawls.run(*urls) == first
    kept = "SELECT status, revisit FROM captures WHERE url LIKE '%{}' ORDER BY id"
    assert crawls.rows(kept.format("/bare")) == [(200, 0), (200, 1), (200, 0), (200, 1)]
    assert crawls.rows(kept.format("/same/1")) == [(200, 0), (304, 1), (200, 0), (304, 1)]
    check(crawls.warcs())


def test_an_answer_without_a_body_is_no_revisit(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        for _ in range(2):
            crawls.run(f"{site.url}/moved")
    rows = crawls.rows("SELECT revisit FROM captures WHERE status = 301")
    assert rows == [(0,), (0,)]


def test_the_files_of_a_crawl_have_the_size_that_is_set(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        crawls.run(*(f"{site.url}/{number}" for number in range(9)), CAPTURES_FILE_SIZE="1500")
    warcs = crawls.warcs()
    assert len(warcs) > 2
    assert all(path.stat().st_size <= 1500 for path in warcs)
    assert all("-run1.warc.gz" in path.name for path in warcs)
    check(warcs)
    places = crawls.rows("SELECT url, file, offset FROM captures")
    assert len(places) == 10
    assert all(read_capture(crawls.captures / file, at).url == url for url, file, at in places)


@pytest.mark.parametrize("value", [1000, "1000", "1_000"])
def test_file_size(value):
    assert file_size(Settings({"CAPTURES_FILE_SIZE": value})) == 1000


@pytest.mark.parametrize("value", [0, -1, "0", "1GB", "1e9", "", None])
def test_file_size_that_is_none(value):
    with pytest.raises(ValueError, match=f"^CAPTURES_FILE_SIZE={value}: give a number of bytes"):
        file_size(Settings({"CAPTURES_FILE_SIZE": value}))


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (((b"Content-Type", b"text/html; charset=utf-8"),), "text/html"),
        (((b"content-type", b"TEXT/HTML"), (b"Content-Type", b"text/plain")), "text/html"),
        (((b"Content-Type", b""),), None),
        ((), None),
    ],
)
def test_declared_type(headers, kind):
    assert declared_type(headers) == kind


def test_a_revisit_that_the_database_takes_for_a_page_is_not_relied_on(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        url = f"{site.url}/bare"
        first = crawls.run(url)
        crawls.run(url)
        with Store(crawls.database) as store:
            store.db.execute("UPDATE captures SET revisit = 0")
        assert crawls.run(url) == first
    assert f"Fetching {url} as if for the first time" in crawls.log


def test_without_captures_nothing_is_kept(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        url = f"{site.url}/changing"
        for _ in range(2):
            assert crawls.run(url, CAPTURES="")[url][0] == 200
        assert [status for path, status in site.answered if path == "/changing"] == [200, 200]
    assert crawls.rows("SELECT * FROM captures") == []


def test_replayed_pages_are_in_the_captures_table_once(tmp_path):
    path = written(tmp_path / "elsewhere", (ONE, 15, 200, HTML.format("x").encode()))
    crawls = Crawls(tmp_path)
    for _ in range(2):
        assert crawls.run(ONE, REPLAY=str(path))[ONE][1] == HTML.format("x")
    assert crawls.rows("SELECT article_id, fetched_at, file FROM captures") == [
        ("rgmwym370", "2022-08-15T09:15:00+07:00", str(path))
    ]
    assert crawls.warcs() == []


def test_a_replayed_revisit_leads_to_its_page(tmp_path):
    crawls = Crawls(tmp_path)
    path = written(tmp_path / "elsewhere", (f"{ONE}-other", 15, 200, HTML.format("x").encode()))
    writer = WarcWriter(path.parent)
    writer.revisit(ONE, 200, (), next(iter_captures(path)), moment(16))
    writer.close()
    assert crawls.run(ONE, REPLAY=str(path.parent))[ONE][1] == HTML.format("x")
    assert crawls.rows("SELECT url, revisit FROM captures ORDER BY id") == [
        (f"{ONE}-other", 0),
        (ONE, 1),
    ]
    with Store(crawls.database) as store:
        page = last_page(store, crawls.captures, ONE)
        assert (page.url, page.payload) == (ONE, HTML.format("x").encode())
        path.unlink()
        with pytest.raises(CaptureError, match="No such file"):
            last_page(store, crawls.captures, ONE)
        store.db.execute("DELETE FROM captures WHERE NOT revisit")
        with pytest.raises(CaptureError, match="refers to a capture that cannot be found"):
            last_page(store, crawls.captures, ONE)


def test_the_captures_folder_does_not_rely_on_what_was_replayed(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        url = f"{site.url}/bare"
        path = written(tmp_path / "elsewhere", (url, 15, 200, HTML.format("/bare").encode()))
        crawls.run(url, REPLAY=str(path))
        crawls.run(url)
    assert crawls.rows("SELECT revisit FROM captures WHERE url LIKE '%/bare'") == [(0,), (0,)]


def test_replay_never_asks_the_network(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        crawls.run(f"{site.url}/changing")
        site.answered.clear()
        urls = f"{site.url}/changing?nocache", f"{site.url}/nocache", "ftp://127.0.0.1/x"
        came = crawls.run(*urls, REPLAY=str(crawls.captures))
        assert {error for _, error, _ in came.values()} == {"IgnoreRequest"}
        assert site.answered == []


# -- the index of a replay, without a crawl


def moment(day: int) -> datetime:
    return datetime(2022, 8, day, 2, 15, tzinfo=UTC)


def written(folder: Path, *records: tuple[str, int, int, bytes]) -> Path:
    """A WARC of its own with responses (url, day, status, payload)."""
    writer = WarcWriter(folder)
    for url, day, status, payload in records:
        place = writer.response(url, status, (), payload, moment(day))
    writer.close()
    return folder / place.file


ONE = "https://republika.co.id/berita/rgmwym370/judul"


@pytest.mark.parametrize(
    ("asked", "payload"),
    [
        (ONE, b"late"),  # the latest by date, not by place
        ("https://republika.co.id/berita//rgmwym370/judul", b"doubled"),  # exactly this one
        ("http://republika.co.id/berita/rgmwym370/judul#top", b"late"),
        ("https://republika.co.id/berita/r2puuz396/lain", b"slash"),  # captured with two
        ("https://www.republika.co.id/berita/news/r2puuz396/other", b"slash"),  # the same article
        ("https://republika.co.id/berita/r2puuz396/lain-part1", None),  # but another page of it
        ("https://republika.co.id/amp/r2puuz396/lain", None),
        ("https://republika.co.id/berita/r2puuc396/lain", None),
    ],
)
def test_replay_finds_an_address(tmp_path, asked, payload):
    written(tmp_path, (ONE, 9, 200, b"late"), (ONE, 2, 200, b"early"))
    written(
        tmp_path,
        ("https://republika.co.id/berita//rgmwym370/judul", 1, 200, b"doubled"),
        ("https://republika.co.id/berita//r2puuz396/lain", 1, 200, b"slash"),
    )
    found = ReplayIndex(replay_files(tmp_path)).find(asked)
    assert (found and found[1].payload) == payload


def test_replay_gives_the_last_word_of_the_site(tmp_path):
    path = written(tmp_path, (ONE, 1, 200, b"old"), (ONE, 2, 404, b"no"))
    assert ReplayIndex([path]).find(ONE)[1].status == 404


def test_replay_follows_a_revisit_past_a_failure(tmp_path):
    path = written(tmp_path, (ONE, 1, 200, b"stands"), (ONE, 2, 503, b"busy"))
    original = next(iter_captures(path))
    writer = WarcWriter(tmp_path)
    writer.revisit(ONE, 304, (), original, moment(3))
    writer.close()
    assert ReplayIndex(replay_files(tmp_path)).find(ONE)[1].payload == b"stands"


def test_replay_of_a_plain_warc(tmp_path):
    packed = written(tmp_path / "packed", (ONE, 1, 200, b"x"))
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress(packed.read_bytes()))
    assert ReplayIndex(replay_files(plain)).find(ONE)[1].payload == b"x"


def no_warc(folder: Path) -> Path:
    (folder / "page.warc.gz").write_bytes(gzip.compress(b"<html>"))
    return folder


def missing(folder: Path) -> Path:
    return folder / "none.warc.gz"


def page(folder: Path) -> Path:
    (folder / "page.html").write_text("<html>")
    return folder / "page.html"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (missing, "none.warc.gz cannot be replayed: No such file or directory"),
        (no_warc, "page.warc.gz is not a WARC file, and cannot be replayed"),
        (page, "page.html is not a WARC file, and cannot be replayed"),
        (Path, "has no .warc or .warc.gz file to replay"),
    ],
)
def test_what_cannot_be_replayed_is_refused_at_once(tmp_path, path, message):
    settings = Settings({"CAPTURES": "", "REPLAY": str(path(tmp_path))})
    with pytest.raises(ReplayError) as error:
        CaptureStorage(settings)
    assert str(error.value).startswith(str(tmp_path))
    assert str(error.value).endswith(message)


def test_robots_txt_is_obeyed_by_all_that_wait_for_it(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        paths = ["/0", "/1", *(f"/private/{number}" for number in range(6))]
        came = crawls.run(*(site.url + path for path in paths))
        answered = {path for path, _ in site.answered}
    assert answered == {"/robots.txt", "/0", "/1"}
    assert came[f"{site.url}/private/5"][1] == "ForbiddenByRobots"
