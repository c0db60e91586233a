from __future__ import annotations

import gzip
import io
import os
import random
import resource
import subprocess
import sys
import zlib
from datetime import UTC, datetime, timedelta

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter as WarcioWriter

from crawler.warc import (
    CaptureError,
    WarcWriter,
    decode_payload,
    iter_captures,
    payload_digest,
    read_capture,
)

URL = "https://republika.co.id/berita/rgmwym370/judul"
DATE = datetime(2022, 8, 15, 2, 15, 0, 123, tzinfo=UTC)
HEADERS = ((b"Content-Type", b"text/html"), (b"Set-Cookie", b"a=1"), (b"Set-Cookie", b"b=2"))


def fill(folder, count=5):
    """A WARC with ``count`` responses of some thousand bytes that do not compress."""
    writer = WarcWriter(folder)
    noise = random.Random(0)
    for number in range(count):
        payload = noise.randbytes(3000 + number)
        place = writer.response(f"{URL}-{number}", 200, HEADERS, payload, DATE)
    writer.close()
    return folder / place.file


def test_a_response_comes_back_as_it_was(tmp_path):
    writer = WarcWriter(tmp_path / "new" / "folder")
    headers = (*HEADERS, (b"Transfer-Encoding", b"chunked"), (b"Content-Length", b"9"))
    place = writer.response(URL, 200, headers, b"<html>", DATE)
    captured = read_capture(tmp_path / "new" / "folder" / place.file, place.offset)
    writer.close()
    assert (captured.url, captured.date, captured.status) == (URL, DATE, 200)
    assert captured.headers == (*HEADERS, (b"Content-Length", b"6"))
    assert captured.payload == b"<html>"
    assert (captured.offset, captured.length) == (place.offset, place.length)
    assert not captured.revisit


def test_the_file_tells_when_and_by_whom_it_was_written(tmp_path):
    path = fill(tmp_path)
    assert path.name == f"republika-20220815T021500Z-{os.getpid()}.warc.gz"
    with path.open("rb") as file:
        first = next(iter(WarcioIterator(file)))
        assert first.rec_type == "warcinfo"
        assert first.rec_headers["WARC-Filename"] == path.name
        assert first.raw_stream.read().startswith(b"software: republika-crawler/")


def test_two_writers_of_one_second_do_not_share_a_file(tmp_path):
    assert fill(tmp_path) != fill(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_nothing_written_is_no_file(tmp_path):
    WarcWriter(tmp_path / "captures").close()
    assert not (tmp_path / "captures").exists()


def test_each_record_stands_alone_in_the_file_at_once(tmp_path):
    writer = WarcWriter(tmp_path)
    for number in range(3):
        place = writer.response(URL, 200, HEADERS, b"%d" % number, DATE)
        data = (tmp_path / place.file).read_bytes()  # before anything is closed
        assert len(data) == place.offset + place.length
        assert gzip.decompress(data[place.offset :]).endswith(b"\r\n\r\n%d\r\n\r\n" % number)
    writer.close()


@pytest.mark.parametrize("plain", [False, True])
def test_a_torn_record_hides_none_before_it(tmp_path, caplog, plain):
    path = fill(tmp_path)
    whole = path.read_bytes()
    if plain:
        path = tmp_path / "plain.warc"
        whole = gzip.decompress(whole)
        path.write_bytes(whole)
    captures = list(iter_captures(path))
    assert len(captures) == 5
    noise = random.Random(0)
    last = captures[-1].offset
    # what comes last in a record are line breaks and a checksum: cut off there, it is whole
    cuts = [last, last + 1, *(noise.randrange(last + 2, len(whole) - 40) for _ in range(20))]
    for cut in cuts:
        path.write_bytes(whole[:cut])
        read = list(iter_captures(path))
        assert [c.payload for c in read] == [c.payload for c in captures[:4]]
    assert "plain.warc" in caplog.text if plain else "damaged record at byte" in caplog.text


@pytest.mark.parametrize("size", [0, 1, 5, 20, 100])
def test_a_kill_during_the_first_record_is_no_error(tmp_path, size):
    path = fill(tmp_path)
    path.write_bytes(path.read_bytes()[:size])
    assert list(iter_captures(path)) == []


def test_a_damaged_payload_is_left_out(tmp_path, caplog):
    path = fill(tmp_path)
    captures = list(iter_captures(path))
    plain = bytearray(gzip.decompress(path.read_bytes()))
    plain[plain.index(captures[2].payload) + 7] ^= 1
    path.write_bytes(plain)
    read = [captured.url for captured in iter_captures(path)]
    assert read == [captured.url for number, captured in enumerate(captures) if number != 2]
    assert "leaving out the damaged record" in caplog.text


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda path, offset: path.unlink(), "cannot be opened"),
        (lambda path, offset: os.truncate(path, offset + 99), "no readable response at byte"),
        (lambda path, offset: path.write_text("<html>"), "is not a WARC file"),
    ],
)
def test_reading_where_nothing_can_be_read(tmp_path, break_it, message):
    path = fill(tmp_path)
    *_, captured = iter_captures(path)
    break_it(path, captured.offset)
    with pytest.raises(CaptureError, match=message):
        read_capture(path, captured.offset)


def test_an_offset_between_two_records_is_an_error(tmp_path):
    path = fill(tmp_path)
    offset = list(iter_captures(path))[1].offset
    with pytest.raises(CaptureError):
        read_capture(path, offset + 3)


