"""The site itself: what it publishes, what it was asked, and what it answers."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any

from crawler.dates import WIB
from samples.articles import model
from samples.pages import listings as samples_listings
from tests.preloaded import CLOCK
from tests.site.behaviours import (
    HTML,
    NOT_FOUND,
    TEXT,
    XML,
    Asked,
    Behaviour,
    Match,
    Response,
    html,
)
from tests.site.listings import FEED_SIZE, absolute, feed, listing, relative, sitemap
from tests.site.stories import Story, article_page, made_up

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

INDEX_STEP = 50  # items of a page of the index
TAG_STEP = 5
_NOBODY = 1  # a port that no user can listen at


@dataclass
class _Rule:
    match: Match
    behaviour: Behaviour
    left: float  # times that it still applies


def _matches(match: Match, host: str, path: str) -> bool:
    url = f"https://{host}{path}"
    if isinstance(match, str):
        return match in url
    return bool(match.search(url)) if isinstance(match, re.Pattern) else match(host, path)


class Site:
    """Republika, as far as a crawler sees it. All may be changed while it runs.

    ``articles``: the stories by id; ``dead``: what the address of any other gets, ``"home"`` or a
    status; ``validators``: whether articles have ETag and Last-Modified, and 304 is answered;
    ``robots``: robots.txt of single hosts, in place of the real one's rules; ``down``: whether the
    crawls that are started now find nobody there; ``requests``: what was asked, in order.
    """

    def __init__(self, port: int, authority: Path) -> None:
        self.articles: dict[str, Story] = {}
        self.dead: str | int = "home"
        self.validators = True
        self.robots: dict[str, str] = {}
        self.requests: list[Asked] = []
        self.ahead = timedelta()  # of the machine's clock
        self.down = False
        self._rules: list[_Rule] = []  # the last one first
        self._counting = Lock()
        self._numbers = count(1)
        self._port = port
        self._authority = authority

    # -- what a test does with it ------------------------------------------------------------

    def add(self, *stories: Story) -> None:
        """Publish these; one of an id that is there takes its place."""
        for story in stories:
            self.articles[story.id] = story

    def publish(
        self,
        number: int = 1,
        *,
        until: datetime | None = None,
        spacing: timedelta = timedelta(minutes=10),
        **fields: Any,
    ) -> list[Story]:
        """Publish so many made-up stories, the last of them at ``until`` (now), oldest first.

        ``fields`` are what all of them have in common, as of `Story`.
        """
        last = (until or self.now()).replace(microsecond=0)
        stories = [
            made_up(next(self._numbers), last - (number - 1 - n) * spacing, **fields)
            for n in range(number)
        ]
        self.add(*stories)
        return stories

    def change(self, id: str, **fields: Any) -> Story:
        """Correct a story; ``modified`` is now unless it is given."""
        modified = self.now().replace(microsecond=0)
        story = replace(self.articles[id], **{"modified": modified, **fields})
        self.articles[id] = story
        return story

    def remove(self, id: str) -> None:
        """Take a story down."""
        del self.articles[id]

    def now(self) -> datetime:
        """What its clock says."""
        return datetime.now(WIB) + self.ahead

    def set_clock(self, moment: datetime) -> None:
        """Let it be this moment, here and for every crawl that is started from now on."""
        self.ahead = moment - datetime.now(WIB)

    def misbehave(self, match: Match, behaviour: Behaviour, times: float = math.inf) -> None:
        """Answer what matches wrongly, the first ``times`` times; of several rules the last counts.

        A rule does not count requests that a later one took.
        """
        with self._counting:
            self._rules.insert(0, _Rule(match, behaviour, times))

    def behave(self) -> None:
        """Answer rightly again, whatever was said before."""
        with self._counting:
            self._rules.clear()

    def asked(self, match: Match = "") -> list[Asked]:
        """The requests of matching addresses, in order."""
        return [asked for asked in list(self.requests) if _matches(match, asked.host, asked.path)]

    def environment(self) -> dict[str, str]:
        """What a process needs to reach the site, to trust it, and to reach nothing else.

        Where the clock was set, also what sets the clock of the process.
        """
        port = _NOBODY if self.down else self._port
        proxy = f"http://127.0.0.1:{port}"
        clock = {"PYTHONPATH": str(CLOCK), "CLOCK_AHEAD": str(self.ahead.total_seconds())}
        return {
            "http_proxy": proxy,
            "https_proxy": proxy,
            "no_proxy": "",
            "SSL_CERT_FILE": str(self._authority),
            **(clock if self.ahead else {}),
        }

    def _ago(self, moment: datetime) -> str:
        return relative(self.now(), moment)

    # -- what it answers ---------------------------------------------------------------------

    def respond(self, host: str, path: str, headers: Message) -> Response:
        """The answer to a GET of ``path`` (with its query), by the rules; remembers the request."""
        response = self._right(host, path.partition("?")[0])
        if behaviour := self._misbehaviour(host, path):
            response = behaviour(f"https://{host}{path}", response)
        conditional = "If-None-Match" in headers or "If-Modified-Since" in headers
        if conditional and _is_unchanged(response, headers):
            response = replace(response, status=304, body=b"")
        self.remember(host, path, response.status if response.delay < math.inf else 0, conditional)
        return response

    def remember(self, host: str, path: str, status: int, conditional: bool = False) -> None:
        self.requests.append(Asked(time.monotonic(), host, path, status, conditional))

    def newest(self, kanal: str | None = None, day: date | None = None) -> list[Story]:
        """The stories that a listing shows, newest first."""
        stories = [
            story
            for story in list(self.articles.values())
            if (kanal is None or story.is_in(kanal))
            and (day is None or story.published.astimezone(WIB).date() == day)
        ]
        return sorted(stories, key=lambda story: story.published, reverse=True)

    def _misbehaviour(self, host: str, path: str) -> Behaviour | None:
        with self._counting:
            for rule in self._rules:
                if rule.left and _matches(rule.match, host, path):
                    rule.left -= 1
                    return rule.behaviour
        return None

    def _right(self, host: str, path: str) -> Response:
        parts = [part for part in path.split("/") if part]
        match parts:
            case []:
                return self._home()
            case ["robots.txt"]:
                text = self.robots.get(host) or samples_listings.robots_txt()
                return Response(200, text.encode(), {"Content-Type": TEXT})
            case ["berita" | "amp" | "amp_version" | "share" | "r", *_]:
                return self._article(parts)
            case ["index" | "indeks", *rest]:
                return self._index(rest)
            case ["rss"] | ["rss", _]:
                stories = self.newest(parts[1] if len(parts) == 2 else None)
                return Response(200, feed(stories[:FEED_SIZE]), {"Content-Type": XML})
            case ["files", "xml", "sitemap.xml"]:
                return Response(200, sitemap(self.newest()[:200]), {"Content-Type": XML})
            case ["tag", slug]:
                return self._tag(slug)
            case ["tag", slug, offset] if offset.isdecimal():
                return self._tag(slug, int(offset))
        return NOT_FOUND

    def _home(self) -> Response:
        title = "Republika Online - Berita Terkini, Berita Terpopuler, Berita Hari Ini"
        page = listing(title, self.newest(), step=10, printed=self._ago)
        canonical = b'<link rel="canonical" href="https://republika.co.id/"></head>'
        return html(page.replace(b"</head>", canonical, 1))

    def _article(self, parts: list[str]) -> Response:
        # The old form of an address has the slug behind the id, in one part.
        found = (self.articles.get(part.partition("-")[0]) for part in parts[1:])
        story = next((story for story in found if story), None)
        if story is None:
            if isinstance(self.dead, int):
                return replace(NOT_FOUND, status=self.dead)
            return self._home()
        body = article_page(story, "amp" if parts[0].startswith("amp") else story.layout)
        headers = {"Content-Type": HTML}
        if self.validators:
            headers["ETag"] = f'"{sha256(body).hexdigest()[:16]}"'
            headers["Last-Modified"] = format_datetime(story.changed.astimezone(UTC), usegmt=True)
        return Response(200, body, headers)

    def _index(self, parts: list[str]) -> Response:
        kanal: str | None = None
        day: date | None = None
        match parts:
            case []:
                number = "0"
            case [number]:
                pass
            case [kanal, number]:
                pass
            case [number, year, month, day_of_month]:
                day = _day(f"{year}/{month}/{day_of_month}")
            case _:
                return NOT_FOUND
        if not number.isdecimal() or (len(parts) == 4 and day is None):
            return NOT_FOUND
        return html(
            listing(
                "Indeks Berita | Republika Online",
                self.newest(kanal, day),
                offset=int(number),
                step=INDEX_STEP,
                printed=absolute if day else self._ago,
            )
        )

    def _tag(self, slug: str, offset: int = 0) -> Response:
        tagged = [story for story in self.newest() if slug in map(model.slug, story.tags)]
        if not tagged:  # whatever is new, and no word that there is no such tag
            return html(listing("Republika Online", self.newest(), step=TAG_STEP))
        title = f"Topic {slug} | Republika Online"
        return html(listing(title, tagged, offset=offset, step=TAG_STEP))


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y/%m/%d").date()  # noqa: DTZ007
    except ValueError:
        return None


def _is_unchanged(response: Response, headers: Message) -> bool:
    """Whether the request's conditions allow for a 304; If-None-Match goes before the date."""
    if "If-None-Match" in headers:
        tags = [tag.strip() for tag in headers["If-None-Match"].split(",")]
        return response.headers.get("ETag") in tags
    changed = response.headers.get("Last-Modified")
    since = headers["If-Modified-Since"]
    return changed is not None and parsedate_to_datetime(changed) <= parsedate_to_datetime(since)
