"""Plays Republika for whole-crawl tests: https under its own names, reached through a proxy.

`running_site` starts a proxy that leads to no network: it answers ``CONNECT`` itself, shows a
certificate that a throw-away authority signed for every host of the site, and serves made-up
stories in the site's own markup. What a process needs to go there and to trust it is in
`Site.environment`; `Crawler` runs one so.
"""

from __future__ import annotations

import gzip
import math
import os
import re
import socket
import socketserver
import sqlite3
import ssl
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from hashlib import sha256
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from crawler.dates import WIB
from crawler.site import DOMAINS

if TYPE_CHECKING:
    from email.message import Message

ROOT = Path(__file__).parents[1]
CLOCK = ROOT / "tests" / "clock"  # sets the clock of a process that has it on its path
sys.path.append(str(ROOT / "samples"))  # scripts there, not a package
import articles as sample  # noqa: E402
import pages  # noqa: E402

_NOBODY = 1  # a port that no user can listen at
INDEX_STEP = 50  # items of a page of the index
FEED_SIZE = 15
TAG_STEP = 5
HTML = "text/html; charset=UTF-8"
XML = "application/xml; charset=UTF-8"
TEXT = "text/plain; charset=UTF-8"
SHUT = "User-agent: *\nDisallow: /\n"  # a robots.txt

# --- stories ----------------------------------------------------------------------------------

_KANALS = (
    ("news", ("News", "Umum")),
    ("ekonomi", ("Ekonomi", "Pertanian")),
    ("khazanah", ("Khazanah", "Filantropi")),
    ("internasional", ("Internasional", "Asia")),
    ("sport", ("Sport", "Arena Lain")),
    ("gayahidup", ("Gaya Hidup", "Travelling")),
)
_PLACES = ("Semarang", "Bandung", "Solo", "Malang", "Padang", "Kupang", "Ambon")
_DEEDS = (
    ("Warga", "Menanam", "Pohon Trembesi"),
    ("Murid", "Membaca", "Buku Cerita"),
    ("Petani", "Memanen", "Karung Bawang"),
    ("Nelayan", "Memperbaiki", "Perahu Kayu"),
    ("Pengrajin", "Menyelesaikan", "Kursi Rotan"),
)
_TEXT = """\
Kegiatan nomor {number} itu diikuti puluhan orang dan disaksikan pengurus kampung.
"Kami mengerjakannya bersama-sama agar semua ikut belajar," ujar ketua panitia.
Peserta dibagi dalam beberapa kelompok, dan setiap kelompok mencatat hasilnya di papan tulis.
Pemerintah kota {place} menyediakan air minum. Anak-anak boleh ikut asalkan ditemani orang tua.
{title}, begitu bunyi spanduk yang dipasang di depan balai pertemuan.
"""
Layout = Literal["newrol", "rol", "wrap_detail", "republika2023", "amp"]
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_LONG_MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
).split()
_ENGLISH_MONTHS = (
    "January February March April May June July August September October November December"
).split()


@dataclass(frozen=True, kw_only=True)
class Story:
    """One made-up article; `Site.change` corrects one that is published.

    ``published`` and ``modified`` are aware. The id is made of the moment of publication and
    ``editor_number``, unless it is given, and the slug of the title.
    """

    published: datetime
    title: str
    paragraphs: tuple[str, ...]
    lead: str = ""
    modified: datetime | None = None
    host: str = "news.republika.co.id"
    section: tuple[str, ...] = ("News", "Umum")
    dateline: str = "JAKARTA"
    reporter: str = "Contoh Reporter"
    editor: str = "Contoh Redaktur"
    tags: tuple[str, ...] = ("contoh",)
    layout: Layout = "republika2023"
    editor_number: str = "430"
    id: str = ""
    slug: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            made = sample.article_id(self.published, self.editor_number)
            object.__setattr__(self, "id", made)
        if not self.slug:
            object.__setattr__(self, "slug", sample.slug(self.title))

    @property
    def path(self) -> str:
        return f"/berita/{self.id}/{self.slug}"

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.path}"

    @property
    def changed(self) -> datetime:
        return self.modified or self.published

    def is_in(self, kanal: str) -> bool:
        """Whether the kanal's listings show the story."""
        return kanal in (self.host.partition(".")[0], *map(sample.slug, self.section))


