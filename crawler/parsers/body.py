"""The text of an article: the body's fragment in, clean paragraphs out.

Only the fragment is given to BeautifulSoup: the whole page would cost it fifteen times as much.
What is text and what is not is decided by what a line says and how it is set, hardly ever by a
class name, so that the same rules hold for every layout, for one that nobody knows too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from crawler.article import Image, Related
from crawler.urls import classify

from . import furniture
from .datelines import split_opening
from .text import meaningful, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCKS = frozenset(
    """
    p div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 blockquote article section main aside header
    footer table tbody thead tr pre address center body html [document]
""".split()
)
_CELLS = frozenset(("td", "th"))
_IMAGES = frozenset(("img", "amp-img"))
_INLINE_BACA = re.compile(r"\b(?:Baca|BACA)\s+(?:[Jj]uga|JUGA)\s*:\s*")
# What stands between the tags of blocks and means nothing: white space, comments, empty paragraphs.
# They only cost BeautifulSoup time.
_MEANINGLESS = re.compile(
    r"(</?(?:p|div|ul|ol|li|h[1-6]|blockquote|table|tbody|tr|section|article)\b[^<>]*>)"
    r"(?:\s+|<!--.*?-->|<p\b[^<>]*>(?:\s|&nbsp;)*</p>)+",
    re.DOTALL,
)
_EMBED_HOSTS = re.compile(
    r"//(?:www\.)?(?:instagram|twitter|x|tiktok|facebook)\.com/", re.IGNORECASE
)
_QUOTE = tuple("\"'“‘”’«")
# Enough paragraphs to hold an author line, a heading and the place.
_OPENING = 4


@dataclass(slots=True)
class Body:
    """What the fragment holds. ``cut``: a line says that the whole text stands elsewhere."""

    paragraphs: list[str] = field(default_factory=list)
    dateline: str | None = None
    authors: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    cut: bool = False


@dataclass(slots=True)
class _Line:
    raw: str
    text: str
    links: list[tuple[str, str]]  # text, address

    @property
    def only_links(self) -> bool:
        return bool(self.links) and self.text == " ".join(text for text, _ in self.links if text)


@dataclass(slots=True)
class _Paragraph:
    lines: list[_Line]
    tag: str


@dataclass(slots=True)
class _Photo:
    url: str
    alt: str | None
    caption: str | None = None
    credit: str | None = None


def read_body(fragment: str, base: str, title: str) -> Body:
    """Read the fragment of a page that holds its text; ``base`` resolves relative links."""
    soup = BeautifulSoup(_MEANINGLESS.sub(r"\1", fragment), "lxml", multi_valued_attributes=None)
    if "<blockquote" in fragment:
        _take_embeds_out(soup)
    cleaner = _Cleaner(base, title)
    for item in _items(soup, base):
        if cleaner.over:
            break
        cleaner.take(item)
    return cleaner.result()


class _Cleaner:
    """Goes through the fragment's paragraphs and photos in their order, and sorts them."""

    def __init__(self, base: str, title: str) -> None:
        self.base = base
        self.title = title
        self.over = False
        self.body = Body()
        self._kept: list[_Paragraph] = []
        self._photos: list[_Photo] = []
        self._photo: _Photo | None = None  # the photo just passed: what follows may be its caption
        self._list: str | None = None  # the kind of link list whose heading was just passed

    def take(self, item: _Paragraph | _Photo) -> None:
        if isinstance(item, _Photo):
            self._photos.append(item)
            self._photo = item
            return
        if self._photo and item.tag == "blockquote" and self._is_caption(item):
            self._photo.caption = " ".join(line.text for line in item.lines)
            self._photo = None
            return
        lines = [line for line in item.lines if self._keeps(line, item.tag)]
        if lines:
            self._kept.append(_Paragraph(lines, item.tag))
            self._photo = None

    def _is_caption(self, item: _Paragraph) -> bool:
        return not item.lines[0].text.startswith(_QUOTE)

    def _keeps(self, line: _Line, tag: str) -> bool:
        """Whether the line is text; what it carries besides is put where it belongs."""
        if self.over:
            return False
        if furniture.is_end(line.text):
            self.over = True
            return False
        heading = furniture.list_heading(line.text)
        if heading:
            self._list = heading
            return False
        if self._list and line.only_links and (self._list == "baca" or tag == "li"):
            if self._list == "baca":
                self._relate(line.links)
            return False
        self._list = None
        title = furniture.baca_title(line.text)
        if title is not None:
            if not title.strip(" )]"):
                self._list = "baca"
            elif not furniture.is_furniture(title):
                self._relate(line.links)
            return False
        sources = furniture.source_names(line.text)
        if sources is not None:
            add_new(self.body.sources, sources)
            return False
        caption = furniture.caption_line(line.text)
        if caption:
            if self._photo:
                self._photo.caption, self._photo.credit = caption.caption, caption.credit
                self._photo = None
            return False
        if self._photo and line.text in (self._photo.alt, self._photo.caption):
            self._photo.caption = line.text
            return False
        if furniture.is_furniture(line.text):
            self.body.cut |= furniture.is_cut(line.text)
            return False
        if tag == "h1" and line.text == self.title:
            return False
        self._strip_asides(line)
        return bool(line.text)

    def _strip_asides(self, line: _Line) -> None:
        """Take a Baca Juga that stands inside a paragraph out of it."""
        if "aca" not in line.text and "ACA" not in line.text:
            return
        match = _INLINE_BACA.search(line.text)
        link = match and next(
            (link for link in line.links if line.text.startswith(link[0], match.end())), None
        )
        if match and link:
            self._relate([link])
            rest = line.text[match.end() + len(link[0]) :]
            line.text = line.raw = squeeze(line.text[: match.start()] + " " + rest)
        short = furniture.without_asides(line.text)
        if short != line.text:
            self._relate(link for link in line.links if link[0] not in short)
            line.text = line.raw = squeeze(short)

    def _relate(self, links: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> None:
        for title, url in links:
            address = classify(url, self.base)
            if address.kind == "invalid" or not meaningful(title):
                continue
            self.body.related.append(
                Related(related_id=address.id, url=urljoin(self.base, url), title=title)
            )

    def result(self) -> Body:
        head = "\n\n".join(
            "\n".join(line.raw for line in paragraph.lines) for paragraph in self._kept[:_OPENING]
        )
        opening = split_opening(head)
        self.body.dateline, self.body.authors = opening.dateline, opening.authors
        paragraphs = [
            "\n".join(filter(None, map(squeeze, part.split("\n"))))
            for part in opening.rest.split("\n\n")
        ]
        paragraphs += [
            "\n".join(line.text for line in rest.lines) for rest in self._kept[_OPENING:]
        ]
        self.body.paragraphs = [paragraph for paragraph in paragraphs if paragraph]
        self.body.images = [
            Image(url=photo.url, caption=photo.caption or photo.alt, credit=photo.credit)
            for photo in self._photos
        ]
        return self.body


def add_new(known: list[str], more: list[str]) -> None:
    """Append what is not in the list yet, whatever its case."""
    folded = {item.casefold() for item in known}
    known += [item for item in more if item.casefold() not in folded]


def _take_embeds_out(soup: BeautifulSoup) -> None:
    """Posts of social networks are quoted by a block that links to them; they are no text."""
    for quote in soup.find_all("blockquote"):
        if any(_EMBED_HOSTS.search(str(link.get("href", ""))) for link in quote.find_all("a")):
            quote.decompose()


def _items(soup: BeautifulSoup, base: str) -> Iterator[_Paragraph | _Photo]:
    """Paragraphs and photos in the order of the page."""
    owner: Tag | None = None
    runs: list[tuple[str, Tag | None]] = []
    for node in soup.descendants:
        if isinstance(node, Tag):
            if node.name == "br":
                runs.append(("\n", None))
            elif node.name in _CELLS:
                runs.append((" ", None))
            elif node.name in _IMAGES and (photo := _photo(node, base)):
                yield from _paragraphs(runs, owner)
                runs = []
                yield photo
            continue
        if type(node) is not NavigableString:
            continue  # a comment
        block, link = _owner(node)
        if block is not owner:
            if not node.strip():
                continue
            yield from _paragraphs(runs, owner)
            owner, runs = block, []
        runs.append((node.replace("\r", " ").replace("\n", " "), link))
    yield from _paragraphs(runs, owner)


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


def _paragraphs(runs: list[tuple[str, Tag | None]], owner: Tag | None) -> Iterator[_Paragraph]:
    """One line break is a line break; two, or one alone on its line, end the paragraph."""
    lines: list[_Line] = []
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
            yield _Paragraph(lines, tag)
            lines = []


def _role(owner: Tag | None) -> str:
    """The name of the block, or of the list item or quotation that it stands in."""
    outer = owner
    while outer is not None:
        if outer.name == "li" or outer.name == "blockquote":
            return outer.name
        outer = outer.parent
    return owner.name if owner is not None else ""


def _line(runs: list[tuple[str, Tag | None]]) -> _Line | None:
    raw = "".join(text for text, _ in runs)
    text = squeeze(raw)
    if not text:
        return None
    links: list[tuple[str, str]] = []
    seen: list[Tag] = []
    for _, link in runs:
        if link is not None and not any(link is known for known in seen):
            seen.append(link)
            label = squeeze("".join(text for text, owner in runs if owner is link))
            links.append((label, str(link.get("href", ""))))
    return _Line(raw, text, links)


def _photo(tag: Tag, base: str) -> _Photo | None:
    """The photo of an image element, unless it is a placeholder or no image of the site's."""
    source = str(tag.get("data-original") or tag.get("data-src") or tag.get("src") or "").strip()
    if not source or source.startswith("data:") or "placeholder" in source:
        return None
    try:
        url = urljoin(base, source)
    except ValueError:
        return None
    photo = _Photo(url, meaningful(str(tag.get("alt") or "")))
    figure = tag.find_parent("figure")
    if figure and (caption := figure.find("figcaption")):
        photo.caption = meaningful(caption.get_text(" "))
        caption.decompose()
    return photo
