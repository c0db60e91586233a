"""The captures of articles, in WARC files of our own or of anybody: found, and indexed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from glob import glob
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname

from crawler.captures.storage import payload_type
from crawler.captures.warc import WARC_SUFFIXES, CapturedResponse, CaptureError, Skipped, scan
from crawler.database.captures import CAPTURE_COLUMNS, Capture
from crawler.dates import iso
from crawler.urls import article_id, classify, id_time, is_republika_host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from crawler.database.store import Store

_BATCH = 200  # articles that are looked up at a time, and records between two looks at the bar
_SHOWS_ARTICLE = frozenset({"article", "amp", "share", "part"})
# Statuses that say something of the article; of a revisit it may be that of the answer.
_TELLING = frozenset({200, 304, 404, 410})
_TELLS = """
    (status IN (304, 404, 410) OR status = 200 AND coalesce(payload_type, 'html') LIKE '%html%')
"""


class ArchiveError(Exception):
    """What is named as a source is none; the message is one line for the user."""


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
            raise ArchiveError(f"{name} is no WARC file, and no folder with one")
        files.update(dict.fromkeys(found))
    return list(files)


def _files_of(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(
            file.resolve() for file in path.rglob("*") if file.name.endswith(WARC_SUFFIXES)
        )
    return [path.resolve()] if path.is_file() else []


class Gathered(NamedTuple):
    """What a look through WARC files left out."""

    left: Counter[str]  # records, by why
    damaged: list[str]  # files with records that cannot be read, and why
    unread: list[str]  # files that are none or cannot be read, and why


def gather(
    store: Store,
    folder: Path | None,
    files: Sequence[Path],
    *,
    reindex: bool,
    dry_run: bool,
    progress: Callable[[int, int], None],
) -> Gathered:
    """Put the captures of ``files``, or without any those of CAPTURES, into ``temp.sources``.

    That table is like ``captures``. What lies in CAPTURES and the database does not know is
    indexed, with ``reindex`` all of it. All but a dry run puts what it finds into ``captures`` too.
    ``progress`` is told how many bytes are read, and of how many.
    """
    db = store.db
    db.execute("CREATE TEMP TABLE sources AS SELECT * FROM captures WHERE 0")
    db.execute("CREATE UNIQUE INDEX temp.sources_place ON sources (file, offset)")
    db.execute("CREATE INDEX temp.sources_article_id ON sources (article_id, fetched_at)")
    db.execute("CREATE INDEX temp.sources_url ON sources (url, fetched_at)")
    db.execute("CREATE INDEX temp.sources_digest ON sources (digest)")
    begins: dict[Path, int] = dict.fromkeys(files, 0)  # bytes from where they are new
    if not files and folder:
        ends: dict[Path, int] = {}
        if not reindex:
            rows = store.rows(
                "SELECT file, max(offset + length) AS end FROM captures GROUP BY file"
            )
            ends = {folder / row["file"]: row["end"] for row in rows}
            with store.transaction():
                db.execute("INSERT INTO temp.sources SELECT * FROM captures")
        # No file that was named once: what follows its last article is of no concern.
        begins = {file: ends.get(file, 0) for file in _files_of(folder)}
    left: Counter[str] = Counter()
    damaged, unread = [], []
    # What is missing is said of each of its captures.
    sizes = {file: file.stat().st_size for file in begins if file.exists()}
    total = sum(max(0, size - begins[file]) for file, size in sizes.items())
    done = 0
    for file, size in sizes.items():
        begin = begins[file]
        if begin and begin >= size:
            continue
        try:
            with store.transaction():
                reasons, damage = _index(
                    store,
                    file,
                    folder,
                    begin,
                    everything=not files,
                    progress=lambda at: progress(done + at - begin, total),  # noqa: B023
                )
        except CaptureError as error:
            unread.append(str(error))
        except OSError as error:
            unread.append(f"{file} cannot be read: {error.strerror}")
        else:
            left += reasons
            damaged += [f"{file}: {reason} ({n})" for reason, n in sorted(damage.items())]
        done += size - begin
    if not dry_run:
        columns = ", ".join(CAPTURE_COLUMNS)
        with store.transaction():
            if reindex:
                db.execute("DELETE FROM captures WHERE substr(file, 1, 1) != '/'")
            db.execute(
                f"INSERT INTO captures ({columns}) SELECT {columns} FROM temp.sources"  # noqa: S608
                " WHERE true"  # else ON would belong to FROM
                " ON CONFLICT (file, offset) DO NOTHING"
            )
    return Gathered(left, damaged, unread)


def _index(
    store: Store,
    path: Path,
    folder: Path | None,
    begin: int,
    *,
    everything: bool,
    progress: Callable[[int], None],
) -> tuple[Counter[str], Counter[str]]:
    """Add a file's captures of articles to the sources, with ``everything`` all of the site's.

    Gives how many records were left out and how many are damaged, by why.
    """
    left: Counter[str] = Counter()
    damage: Counter[str] = Counter()
    name = str(path.relative_to(folder) if folder and path.is_relative_to(folder) else path)
    for number, record in enumerate(scan(path, begin)):
        if number % _BATCH == 0:
            progress(record.offset)
        if isinstance(record, Skipped):
            damage[record.reason] += 1
            continue
        reason = _why_not(record)
        if reason:
            left[reason] += 1
        if not reason or (everything and _host(record)):
            capture = _resolved(store, record, _capture(record, name))
            store.captures.add(capture, "temp.sources")
    return left, damage


def _resolved(store: Store, record: CapturedResponse, capture: Capture) -> Capture:
    """A revisit with our digest of what it refers to; others use other digests, or none."""
    if not record.refers_to:
        return capture
    url, date = record.refers_to
    rows = store.rows(
        "SELECT digest FROM temp.sources WHERE url = ? AND fetched_at = ? AND NOT revisit",
        [url, iso(date)],
    )
    return replace(capture, digest=rows[0]["digest"]) if rows else capture


def _host(record: CapturedResponse) -> bool:
    """Whether the record is of one of Republika's own hosts."""
    try:
        return is_republika_host(urlsplit(record.url).hostname)
    except ValueError:  # it is no address
        return False


