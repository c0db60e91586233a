"""Pages as WARC 1.1, the format of web archives: records written, and read back.

What is read may come from any tool, and may be damaged: what cannot be read of it is named, and
the rest is read all the same.
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import os
import struct
import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.client import responses as reason_phrases
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Self
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from crawler import __version__
from crawler.captures.records import (
    MEMBER,
    VERSION,
    Damaged,
    HTTPHeaders,
    Record,
    gzipped_record,
    gzipped_records,
    http_message,
    plain_record,
    plain_records,
    record_at,
)

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

logger = logging.getLogger(__name__)

_LEVEL = 6  # of compression: 9 takes nearly twice as long and saves one percent
_FORMAT = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

WARC_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".wacz")

_MOST_OPEN = 16  # files
_ZIP = b"PK\x03\x04"  # opens a zip
_ENCRYPTED = 1  # of the flags of what is in a zip
# A frame of zstd, and a dictionary for the frames that follow.
_ZSTD = (b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18")


class CaptureError(Exception):
    """There is no readable capture where one should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedResponse:
    """One HTTP response as it came over the wire, and where it lies in its WARC.

    A revisit has an earlier response's payload, and none of its own until it is
    :meth:`filled`: the server said that the page still stands (status 304), or sent the same again.
    """

    url: str
    date: datetime  # aware
    status: int
    headers: HTTPHeaders
    payload: bytes  # encoded as the headers say, see crawler.captures.payloads
    identified_type: str | None  # "text/html": what the archive found the payload to be
    digest: str  # of the payload; a revisit's is the one that it names, if it names any
    record_id: str
    revisit: bool
    refers_to: tuple[str, datetime] | None  # a revisit's original: address and date
    refers_to_id: str | None  # and record_id
    offset: int  # bytes from the start of the file
    length: int  # bytes in the file, up to the next record or its end

    def filled(self, original: CapturedResponse) -> CapturedResponse:
        """This revisit with the payload of its original.

        Status and headers stay its own if they are those of a page: those of a 304 are not.
        """
        own = self.status != 304 and self.headers
        return replace(
            self,
            status=self.status if own else original.status,
            headers=self.headers if own else original.headers,
            payload=original.payload,
            identified_type=self.identified_type or original.identified_type,
            digest=original.digest,
            refers_to=(original.url, original.date),
            refers_to_id=original.record_id,
        )


@dataclass(frozen=True, slots=True)
class Skipped:
    """What could not be read of a WARC, and why."""

    offset: int  # where it begins
    reason: str  # in words, the same for all of a kind


class Place(NamedTuple):
    """Where a record was written: ``file`` is its name in the captures folder."""

    file: str
    offset: int
    length: int


def scan(path: Path, offset: int = 0) -> Generator[CapturedResponse | Skipped]:
    """Every response and revisit of a WARC, from the record at ``offset`` on.

    The WARC is plain, or gzipped record by record; or several lie in a WACZ. What is damaged, or
    larger than `MAX_SIZE`, is a Skipped, and reading goes on with the next record that can be
    found. Raises OSError if the file cannot be read, and CaptureError if it is
    no WARC.
    """
    with path.open("rb", buffering=2**16) as file:
        for begin, end in _warcs(file, path):
            read, find = plain_record, plain_records
            if _is_gzipped(file, path, begin):
                read, find = gzipped_record, gzipped_records
            if begin == end:
                yield Skipped(begin, "the file is empty")
            at = max(begin, offset)
            while at < end:
                try:
                    record = read(file, at)
                except Damaged as damage:
                    yield Skipped(at, damage.reason)
                    at = next(find(file, damage.resume), end)
                else:
                    if found := _captured(record):
                        yield found
                    at += record.length


def iter_captures(path: Path, offset: int = 0) -> Generator[CapturedResponse]:
    """As :func:`scan`, but what cannot be read is left out with a warning."""
    for found in scan(path, offset):
        if isinstance(found, Skipped):
            logger.warning(
                "%s: leaving out the record at byte %d: %s", path, found.offset, found.reason
            )
        else:
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
        """The response or revisit that begins at this byte, of so many bytes if that is known.

        Raises CaptureError if there is none that can be read.
        """
        why = ""
        try:
            found = _captured(record_at(self._file(path), offset, length))
        except OSError as error:
            raise CaptureError(f"{path} cannot be read: {error.strerror}") from error
        except Damaged as damage:
            why = f": {damage.reason}"
        else:
            if isinstance(found, CapturedResponse):
                return found
            why = f": {found.reason}" if found else ""
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


def check_warc(path: Path) -> None:
    """Raise CaptureError unless the file begins as a WARC does, or was cut off even before."""
    with path.open("rb") as file:
        for begin, _ in _warcs(file, path):
            _is_gzipped(file, path, begin)


def _warcs(file: BinaryIO, path: Path) -> list[tuple[int, int]]:
    """From and to which byte a WARC lies in the file: all of it, or as often as a WACZ has one."""
    if file.read(len(_ZIP)) != _ZIP:
        return [(0, os.fstat(file.fileno()).st_size)]
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


def _is_gzipped(file: BinaryIO, path: Path, begin: int) -> bool:
    """Whether the WARC that begins at this byte is gzipped; raises CaptureError if it is none."""
    file.seek(begin)
    opening = file.read(512)
    if opening.startswith(_ZSTD):
        raise CaptureError(f"{path} is compressed with zstd: unpack it first")
    gzipped = opening.startswith(MEMBER[: len(opening) or 1])
    if gzipped:
        try:
            opening = zlib.decompressobj(wbits=31).decompress(opening, len(VERSION))
        except zlib.error as error:
            raise CaptureError(f"{path} is not a WARC file") from error
    if not VERSION.startswith(opening[: len(VERSION)]):
        raise CaptureError(f"{path} is not a WARC file")
    return gzipped


