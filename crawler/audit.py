"""The spider of ``scrapy audit``: what the date index lists against what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crawler.captures.folder import captures_folder
from crawler.captures.origin import were_all_foreign
from crawler.dates import iso, now
from spiders.backfill import BackfillSpider
from spiders.responses import found_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from crawler.database.pages import Found
    from crawler.parsers.listing import ListedArticle

_MISSING = {  # by the state of its page
    "unknown": "it was never found",
    "pending": "it was found, and not fetched yet",
    "lost": "it was stored, and its record is not there any more",
    "foreign": "only pages of other sites were shown in its place",
}


class Entry(NamedTuple):
    """One article of a day's index."""

    found: Found
    state: str
    reason: str | None


class AuditSpider(BackfillSpider):
    """Reads the index of each day, and fetches no article."""

    name = "audit"
    arguments = {"since": "", "until": "", "repair": ""}  # noqa: RUF012  # for the run history

    def __init__(self, since: str, until: str, repair: str = "") -> None:
        super().__init__(since, until)
        self.repair = repair
        self.days: dict[date, dict[str, Entry]] = {}
        self._given_up: list[Found] = []

    def feed(self) -> None:
        """Leave alone what waits in the database."""

    def is_complete(self, day: date) -> bool:
        self.days[day] = {}
        return False

    def completed(self, day: date, shown: int) -> None:
        """Remember nothing: articles of the day may be unknown."""

    def remember_day(self, day: date, listed: list[ListedArticle], url: str) -> None:
        standing = self.store.pages.standing(article.id for article in listed)
        for article in listed:
            state, reason = standing.get(article.id, ("unknown", None))
            found = found_in(url, article)
            if state == "rejected" and self._is_foreign(article.id):
                state = "foreign"
            if state == "given up":
                self._given_up.append(found)
                state = "failed"
            if state in _MISSING:
                self.run.count_found(article.id)
                state, reason = "missing", _MISSING[state]
            else:
                self.run.count_known(article.id, state)
            self.days[day][article.id] = Entry(found, state, reason)

    def hold(self, listed: Iterable[ListedArticle], url: str, reason: str) -> None:  # noqa: ARG002
        """Report only what a listing shows beyond its bounds."""
        self.run.add_problem(reason)

    def _is_foreign(self, article_id: str) -> bool:
        folder = captures_folder(self.settings)
        return folder is not None and were_all_foreign(self.store, folder, article_id)

    @property
    def missing(self) -> list[Found]:
        entries = (entry for day in self.days.values() for entry in day.values())
        return [entry.found for entry in entries if entry.state == "missing"]

    @property
    def to_ask(self) -> list[Found]:
        """What `--repair` asks for again."""
        return [*self.missing, *self._given_up]

    def closed(self, _reason: str) -> None:
        if self.missing:
            self.run.add_problem(f"missing articles: {len(self.missing)}")
        if self.repair:
            self.store.pages.request(self.to_ask, iso(now()))
