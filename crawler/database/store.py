"""The database put together: record and page state in one transaction, by one set of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from crawler.database.articles import Articles
from crawler.database.captures import Captures
from crawler.database.connection import Connection
from crawler.database.fulltext import FullText
from crawler.database.listings import Listings
from crawler.database.pages import Pages
from crawler.database.results import (
    FromArchive,
    NoRecord,
    ParsedAgain,
    ParsedCapture,
    Read,
    Refused,
    Result,
    Settled,
    Unchanged,
    Visit,
)
from crawler.database.runs import Outcome, Runs
from crawler.database.schedule import Schedule
from crawler.database.sources import SourceFiles
from crawler.database.validation import why_refused
from crawler.database.visits import PARTIAL, Visits, because

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlite_utils import Database

    from crawler.article import Article

_OK = 200  # a page that is there, whatever it shows
_ASKS_ONCE = Schedule()
# Of several captures of an article the first of these is what became of it.
_FIRST: tuple[Outcome, ...] = ("new", "updated", "rejected", "gone", "failed", "unchanged")


class Store:
    """One connection to the database, which opening creates or brings up to date.

    Every method that writes is one transaction, or part of the :meth:`transaction` around it.
    Every method raises :class:`~crawler.database.connection.StoreError` where SQLite refuses, with
    its transaction rolled back. ``now`` is always ISO 8601 with +07:00.
    """

    def __init__(self, path: str | Path, schedule: Schedule = _ASKS_ONCE) -> None:
        self.connection = Connection(path)
        try:
            self.fulltext = FullText(self.connection)
        except BaseException:
            self.connection.close()
            raise
        self.runs = Runs(self.connection)
        self.listings = Listings(self.connection, self.runs)
        self.captures = Captures(self.connection)
        self.sources = SourceFiles(self.connection)
        self.articles = Articles(self.connection, self.runs, self.fulltext)
        self.pages = Pages(self.connection, self.runs)
        self._visits = Visits(self.connection, self.runs, schedule)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def path(self) -> Path:
        return self.connection.path

    @property
    def db(self) -> Database:
        """The connection for maintenance, by sqlite-utils."""
        return self.connection.db

    def close(self) -> None:
        """Commit what waits to be written, index it, and close the connection."""
        try:
            self.fulltext.close()
        finally:
            self.connection.close()

    def transaction(self) -> AbstractContextManager[None]:
        """One transaction over what is done inside; see `Connection.transaction`."""
        return self.connection.transaction()

    def rows(
        self, sql: str, values: Sequence[object] | Mapping[str, object] = ()
    ) -> list[dict[str, Any]]:
        """The result of a SELECT, each row by column."""
        return self.connection.rows(sql, values)

    def begin_run(
        self, spider: str, arguments: Mapping[str, str], versions: Mapping[str, str], now: str
    ) -> int:
        """Open a run, see `Runs.begin`; what a killed one left unindexed is indexed.

        What a run whose clock was ahead has put off for years is due now.
        """
        with self.transaction():
            self.fulltext.move()
            self._visits.correct_clock(now)
            return self.runs.begin(spider, arguments, versions, now)

    def settle(self, page_id: str, result: Result, *, now: str) -> Settled:
        """Store what a fetch gave: the record and its page's state.

        A fetch that gives no record leaves the stored one as it is.
        """
        with self.transaction():
            match result:
                case Read():
                    return self._settle_record(page_id, result, now)
                case Unchanged(visit):
                    self._visits.unchanged(page_id, visit, now=now)
                    return Settled("unchanged", again=True)
                case Refused():
                    return self._settle_refused(page_id, result, now)
                case FromArchive(captures):
                    if not captures:
                        return Settled("failed", again=True)
                    settled = self.settle_captures(page_id, captures, now=now)
                    return Settled(settled.outcome, again=True, worse=settled.worse)

    def _settle_refused(self, page_id: str, result: Refused, now: str) -> Settled:
        state, reason, url, visit = result.state, result.reason, result.url, result.visit
        published, _ = self.articles.moments(page_id)
        stands = published is not None
        if state == "rejected" and stands:
            state = "failed"  # it could be read before, and may be again
        if state == "failed":
            self._visits.failed(page_id, url, reason, visit, now=now, wait=result.wait)
        else:
            self._visits.visited(page_id, url, state, reason, visit, now=now, published=published)
        worse = stands and visit.http_status == _OK and not result.taken_down
        return Settled(state, again=stands, worse=worse)

    def _settle_record(self, page_id: str, result: Read, now: str) -> Settled:
        article, lacking, doubt = result.article, result.lacking, result.doubt
        saved = self.articles.save(article, now=now, lacking=bool(lacking), doubtful=bool(doubt))
        published = saved.record["published_at"]
        if lacking:
            self._visits.incomplete(
                page_id, article.url, lacking, result.visit, now=now, published=published
            )
        else:
            self._visits.visited(
                page_id,
                article.url,
                "stored",
                saved.shrunk or _reason(article, doubt),
                # Without validators: what stands is another page's.
                Visit(result.visit.http_status) if saved.shrunk else result.visit,
                now=now,
                published=published,
            )
        again = saved.outcome != "new"
        return Settled(saved.outcome, saved.record, again=again, worse=bool(saved.shrunk))

    def settle_captures(
        self, page_id: str, captures: Sequence[ParsedCapture], *, now: str, accept: bool = False
    ) -> ParsedAgain:
        """Store what the captures of an article (one at least, by date) give.

        The records follow the rules of :meth:`settle`. The page's state is that of its latest
        capture, except that a stored page stays so unless ``accept``.
        """
        with self.transaction():
            outcomes: set[Outcome] = set()
            changed = []
            url, captured_at, result, doubt = captures[-1]
            shrunk = None
            for capture in captures:
                if isinstance(capture.result, NoRecord):
                    continue
                if why := why_refused(capture.result, self.articles):
                    if capture is captures[-1]:
                        result = NoRecord("rejected", why)
                    continue
                saved = self.articles.save(capture.result, now=now, doubtful=bool(capture.doubt))
                outcomes.add(saved.outcome)
                changed.append(saved.changed)
                shrunk = saved.shrunk
            published, fetched_at = self.articles.moments(page_id)
            lost = None
            state: Literal["stored", "rejected", "gone", "failed"]
            reason: str | None
            if isinstance(result, NoRecord):
                # What a former parser read and this one does not; that it is gone the server says.
                if result.by_parser and not outcomes and self.pages.is_stored(page_id):
                    lost = result.reason
                outcomes.add(result.state)
                state, reason = result.state, result.reason
            else:
                url, state, reason = result.url, "stored", shrunk or _reason(result, doubt)
            self._visits.parsed_again(
                page_id,
                url,
                state,
                reason,
                captured_at,
                now=now,
                published=published,
                is_latest=captured_at >= (fetched_at or ""),
                accept=accept,
            )
        outcome = next(outcome for outcome in _FIRST if outcome in outcomes)
        return ParsedAgain(outcome, changed, lost, worse=bool(shrunk))


def _reason(article: Article, doubt: str | None) -> str | None:
    """The reason of a stored page: why its text may not be whole."""
    return because(doubt) if doubt else PARTIAL if article.partial else None