def made_up(number: int, published: datetime, **fields: Any) -> Story:
    """The story of that number; ``fields`` are what it shall have of its own."""
    kanal, section = _KANALS[number % len(_KANALS)]
    place = _PLACES[number % len(_PLACES)]
    who, does, what = _DEEDS[number % len(_DEEDS)]
    title = f"{who} di {place} {does} {number + 12} {what}"
    given: dict[str, Any] = {
        "title": title,
        "lead": f"Kegiatan nomor {number} ini dimulai sejak pagi.",
        "paragraphs": tuple(_TEXT.format(number=number, title=title, place=place).splitlines()),
        "host": f"{kanal}.republika.co.id",
        "section": section,
        "dateline": place.upper(),
        "tags": (what.lower(), place.lower()),
    }
    return Story(published=published, **{**given, **fields})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Article(sample.Article):
    """A story as the sample's templates take it."""

    story: Story

    @property
    def id(self) -> str:
        return self.story.id

    @property
    def host(self) -> str:
        return self.story.host

    @property
    def url(self) -> str:
        return self.story.url


def _article(story: Story, layout: Layout) -> _Article:
    published = story.published.astimezone(WIB).replace(microsecond=0)
    photo = f"https://static.republika.co.id/uploads/images/inpicture_slide/{story.id}.jpg"
    return _Article(
        story=story,
        kanal="",
        layout=layout,
        title=story.title,
        lead=story.lead or None,
        made=published,
        printed=published.replace(second=0),
        stated=published,
        modified=story.modified.astimezone(WIB) if story.modified else None,
        reporters=(story.reporter,) if story.reporter else (),
        editors=(story.editor,),
        section=story.section,
        tags=story.tags,
        photos=(sample.Photo(photo, "Kegiatan bersama (ilustrasi).", "Dok Panitia"),),
        opening=f"REPUBLIKA.CO.ID, {story.dateline} -- ",
        body=tuple(map(sample.P, story.paragraphs)),
    )


@lru_cache(maxsize=10_000)
def _article_page(story: Story, layout: Layout) -> bytes:
    article = _article(story, layout)
    html = pages.page(article)
    # The sample's templates know the month of their own day only.
    day, month, year = f"{article.printed:%d}", article.printed.month - 1, article.printed.year
    for august, months in (("Aug", _MONTHS), ("Agustus", _LONG_MONTHS)):
        html = html.replace(f"{day} {august} {year}", f"{day} {months[month]} {year}")
    return html.encode()


# --- pages that list stories ------------------------------------------------------------------


def _absolute(moment: datetime) -> str:
    here = moment.astimezone(WIB)
    return f"{here:%d} {_ENGLISH_MONTHS[here.month - 1]} {here:%Y, %H:%M}"


