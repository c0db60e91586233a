"""What several databases hold of one article, and the one state that follows from all of it.

The result depends on the set of opinions alone, never on the order in which databases are merged.
"""

from __future__ import annotations

import json
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.database.articles import shrunk_reason
from crawler.database.changes import changes
from crawler.database.merging.runs import key_at
from crawler.database.records import COMPARED, Record, readable, to_revision
from crawler.database.visits import PARTIAL, is_partial, last_look
from crawler.database.worse import is_worse

if TYPE_CHECKING:
    from collections.abc import Iterable

Row = dict[str, Any]


class Opinion(NamedTuple):
    """All that one database holds of an article, as JSON has it.

    A run is named by its key (see `crawler.database.merging.runs`), as its number is another one in
    each database.
    """

    record: Record | None
    revisions: list[Row]
    page: Row | None

    @property
    def text(self) -> str:
        """The same for equal opinions."""
        return json.dumps(self, ensure_ascii=False, sort_keys=True)

    @property
    def seen_at(self) -> str:
        """When the database last saw its record, or else asked for the page."""
        fetched = (self.page or {}).get("fetched_at") or ""
        if self.record is None:
            return str(fetched)
        stands = self.page and self.page["state"] == "stored" and not self.page["failures"]
        return str(max(self.record["fetched_at"], fetched if stands else ""))

    @property
    def is_doubtful(self) -> bool:
        """Whether the record's text may not be whole, though the page does not say so."""
        reason = (self.page or {}).get("reason")
        return bool(self.record and reason != PARTIAL and is_partial(reason))

    @property
    def is_empty(self) -> bool:
        return self.record is None and self.page is None

    def at(self, machine: str) -> Opinion:
        """The same opinion in a database into which this one's was merged."""
        revisions = [_at(machine, row, "run_id") for row in self.revisions]
        page = self.page and _at(machine, self.page, "found_run")
        return Opinion(self.record, revisions, page)


def _at(machine: str, row: Row, name: str) -> Row:
    return {**row, name: row[name] and key_at(machine, row[name])}


def opinion_of(text: str) -> Opinion:
    """What `Opinion.text` tells."""
    return Opinion(*json.loads(text))


def agree(opinions: Iterable[Opinion]) -> Opinion:
    """What one crawl would hold of the article that had seen all this."""
    ordered = sorted({one.text: one for one in opinions}.items())
    known = [one for _, one in ordered]
    if len(known) == 1:
        return known[0]
    records = sorted((one for one in known if one.record), key=_by_age)
    verdict = _Verdict()
    for one in records:
        verdict.hear(one)
    revisions = _revisions(known, verdict.revisions)
    return Opinion(verdict.record(records), revisions, _page(known, verdict))


def _by_age(one: Opinion) -> tuple[object, ...]:
    """AMP gives way to any other page; else the later page is the record."""
    assert one.record
    return (
        one.record["layout"] != "amp",
        one.seen_at,
        one.record["fetched_at"],
        one.record["parser_version"],
    )


class _Verdict:
    """The record that stands, by the rules of `Articles.save`, and those that do not."""

    def __init__(self) -> None:
        self.standing: Opinion | None = None
        self.fetched_at = ""  # of the record that stands
        self.revisions: list[Row] = []
        self.worse: list[Opinion] = []

    def hear(self, one: Opinion) -> None:
        standing, record = self.standing, one.record
        assert record
        if standing is None or standing.record is None:
            self.standing, self.fetched_at = one, record["fetched_at"]
        elif _is_same(record, standing.record):
            self.standing = one  # whose page was seen last
        elif is_worse(
            record,
            standing.record,
            doubtful=one.is_doubtful,
            same_page=record["fetched_at"] == self.fetched_at,
        ):
            self.worse.append(one)
            self._set_aside(record, standing.record, record, one.seen_at, shrunk=True)
        else:
            self._set_aside(standing.record, standing.record, record, one.seen_at)
            # What was seen before the other one and after it too was there again.
            again = record["fetched_at"] < self.fetched_at
            self.standing = one
            self.fetched_at = one.seen_at if again else record["fetched_at"]

    def _set_aside(
        self, record: Record, before: Record, after: Record, seen_at: str, *, shrunk: bool = False
    ) -> None:
        former = {**to_revision(record), "fetched_at": record["fetched_at"]}
        for name in ("id", "first_seen_at", "updated_at"):
            del former[name]
        self.revisions.append(
            {
                **former,
                "seen_at": seen_at,
                "run_id": None,
                "changes": changes(readable(before), readable(after)),
                "shrunk": int(shrunk),
                "again": 0,
                "again_at": None,
            }
        )

    def record(self, opinions: list[Opinion]) -> Record | None:
        if self.standing is None or self.standing.record is None:
            return None
        records = [one.record for one in opinions if one.record]
        return {
            **self.standing.record,
            "fetched_at": self.fetched_at,
            "first_seen_at": min(record["first_seen_at"] for record in records),
            "updated_at": max(record["updated_at"] for record in records),
        }


