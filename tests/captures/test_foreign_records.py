"""Records as other tools and servers make them."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.captures.payloads import decode_payload
from crawler.captures.response import payload_digest
from crawler.captures.warc import scan
from tests.captures.foreign import PACKING, read, record, warc


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
