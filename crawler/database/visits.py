"""What came of fetching a page, and when it is asked for again: the other half of ``pages``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from crawler.database.results import Visit
from crawler.database.schedule import Schedule, next_recheck, next_try
from crawler.dates import iso
from crawler.urls import id_time

if TYPE_CHECKING:
    from crawler.database.connection import Connection
    from crawler.database.pages import PageState
    from crawler.database.runs import Runs

_PARTIAL = "partial: "
PARTIAL = f"{_PARTIAL}the page gives only part of the article"


_VISIT = """
    INSERT INTO pages (id, url, state, reason, http_status, etag, last_modified,
        found_at, found_run, fetched_at, attempts, failures, next_check_at)
    VALUES (:id, :url, :state, :reason, :http_status, :etag, :last_modified,
        :now, :run_id, :now, 1, :failures, :due)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, reason = excluded.reason,
        http_status = excluded.http_status, etag = excluded.etag,
        last_modified = excluded.last_modified, fetched_at = excluded.fetched_at,
        attempts = pages.attempts + 1, failures = excluded.failures,
        next_check_at = excluded.next_check_at
"""


def because(doubt: str) -> str:
    """The reason of a stored page whose text may not be whole."""
    return f"{_PARTIAL}{doubt}"


def is_partial(reason: str | None) -> bool:
    """Whether a page's reason tells that its text may not be whole."""
    return bool(reason and reason.startswith(_PARTIAL))


class Visits:
    """Brings a page to the state in which a fetch, or a stored capture of it, leaves it."""

    def __init__(self, connection: Connection, runs: Runs, schedule: Schedule) -> None:
        self._connection = connection
        self._runs = runs
        self._schedule = schedule

    def correct_clock(self, now: str) -> None:
        """Have due now what is due later than any schedule allows: a clock ran ahead then."""
        latest = iso(datetime.fromisoformat(now) + self._schedule.longest)
        with self._connection.transaction():
            self._connection.execute(
                "UPDATE pages SET next_check_at = ? WHERE next_check_at > ?", [now, latest]
            )

    def visited(
        self,
        page_id: str,
        url: str,
        state: Literal["stored", "rejected", "gone"],
        reason: str | None,
        visit: Visit,
        *,
        now: str,
        published: str | None,
    ) -> None:
        """Record what a fetch found; ``published``: when the record that stands was, if any."""
        due = self._next_recheck(page_id, published, now)
        self._put(page_id, url, state, reason, visit, now, failures=0, due=due)

    def incomplete(
        self, page_id: str, url: str, lacking: str, visit: Visit, *, now: str, published: str
    ) -> None:
        """Record a stored page of which a part could not be had: tried again like a failed one."""
        row = self._connection.execute(
            "SELECT failures FROM pages WHERE id = ?", [page_id]
        ).fetchone()
        failures = (row[0] if row else 0) + 1
        reason = because(lacking)
        due = next_try(failures, datetime.fromisoformat(now), self._schedule.waits)
        if due is None:
            reason = _given_up(failures, reason)
            due = self._next_recheck(page_id, published, now)
        # Without validators: the first page may stand where another one lacks.
        only_status = Visit(visit.http_status)
        self._put(page_id, url, "stored", reason, only_status, now, failures=failures, due=due)

    def unchanged(self, page_id: str, visit: Visit, *, now: str) -> None:
        """Record that the server answered that a stored article still stands (304)."""
        url, before, partial, published, etag, last_modified = self._connection.execute(
            "SELECT pages.url, reason, partial, published_at, etag, last_modified FROM pages"
            " JOIN articles USING (id) WHERE id = ?",
            [page_id],
        ).fetchone()
        same = Visit(visit.http_status, visit.etag or etag, visit.last_modified or last_modified)
        known = before if is_partial(before) else PARTIAL
        reason = known if partial else None
        self.visited(page_id, url, "stored", reason, same, now=now, published=published)

    def failed(
        self, page_id: str, url: str, reason: str, visit: Visit, *, now: str, wait: timedelta
    ) -> None:
        """Record that a page could not be had, to be tried again not before ``wait`` is over.

        A stored page stays ``stored``.
        """
        row = self._connection.execute(
            "SELECT state, failures, etag, last_modified FROM pages WHERE id = ?", [page_id]
        ).fetchone()
        state: PageState
        state, failures, etag, last_modified = row or ("pending", 0, None, None)
        failures += 1
        moment = datetime.fromisoformat(now)
        due = next_try(failures, moment, self._schedule.waits)
        if due is None:
            reason = _given_up(failures, reason)
        else:
            due = max(due, moment + wait)
        if state == "stored":  # and with it the record
            reason = last_look(reason)
        else:
            state = "failed"
        kept = Visit(visit.http_status, etag, last_modified)
        self._put(page_id, url, state, reason, kept, now, failures=failures, due=due)

    def parsed_again(
        self,
        page_id: str,
        url: str,
        state: PageState,
        reason: str | None,
        captured_at: str,
        *,
        now: str,
        published: str | None,
        is_latest: bool,
        accept: bool,
    ) -> None:
        """Bring the state of a page to what its latest capture gives.

        What a fetch after it found stays, as does a page that waits to be fetched, unless there is
        a record now; a stored one stays unless ``accept``. A page that failed is due at once.
        ``is_latest``: the record that stands, if any, is of no later page than the capture.
        """
        row = self._connection.execute(
            "SELECT state, fetched_at, failures FROM pages WHERE id = ?", [page_id]
        ).fetchone()
        if row is None:
            if published and state in ("rejected", "failed"):
                state, reason = "stored", last_look(reason)
            due = self._next_recheck(page_id, published, now)
            self._put(page_id, url, state, reason, Visit(), captured_at, failures=0, due=due)
        else:
            before, fetched_at, failures = row
            if state == "stored" and before == "stored":
                applies = is_latest and not failures
            elif state == "stored":
                applies = before != "gone" or captured_at >= (fetched_at or "")
            else:
                let_go = accept and is_latest and state != "failed"
                applies = before == "rejected" or (before == "stored" and let_go)
            if not applies:
                return
            self._connection.execute(
                "UPDATE pages SET state = ?, reason = ?, failures = 0 WHERE id = ?",
                [state, reason, page_id],
            )
        if state == "failed":
            self._connection.execute(
                "UPDATE pages SET next_check_at = ? WHERE id = ?", [now, page_id]
            )

    # -- one row -----------------------------------------------------------------------------

    def _next_recheck(self, page_id: str, published: str | None, now: str) -> datetime | None:
        """By the age of the record, or else of the id, or else as if it were made now."""
        moment = datetime.fromisoformat(now)
        made = datetime.fromisoformat(published) if published else id_time(page_id)
        return next_recheck(made or moment, moment, self._schedule.ages)

    def _put(
        self,
        page_id: str,
        url: str,
        state: PageState,
        reason: str | None,
        visit: Visit,
        now: str,
        *,
        failures: int,
        due: datetime | None,
    ) -> None:
        self._connection.execute(
            _VISIT,
            {
                "id": page_id,
                "url": url,
                "state": state,
                "reason": reason,
                **visit._asdict(),
                "now": now,
                "run_id": self._runs.current,
                "failures": failures,
                "due": iso(due) if due else None,
            },
        )


def last_look(reason: str | None) -> str:
    """The reason of a stored page that the last try did not get."""
    return f"the last look at it failed: {reason}"


def _given_up(failures: int, reason: str) -> str:
    return f"given up after {failures} failures in a row: {reason}"
