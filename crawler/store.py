"""The database: articles, what the crawl knows of every page, and where the captures lie."""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

from sqlite_utils import Database

from crawler.article import Article, Image, Related
from crawler.schema import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

logger = logging.getLogger(__name__)

Outcome = Literal["new", "updated", "unchanged"]
Refusal = Literal["rejected", "gone", "failed"]
PageState = Literal["pending", "stored", "rejected", "gone", "failed"]

# Seconds to wait for another process's lock. Our own transactions last milliseconds; what takes
# long is a user's VACUUM or backup, and of a file of some GB they are done by then.
BUSY_TIMEOUT = 30

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
_WRITE_REVISION = f"""
    INSERT INTO revisions (article_id, seen_at, {", ".join((*_REVISED, *_LISTS))})
    VALUES (:id, :seen_at, {", ".join(f":{name}" for name in (*_REVISED, *_LISTS))})
"""  # noqa: S608


class StoreError(Exception):
    """The database cannot be used; the message is one line for the user."""


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


_CAPTURE = tuple(field.name for field in fields(Capture))
# As dataclasses.astuple, which is ten times as slow, since it copies every value.
_capture_row = attrgetter(*_CAPTURE)
_found_row = attrgetter(*(field.name for field in fields(Found)))
_image_row = attrgetter(*_IMAGE)
_related_row = attrgetter(*_RELATED)


class PendingPage(NamedTuple):
    """A page that waits to be fetched."""

    id: str
    url: str


