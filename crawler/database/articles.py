"""The records and their revisions: the table ``articles`` and those that hang on it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from crawler.database.changes import changes
from crawler.database.records import (
    COLUMNS,
    COMPARED,
    LISTS,
    REVISED,
    Record,
    from_row,
    readable,
    to_record,
    to_revision,
)
from crawler.database.worse import is_alike, is_worse

if TYPE_CHECKING:
    from crawler.article import Article
    from crawler.database.connection import Connection
    from crawler.database.fulltext import FullText
    from crawler.database.runs import Runs

TWIN_DAYS = 2  # that may lie between an article and its double under a new id
_MAX_ALIKE = 5  # revisions of an article that differ in the same paragraph

# What is formatted into SQL here are the names of our own columns, never a value.
_READ = f"""
    SELECT {", ".join((*COLUMNS, *LISTS))} FROM articles JOIN article_lists USING (id) WHERE id = ?
"""  # noqa: S608
# A real upsert: INSERT OR REPLACE would give the article a new rowid, and delete what hangs on the
# old one.
_WRITE = f"""
    INSERT INTO articles ({", ".join(COLUMNS)})
    VALUES ({", ".join(f":{name}" for name in COLUMNS)})
    ON CONFLICT (id) DO UPDATE SET
        {", ".join(f"{name} = excluded.{name}" for name in (*REVISED, "updated_at"))}
"""  # noqa: S608
_REVISION = ("seen_at", "run_id", "changes", "shrunk", *REVISED, *LISTS)
_WRITE_REVISION = f"""
    INSERT INTO revisions (article_id, {", ".join(_REVISION)})
    VALUES (:id, {", ".join(f":{name}" for name in _REVISION)})
"""  # noqa: S608
_SAME_REVISION = f"""
    SELECT id FROM revisions WHERE article_id = :id
    AND {" AND ".join(f"{name} IS :{name}" for name in COMPARED)} LIMIT 1
