"""WARC files of any tool read: one after another, or one record where it lies.

They may be damaged: what cannot be read is named, and the rest is read all the same.
"""

from __future__ import annotations

import io
import logging
import struct
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self, cast
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from crawler.captures.packing import PACKINGS, Packing
from crawler.captures.records import (
    VERSION,
    Damaged,
    opening_of,
    packed_record,
    packed_records,
    plain_record,
    plain_records,
    record_at,
    size_of,
)
from crawler.captures.response import CapturedResponse, Skipped, Unwanted, captured
from crawler.captures.stream import Stream
from crawler.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

logger = logging.getLogger(__name__)

WARC_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".wacz")

_MOST_OPEN = 16  # files
_ARC = b"filed"  # opens the form before WARC, by a record "filedesc://..."
_ZIP = b"PK\x03\x04"  # opens a zip
_ENCRYPTED = 1  # of the flags of what is in a zip
_ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"  # for the frames that follow it


def scan(
    path: Path | str,
    offset: int = 0,
    wants: Callable[[str], bool] | None = None,
    file: BinaryIO | Stream | None = None,
) -> Generator[CapturedResponse | Skipped | Unwanted]:
    """Every response and revisit of a WARC, from the record at ``offset`` on.

    ``wants``: which addresses are asked for, where not all are. ``file``: the WARC where it is
    open already, as a stream that lies elsewhere; ``path`` is its name then.

    The WARC is plain, or packed record by record by gzip or zstd; or several lie in a WACZ. What
    is damaged, or larger than `MAX_SIZE`, is a Skipped, and reading goes on with the next record
    that can be found. Raises OSError if the file cannot be read, and CaptureError if it is not a
    WARC.
    """
    with nullcontext(file) if file else Path(path).open("rb", buffering=2**16) as opened:
        source = cast("BinaryIO", opened)  # of which a stream has all that is used here
        for begin, end in _warcs(source, path):
            read, find = plain_record, plain_records
            if packing := _packing(source, path, begin):
                read = partial(packed_record, packing=packing)
                find = partial(packed_records, packing=packing)
            if begin == end:
                yield Skipped(begin, "the file is empty")
            at = max(begin, offset)
            while at < end:
                if isinstance(opened, Stream):
                    opened.let_go(at)
                try:
                    record = read(source, at)
                except Damaged as damage:
                    yield Skipped(at, damage.reason)
                    at = next(find(source, damage.resume), end)
                else:
                    if found := captured(record, wants):
                        yield found
                    at += record.length


def iter_captures(path: Path, offset: int = 0) -> Generator[CapturedResponse]:
    """As :func:`scan`, but what cannot be read is left out with a warning."""
    for found in scan(path, offset):
        if isinstance(found, Skipped):
            logger.warning(
                "%s: leaving out the record at byte %d: %s", path, found.offset, found.reason
            )
        elif isinstance(found, CapturedResponse):
            yield found


class WarcFiles:
    """WARC files that are held open, to read one record after another by where it lies."""

    def __init__(self) -> None:
        self._open: dict[str | Path, io.FileIO] = {}  # the one that was used last at the end

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._open.values():
            file.close()
        self._open.clear()

    def read(self, path: str | Path, offset: int, length: int = 0) -> CapturedResponse:
        """The response or revisit that begins at this byte, of ``length`` bytes if that is known.

        Raises CaptureError if none can be read.
        """
        why = ""
        try:
            found = captured(record_at(self._file(path), offset, length))
        except OSError as error:
            raise CaptureError(f"{path} cannot be read: {error.strerror}") from error
        except Damaged as damage:
            why = f": {damage.reason}"
        else:
            if isinstance(found, CapturedResponse):
                return found
            why = f": {found.reason}" if isinstance(found, Skipped) else ""
        raise CaptureError(f"{path} has no readable response at byte {offset}{why}")

    def _file(self, path: str | Path) -> io.FileIO:
        file = self._open.pop(path, None) or io.FileIO(path)
        self._open[path] = file
        if len(self._open) > _MOST_OPEN:
            self._open.pop(next(iter(self._open))).close()
        return file


def read_capture(path: Path, offset: int) -> CapturedResponse:
    """As :meth:`WarcFiles.read`, of a file that is opened for it."""
    with WarcFiles() as files:
        return files.read(path, offset)


def unpacked(packed: bytes) -> bytes:
    """The bytes of a record that lies packed by zstd, or not at all."""
    for packing in PACKINGS:
        if packed.startswith(packing.magic):
            return packing.inflater().decompress(packed, -1)
    return packed


def check_warc(path: Path) -> None:
    """Raise CaptureError unless the file begins as a WARC does, or was cut off even before."""
    with path.open("rb") as file:
        for begin, _ in _warcs(file, path):
            _packing(file, path, begin)


def _warcs(file: BinaryIO, path: Path | str) -> list[tuple[int, int]]:
    """From and to which byte a WARC lies in the file: all of it, or as often as a WACZ has one."""
    if file.read(len(_ZIP)) != _ZIP:
        return [(0, size_of(file))]
    if isinstance(file, Stream):
        raise CaptureError(f"{path} is a zip file: download it, and name that")
    places = []
    try:
        for entry in ZipFile(file).infolist():
            if not entry.filename.endswith(WARC_SUFFIXES):
                continue
            if entry.compress_type != ZIP_STORED or entry.flag_bits & _ENCRYPTED:
                raise CaptureError(f"{path} has its WARC packed: unzip it, and name that")
            file.seek(entry.header_offset + 26)  # the lengths of two names before the data
            begin = file.tell() + 4 + sum(struct.unpack("<HH", file.read(4)))
            places.append((begin, begin + entry.file_size))
    except (BadZipFile, NotImplementedError, OverflowError, ValueError, struct.error) as error:
        raise CaptureError(f"{path} is a damaged WACZ: {error}") from error
    if not places:
        raise CaptureError(f"{path} is a zip file without a WARC")
    return places


def _packing(file: BinaryIO, path: Path | str, begin: int) -> Packing | None:
    """How the WARC that begins at this byte is packed; raises CaptureError if it is not a WARC."""
    file.seek(begin)
    first = file.read(len(VERSION))
    if first.startswith(_ZSTD_DICTIONARY):
        raise CaptureError(f"{path} is compressed with a dictionary of zstd: unpack it first")
    opening: bytes | None = first
    packing = None
    for one in PACKINGS:
        if first and first.startswith(one.magic[: len(first)]):
            packing, opening = one, opening_of(file, begin, one)
    if opening and opening.startswith(_ARC):
        raise CaptureError(f"{path} is an ARC file: convert it by `warcio recompress`")
    if opening is None or not VERSION.startswith(opening):
        raise CaptureError(f"{path} is not a WARC file")
    return packing
