"""Today's parser over captures: read on all cores, written through the store, and compared."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.article import Article
from crawler.captures.payloads import decode_payload
from crawler.captures.rows import has_changed
from crawler.captures.warc import WarcFiles
from crawler.database.results import NoRecord, ParsedCapture
from crawler.database.runs import COUNTS
from crawler.database.worse import is_much_shorter
from crawler.errors import CaptureError
from crawler.parsers import CutOff, NotAnArticle, ParseError, parse_answer, whole_article
from crawler.urls import canonical_url, part_number

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from crawler.captures.engine import Engine
    from crawler.captures.selection import Captured, Source
    from crawler.database.store import Store
    from crawler.parsers import ParsedPage

_CHUNK = 16  # articles that a worker gets at a time
_BATCH = 200  # articles that are written in one transaction
_EXAMPLES = 3  # of each field, in the report


class Unreadable(NamedTuple):
    """Why a capture cannot be read at all."""

    reason: str


class Parsed(NamedTuple):
    """What today's parser makes of a capture."""

    url: str
    captured_at: str
    result: Article | NoRecord | Unreadable
    doubt: str | None = None  # why its text may not be whole


# -- reading: in the workers -----------------------------------------------------------------


def read_articles(
    captured: Iterable[Captured], engine: Engine
) -> Iterator[tuple[str, list[Parsed]]]:
    """What the captures of each article give, in order."""
    for chunk in engine.map(_read_chunk, _chunks(captured)):
        yield from chunk


def _chunks(captured: Iterable[Captured]) -> Iterator[list[Captured]]:
    iterator = iter(captured)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def _read_chunk(captured: list[Captured]) -> list[tuple[str, list[Parsed]]]:
    with WarcFiles() as files:
        return [(one.id, read_article(files, one)) for one in captured]


def read_article(files: WarcFiles, captured: Captured) -> list[Parsed]:
    """What each capture of an article gives, by date."""
    return [
        Parsed(page.url, page.fetched_at, *_read(files, page, captured.parts))
        for page in captured.pages
    ]


def _read(
    files: WarcFiles, page: Source, parts: list[Source]
) -> tuple[Article | NoRecord | Unreadable, str | None]:
    """What a capture gives, and why its text may not be whole."""
    if page.status != 200:
        return NoRecord("gone", f"HTTP {page.status}", by_parser=False), None
    try:
        parsed = _parse(files, page)
        reading = whole_article(parsed)
        try:
            url = next(reading)
            while True:
                url = reading.send(_part(files, url, page, parts))
        except StopIteration as end:
            article: Article = end.value
    except NotAnArticle as error:
        return NoRecord(error.state, error.reason), None
    except CutOff as error:
        return NoRecord("failed", str(error)), None
    except ParseError as error:
        return NoRecord("rejected", str(error)), None
    except CaptureError as error:
        return Unreadable(str(error)), None
    except Exception as error:  # noqa: BLE001  # a fault of the parser costs one article, not all
        return NoRecord("rejected", f"the parser failed: {error!r}"), None
    article.fetched_at = page.fetched_at
    return article, parsed.doubt


def _parse(files: WarcFiles, source: Source) -> ParsedPage:
    if not source.path:
        raise CaptureError("what a revisit refers to is in none of the files")
    capture = files.read(source.path, source.offset, source.length)
    if capture.digest != source.digest:
        raise has_changed(source.path)
    return parse_answer(decode_payload(capture.headers, capture.payload), source.url)


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
    worse: int = 0  # articles whose later page shows less than their record
    shorter: int = 0  # texts that today's parser reads much shorter

    def changed(self, article_id: str, changes: dict[str, tuple[Any, Any]]) -> None:
        before, after = changes.get("body", ("", ""))
        self.shorter += is_much_shorter(after, before)
        for name, (before, after) in changes.items():
            self.fields[name] += 1
            examples = self.examples.setdefault(name, [])
            if len(examples) < _EXAMPLES:
                examples.append(Example(article_id, before, after))


class _RolledBack(Exception):
    """Ends a transaction of a dry run."""


def write(
    store: Store,
    readings: Iterable[tuple[str, list[Parsed]]],
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
        with store.transaction(), store.fulltext.at_once():
            yield
            if dry_run:
                raise _RolledBack
    except _RolledBack:
        pass


def _write_article(
    store: Store,
    report: Report,
    article_id: str,
    parsed: list[Parsed],
    now: str,
    accept: bool,
    wanted: Callable[[str, str | None], bool],
) -> None:
    captures: list[ParsedCapture] = []
    for url, captured_at, result, doubt in parsed:
        if isinstance(result, Unreadable):
            report.unreadable[result.reason] += 1
        else:
            captures.append(ParsedCapture(url, captured_at, result, doubt))
    if not captures or not wanted(*_where(store, article_id, captures)):
        return
    settled = store.settle_captures(article_id, captures, now=now, accept=accept)
    for changed in settled.changed:
        report.changed(article_id, changed)
    if settled.lost:
        report.refused.append((article_id, captures[-1].url, settled.lost))
    report.worse += settled.worse
    report.counts["found"] += 1
    report.counts[settled.outcome] += 1
    store.runs.remember_counts(report.counts)


def _where(store: Store, article_id: str, captures: list[ParsedCapture]) -> tuple[str, str | None]:
    """The address and the section of an article: of its latest record, else of the stored one."""
    articles = [one.result for one in captures if isinstance(one.result, Article)]
    if articles:
        return articles[-1].url, articles[-1].section
    return store.articles.where(article_id) or (captures[-1].url, None)
