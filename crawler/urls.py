"""The site's addresses: which article an address shows, and what else it may be.

One article has many addresses, so its id is the key. The id is taken by its position, as kanal
names and words of slugs have the form of an id too ("daerah", "polisi"), and it is a clock: its
first six characters are base-36 seconds since 1970. Articles of 2004-10 had numbers in their
addresses: their ids are made of those, "online-195393", and tell no time.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urljoin

from crawler.dates import WIB
from crawler.site import DOMAINS, NO_HOSTS, NUMBERED, NUMBERED_PAGES, SECTIONS

_MAX_LENGTH = 4096

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_URL = re.compile(
    r"https?://(?:[^/?#]*@)?(?P<host>[\w.-]+)(?::(?P<port>[0-9]{0,5}))?"
    r"(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.IGNORECASE,
)
_OWN_HOST = re.compile(
    rf"(?:(?!(?:{'|'.join(NO_HOSTS)})\.)[a-z0-9_-]+\.)?(?:{'|'.join(map(re.escape, DOMAINS))})\.?"
)
# Hosts under republika.co.id; any other is a kanal's: its root and /{rubric} are sections.
_GENERIC_HOSTS = frozenset({"www", "m", "fbeta", "amp"})
_ASSET_HOSTS = frozenset({"static", "files"})
_NETWORK_HOSTS = frozenset(
    {"retizen", "digitaldonat", "boyanesia", "cari", "blog", "forum", "epaper"}
)

_ID = re.compile(r"[a-z0-9]{6}([0-9]{0,20})")
_ID_WITH_SLUG = re.compile(r"([a-z0-9]{6}[0-9]{0,20})(-.*)?")
_ARTICLE_NUMBER = re.compile(r"[1-9][0-9]{2,6}")
_LAST_OF_NUMBERS = "11"  # the year in an address; what is later has an id
_NUMBERED = "|".join([NUMBERED, *NUMBERED_PAGES.values()])
_NUMBERED_ID = re.compile(rf"(?:{_NUMBERED})-{_ARTICLE_NUMBER.pattern}")
_NUMBER_ASKED = re.compile(rf"(?:^|&)id=({_ARTICLE_NUMBER.pattern})(?:&|$)", re.IGNORECASE)
_EARLIEST = int(datetime(2010, 1, 1, tzinfo=WIB).timestamp())
_DAY = 86_400
# From 2015 to 2017 ids got a suffix, the number of their editor. What has none and would be of
# later is a word: "polisi" reads as March 2019, "serial" as June 2024.
_LATEST_BARE = int(datetime(2018, 6, 1, tzinfo=WIB).timestamp())

_SUBS_LIKE_IDS = frozenset({"medika", "mozaik", "mualaf"})  # they read as days of 2012 and 2013

_NBSP = re.compile(r"%(?:25)*c2%(?:25)*a0")
_PART = re.compile(r"part([0-9]{1,4})")
_PHOTO = re.compile(r"[0-9]{1,2}")
_DATE = re.compile(r"(?:^|/)[0-9]{2}/[0-9]{2}/[0-9]{2}(?:/|$)")
_NUMBER = re.compile(r"[0-9]+")
_RUBRIC = re.compile(r"[a-z][a-z0-9_-]*")
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|woff2?|ttf|eot|mp[34]|pdf)$")
_SITEMAP = re.compile(r"sitemap[^/]*\.xml(?:\.gz)?$")
_TRACKING = re.compile(r"(?:utm_[^=]*|source|fbclid|gclid)(?:=.*)?", re.IGNORECASE)

# Kinds by the first part of the path.
_SHOWS = {"berita": "article", "amp": "amp", "amp_version": "amp", "r": "share", "share": "share"}
_LISTS = {
    "files": "asset",
    "indeks": "index",
    "index": "index",
    "kanal": "section",
    "rss": "feed",
    "search": "search",
    "tag": "tag",
    "uploads": "asset",
}
_POSTS = frozenset({"posts", "digicafe", "news"})  # of network sites, before a number


@dataclass(frozen=True, slots=True)
class Address:
    """What an address is.

    ``id`` is the article's where it shows one: kind ``article``, ``amp``, ``share``, ``part`` (a
    later page of an article) or ``photo`` (one photo of a gallery). The other kinds of the site are
    ``index`` (all news, by day), ``tag``, ``author``, ``section``, ``home``, ``feed``, ``search``,
    ``asset``, ``network`` (readers' and partners' posts, which have no such id), ``legacy`` (other
    pages of before 2008) and ``other``. ``url`` is the canonical address; ``external`` and
    ``invalid`` have none.
    """

    id: str | None
    kind: str
    url: str | None


_EXTERNAL = Address(None, "external", None)
_INVALID = Address(None, "invalid", None)


def classify(url: str, base: str | None = None) -> Address:
    """Tell what ``url`` is; a relative one is resolved against ``base``, the page it stands on.

    Without ``base`` a path ("/berita/...") is one of republika.co.id, and a scheme may lack.
    Never raises: anything but a web address is ``invalid``.
    """
    url = url.strip()
    if not url or url[0] == "#" or len(url) > _MAX_LENGTH or _FORBIDDEN.search(url):
        return _INVALID
    if not _HAS_SCHEME.match(url):
        try:
            url = urljoin(base, url) if base else _absolute(url)
        except ValueError:  # the base is not an address
            return _INVALID
        if _FORBIDDEN.search(url):
            return _INVALID
    match = _URL.fullmatch(url)
    if not match:
        return _INVALID
    host, port, path, query = match.groups(default="")
    if not is_republika_host(host) or port not in ("", "80", "443"):
        return _EXTERNAL

    host = host.lower().removesuffix(".")
    parts = [part for part in _ascii(path).split("/") if part]
    lowered = [part.lower() for part in parts]
    shows = _SHOWS.get(lowered[0]) if parts else None
    if shows and (found := _article(lowered[1:])):
        identifier, rest, ending = found
        kind = ending if shows == "article" and ending else shows
        return _own(identifier, kind, f"https://{host}/{'/'.join([lowered[0], *rest])}")
    page = NUMBERED_PAGES.get(lowered[-1]) if parts else None
    if page and (number := _NUMBER_ASKED.search(query)):
        url = f"https://{host}/{'/'.join(lowered)}?id={number[1]}"
        return _own(f"{page}-{number[1]}", "article", url)
    kind = _kind(host, lowered)
    if kind == "invalid":
        return _INVALID
    slash = "/" if parts and path.endswith("/") else ""
    query = "&".join(
        pair for pair in _ascii(query).split("&") if pair and not _TRACKING.fullmatch(pair)
    )
    query = f"?{query}" if query else ""
    return _own(None, kind, f"https://{host}/{'/'.join(parts)}{slash}{query}")


def _own(identifier: str | None, kind: str, url: str) -> Address:
    """An address of the site; what is too long when it is encoded is invalid."""
    return Address(identifier, kind, url) if len(url) <= _MAX_LENGTH else _INVALID


def article_id(url: str) -> str | None:
    """The id of the article that ``url`` shows in any form; None where it shows none."""
    return classify(url).id


def canonical_url(url: str) -> str:
    """The address in its one form: https, single slashes, no fragment, tracking or ``-partN``.

    An article's has no query either, except for the number of one of 2004-07. It stays on its host
    and keeps its form (an AMP page's address does not become the article's). What is not of the
    site comes back stripped. Idempotent.
    """
    return classify(url).url or url.strip()


def canonical_key(url: str, base: str | None = None) -> str | None:
    """What is equal for two addresses of the same thing: the article's id, else host and path.

    The host is without ``www.``, the path without doubled and closing slashes; a query that is not
    tracking stays. None for what is external or invalid.
    """
    address = classify(url, base)
    if address.id or not address.url:
        return address.id
    page, question, query = address.url.removeprefix("https://").partition("?")
    return page.removeprefix("www.").rstrip("/") + question + query


def is_id(text: str) -> bool:
    """Whether a text has the form of an article's id."""
    return bool(_ID.fullmatch(text) or _NUMBERED_ID.fullmatch(text))