def _is_same(record: Record, other: Record) -> bool:
    return all(record[name] == other[name] for name in COMPARED)


def _revisions(known: list[Opinion], made: list[Row]) -> list[Row]:
    """Each former state once, by when it was set aside."""
    kept: dict[str, Row] = {}
    theirs = [revision for one in known for revision in one.revisions]
    theirs.sort(key=lambda row: (row["fetched_at"], row["seen_at"], json.dumps(row)))
    for revision in (*theirs, *made):
        key = json.dumps([revision[name] for name in COMPARED])
        first = kept.setdefault(key, dict(revision))
        first["again"] = max(first["again"], revision["again"])
        first["again_at"] = max(first["again_at"] or "", revision["again_at"] or "") or None
    return sorted(kept.values(), key=itemgetter("seen_at", "fetched_at"))


def _page(known: list[Opinion], verdict: _Verdict) -> Row | None:
    """The page's state: what was asked last tells it, but a record that stands stays stored."""
    asked = [one for one in known if one.page]
    if not asked:
        return None
    asked.sort(key=_by_visit)
    last = asked[-1]
    found = sorted((one.page for one in asked if one.page), key=_by_finding)
    assert last.page
    page = {
        **last.page,
        **{name: found[0][name] for name in ("found_at", "found_in", "found_run")},
        "listed_at": next((row["listed_at"] for row in found if row["listed_at"]), None),
        "attempts": max(row["attempts"] for row in found),
        **_absence(asked),
    }
    standing = verdict.standing
    if standing is None or standing.record is None:
        return page
    own = standing.page or {}
    if page["state"] in ("rejected", "failed") and not page["gone_at"]:
        page |= {"state": "stored", "reason": last_look(page["reason"])}
    elif page["state"] == "pending":
        page |= {"state": "stored", "reason": None}
    elif (
        page["state"] == "stored"
        and not page["failures"]
        and last.record
        and not _is_same(last.record, standing.record)
    ):
        is_shrunk = any(last is worse for worse in verdict.worse)
        reason = shrunk_reason(last.record, standing.record) if is_shrunk else own.get("reason")
        page |= {"reason": reason}
    if page["state"] == "stored":  # the validators are those of the page of the record
        page |= {name: own.get(name) for name in ("etag", "last_modified")}
    return page


def _by_visit(one: Opinion) -> tuple[object, ...]:
    assert one.page
    return one.page["state"] != "pending", one.page["fetched_at"] or "", one.text


def _by_finding(page: Row) -> tuple[str, str]:
    return page["found_at"], json.dumps(page)


def _absence(asked: list[Opinion]) -> Row:
    """When the site took the article down, and when it was there again."""
    gone_at = back_at = None
    for one in asked:
        assert one.page
        if one.page["state"] == "gone":
            gone_at, back_at = gone_at or one.page["gone_at"], None
        elif one.page["state"] == "stored":
            back_at = one.page["back_at"] or (one.page["fetched_at"] if gone_at else back_at)
            gone_at = None
    return {"gone_at": gone_at, "back_at": back_at}
