"""WARCs that other tools wrote, and WARCs that something befell."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zlib
from base64 import b32encode
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import brotli
import pytest

from crawler.captures.payloads import decode_payload
from crawler.captures.replay import ReplayIndex
from crawler.captures.response import CapturedResponse, Skipped, payload_digest
from crawler.captures.warc import check_warc, iter_captures, read_capture, scan
from crawler.captures.writer import WarcWriter
from crawler.errors import CaptureError
from tests.helpers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# -- tools of others, and one small site ---------------------------------------------------------

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
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as site:
        thread = Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{site.server_port}"
        finally:
            site.shutdown()
            thread.join()


def wget(folder: Path, site: str, *options: str) -> None:
    if not shutil.which("wget"):
        if os.environ.get("CI"):
            pytest.fail("wget is absent in CI")
        pytest.skip("wget is not on this machine")
    urls = [site + path for path in PAGES]
    done = subprocess.run(
        ["wget", "--quiet", "--output-document=/dev/null", *options, *urls],
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


# -- records made by hand ------------------------------------------------------------------------


def record(
    number: int,
    http: bytes = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
    payload: bytes | None = None,
    *,
    kind: str = "response",
    length: int | None = None,
    **fields: str | None,
) -> bytes:
    """A record of https://a/NUMBER; a field that is None is left out."""
    block = http + (random.Random(number).randbytes(900) if payload is None else payload)
    named = {
        "WARC_Type": kind,
        "WARC_Record_ID": f"<urn:uuid:{number}>",
        "WARC_Date": f"2022-08-15T02:15:{number:02}Z",
        "WARC_Target_URI": f"https://a/{number}",
        "Content_Type": "application/http; msgtype=response",
        "Content_Length": str(len(block) if length is None else length),
        **fields,
    }
    head = "".join(
        f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items() if value
    )
    return b"WARC/1.0\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def warc(path: Path, *records: bytes) -> Path:
    packed = path.suffix == ".gz"
    path.write_bytes(b"".join(map(gzip.compress, records) if packed else records))
    return path


def read(path: Path) -> tuple[list[str], list[str]]:
    """The addresses that are read, and why the rest is not."""
    found = list(scan(path))
    return (
        [one.url for one in found if isinstance(one, CapturedResponse)],
        [one.reason for one in found if isinstance(one, Skipped)],
    )


PACKING = pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])


@PACKING
@pytest.mark.parametrize(
    "http",
    [
        b"HTTP/1.0 200\r\ncontent-type: text/html\r\n\r\n",
        b"HTTP/2 200\r\ncontent-type: text/html\r\n\r\n",
        b"HTTP/2.0 200 OK\r\ncontent-type: text/html\r\n\r\n",
        b"HTTP/2 200\r\n:status: 200\r\ncontent-type: text/html\r\n\r\n",
        b":status: 200\r\ncontent-type: text/html\r\n\r\n",
        b"HTTP/1.1 200 OK\ncontent-type: text/html\n\n",
        b"HTTP/1.1 200 OK\r\ncontent-type:\r\n  text/html\r\nno header\r\n\r\n",
    ],
)
def test_status_line_and_headers_of_any_server(tmp_path, name, http):
    path = warc(tmp_path / name, record(1, http, b"text\r\n\r\ntext"))
    (captured,) = scan(path)
    assert captured.status == 200
    assert captured.headers == ((b"content-type", b"text/html"),)
    assert captured.payload == b"text\r\n\r\ntext"
    assert captured.digest == payload_digest(b"text\r\n\r\ntext")


@PACKING
def test_records_of_other_kinds_are_passed_over(tmp_path, name):
    others = [
        record(0, b"", b"software: other\r\n", kind="warcinfo", Content_Type="text/plain"),
        record(1, b"GET / HTTP/1.1\r\n\r\n", b"", kind="request"),
        record(2, b"", b"", kind="metadata"),
        record(3, b"", b"a file", kind="resource", Content_Type="text/plain"),
        record(4, b"", b"its text", kind="conversion", Content_Type="text/plain"),
        record(5, b"", b"the rest", kind="continuation", WARC_Segment_Number="2"),
        record(6, b"", b"127.0.0.1", Content_Type="text/dns", WARC_Target_URI="dns:a"),
        record(7, b"", b"?", kind="of-tomorrow"),
    ]
    mixed = [part for other in others for part in (other, record(20))]
    path = warc(tmp_path / name, *mixed, others[0])
    assert read(path) == (["https://a/20"] * len(others), [])