def _why_not(record: CapturedResponse) -> str | None:
    """Why a record says nothing of an article; None if it does."""
    if not _host(record):
        return "of another site"
    if classify(record.url).kind not in _SHOWS_ARTICLE:
        return "no page of an article"
    kind = _payload_type(record)
    if record.status not in _TELLING:
        return f"HTTP {record.status}"
    if record.status == 200 and kind and "html" not in kind:
        return f"no HTML but {kind}"
    return None


def _payload_type(record: CapturedResponse) -> str | None:
    return record.identified_type or payload_type(record.headers)


def _capture(record: CapturedResponse, file: str) -> Capture:
    return Capture(
        article_id=article_id(record.url),
        url=record.url,
        fetched_at=iso(record.date),
        status=record.status,
        payload_type=_payload_type(record),
        digest=record.digest,
        file=file,
        offset=record.offset,
        length=record.length,
        revisit=record.revisit,
    )


class Source(NamedTuple):
    """A capture of an article's page, and where its payload lies."""

    url: str
    fetched_at: str  # ISO 8601 with +07:00
    status: int
    digest: str
    path: str  # empty: what it refers to is in none of the files
    offset: int
    length: int


class Captured(NamedTuple):
    """What there is of one article, each by date."""

    id: str
    pages: list[Source]
    parts: list[Source]  # of its further pages


class Selection(NamedTuple):
    """Which articles are asked for."""

    ids: frozenset[str] = frozenset()  # none: all
    since: date | None = None  # by the ids' clock, both days included
    until: date | None = None
    only_rejected: bool = False

    def takes(self, article_id: str) -> bool:
        """Whether it takes an article, but for ``only_rejected``."""
        if self.ids and article_id not in self.ids:
            return False
        if self.since is None and self.until is None:
            return True
        made = id_time(article_id)
        return made is not None and (
            (self.since or made.date()) <= made.date() <= (self.until or made.date())
        )


def select(store: Store, selection: Selection) -> int:
    """Put the ids of the captured articles that are selected into ``temp.selected``; says how many.

    They come in the order in which they were captured first, as a crawl stored them: of two
    articles with the same text it is the first that has the record.
    """
    rejected = "AND article_id IN (SELECT id FROM pages WHERE state = 'rejected')"
    with store.transaction():
        store.db.execute("CREATE TEMP TABLE selected (place INTEGER PRIMARY KEY, article_id)")
        rows = store.db.execute(
            f"SELECT article_id FROM temp.sources WHERE article_id IS NOT NULL AND {_TELLS}"  # noqa: S608
            f" {rejected if selection.only_rejected else ''} GROUP BY article_id"
            " ORDER BY min(fetched_at), min(rowid)"
        )
        store.db.conn.executemany(
            "INSERT INTO temp.selected (article_id) VALUES (?)",
            (row for row in rows if selection.takes(row[0])),
        )
    (number,) = store.rows("SELECT count(*) AS articles FROM temp.selected")
    return int(number["articles"])


def articles(store: Store, folder: Path | None) -> Iterator[Captured]:
    """The captures of the articles in ``temp.selected``, in its order.

    A page that says what the one before it said is left out, as is AMP where there is another.
    """
    for begin in count(0, _BATCH):
        rows = store.rows(
            "SELECT article_id, url, fetched_at, status, digest, revisit, file, offset, length"  # noqa: S608
            " FROM temp.selected CROSS JOIN temp.sources USING (article_id)"
            f" WHERE place > :begin AND place <= :begin + :batch AND {_TELLS}"
            " ORDER BY place, fetched_at, sources.rowid",
            {"begin": begin, "batch": _BATCH},
        )
        if not rows:
            return
        groups: dict[str, list[Source]] = {}
        for row in rows:
            groups.setdefault(row["article_id"], []).append(_source(store, folder, row))
        for one, sources in groups.items():
            yield _captured(one, sources)


def _source(store: Store, folder: Path | None, row: dict[str, Any]) -> Source:
    place = row
    if row["revisit"]:
        places = store.rows(
            "SELECT file, offset, length FROM temp.sources WHERE digest = :digest AND NOT revisit"
            " UNION ALL SELECT file, offset, length FROM captures"
            " WHERE digest = :digest AND NOT revisit LIMIT 1",
            {"digest": row["digest"]},
        )
        place = places[0] if places else {"file": "", "offset": 0, "length": 0}
    return Source(
        url=row["url"],
        fetched_at=row["fetched_at"],
        status=200 if row["status"] == 304 else row["status"],
        digest=row["digest"],
        path=str((folder or Path()) / place["file"]) if place["file"] else "",
        offset=place["offset"],
        length=place["length"],
    )


def _captured(article_id: str, sources: list[Source]) -> Captured:
    kinds = {source.url: classify(source.url).kind for source in sources}
    parts = [source for source in sources if kinds[source.url] == "part"]
    pages = [source for source in sources if kinds[source.url] in ("article", "share")]
    if not pages:
        pages = [source for source in sources if kinds[source.url] == "amp"]
    changed = [
        page
        for before, page in zip([None, *pages], pages, strict=False)
        if before is None or (page.status, page.digest) != (before.status, before.digest)
    ]
    return Captured(article_id, changed, parts)
