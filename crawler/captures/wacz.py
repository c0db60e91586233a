"""A WACZ: an archive in one file, with the list of its pages, for web archives and for browsers."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from isal import isal_zlib

from crawler import __version__
from crawler.captures.packing import GZIP, GZIP_WINDOW
from crawler.captures.records import Damaged, record_at
from crawler.captures.rows import read_row
from crawler.captures.warc import unpacked
from crawler.captures.writer import warcinfo
from crawler.database.captures import CAPTURE_COLUMNS, Capture
from crawler.errors import CaptureError
from crawler.urls import classify

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from crawler.captures.response import CapturedResponse

VERSION = "1.1.1"
_WARC = "data.warc.gz"
_LEVEL = 3
_COLUMNS = ", ".join(CAPTURE_COLUMNS)
# Every version of its pages, and its photos where they were kept: also as the site redirects them.
_OF_ARTICLE = f"""
    SELECT {_COLUMNS} FROM captures WHERE article_id = :id
    UNION SELECT {_COLUMNS} FROM captures
    WHERE url IN (SELECT url FROM images WHERE article_id = :id
        UNION SELECT replace(url, 'http://', 'https://') FROM images WHERE article_id = :id)
    ORDER BY fetched_at
"""  # noqa: S608
# Several may have the payload; the one of the address is what a revisit names.
_ORIGINAL = f"""
    SELECT {_COLUMNS} FROM captures WHERE digest = ? AND NOT revisit
    ORDER BY url = ? DESC, fetched_at DESC LIMIT 1
