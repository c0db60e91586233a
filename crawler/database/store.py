"""The database: articles, what the crawl knows of every page, and where the captures lie."""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

from sqlite_utils import Database

from crawler.article import Article, Image, Related
from crawler.database.changes import changes
from crawler.database.schedule import next_recheck, next_try
from crawler.database.schema import MIGRATIONS
from crawler.dates import iso
from crawler.urls import id_time

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

logger = logging.getLogger(__name__)

Outcome = Literal["new", "updated", "unchanged"]
Refusal = Literal["rejected", "gone", "failed"]
PageState = Literal["pending", "stored", "rejected", "gone", "failed"]

# Seconds to wait for another process's lock. Our own transactions last milliseconds; what takes
# long is a user's VACUUM or backup, and of a file of some GB they are done by then.
BUSY_TIMEOUT = 30

OUTCOMES = ("new", "updated", "unchanged", "rejected", "gone", "failed")
COUNTS = ("found", *OUTCOMES, "pending")  # columns of ``runs``; the first is the sum of the others

_TWIN_DAYS = 2  # that may lie between an article and its double under a new id

PARTIAL = "partial: the page gives only part of the article"

_MEANING = {
    sqlite3.SQLITE_BUSY: f"has been locked by another process for {BUSY_TIMEOUT} seconds",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: is its folder there, and yours to write in?",
    sqlite3.SQLITE_CORRUPT: "is damaged: restore a copy, or save what is left by"
    " sqlite3's .recover",
    sqlite3.SQLITE_FULL: "cannot be written: the disk is full",
    sqlite3.SQLITE_NOTADB: "is not a SQLite database",
    sqlite3.SQLITE_READONLY: "cannot be written: the file or its folder is read-only",
}

_LISTS = ("tags", "images", "related")  # fields of an article with tables of their own
_COLUMNS = tuple(field.name for field in fields(Article) if field.name not in _LISTS)
_IMAGE = tuple(field.name for field in fields(Image))
_RELATED = tuple(field.name for field in fields(Related))
_REVISED = tuple(name for name in _COLUMNS if name not in {"id", "first_seen_at", "updated_at"})
_COMPARED = tuple(name for name in _REVISED if name not in {"fetched_at", "parser_version"})

# What is formatted into SQL here are the names of our own columns, never a value.
_READ_ARTICLE = f"SELECT {', '.join(_COLUMNS)} FROM articles WHERE id = ?"  # noqa: S608
_WRITE_ARTICLE = f"""
    INSERT INTO articles ({", ".join(_COLUMNS)})
    VALUES ({", ".join(f":{name}" for name in _COLUMNS)})
    ON CONFLICT (id) DO UPDATE SET
        {", ".join(f"{name} = excluded.{name}" for name in (*_REVISED, "updated_at"))}
"""  # noqa: S608
_REVISION = ("seen_at", "run_id", "changes", *_REVISED, *_LISTS)
_WRITE_REVISION = f"""
    INSERT INTO revisions (article_id, {", ".join(_REVISION)})
    VALUES (:id, {", ".join(f":{name}" for name in _REVISION)})
"""  # noqa: S608
_WRITE_COUNTS = f"""
    UPDATE runs SET {", ".join(f"{name} = :{name}" for name in COUNTS)} WHERE id = :run_id
"""  # noqa: S608


class StoreError(Exception):
    """The database cannot be used; the message is one line for the user."""


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Say what SQLite refuses within as a :class:`StoreError`."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the kind, without its variety
        meaning = _MEANING.get(code, f"cannot be used: {error}")
        raise StoreError(f"{path} {meaning}") from error


def refuse_newer(db: Database, path: Path) -> None:
    """Raise :class:`StoreError` for a file with migrations that this version does not know."""
    with Database(memory=True) as empty:
        known = {migration.name for migration in MIGRATIONS.pending(empty)}
    unknown = {migration.name for migration in MIGRATIONS.applied(db)} - known
    if unknown:
        raise StoreError(
            f"{path} was written by a newer version of this crawler"
            f" (it has {', '.join(sorted(unknown))}): update the crawler"
        )