"""  # noqa: S608


class Saved(NamedTuple):
    """What came of a record that was to be stored."""

    outcome: Literal["new", "updated", "unchanged"]
    record: Record  # as it stands now
    changed: dict[str, tuple[Any, Any]]  # fields of the record: before, after
    shrunk: str | None = None  # why the page did not replace a fuller text before it


class Articles:
    """The records of a database, each the latest page of its article."""

    def __init__(self, connection: Connection, runs: Runs, fulltext: FullText) -> None:
        self._connection = connection
        self._runs = runs
        self._fulltext = fulltext

    def save(
        self, article: Article, *, now: str, lacking: bool = False, doubtful: bool = False
    ) -> Saved:
        """Store what a page gave that was fetched at ``article.fetched_at``, by default now.

        The latest page of an article is its record, in whatever order they come, unless it is worse
        than the one before it; where another one differs in more than ``fetched_at`` and
        ``parser_version``, it becomes a revision. A page dated after ``now`` counts as the oldest.
        ``lacking``: a part of the text could not be had, so that it does not replace a whole one.
        ``doubtful``: its text may not be whole.
        """
        record = to_record(article, now)
        with self._connection.transaction():
            former = self._read(article.id)
            if former is None:
                self._write(record)
                return Saved("new", record, {})
            if lacking and not former["partial"]:
                return Saved("unchanged", former, {})
            if article.layout == "amp" and former["layout"] != "amp":
                return Saved("unchanged", former, {})  # AMP has neither date nor lead
            differing = [name for name in COMPARED if former[name] != record[name]]
            if not differing:
                return Saved("unchanged", former, {})
            age, age_before = _age(record, now), _age(former, now)
            if is_worse(record, former, doubtful=doubtful, same_page=age == age_before) and (
                age >= age_before
            ):
                self._set_aside(record, former, now, shrunk=True)
                return Saved("unchanged", former, {}, shrunk_reason(record, former))
            if age >= age_before:
                return self._replace(former, record, differing, now)
            if is_worse(former, record):
                return self._replace(former, record, differing, now, shrunk=True)
            if self._is_fetched(record) or not self._set_aside(record, former, now):
                return Saved("unchanged", former, {})
            return Saved("updated", former, {})

    def put(self, record: Record) -> None:
        """Write a record as it is, whatever stands."""
        self._write(record)
        self._connection.execute(
            "UPDATE articles SET first_seen_at = ? WHERE id = ?",
            [record["first_seen_at"], record["id"]],
        )

    def _replace(
        self,
        former: Record,
        record: Record,
        differing: list[str],
        now: str,
        *,
        shrunk: bool = False,
    ) -> Saved:
        record["first_seen_at"] = former["first_seen_at"]
        self._set_aside(former, record, now, shrunk=shrunk)
        self._write(record)
        before, after = readable(former), readable(record)
        return Saved("updated", record, {name: (before[name], after[name]) for name in differing})

    def _set_aside(
        self, record: Record, standing: Record, now: str, *, shrunk: bool = False
    ) -> bool:
        """Keep a record as a revision beside the one that stands.

        One that is among the revisions is noted there and not kept again, nor is one more of many
        that differ in one paragraph; then it returns False.
        """
        if known := self._known_revision(record):
            self._connection.execute(
                "UPDATE revisions SET again = again + 1, again_at = ?"
                " WHERE id = ? AND fetched_at != ?",  # no capture that is read once more
                [now, known, record["fetched_at"]],
            )
            return False
        before, after = (standing, record) if shrunk else (record, standing)
        revision = {
            **to_revision(record),
            "seen_at": now,
            "run_id": self._runs.current,
            "changes": changes(readable(before), readable(after)),
            "shrunk": int(shrunk),
        }
        self._connection.execute(_WRITE_REVISION, revision)
        return True

    def _known_revision(self, record: Record) -> int | None:
        """The revision that has the same text, or the last of many that have nearly the same."""
        same = self._connection.execute(_SAME_REVISION, to_revision(record)).fetchone()
        if same:
            return int(same[0])
        revisions = self._connection.rows(
            "SELECT id, title, lead, body FROM revisions WHERE article_id = ? ORDER BY id",
            [record["id"]],
        )
        if len(revisions) < _MAX_ALIKE:
            return None
        alike = [revision["id"] for revision in revisions if is_alike(revision, record)]
        return alike[-1] if len(alike) >= _MAX_ALIKE else None

    def _is_fetched(self, record: Record) -> bool:
        """Whether the page is among the revisions, maybe as another parser read it."""
        found = self._connection.execute(
            "SELECT 1 FROM revisions WHERE article_id = ? AND fetched_at = ? LIMIT 1",
            [record["id"], record["fetched_at"]],
        )
        return found.fetchone() is not None

    def moments(self, article_id: str) -> tuple[str | None, str | None]:
        """``published_at`` and ``fetched_at`` of a record; None for both where there is none."""
        row = self._connection.execute(
            "SELECT published_at, fetched_at FROM articles WHERE id = ?", [article_id]
        ).fetchone()
        return row or (None, None)

    def where(self, article_id: str) -> tuple[str, str | None] | None:
        """The address and the section of an article, None without a record."""
        rows = self._connection.rows("SELECT url, section FROM articles WHERE id = ?", [article_id])
        return (rows[0]["url"], rows[0]["section"]) if rows else None

    def twin(self, article: Article) -> str | None:
        """The other id under which the same text is stored already; None if it is not.

        The site makes an article anew under another id, where its editors do so within days. An
        article that has the text itself keeps it.
        """
        rows = self._connection.rows(
            "SELECT id FROM articles WHERE content_hash = :hash"
            " AND abs(julianday(published_at) - julianday(:published_at)) <= :days"
            " AND id != :id"
            " AND NOT EXISTS (SELECT 1 FROM articles WHERE id = :id AND content_hash = :hash)"
            " ORDER BY published_at LIMIT 1",
            {
                "hash": article.content_hash,
                "published_at": article.published_at,
                "days": TWIN_DAYS,
                "id": article.id,
            },
        )
        return rows[0]["id"] if rows else None

    def newest(self, now: str) -> datetime | None:
        """When the newest article was published that is not dated into the future."""
        (row,) = self._connection.rows(
            "SELECT max(published_at) AS moment FROM articles WHERE published_at <= ?", [now]
        )
        return datetime.fromisoformat(row["moment"]) if row["moment"] else None

    # -- one record in its tables ------------------------------------------------------------

    def _read(self, article_id: str) -> Record | None:
        row = self._connection.execute(_READ, [article_id]).fetchone()
        return from_row(dict(zip((*COLUMNS, *LISTS), row, strict=True))) if row else None

    def _write(self, record: Record) -> None:
        article_id = record["id"]
        execute, write_all = self._connection.execute, self._connection.executemany
        execute(_WRITE, {name: value for name, value in record.items() if name not in LISTS})
        self._fulltext.written()
        # Of a new article too: who deletes one by SQLite's own shell leaves them.
        for table in ("article_tags", "images", "related"):
            execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])  # noqa: S608
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


def shrunk_reason(record: Record, former: Record) -> str:
    """The reason of a page that did not replace a fuller text before it."""
    sizes = f"{len(record['body'])} characters where {len(former['body'])} are stored"
    return f"the page shows less now, {sizes}; the fuller text stays"


def _age(record: Record, now: str) -> str:
    """What orders records: the moment of the fetch, but nothing for one that a clock got wrong."""
    return record["fetched_at"] if record["fetched_at"] <= now else ""
