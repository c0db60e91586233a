"""What the tests of browse share."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from crawler.article import Article, Image, Related, content_hash
from crawler.browse.metadata import metadata
from tests.helpers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

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

    def query(self, **query: str) -> str:
        return f"?{urlencode(query)}" if query else ""

    def get(self, path: str, **query: str) -> str:
        answer = self.ask(f"{path}?{urlencode(query)}" if query else path)
        assert answer.status == 200, answer.text
        return answer.text


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


def query(chart: str) -> str:
    return metadata()["plugins"]["datasette-dashboards"]["republika"]["charts"][chart]["query"]


def chart(archive: Archive, name: str, **days: str) -> list[dict]:
    said = json.loads(archive.get("/republika.json", sql=query(name), _shape="objects", **days))
    return said["rows"]
