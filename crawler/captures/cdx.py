"""CDX indexes of web archives: how one is asked what was captured of the site, and what it answers.

Two dialects: the pages of Common Crawl's and pywb's servers, JSON by line, and the resume keys of
the Wayback Machine, lists of lists. Nothing here asks; addresses and answers only.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from crawler.errors import ArgumentError

NOTHING = (400, 404)  # the statuses with which an index says that it has nothing, or no such page
WHOLE = "whole"  # in place of how many pages there are: the answer is all there is

_WAYBACK = "https://web.archive.org"
_COMMON_CRAWL = "https://index.commoncrawl.org"
_COMMON_CRAWL_DATA = "https://data.commoncrawl.org"
_ROWS = 20_000  # of one answer of the Wayback Machine
_STATUSES = "(200|404|410|-{})"  # of a revisit it is "-", or lacks
_PATHS = r"(?i).*(/berita/|/amp|/r/|/share/|_detail\.asp).*"
_NAMES = {"original": "url", "statuscode": "status", "mimetype": "mime"}
_TIMESTAMP = re.compile(r"[0-9]{14}")
_STATUS = re.compile(r"[0-9]{3}")
_LARGEST = 2**63  # beyond what SQLite takes for a number
_ENDPOINT = re.compile(r"/(?:cdx(?:/search/cdx)?|index|[^/]*-index|cdx-server)/?$")
_PAGE_TYPES = re.compile(r"html|unk|revisit|^-?$")


class Row(NamedTuple):
    """One capture, as an index lists it."""

    url: str
    timestamp: str  # YYYYMMDDhhmmss, UTC
    status: int | None  # None: not told, as of a revisit
    digest: str  # of the payload, SHA-1 in base 32; empty where it is not told
    filename: str  # of the WARC, empty where it is not told, as are:
    offset: int
    length: int

    @property
    def date(self) -> datetime:
        return moment(self.timestamp)


def moment(timestamp: str) -> datetime:
    """When a capture was made; raises ValueError for what is no timestamp."""
    return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Index:
    """One index. It is read place by place, from `first` on: a page's number, or a resume key."""

    url: str
    is_wayback: bool = False

    @property
    def first(self) -> str:
        return "" if self.is_wayback else "0"

    def query(self, domain: str, since: date, place: str | None) -> str:
        """The address of a place of what was captured of a domain since a day.

        ``place``: None asks how many pages there are.
        """
        form = "{}:{}" if self.is_wayback else "~{}:{}"
        status, url = ("statuscode", "original") if self.is_wayback else ("status", "url")
        pairs = [
            ("url", domain),
            ("matchType", "domain"),
            ("output", "json"),
            ("from", f"{since:%Y%m%d}"),
            ("filter", form.format(status, _STATUSES.format("" if self.is_wayback else "|$"))),
            ("filter", form.format(url, _PATHS)),
        ]
        if self.is_wayback:
            pairs += [("limit", str(_ROWS)), ("showResumeKey", "true")]
            pairs += [("resumeKey", place)] if place else []
        else:
            pairs.append(("showNumPages", "true") if place is None else ("page", place))
        return f"{self.url}?{urlencode(pairs)}"


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive: where it is asked, and how often it may be.

    ``delays`` are the seconds between two questions to the index, and between two pages; None: as
    the settings say. ``pause``: how long it is left alone when it answers "too many", or fails,
    and does not tell how long. ``refusals``: how many in a row mean that it is asked too much; a
    single page may have another reason.
    """

    name: str
    indexes: tuple[Index, ...]
    replay: str = ""  # pages as they were sent: {replay}/{timestamp}id_/{url}
    data: str = ""  # or records of its files, by byte range: {data}/{filename}
    collections: str = ""  # the list of its indexes, where it has many
    delays: tuple[float, float] | None = None
    pause: timedelta | None = None
    refusals: int = 5

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts and ports that it is asked at."""
        addresses = [self.replay, self.data, self.collections, *(one.url for one in self.indexes)]
        return frozenset(urlsplit(address).netloc for address in addresses if address)

    def page_of(self, url: str, timestamp: str) -> str:
        """The address of a page as it was sent."""
        return f"{self.replay}/{timestamp}id_/{url}"


