"""Rows of the table ``captures``: made of a response, and followed to the page again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from crawler.captures.response import CapturedResponse, Place
from crawler.captures.warc import read_capture
from crawler.database.captures import Capture
from crawler.dates import iso
from crawler.errors import CaptureError
from crawler.urls import article_id

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from crawler.captures.records import HTTPHeaders
    from crawler.database.store import Store

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


def declared_type(headers: HTTPHeaders) -> str | None:
    """The media type that the headers declare, "text/html"; None if they declare none."""
    declared = next((value for name, value in headers if name.lower() == b"content-type"), b"")
    return declared.decode("latin-1").partition(";")[0].strip().lower() or None


def payload_type(response: CapturedResponse) -> str | None:
    """The media type that the archive found the payload to be, or else the declared one."""
    return response.identified_type or declared_type(response.headers)


def row_at(
    place: Place,
    *,
    url: str,
    date: datetime,
    status: int,
    payload_type: str | None,
    digest: str,
    revisit: bool,
) -> Capture:
    """The row of a response that lies at ``place``."""
    return Capture(
        article_id=article_id(url),
        url=url,
        fetched_at=iso(date),
        status=status,
        payload_type=payload_type,
        digest=digest,
        file=place.file,
        offset=place.offset,
        length=place.length,
        revisit=revisit,
    )


def row_of(response: CapturedResponse, file: str) -> Capture:
    """The row of a response that was read from ``file``."""
    return row_at(
        Place(file, response.offset, response.length),
        url=response.url,
        date=response.date,
        status=response.status,
        payload_type=payload_type(response),
        digest=response.digest,
        revisit=response.revisit,
    )


def read_row(folder: Path, capture: Capture) -> CapturedResponse:
    """The record that a row leads to; ``folder`` is that of the captures.

    Raises CaptureError if it cannot be read, or is another one than was indexed.
    """
    path = folder / capture.file
    response = read_capture(path, capture.offset)
    same = response.url == capture.url and response.revisit == capture.revisit
    # What a revisit of another archive calls its digest may be of another kind.
    if not same or (response.digest != capture.digest and not response.revisit):
        raise has_changed(path)
    return response


def has_changed(path: Path | str) -> CaptureError:
    """The error of a file whose records are not those of its rows any more."""
    return CaptureError(f"{path} has changed since it was indexed; run scrapy reparse --reindex")


def read_page(store: Store, folder: Path, capture: Capture) -> CapturedResponse:
    """The page that a row leads to; ``folder`` is that of the captures.

    A revisit has the payload of the capture in the database that has its digest, and its own status
    and headers, but a 304 those of that capture. Raises CaptureError if it cannot be read.
    """
    response = read_row(folder, capture)
    if not capture.revisit:
        return response
    original = store.captures.with_payload(capture.digest)
    if original is None:
        raise CaptureError(
            f"{capture.url} of {capture.fetched_at} refers to a capture that cannot be found"
        )
    return response.filled(read_row(folder, original))


class Originals(Protocol[T_co]):
    """What revisits may refer to, by the three ways in which they name it."""

    def with_id(self, record_id: str) -> T_co | None: ...
    def captured_at(self, url: str, date: datetime) -> T_co | None: ...
    def with_payload(self, digest: str) -> T_co | None: ...


def find_original(revisit: CapturedResponse, known: Originals[T]) -> T | None:
    """What a revisit refers to; None if that is not among what is known.

    Tools name it by its record, or by address and date; a digest may be of another kind than ours.
    """
    found = known.with_id(revisit.refers_to_id) if revisit.refers_to_id else None
    if found is None and revisit.refers_to:
        found = known.captured_at(*revisit.refers_to)
    return known.with_payload(revisit.digest) if found is None else found