def is_renumbered(connection: sqlite3.Connection) -> bool:
    """Whether the full-text index names other rows than those of ``articles``."""
    rows, indexed = connection.execute(
        "SELECT (SELECT max(rowid) FROM articles), (SELECT max(id) FROM articles_fts_docsize)"
    ).fetchone()
    return bool(rows != indexed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article that a listing shows, or a user asks for."""

    id: str
    url: str
    found_in: str | None = None  # address of the listing
    listed_at: str | None = None  # the moment it prints, ISO 8601 with +07:00


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Where one raw page lies; the fields are the columns of ``captures``."""

    article_id: str | None
    url: str
    fetched_at: str  # ISO 8601 with +07:00
    status: int  # of the HTTP answer; 304: a revisit record
    payload_type: str | None  # "text/html"
    digest: str  # of the payload, "sha1:BASE32"
    file: str  # inside the captures folder, or absolute
    offset: int  # bytes
    length: int  # bytes
    revisit: bool = False  # it has no payload of its own, but that of another with its digest


CAPTURE_COLUMNS = tuple(field.name for field in fields(Capture))
# As dataclasses.astuple, which is ten times as slow, since it copies every value.
_capture_row = attrgetter(*CAPTURE_COLUMNS)
_WRITE_CAPTURE = f"""
    INSERT INTO {{table}} ({", ".join(CAPTURE_COLUMNS)})
    VALUES ({", ".join("?" for _ in CAPTURE_COLUMNS)})
    ON CONFLICT (file, offset) DO NOTHING
"""  # noqa: S608
_found_row = attrgetter(*(field.name for field in fields(Found)))
_image_row = attrgetter(*_IMAGE)
_related_row = attrgetter(*_RELATED)


class PendingPage(NamedTuple):
    """A page to be fetched; with the validators of what is stored of it, if it is."""

    id: str
    url: str
    etag: str | None = None
    last_modified: str | None = None


class Reread(NamedTuple):
    """What came of a capture that was read again."""

    outcome: Literal["new", "updated", "unchanged", "older"]
    changed: dict[str, tuple[Any, Any]]  # fields, as they were and as they are


class Visit(NamedTuple):
    """What there is to say of a fetch beside what it gave."""

    http_status: int | None = None
    etag: str | None = None  # the validators, for the next time
    last_modified: str | None = None
    lacking: str | None = None  # why the article is not whole, where another try may help


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a page is asked again."""

    ages: tuple[timedelta, ...] = ()  # at which an article is looked at for a change
    waits: tuple[timedelta, ...] = ()  # after each failure in a row; then it is given up


_IS_STORED = "state = 'stored' AND EXISTS (SELECT 1 FROM articles WHERE articles.id = pages.id)"
_DUE = f"""
    SELECT id, url, iif({_IS_STORED}, etag, NULL), iif({_IS_STORED}, last_modified, NULL) FROM pages
"""  # noqa: S608
_WANT = f"""
    INSERT INTO pages (id, url, found_in, listed_at, found_at, found_run, state)
    VALUES (?, ?, ?, ?, ?, ?, 'pending')
    ON CONFLICT (id) DO UPDATE SET url = excluded.url, failures = 0,
        next_check_at = excluded.found_at,
        state = iif({_IS_STORED}, 'stored', 'pending'),
        reason = iif({_IS_STORED}, pages.reason, NULL),
        listed_at = coalesce(pages.listed_at, excluded.listed_at)
"""  # noqa: S608


class Store:
    """One connection to the database, which opening creates or brings up to date.

    Every method that writes is one transaction, or part of the :meth:`transaction` around it.
    Every method raises :class:`StoreError` where SQLite refuses, with its transaction rolled back.
    ``now`` is always ISO 8601 with +07:00.
    """

    db: Database

    def __init__(self, path: str | Path, schedule: Schedule = Schedule()) -> None:
        self.path = Path(path)
        self.schedule = schedule
        self.run_id: int | None = None  # the run that writes
        self._within = False  # a transaction
        self._captures: list[Capture] = []
        self._counts: Mapping[str, int] | None = None
        with self._plain_errors():
            connection = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT)
            try:
                self.db = Database(connection)
                self._prepare()
            except BaseException:
                connection.close()
                raise

    def _prepare(self) -> None:
        refuse_newer(self.db, self.path)
        if self.db.journal_mode != "wal":  # set once, as setting it needs the file to itself
            self.db.enable_wal()
        # An article that is lost to a power failure is fetched again, since its page is still
        # pending; a process that is killed loses nothing.
        self.db.execute("PRAGMA synchronous = NORMAL")
        self.db.execute("PRAGMA foreign_keys = ON")
        if MIGRATIONS.pending(self.db):
            with self.transaction():  # another process may be at it too: apply asks again
                MIGRATIONS.apply(self.db)
        self._mend_search()

    def _mend_search(self) -> None:
        """Build the full-text index anew if it names the wrong rows.

        It names them by the rowid of ``articles``, which a dump and reload numbers from 1
        without gaps, as VACUUM may. That moves a row only where there was a gap, and then the
        highest number falls below the one in the index.
        """
        if is_renumbered(self.db.conn):
            logger.warning("Rebuilding the full-text index of %s: its rows were renumbered", self)
            with self.transaction():
                self.db.table("articles").rebuild_fts()

    def __str__(self) -> str:
        return str(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Commit what is still remembered, and close the connection."""
        try:
            if self._captures or self._counts:
                with self.transaction():
                    pass  # which writes them
        finally:
            self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction over what is done inside, remembered captures and counts included.

        Inside another one it is part of that. After an error nothing of it is stored, and what
        was remembered stays so for the next one.
        """
        if self._within:
            yield
            return
        with self._plain_errors():
            # IMMEDIATE: one that reads first and then writes would fail, without waiting, where
            # another process wrote in between.
            self.db.execute("BEGIN IMMEDIATE")
            self._within = True
            try:
                yield
                # A replay meets again what is known.
                self.db.conn.executemany(
                    _WRITE_CAPTURE.format(table="captures"), map(_capture_row, self._captures)
                )
                if self._counts:
                    self.db.execute(_WRITE_COUNTS, {**self._counts, "run_id": self.run_id})
                self.db.commit()
            except BaseException:
                self.db.rollback()
                raise
            finally:
                self._within = False
        self._captures.clear()
        self._counts = None

    def rows(
        self, sql: str, values: Sequence[object] | Mapping[str, object] = ()
    ) -> list[dict[str, Any]]:
        """What a SELECT gives, each row by column."""
        with self._plain_errors():
            # Not by sqlite-utils, whose savepoint stays open where the file is damaged.
            cursor = self.db.conn.execute(sql, values)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def _plain_errors(self) -> AbstractContextManager[None]:
        return plain_errors(self.path)

    def remember_capture(self, capture: Capture) -> None:
        """Keep a captures row in memory until the next transaction writes it.

        So it is committed together with the article and the page's state.
        """
        self._captures.append(capture)

    def remember_counts(self, counts: Mapping[str, int]) -> None:
        """Keep the run's counts in memory until the next transaction writes them."""
        self._counts = counts

    def add_capture(self, capture: Capture, table: str = "captures") -> None:
        """Write a captures row, or one of a table like it."""
        with self.transaction():
            self.db.execute(_WRITE_CAPTURE.format(table=table), _capture_row(capture))

    def is_stored(self, page_id: str) -> bool:
        """Whether the page's state is ``stored``, and its record there."""
        return bool(self.rows(f"SELECT 1 FROM pages WHERE id = ? AND {_IS_STORED}", [page_id]))  # noqa: S608

    def where(self, article_id: str) -> tuple[str, str | None] | None:
        """The address and the section of a stored article."""
        rows = self.rows("SELECT url, section FROM articles WHERE id = ?", [article_id])
        return (rows[0]["url"], rows[0]["section"]) if rows else None

    def moments(self, article_id: str) -> tuple[str, str, str]:
        """``fetched_at``, ``first_seen_at`` and ``updated_at`` of a stored article."""
        moments = "SELECT fetched_at, first_seen_at, updated_at FROM articles WHERE id = ?"
        (row,) = self.rows(moments, [article_id])
        return row["fetched_at"], row["first_seen_at"], row["updated_at"]

    def last_capture(self, url: str) -> Capture | None:
        """The newest committed capture of exactly this address with status 200."""
        return self._capture("url = ? AND status = 200", url)

    def payload_of(self, digest: str) -> Capture | None:
        """The newest committed capture that holds a payload of this digest."""
        return self._capture("digest = ? AND NOT revisit", digest)

    def _capture(self, condition: str, value: str) -> Capture | None:
        rows = self.rows(
            f"SELECT {', '.join(CAPTURE_COLUMNS)} FROM captures WHERE {condition}"  # noqa: S608
            " ORDER BY fetched_at DESC, id DESC LIMIT 1",
            [value],
        )
        return Capture(**rows[0]) if rows else None

    def found(self, pages: Iterable[Found], now: str) -> list[str]:
        """Record what a listing shows, before any of it is fetched.

        An unknown page becomes pending. A known one stays as it is, but for the moment of its
        listing where that was missing. Returns the ids that were unknown, in the order given.
        """
        unique = _unique(pages)
        with self.transaction():
            known = self._states(unique)
            self.db.conn.executemany(
                "INSERT INTO pages (id, url, found_in, listed_at, found_at, found_run, state)"
                " VALUES (?, ?, ?, ?, ?, ?, 'pending')"
                " ON CONFLICT (id) DO UPDATE SET listed_at = excluded.listed_at"
                " WHERE pages.listed_at IS NULL AND excluded.listed_at IS NOT NULL",
                [(*_found_row(page), now, self.run_id) for page in unique.values()],
            )
        return [page_id for page_id in unique if page_id not in known]

    def want(self, pages: Iterable[Found], now: str) -> list[PendingPage]:
        """Make these pages due whatever their state, at the addresses given.

        Returns them, each once, in the order given.
        """
        unique = _unique(pages)
        with self.transaction():
            self.db.conn.executemany(
                _WANT,
                [(*_found_row(page), now, self.run_id) for page in unique.values()],
            )
            rows = self.db.execute(
                f"{_DUE} WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608
                [_json(list(unique))],
            ).fetchall()
        wanted = {row[0]: PendingPage(*row) for row in rows}
        return [wanted[page_id] for page_id in unique]

    def states(self, ids: Iterable[str]) -> dict[str, PageState]:
        """The state of each of these pages that is known."""
        with self._plain_errors():
            return self._states(ids)

    def _states(self, ids: Iterable[str]) -> dict[str, PageState]:
        rows = self.db.execute(
            "SELECT id, state FROM pages WHERE id IN (SELECT value FROM json_each(?))",
            [_json(list(ids))],
        )
        return dict(rows.fetchall())

    def due(
        self, limit: int, *, now: str, exclude: Collection[str] = (), rechecks: bool = True
    ) -> list[PendingPage]:
        """The next pages to fetch, at most ``limit``.

        First what was found and never fetched, in the order in which it was found; then what
        failed and has waited; then, with ``rechecks``, what may have changed. ``exclude``: ids
        that are being dealt with.
        """
        kinds = [
            ("state = 'pending'", "found_at, rowid"),
            ("state = 'failed' AND next_check_at <= :now", "next_check_at"),
        ]
        if rechecks:
            changing = "state IN ('stored', 'rejected', 'gone') AND next_check_at <= :now"
            kinds.append((changing, "next_check_at"))
        pages: list[PendingPage] = []
        excluded = _json(list(exclude))
        with self._plain_errors():
            for condition, order in kinds:
                query = (
                    f"{_DUE} WHERE {condition} AND id NOT IN"  # noqa: S608
                    f" (SELECT value FROM json_each(:exclude)) ORDER BY {order} LIMIT :limit"
                )
                values = {"now": now, "exclude": excluded, "limit": limit - len(pages)}
                rows = self.db.execute(query, values)
                pages += (PendingPage(*row) for row in rows)
        return pages

    def standing(self, ids: Iterable[str]) -> dict[str, tuple[str, str | None]]:
        """For each of these pages that is known: its state, and the reason of it.

        ``lost`` is the state of one that was stored and whose record is not there any more.
        """
        rows = self.rows(
            "SELECT id, reason, iif(state = 'stored' AND NOT EXISTS"
            " (SELECT 1 FROM articles WHERE articles.id = pages.id), 'lost', state) AS state"
            " FROM pages WHERE id IN (SELECT value FROM json_each(?))",
            [_json(list(ids))],
        )
        return {row["id"]: (row["state"], row["reason"]) for row in rows}

    def newest(self, now: str) -> datetime | None:
        """When the newest article was published that is not dated into the future."""
        with self._plain_errors():
            (moment,) = self.db.execute(
                "SELECT max(published_at) FROM articles WHERE published_at <= ?", [now]
            ).fetchone()
        return datetime.fromisoformat(moment) if moment else None

    def waiting(self, now: str) -> int:
        """How many pages are due."""
        with self._plain_errors():
            (count,) = self.db.execute(
                "SELECT (SELECT count(*) FROM pages WHERE state = 'pending')"
                " + (SELECT count(*) FROM pages WHERE next_check_at <= ?"
                " AND state IN ('failed', 'stored', 'rejected', 'gone'))",
                [now],
            ).fetchone()
        return int(count)

    def save(self, article: Article, *, now: str, visit: Visit = Visit()) -> Outcome:  # noqa: B008
        """Store an article and its page's state in one transaction.

        ``updated``: anything of the record changed but ``fetched_at`` and ``parser_version``; the
        former record becomes a revision. ``unchanged``: the stored record is not touched.
        """
        record = _record(article, now)
        with self.transaction():
            former = self._read(article.id)
            if former is None:
                outcome: Outcome = "new"
            elif visit.lacking and not former["partial"]:
                outcome = "unchanged"  # what is stored says more
            elif all(former[name] == record[name] for name in (*_COMPARED, *_LISTS)):
                outcome = "unchanged"
            else:
                outcome = "updated"
                self._write_revision(former, record, now)
            if outcome != "unchanged":
                self._write(record)
            if visit.lacking:
                self._incomplete(article, visit, now)
            else:
                reason = PARTIAL if article.partial else None
                self._visited(article.id, article.url, "stored", reason, now, visit)
        return outcome

    def reread(self, article: Article, *, now: str) -> Reread:
        """Store what a capture says, of the moment ``article.fetched_at``, but not of its page.

        The latest capture of an article is its record, whatever order they are read in; what an
        earlier one says otherwise is a revision (``older``).
        """
        record = _record(article, now)
        with self.transaction():
            former = self._read(article.id)
            if former is None:
                self._write(record)
                return Reread("new", {})
            if article.layout == "amp" and former["layout"] != "amp":
                return Reread("unchanged", {})  # AMP has neither date nor lead
            before, after = _readable(former), _readable(record)
            changed = {
                name: (before[name], after[name])
                for name in (*_COMPARED, *_LISTS)
                if former[name] != record[name]
            }
            if not changed:
                return Reread("unchanged", {})
            if record["fetched_at"] >= former["fetched_at"]:
                self._write_revision(former, record, now)
                self._write(record)
                return Reread("updated", changed)
            if self._is_revision(record):
                return Reread("unchanged", {})
            self._write_revision(record, former, now)
            return Reread("older", {})

    def _write_revision(self, before: dict[str, Any], after: dict[str, Any], now: str) -> None:
        revision = {
            **_revision(before),
            "seen_at": now,
            "run_id": self.run_id,
            "changes": changes(_readable(before), _readable(after)),
        }
        self.db.execute(_WRITE_REVISION, revision)

    def _is_revision(self, record: dict[str, Any]) -> bool:
        """Whether the capture, or another that says the same, is among the revisions."""
        same = _revision(record)
        names = (*_COMPARED, *_LISTS)
        says = " AND ".join(f"{name} IS :{name}" for name in names)
        query = (
            "SELECT 1 FROM revisions WHERE article_id = :id"  # noqa: S608
            f" AND (fetched_at = :fetched_at OR ({says})) LIMIT 1"
        )
        return self.db.execute(query, same).fetchone() is not None

    def reread_page(
        self,
        page_id: str,
        url: str,
        state: Literal["stored", "rejected", "gone"],
        reason: str | None,
        captured_at: str,
        *,
        now: str,
        accept: bool = False,
    ) -> None:
        """Bring the page's state to what its latest capture says.

        What a fetch after it found stays, as does a stored page, unless ``accept``, and one that
        waits to be fetched, unless there is a record now.
        """
        with self.transaction():
            row = self.db.execute(
                "SELECT state, fetched_at FROM pages WHERE id = ?", [page_id]
            ).fetchone()
            if row is None:
                published = self._published(page_id) or id_time(page_id)
                moment = datetime.fromisoformat(now)
                due = next_recheck(published or moment, moment, self.schedule.ages)
                self.db.execute(
                    "INSERT INTO pages (id, url, state, reason, found_at, found_run, fetched_at,"
                    " attempts, next_check_at) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)",
                    [
                        page_id,
                        url,
                        state,
                        reason,
                        captured_at,
                        self.run_id,
                        captured_at,
                        iso(due) if due else None,
                    ],
                )
                return
            before, fetched_at = row
            if state == "stored":
                applies = before != "gone" or captured_at >= (fetched_at or "")
            else:
                let_go = accept and before == "stored" and captured_at >= self._captured(page_id)
                applies = before == "rejected" or let_go
            if applies and (before != "stored" or state != "stored"):
                self.db.execute(
                    "UPDATE pages SET state = ?, reason = ?, failures = 0 WHERE id = ?",
                    [state, reason, page_id],
                )

    def postpone(self, page_id: str, reason: str) -> None:
        """Say why a page was not asked for; it waits as before, for the next run."""
        with self.transaction():
            self.db.execute(
                "UPDATE pages SET reason = ? WHERE id = ? AND state = 'pending'", [reason, page_id]
            )

    def twin(self, article: Article) -> str | None:
        """The id under which the same text is stored already; None if it is not.

        The site makes an article anew under another id, where its editors do so within days.
        """
        rows = self.rows(
            "SELECT id FROM articles WHERE content_hash = :hash"
            " AND abs(julianday(published_at) - julianday(:published_at)) <= :days"
            " AND NOT EXISTS (SELECT 1 FROM articles WHERE id = :id)"
            " ORDER BY published_at LIMIT 1",
            {
                "hash": article.content_hash,
                "published_at": article.published_at,
                "days": _TWIN_DAYS,
                "id": article.id,
            },
        )
        return rows[0]["id"] if rows else None

    def stands(self, page_id: str, *, now: str, visit: Visit) -> None:
        """Record that the server answered that a stored article still stands (304)."""
        with self.transaction():
            url, partial, etag, last_modified = self.db.execute(
                "SELECT pages.url, partial, etag, last_modified FROM pages"
                " JOIN articles USING (id) WHERE id = ?",
                [page_id],
            ).fetchone()
            reason = PARTIAL if partial else None
            same = Visit(
                visit.http_status, visit.etag or etag, visit.last_modified or last_modified
            )
            self._visited(page_id, url, "stored", reason, now, same)

    def reject(
        self,
        page_id: str,
        url: str,
        state: Refusal,
        reason: str,
        *,
        now: str,
        visit: Visit = Visit(),  # noqa: B008
        wait: timedelta = timedelta(),
    ) -> None:
        """Record that a fetch of this page gave no article, and why.

        What an earlier fetch stored stays stored. One that ``failed`` is tried again by the
        schedule, not before ``wait`` is over; a stored page that failed stays ``stored``.
        """
        with self.transaction():
            if state == "failed":
                self._failed(page_id, url, reason, now, visit, wait)
            else:
                self._visited(page_id, url, state, reason, now, visit)

    def _visited(
        self,
        page_id: str,
        url: str,
        state: Literal["stored", "rejected", "gone"],
        reason: str | None,
        now: str,
        visit: Visit,
    ) -> None:
        moment = datetime.fromisoformat(now)
        published = self._published(page_id) or id_time(page_id) or moment
        due = next_recheck(published, moment, self.schedule.ages)
        self._put(page_id, url, state, reason, now, visit, failures=0, due=due)

    def _incomplete(self, article: Article, visit: Visit, now: str) -> None:
        """As a stored page, but that it is tried again like one that failed."""
        failures = self._failures(article.id) + 1
        moment = datetime.fromisoformat(now)
        reason = f"partial: {visit.lacking}"
        due = next_try(failures, moment, self.schedule.waits)
        if due is None:
            reason = f"given up after {failures} failures in a row: {reason}"
            published = datetime.fromisoformat(article.published_at)
            due = next_recheck(published, moment, self.schedule.ages)
        # Without validators: the first page may stand where another one lacks.
        self._put(
            article.id,
            article.url,
            "stored",
            reason,
            now,
            Visit(visit.http_status),
            failures=failures,
            due=due,
        )

    def _failures(self, page_id: str) -> int:
        row = self.db.execute("SELECT failures FROM pages WHERE id = ?", [page_id]).fetchone()
        return row[0] if row else 0

    def _failed(
        self, page_id: str, url: str, reason: str, now: str, visit: Visit, wait: timedelta
    ) -> None:
        row = self.db.execute(
            "SELECT state, failures, etag, last_modified FROM pages WHERE id = ?", [page_id]
        ).fetchone()
        state: PageState
        state, failures, etag, last_modified = row or ("pending", 0, None, None)
        failures += 1
        moment = datetime.fromisoformat(now)
        due = next_try(failures, moment, self.schedule.waits)
        if due is None:
            reason = f"given up after {failures} failures in a row: {reason}"
        else:
            due = max(due, moment + wait)
        if state == "stored":  # and with it the record
            reason = f"the last look at it failed: {reason}"
        else:
            state = "failed"
        kept = Visit(visit.http_status, etag, last_modified)
        self._put(page_id, url, state, reason, now, kept, failures=failures, due=due)

    def _captured(self, article_id: str) -> str:
        """When the page of the stored record was fetched; empty without a record."""
        row = self.db.execute(
            "SELECT fetched_at FROM articles WHERE id = ?", [article_id]
        ).fetchone()
        return row[0] if row else ""

    def _published(self, article_id: str) -> datetime | None:
        row = self.db.execute(
            "SELECT published_at FROM articles WHERE id = ?", [article_id]
        ).fetchone()
        return datetime.fromisoformat(row[0]) if row else None

    def _put(
        self,
        page_id: str,
        url: str,
        state: PageState,
        reason: str | None,
        now: str,
        visit: Visit,
        *,
        failures: int,
        due: datetime | None,
    ) -> None:
        self.db.execute(
            "INSERT INTO pages (id, url, state, reason, http_status, etag, last_modified,"
            " found_at, found_run, fetched_at, attempts, failures, next_check_at)"
            " VALUES (:id, :url, :state, :reason, :http_status, :etag, :last_modified,"
            " :now, :run_id, :now, 1, :failures, :due)"
            " ON CONFLICT (id) DO UPDATE SET state = excluded.state, reason = excluded.reason,"
            " http_status = excluded.http_status, etag = excluded.etag,"
            " last_modified = excluded.last_modified, fetched_at = excluded.fetched_at,"
            " attempts = pages.attempts + 1, failures = excluded.failures,"
            " next_check_at = excluded.next_check_at",
            {
                "id": page_id,
                "url": url,
                "state": state,
                "reason": reason,
                "http_status": visit.http_status,
                "etag": visit.etag,
                "last_modified": visit.last_modified,
                "now": now,
                "run_id": self.run_id,
                "failures": failures,
                "due": iso(due) if due else None,
            },
        )

    def _read(self, article_id: str) -> dict[str, Any] | None:
        """The stored record in the form of :func:`_record`."""
        row = self.db.execute(_READ_ARTICLE, [article_id]).fetchone()
        if row is None:
            return None
        record = dict(zip(_COLUMNS, row, strict=True))
        tags = self.db.execute(
            "SELECT name FROM article_tags JOIN tags ON tags.id = tag_id WHERE article_id = ?",
            [article_id],
        )
        record["tags"] = sorted(name for (name,) in tags)
        record["images"] = self.db.execute(
            "SELECT url, caption, credit FROM images WHERE article_id = ? ORDER BY position",
            [article_id],
        ).fetchall()
        record["related"] = self.db.execute(
            "SELECT related_id, url, title FROM related WHERE article_id = ? ORDER BY position",
            [article_id],
        ).fetchall()
        return record

    def _write(self, record: dict[str, Any]) -> None:
        article_id = record["id"]
        # A real upsert: INSERT OR REPLACE would give the article a new rowid, and delete what
        # hangs on the old one.
        self.db.execute(
            _WRITE_ARTICLE, {name: value for name, value in record.items() if name not in _LISTS}
        )
        for table in ("article_tags", "images", "related"):
            self.db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])  # noqa: S608
        write_all = self.db.conn.executemany
        write_all(
            "INSERT INTO tags (name) VALUES (?) ON CONFLICT (name) DO NOTHING",
            [(name,) for name in record["tags"]],
        )
        write_all(
            "INSERT INTO article_tags (article_id, tag_id) SELECT ?, id FROM tags WHERE name = ?",
            [(article_id, name) for name in record["tags"]],
        )
        write_all(
            "INSERT INTO images (article_id, position, url, caption, credit)"
            " VALUES (?, ?, ?, ?, ?)",
            [(article_id, position, *image) for position, image in enumerate(record["images"])],
        )
        write_all(
            "INSERT INTO related (article_id, position, related_id, url, title)"
            " VALUES (?, ?, ?, ?, ?)",
            [(article_id, position, *link) for position, link in enumerate(record["related"])],
        )