def test_a_file_of_common_crawls_news(tmp_path):
    page = b"<!DOCTYPE html><title>Judul</title>"
    path = warc(
        tmp_path / "CC-NEWS-20220815021500-00001.warc.gz",
        record(0, b"", b"publisher: Common Crawl\r\n", kind="warcinfo", Content_Type="text/plain"),
        record(
            1,
            b"HTTP/1.1 200 OK\r\ndate: Mon, 15 Aug 2022 02:15:00 GMT\r\n"
            b"content-type: application/octet-stream\r\n"
            b"content-encoding: gzip\r\nX-Crawl-content-encoding: gzip\r\n"
            b"transfer-encoding: chunked\r\ncontent-length: 35\r\n\r\n",
            page,
            WARC_Identified_Payload_Type="text/html",
            WARC_Payload_Digest=payload_digest(page),
            WARC_Protocol="h2",
        ),
    )
    (captured,) = scan(path)
    assert decode_payload(captured.headers, captured.payload) == page
    assert captured.identified_type == "text/html"
    assert captured.date == datetime(2022, 8, 15, 2, 15, 1, tzinfo=UTC)


def test_a_record_of_wget(tmp_path):
    uri: dict[str, Any] = {
        "WARC_Target_URI": "<https://a/1>",
        "Content_Type": "application/http;msgtype=response",
    }
    revisit: dict[str, Any] = {
        "WARC_Refers_To_Target_URI": "<https://a/1>",
        "WARC_Refers_To_Date": "2022-08-15",
    }
    path = warc(
        tmp_path / "a.warc", record(1, **uri), record(2, kind="revisit", payload=b"x", **revisit)
    )
    one, two = scan(path)
    assert one.url == "https://a/1"
    assert two.refers_to == ("https://a/1", datetime(2022, 8, 15, tzinfo=UTC))
    assert (two.payload, two.digest) == (b"", "")


@pytest.mark.parametrize(
    ("fields", "http", "reason"),
    [
        ({}, b"HTTP/1.1 abc\r\n\r\n", "no HTTP status"),
        ({}, b"<html>", "no HTTP status"),
        ({"WARC_Date": "yesterday"}, b"HTTP/1.1 200 OK\r\n\r\n", "no WARC-Target-URI, or no"),
        ({"WARC_Date": None}, b"HTTP/1.1 200 OK\r\n\r\n", "no WARC-Target-URI, or no WARC-Date"),
        ({"WARC_Target_URI": None}, b"HTTP/1.1 200 OK\r\n\r\n", "no WARC-Target-URI, or no"),
        ({"Content_Length": None}, b"HTTP/1.1 200 OK\r\n\r\n", "no Content-Length"),
        ({"Content_Length": "-1"}, b"HTTP/1.1 200 OK\r\n\r\n", "no Content-Length"),
        ({"Content_Length": "9" * 99}, b"HTTP/1.1 200 OK\r\n\r\n", "no Content-Length"),
        ({"Content_Length": "9" * 18}, b"HTTP/1.1 200 OK\r\n\r\n", "a wrong Content-Length"),
        ({"WARC_Date": "9999-12-31T23:59:59Z"}, b"HTTP/1.1 200 OK\r\n\r\n", "or no WARC-Date"),
        ({"WARC_Date": "0001-01-01T00:00:00+14:00"}, b"HTTP/1.1 200 OK\r\n\r\n", "or no WARC-D"),
        ({"WARC_Segment_Number": "1"}, b"HTTP/1.1 200 OK\r\n\r\n", "one segment of several"),
    ],
)
@PACKING
def test_a_record_that_lacks_something_is_said_and_left_out(tmp_path, name, fields, http, reason):
    path = warc(tmp_path / name, record(1), record(2, http, **fields), record(3))
    urls, reasons = read(path)
    assert urls == ["https://a/1", "https://a/3"]
    assert len(reasons) == 1
    assert reason in reasons[0]


