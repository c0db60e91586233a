"""What is huge, or becomes huge, takes no memory."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import zlib
from typing import TYPE_CHECKING

import brotli
import pytest

from tests.captures.foreign import PACKING, record
from tests.helpers import ROOT

if TYPE_CHECKING:
    from pathlib import Path


# Not by getrusage, whose peak a process inherits from the one that started it.
MEMORY = """
import sys
from pathlib import Path
from crawler.captures.payloads import decode_payload
from crawler.captures.response import Skipped
from crawler.errors import CaptureError
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