# What the crawler does when the disk is full: a limit on the size of files is the nearest thing
# to a small disk that needs no privileges.
FULL_DISK = """
import random, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from crawler.warc import WarcWriter

writer = WarcWriter(Path(sys.argv[1]))
date = datetime(2022, 8, 15, tzinfo=UTC)
if sys.argv[2] == "later":
    writer.response("https://a/1", 200, (), b"one", date)
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), limits[1]))
try:
    writer.response("https://a/2", 200, (), random.Random(0).randbytes(9999), date)
except OSError as error:
    print(error.strerror)
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
writer.response("https://a/3", 200, (), b"three", date)
"""


@pytest.mark.parametrize(
    ("when", "size", "urls"),
    [("first", 100, ["https://a/3"]), ("later", 5000, ["https://a/1", "https://a/3"])],
)
def test_what_a_full_disk_cuts_off_is_taken_back(tmp_path, when, size, urls):
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    command = [sys.executable, "-c", FULL_DISK, tmp_path, when, str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout == "File too large\n"
    (path,) = tmp_path.iterdir()
    captures = list(iter_captures(path))
    assert [captured.url for captured in captures] == urls
    assert b"three" in gzip.decompress(path.read_bytes()[captures[-1].offset :])  # and no rubbish
    with path.open("rb") as file:
        assert sum(1 for _ in WarcioIterator(file)) == len(urls) + 1


@settings(max_examples=50, deadline=None)
@given(
    payload=st.binary(max_size=5000),
    status=st.integers(200, 599),
    days=st.integers(0, 9000),
    value=st.binary(max_size=50).map(lambda b: b.replace(b"\r", b"").replace(b"\n", b"").strip()),
)
def test_any_payload_comes_back(tmp_path_factory, payload, status, days, value):
    folder = tmp_path_factory.mktemp("any")
    writer = WarcWriter(folder)
    date = DATE + timedelta(days=days)
    place = writer.response(URL, status, ((b"X", value),), payload, date)
    writer.close()
    captured = read_capture(folder / place.file, place.offset)
    assert (captured.status, captured.payload, captured.date) == (status, payload, date)
    assert captured.headers[0] == (b"X", value)


# warcio leaves its temporary files to the garbage collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_warcs_of_others_are_read(tmp_path):
    path = tmp_path / "other.warc.gz"
    with path.open("wb") as file:
        writer = WarcioWriter(file, gzip=True)
        for kind, url in [("response", URL), ("request", URL), ("response", "dns:republika.co.id")]:
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    url,
                    kind,
                    payload=io.BytesIO(b"text"),
                    http_headers=None if url.startswith("dns") else head,
                    warc_content_type="text/dns" if url.startswith("dns") else "",
                )
            )
    (captured,) = iter_captures(path)
    assert (captured.url, captured.payload) == (URL, b"text")


BARE = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
    b"WARC-Target-URI: <https://a/>\r\nWARC-Date: 2022-08-15T02:15:00Z\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: 23\r\n\r\n"
    b"HTTP/1.1 200 OK\r\n\r\ntext\r\n\r\n"
)


@pytest.mark.parametrize(
    ("record", "urls"),
    [
        (BARE, ["https://a/"]),  # without digests, and with the address as wget writes it
        (BARE[:-6], []),  # without digests a torn record is known by its length
        (BARE.replace(b"HTTP/1.1 200", b"HTTP/1.1 abc"), []),
        (BARE.replace(b"2022-08-15T02:15:00Z", b"yesterday"), []),
        (BARE.replace(b"WARC-Target-URI", b"Target-URI"), []),
    ],
)
def test_a_record_needs_address_date_and_status(tmp_path, record, urls):
    path = tmp_path / "bare.warc"
    path.write_bytes(record)
    assert [captured.url for captured in iter_captures(path)] == urls


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


# "text" by zstd --no-check
ZSTD = bytes.fromhex("28b52ffd200421000074657874")
CHUNKED = b"2;note=x\r\nte\r\n2 \r\nxt\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("headers", "payload"),
    [
        ((), b"text"),
        (((b"Content-Encoding", b"gzip"),), gzip.compress(b"text")),
        (((b"content-encoding", b"X-GZIP"),), gzip.compress(b"text")),
        (((b"Content-Encoding", b"deflate"),), zlib.compress(b"text")),
        (((b"Content-Encoding", b"deflate"),), raw_deflate(b"text")),
        (((b"Content-Encoding", b"br"),), brotli.compress(b"text")),
        (((b"Content-Encoding", b"zstd"),), ZSTD),
        (((b"Content-Encoding", b"identity"),), b"text"),
        (((b"Content-Encoding", b"br, gzip"),), gzip.compress(brotli.compress(b"text"))),
        (((b"Transfer-Encoding", b"chunked"),), CHUNKED),
        (((b"Transfer-Encoding", b"chunked"),), b"text"),  # unchunked by the archive
        (
            ((b"Transfer-Encoding", b"chunked"), (b"Content-Encoding", b"gzip")),
            b"%x\r\n%b\r\n0\r\n\r\n" % (len(gzip.compress(b"text")), gzip.compress(b"text")),
        ),
    ],
)
def test_decoding(headers, payload):
    assert decode_payload(headers, payload) == b"text"


def test_an_empty_payload_has_no_encoding():
    assert decode_payload(((b"Content-Encoding", b"gzip"),), b"") == b""


@pytest.mark.parametrize("encoding", [b"gzip", b"deflate", b"br", b"zstd", b"unheard-of"])
def test_what_is_not_encoded_as_it_says(encoding):
    with pytest.raises(CaptureError):
        decode_payload(((b"Content-Encoding", encoding),), b"<html>")


def test_payload_digest():
    assert payload_digest(b"") == "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
