"""Where records lie in a WARC file, plain or packed record by record; or in a WACZ, a zip of such.

A record is given only if it is whole; after one that is not, the next can still be found.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from crawler.captures.packing import GZIP, PACKING_ERRORS, PACKINGS, Packing
from crawler.captures.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SIZE = 32 * 2**20  # bytes of a record that are held in memory; pages have 0.2 MB
VERSION = b"WARC/"  # opens a record
BLANK_LINE = re.compile(rb"\r?\n\r?\n")  # closes a header, of a record or of HTTP

_READ = 2**16  # bytes at a time
_INFLATED = 2**20  # bytes at a time
_HEAD = 2**12  # bytes that hold nearly every header of a record
_MAX_HEAD = 2**16  # bytes of the longest one
_CLOSING = b"\r\n\r\n"  # closes a record, but some tools write more or less of it
_PADDING = 64  # bytes that are looked at for it
_OPENING = re.compile(VERSION + rb"\d\.\d{1,2}\r?\n[A-Za-z-]{1,40}:")  # version, and a field
_OPENING_SIZE = 64  # bytes in which to find that
_MARK = re.compile(rb"(?P<opening>" + _OPENING.pattern + rb")|" + BLANK_LINE.pattern)
# Some write HTTP/2 by the pseudo-header that it has in place of a status line.
_STATUS = re.compile(rb"(?:HTTP/[\d.]+|:status:)[ \t]*(\d{3})(?!\d)")
_LENGTH = re.compile("[0-9]{1,18}")
_DIGEST = re.compile("(sha1|sha256):([0-9A-Za-z]+=*)", re.IGNORECASE)
_NO_RECORD = "no record where one should begin"
_WRONG_LENGTH = "a wrong Content-Length"


HTTPHeaders = tuple[tuple[bytes, bytes], ...]
"""Names and values in the order in which they came."""


class Record(NamedTuple):
    """One record of a WARC."""

    kind: str  # WARC-Type, in lower case
    offset: int
    length: int  # bytes in the file, up to the next record
    fields: dict[str, str]  # of its header, named in lower case
    block: bytes  # empty in a record that is neither response nor revisit


class Damaged(Exception):
    """No record can be read here; ``resume`` is the byte from which to look for the next one."""

    def __init__(self, reason: str, resume: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.resume = resume


def size_of(file: BinaryIO) -> int:
    """How many bytes a file has, or a stream is to have."""
    if isinstance(file, Stream):
        return file.size
    return os.fstat(file.fileno()).st_size


def record_at(file: BinaryIO, offset: int, length: int = 0) -> Record:
    """The record at ``offset``, of ``length`` bytes if that is known; raises :class:`Damaged`."""
    file.seek(offset)
    opening = file.read(4)
    for packing in PACKINGS:
        if opening.startswith(packing.magic):
            return packed_record(file, offset, length, packing)
    return plain_record(file, offset)


def packed_record(file: BinaryIO, offset: int, length: int = 0, packing: Packing = GZIP) -> Record:
    """The record that is the packed member at ``offset``; raises :class:`Damaged`.

    It is read the faster if its length is given.
    """
    data, size, following = _member(file, offset, length, packing)
    fields, start, size_of_block = _header(data, following)
    end = start + size_of_block
    if end > size:
        raise Damaged(_WRONG_LENGTH, following)
    rest = data[end:].strip(b"\r\n")
    if rest.startswith(VERSION):
        raise Damaged("records not packed one by one: unpack the file first", following)
    if rest:
        raise Damaged(_WRONG_LENGTH, following)
    block = b""
    kind = fields.get("warc-type", "").lower()
    if _is_wanted(kind, size_of_block, following):
        block = data[start:end]
    return Record(kind, offset, following - offset, fields, block)


def _member(file: BinaryIO, offset: int, length: int, packing: Packing) -> tuple[bytes, int, int]:
    """What a member begins with, how much that is in all, and where the next one begins.

    It is given whole unless it is too large for a record.
    """
    file.seek(offset)
    packed = file.read(length or _READ)
    if not packing.magic.startswith(packed[: len(packing.magic)]):
        raise Damaged(_NO_RECORD, offset + 1)
    inflater = packing.inflater()
    kept: list[bytes] = []
    size = 0
    while not inflater.eof:
        if not packed and inflater.needs_input:
            raise Damaged("cut off", offset + 1)
        try:
            part = inflater.decompress(packed, _INFLATED)
        except PACKING_ERRORS as error:
            raise Damaged("damaged compression", offset + 1) from error
        size += len(part)
        if size <= MAX_SIZE + _MAX_HEAD + _INFLATED:
            kept.append(part)
        packed = file.read(_READ) if inflater.needs_input and not inflater.eof else b""
    return b"".join(kept), size, file.tell() - len(inflater.unused_data)


def plain_record(file: BinaryIO, offset: int) -> Record:
    """The record at ``offset`` of a WARC that is not compressed; raises :class:`Damaged`."""
    file.seek(offset)
    opening = file.read(_HEAD)
    if not BLANK_LINE.search(opening):
        opening += file.read(_MAX_HEAD - _HEAD)
    fields, start, length = _header(opening, offset + 1)
    start += offset
    end = start + length
    # The end is looked at before what comes before it, so that a wrong length costs no reading.
    if end > size_of(file):
        raise Damaged("cut off, or a wrong Content-Length", start)
    file.seek(end)
    beyond = file.read(_PADDING)
    rest = beyond.lstrip(b"\r\n")
    if not VERSION.startswith(rest[: len(VERSION)]):
        # Either that is damaged, or the length is wrong and the block has the next record in it.
        hides_next = next(plain_records(file, start), end) < end
        if hides_next or not beyond.startswith(_CLOSING):
            raise Damaged(_WRONG_LENGTH, start)
    block = b""
    kind = fields.get("warc-type", "").lower()
    if _is_wanted(kind, length, end):
        file.seek(start)
        block = file.read(length)
        # Only here, as a gzip member has a checksum; and a revisit of wget's has a wrong digest.
        digest = "" if kind == "revisit" else fields.get("warc-block-digest", "")
        if not _is_digest_of(digest, block):
            raise Damaged("not what its WARC-Block-Digest says", end)
    return Record(kind, offset, end + len(beyond) - len(rest) - offset, fields, block)


def _header(data: bytes, resume: int) -> tuple[dict[str, str], int, int]:
    """A record's fields, where its block begins, and the length of that."""
    end = BLANK_LINE.search(data, 0, _MAX_HEAD)
    if not end or not _OPENING.match(data):
        raise Damaged(_NO_RECORD, resume)
    fields: dict[str, str] = {}
    for name, value in _header_fields(data[: end.start()]):
        fields.setdefault(name.decode("latin-1").lower(), value.decode(errors="replace"))
    length = fields.get("content-length", "")
    if not _LENGTH.fullmatch(length):
        raise Damaged("no Content-Length", resume)
    return fields, end.end(), int(length)


