"""A site that other tools recorded reads the same."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import brotli
import pytest

from crawler.captures.payloads import decode_payload
from crawler.captures.replay import ReplayIndex
from crawler.captures.warc import iter_captures, read_capture
from tests import helpers

if TYPE_CHECKING:
    from pathlib import Path

PAGES = {
    "/plain": (200, b"<p>plain</p>" * 50),
    "/gzip": (200, b"<p>gzip</p>" * 50),
    "/brotli": (200, b"<p>brotli</p>" * 50),
    "/chunked": (200, b"<p>chunked</p>" * 50),
    "/both": (200, b"<p>chunked and gzip</p>" * 50),
    "/copy": (200, b"<p>plain</p>" * 50),
    "/gone": (404, b"<p>gone</p>"),
    "/empty": (200, b""),
}


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status, body = PAGES[self.path]
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.path in ("/gzip", "/both"):
            self.send_header("Content-Encoding", "gzip")
            body = gzip.compress(body, mtime=0)
        if self.path == "/brotli":
            self.send_header("Content-Encoding", "br")
            body = brotli.compress(body)
        if self.path in ("/chunked", "/both"):
            self.send_header("Transfer-Encoding", "chunked")
            chunks = (body[at : at + 33] for at in range(0, len(body), 33))
            body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
            body += b"0\r\n\r\n"
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running_site():
    with helpers.serving(ThreadingHTTPServer(("127.0.0.1", 0), Answer)) as site:
        yield f"http://127.0.0.1:{site.server_port}"


def wget(folder: Path, site: str, *options: str) -> None:
    program = helpers.tool("wget")
    urls = [site + path for path in PAGES]
    done = subprocess.run(
        [program, "--quiet", "--output-document=/dev/null", *options, *urls],
        cwd=folder,
        check=False,
        timeout=60,
        env={**os.environ, "no_proxy": "*"},
    )
    assert done.returncode in (0, 8)  # 8: one of the pages is a 404


RECORD = """
import json, sys, zlib
from warcio.capture_http import capture_http  # before http.client, which it changes
import http.client

path, packed, address, pages = json.loads(sys.argv[1])
with open(path, "wb") as file:
    from warcio.warcwriter import WARCWriter
    with capture_http(WARCWriter(file, gzip=packed)):
        for page in pages:
            connection = http.client.HTTPConnection(address)
            connection.request("GET", page)
            connection.getresponse().read()
            connection.close()
"""


def recorder(path: Path, site: str) -> None:
    given = [str(path), path.suffix == ".gz", site.removeprefix("http://"), list(PAGES)]
    subprocess.run([sys.executable, "-c", RECORD, json.dumps(given)], check=True, timeout=60)


MADE_BY = {
    "wget.warc.gz": lambda folder, site: wget(folder, site, "--warc-file=wget"),
    "wget.warc": lambda folder, site: wget(
        folder, site, "--warc-file=wget", "--no-warc-compression"
    ),
    "warcio.warc.gz": lambda folder, site: recorder(folder / "warcio.warc.gz", site),
    "warcio.warc": lambda folder, site: recorder(folder / "warcio.warc", site),
}


def pages(path: Path, site: str) -> dict[str, tuple[int, bytes]]:
    return {
        captured.url.removeprefix(site): (
            captured.status,
            decode_payload(captured.headers, captured.payload),
        )
        for captured in iter_captures(path)
    }


@pytest.mark.parametrize("name", MADE_BY)
def test_a_site_reads_the_same_whatever_tool_recorded_it(tmp_path, name, caplog):
    with running_site() as site:
        MADE_BY[name](tmp_path, site)
    path = tmp_path / name
    assert pages(path, site) == PAGES
    assert not caplog.records
    captures = list(iter_captures(path))
    assert [read_capture(path, captured.offset) for captured in captures] == captures
    size = path.stat().st_size
    assert all(0 <= c.offset < c.offset + c.length <= size for c in captures)


@pytest.mark.parametrize("packed", [True, False])
def test_what_wget_left_out_as_a_duplicate_is_replayed(tmp_path, packed):
    options = () if packed else ("--no-warc-compression",)
    with running_site() as site:
        wget(tmp_path, site, "--warc-file=1", "--warc-cdx", *options)
        wget(tmp_path, site, "--warc-file=2", "--warc-dedup=1.cdx", *options)
    files = sorted(tmp_path.glob("*.warc*"))
    assert sum(captured.revisit for captured in iter_captures(files[1])) >= len(PAGES) - 3
    index = ReplayIndex(files)
    for path, page in PAGES.items():
        found = index.find(site + path)
        assert found.path == files[1]
        headers, payload = found.captured.headers, found.captured.payload
        assert (found.captured.status, decode_payload(headers, payload)) == page