def _relative(now: datetime, moment: datetime) -> str:
    seconds = max(0, int((now - moment).total_seconds()))
    for unit, length in (("hari", 86_400), ("jam", 3_600), ("menit", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit} yang lalu"
    return f"{seconds} detik yang lalu"


def _listing(
    title: str,
    stories: list[Story],
    *,
    step: int,
    offset: int = 0,
    printed: Callable[[datetime], str] = _absolute,
) -> bytes:
    """The page of a list that begins with the story number ``offset``."""
    end = offset + step
    following = end if end < len(stories) else None
    items = "\n".join(
        f'<li class="list-group-item list-border conten1"><a href="{story.url}">'
        f'<div class="thumbnail"><img class="lazy" alt="{escape(story.title)}"></div>'
        f'<div class="caption"><div class="date"><span class="kanal-info">{story.section[-1]}'
        f"</span> - {printed(story.published)}</div>"
        f"<h3><span>{escape(story.title, quote=False)}</span></h3></div></a></li>"
        for story in stories[offset:end]
    )
    more = (
        '<li class="list-group-item list-border wrap-loadmore"><a style="cursor: pointer"'
        f' class="paging btn btn-danger" data-offset="{following}">Next</a></li>'
        if following
        else ""
    )
    return (
        f'<!DOCTYPE html>\n<html lang="id"><head><meta charset="utf-8"><title>{title}</title>'
        '</head><body><nav><a href="/kanal/news">News</a> <a href="/indeks">Indeks</a></nav>'
        f'<h2>Terkini</h2><ul class="list-group wrap-latest">\n{items}\n{more}</ul></body></html>'
    ).encode()


def _feed(stories: list[Story]) -> bytes:
    items = "\n".join(
        f"<item><title>{escape(story.title)}</title><link>{story.url}</link>"
        f'<guid isPermaLink="false">{story.url}</guid>'
        f"<pubDate>{format_datetime(story.published.astimezone(WIB))}</pubDate>"
        f"<dc:creator>{escape(story.editor)}</dc:creator>"
        f"<category>{escape(story.section[-1])}</category>"
        f'<media:content url="https://static.republika.co.id/{story.id}.jpg" medium="image" />'
        f"<description><![CDATA[REPUBLIKA.CO.ID,&nbsp;{story.dateline} &ndash;"
        f" {story.paragraphs[0][:120]}...]]></description></item>"
        for story in stories
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">'
        "<channel><title>Republika Online RSS Feed</title><link>https://www.republika.co.id</link>"
        "<description></description><lastBuildDate>Thu, 01 Jan 1970 07:00:00 +0700</lastBuildDate>"
        f"<language>id</language>\n{items}\n</channel></rss>\n"
    ).encode()


def _sitemap(stories: list[Story]) -> bytes:
    static = "".join(
        f"<url><loc>https://republika.co.id/kanal/{kanal}/</loc></url>\n" for kanal, _ in _KANALS
    )
    recent = "\n".join(
        f"<url><loc>{story.url}</loc>"
        f"<lastmod>{story.changed.astimezone(WIB).isoformat(timespec='seconds')}</lastmod>"
        f"<image:image><image:loc>https://static.republika.co.id/{story.id}.jpg</image:loc>"
        f"<image:caption>{escape(story.title)}</image:caption></image:image></url>"
        for story in stories
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n'
        f"<url><loc>https://republika.co.id/</loc></url>\n{static}{recent}\n</urlset>\n"
    ).encode()


# --- answers, and how they go wrong -----------------------------------------------------------


@dataclass(frozen=True)
class Response:
    """What a request is answered with, ``delay`` seconds later (infinite: never).

    A ``broken`` one declares its whole length, sends half of it and resets the connection.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0
    broken: bool = False


def _html(body: bytes, status: int = 200) -> Response:
    return Response(status, body, {"Content-Type": HTML})


_NOT_FOUND = _html(pages.not_found().encode(), 404)


class Asked(NamedTuple):
    """One request that came; ``time`` is monotonic, ``status`` 0 for one that got no answer.

    ``path`` has the query; of a connection asked for to a host that is not the site's it is empty.
    """

    time: float
    host: str
    path: str
    status: int
    conditional: bool


# Makes of the address asked for and the right answer the one that is given.
Behaviour = Callable[[str, Response], Response]
# Part of an address ("" is in every one), a pattern to search there, or a function of host and path
Match = str | re.Pattern[str] | Callable[[str, str], bool]


def answer(status: int, body: str | bytes = b"", type: str = HTML, **headers: str) -> Behaviour:
    """This status, body and headers (``Retry_After="1"``)."""
    data = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda url, right: Response(status, data, {"Content-Type": type, **named})


def content(body: str | bytes, type: str = HTML) -> Behaviour:
    """Another body than the right one."""
    return answer(200, body, type)


def robots(body: str = SHUT) -> Behaviour:
    """Another robots.txt; everything is forbidden if none is given."""
    return content(body, TEXT)


def challenge() -> Behaviour:
    """A wall against robots, as Cloudflare has it."""
    page = (
        "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>"
        "<h2>Checking your browser before accessing the site</h2>"
        '<form id="challenge-form" action="/?__cf_chl_f_tk=0"></form></body></html>'
    )
    return answer(403, page, Server="cloudflare", cf_mitigated="challenge")


def too_many(seconds: int = 1) -> Behaviour:
    """429, with the time after which to come again."""
    return answer(429, "Too Many Requests", TEXT, Retry_After=str(seconds))


def redirect(to: str, status: int = 301) -> Behaviour:
    """To any address."""
    return answer(status, Location=to)


def home_page() -> Behaviour:
    """The home page, as in place of an article that was taken down."""
    return content(pages.home())


def redirect_loop() -> Behaviour:
    """To the same address, always."""
    return lambda url, right: Response(302, headers={"Location": url})


def hang() -> Behaviour:
    """Never an answer."""
    return slow(math.inf)


def slow(seconds: float) -> Behaviour:
    """The right answer, late."""
    return lambda url, right: replace(right, delay=seconds)


def reset() -> Behaviour:
    """The connection is reset in the middle of the body."""
    return lambda url, right: replace(_without_validators(right), broken=True)


def truncated_gzip() -> Behaviour:
    """Half of a gzip stream, with the Content-Length of the half."""

    def truncate(url: str, right: Response) -> Response:
        right = _without_validators(right)
        packed = gzip.compress(right.body)
        headers = {**right.headers, "Content-Encoding": "gzip"}
        return replace(right, body=packed[: len(packed) // 2], headers=headers)

    return truncate


def broken_feed() -> Behaviour:
    """A feed or sitemap that ends within a tag."""
    return lambda url, right: replace(right, body=right.body[: len(right.body) // 2] + b"<item")


def stale_feed() -> Behaviour:
    """A feed that nobody has filled since 2011."""
    start = datetime(2011, 5, 12, 8, tzinfo=WIB)
    old = [made_up(n, start + n * timedelta(hours=1), editor_number="") for n in range(FEED_SIZE)]
    return content(_feed(old), XML)


def empty_index() -> Behaviour:
    """A listing without links, which is not what its last page looks like."""
    return content("<!DOCTYPE html><html><head><title>Indeks</title></head><body></body></html>")


def _without_validators(response: Response) -> Response:
    """Without what would get it answered by 304."""
    headers = dict(response.headers)
    for name in ("ETag", "Last-Modified"):
        headers.pop(name, None)
    return replace(response, headers=headers)


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


# --- the site ---------------------------------------------------------------------------------


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
        return _relative(self.now(), moment)

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
                text = self.robots.get(host) or pages.robots_txt()
                return Response(200, text.encode(), {"Content-Type": TEXT})
            case ["berita" | "amp" | "amp_version" | "share" | "r", *_]:
                return self._article(parts)
            case ["index" | "indeks", *rest]:
                return self._index(rest)
            case ["rss"] | ["rss", _]:
                stories = self.newest(parts[1] if len(parts) == 2 else None)
                return Response(200, _feed(stories[:FEED_SIZE]), {"Content-Type": XML})
            case ["files", "xml", "sitemap.xml"]:
                return Response(200, _sitemap(self.newest()[:200]), {"Content-Type": XML})
            case ["tag", slug]:
                return self._tag(slug)
            case ["tag", slug, offset] if offset.isdecimal():
                return self._tag(slug, int(offset))
        return _NOT_FOUND

    def _home(self) -> Response:
        title = "Republika Online - Berita Terkini, Berita Terpopuler, Berita Hari Ini"
        page = _listing(title, self.newest(), step=10, printed=self._ago)
        canonical = b'<link rel="canonical" href="https://republika.co.id/"></head>'
        return _html(page.replace(b"</head>", canonical, 1))

    def _article(self, parts: list[str]) -> Response:
        # The old form of an address has the slug behind the id, in one part.
        found = (self.articles.get(part.partition("-")[0]) for part in parts[1:])
        story = next((story for story in found if story), None)
        if story is None:
            if isinstance(self.dead, int):
                return replace(_NOT_FOUND, status=self.dead)
            return self._home()
        body = _article_page(story, "amp" if parts[0].startswith("amp") else story.layout)
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
                return _NOT_FOUND
        if not number.isdecimal() or (len(parts) == 4 and day is None):
            return _NOT_FOUND
        return _html(
            _listing(
                "Indeks Berita | Republika Online",
                self.newest(kanal, day),
                offset=int(number),
                step=INDEX_STEP,
                printed=_absolute if day else self._ago,
            )
        )

    def _tag(self, slug: str, offset: int = 0) -> Response:
        tagged = [story for story in self.newest() if slug in map(sample.slug, story.tags)]
        if not tagged:  # whatever is new, and no word that there is no such tag
            return _html(_listing("Republika Online", self.newest(), step=TAG_STEP))
        title = f"Topic {slug} | Republika Online"
        return _html(_listing(title, tagged, offset=offset, step=TAG_STEP))


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


# --- the proxy --------------------------------------------------------------------------------


def is_served(host: str) -> bool:
    """Whether a host is the site's."""
    return any(host == domain or host.endswith(f".{domain}") for domain in DOMAINS)


class _Proxy(socketserver.ThreadingTCPServer):
    request_queue_size = 128

    def __init__(self, tls: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.tls = tls
        self.site: Site
        self.stopping = Event()
        self.open: set[socket.socket] = set()
        self.errors: list[Exception] = []

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.open.add(connection)
        return connection, address

    def handle_error(self, request: object, client_address: object) -> None:
        error = sys.exc_info()[1]
        # An OSError (ssl.SSLError is one) says that the client went away.
        if isinstance(error, Exception) and not isinstance(error, OSError):
            self.errors.append(error)

    def stop(self) -> None:
        """End all connections, and wait until their threads are through."""
        self.stopping.set()
        self.shutdown()
        for connection in list(self.open):
            with suppress(OSError):
                # Not a TLS socket's own, which pulls the session away from under its thread.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
        self.server_close()


class _Connection(BaseHTTPRequestHandler):
    """One connection to the proxy: a tunnel to one host, or plain requests to any."""

    server: _Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    tunnel: str | None = None

    def do_CONNECT(self) -> None:
        host = self.path.rpartition(":")[0].lower()
        if not is_served(host):
            self.server.site.remember(host, "", 403)
            self._send(Response(403))
            return
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.rfile.close()
        self.server.open.discard(self.request)
        self.request = self.server.tls.wrap_socket(
            self.request, server_side=True, do_handshake_on_connect=False
        )
        self.setup()
        self.server.open.add(self.request)
        self.close_connection = self.server.stopping.is_set()
        if not self.close_connection:
            self.request.do_handshake()
            self.tunnel = host

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        host = self.tunnel or (url.hostname or "")
        path = self.path if self.tunnel else url._replace(scheme="", netloc="").geturl()
        if not is_served(host):
            self.server.site.remember(host, path, 403)
            self._send(Response(403))
            return
        response = self.server.site.respond(host, path or "/", self.headers)
        if response.delay:
            wait = None if response.delay == math.inf else response.delay
            if self.server.stopping.wait(wait):
                self.close_connection = True
                return
        self._send(response)

    def _send(self, response: Response) -> None:
        status = HTTPStatus(response.status)
        lines = [f"HTTP/1.1 {status.value} {status.phrase}"]
        lines += [f"{name}: {value}" for name, value in response.headers.items()]
        if status != HTTPStatus.NOT_MODIFIED:
            lines.append(f"Content-Length: {len(response.body)}")
        head = "\r\n".join([*lines, "", ""]).encode()
        if not response.broken:
            self.wfile.write(head + response.body)
            return
        self.wfile.write(head + response.body[: len(response.body) // 2])
        # To linger for no time is to reset.
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def finish(self) -> None:
        super().finish()
        self.server.open.discard(self.request)
        self.request.close()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: `Site.requests` has it."""


def _certify(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A new authority's certificate, and what shows a certificate of it for every host."""
    begin = datetime.now(UTC) - timedelta(days=1)

    def sign(
        name: str, key: ec.EllipticCurvePrivateKey, by: str, extension: x509.ExtensionType
    ) -> bytes:
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, by)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(begin + timedelta(days=30))
            .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
            .sign(authority_key, hashes.SHA256())
        )
        return certificate.public_bytes(serialization.Encoding.PEM)

    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority, authority_name = folder / "authority.pem", "Contoh Authority"
    constraints = x509.BasicConstraints(ca=True, path_length=0)
    authority.write_bytes(sign(authority_name, authority_key, authority_name, constraints))
    hosts = [x509.DNSName(name) for domain in DOMAINS for name in (domain, f"*.{domain}")]
    chain = folder / "site.pem"
    chain.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + sign("republika.co.id", key, authority_name, x509.SubjectAlternativeName(hosts))
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return authority, context


@contextmanager
def running_site() -> Iterator[Site]:
    """A site that runs, in a thread, until the block ends."""
    with TemporaryDirectory() as folder:
        authority, tls = _certify(Path(folder))
        proxy = _Proxy(tls)
        site = proxy.site = Site(proxy.server_address[1], authority)
        thread = Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            proxy.stop()
            thread.join()
    if proxy.errors:
        raise ExceptionGroup("the site failed", proxy.errors)


# --- a crawler for it -------------------------------------------------------------------------


class Crawler:
    """Runs the crawler against a site, with its database and its captures in a folder.

    ``settings`` of each call go above the crawler's own and these: no delay, 8 requests at a time.
    """

    TIMEOUT = 120  # seconds

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder = folder
        self.site = site
        self.database = folder / "republika.db"
        self.captures = folder / "captures"
        self.log = folder / "crawl.log"  # what `start` started says

    def crawl(self, *args: str, **settings: object) -> subprocess.CompletedProcess[str]:
        """Run ``scrapy crawl`` with these arguments, to its end."""
        return self.scrapy("crawl", *args, **settings)

    def scrapy(self, *args: str, **settings: object) -> subprocess.CompletedProcess[str]:
        """Run any command of ``scrapy``, to its end."""
        return subprocess.run(
            self._command(*args),
            cwd=ROOT,
            env=self.environment(**settings),
            check=False,
            capture_output=True,
            text=True,
            timeout=self.TIMEOUT,
        )

    def start(self, *args: str, **settings: object) -> subprocess.Popen[bytes]:
        """Start ``scrapy crawl`` with these arguments, and leave it running."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self._command("crawl", *args),
                cwd=ROOT,
                env=self.environment(**settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """What a query of the database gives."""
        connection = sqlite3.connect(self.database)
        connection.row_factory = sqlite3.Row
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def environment(self, **settings: object) -> dict[str, str]:
        """The environment of a crawl: this one's, without what would lead it elsewhere."""
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("REPUBLIKA_") and not name.lower().endswith("_proxy")
        }
        settings = {
            "DATABASE": self.database,
            "CAPTURES": self.captures,
            "DOWNLOAD_DELAY": 0,
            "AUTOTHROTTLE_ENABLED": False,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
            **settings,
        }
        named = {f"REPUBLIKA_{name}": str(value) for name, value in settings.items()}
        return clean | self.site.environment() | named

    @staticmethod
    def _command(*args: str) -> list[str]:
        return [sys.executable, "-m", "scrapy", *args]
