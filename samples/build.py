"""Writes the sample: a made-up Republika day, 15 August 2022, as one WARC, and the records in it.

    python -m samples.build [FOLDER]

`republika-2022-08-15.warc.gz` answers every request of a back-fill of that day: robots.txt of each
host, the date index, the articles. `expected.json` says what must come out; it is written from
the same data as the pages, not by a parser. Both files are the same to the byte every time, as
long as fastwarc compresses alike; after an upgrade of it that does not, run this again.
"""

from __future__ import annotations

import argparse
import io
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha1, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from samples.articles.day import INDEX, LOST, RECORDS, SPRINKLER_ON_WWW
from samples.articles.exceptions import NIGHT_MARKET, PRAYER_HOUSE
from samples.articles.lost import BOOK_FAIR, DRAIN, FISH_STALL
from samples.articles.others import GARDEN
from samples.articles.republika2023 import CHILLI, SPRINKLER
from samples.articles.wrap_detail import BRIDGE, MOBILE_LIBRARY, PUTIN
from samples.pages import listings, page
from samples.pages.common import printed
from samples.pages.wrap_detail import wrap_second_page, wrap_without_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from samples.articles.model import Article

NAME = "republika-2022-08-15.warc.gz"
DAY = "2022-08-15"
PAGE_SIZE = 50  # the step of the index's offset, however few items our pages hold
FETCHED = datetime(2022, 8, 16, 1, tzinfo=UTC)
HTML = "text/html; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Response:
    """What the server answers to a GET of ``url``; ``changed``: the validators that it sends."""

    url: str
    body: str
    status: str = "200 OK"
    content_type: str = HTML
    changed: datetime | None = None
    compressed: bool = False

    def http(self, date: datetime) -> tuple[bytes, bytes]:
        """The header, and the body as it goes over the wire."""
        body = self.body.encode()
        lines = [
            f"HTTP/1.1 {self.status}",
            f"Date: {format_datetime(date, usegmt=True)}",
            f"Content-Type: {self.content_type}",
        ]
        if self.changed:
            lines.append(f'ETag: "{sha256(body).hexdigest()[:16]}"')
            changed = self.changed.astimezone(UTC)
            lines.append(f"Last-Modified: {format_datetime(changed, usegmt=True)}")
        if self.compressed:
            body = _gzip(body)
            lines.append("Content-Encoding: gzip")
        lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode(), body


def responses() -> Iterator[Response]:
    """Everything that the sample's site answers."""
    answers = [*_index(), *_articles()]
    hosts = {urlsplit(answer.url).hostname for answer in answers}
    for host in sorted(host for host in hosts if host):
        yield Response(
            f"https://{host}/robots.txt", listings.robots_txt(), content_type="text/plain"
        )
    yield from answers


def _index() -> Iterator[Response]:
    for number, entries in enumerate(INDEX):
        following = (number + 1) * PAGE_SIZE if number + 1 < len(INDEX) else None
        yield Response(
            f"https://republika.co.id/index/{number * PAGE_SIZE}/{DAY.replace('-', '/')}",
            listings.index(entries, following),
        )


def _articles() -> Iterator[Response]:
    for article in (*RECORDS, NIGHT_MARKET):
        yield Response(
            article.url,
            page(article),
            changed=article.published if article in (CHILLI, BRIDGE, PUTIN) else None,
            compressed=article in (CHILLI, MOBILE_LIBRARY),
        )
    yield Response(SPRINKLER_ON_WWW, page(SPRINKLER))
    yield Response(
        GARDEN.url.replace(f"//{GARDEN.host}/berita/", "//republika.co.id/amp/"),
        page(GARDEN),
    )
    yield Response(f"{PRAYER_HOUSE.url}-part1", wrap_second_page(PRAYER_HOUSE))
    yield Response(BOOK_FAIR.url, listings.home())
    yield Response(DRAIN.url, wrap_without_text(DRAIN))
    yield Response(FISH_STALL.url, listings.not_found(), status="404 Not Found")


def _gzip(data: bytes) -> bytes:
    """Compressed by fastwarc, whose bytes do not depend on the machine's zlib."""
    buffer = io.BytesIO()
    writer = GzipWriter(buffer)
    writer.write(data)
    writer.finish()
    return buffer.getvalue()


def write_warc(path: Path) -> None:
    """Write the WARC: a warcinfo record, then a response record each."""
    buffer = io.BytesIO()
    info = f"software: samples/build.py\r\nformat: WARC File Format 1.1\r\nisPartOf: {DAY}\r\n"
    record = _record(WarcRecordType.warcinfo, NAME, FETCHED)
    record.headers["WARC-Filename"] = NAME
    record.headers["Content-Type"] = "application/warc-fields"
    record.set_bytes_content(info.encode())
    _append(buffer, record, None)
    for number, response in enumerate(responses(), start=1):
        date = FETCHED + timedelta(seconds=number)
        header, body = response.http(date)
        record = _record(WarcRecordType.response, response.url, date)
        record.headers["WARC-Target-URI"] = response.url
        record.is_http = True
        record.set_bytes_content(header + body)
        _append(buffer, record, sha1(body, usedforsecurity=False).digest())
    path.write_bytes(buffer.getvalue())


def _record(kind: WarcRecordType, name: str, date: datetime) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(kind, f"uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}".encode())
    record.record_date = date
    return record


def _append(buffer: io.BytesIO, record: WarcRecord, payload_digest: bytes | None) -> None:
    """Each record is a gzip member of its own, so that a reader can seek to it."""
    writer = GzipWriter(buffer)
    record.write(writer, checksum_data=True, payload_digest=payload_digest)
    writer.finish()


def expected() -> dict[str, Any]:
    """What a back-fill of the day gives: its records, what is lost and why, what is passed by.

    ``outside`` is on the day's index, but its id says that it is of another day; ``ignored`` are
    items of the index that are not articles of the site.
    """
    known = {article.url for article in (*RECORDS, NIGHT_MARKET)} | {SPRINKLER_ON_WWW}
    known |= {lost.url for lost in LOST}
    entries = [entry for entries in INDEX for entry in entries]
    return {
        "day": DAY,
        "records": [_expected_record(article) for article in RECORDS],
        "lost": [
            {"id": lost.id, "url": lost.url, "state": lost.state, "why": lost.why} for lost in LOST
        ],
        "outside": [_expected_record(NIGHT_MARKET)],
        "ignored": [entry.url for entry in entries if entry.url not in known],
    }


def _expected_record(article: Article) -> dict[str, Any]:
    photos = article.photos if article.kind == "gallery" else article.photos[:1]
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "lead": article.lead,
        "published_at": article.published.isoformat(),
        "published_raw": printed(article),
        "modified_at": article.modified.isoformat() if article.modified else None,
        "section": " > ".join(article.section) or None,
        "reporters": article.reporters,
        "editors": article.editors,
        "sources": article.sources,
        "dateline": article.dateline,
        "body": article.text,
        "language": article.language,
        "kind": article.kind,
        "partial": article.partial,
        "layout": article.layout,
        "tags": article.tags,
        "images": [
            {"url": photo.url, "caption": photo.caption, "credit": photo.credit} for photo in photos
        ],
        "related": [
            {"related_id": link.id, "url": link.href, "title": link.title}
            for link in article.related
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the sample WARC and its expected records.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    folder = parser.parse_args().folder
    write_warc(folder / NAME)
    text = json.dumps(expected(), ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
