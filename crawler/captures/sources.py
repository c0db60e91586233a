"""Captures to read again, in WARC files of our own or of others: found, and indexed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from crawler.captures.response import CapturedResponse, Skipped, Unwanted
from crawler.captures.rows import find_original, payload_type, row_of
from crawler.captures.warc import WARC_SUFFIXES, scan
from crawler.database.captures import CAPTURE_COLUMNS
from crawler.dates import iso, now
from crawler.errors import ArchiveError, CaptureError
from crawler.urls import classify, is_republika_host

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from crawler.database.captures import Capture
    from crawler.database.store import Store

TABLE = "temp.sources"  # like ``captures``
_EVERY = 200  # records between two looks at the bar
_SHOWS_ARTICLE = frozenset({"article", "amp", "share", "part"})
# Statuses that tell something of the article; of a revisit it may be that of the answer.
_TELLING = frozenset({200, 304, 404, 410})


def warc_files(names: Sequence[str]) -> list[Path]:
    """The WARC files of what a user names: files, folders and patterns, each file once.

    Raises ArchiveError for a name that leads to none.
    """
    files: dict[Path, None] = {}
    for name in names:
        if name.startswith(("http://", "https://")):
            raise ArchiveError(f"{name} is an address: download the file, and name that")
        path = url2pathname(urlsplit(name).path) if name.startswith("file:") else name
        found = _files_of(Path(path))
        if not found:
            # Absolute ones too.
            matching = sorted(map(Path, glob(path, recursive=True)))  # noqa: PTH207
            found = [file for match in matching for file in _files_of(match)]
        if not found:
            raise ArchiveError(f"{name} is not a WARC file, nor a folder with one")
        files.update(dict.fromkeys(found))
    return list(files)


def _files_of(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(
            file.resolve() for file in path.rglob("*") if file.name.endswith(WARC_SUFFIXES)
        )
    return [path.resolve()] if path.is_file() else []


@dataclass(frozen=True, slots=True)
class Sources:
    """The captures that :func:`gather` found, in a table of this connection, and what it left out.

    The table keeps a large archive out of memory, and goes with the connection.
    """

    store: Store
    folder: Path | None  # CAPTURES
    left: Counter[str]  # records, by why
    damaged: list[str]  # files with records that cannot be read, and why
    unread: list[str]  # files that are not WARC or cannot be read, and why
    others: Mapping[Path, Path]  # files of the folder that were left to the database that has them
    now: str  # ISO 8601 with +07:00

    @property
    def is_empty(self) -> bool:
        return not self.store.rows(f"SELECT 1 FROM {TABLE} LIMIT 1")  # noqa: S608

    @property
    def ahead(self) -> int:
        """How many captures are dated after now."""
        sql = f"SELECT count(*) AS number FROM {TABLE} WHERE fetched_at > ?"  # noqa: S608
        return int(self.store.rows(sql, [self.now])[0]["number"])

    def original(self, digest: str) -> Capture | None:
        """Where the payload of a revisit lies: in a source, or else in another known capture."""
        captures = self.store.captures
        return captures.with_payload(digest, TABLE) or captures.with_payload(digest)


def gather(
    store: Store,
    folder: Path | None,
    files: Sequence[Path],
    *,
    others: Mapping[Path, Path],
    reindex: bool,
    dry_run: bool,
    progress: Callable[[int, int], None],
) -> Sources:
    """Find the captures of ``files``, or without any those of CAPTURES; once for a connection.

    What lies in CAPTURES and the database does not know is indexed, with ``reindex`` all of it.
    All but a dry run puts what it finds into ``captures`` too. ``progress`` is told how many bytes
    are read, and of how many. ``others``: files of CAPTURES that are another database's; they are
    left to it.
    """
    _create_table(store)
    begins: dict[Path, int] = dict.fromkeys(files, 0)  # bytes from where they are new
    if not files and folder:
        ends = {} if reindex else _take_known(store, folder)
        # No file that was named once: what follows its last article is of no concern.
        begins = {file: ends.get(file, 0) for file in _files_of(folder) if file not in others}
    sources = Sources(store, folder, Counter(), [], [], others, iso(now()))
    # What is missing is said of each of its captures.
    sizes = {file: file.stat().st_size for file in begins if file.exists()}
    total = sum(max(0, size - begins[file]) for file, size in sizes.items())
    done = 0
    for file, size in sizes.items():
        begin = begins[file]
        if begin and begin >= size:
            continue
        _index(
            sources,
            file,
            begin,
            everything=not files,
            progress=lambda at: progress(done + at - begin, total),  # noqa: B023
        )
        done += size - begin
    if not dry_run:
        _put_into_captures(store, anew=reindex)
    return sources


def _create_table(store: Store) -> None:
    with store.transaction():
        execute = store.connection.execute
        execute("CREATE TEMP TABLE sources AS SELECT * FROM captures WHERE 0")
        execute("CREATE UNIQUE INDEX temp.sources_place ON sources (file, offset)")
        execute("CREATE INDEX temp.sources_article_id ON sources (article_id, fetched_at)")
        execute("CREATE INDEX temp.sources_url ON sources (url, fetched_at)")
        execute("CREATE INDEX temp.sources_digest ON sources (digest)")


def _take_known(store: Store, folder: Path) -> dict[Path, int]:
    """Take the captures that the database knows; gives up to which byte it knows each file."""
    with store.transaction():
        store.connection.execute(f"INSERT INTO {TABLE} SELECT * FROM captures")  # noqa: S608
    rows = store.rows("SELECT file, max(offset + length) AS end FROM captures GROUP BY file")
    return {folder / row["file"]: row["end"] for row in rows}


def _put_into_captures(store: Store, *, anew: bool) -> None:
    columns = ", ".join(CAPTURE_COLUMNS)
    with store.transaction():
        if anew:
            store.connection.execute("DELETE FROM captures WHERE substr(file, 1, 1) != '/'")
        store.connection.execute(
            f"INSERT INTO captures ({columns}) SELECT {columns} FROM {TABLE}"  # noqa: S608
            " WHERE true"  # else ON would belong to FROM
            " ON CONFLICT (file, offset) DO NOTHING"
        )


def _index(
    sources: Sources,
    path: Path,
    begin: int,
    *,
    everything: bool,
    progress: Callable[[int], None],
) -> None:
    """Add a file's captures of articles to the sources, with ``everything`` all of the site's."""
    folder = sources.folder
    name = str(path.relative_to(folder) if folder and path.is_relative_to(folder) else path)
    known = _Known(sources.store)
    left: Counter[str] = Counter()
    damage: Counter[str] = Counter()
    try:
        with sources.store.transaction():
            for number, record in enumerate(scan(path, begin, _is_of_site)):
                if number % _EVERY == 0:
                    progress(record.offset)
                if isinstance(record, Skipped):
                    damage[record.reason] += 1
                    continue
                if isinstance(record, Unwanted):
                    left["of another site"] += 1
                    continue
                reason = _why_not(record)
                if reason:
                    left[reason] += 1
                if not reason or everything:
                    known.add(record)
                    capture = row_of(record, name)
                    if record.revisit and (digest := find_original(record, known)):
                        # Ours, as others use other digests, or none.
                        capture = replace(capture, digest=digest)
                    sources.store.captures.add(capture, TABLE)
    except CaptureError as error:
        sources.unread.append(str(error))
    except OSError as error:
        sources.unread.append(f"{path} cannot be read: {error.strerror}")
    else:
        sources.left.update(left)
        lines = (f"{path}: {reason} ({n})" for reason, n in sorted(damage.items()))
        sources.damaged.extend(lines)


class _Known:
    """The digests of what revisits may refer to: by record in one file, by the rest in all."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ids: dict[str, str] = {}

    def add(self, record: CapturedResponse) -> None:
        if not record.revisit:
            self._ids[record.record_id] = record.digest

    def with_id(self, record_id: str) -> str | None:
        return self._ids.get(record_id)

    def captured_at(self, url: str, date: datetime) -> str | None:
        rows = self._store.rows(
            f"SELECT digest FROM {TABLE} WHERE url = ? AND fetched_at = ? AND NOT revisit",  # noqa: S608
            [url, iso(date)],
        )
        return rows[0]["digest"] if rows else None

    def with_payload(self, digest: str) -> str | None:
        return digest  # as it stands in the record


def _is_of_site(url: str) -> bool:
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