def labels(block: bytes) -> list[str]:
    sha1, sha256 = hashlib.sha1(block).digest(), hashlib.sha256(block).digest()
    return [
        f"sha1:{b32encode(sha1).decode()}",
        f"SHA1:{sha1.hex()}",
        f"sha256:{sha256.hex().upper()}",
        f"sha256:{b32encode(sha256).decode()}",
    ]


@pytest.mark.parametrize("form", range(4))
def test_digests_of_any_form_are_checked(tmp_path, form):
    http, payload = b"HTTP/1.1 200 OK\r\n\r\n", b"text"
    right, wrong = labels(http + payload)[form], labels(b"other")[form]
    path = warc(
        tmp_path / "a.warc",
        record(1, http, payload, WARC_Block_Digest=right),
        record(2, http, payload, WARC_Block_Digest=wrong),
        record(3, http, payload, WARC_Block_Digest="blake3:0000"),
    )
    assert read(path) == (
        ["https://a/1", "https://a/3"],
        ["not what its WARC-Block-Digest says"],
    )


# -- revisits of others --------------------------------------------------------------------------

IDENTICAL = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"
TARGET = {
    "WARC_Refers_To_Target_URI": "https://a/1",
    "WARC_Refers_To_Date": "2022-08-15T02:15:01Z",
}


@pytest.mark.parametrize(
    "reference",
    [
        {"WARC_Refers_To": "<urn:uuid:1>"},
        TARGET,
        {"WARC_Payload_Digest": payload_digest(b"one")},
        {"WARC_Refers_To": "<urn:uuid:404>", **TARGET},  # a record that is nowhere
    ],
)
@pytest.mark.parametrize(
    ("profile", "http", "status"),
    [
        (IDENTICAL, b"HTTP/1.1 203 OK\r\nX: own\r\n\r\n", 203),
        (IDENTICAL, b"", 200),  # it need not say what it had of its own
        (NOT_MODIFIED, b"HTTP/1.1 304 Not Modified\r\n\r\n", 200),
        (NOT_MODIFIED, b"", 200),
    ],
)
def test_a_revisit_is_replayed_across_files_and_addresses(
    tmp_path, reference, profile, http, status
):
    files = [  # the revisit before what it refers to
        warc(
            tmp_path / "1.warc.gz",
            record(9, http, b"", kind="revisit", WARC_Profile=profile, **reference),
            record(1, payload=b"another", WARC_Record_ID=None, WARC_Date="2021-08-15T02:15:01Z"),
        ),
        warc(tmp_path / "2.warc", record(1, payload=b"one"), record(2, payload=b"two")),
    ]
    found = ReplayIndex(files).find("https://a/9")
    assert (found.captured.payload, found.captured.status) == (b"one", status)
    own = ((b"X", b"own"),)
    assert found.captured.headers == (own if status == 203 else ((b"Content-Type", b"text/html"),))
    if profile == NOT_MODIFIED:  # what still stands is the response itself
        assert (found.path, found.captured.url) == (files[1], "https://a/1")
    else:
        assert (found.path, found.captured.url) == (files[0], "https://a/9")
        assert (found.original.path, found.original.captured.url) == (files[1], "https://a/1")


@pytest.mark.parametrize("profile", [IDENTICAL, NOT_MODIFIED])
def test_a_revisit_of_what_is_nowhere_gives_the_last_page_before_it(tmp_path, profile):
    revisit = {"kind": "revisit", "WARC_Profile": profile, "WARC_Refers_To": "<urn:uuid:404>"}
    path = warc(
        tmp_path / "a.warc.gz",
        record(1, payload=b"early"),
        record(2, payload=b"late", WARC_Target_URI="https://a/1"),
        record(3, b"HTTP/1.1 503 Busy\r\n\r\n", b"", WARC_Target_URI="https://a/1"),
        record(4, b"", b"", WARC_Target_URI="https://a/1", **revisit),
        record(5, b"", b"", **revisit),
    )
    index = ReplayIndex([path])
    assert index.find("https://a/1").captured.payload == b"late"
    assert index.find("https://a/5") is None


