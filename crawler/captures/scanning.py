"""One archive read: what it has of the site's articles, in rows, and as an extract of its own.

A pure function of the file, so that it may run in another process, or on another machine.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from urllib.parse import urlsplit

from crawler.captures.archives import is_address
from crawler.captures.extract import Extract
from crawler.captures.remote import opened, persistently, stamp_at
from crawler.captures.response import CapturedResponse, Skipped, Unwanted
from crawler.captures.rows import payload_type, row_of
from crawler.captures.stream import Stream
from crawler.captures.warc import scan
from crawler.errors import CaptureError
from crawler.urls import classify, is_republika_host

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.database.captures import Capture

_SHOWS_ARTICLE = frozenset({"article", "amp", "share", "part"})
# Statuses that tell something of the article; of a revisit it may be that of the answer.
_TELLING = frozenset({200, 304, 404, 410})


class Task(NamedTuple):
    """An archive to read."""

    name: str  # absolute path, or address
    file: str  # as the rows name it
    begin: int = 0  # bytes that are known
    everything: bool = False  # of the site, not only its articles
    extract: str | None = None  # the folder in which to keep what is taken, as ``file``
    remote: bool = False  # it comes back with the rows instead


class Row(NamedTuple):
    """A row of ``captures``; ``refers_to``: of a revisit whose original is in another file."""

    capture: Capture
    refers_to: tuple[str, datetime] | None = None


@dataclass
class Scanned:
    """What an archive holds."""

    task: Task
    rows: list[Row] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)  # records, by why
    damage: Counter[str] = field(default_factory=Counter)
    unread: str | None = None  # why it cannot be read at all
    records: int = 0
    size: int = 0  # bytes
    stamp: str = ""  # what changes when the file does
    data: bytes = b""  # of the extract, where it comes back


def stamp_of(name: str) -> tuple[int, str]:
    """The size of an archive, and what tells when it was changed; raises OSError, CaptureError."""
    if is_address(name):
        return stamp_at(name)
    stat = Path(name).stat()
    return stat.st_size, str(stat.st_mtime_ns)


def read_archive(task: Task) -> Scanned:
    """What an archive holds; where it cannot be read, only why."""
    try:
        if is_address(task.name):
            return persistently(lambda: _read(task))
        return _read(task)
    except CaptureError as error:
        return Scanned(task, unread=str(error))
    except OSError as error:
        name = error.filename or task.name
        return Scanned(task, unread=f"{name} cannot be read: {os.strerror(error.errno or 0)}")


def _read(task: Task) -> Scanned:
    scanned = Scanned(task)
    file: BinaryIO | Stream
    with ExitStack() as stack:
        if is_address(task.name):
            file, scanned.stamp = opened(task.name)
            scanned.size = file.size
            stack.enter_context(file)
        else:
            scanned.size, scanned.stamp = stamp_of(task.name)
            file = stack.enter_context(Path(task.name).open("rb", buffering=2**16))
        extract = stack.enter_context(Extract(task.extract, task.file, in_memory=task.remote))
        _scan(scanned, file, extract)
        if isinstance(file, Stream):
            file.check_whole()
    scanned.data = extract.data
    return scanned


def _scan(scanned: Scanned, file: BinaryIO | Stream, extract: Extract) -> None:
    task = scanned.task
    digests: dict[str, str] = {}  # of this file's payloads, by the record
    for record in scan(task.name, task.begin, is_of_site, file):
        scanned.records += 1
        if isinstance(record, Skipped):
            scanned.damage[record.reason] += 1
            continue
        reason = "of another site" if isinstance(record, Unwanted) else _why_not(record)
        if reason:
            scanned.left[reason] += 1
        if isinstance(record, Unwanted) or (reason and not task.everything):
            continue
        if not record.revisit:
            digests[record.record_id] = record.digest
        offset, length = extract.add(file, record.offset, record.length)
        kept = replace(record, offset=offset, length=length)
        scanned.rows.append(_row(kept, task.file, digests))


def _row(record: CapturedResponse, file: str, digests: dict[str, str]) -> Row:
    """The row of a record; a revisit has the digest of what it refers to.

    Ours, as others use other digests, or none.
    """
    capture = row_of(record, file)
    if not record.revisit:
        return Row(capture)
    if digest := digests.get(record.refers_to_id or ""):
        return Row(replace(capture, digest=digest))
    return Row(capture, record.refers_to)


def is_of_site(url: str) -> bool:
    """Whether the address is of one of Republika's own hosts."""
    try:
        return is_republika_host(urlsplit(url).hostname)
    except ValueError:  # it is not an address
        return False


def _why_not(record: CapturedResponse) -> str | None:
    """Why a record says nothing of an article; None if it does."""
    if classify(record.url).kind not in _SHOWS_ARTICLE:
        return "no page of an article"
    kind = payload_type(record)
    if record.status not in _TELLING:
        return f"HTTP {record.status}"
    if record.status == 200 and kind and "html" not in kind:
        return f"no HTML but {kind}"
    return None