def archive_of(source: str, data: str = "") -> Archive:
    """The archive of a name or of the address of a CDX server; raises ArgumentError.

    ``data``: the address below which the files of the index lie.
    """
    host = urlsplit(source).hostname if _is_address(source) else None
    own = (urlsplit(_WAYBACK).hostname, urlsplit(_COMMON_CRAWL).hostname)
    if data and (source in ("wayback", "commoncrawl") or host in own):
        raise ArgumentError(f"data={data} is for a CDX server of another archive than {source}")
    if source == "wayback" or host == urlsplit(_WAYBACK).hostname:
        index = Index(f"{_WAYBACK}/cdx/search/cdx", is_wayback=True)
        # 24 questions a minute, 8 pages a second; who goes on after a 429 is shut out for an hour.
        return Archive(
            "wayback",
            (index,),
            replay=f"{_WAYBACK}/web",
            delays=(2.6, 0.14),  # a little more than 60/24 and 1/8, as the network jitters
            pause=timedelta(minutes=1),
        )
    if source == "commoncrawl" or host == urlsplit(_COMMON_CRAWL).hostname:
        return Archive(
            source,
            (Index(source),) if host else (),
            data=_COMMON_CRAWL_DATA,
            collections="" if host else f"{_COMMON_CRAWL}/collinfo.json",
            delays=(1.05, 0.55),
            pause=timedelta(seconds=30),
            refusals=1,
        )
    example = "wayback, commoncrawl, or the address of a CDX server"
    if not source:
        raise ArgumentError(f"source is missing; give it as source={example}")
    for name, address in (("source", source), ("data", data)):
        if address and not _is_address(address):
            raise ArgumentError(f"{name}={address} is not {example if name == 'source' else 'one'}")
    url = source.rstrip("/")
    endpoint = _ENDPOINT.search(url)
    root = url[: endpoint.start()] if endpoint else url
    index = Index(url if endpoint else f"{url}/cdx")
    if data:
        return Archive(url, (index,), data=data.rstrip("/"))
    return Archive(url, (index,), replay=root)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query


# -- answers -------------------------------------------------------------------------------------


def collections(text: str, since: date) -> list[Index]:
    """The indexes of Common Crawl's list that may hold captures since a day, the oldest first.

    Raises ValueError for another text.
    """
    found = []
    for one in _objects(json.loads(text)):
        begun = re.search(r"CC-MAIN-(\d{4})", str(one.get("id", "")))
        ended = str(one.get("to") or (f"{begun[1]}-12-31" if begun else ""))[:10]
        if "cdx-api" in one and ended >= str(since):
            found.append(Index(str(one["cdx-api"])))
    return found[::-1]


def page_count(text: str) -> int | str:
    """How many pages an index has for a query; `WHOLE` where it answers with the rows themselves.

    Raises ValueError for another text.
    """
    if not text.strip():
        return 0
    if '"url"' in text or text.lstrip().startswith("["):
        return WHOLE
    answer = json.loads(text)
    if isinstance(answer, dict):  # with a message it says that it has nothing
        answer = answer.get("pages", 0 if "message" in answer else None)
    number = answer
    if not isinstance(number, int):
        raise ValueError("not a number of pages")  # noqa: TRY004  # of the text
    return number


def rows(text: str, left_out: list[str]) -> tuple[list[Row], str | None]:
    """The captures of pages that an answer lists, and the key with which to go on, if it has one.

    The addresses of rows that say what cannot be are added to ``left_out``. An empty answer has
    several forms. Raises ValueError for what is not an answer of an index.
    """
    try:
        told, key = _rows(text.strip())
        return list(filter(None, (_row(one, left_out) for one in told))), key
    except (TypeError, RecursionError) as error:
        raise ValueError(str(error)) from None


def _rows(text: str) -> tuple[list[dict[str, Any]], str | None]:
    if not text.startswith("["):
        return _objects([json.loads(line) for line in text.splitlines() if line.strip()]), None
    lists = json.loads(text)
    key = None
    if len(lists) > 1 and lists[-2] == []:
        (key,) = map(str, lists[-1])
        lists = lists[:-2]
    if lists and not isinstance(lists[0], list):
        return _objects(lists), key
    if not all(isinstance(one, list) for one in lists):
        raise ValueError("not a list of lists")
    names, *values = lists or [[]]
    return [dict(zip(names, one, strict=False)) for one in values], key


def _objects(answer: object) -> list[dict[str, Any]]:
    if not isinstance(answer, list) or not all(isinstance(one, dict) for one in answer):
        raise ValueError("not a list of objects")
    return answer


def _row(told: dict[str, Any], left_out: list[str]) -> Row | None:
    """A row; None for one without address or moment, as a message is, or of another thing."""
    told = {_NAMES.get(name, name): str(value) for name, value in told.items()}
    timestamp = told.get("timestamp", "")
    if not told.get("url") or not _TIMESTAMP.fullmatch(timestamp):
        if "error" in told:
            raise ValueError(told["error"])
        left_out += filter(None, [told.get("url")])
        return None
    status = told.get("status", "-")
    if not _PAGE_TYPES.search(told.get("mime", "")):
        return None
    try:
        moment(timestamp)
        offset, length = (int(told.get(name, 0)) for name in ("offset", "length"))
        if not 0 <= offset <= offset + length < _LARGEST:
            raise ValueError("no place in a file")
        json.dumps(told, ensure_ascii=False).encode()  # raises for half a character
        return Row(
            told["url"],
            timestamp,
            int(status) if _STATUS.fullmatch(status) else None,
            told.get("digest", "").removeprefix("sha1:").strip("-"),
            told.get("filename", ""),
            offset,
            length,
        )
    except ValueError:
        left_out.append(told["url"])
        return None
