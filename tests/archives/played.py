"""A web archive on the loopback interface: a CDX index over a real WARC, its records, its pages."""

from __future__ import annotations

import json
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from crawler.captures.payloads import decode_payload
from crawler.captures.warc import iter_captures
from tests.helpers import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crawler.captures.response import CapturedResponse

Answer = tuple[int, dict[str, str], bytes]
_NAMES = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")


@dataclass
class Asked:
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    at: float = field(default_factory=time.monotonic)

    @property
    def is_index(self) -> bool:
        return "url" in self.query


def _timestamp(capture: CapturedResponse) -> str:
    return f"{capture.date:%Y%m%d%H%M%S}"


class PlayedArchive:
    """What a WARC file holds, as pywb, Common Crawl or the Wayback Machine would show it.

    ``per_page``: rows of an answer of the index; None: it knows no pages, as pywb over a plain
    index. ``answers`` are tried first: each may answer a request in place of the archive.
    """

    def __init__(self, warc: Path, per_page: int | None = None) -> None:
        self.warc = warc
        self.per_page = per_page
        self.captures = list(iter_captures(warc))
        self.by_id = {capture.record_id: capture for capture in self.captures}
        self.asked: list[Asked] = []
        self.answers: list[Callable[[Asked], Answer | None]] = []
        self.url = ""

    @property
    def source(self) -> str:
        return f"{self.url}/coll/index"

    @property
    def index_asked(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.is_index]

    @property
    def pages_asked(self) -> list[Asked]:
        return [asked for asked in self.asked if not asked.is_index]

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        for other in self.answers:
            if (given := other(asked)) is not None:
                return given
        if asked.path == "/collinfo.json":
            return self.collections()
        if asked.is_index:
            return self._index(asked.query, wayback=asked.path.startswith("/cdx"))
        if replay := re.match(r"/(?:coll|web)/(\d{14})id_/(.*)", asked.path):
            return self._replay(*replay.groups())
        first, last = re.findall(r"\d+", asked.headers["range"])
        data = self.warc.read_bytes()[int(first) : int(last) + 1]
        return 206, {"Content-Type": "application/octet-stream"}, data

    def collections(self) -> Answer:
        told = [
            {"id": "CC-MAIN-2022-40", "cdx-api": f"{self.url}/CC-MAIN-2022-40-index"},
            {"id": "CC-MAIN-2013-20", "cdx-api": f"{self.url}/CC-MAIN-2013-20-index"},
        ]
        return 200, {}, json.dumps(told).encode()

    def _index(self, query: dict[str, str], *, wayback: bool) -> Answer:
        rows = [self._row(one) for one in self.captures if _is_below(one.url, query["url"])]
        rows.sort(key=lambda row: (row["url"], row["timestamp"]))
        if wayback:
            return self._lists(rows, query)
        if query.get("showNumPages") and self.per_page:
            pages = -(-len(rows) // self.per_page)
            told = {"pages": pages, "pageSize": 1, "blocks": pages}
            return 200, {}, json.dumps(told).encode()
        if self.per_page:
            begin = int(query["page"]) * self.per_page
            rows = rows[begin : begin + self.per_page]
        return 200, {}, "".join(f"{json.dumps(row)}\n" for row in rows).encode()

    def _lists(self, rows: list[dict[str, str]], query: dict[str, str]) -> Answer:
        begin = int(query.get("resumeKey", 0))
        end = begin + (self.per_page or len(rows))
        pairs = {"original": "url", "mimetype": "mime", "statuscode": "status"}
        lists = [[row.get(pairs.get(name, name), "") for name in _NAMES] for row in rows]
        told: list[list[str]] = [list(_NAMES), *lists[begin:end]] if lists else []
        if end < len(rows):
            told += [[], [str(end)]]
        return 200, {}, json.dumps(told).encode()

    def _row(self, capture: CapturedResponse) -> dict[str, str]:
        kind = "warc/revisit" if capture.revisit else "text/html"
        return {
            "urlkey": capture.url,
            "timestamp": _timestamp(capture),
            "url": capture.url,
            "mime": kind,
            "status": "-" if capture.revisit else str(capture.status),
            "digest": capture.digest.removeprefix("sha1:"),
            "length": str(capture.length),
            "offset": str(capture.offset),
            "filename": self.warc.name,
        }

    def _replay(self, timestamp: str, url: str) -> Answer:
        found = next(c for c in self.captures if (_timestamp(c), c.url) == (timestamp, url))
        if found.revisit:
            found = found.filled(self.by_id[found.refers_to_id or ""])
        headers = {
            f"X-Archive-Orig-{name.decode()}": value.decode() for name, value in found.headers
        }
        kind = next(v.decode() for n, v in found.headers if n.lower() == b"content-type")
        body = decode_payload(found.headers, found.payload)
        own = {"Content-Type": kind, "Memento-Datetime": format_datetime(found.date, usegmt=True)}
        return found.status, {**own, **headers}, body


def _is_below(url: str, domain: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == domain or host.endswith(f".{domain}")


class _Handler(BaseHTTPRequestHandler):
    server: Any
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        told = {name: values[-1] for name, values in parse_qs(query).items()}
        if "id_/" in path:  # its query is the page's own
            path, told = unquote(self.path), {}
        status, extra, body = self.server.archive.answer(Asked(path, told, headers))
        self.send_response_only(status)
        for name, value in {**extra, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running(archive: PlayedArchive) -> Iterator[PlayedArchive]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.archive = archive
    archive.url = f"http://127.0.0.1:{server.server_port}"
    with serving(server):
        yield archive
