"""How a WARC is packed record by record, gzip or zstd: one kind of inflating for both."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple, Protocol

from isal import isal_zlib

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable

# Its stub takes the class for an instance.
InflateError: type[Exception] = isal_zlib.error  # type: ignore[assignment]
PACKING_ERRORS = (InflateError, zstd.ZstdError)
GZIP_WINDOW = 31  # bits: a gzip member, with its header and checksum


class Inflater(Protocol):
    """One member, inflated piece by piece."""

    @property
    def eof(self) -> bool:
        """Whether the member has ended."""

    @property
    def unused_data(self) -> bytes:
        """What followed it in the bytes that were given."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes out without more bytes."""

    def decompress(self, packed: bytes, max_length: int) -> bytes:
        """Give bytes, or none where none are needed; raises one of `PACKING_ERRORS`."""


class _GzipInflater:
    def __init__(self) -> None:
        self._inflater = isal_zlib.decompressobj(GZIP_WINDOW)

    @property
    def eof(self) -> bool:
        return self._inflater.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflater.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._inflater.unconsumed_tail

    def decompress(self, packed: bytes, max_length: int) -> bytes:
        return self._inflater.decompress(packed or self._inflater.unconsumed_tail, max_length)


class Packing(NamedTuple):
    """A way of packing."""

    magic: bytes  # opens a member
    inflater: Callable[[], Inflater]


GZIP = Packing(b"\x1f\x8b\x08", _GzipInflater)
ZSTD = Packing(b"\x28\xb5\x2f\xfd", zstd.ZstdDecompressor)
PACKINGS = (GZIP, ZSTD)
