"""WARC files written, and read back."""

from __future__ import annotations

import gzip
import os
import random
import re
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from crawler.captures.warc import iter_captures, read_capture
from crawler.captures.writer import WarcWriter
from crawler.errors import CaptureError

URL = "https://republika.co.id/berita/rgmwym370/judul"
DATE = datetime(2022, 8, 15, 2, 15, 0, 123, tzinfo=UTC)
HEADERS = ((b"Content-Type", b"text/html"), (b"Set-Cookie", b"a=1"), (b"Set-Cookie", b"b=2"))


def fill(folder, **options):
    """A WARC with five responses of some thousand bytes that do not compress; gives the last."""
    writer = WarcWriter(folder, **options)
    noise = random.Random(0)
    for number in range(5):
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
    path = fill(tmp_path, run_id=12)
    by = r"[a-z0-9-]+-[0-9a-f]{4}"  # the machine, and what tells two of one name apart
    assert re.fullmatch(rf"republika-20220815T021500Z-{by}-run12\.warc\.gz", path.name)
    with path.open("rb") as file:
        first = next(iter(WarcioIterator(file)))
        assert first.rec_type == "warcinfo"
        assert first.rec_headers["WARC-Filename"] == path.name
        info = first.raw_stream.read()
    assert info.startswith(b"software: republika-crawler/")
    assert b"\r\nisPartOf: run 12\r\n" in info
    assert re.search(rb"\r\nhostname: [a-z0-9-]+\r\n", info)


def test_writers_of_one_second_do_not_share_a_file(tmp_path):
    written = [fill(tmp_path) for _ in range(12)]
    assert sorted(tmp_path.iterdir()) == sorted(written)
    assert len(set(written)) == 12


def test_a_file_that_would_grow_too_large_is_followed_by_another(tmp_path):
    fill(tmp_path / "one", run_id=3)
    fill(tmp_path / "some", run_id=3, max_size=8000)
    (one,) = (tmp_path / "one").iterdir()
    some = sorted((tmp_path / "some").iterdir())
    assert [len(list(iter_captures(path))) for path in some] == [2, 2, 1]
    assert all(path.stat().st_size <= 8000 for path in some)
    assert len({path.name for path in some}) == 3
    assert all("-run3" in path.name for path in some)
    for path in some:
        with path.open("rb") as file:
            (info, *_) = (record.rec_headers["WARC-Filename"] for record in WarcioIterator(file))
        assert info == path.name
    assert [c.payload for path in some for c in iter_captures(path)] == [
        c.payload for c in iter_captures(one)
    ]


def test_a_record_larger_than_a_file_may_be_is_written_alone(tmp_path):
    fill(tmp_path, max_size=1)
    assert [len(list(iter_captures(path))) for path in sorted(tmp_path.iterdir())] == [1] * 5


@pytest.mark.parametrize("status", [200, 304, 404])
def test_a_revisit_is_filled_from_what_it_refers_to(tmp_path, status):
    original = next(iter_captures(fill(tmp_path)))
    own = ((b"ETag", b"2"),)
    writer = WarcWriter(tmp_path)
    place = writer.revisit(f"{URL}-other", status, own, original, DATE + timedelta(days=1))
    writer.close()
    revisit = read_capture(tmp_path / place.file, place.offset)
    assert (revisit.url, revisit.status, revisit.revisit) == (f"{URL}-other", status, True)
    assert (revisit.payload, revisit.digest) == (b"", original.digest)
    assert revisit.refers_to == (original.url, original.date)
    assert revisit.refers_to_id == original.record_id
    filled = revisit.filled(original)
    assert (filled.payload, filled.url, filled.date) == (
        original.payload,
        revisit.url,
        revisit.date,
    )
    if status == 304:  # it says nothing of the page
        assert (filled.status, filled.headers) == (200, original.headers)
    else:
        length = b"%d" % len(original.payload)
        assert (filled.status, filled.headers) == (status, (*own, (b"Content-Length", length)))


def test_a_revisit_of_a_revisit_refers_to_the_payload(tmp_path):
    original = next(iter_captures(fill(tmp_path)))
    writer = WarcWriter(tmp_path)
    before = original
    for status in (200, 304, 200):
        place = writer.revisit(URL, status, (), before, DATE + timedelta(days=1))
        revisit = read_capture(tmp_path / place.file, place.offset)
        assert revisit.refers_to_id == original.record_id
        assert revisit.refers_to == (original.url, original.date)
        before = revisit.filled(original)
    writer.close()
    command = [sys.executable, "-m", "warcio.cli", "check", "-v", tmp_path / place.file]
    checked = subprocess.run(command, check=False, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


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
    # what comes last in a plain record are line breaks: cut off there, it is whole
    cuts = [last, last + 1, *(noise.randrange(last + 2, len(whole) - 40) for _ in range(20))]
    for cut in cuts:
        caplog.clear()
        path.write_bytes(whole[:cut])
        read = list(iter_captures(path))
        assert [c.payload for c in read] == [c.payload for c in captures[:4]]
        warnings = [record.getMessage() for record in caplog.records]
        assert len(warnings) == (cut > last)
        assert all(f"{path}: leaving out the record at byte {last}: " in w for w in warnings)


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
    assert "not what its WARC-Block-Digest says" in caplog.text


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda path, offset: path.unlink(), "cannot be read: No such file"),
        (
            lambda path, offset: os.truncate(path, offset + 99),
            r"no readable response at byte \d+: cut off$",
        ),
        (lambda path, offset: path.write_text("<html>"), "no readable response at byte"),
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
from crawler.captures.writer import WarcWriter

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