def _record(article: Article, now: str) -> dict[str, Any]:
    """The article as columns, and its lists as the rows of their tables."""
    record = {name: getattr(article, name) for name in _COLUMNS}
    for name in ("reporters", "editors", "sources"):
        record[name] = _json(record[name])
    record["fetched_at"] = article.fetched_at or now
    record["first_seen_at"] = record["updated_at"] = now
    record["tags"] = sorted(set(article.tags))
    record["images"] = [_image_row(image) for image in article.images]
    record["related"] = [_related_row(link) for link in article.related]
    return record


def _readable(record: dict[str, Any]) -> dict[str, Any]:
    """The record with its lists as Python lists."""
    return {
        **record,
        **{name: json.loads(record[name]) for name in ("reporters", "editors", "sources")},
        "images": [dict(zip(_IMAGE, row, strict=True)) for row in record["images"]],
        "related": [dict(zip(_RELATED, row, strict=True)) for row in record["related"]],
    }


def _revision(record: dict[str, Any]) -> dict[str, Any]:
    """The record with its lists as JSON, which a user can read without the other tables."""
    return {
        **record,
        "tags": _json(record["tags"]),
        "images": _json([dict(zip(_IMAGE, row, strict=True)) for row in record["images"]]),
        "related": _json([dict(zip(_RELATED, row, strict=True)) for row in record["related"]]),
    }


def _unique(pages: Iterable[Found]) -> dict[str, Found]:
    unique: dict[str, Found] = {}
    for page in pages:
        unique.setdefault(page.id, page)
    return unique


# One encoder for all: json.dumps makes one each time.
_json = json.JSONEncoder(ensure_ascii=False).encode
