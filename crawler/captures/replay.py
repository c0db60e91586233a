"""Which response of the WARC files of REPLAY answers for an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crawler.captures.rows import find_original
from crawler.captures.warc import WARC_SUFFIXES, check_warc, iter_captures, read_capture
from crawler.errors import CaptureError, ReplayError
from crawler.urls import canonical_url, classify, part_number

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from crawler.captures.response import CapturedResponse


def replay_files(path: Path) -> list[Path]:
    """The WARC files of REPLAY, one file or a folder of them, by name.

    Raises ReplayError if there are none, or one is not a WARC file.
    """
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.name.endswith(WARC_SUFFIXES))
        if not files:
            raise ReplayError(f"{path} has no .warc or .warc.gz file to replay")
    else:
        files = [path]
    for file in files:
        try:
            check_warc(file)
        except OSError as error:
            raise ReplayError(f"{file} cannot be replayed: {error.strerror}") from error
        except CaptureError as error:
            raise ReplayError(f"{error}, and cannot be replayed") from error
    return files


class _Indexed(NamedTuple):
    date: datetime
    path: Path
    offset: int
    status: int
    revisit: bool


def _page(url: str) -> tuple[str, int]:
    """The canonical address, and which page of the article it is."""
    return canonical_url(url), part_number(url)


def _first_page_of(url: str) -> str | None:
    """The id of the article that this is an address of, except its further pages and its AMP."""
    address = classify(url)
    return address.id if address.kind == "article" else None


class Replayed(NamedTuple):
    """A response as it is replayed, and where it lies."""

    path: Path
    captured: CapturedResponse  # with a payload, whose it may ever be
    original: Replayed | None = None  # the response that a revisit has its payload of


class ReplayIndex:
    """What the WARC files of REPLAY hold, by address; and what a revisit may refer to."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._exact: dict[str, list[_Indexed]] = {}
        self._canonical: dict[tuple[str, int], list[_Indexed]] = {}
        self._articles: dict[str, list[_Indexed]] = {}  # first pages, by the article's id
        self._ids: dict[str, _Indexed] = {}  # of records
        self._digests: dict[str, _Indexed] = {}
        for path in files:
            for captured in iter_captures(path):
                self._add(path, captured)

    def _add(self, path: Path, captured: CapturedResponse) -> None:
        indexed = _Indexed(captured.date, path, captured.offset, captured.status, captured.revisit)
        self._exact.setdefault(captured.url, []).append(indexed)
        self._canonical.setdefault(_page(captured.url), []).append(indexed)
        if article := _first_page_of(captured.url):
            self._articles.setdefault(article, []).append(indexed)
        if not captured.revisit:
            self._ids[captured.record_id] = self._digests[captured.digest] = indexed

    def find(self, url: str) -> Replayed | None:
        """The latest response of this address; None if there is none.

        Else of its canonical one, else of another address of the same article. Where a revisit is
        the latest, it has the payload of what it refers to; a 304 is that response itself. If that
        cannot be found, it is the latest response with status 200.
        """
        candidates = (
            self._exact.get(url)
            or self._canonical.get(_page(url))
            or self._articles.get(_first_page_of(url) or "", [])
        )
        by_date = sorted(candidates, key=lambda indexed: indexed.date)
        if not by_date:
            return None
        latest = _replayed(by_date[-1])
        if not latest.captured.revisit:
            return latest
        if referred := find_original(latest.captured, self):
            original = _replayed(referred)
            if latest.captured.status == 304:
                return original
            return Replayed(latest.path, latest.captured.filled(original.captured), original)
        standing = [indexed for indexed in by_date if indexed.status == 200 and not indexed.revisit]
        return _replayed(standing[-1]) if standing else None

    # -- what a revisit may refer to ---------------------------------------------------------

    def with_id(self, record_id: str) -> _Indexed | None:
        """The response of a record."""
        return self._ids.get(record_id)

    def captured_at(self, url: str, date: datetime) -> _Indexed | None:
        """The response that an address gave at a moment."""
        found = (indexed for indexed in self._exact.get(url, []) if indexed.date == date)
        return next((indexed for indexed in found if not indexed.revisit), None)

    def with_payload(self, digest: str) -> _Indexed | None:
        """A response whose payload has this digest."""
        return self._digests.get(digest)


def _replayed(indexed: _Indexed) -> Replayed:
    return Replayed(indexed.path, read_capture(indexed.path, indexed.offset))