def id_time(article_id: str, now: datetime | None = None) -> datetime | None:
    """When the article was created, by its id: to the second, in +07:00.

    None where the text is not an id, or one of 2004-10, or decodes to before 2010 or later than a
    day after ``now`` (an aware moment; by default the clock's).
    """
    if not _ID.fullmatch(article_id):
        return None
    seconds = int(article_id[:6], 36)
    latest = (now.timestamp() if now else time.time()) + _DAY
    return datetime.fromtimestamp(seconds, WIB) if _EARLIEST <= seconds <= latest else None


def part_number(url: str) -> int:
    """N of an article's ``-partN`` address, 0 for its first page and for all else."""
    if not article_id(url):
        return 0
    path = url.partition("#")[0].partition("?")[0].strip().rstrip("/")
    return _trimmed(_ascii(path.rpartition("/")[2]).lower(), gallery=False)[1]


def absolute_url(base: str, url: str) -> str:
    """As `urljoin`, which takes several times as long for what is absolute already.

    Raises ValueError where ``urljoin`` does.
    """
    return url if url.startswith(("https://", "http://")) else urljoin(base, url)


def is_republika_host(host: str | None) -> bool:
    """Whether the host serves the site: republika.co.id, a sister domain, or one name below them.

    A machine's own names (localhost.republika.co.id) and deeper ones are none of the site's, nor
    are the paid ePaper (republika.id) and unrelated sites of the group.
    """
    return host is not None and _OWN_HOST.fullmatch(host.lower()) is not None


def _absolute(url: str) -> str:
    if url.startswith("//"):
        return f"https:{url}"
    if url.startswith("/"):
        return f"https://republika.co.id{url}"
    return f"https://{url}" if is_republika_host(re.split("[/?#]", url, maxsplit=1)[0]) else url