class Store:
    """One connection to the database, which opening creates or brings up to date.

    Every method that writes is one transaction, or part of the :meth:`transaction` around it.
    Every method raises :class:`StoreError` where SQLite refuses, with its transaction rolled back.
    ``now`` is always ISO 8601 with +07:00.
    """

    db: Database

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._captures: list[Capture] = []
        with self._plain_errors():
            connection = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT)
            try:
                self.db = Database(connection)
                self._prepare()
            except BaseException:
                connection.close()
                raise

    def _prepare(self) -> None:
        with Database(memory=True) as empty:
            known = {migration.name for migration in MIGRATIONS.pending(empty)}
        unknown = {migration.name for migration in MIGRATIONS.applied(self.db)} - known
        if unknown:
            raise StoreError(
                f"{self.path} was written by a newer version of this crawler"
                f" (it has {', '.join(sorted(unknown))}): update the crawler"
            )
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
        rows, indexed = self.db.execute(
            "SELECT (SELECT max(rowid) FROM articles), (SELECT max(id) FROM articles_fts_docsize)"
        ).fetchone()
        if rows != indexed:
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
        """Commit the captures that are still remembered, and close the connection."""
        try:
            if self._captures:
                with self.transaction():
                    pass  # which writes them
        finally:
            self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction over what is done inside, remembered captures included.

        Inside another one it is part of that. After an error nothing of it is stored, and the
        captures stay remembered for the next one.
        """
        if self.db.conn.in_transaction:
            yield
            return
        with self._plain_errors():
            # IMMEDIATE: one that reads first and then writes would fail, without waiting, where
            # another process wrote in between.
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.db.conn.executemany(
                    "INSERT INTO captures (article_id, url, fetched_at, status, payload_type,"
                    " digest, file, offset, length) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT (file, offset) DO NOTHING",  # a replay meets it again
                    map(_capture_row, self._captures),
                )
                self.db.commit()
            except BaseException:
                self.db.rollback()
                raise
        self._captures.clear()

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the kind, without its variety
            meaning = _MEANING.get(code, f"cannot be used: {error}")
            raise StoreError(f"{self.path} {meaning}") from error

    def remember_capture(self, capture: Capture) -> None:
        """Keep a captures row in memory until the next transaction writes it.

        So it is committed together with the article and the page's state.
        """
        self._captures.append(capture)

    def last_capture(self, url: str) -> Capture | None:
        """The newest committed capture of exactly this address with status 200."""
        with self._plain_errors():
            row = self.db.execute(
                "SELECT article_id, url, fetched_at, status, payload_type, digest, file, offset,"
                " length FROM captures WHERE url = ? AND status = 200"
                " ORDER BY fetched_at DESC, id DESC LIMIT 1",
                [url],
            ).fetchone()
        if row is None:
            return None
        return Capture(**dict(zip(_CAPTURE, row, strict=True)))

    def found(self, pages: Iterable[Found], now: str) -> list[str]:
        """Record what a listing shows, before any of it is fetched.

        An unknown page becomes pending. A known one stays as it is, but for the moment of its
        listing where that was missing. Returns the ids that were unknown, in the order given.
        """
        unique = _unique(pages)
        with self.transaction():
            rows = self.db.execute(
                "SELECT id FROM pages WHERE id IN (SELECT value FROM json_each(?))",
                [_json(list(unique))],
            )
            known = {row[0] for row in rows}
            self.db.conn.executemany(
                "INSERT INTO pages (id, url, found_in, listed_at, found_at, state)"
                " VALUES (?, ?, ?, ?, ?, 'pending')"
                " ON CONFLICT (id) DO UPDATE SET listed_at = excluded.listed_at"
                " WHERE pages.listed_at IS NULL AND excluded.listed_at IS NOT NULL",
                [(*_found_row(page), now) for page in unique.values()],
            )
        return [page_id for page_id in unique if page_id not in known]

    def states(self, ids: Collection[str]) -> dict[str, PageState]:
        """The state of each of these pages that is known."""
        with self._plain_errors():
            rows = self.db.execute(
                "SELECT id, state FROM pages WHERE id IN (SELECT value FROM json_each(?))",
                [_json(list(ids))],
            ).fetchall()
        return dict(rows)

    def want(self, pages: Iterable[Found], now: str) -> list[str]:
        """Make these pages pending whatever their state, at the addresses given.

        Returns their ids, each once, in the order given.
        """
        unique = _unique(pages)
        with self.transaction():
            self.db.conn.executemany(
                "INSERT INTO pages (id, url, found_in, listed_at, found_at, state)"
                " VALUES (?, ?, ?, ?, ?, 'pending')"
                " ON CONFLICT (id) DO UPDATE SET url = excluded.url, state = 'pending',"
                " reason = NULL, listed_at = coalesce(pages.listed_at, excluded.listed_at)",
                [(*_found_row(page), now) for page in unique.values()],
            )
        return list(unique)

    def pending(
        self,
        limit: int,
        *,
        exclude: Collection[str] = (),
        since: str | None = None,
        until: str | None = None,
        ids: Collection[str] | None = None,
    ) -> list[PendingPage]:
        """The next pages to fetch, at most ``limit``, in the order in which they were found.

        ``exclude``: ids that are being fetched. ``ids``: only these. ``since`` and ``until``:
        only what was listed then, both days included (``2022-08-31``), and what no listing
        dated: it may be of those days, and it wants to be fetched in any case.
        """
        wanted = "state = 'pending' AND id NOT IN (SELECT value FROM json_each(:exclude))"
        if ids is not None:
            wanted += " AND id IN (SELECT value FROM json_each(:ids))"
        if since is not None:
            wanted += " AND (listed_at IS NULL OR listed_at >= :since)"
        if until is not None:
            wanted += " AND (listed_at IS NULL OR substr(listed_at, 1, length(:until)) <= :until)"
        with self._plain_errors():
            rows = self.db.execute(
                f"SELECT id, url FROM pages WHERE {wanted} ORDER BY found_at, rowid LIMIT :limit",  # noqa: S608
                {
                    "exclude": _json(list(exclude)),
                    "ids": _json(list(ids or ())),
                    "since": since,
                    "until": until,
                    "limit": limit,
                },
            ).fetchall()
        return [PendingPage(*row) for row in rows]

    def save(self, article: Article, *, now: str, http_status: int | None = None) -> Outcome:
        """Store an article and its page's state in one transaction.

        ``updated``: anything of the record changed but ``fetched_at`` and ``parser_version``; the
        former record becomes a revision. ``unchanged``: the stored record is not touched.
        """
        record = _record(article, now)
        with self.transaction():
            former = self._read(article.id)
            if former is None:
                outcome: Outcome = "new"
            elif all(former[name] == record[name] for name in (*_COMPARED, *_LISTS)):
                outcome = "unchanged"
            else:
                outcome = "updated"
                self.db.execute(_WRITE_REVISION, {**_revision(former), "seen_at": now})
            if outcome != "unchanged":
                self._write(record)
            self._visited(
                article.id,
                article.url,
                "stored",
                PARTIAL if article.partial else None,
                now,
                http_status,
            )
        return outcome

    def reject(
        self,
        page_id: str,
        url: str,
        state: Refusal,
        reason: str,
        *,
        now: str,
        http_status: int | None = None,
    ) -> None:
        """Record that a fetch of this page gave no article, and why.

        What an earlier fetch stored stays stored.
        """
        with self.transaction():
            self._visited(page_id, url, state, reason, now, http_status)

    def _visited(
        self,
        page_id: str,
        url: str,
        state: Literal["stored"] | Refusal,
        reason: str | None,
        now: str,
        http_status: int | None,
    ) -> None:
        self.db.execute(
            "INSERT INTO pages (id, url, state, reason, http_status, found_at, fetched_at,"
            " attempts) VALUES (:id, :url, :state, :reason, :http_status, :now, :now, 1)"
            " ON CONFLICT (id) DO UPDATE SET state = excluded.state, reason = excluded.reason,"
            " http_status = excluded.http_status, fetched_at = excluded.fetched_at,"
            " attempts = pages.attempts + 1",
            {
                "id": page_id,
                "url": url,
                "state": state,
                "reason": reason,
                "http_status": http_status,
                "now": now,
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
    record["partial"] = int(article.partial)
    record["fetched_at"] = article.fetched_at or now
    record["first_seen_at"] = record["updated_at"] = now
    record["tags"] = sorted(set(article.tags))
    record["images"] = [_image_row(image) for image in article.images]
    record["related"] = [_related_row(link) for link in article.related]
    return record


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


def _json(value: list[Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
