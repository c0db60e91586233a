"""What an article says, before it is set in a layout; and what stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

WIB = timezone(timedelta(hours=7))
_TAG_LINK = re.compile(r"\[([^]]*)\]\(([a-z0-9-]+)\)")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def at(hour: int, minute: int, second: int = 0, *, day: int = 15) -> datetime:
    """A moment of August 2022 in western Indonesia."""
    return datetime(2022, 8, day, hour, minute, second, tzinfo=WIB)


def article_id(moment: datetime, suffix: str = "900") -> str:
    """The id of what was made at ``moment``: base-36 seconds, then the editor's number."""
    seconds, clock = int(moment.timestamp()), ""
    while seconds:
        seconds, digit = divmod(seconds, 36)
        clock = _DIGITS[digit] + clock
    return clock + suffix


def slug(title: str) -> str:
    """The title as it stands in an address."""
    return re.sub(r"[^a-z0-9 ]", "", title.lower()).replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another article; without a ``host`` it is relative to the page."""

    title: str
    made: datetime
    host: str | None = "republika.co.id"

    @property
    def id(self) -> str:
        return article_id(self.made)

    @property
    def path(self) -> str:
        return f"/berita/{self.id}/{slug(self.title)}"

    @property
    def href(self) -> str:
        return f"https://{self.host}{self.path}" if self.host else self.path


@dataclass(frozen=True, slots=True)
class Photo:
    url: str
    caption: str | None
    credit: str | None


@dataclass(frozen=True, slots=True)
class P:
    """A paragraph; ``[ words ](tag)`` is a link to a tag, ``\\n`` a line break."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Quoted speech, set off as a block: it is text."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    texts: tuple[str, ...]
    tag: Literal["ol", "ul"]


@dataclass(frozen=True, slots=True)
class Aside:
    """What stands among the paragraphs and is not text."""

    html: str


@dataclass(frozen=True, slots=True)
class BacaJuga:
    """Links to other articles, in one of the forms that the site has for them."""

    form: Literal["picked", "taiching", "strong", "bare", "paren", "unlinked"]
    links: tuple[Link, ...]


Block = P | Heading | Quote | Items | Aside | BacaJuga


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article. ``opening`` is the HTML before its first paragraph, ``dateline`` what it says.

    ``made`` is the moment in the id, ``printed`` the one on the page (to the minute), ``stated``
    the one in the metadata (to the second; None where the layout has none). ``author_line`` names
    the reporter where the by-line does not. ``continued`` stands on a second page.
    """

    kanal: str
    layout: Literal["newrol", "rol", "wrap_detail", "republika2023", "amp"]
    title: str
    made: datetime
    printed: datetime
    opening: str
    body: tuple[Block, ...]
    dateline: str | None = None
    suffix: str = "900"
    lead: str | None = None
    stated: datetime | None = None
    modified: datetime | None = None
    reporters: tuple[str, ...] = ("Contoh Reporter",)
    editors: tuple[str, ...] = ("Contoh Redaktur",)
    author_line: str | None = None
    sources: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    photos: tuple[Photo, ...] = ()
    continued: tuple[Block, ...] = ()
    language: Literal["id", "en"] = "id"
    kind: Literal["article", "gallery"] = "article"
    partial: bool = False
    style: Literal["plain", "spaced", "br"] = "plain"
    empty_h1: bool = False

    @property
    def id(self) -> str:
        return article_id(self.made, self.suffix)

    @property
    def host(self) -> str:
        return f"{self.kanal}.republika.co.id"

    @property
    def url(self) -> str:
        return f"https://{self.host}/berita/{self.id}/{slug(self.title)}"

    @property
    def published(self) -> datetime:
        """The metadata knows the second; but where it names another minute, the page is right."""
        same = self.stated and self.stated.replace(second=0) == self.printed
        return self.stated if self.stated and same else self.printed

    @property
    def text(self) -> str:
        return "\n\n".join(_paragraphs(self.body + self.continued))

    @property
    def related(self) -> list[Link]:
        return [
            Link(link.title, link.made, link.host or self.host)
            for block in self.body + self.continued
            if isinstance(block, BacaJuga) and block.form != "unlinked"
            for link in block.links
        ]


def linked(text: str, link: str) -> str:
    """Paragraph text with its tag links put in; ``link`` is a replacement of words and tag."""
    return _TAG_LINK.sub(link, text)


def _paragraphs(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case P(text) | Heading(text) | Quote(text):
                yield linked(text, r"\1")
            case Items(texts):
                yield from texts


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a date index."""

    kanal: str
    printed: datetime
    title: str
    url: str
    external: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """An article on the index that becomes no record; ``state`` and ``why`` are what a run says."""

    kanal: str
    title: str
    made: datetime
    printed: datetime
    state: Literal["gone", "rejected"]
    why: str

    @property
    def id(self) -> str:
        return article_id(self.made)

    @property
    def url(self) -> str:
        return f"https://{self.kanal}.republika.co.id/berita/{self.id}/{slug(self.title)}"


def photo(name: str, stamp: str, caption: str | None, credit: str | None) -> Photo:
    folder = "https://static.republika.co.id/uploads/images/inpicture_slide"
    return Photo(f"{folder}/{name}_{stamp}.jpg", caption, credit)


def ad(number: str, words: str | None = None) -> Aside:
    """An ad slot of layout wrap_detail, with the words that it shows."""
    label = f'<span class="ads-label">{words}</span>' if words else ""
    return Aside(
        f'<div id="div-gpt-ad-{number}-0" class="ads detail_text"'
        ' style="margin:0px auto; width:300px; height:auto;">'
        f"{label}<script>googletag.cmd.push(function() {{"
        f" googletag.display('div-gpt-ad-{number}-0'); }});</script></div>"
    )


# What stands around an article: headlines of other days, and the day the page was asked for.
HEADLINES = (
    (
        "Nusantara",
        "Sabtu , 13 Aug 2022, 20:32 WIB",
        Link("Jalur Sepeda Baru Mulai Dicat di Pusat Kota", at(20, 30, day=13)),
    ),
    (
        "Pertanian",
        "Ahad , 14 Aug 2022, 11:11 WIB",
        Link("Panen Raya Bawang Merah Dimulai Pekan Depan", at(11, 8, day=14)),
    ),
    (
        "Bisnis",
        "12 August 2022, 12:35",
        Link("Kerajinan Rotan Desa Tembus Pasar Mancanegara", at(12, 31, day=12)),
    ),
    (
        "Travelling",
        "7 menit yang lalu",
        Link("Stasiun Kecil di Kaki Bukit Kembali Layani Penumpang", at(7, 59, day=16)),
    ),
)
PAGE_DATE = "Tuesday, 18 Muharram 1444 / 16 August 2022"
PAGE_DATE_ID = "Selasa, 18 Muharram 1444 / 16 Agustus 2022"
RECOMMENDED = "Selasa , 16 Aug 2022, 06:06 WIB"
