"""An HTTP response that was captured: what a record of a WARC has of it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from crawler.captures.records import http_message

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.captures.records import HTTPHeaders, Record


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


@dataclass(frozen=True, slots=True)
class Unwanted:
    """A response of an address that was not asked for."""

    offset: int


def captured(
    record: Record, wants: Callable[[str], bool] | None = None
) -> CapturedResponse | Skipped | Unwanted | None:
    """What the record has captured; None if it is of another kind.

    ``wants``: which addresses are asked for, where not all are; the others cost little.
    """
    fields = record.fields
    content = fields.get("content-type", "application/http").lower()
    if record.kind not in ("response", "revisit") or not content.startswith("application/http"):
        return None  # a DNS answer is a response too
    url, original_url = (
        fields.get(name, "").strip("<>")  # wget adds them
        for name in ("warc-target-uri", "warc-refers-to-target-uri")
    )
    if wants and not wants(url):
        return Unwanted(record.offset)
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
    if moment.year in (MINYEAR, MAXYEAR):  # not a moment in every zone
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def sha1(payload: bytes) -> bytes:
    return hashlib.sha1(payload, usedforsecurity=False).digest()


def payload_digest(payload: bytes) -> str:
    """The digest of a payload in the form of WARC-Payload-Digest, ``sha1:`` and base 32."""
    return f"sha1:{base64.b32encode(sha1(payload)).decode()}"
