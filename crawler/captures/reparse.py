"""Today's parser over captures: read on all cores, written through the store, and compared."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from crawler.article import Article
from crawler.captures.payloads import decode_payload
from crawler.captures.warc import CaptureError, WarcFiles
from crawler.database.fulltext import indexed_at_once
from crawler.database.store import COUNTS, PARTIAL
from crawler.database.validation import why_refused
from crawler.parsers import NotAnArticle, ParseError, parse_page, whole_article
from crawler.urls import canonical_url, part_number

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from crawler.captures.selection import Captured, Source
    from crawler.captures.workers import Workers
    from crawler.database.store import Store
    from crawler.parsers import ParsedPage

_CHUNK = 16  # articles that a worker gets at a time
_BATCH = 200  # articles that are written in one transaction
_EXAMPLES = 3  # of each field, in the report


class Refused(NamedTuple):
    """Why a capture gives no record."""

    state: Literal["rejected", "gone", "unreadable"]
    reason: str
    by_parser: bool = True  # no: the server said so


class Reading(NamedTuple):
    """What today's parser makes of a capture."""

    url: str
    captured_at: str
    says: Article | Refused


# -- reading: in the workers -----------------------------------------------------------------


def read_articles(
    captured: Iterable[Captured], workers: Workers
) -> Iterator[tuple[str, list[Reading]]]:
    """The readings of each article, in order."""
    for chunk in workers.map(_read_chunk, _chunks(captured)):
        yield from chunk


def _chunks(captured: Iterable[Captured]) -> Iterator[list[Captured]]:
    iterator = iter(captured)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def _read_chunk(captured: list[Captured]) -> list[tuple[str, list[Reading]]]:
    with WarcFiles() as files:
        return [(one.id, _read_article(files, one)) for one in captured]


def _read_article(files: WarcFiles, captured: Captured) -> list[Reading]:
    """What each capture of an article says, by date."""
    return [
        Reading(page.url, page.fetched_at, _read(files, page, captured.parts))
        for page in captured.pages
    ]


def _read(files: WarcFiles, page: Source, parts: list[Source]) -> Article | Refused:
    if page.status != 200:
        return Refused("gone", f"HTTP {page.status}", by_parser=False)
    try:
        reading = whole_article(_parse(files, page))
        try:
            url = next(reading)
            while True:
                url = reading.send(_part(files, url, page, parts))
        except StopIteration as end:
            article: Article = end.value
    except NotAnArticle as error:
        return Refused("gone" if error.kind == "home" else "rejected", error.reason)
    except ParseError as error:
        return Refused("rejected", str(error))
    except CaptureError as error:
        return Refused("unreadable", str(error))
    except Exception as error:  # noqa: BLE001  # a fault of the parser costs one article, not all
        return Refused("rejected", f"the parser failed: {error!r}")
    article.fetched_at = page.fetched_at
    return article


def _parse(files: WarcFiles, source: Source) -> ParsedPage:
    if not source.path:
        raise CaptureError("what a revisit refers to is in none of the files")
    capture = files.read(source.path, source.offset, source.length)
    if capture.digest != source.digest:
        raise CaptureError(f"{source.path} is another file than the database knows")
    return parse_page(decode_payload(capture.headers, capture.payload), source.url)


def _part(files: WarcFiles, url: str, page: Source, parts: list[Source]) -> ParsedPage | None:
    """The capture of a further page that was made nearest in time."""
    wanted = canonical_url(url), part_number(url)
    moment = datetime.fromisoformat(page.fetched_at)
    captures = [
        part for part in parts if (canonical_url(part.url), part_number(part.url)) == wanted
    ]
    captures.sort(key=lambda part: abs(datetime.fromisoformat(part.fetched_at) - moment))
    try:
        return _parse(files, captures[0]) if captures else None
    except (NotAnArticle, ParseError, CaptureError):
        return None


# -- writing -----------------------------------------------------------------------------------


class Example(NamedTuple):
    """A field of an article, before and after."""

    article_id: str
    before: Any
    after: Any