def _ascii(text: str) -> str:
    """The path or query with what a browser would percent-encode encoded."""
    if text.isascii() and " " not in text:
        return text
    return quote(text, safe="!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~")


def _article(parts: list[str]) -> tuple[str, list[str], str] | None:
    """Read the path after ``/berita`` and the like, lower-cased.

    Gives the id, the parts without what the canonical address leaves out, and ``part`` or
    ``photo`` where that made the address one's own page, else ``""``.
    """
    place, dated = _id_place(parts)
    if place is None:
        return None
    before, token, after = parts[:place], parts[place], parts[place + 1 :]
    gallery = any("inpicture" in part or "in-picture" in part for part in before)
    if after:
        last, number, photo = _trimmed(after[-1], gallery=False)
        # After sections an empty slug stays: without one the id would not be told from them.
        after = [*after[:-1], last or after[-1]] if last or before else []
    else:
        token, number, photo = _trimmed(token, gallery)
    identifier = _identifier(token, before, dated=dated)
    if identifier is None:
        return None
    return identifier, [*before, token, *after], "photo" if photo else "part" if number else ""


def _identifier(token: str, before: list[str], *, dated: bool) -> str | None:
    """The id that stands at its place in a path, which after a date has its slug."""
    match = (_ID_WITH_SLUG if dated else _ID).fullmatch(token)
    if match and _is_id(identifier := match[1] if dated else token):
        return identifier
    number = token.partition("-")[0] if dated else token
    is_early = before[-3] <= _LAST_OF_NUMBERS if dated else not before
    return f"{NUMBERED}-{number}" if is_early and _ARTICLE_NUMBER.fullmatch(number) else None


def _id_place(parts: list[str]) -> tuple[int | None, bool]:
    """Where the id stands by the form of the path, and whether after a date with its slug."""
    count = len(parts)
    if count > 2 and (date := _DATE.search(path := "/".join(parts))):
        return (path.count("/", 0, date.end()) if date.end() < len(path) else None), True
    if count < 2:
        return (0 if parts else None), False
    # /{kanal}/{id} and /{kanal}/{sub}/{id} are seldom met: a word must not pass there for an id.
    behind_kanal = count == 3 or (count == 2 and parts[0] in SECTIONS)
    if behind_kanal and not _is_id(parts[-2]) and not parts[-1].isalpha() and _is_id(parts[-1]):
        return count - 1, False
    return count - 2, False


def _is_id(text: str) -> bool:
    match = _ID.fullmatch(text)
    if not match or text in _SUBS_LIKE_IDS:
        return False
    # Later ones without a suffix are rare; with a digit they cannot be a word.
    is_word = not match[1] and text.isalpha()
    latest = _LATEST_BARE if is_word else time.time() + _DAY
    return _EARLIEST <= int(text[:6], 36) <= latest


def _trimmed(slug: str, gallery: bool) -> tuple[str, int, bool]:
    """The slug without what is added at its end; the part's number and whether a photo's was."""
    if "%" in slug:
        while (clean := _NBSP.sub("", slug)) != slug:
            slug = clean
    number, photo = 0, False
    while True:
        slug = slug.rstrip("-")
        rest, hyphen, ending = slug.rpartition("-")
        if hyphen and (match := _PART.fullmatch(ending)):
            number = number or int(match[1])
        elif hyphen and gallery and _PHOTO.fullmatch(ending):
            photo = True
        else:
            return slug, number, photo
        slug = rest


def _kind(host: str, parts: list[str]) -> str:
    """The kind of an address of the site that shows no article; the parts are lower-cased."""
    first, second = [*parts, "", ""][:2]
    name = host.partition(".")[0] if host.endswith(".republika.co.id") else ""
    if name in _ASSET_HOSTS:
        return "asset"
    if name in _NETWORK_HOSTS or (first in _POSTS and _NUMBER.fullmatch(second)):
        return "network"
    kanal_host = name != "" and name not in _GENERIC_HOSTS
    if not parts:
        return "section" if kanal_host else "home"
    if first == "berita":
        return _kind_without_article(parts[1:])
    if (first, second) == ("page", "penulis"):
        return "author"
    if (first, second) == ("indeks", "hot_topic"):
        return "tag"
    if parts[-1].endswith(".asp"):
        return "legacy"
    if _SITEMAP.search(parts[-1]):
        return "feed"
    if first in _LISTS:
        return _LISTS[first]
    if _FILE.search(parts[-1]):
        return "asset"
    own_sections = kanal_host or not host.endswith("republika.co.id")
    if own_sections and _RUBRIC.fullmatch(first) and (not second or _NUMBER.fullmatch(second)):
        return "section"
    return "other"


def _kind_without_article(parts: list[str]) -> str:
    """Of a path after ``/berita`` without an id: a listing, an id of no time, or nothing."""
    if not parts or (len(parts) <= 2 and parts[0] in SECTIONS):
        return "section"
    place, _ = _id_place(parts)
    if place is None or _ID_WITH_SLUG.fullmatch(parts[place]):
        return "other"
    return "invalid"
