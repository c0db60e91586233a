"""Crawls of a small site, each in a process of its own."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from crawler.captures.rows import read_page
from crawler.database.store import Store
from tests.helpers import serving

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
    with serving(Site()) as site:
        yield site


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


def last_page(store: Store, folder: Path, url: str) -> CapturedResponse:
    capture = store.captures.last(url)
    assert capture
    return read_page(store, folder, capture)


def check(warcs: list[Path]) -> None:
    command = [sys.executable, "-m", "warcio.cli", "check", "-v", *map(str, warcs)]
    checked = subprocess.run(command, check=False, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    assert "digest pass" in checked.stdout
    assert "fail" not in checked.stdout


def revisits(path: Path) -> dict[str, list]:
    """The headers of the revisit records of a WARC, by their profile."""
    found: dict[str, list[Any]] = {"server-not-modified": [], "identical-payload-digest": []}
    with path.open("rb") as file:
        for record in WarcioIterator(file):
            if record.rec_type == "revisit":
                profile = record.rec_headers["WARC-Profile"]
                found[profile.rpartition("/revisit/")[2]].append(record.rec_headers)
    return found
