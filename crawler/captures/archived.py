"""Captures of a web archive, kept among our own under the moment that its index tells."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from isal import isal_zlib

from crawler.captures.cdx import moment
from crawler.captures.packing import GZIP, GZIP_WINDOW
from crawler.captures.records import Damaged, packed_record
from crawler.captures.reparse import Unreadable, read_article
from crawler.captures.response import CapturedResponse, Place, captured, payload_digest
from crawler.captures.rows import declared_type, read_row, row_at, row_of
from crawler.captures.selection import TELLS, captured_of, source_at
from crawler.captures.warc import WarcFiles
from crawler.database.results import FromArchive, ParsedCapture
from crawler.errors import CaptureError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crawler.captures.records import HTTPHeaders
    from crawler.captures.writer import WarcWriter
    from crawler.database.archived import Archived, Listed, Waiting
    from crawler.database.captures import Capture
    from crawler.database.store import Store

_ORIGINAL = b"x-archive-orig-"  # before the names of headers that the site sent
# What an archive takes away with the encoding.
_OF_ENCODING = frozenset((b"content-encoding", b"transfer-encoding", b"content-length"))


class Keeper:
    """Writes what an archive sends to the captures, with a row of ``captures`` for each.

    A page is on the disk before the database names it. Raises StoreError where either cannot be
    written.
    """

    def __init__(self, store: Store, frontier: Archived, folder: Path, writer: WarcWriter) -> None:
        self._store = store
        self._frontier = frontier
        self._folder = folder
        self._writer = writer

    def close(self) -> None:
        """Close the file; raises OSError if not all of it gets to the disk."""
        self._writer.close()

    # -- kept --------------------------------------------------------------------------------

    def keep_record(self, waiting: Waiting, record: bytes) -> None:
        """Keep a record as it lies in the archive, byte for byte.

        Raises CaptureError where it is damaged, or another one than the index lists.
        """
        listed = waiting.listed
        packed = record.startswith(GZIP.magic)
        member = record if packed else isal_zlib.compress(record, 3, GZIP_WINDOW)
        try:
            found = captured(packed_record(io.BytesIO(member), 0, len(member)))
        except Damaged as damage:
            raise CaptureError(f"the archive's record cannot be read: {damage.reason}") from None
        if not isinstance(found, CapturedResponse):
            why = f": {found.reason}" if found and hasattr(found, "reason") else ""
            raise CaptureError(f"the archive's record is not a page{why}")
        if found.url != listed.url or f"{found.date:%Y%m%d%H%M%S}" != listed.timestamp:
            raise CaptureError("the archive has another record there than its index lists")
        capture = row_of(replace(found, date=moment(listed.timestamp)), "")
        self._keep(waiting, lambda: self._writer.copy(member, found.date), capture)

    def keep_page(
        self, waiting: Waiting, status: int, headers: HTTPHeaders, payload: bytes
    ) -> None:
        """Keep a page as the archive replays it, with the headers that the site sent."""
        listed = waiting.listed
        date = moment(listed.timestamp)
        told = _headers_of_site(headers)
        capture = _row(listed, status, declared_type(told), payload_digest(payload))
        self._keep(
            waiting,
            lambda: self._writer.response(listed.url, status, told, payload, date),
            capture,
        )

    def keep_same(self, waiting: Waiting) -> bool:
        """Keep that a page was captured that is here already; False if it has to be fetched."""
        listed = waiting.listed
        place = self._frontier.same(listed)
        original = self._store.captures.at(*place) if place else None
        if original is None and listed.digest:
            original = self._store.captures.with_payload(f"sha1:{listed.digest}")
        if original is None or original.revisit or listed.status not in (None, original.status):
            return False
        try:
            page = read_row(self._folder, original)
        except CaptureError:
            return False
        date = moment(listed.timestamp)
        capture = _row(listed, page.status, original.payload_type, original.digest, revisit=True)
        self._keep(
            waiting,
            lambda: self._writer.revisit(listed.url, page.status, page.headers, page, date),
            capture,
        )
        return True

    def _keep(self, waiting: Waiting, write: Callable[[], Place], capture: Capture) -> None:
        try:
            place = write()
            self._writer.sync()
        except OSError as error:
            raise StoreError(f"{self._folder} cannot be written: {error.strerror}") from error
        capture = replace(capture, **place._asdict())
        with self._store.transaction():
            self._store.captures.add(capture)
            self._frontier.kept(waiting.number, capture)

    # -- read --------------------------------------------------------------------------------

    def read(self, article_id: str) -> tuple[FromArchive, list[str]]:
        """What today's parser makes of an article's captures, and why of some it makes nothing."""
        sources = []
        for capture in self._frontier.captures(article_id, TELLS):
            payload = self._store.captures.with_payload(capture.digest)
            place = payload if capture.revisit else capture
            sources.append(source_at(self._folder, capture, place))
        with WarcFiles() as files:
            parsed = read_article(files, captured_of(article_id, sources))
        read, unreadable = [], []
        for url, captured_at, result, doubt in parsed:
            if isinstance(result, Unreadable):
                unreadable.append(result.reason)
            else:
                read.append(ParsedCapture(url, captured_at, result, doubt))
        return FromArchive(tuple(read)), unreadable


def _row(
    listed: Listed, status: int, payload_type: str | None, digest: str, *, revisit: bool = False
) -> Capture:
    return row_at(
        Place("", 0, 0),
        url=listed.url,
        date=moment(listed.timestamp),
        status=status,
        payload_type=payload_type,
        digest=digest,
        revisit=revisit,
    )


def _headers_of_site(headers: HTTPHeaders) -> HTTPHeaders:
    """The headers that the site sent, as an archive gives them beside its own."""
    told = [
        (name[len(_ORIGINAL) :], value)
        for name, value in headers
        if name.lower().startswith(_ORIGINAL)
    ]
    kept = [(name, value) for name, value in told if name.lower() not in _OF_ENCODING]
    if not any(name.lower() == b"content-type" for name, _ in kept):
        kept += [pair for pair in headers if pair[0].lower() == b"content-type"]
    return tuple(kept)
