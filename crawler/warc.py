"""Pages as WARC 1.1, the format of web archives: records written, and read back."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import logging
import os
import re
import zlib
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from http.client import responses as reason_phrases
from typing import TYPE_CHECKING, NamedTuple

from fastwarc.stream_io import BrotliReader, GzipReader, GzipWriter, ZstdReader
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from crawler import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from fastwarc.stream_io import WarcReader

logger = logging.getLogger(__name__)

_LEVEL = 6  # of compression: 9 takes nearly twice as long and saves one percent
_FORMAT = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_SHA1 = re.compile("sha1:[A-Z2-7]{32}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]+)[ \t]*(?:;[^\r\n]*)?\r\n")

HTTPHeaders = tuple[tuple[bytes, bytes], ...]
"""Names and values in the order in which they came."""


class CaptureError(Exception):
    """There is no readable capture where one should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedResponse:
    """One HTTP response as it came over the wire, and where it lies in its WARC.

    A revisit says that an earlier capture of the address still stood: it has the status and the
    headers of that answer (304), but no payload.
    """

    url: str
    date: datetime  # aware
    status: int
    headers: HTTPHeaders
    payload: bytes  # encoded as the headers say, see decode_payload
    record_id: str
    revisit: bool
    offset: int  # bytes from the start of the file
    length: int  # bytes in the file, up to the next record or its end


class Place(NamedTuple):
    """Where a record was written: ``file`` is its name in the captures folder."""

    file: str
    offset: int
    length: int


def iter_captures(path: Path, offset: int = 0) -> Generator[CapturedResponse]:
    """Every response and revisit of a WARC (gzipped or plain), from the record at ``offset`` on.

    A record that a kill has cut off, or that was damaged since, is left out with a warning.
    Raises OSError if the file cannot be opened, and CaptureError if it is no WARC.
    """
    check_warc(path)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        file.seek(offset)
        previous: CapturedResponse | None = None
        try:
            for record in ArchiveIterator(file, parse_http=False):
                if previous:
                    yield replace(previous, length=record.stream_pos - previous.offset)
                previous, offset = None, record.stream_pos
                previous = _captured(path, record)
        except OSError as error:
            logger.warning("%s cannot be read beyond byte %d: %s", path, offset, error)
        if previous:
            yield replace(previous, length=size - previous.offset)


def _captured(path: Path, record: WarcRecord) -> CapturedResponse | None:
    """The record, its length left open; None if it is of another kind, or damaged."""
    if record.record_type not in (WarcRecordType.response, WarcRecordType.revisit):
        return None
    if not record.is_http:  # a DNS answer
        return None
    digest = record.headers.get("WARC-Block-Digest") or ""
    intact = record.verify_block_digest() if _SHA1.fullmatch(digest) else True
    record.parse_http()
    payload = record.reader.read()
    whole = intact and len(payload) == record.content_length
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>")  # wget adds them
    date, status = record.record_date, record.http_headers.status_code
    if not whole or not url or date is None or status is None:
        logger.warning("%s: leaving out the damaged record at byte %d", path, record.stream_pos)
        return None
    return CapturedResponse(
        url=url,
        date=date,
        status=status,
        headers=record.http_headers.items_bytes(),
        payload=payload,
        record_id=record.record_id or "",
        revisit=record.record_type == WarcRecordType.revisit,
        offset=record.stream_pos,
        length=0,
    )


def check_warc(path: Path) -> None:
    """Raise CaptureError unless the file begins as a WARC does, or was cut off even before."""
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"\x1f"):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head)
        except zlib.error as error:
            raise CaptureError(f"{path} is not a WARC file") from error
    if not b"WARC/".startswith(head[:5]):
        raise CaptureError(f"{path} is not a WARC file")


def read_capture(path: Path, offset: int) -> CapturedResponse:
    """The response or revisit that begins at this byte of a WARC.

    Raises CaptureError if there is none that can be read.
    """
    try:
        with closing(iter_captures(path, offset)) as captures:
            captured = next(captures, None)
    except OSError as error:
        raise CaptureError(f"{path} cannot be opened: {error.strerror}") from error
    if captured is None or captured.offset != offset:
        raise CaptureError(f"{path} has no readable response at byte {offset}")
    return captured


def _inflate(payload: bytes) -> bytes:
    try:
        return zlib.decompress(payload)
    except zlib.error:  # many servers leave out zlib's header and checksum
        return zlib.decompress(payload, wbits=-15)


def _read_through(reader: Callable[[io.BytesIO], WarcReader], payload: bytes) -> bytes:
    return reader(io.BytesIO(payload)).read()


_DECODERS: dict[bytes, Callable[[bytes], bytes]] = {
    b"identity": bytes,
    b"gzip": partial(_read_through, GzipReader),
    b"x-gzip": partial(_read_through, GzipReader),
    b"deflate": _inflate,
    b"br": partial(_read_through, BrotliReader),
    b"zstd": partial(_read_through, ZstdReader),
}


def decode_payload(headers: HTTPHeaders, payload: bytes) -> bytes:
    """The payload without its transfer and content encodings: what a browser shows.

    Raises CaptureError if it is not encoded as the headers say, or nobody knows how.
    """
    payload = unchunked(headers, payload)
    for encoding in reversed(_values(headers, b"content-encoding")):
        if not payload:
            break
        try:
            payload = _DECODERS[encoding](payload)
        except KeyError:
            raise CaptureError(f"unknown content encoding {encoding!r}") from None
        except (OSError, zlib.error) as error:
            raise CaptureError(f"the payload is no {encoding.decode()}: {error}") from error
    return payload


