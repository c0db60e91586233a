"""The fragment of a page that holds its text, as paragraphs and photos in their order.

Only the fragment is given to BeautifulSoup: the whole page would cost it fifteen times as much.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from crawler.dates import parse_date
from crawler.urls import classify

from . import furniture
from .text import meaningful, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCKS = frozenset(
    """
    p div li ul ol dl dt dd hr figure h1 h2 h3 h4 h5 h6 blockquote article section main aside header
    footer table tbody thead tr pre address center figcaption body html
    [document]
""".split()
)
_CELLS = frozenset(("td", "th"))
_IMAGES = frozenset(("img", "amp-img"))
_ROLES = frozenset(("li", "blockquote", "figcaption"))
# What stands between the tags of blocks and means nothing: white space, comments, empty paragraphs.
# They only cost BeautifulSoup time.
_MEANINGLESS = re.compile(
    r"(</?(?:p|div|ul|ol|li|h[1-6]|blockquote|table|tbody|tr|section|article)\b[^<>]*>)"
    r"(?:\s+|<!--.*?-->|<p\b[^<>]*>(?:\s|&nbsp;)*</p>)+",
    re.DOTALL,
)
_POST = re.compile(
    r"//(?:www\.)?(?:instagram\.com/(?:p|reel|tv)/|(?:twitter|x)\.com/\w+/status/"
    r"|tiktok\.com/@[^/]+/video/|facebook\.com/.+/(?:posts|videos)/)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Line:
    """One line of a paragraph: as it is set, squeezed, and its links as (text, address)."""

    raw: str
    text: str
    links: list[tuple[str, str]]

    @property
    def only_links(self) -> bool:
        """Whether nothing stands beside the links but a date or punctuation."""
        return self.only_links_from(0)

    def only_links_from(self, start: int) -> bool:
        """The same of the text from a place on."""
        if not self.links:
            return False
        rest = self.text[start:]
        for text, _ in self.links:
            rest = rest.replace(text[furniture.starts_baca(text) :] if start else text, "", 1)
        return not any(map(str.isalpha, rest)) or parse_date(rest) is not None

    def shorten(self, text: str) -> None:
        """Let the line say only this."""
        self.text = self.raw = squeeze(text)


@dataclass(slots=True)
class Paragraph:
    """Lines, and what they are set in: li, blockquote or figcaption, else the block itself."""

    lines: list[Line]
    tag: str


@dataclass(slots=True)
class Photo:
    """An image of the site's; ``alt`` stands for a caption where none is found."""

    url: str
    alt: str | None
    caption: str | None = None
    credit: str | None = None


def read_fragment(fragment: str, base: str) -> Iterator[Paragraph | Photo]:
    """Paragraphs and photos of a fragment; ``base`` resolves relative links."""
    soup = BeautifulSoup(_MEANINGLESS.sub(r"\1", fragment), "lxml", multi_valued_attributes=None)
    if "<blockquote" in fragment:
        _take_embeds_out(soup)
    return _items(soup, base)


def _take_embeds_out(soup: BeautifulSoup) -> None:
    """Posts of social networks are quoted by a block that links to them; they are no text."""
    for quote in soup.find_all("blockquote"):
        links = [str(link.get("href", "")) for link in quote.find_all("a")]
        if any(map(_POST.search, [*links, str(quote.get("cite", ""))])):
            quote.decompose()


def _items(soup: BeautifulSoup, base: str) -> Iterator[Paragraph | Photo]:
    """Paragraphs and photos in the order of the page."""
    owner: Tag | None = None
    runs: list[tuple[str, Tag | None]] = []
    photos: list[Photo] = []
    divided = False
    for node in soup.descendants:
        if isinstance(node, Tag):
            if node.name in _BLOCKS:
                divided = True  # also where the block turns out to hold no text
            elif node.name == "br":
                runs.append(("\n", None))
            elif node.name in _CELLS:
                runs.append((" ", None))
            elif node.name in _IMAGES and (photo := _photo(node, base)):
                photos.append(photo)
                runs.append((" ", None))  # inside a sentence it divides words only
                if not any(text.strip() for text, _ in runs):
                    yield from photos
                    photos = []
            continue
        if type(node) is not NavigableString:
            continue  # a comment
        block, link = _owner(node)
        if divided or block is not owner:
            if not node.strip():
                continue
            yield from _paragraphs(runs, owner)
            yield from photos
            owner, runs, photos, divided = block, [], [], False
        runs.append((node.replace("\r", " ").replace("\n", " "), link))
    yield from _paragraphs(runs, owner)
    yield from photos


def _owner(node: NavigableString) -> tuple[Tag | None, Tag | None]:
    """The block that a text stands in, and the link if it is a link's text."""
    block = link = None
    parent = node.parent
    while parent is not None:
        if parent.name == "a":
            link = link or parent
        elif block is None and parent.name in _BLOCKS:
            block = parent
        parent = parent.parent
    return block, link


def _paragraphs(runs: list[tuple[str, Tag | None]], owner: Tag | None) -> Iterator[Paragraph]:
    """One line break is a line break; two, or one alone on its line, end the paragraph."""
    lines: list[Line] = []
    line: list[tuple[str, Tag | None]] = []
    tag = _role(owner)
    for run in [*runs, ("\n", None), ("\n", None)]:
        if run[0] != "\n":
            line.append(run)
            continue
        made = _line(line)
        line = []
        if made:
            lines.append(made)
        elif lines:
            yield Paragraph(lines, tag)
            lines = []


def _role(owner: Tag | None) -> str:
    """The name of the block, or of the list item, quotation or caption that it stands in."""
    outer = owner
    while outer is not None:
        if outer.name in _ROLES:
            return outer.name
        outer = outer.parent
    return owner.name if owner is not None else ""


def _line(runs: list[tuple[str, Tag | None]]) -> Line | None:
    raw = "".join(text for text, _ in runs)
    text = squeeze(raw)
    if not text:
        return None
    labels: dict[int, tuple[Tag, list[str]]] = {}
    for said, link in runs:
        if link is not None:
            labels.setdefault(id(link), (link, []))[1].append(said)
    links = [(squeeze("".join(said)), str(link.get("href", ""))) for link, said in labels.values()]
    return Line(raw, text, links)


def _photo(tag: Tag, base: str) -> Photo | None:
    """The photo of an image element; icons, counters and images of other sites are none."""
    source = str(tag.get("data-original") or tag.get("data-src") or tag.get("src") or "").strip()
    try:
        url = urljoin(base, source)
    except ValueError:
        return None
    if "/uploads/" not in url or classify(url).kind != "asset":
        return None
    return Photo(url, meaningful(str(tag.get("alt") or "")))