@dataclass
class Report:
    """What a reparse changed."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    fields: Counter[str] = field(default_factory=Counter)  # how many records changed in each
    examples: dict[str, list[Example]] = field(default_factory=dict)
    refused: list[tuple[str, str, str]] = field(default_factory=list)  # id, url, reason
    unreadable: Counter[str] = field(default_factory=Counter)  # captures, by why

    def changed(self, article_id: str, changes: dict[str, tuple[Any, Any]]) -> None:
        for name, (before, after) in changes.items():
            self.fields[name] += 1
            examples = self.examples.setdefault(name, [])
            if len(examples) < _EXAMPLES:
                examples.append(Example(article_id, before, after))


class _RolledBack(Exception):
    """Ends a transaction of a dry run."""


def write(
    store: Store,
    readings: Iterable[tuple[str, list[Reading]]],
    *,
    now: str,
    dry_run: bool,
    accept: bool,
    wanted: Callable[[str, str | None], bool],
    progress: Callable[[int], None],
) -> Report:
    """Write what was read through the store, in batches; with ``dry_run`` only compare.

    ``wanted``: whether an article of an address and a section is asked for. ``accept``: a page
    whose record today's parser refuses becomes rejected. ``progress`` is told how many articles are
    done, after each batch.
    """
    report = Report()
    done = 0
    iterator = iter(readings)
    while batch := list(islice(iterator, _BATCH)):
        with _transaction(store, dry_run):
            for article_id, read in batch:
                _write_article(store, report, article_id, read, now, accept, wanted)
        done += len(batch)
        progress(done)
    return report


@contextmanager
def _transaction(store: Store, dry_run: bool) -> Generator[None, None, None]:
    try:
        with store.transaction(), indexed_at_once(store.db):
            yield
            if dry_run:
                raise _RolledBack
    except _RolledBack:
        pass


def _write_article(
    store: Store,
    report: Report,
    article_id: str,
    readings: list[Reading],
    now: str,
    accept: bool,
    wanted: Callable[[str, str | None], bool],
) -> None:
    for reading in readings:
        if isinstance(reading.says, Refused) and reading.says.state == "unreadable":
            report.unreadable[reading.says.reason] += 1
    telling = [
        reading
        for reading in readings
        if isinstance(reading.says, Article) or reading.says.state != "unreadable"
    ]
    if not telling or not wanted(*_where(store, article_id, telling)):
        return
    outcomes: set[str] = set()
    last = telling[-1].says
    for reading in telling:
        if isinstance(reading.says, Article):
            if reason := why_refused(reading.says, store):
                last = Refused("rejected", reason) if reading is telling[-1] else last
                continue
            outcome, changes = store.reread(reading.says, now=now)
            outcomes.add(outcome)
            report.changed(article_id, changes)
    url, captured_at, _ = telling[-1]
    if isinstance(last, Article):
        reason = PARTIAL if last.partial else None
        store.reread_page(article_id, last.url, "stored", reason, captured_at, now=now)
    else:
        assert last.state != "unreadable"
        # What a former parser read and this one does not; that it is dead the server says.
        if last.by_parser and not outcomes and store.is_stored(article_id):
            report.refused.append((article_id, url, last.reason))
        store.reread_page(
            article_id, url, last.state, last.reason, captured_at, now=now, accept=accept
        )
        outcomes.add(last.state)
    report.counts["found"] += 1
    report.counts[_outcome(outcomes)] += 1
    store.remember_counts(report.counts)


def _where(store: Store, article_id: str, readings: list[Reading]) -> tuple[str, str | None]:
    """The address and the section of an article: what it says last, else what is stored."""
    articles = [reading.says for reading in readings if isinstance(reading.says, Article)]
    if articles:
        return articles[-1].url, articles[-1].section
    return store.where(article_id) or (readings[-1].url, None)


def _outcome(outcomes: set[str]) -> str:
    order = ("new", "updated", "older", "rejected", "gone", "unchanged")
    first = next(outcome for outcome in order if outcome in outcomes)
    return "updated" if first == "older" else first
