"""What is unpacked as it comes is what Scrapy's own means give."""

from __future__ import annotations

import gzip

import pytest
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware

from crawler.captures.compression import CompressionMiddleware

PAGE = b"<p>warung di tepi jalan</p>" * 1000
PACKED = gzip.compress(PAGE)
BODIES = {
    "whole": PACKED,
    "cut off": PACKED[: len(PACKED) // 2],
    "with a wrong checksum": PACKED[:-8] + bytes(8),
    "of two members": PACKED + PACKED,
    "with something behind it": PACKED + b"\r\n",
    "not packed at all": PAGE,
    "empty": b"",
}


def _unpacked(middleware: type[HttpCompressionMiddleware], body: bytes, max_size: int) -> object:
    try:
        return middleware._decode(body, b"gzip", max_size)
    except (OSError, EOFError, ValueError) as error:
        return type(error), str(error)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("max_size", [0, 1000, len(PAGE) - 1, len(PAGE), 2**20])
def test_it_gives_what_scrapy_gives(body: bytes, max_size: int) -> None:
    own = _unpacked(CompressionMiddleware, body, max_size)
    assert own == _unpacked(HttpCompressionMiddleware, body, max_size)