"""  # noqa: S608


class Page(NamedTuple):
    """An article that was asked for."""

    id: str
    url: str
    title: str


@dataclass
class Packed:
    """What has become of the articles."""

    pages: int = 0  # that can be looked at
    without: int = 0  # articles of which no page is in the captures
    unread: list[str] = field(default_factory=list)  # captures that cannot be read: why


def write_wacz(
    file: IO[bytes], database: sqlite3.Connection, folder: Path, articles: Iterable[Page]
) -> Packed:
    """Write the captures of articles, byte for byte, with an index and the list of their pages.

    ``folder`` is that of the captures. Raises OSError where the file cannot be written.
    """
    packed = Packed()
    now = datetime.now(UTC)
    pages = [{"format": "json-pages-1.0", "id": "pages", "title": "Articles"}]
    resources: list[dict[str, object]] = []
    with ZipFile(file, "w") as archive:
        package = _Package(archive, now, resources)
        with package.entry(f"archive/{_WARC}", ZIP_STORED) as warc:
            warc.write(warcinfo(_WARC, {}, now))
            copied = _Copied(database, folder, warc, packed)
            for article in articles:
                page = copied.page_of(article)
                if page is None:
                    packed.without += 1
                    continue
                packed.pages += 1
                moment = f"{_utc(page):%Y-%m-%dT%H:%M:%SZ}"
                pages.append(
                    {"id": article.id, "url": page.url, "ts": moment, "title": article.title}
                )
        with package.entry("indexes/index.cdx") as index:
            index.writelines(sorted(copied.index))
        with package.entry("pages/pages.jsonl") as listing:
            listing.writelines(_line(page) for page in pages)
        described = {
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": "Republika articles",
            "created": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "software": f"republika-crawler/{__version__}",
            "resources": list(resources),
        }
        with package.entry("datapackage.json") as whole:
            whole.write(_line(described))
        digest = {"path": "datapackage.json", "hash": resources[-1]["hash"]}
        with package.entry("datapackage-digest.json") as last:
            last.write(_line(digest))
    return packed


class _Package:
    """The zip, and what was put into it: ``resources``, as its description lists them."""

    def __init__(
        self, archive: ZipFile, moment: datetime, resources: list[dict[str, object]]
    ) -> None:
        self._archive = archive
        self._date = moment.timetuple()[:6]
        self._resources = resources

    @contextmanager
    def entry(self, path: str, compression: int = ZIP_DEFLATED) -> Iterator[_Entry]:
        info = ZipInfo(path, self._date)
        info.compress_type = compression
        with self._archive.open(info, "w", force_zip64=True) as file:
            entry = _Entry(file)
            yield entry
        self._resources.append(
            {
                "name": path.rpartition("/")[2],
                "path": path,
                "hash": f"sha256:{entry.hash.hexdigest()}",
                "bytes": entry.size,
            }
        )


class _Entry:
    """A file in the zip, as it is written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes | memoryview) -> None:
        self._file.write(data)
        self.hash.update(data)
        self.size += len(data)

    def writelines(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            self.write(line)


class _Copied:
    """The captures that are in the WARC, each once; ``index``: a line of each
    that can be looked at."""

    def __init__(
        self, database: sqlite3.Connection, folder: Path, warc: _Entry, packed: Packed
    ) -> None:
        self._database = database
        self._folder = folder
        self._warc = warc
        self._packed = packed
        self._done: dict[tuple[str, int], bool] = {}
        self.index: list[bytes] = []

    def page_of(self, article: Page) -> Capture | None:
        """Copy all there is of an article; gives the latest page of it, None if there is none."""
        pages = [
            capture
            for capture in _captures(self._database, _OF_ARTICLE, {"id": article.id})
            if self._copy(capture) and capture.status == 200 and capture.article_id == article.id
        ]
        whole = [page for page in pages if classify(page.url).kind == "article"]
        return next(iter((whole or pages)[::-1]), None)

    def _copy(self, capture: Capture) -> bool:
        """Whether a capture is in the WARC, with what it refers to."""
        place = (capture.file, capture.offset)
        if place not in self._done:
            try:
                self._done[place] = self._add(capture)
            except (CaptureError, OSError) as error:
                self._packed.unread.append(str(error))
                self._done[place] = False
        return self._done[place]

    def _add(self, capture: Capture) -> bool:
        path = self._folder / capture.file
        response = read_row(self._folder, capture)
        if capture.revisit:
            url = response.refers_to[0] if response.refers_to else capture.url
            original = _captures(self._database, _ORIGINAL, (capture.digest, url))
            if not original or not self._copy(original[0]):
                raise CaptureError(f"{path} refers to a capture that cannot be found")
        with path.open("rb") as source:
            record = _gzipped(source, response.offset, response.length)
            request = _request_of(source, response)
        offset = self._warc.size
        self._warc.write(record)
        self._warc.write(request)
        if capture.status != 304:  # which pywb would show in place of the page that still stood
            self.index.append(_index_line(capture, offset, len(record)))
        return True


def _captures(
    database: sqlite3.Connection, sql: str, values: dict[str, str] | tuple[str, ...]
) -> list[Capture]:
    return [
        Capture(**dict(zip(CAPTURE_COLUMNS, row, strict=True)))
        for row in database.execute(sql, values)
    ]


def _gzipped(source: IO[bytes], offset: int, length: int) -> bytes:
    """A record as one gzip member: as it lies there, unless it is packed otherwise."""
    source.seek(offset)
    data = source.read(length)
    if data.startswith(GZIP.magic):
        return data
    return isal_zlib.compress(unpacked(data), _LEVEL, GZIP_WINDOW)


def _request_of(source: IO[bytes], response: CapturedResponse) -> bytes:
    """The request that stands right after a response; nothing if none does."""
    at = response.offset + response.length
    try:
        record = record_at(source, at)  # type: ignore[arg-type]  # a file is a BinaryIO
    except Damaged:
        return b""
    if record.fields.get("warc-concurrent-to") != response.record_id:
        return b""
    return _gzipped(source, at, record.length) if record.kind == "request" else b""


def _index_line(capture: Capture, offset: int, length: int) -> bytes:
    values = {
        "url": capture.url,
        "mime": "warc/revisit" if capture.revisit else capture.payload_type or "unk",
        "status": str(capture.status),
        "digest": capture.digest,
        "length": str(length),
        "offset": str(offset),
        "filename": _WARC,
    }
    return f"{_key(capture.url)} {_utc(capture):%Y%m%d%H%M%S} ".encode() + _line(values)


def _key(url: str) -> str:
    """The address as an index sorts it: ``id,co,republika)/berita/rgm``, without ``www.``."""
    parts = urlsplit(url.lower())
    labels = (parts.hostname or "").removeprefix("www.").split(".")
    port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    path = parts.path.rstrip("/") or "/"
    return f"{','.join(reversed(labels))}{port}){path}{f'?{query}' if query else ''}"


def _utc(capture: Capture) -> datetime:
    return datetime.fromisoformat(capture.fetched_at).astimezone(UTC)


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