def unchunked(headers: HTTPHeaders, payload: bytes) -> bytes:
    """The payload without its transfer encoding.

    Archives often keep the header of an encoding that they have taken away: what is not chunked is
    given back as it is.
    """
    if b"chunked" not in _values(headers, b"transfer-encoding"):
        return payload
    chunks = []
    position = 0
    while head := _CHUNK.match(payload, position):
        end = head.end() + int(head[1], 16)
        chunks.append(payload[head.end() : end])
        position = end + len(b"\r\n")
    return b"".join(chunks) if chunks else payload


def _values(headers: HTTPHeaders, name: bytes) -> list[bytes]:
    """The comma-separated values of a header, in lower case."""
    return [
        value.strip().lower()
        for key, values in headers
        if key.lower() == name
        for value in values.split(b",")
    ]


class WarcWriter:
    """Appends records to a WARC of its own in ``folder``; both are created for the first one.

    Each record is one gzip member, and with the system before the method returns: a kill tears at
    most the one being written. Where one cannot be written (OSError), nothing of it stays.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: io.FileIO | None = None
        self._name = ""

    def response(
        self, url: str, status: int, headers: HTTPHeaders, payload: bytes, date: datetime
    ) -> Place:
        """Write a response: ``payload`` as it came, content encoding included."""
        record = _warc_record(WarcRecordType.response, date)
        record.headers["WARC-Target-URI"] = url
        record.set_bytes_content(_http_head(status, headers, len(payload)) + payload)
        return self._append(record, date, _sha1(payload))

    def revisit(self, headers: HTTPHeaders, original: CapturedResponse, date: datetime) -> Place:
        """Write that the server answered 304 with these headers: ``original`` still stands."""
        record = _warc_record(WarcRecordType.revisit, date)
        record.headers["WARC-Target-URI"] = original.url
        record.headers["WARC-Profile"] = _NOT_MODIFIED
        record.headers["WARC-Refers-To"] = original.record_id
        record.headers["WARC-Refers-To-Target-URI"] = original.url
        moment = original.date.astimezone(UTC).isoformat().replace("+00:00", "Z")
        record.headers["WARC-Refers-To-Date"] = moment
        record.set_bytes_content(_http_head(304, headers, None))
        return self._append(record, date, _sha1(original.payload))

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _append(self, record: WarcRecord, date: datetime, payload_sha1: bytes) -> Place:
        file = self._file or self._open(date)
        offset, length = _write(file, record, payload_sha1)
        return Place(self._name, offset, length)

    def _open(self, date: datetime) -> io.FileIO:
        self._folder.mkdir(parents=True, exist_ok=True)
        stem = f"republika-{date.astimezone(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}"
        for number in itertools.count(1):  # containers that share a folder share process ids too
            path = self._folder / f"{stem}{f'-{number}' if number > 1 else ''}.warc.gz"
            try:
                file = io.FileIO(path, "x")
                break
            except FileExistsError:
                continue
        record = _warc_record(WarcRecordType.warcinfo, date)
        record.headers["WARC-Filename"] = path.name
        record.headers["Content-Type"] = "application/warc-fields"
        record.set_bytes_content(
            f"software: republika-crawler/{__version__}\r\n"
            f"format: WARC File Format 1.1\r\nconformsTo: {_FORMAT}\r\n".encode()
        )
        try:
            _write(file, record, None)
        except OSError:
            file.close()
            path.unlink()
            raise
        self._file, self._name = file, path.name
        return file


def _warc_record(record_type: WarcRecordType, date: datetime) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(record_type)
    record.record_date = date
    record.is_http = record_type != WarcRecordType.warcinfo
    return record


def _write(file: io.FileIO, record: WarcRecord, payload_sha1: bytes | None) -> tuple[int, int]:
    """Append the record to an unbuffered file; gives its offset and length there."""
    member = io.BytesIO()
    stream = GzipWriter(member, compression_level=_LEVEL)
    record.write(stream, checksum_data=True, payload_digest=payload_sha1)
    stream.finish()
    offset = file.tell()
    rest = member.getbuffer()
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except OSError:  # on a full disk half of it may stand there, and would hide what follows
        file.truncate(offset)
        file.seek(offset)
        raise
    return offset, file.tell() - offset


def _http_head(status: int, headers: HTTPHeaders, length: int | None) -> bytes:
    """Status line and headers: without a transfer encoding, and with a true Content-Length."""
    lines = [f"HTTP/1.1 {status} {reason_phrases.get(status, '')}".rstrip().encode()]
    lines += [
        name + b": " + value
        for name, value in headers
        if name.lower() not in (b"transfer-encoding", b"content-length")
    ]
    if length is not None:
        lines.append(b"Content-Length: %d" % length)
    return b"\r\n".join([*lines, b"", b""])


def _sha1(payload: bytes) -> bytes:
    return hashlib.sha1(payload, usedforsecurity=False).digest()


def payload_digest(payload: bytes) -> str:
    """The digest of a payload in the form of WARC-Payload-Digest, ``sha1:`` and base 32."""
    return f"sha1:{base64.b32encode(_sha1(payload)).decode()}"
