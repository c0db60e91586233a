"""Captures to read again, in archives of our own or of others: found, and indexed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.captures.archives import files_of
from crawler.captures.extract import SUFFIX, Extract
from crawler.captures.scanning import Scanned, Task, read_archive, stamp_of
from crawler.captures.warc import WARC_SUFFIXES
from crawler.database.captures import CAPTURE_COLUMNS
from crawler.database.sources import Source
from crawler.dates import iso, now
from crawler.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from crawler.captures.engine import Engine
    from crawler.captures.scanning import Row
    from crawler.database.captures import Capture
    from crawler.database.store import Store

TABLE = "temp.gathered"  # like ``captures``


@dataclass(frozen=True, slots=True)
class Sources:
    """The captures that :func:`gather` found, in a table of this connection, and what it left out.

    The table keeps a large archive out of memory, and goes with the connection.
    """

    store: Store
    folder: Path | None  # CAPTURES
    others: Mapping[Path, Path]  # files of the folder that were left to the database that has them
    now: str  # ISO 8601 with +07:00
    left: Counter[str] = field(default_factory=Counter)  # records, by why
    damaged: list[str] = field(default_factory=list)  # files with such records, and why
    unread: list[str] = field(default_factory=list)  # files that cannot be read, and why
    known: list[str] = field(default_factory=list)  # that were read before
    read: list[str] = field(default_factory=list)

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
    names: Sequence[str],
    engine: Engine,
    *,
    extracts: Path | None,
    others: Mapping[Path, Path],
    reindex: bool,
    again: bool,
    dry_run: bool,
    progress: Callable[[int, int], None],
) -> Sources:
    """Find the captures of archives, or without any those of CAPTURES; once for a connection.

    What lies in CAPTURES and the database does not know is indexed, with ``reindex`` all of it. An
    archive that was read before is not read again, unless ``again``; its articles are found where
    they were not stored. ``extracts``: the folder in which what is taken of an archive is kept;
    None: it stays where it is. All but a dry run puts what it finds into ``captures`` too, file by
    file. ``progress`` is told how many archives are read, and of how many. ``others``: files of
    CAPTURES that are another database's; they are left to it.
    """
    _create_table(store)
    sources = Sources(store, folder, others, iso(now()))
    plan = _Plan(sources, extracts, again=again or reindex)
    tasks = list(plan.named(names) if names else plan.own(reindex=reindex))
    tasks = [task._replace(remote=engine.is_remote) for task in tasks]
    for done, scanned in enumerate(engine.map(read_archive, tasks), 1):
        if scanned.data:  # on the disk before the database names it
            with Extract(scanned.task.extract, scanned.task.file) as extract:
                extract.write(scanned.data)
        with store.transaction():
            _add(sources, scanned, keep=not dry_run and not reindex, known=not dry_run)
        progress(done, len(tasks))
    if reindex and not dry_run:
        _put_into_captures(store)
    return sources


class _Plan:
    """What there is to read of what is named, or of CAPTURES."""

    def __init__(self, sources: Sources, extracts: Path | None, *, again: bool) -> None:
        self._sources = sources
        self._extracts = extracts
        self._known = {} if again else sources.store.sources.all()
        self._owners = {one.file: one.name for one in sources.store.sources.all().values()}

    def named(self, names: Sequence[str]) -> Iterator[Task]:
        """A task for each archive that is new; of the others what is not stored is taken."""
        for name in names:
            known = self._known.get(name)
            if known and known.is_of(*_stamp(name)):
                self._sources.known.append(name)
                if not known.stored_at:
                    _take(self._sources.store, known.file or name)
                    self._sources.read.append(name)
            elif own := self._own(name):
                yield Task(name, own)
            elif self._extracts:
                yield Task(name, self._extract(name), extract=str(self._extracts))
            else:
                yield Task(name, name)

    def own(self, *, reindex: bool) -> Iterator[Task]:
        """A task for each file of CAPTURES that is new to the database, from where it is."""
        folder, store = self._sources.folder, self._sources.store
        ends = {} if reindex else _take_all(store)
        for path in files_of(folder) if folder else []:
            if path in self._sources.others or not path.exists():
                continue  # what is missing is said of each of its captures
            name = str(path.relative_to(folder)) if folder else ""
            size, stamp = _stamp(str(path))
            begin = ends.get(name, 0)
            known = self._known.get(name)
            # No file that was named once: what follows its last article is of no concern.
            if not (begin and begin >= size) and not (known and known.is_of(size, stamp)):
                yield Task(str(path), name, begin, everything=True)

    def _own(self, name: str) -> str | None:
        """How the rows name a file of CAPTURES; None for any other one."""
        folder = self._sources.folder
        inside = folder and Path(name).is_relative_to(folder)
        return str(Path(name).relative_to(folder)) if folder and inside else None

    def _extract(self, name: str) -> str:
        """The file in which what is taken of an archive is kept, of another name for each."""
        base = Path(urlsplit(name).path).name
        stem = base.removesuffix(next((one for one in WARC_SUFFIXES if base.endswith(one)), ""))
        file = f"{stem}{SUFFIX}"
        if self._owners.setdefault(file, name) != name:
            file = f"{stem}-{sha256(name.encode()).hexdigest()[:8]}{SUFFIX}"
        # Elsewhere than in CAPTURES is where a dry run keeps it for a while.
        is_kept = self._extracts == self._sources.folder
        return file if is_kept else str((self._extracts or Path()) / file)


def _stamp(name: str) -> tuple[int, str]:
    try:
        return stamp_of(name)
    except (OSError, CaptureError):  # told by who reads it
        return 0, ""


def _create_table(store: Store) -> None:
    with store.transaction():
        execute = store.connection.execute
        execute("CREATE TEMP TABLE gathered AS SELECT * FROM captures WHERE 0")
        execute("CREATE UNIQUE INDEX temp.gathered_place ON gathered (file, offset)")
        execute("CREATE INDEX temp.gathered_article_id ON gathered (article_id, fetched_at)")
        execute("CREATE INDEX temp.gathered_url ON gathered (url, fetched_at)")
        execute("CREATE INDEX temp.gathered_digest ON gathered (digest)")


def _take(store: Store, file: str) -> None:
    """Take the captures of a file that the database knows."""
    with store.transaction():
        sql = f"INSERT OR IGNORE INTO {TABLE} SELECT * FROM captures WHERE file = ?"  # noqa: S608
        store.connection.execute(sql, [file])


def _take_all(store: Store) -> dict[str, int]:
    """Take the captures that the database knows; gives up to which byte it knows each file."""
    with store.transaction():
        store.connection.execute(f"INSERT INTO {TABLE} SELECT * FROM captures")  # noqa: S608
    rows = store.rows("SELECT file, max(offset + length) AS end FROM captures GROUP BY file")
    return {row["file"]: row["end"] for row in rows}


def _put_into_captures(store: Store) -> None:
    """Have ``captures`` hold what was found, in place of what it held of the folder."""
    columns = ", ".join(CAPTURE_COLUMNS)
    with store.transaction():
        store.connection.execute("DELETE FROM captures WHERE substr(file, 1, 1) != '/'")
        store.connection.execute(
            f"INSERT INTO captures ({columns}) SELECT {columns} FROM {TABLE}"  # noqa: S608
            " WHERE true"  # else ON would belong to FROM
            " ON CONFLICT (file, offset) DO NOTHING"
        )


def _add(sources: Sources, scanned: Scanned, *, keep: bool, known: bool) -> None:
    """Add what an archive holds; with ``keep`` to ``captures`` too, with ``known`` to ``sources``.

    To be used inside a transaction.
    """
    task, store = scanned.task, sources.store
    if scanned.unread:
        sources.unread.append(scanned.unread)
        return
    if keep and task.extract:  # another reading of it has written it anew
        store.connection.execute("DELETE FROM captures WHERE file = ?", [task.file])
    for row in scanned.rows:
        capture = _resolved(store, row)
        store.captures.add(capture, TABLE)
        if keep:
            store.captures.add(capture)
    sources.left.update(scanned.left)
    sources.damaged.extend(
        f"{task.name}: {reason} ({number})" for reason, number in sorted(scanned.damage.items())
    )
    name = task.name if task.extract else task.file
    sources.read.append(name)
    if known:
        store.sources.put(
            Source(
                name=name,
                size=scanned.size,
                stamp=scanned.stamp,
                records=scanned.records,
                kept=len(scanned.rows),
                damaged=scanned.damage.total(),
                file=task.file if task.extract and scanned.rows else None,
                read_at=sources.now,
            )
        )


def _resolved(store: Store, row: Row) -> Capture:
    """The row of a revisit with the digest of what it refers to, where that is in another file."""
    capture, refers_to = row
    if refers_to:
        url, date = refers_to
        rows = store.rows(
            f"SELECT digest FROM {TABLE} WHERE url = ? AND fetched_at = ? AND NOT revisit",  # noqa: S608
            [url, iso(date)],
        )
        if rows:
            return replace(capture, digest=rows[0]["digest"])
    return capture
