"""Damage costs the damaged record alone."""

from __future__ import annotations

import gzip
import random
import time
import zlib

import pytest

from crawler.captures.response import Skipped
from crawler.captures.warc import check_warc, iter_captures, read_capture, scan
from crawler.errors import CaptureError
from tests.captures.foreign import PACK, PACKING, read, record, warc


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
    why = why_plain if name == "a.warc" else why_packed
    pack = PACK[f".{name.rpartition('.')[2]}"]
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
    pack = PACK[f".{name.rpartition('.')[2]}"]
    one, two = (pack(record(n)) for n in (1, 2))
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
    assert read(path) == ([], ["records not packed one by one: unpack the file first"])


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
        (b"\x28\xb5\x2f\xfd and no more", "a.warc.gz is not a WARC file"),
        (
            bytes.fromhex("5d2a4d180000"),
            "a.warc.gz is compressed with a dictionary of zstd: unpack it first",
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
    pack = PACK[f".{name.rpartition('.')[2]}"]
    path = tmp_path / name
    path.write_bytes(pack(record(1)) + rubbish + pack(record(2)))
    begun = time.process_time()
    urls, reasons = read(path)
    assert (urls[0], urls[-1]) == ("https://a/1", "https://a/2")
    assert reasons
    # A second or two; were each wrong length believed and read, hours.
    assert time.process_time() - begun < 60
