"""WARC files made by hand, as other tools might make them."""

from __future__ import annotations

import gzip
import random
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest

from crawler.captures.response import CapturedResponse, Skipped
from crawler.captures.warc import scan

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHECKED = {int(zstd.CompressionParameter.checksum_flag): 1}
PACK: dict[str, Callable[[bytes], bytes]] = {
    ".warc": bytes,
    ".gz": gzip.compress,
    ".zst": partial(zstd.compress, options=CHECKED),
}
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


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
    pack = PACK[path.suffix]
    path.write_bytes(b"".join(map(pack, records)))
    return path


def read(path: Path) -> tuple[list[str], list[str]]:
    """The addresses that are read, and why the rest is not."""
    found = list(scan(path))
    return (
        [one.url for one in found if isinstance(one, CapturedResponse)],
        [one.reason for one in found if isinstance(one, Skipped)],
    )


PACKING = pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst"])