def http_message(block: bytes) -> tuple[int | None, HTTPHeaders, bytes]:
    """Status, headers and payload of an HTTP response; without a status it is not one."""
    status = _STATUS.match(block)
    end = BLANK_LINE.search(block)
    head, payload = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    return int(status[1]) if status else None, tuple(_header_fields(head)), payload


def _header_fields(header: bytes) -> list[tuple[bytes, bytes]]:
    """Names and values below the first line of a header, of a record or of HTTP."""
    fields: list[tuple[bytes, bytes]] = []
    for line in header.splitlines()[1:]:
        if fields and line[:1].isspace():  # folded
            name, value = fields[-1]
            fields[-1] = name, b" ".join((value, line.strip())).strip()
        else:
            name, colon, value = line.partition(b":")
            if name and colon:  # else it is a pseudo-header of HTTP/2, or none
                fields.append((name.strip(), value.strip()))
    return fields


def _is_wanted(kind: str, length: int, resume: int) -> bool:
    if kind not in ("response", "revisit"):
        return False
    if length > MAX_SIZE:
        raise Damaged(f"larger than {MAX_SIZE // 2**20} MB", resume)
    return True


def _is_digest_of(digest: str, block: bytes) -> bool:
    """Whether a digest, in base 32 or hexadecimal, is that of the block; true of an unknown one."""
    known = _DIGEST.fullmatch(digest)
    if not known:
        return True
    computed = hashlib.new(known[1].lower(), block, usedforsecurity=False).digest()
    return known[2].upper() in (base64.b32encode(computed).decode(), computed.hex().upper())


def packed_records(file: BinaryIO, offset: int, packing: Packing = GZIP) -> Iterator[int]:
    """Where, from ``offset`` on, members begin that open as a record does."""
    for start in _occurrences(file, packing.magic, offset):
        if opening_of(file, start, packing) == VERSION:
            yield start


def opening_of(file: BinaryIO, offset: int, packing: Packing) -> bytes | None:
    """What the member at ``offset`` begins with, as long as `VERSION` or cut off; None of none."""
    file.seek(offset)
    inflater = packing.inflater()
    opening = b""
    try:
        # A block of zstd comes out only when it is whole, and may have 128 KB.
        for size in (2**10, 2**18):
            if not opening and not inflater.eof:
                opening = inflater.decompress(file.read(size), len(VERSION))
    except PACKING_ERRORS:  # the same bytes by chance
        return None
    return opening


def plain_records(file: BinaryIO, offset: int) -> Iterator[int]:
    """Where, from ``offset`` on, headers of records begin.

    One that is torn, so that another begins before it has ended, is passed over.
    """
    opening = None
    window = b""
    read = b"more"
    while read:
        file.seek(offset)
        read = file.read(_READ)
        offset += len(read)
        window += read
        begin = offset - len(window)
        known = len(window) - (_OPENING_SIZE if read else 0)  # what comes next may belong to it
        for mark in _MARK.finditer(window):
            if mark.start() >= known:
                break
            if mark["opening"]:
                opening = begin + mark.start()
            elif opening is not None:
                yield opening
                opening = None
            known = max(known, mark.end())
        window = window[max(known, 0) :]


def _occurrences(file: BinaryIO, what: bytes, offset: int) -> Iterator[int]:
    """Where these bytes stand from ``offset`` on; the file may be moved meanwhile."""
    window = b""
    while True:
        file.seek(offset)
        read = file.read(_READ)
        if not read:
            return
        offset += len(read)
        window += read
        at = window.find(what)
        while at >= 0:
            yield offset - len(window) + at
            at = window.find(what, at + 1)
        window = window[1 - len(what) :]