def _captured(record: Record) -> CapturedResponse | Skipped | None:
    """What the record has captured; None if it is of another kind."""
    fields = record.fields
    content = fields.get("content-type", "application/http").lower()
    if record.kind not in ("response", "revisit") or not content.startswith("application/http"):
        return None  # a DNS answer is a response too
    url, original_url = (
        fields.get(name, "").strip("<>")  # wget adds them
        for name in ("warc-target-uri", "warc-refers-to-target-uri")
    )
    date, original_date = (
        _moment(fields.get(name, "")) for name in ("warc-date", "warc-refers-to-date")
    )
    status, headers, payload = http_message(record.block)
    revisit = record.kind == "revisit"
    if status is None and revisit and not record.block:  # it need not repeat the original's
        status = 304 if "not-modified" in fields.get("warc-profile", "") else 200
    if "warc-segment-number" in fields:
        return Skipped(record.offset, "one segment of several")
    if "warc-truncated" in fields and not revisit:  # whose payload is left out
        return Skipped(record.offset, "cut off when it was captured (WARC-Truncated)")
    if not url or date is None:
        return Skipped(record.offset, "no WARC-Target-URI, or no WARC-Date")
    if status is None:
        return Skipped(record.offset, "no HTTP status")
    return CapturedResponse(
        url=url,
        date=date,
        status=status,
        headers=headers,
        payload=b"" if revisit else payload,
        identified_type=fields.get("warc-identified-payload-type"),
        digest=fields.get("warc-payload-digest", "") if revisit else payload_digest(payload),
        record_id=fields.get("warc-record-id", ""),
        revisit=revisit,
        refers_to=(original_url, original_date) if original_url and original_date else None,
        refers_to_id=fields.get("warc-refers-to") or None,
        offset=record.offset,
        length=record.length,
    )


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# -- writing -----------------------------------------------------------------------------------


class WarcWriter:
    """Appends records to WARCs of its own in ``folder``; both are created for the first one.

    Each record is one gzip member, and with the system before the method returns: a kill tears at
    most the one being written. Where one cannot be written (OSError), nothing of it stays. A file
    that would grow beyond ``max_size`` bytes is followed by another. Names sort by time.
    """

    def __init__(
        self, folder: Path, *, max_size: int = 1_000_000_000, run_id: int | None = None
    ) -> None:
        self._folder = folder
        self._max_size = max_size
        self._run_id = run_id
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

    def revisit(
        self,
        url: str,
        status: int,
        headers: HTTPHeaders,
        original: CapturedResponse,
        date: datetime,
    ) -> Place:
        """Write an answer that has the payload of ``original``, without repeating it.

        Status 304 says that it still stands; any other that the server sent the same.
        """
        if original.revisit and original.refers_to:  # a revisit refers to what has the payload
            original_id, (original_url, original_date) = original.refers_to_id, original.refers_to
        else:
            original_id, original_url, original_date = (
                original.record_id,
                original.url,
                original.date,
            )
        record = _warc_record(WarcRecordType.revisit, date)
        record.headers["WARC-Target-URI"] = url
        record.headers["WARC-Profile"] = _NOT_MODIFIED if status == 304 else _IDENTICAL
        if original_id:
            record.headers["WARC-Refers-To"] = original_id
        record.headers["WARC-Refers-To-Target-URI"] = original_url
        moment = original_date.astimezone(UTC).isoformat().replace("+00:00", "Z")
        record.headers["WARC-Refers-To-Date"] = moment
        length = None if status == 304 else len(original.payload)
        record.set_bytes_content(_http_head(status, headers, length))
        return self._append(record, date, _sha1(original.payload))

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _append(self, record: WarcRecord, date: datetime, payload_sha1: bytes) -> Place:
        member = _gzipped(record, payload_sha1)
        if self._file and self._file.tell() + len(member) > self._max_size:
            self.close()
        file = self._file or self._open(date)
        return Place(self._name, _write(file, member), len(member))

    def _open(self, date: datetime) -> io.FileIO:
        self._folder.mkdir(parents=True, exist_ok=True)
        run = "" if self._run_id is None else f"-run{self._run_id}"
        moment = date.astimezone(UTC)
        while True:
            path = self._folder / f"republika-{moment:%Y%m%dT%H%M%SZ}{run}.warc.gz"
            try:
                file = io.FileIO(path, "x")
                break
            except FileExistsError:
                moment += timedelta(seconds=1)  # a number would not sort
        record = _warc_record(WarcRecordType.warcinfo, date)
        record.headers["WARC-Filename"] = path.name
        record.headers["Content-Type"] = "application/warc-fields"
        part_of = "" if self._run_id is None else f"isPartOf: run {self._run_id}\r\n"
        record.set_bytes_content(
            f"software: republika-crawler/{__version__}\r\n{part_of}"
            f"format: WARC File Format 1.1\r\nconformsTo: {_FORMAT}\r\n".encode()
        )
        try:
            _write(file, _gzipped(record, None))
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


def _gzipped(record: WarcRecord, payload_sha1: bytes | None) -> memoryview:
    member = io.BytesIO()
    stream = GzipWriter(member, compression_level=_LEVEL)
    record.write(stream, checksum_data=True, payload_digest=payload_sha1)
    stream.finish()
    return member.getbuffer()


def _write(file: io.FileIO, member: memoryview) -> int:
    """Append to an unbuffered file; gives the offset there."""
    offset = file.tell()
    try:
        while member:
            member = member[file.write(member) :]
    except OSError:  # on a full disk half of it may stand there, and would hide what follows
        file.truncate(offset)
        file.seek(offset)
        raise
    return offset


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
