"""Which of the captures an article's record is made of again, article by article."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.captures.sources import TABLE
from crawler.database.captures import CAPTURE_COLUMNS, Capture
from crawler.urls import classify, id_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from crawler.captures.sources import Sources

_BATCH = 200  # articles that are looked up at a time
# Of captures that tell something of their article.
TELLS = """
    (status IN (304, 404, 410) OR status = 200 AND coalesce(payload_type, 'html') LIKE '%html%')
"""


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
        """Whether it takes an article, ``only_rejected`` aside."""
        if self.ids and article_id not in self.ids:
            return False
        if self.since is None and self.until is None:
            return True
        made = id_time(article_id)
        return made is not None and (
            (self.since or made.date()) <= made.date() <= (self.until or made.date())
        )


class Selected:
    """The captures of the selected articles, in the order in which they were captured first.

    So a crawl stored them: of two articles with the same text it is the first that has the record.
    The ids are in a table of the connection, so that a large archive needs no memory.
    """

    def __init__(self, sources: Sources, selection: Selection) -> None:
        self._sources = sources
        self._store = sources.store
        rejected = "AND article_id IN (SELECT id FROM pages WHERE state = 'rejected')"
        with self._store.transaction():
            execute = self._store.connection.execute
            execute("CREATE TEMP TABLE selected (place INTEGER PRIMARY KEY, article_id)")
            rows = execute(
                f"SELECT article_id FROM {TABLE} WHERE article_id IS NOT NULL AND {TELLS}"  # noqa: S608
                f" {rejected if selection.only_rejected else ''} GROUP BY article_id"
                " ORDER BY min(fetched_at), min(rowid)"
            )
            self._store.connection.executemany(
                "INSERT INTO temp.selected (article_id) VALUES (?)",
                (row for row in rows if selection.takes(row[0])),
            )

    def __len__(self) -> int:
        (number,) = self._store.rows("SELECT count(*) AS articles FROM temp.selected")
        return int(number["articles"])

    def __iter__(self) -> Iterator[Captured]:
        """Each article: without a page that is as the one before it, or AMP beside another."""
        columns = ", ".join(CAPTURE_COLUMNS)
        for begin in count(0, _BATCH):
            rows = self._store.rows(
                f"SELECT {columns} FROM temp.selected CROSS JOIN {TABLE} USING (article_id)"  # noqa: S608
                f" WHERE place > :begin AND place <= :begin + :batch AND {TELLS}"
                # What is dated into the future, by a clock that was wrong, is not the latest.
                " ORDER BY place, fetched_at <= :now, fetched_at, gathered.rowid",
                {"begin": begin, "batch": _BATCH, "now": self._sources.now},
            )
            if not rows:
                return
            groups: dict[str, list[Source]] = {}
            for row in rows:
                groups.setdefault(row["article_id"], []).append(self._source(row))
            for one, found in groups.items():
                yield captured_of(one, found)

    def _source(self, row: dict[str, Any]) -> Source:
        capture = Capture(**row)
        place = self._sources.original(capture.digest) if capture.revisit else capture
        return source_at(self._sources.folder, capture, place)


def source_at(folder: Path | None, capture: Capture, place: Capture | None) -> Source:
    """A capture whose payload lies at ``place``; ``folder`` is that of the captures."""
    return Source(
        url=capture.url,
        fetched_at=capture.fetched_at,
        status=200 if capture.status == 304 else capture.status,
        digest=capture.digest,
        path=str((folder or Path()) / place.file) if place else "",
        offset=place.offset if place else 0,
        length=place.length if place else 0,
    )


def captured_of(article_id: str, sources: list[Source]) -> Captured:
    """What the captures of an article, by date, tell of it.

    A page that is as the one before it is left out, as is AMP beside another form.
    """
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
