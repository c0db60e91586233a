"""Pages written as WARC 1.1, the format of web archives."""

from __future__ import annotations

import errno
import io
import os
import platform
import re
import secrets
from datetime import UTC, datetime, timedelta
from http.client import responses as reason_phrases
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from fastwarc.warc import WarcRecord, WarcRecordType
from isal import isal_zlib

from crawler import __version__
from crawler.captures.packing import GZIP_WINDOW
from crawler.captures.response import Place, sha1

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from crawler.captures.records import HTTPHeaders
    from crawler.captures.response import CapturedResponse

# Of a file's name, so that captures of several machines can be brought together.
_MACHINE = re.sub(r"[^a-z0-9]+", "-", platform.node().lower()).strip("-")[:32] or "machine"
_LEVEL = 3  # isal's best: a third of the time of zlib's 6, four percent larger
_FORMAT = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
# Of the crawler's own, and not to be passed on with the archive.
_SECRETS = frozenset({b"authorization", b"cookie", b"proxy-authorization"})
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


class Asked(NamedTuple):
    """The request that an answer is to."""

    headers: HTTPHeaders  # without those that the connection adds
    address: str | None = None  # IP of the server that answered; None where a proxy did, say


class WarcWriter:
    """Appends records to WARCs of its own in ``folder``; both are created for the first one.

    Each record is one gzip member, and with the system before the method returns: a kill tears at
    most the one being written. Where one cannot be written (OSError), nothing of it stays. A file
    that would grow beyond ``max_size`` bytes is followed by another. Names sort by time. ``about``:
    what the file tells of the crawl, by the names of the WARC's ``warcinfo``. ``begun``: when it is
    written, where its records are older.
    """

    def __init__(
        self,
        folder: Path,
        *,
        max_size: int = 1_000_000_000,
        run_id: int | None = None,
        about: Mapping[str, str] | None = None,
        begun: datetime | None = None,
    ) -> None:
        self._begun = begun
        self._about = dict(about or {})
        self._by = f"{_MACHINE}-{secrets.token_hex(2)}"
        self._folder = folder
        self._max_size = max_size
        self._run_id = run_id
        self._file: io.FileIO | None = None
        self._name = ""

    def response(
        self,
        url: str,
        status: int,
        headers: HTTPHeaders,
        payload: bytes,
        date: datetime,
        asked: Asked | None = None,
    ) -> Place:
        """Write a response: ``payload`` as it came, content encoding included.

        ``asked``: what it answers, where that is known; it is written too, right after it.
        """
        record = _warc_record(WarcRecordType.response, date)
        record.headers["WARC-Target-URI"] = url
        record.set_bytes_content(_http_head(status, headers, len(payload)) + payload)
        return self._append(record, date, sha1(payload), url, asked)

    def revisit(
        self,
        url: str,
        status: int,
        headers: HTTPHeaders,
        original: CapturedResponse,
        date: datetime,
        asked: Asked | None = None,
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
        return self._append(record, date, sha1(original.payload), url, asked)

    def copy(self, member: bytes, date: datetime) -> Place:
        """Write a record of another WARC as it lies there, packed as one gzip member."""
        return self._add(member, b"", date)

    def sync(self) -> None:
        """Wait until all that was written is on the disk; raises OSError if it does not get there.

        Then a power failure costs none of it. A file that was removed, moved or cut off is an error
        too, as nobody would find in it what is written.
        """
        if self._file:
            os.fsync(self._file.fileno())
            _end(self._file)
            written, found = os.fstat(self._file.fileno()), (self._folder / self._name).stat()
            if not os.path.samestat(written, found):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    def close(self) -> None:
        """Close the file, all of it on the disk; raises OSError if it does not get there."""
        if self._file:
            try:
                self.sync()
            finally:
                self._file.close()
                self._file = None

    def _append(
        self, record: WarcRecord, date: datetime, payload_sha1: bytes, url: str, asked: Asked | None
    ) -> Place:
        request: bytes | memoryview = b""
        if asked:
            if asked.address:
                record.headers["WARC-IP-Address"] = asked.address
            request = _gzipped(_request_record(record, date, url, asked), None)
        return self._add(_gzipped(record, payload_sha1), request, date)

    def _add(
        self, member: bytes | memoryview, request: bytes | memoryview, date: datetime
    ) -> Place:
        """Append a record and the request that belongs to it: both, or none of them."""
        size = len(member) + len(request)
        if self._file and self._file.tell() + size > self._max_size:
            self.close()
        file = self._file or self._open(self._begun or date)
        data = b"".join((member, request)) if request else member
        return Place(self._name, _write(file, memoryview(data)), len(member))

    def _open(self, date: datetime) -> io.FileIO:
        self._folder.mkdir(parents=True, exist_ok=True)
        suffix = "" if self._run_id is None else f"-run{self._run_id}"
        moment = date.astimezone(UTC)
        while True:
            path = self._folder / f"republika-{moment:%Y%m%dT%H%M%SZ}-{self._by}{suffix}.warc.gz"
            try:
                file = io.FileIO(path, "x")
                break
            except FileExistsError:
                moment += timedelta(seconds=1)  # a number would not sort
        run = {} if self._run_id is None else {"isPartOf": f"run {self._run_id}"}
        opening = warcinfo(path.name, {**run, "hostname": _MACHINE, **self._about}, date)
        try:
            _write(file, opening)
        except OSError:
            file.close()
            path.unlink()
            raise
        self._file, self._name = file, path.name
        return file


def warcinfo(name: str, about: Mapping[str, str], date: datetime) -> memoryview:
    """The record that opens a WARC of this name: with what wrote it, and ``about`` the crawl."""
    record = _warc_record(WarcRecordType.warcinfo, date)
    record.headers["WARC-Filename"] = name
    record.headers["Content-Type"] = "application/warc-fields"
    fields = {
        "software": f"republika-crawler/{__version__}",
        **about,
        "format": "WARC File Format 1.1",
        "conformsTo": _FORMAT,
    }
    told = {name: " ".join(value.split()) for name, value in fields.items() if value}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    record.set_bytes_content(lines.encode())
    return _gzipped(record, None)


def _warc_record(record_type: WarcRecordType, date: datetime) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(record_type)
    record.record_date = date
    record.is_http = record_type != WarcRecordType.warcinfo
    return record


def _request_record(answer: WarcRecord, date: datetime, url: str, asked: Asked) -> WarcRecord:
    record = _warc_record(WarcRecordType.request, date)
    record.headers["WARC-Target-URI"] = url
    record.headers["WARC-Concurrent-To"] = answer.headers["WARC-Record-ID"]
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {target} HTTP/1.1".encode(), f"Host: {parts.netloc.rpartition('@')[2]}".encode()]
    lines += [name + b": " + value for name, value in asked.headers if name.lower() not in _SECRETS]
    record.set_bytes_content(b"\r\n".join([*lines, b"", b""]))
    return record


def _gzipped(record: WarcRecord, payload_sha1: bytes | None) -> memoryview:
    plain = io.BytesIO()
    record.write(plain, checksum_data=True, payload_digest=payload_sha1)
    return memoryview(isal_zlib.compress(plain.getbuffer(), _LEVEL, GZIP_WINDOW))


def _end(file: io.FileIO) -> int:
    """Where the file ends; raises OSError where somebody cut it off, or wrote to it."""
    written = file.tell()
    if os.fstat(file.fileno()).st_size != written:
        raise OSError(errno.EIO, "a file was cut off or written to while it was in use")
    return written


def _write(file: io.FileIO, member: memoryview) -> int:
    """Append to an unbuffered file; gives the offset there."""
    offset = _end(file)
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