# -- damage --------------------------------------------------------------------------------------


def flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


# What befalls the record number 2 of 5, as it lies in the file: how, and why it is not read.
DAMAGE = {
    "torn": (lambda data: data[: len(data) // 2], "damaged compression", "wrong Content-Length"),
    "only begun": (lambda data: data[:5], "damaged compression", "no record"),
    "flipped": (lambda data: flip(data, len(data) // 2), "damaged compression", None),
    "flipped at the begin": (lambda data: flip(data, 1), "no record", "no record"),
    "checksum": (lambda data: flip(data, len(data) - 6), "damaged compression", None),
    "zeros": (lambda data: b"\0" * len(data), "no record", "no record"),
    "something else": (lambda data: random.Random(1).randbytes(99), "no record", "no record"),
    "line breaks before": (lambda data: b"\r\n" * 9 + data, "no record", None),
}


@pytest.mark.parametrize("how", DAMAGE)
@PACKING
def test_damage_in_the_middle_costs_no_other_record(tmp_path, name, how):
    damage, why_packed, why_plain = DAMAGE[how]
    why = why_packed if name.endswith(".gz") else why_plain
    pack = gzip.compress if name.endswith(".gz") else bytes
    records = [pack(record(number)) for number in range(5)]
    records[2] = damage(records[2])
    path = tmp_path / name
    path.write_bytes(b"".join(records))
    urls, reasons = read(path)
    others = [f"https://a/{number}" for number in (0, 1, 3, 4)]
    assert [url for url in urls if url != "https://a/2"] == others
    if why is None:  # nothing that could be seen: there is no digest
        assert reasons == []
    else:
        assert [why in reason for reason in reasons] == [True]
    for captured in iter_captures(path):
        assert read_capture(path, captured.offset) == captured


@PACKING
def test_the_next_record_is_found_wherever_it_begins(tmp_path, name):
    one, two = (gzip.compress(record(n)) if name.endswith(".gz") else record(n) for n in (1, 2))
    path = tmp_path / name
    for size in range(2**16 - 8, 2**16 + 8):  # at the edges of what is read at a time, too
        path.write_bytes(one + b"\0" * size + two)
        assert read(path)[0] == ["https://a/1", "https://a/2"]


LENGTH = len(record(2).partition(b"\r\n\r\n")[2]) - 4  # of its block
# It seems to end well there, before the blank line in the HTTP of the next record.
LENGTH_THAT_HIDES_THE_NEXT = LENGTH + 4 + record(3).index(b"l\r\n\r\n") + 1


@PACKING
@pytest.mark.parametrize(
    "length", [0, 10, LENGTH - 1, LENGTH + 5, LENGTH_THAT_HIDES_THE_NEXT, LENGTH + 2000, 10**9]
)
@pytest.mark.parametrize("kind", ["response", "request"])
def test_a_wrong_length_costs_no_other_record(tmp_path, name, length, kind):
    records = [record(number) for number in range(5)]
    records[2] = record(2, length=length, kind=kind)
    path = warc(tmp_path / name, *records)
    urls, reasons = read(path)
    assert urls == [f"https://a/{number}" for number in (0, 1, 3, 4)]
    assert len(reasons) == 1
    assert "a wrong Content-Length" in reasons[0]


@PACKING
def test_a_record_that_is_cut_off_is_said(tmp_path, name):
    path = warc(tmp_path / name, record(1), record(2))
    whole = path.read_bytes()
    start = list(iter_captures(path))[1].offset
    for size in range(start + 1, len(whole) - 4):
        path.write_bytes(whole[:size])
        urls, reasons = read(path)
        assert urls == ["https://a/1"]
        assert len(reasons) == 1


def test_a_file_gzipped_as_a_whole_is_said(tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(record(0, kind="warcinfo") + record(1) + record(2)))
    assert read(path) == ([], ["records not gzipped one by one: gunzip the file first"])


def test_an_empty_file_is_said(tmp_path):
    path = tmp_path / "a.warc.gz"
    path.touch()
    assert read(path) == ([], ["the file is empty"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html>", "a.warc.gz is not a WARC file"),
        (gzip.compress(b"<html>", mtime=0), "a.warc.gz is not a WARC file"),
        (b"\x1f\x8b\x08 and no more", "a.warc.gz is not a WARC file"),
        (b"\0" * 999, "a.warc.gz is not a WARC file"),
        (
            bytes.fromhex("28b52ffd2004"),
            "a.warc.gz is compressed with zstd: unpack it first",
        ),
        (
            bytes.fromhex("5d2a4d180000"),
            "a.warc.gz is compressed with zstd: unpack it first",
        ),
    ],
)
@pytest.mark.parametrize("look", [check_warc, lambda path: next(scan(path))])
def test_what_is_no_warc_is_refused(tmp_path, content, message, look):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(content)
    with pytest.raises(CaptureError) as error:
        look(path)
    assert str(error.value) == f"{tmp_path}/{message}"


def test_a_file_that_cannot_be_opened_is_an_error(tmp_path):
    for path in (tmp_path / "absent.warc", tmp_path):
        with pytest.raises(OSError, match=str(path)):
            next(scan(path))


def test_reading_can_begin_at_any_byte(tmp_path):
    path = warc(tmp_path / "a.warc.gz", *map(record, range(5)))
    offset = [captured.offset for captured in iter_captures(path)][2]
    assert [captured.url for captured in iter_captures(path, offset)] == [
        f"https://a/{number}" for number in (2, 3, 4)
    ]
    found = list(scan(path, offset + 1))
    assert found[0] == Skipped(offset + 1, "no record where one should begin")
    assert [captured.url for captured in found[1:]] == ["https://a/3", "https://a/4"]


def test_a_warc_inside_of_a_warc_is_a_payload(tmp_path):
    inner = gzip.compress(record(8)) + gzip.compress(record(9))
    path = warc(tmp_path / "a.warc.gz", record(1, payload=inner), record(2))
    stored = tmp_path / "stored.warc.gz"
    packer = [zlib.compressobj(0, wbits=31) for _ in range(2)]  # as it is, magic bytes included
    stored.write_bytes(
        b"".join(
            packer[number].compress(one) + packer[number].flush()
            for number, one in enumerate([record(1, payload=inner), record(2)])
        )
    )
    plain = warc(tmp_path / "a.warc", record(1, payload=record(8) + record(9)), record(2))
    for file in (path, stored, plain):
        assert read(file) == (["https://a/1", "https://a/2"], [])


@pytest.mark.parametrize(
    ("name", "rubbish"),
    [
        ("a.warc.gz", b"\x1f\x8b\x08" * 300_000),
        ("a.warc.gz", b"\0" * 50_000_000),
        ("a.warc", b"\0" * 50_000_000),
        ("a.warc", b"\r\nWARC/1.0\r\nContent-Length: 99999999999\r\n\r\n" * 20_000),
        ("a.warc", record(1, length=5_000_000) * 20_000),
        ("a.warc", b"WARC/1.0\r\nA:" * 1_000_000),
    ],
)
def test_rubbish_takes_time_in_proportion(tmp_path, name, rubbish):
    pack = gzip.compress if name.endswith(".gz") else bytes
    path = tmp_path / name
    path.write_bytes(pack(record(1)) + rubbish + pack(record(2)))
    begun = time.process_time()
    urls, reasons = read(path)
    assert (urls[0], urls[-1]) == ("https://a/1", "https://a/2")
    assert reasons
    # A second or two; were each wrong length believed and read, hours.
    assert time.process_time() - begun < 60


# Not by getrusage, whose peak a process inherits from the one that started it.
MEMORY = """
import sys
from pathlib import Path
from crawler.captures.payloads import decode_payload
from crawler.captures.response import Skipped
from crawler.captures.warc import scan

def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024  # MB

path, encoding = Path(sys.argv[1]), sys.argv[2]
before = peak()
if encoding:
    try:
        decode_payload(((b"Content-Encoding", encoding.encode()),), path.read_bytes())
    except CaptureError as error:
        print(error)
else:
    for found in scan(path):
        print(found.reason if isinstance(found, Skipped) else found.url)
print(peak() - before)
"""


def grown(path: Path, encoding: str = "") -> tuple[list[str], int]:
    """What is said of a file by a process that reads it, and by how many MB that grew."""
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, path, encoding],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    *said, megabytes = done.stdout.splitlines()
    return said, int(megabytes)


@pytest.mark.parametrize("kind", ["response", "metadata"])
@PACKING
def test_a_record_of_200_mb_takes_no_memory(tmp_path, name, kind):
    size = 200 * 2**20
    head = record(2, b"HTTP/1.1 200 OK\r\n\r\n", b"", kind=kind, length=size)[:-4]
    path = tmp_path / name
    with path.open("wb") as file:
        if name.endswith(".gz"):
            packer = zlib.compressobj(1, wbits=31)
            file.write(gzip.compress(record(1)) + packer.compress(head))
            left = size - len(b"HTTP/1.1 200 OK\r\n\r\n")
            for part in (b"\0" * (left % 2**20), *[b"\0" * 2**20] * (left // 2**20)):
                file.write(packer.compress(part))
            file.write(packer.compress(b"\r\n\r\n") + packer.flush() + gzip.compress(record(3)))
        else:
            file.write(record(1) + head)
            file.seek(size - len(b"HTTP/1.1 200 OK\r\n\r\n"), os.SEEK_CUR)  # a hole
            file.write(b"\r\n\r\n" + record(3))
    said, megabytes = grown(path)
    assert said == [
        "https://a/1",
        *(["larger than 32 MB"] if kind == "response" else []),
        "https://a/3",
    ]
    assert megabytes < 100


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_payload_that_becomes_huge_takes_no_memory(tmp_path, encoding):
    packer = {
        "gzip": lambda: zlib.compressobj(1, wbits=31),
        "deflate": lambda: zlib.compressobj(1),
        "br": lambda: brotli.Compressor(quality=1),
    }[encoding]()
    feed = packer.process if encoding == "br" else packer.compress
    end = packer.finish if encoding == "br" else packer.flush
    path = tmp_path / "payload"
    path.write_bytes(b"".join(feed(b"\0" * 2**20) for _ in range(500)) + end())
    said, megabytes = grown(path, encoding)
    assert said == ["the payload is larger than 32 MB"]
    assert megabytes < 100


# -- a kill ----------------------------------------------------------------------------------------

WRITE = """
import itertools, random, sys
from datetime import UTC, datetime
from pathlib import Path
from crawler.captures.warc import read_capture
from crawler.captures.writer import WarcWriter

size, max_size = int(sys.argv[2]), int(sys.argv[3])
writer = WarcWriter(Path(sys.argv[1]), max_size=max_size)
noise = random.Random(0)
for number in itertools.count():
    payload = noise.randbytes(size)
    writer.response(f"https://a/{number}", 200, (), payload, datetime(2022, 8, 15, tzinfo=UTC))
    print(number, flush=True)
"""


@pytest.mark.parametrize(
    ("size", "max_size", "moments"), [(5_000_000, 10**9, 5), (20_000, 10**9, 5), (2000, 9000, 3)]
)
def test_a_kill_costs_at_most_the_record_that_is_being_written(tmp_path, size, max_size, moments):
    wait = random.Random(size)
    for moment in range(moments):
        folder = tmp_path / str(moment)
        with subprocess.Popen(
            [sys.executable, "-c", WRITE, folder, str(size), str(max_size)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as process:
            process.stdout.readline()
            time.sleep(wait.uniform(0.05, 0.5))
            process.send_signal(signal.SIGKILL)
            written = 1 + len(process.stdout.readlines())
        found = [one for path in sorted(folder.iterdir()) for one in scan(path)]
        captures = [one for one in found if isinstance(one, CapturedResponse)]
        assert [captured.url for captured in captures[:written]] == [
            f"https://a/{number}" for number in range(written)
        ]
        # One more may have been written and not said, and one more cut off.
        assert len(captures) <= written + 1
        assert found[: len(captures)] == captures
        assert len(found) <= len(captures) + 1
        # The next run is not hindered.
        writer = WarcWriter(folder)
        place = writer.response("https://a/", 200, (), b"x", datetime(2022, 8, 15, tzinfo=UTC))
        writer.close()
        assert read_capture(folder / place.file, place.offset).payload == b"x"
