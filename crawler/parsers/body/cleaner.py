"""The text of an article: the body's fragment in, clean paragraphs out.

What is text and what is not is decided by what a line says and how it is set, hardly ever by a
class name, so that the same rules hold for every layout, for one that nobody knows too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.article import Image, Related
from crawler.parsers.body import furniture
from crawler.parsers.body.account import Drop, Dropped, unaccounted, visible_text
from crawler.parsers.body.boxes import drop_boxes
from crawler.parsers.body.controls import is_control
from crawler.parsers.body.fragment import Line, Paragraph, Photo, prune, read_fragment
from crawler.parsers.bylines import split_byline
from crawler.parsers.datelines import find_brand, split_opening
from crawler.parsers.errors import ParseError
from crawler.parsers.text import meaningful, squeeze
from crawler.urls import absolute_url, classify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selectolax.lexbor import LexborNode

    from crawler.urls import Address

# A Baca Juga in the middle of a line, before its link.
_INLINE_BACA = re.compile(r"\b(?:[Bb]aca(?:\s+[Jj]uga)?\s*:|BACA(?:\s+JUGA)?\s*:|Baca\s+Juga\b)\s*")
_SENDER = re.compile(r"\(?pengirim\s*:\s*(.{2,80}?)\)?", re.IGNORECASE)  # of a reader's letter
_QUOTE = tuple("\"'“‘”’«")
# Enough paragraphs to hold an author line, a heading and the place.
_OPENING = 4
_SEARCHED = 8  # paragraphs in which the opening may stand
_SUMMARY = 400  # characters that may stand before it
_MAX_SOURCES = 20
# The longest articles have a few hundred.
_MAX_TAGS = 40_000


@dataclass(slots=True)
class Body:
    """What the fragment holds.

    ``cut``: a line says that the whole text stands elsewhere; ``lost``: how many characters are
    neither kept nor dropped by a rule.
    """

    paragraphs: list[str] = field(default_factory=list)
    dateline: str | None = None
    authors: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    cut: bool = False
    dropped: Dropped = field(default_factory=list)
    lost: int = 0


def read_body(
    container: LexborNode, base: str, title: str, own_id: str = "", below: str = ""
) -> Body:
    """Read the element that holds the text, and take out of it what is not text.

    ``base`` resolves links; ``own_id`` is the article's; ``below`` is HTML of paragraphs that stand
    outside of the element. Raises ParseError for more tags than an article can have.
    """
    dropped: Dropped = []
    drop_boxes(container, base, own_id, dropped)
    prune(container, dropped)
    fragment = (container.html or "") + below
    if fragment.count("<") > _MAX_TAGS:
        raise ParseError(f"the article has more than {_MAX_TAGS:,} tags")
    cleaner = _Cleaner(base, title)
    for item in read_fragment(fragment, base):
        cleaner.take(item)
    body = cleaner.result()
    there = visible_text(fragment) if below else container.text()
    body.lost = unaccounted(there, body.paragraphs, body.dropped)
    body.dropped += dropped
    return body


class _Cleaner:
    """Goes through the fragment's paragraphs and photos in their order, and sorts them."""

    def __init__(self, base: str, title: str) -> None:
        self.base = base
        self.title = title
        self.body = Body()
        self._loaded = False  # the loader of the next article was passed
        self._over = False  # that article has begun; only a source line counts
        self._kept: list[Paragraph] = []
        self._photos: list[Photo] = []
        self._photo: Photo | None = None  # the photo just passed: what follows may be its caption
        self._list: str | None = None  # the kind of link list whose heading was just passed
        self._list_tag: str | None = None  # what its items are set in
        self._source_below = False  # "Sumber :" was a line of its own
        self._senders: list[str] = []
        self._addresses: dict[str, Address] = {}  # what links lead to

    def take(self, item: Paragraph | Photo) -> None:
        if isinstance(item, Photo):
            if not self._over and self._list != "baca":  # there it is a link's thumbnail
                self._photos.append(item)
                self._photo = item
            return
        if item.tag == "figcaption" or (self._photo and self._is_caption(item)):
            text = " ".join(line.text for line in item.lines)
            self._caption(text)
            self._drop("caption", text)
            return
        lines = [line for line in item.lines if self._keeps(line, item.tag)]
        if lines:
            self._kept.append(Paragraph(lines, item.tag))
            self._photo = None

    def _is_caption(self, item: Paragraph) -> bool:
        """A block quotation below a photo is its caption, unless somebody is quoted."""
        first = item.lines[0].text
        return (
            item.tag == "blockquote"
            and not first.startswith(_QUOTE)
            and furniture.baca_title(first) is None
        )

    def _caption(self, text: str) -> None:
        if self._photo is None:
            return
        text = furniture.without_counter(text)
        caption = furniture.caption_line(text, below_photo=True)
        if caption:
            self._photo.caption, self._photo.credit = caption.caption, caption.credit
        elif text.lower().startswith("foto:"):
            self._photo.credit = meaningful(text[5:])
        else:
            self._photo.caption = text

    def _drop(self, rule: str, text: str) -> bool:
        """Put a piece of text down as left out; gives False, as it is not kept."""
        self.body.dropped.append(Drop(rule, text, len(self._kept)))
        return False

    def _keeps(self, line: Line, tag: str) -> bool:
        """Whether the line is text; what it carries besides is put where it belongs."""
        if self._is_surely_text(line.text, tag):
            return True
        rule = self._rule(line, tag)
        if rule:
            return self._drop(rule, line.text)
        self._strip_asides(line)
        return bool(line.text)

    def _rule(self, line: Line, tag: str) -> str | None:
        """The rule by which a line is not text; None if it is."""
        text = line.text
        if self._is_source(text):
            return "source"
        if self._loaded and self._is_next_article(line, tag):
            self._over = True
        if self._over:
            return "after the end"
        if furniture.is_loader(text):
            self._loaded = True
            return "loader"
        if furniture.is_pager(text):
            self.body.cut = True
            return "pager"
        if furniture.is_furniture(text):
            self.body.cut |= furniture.is_cut(text)
            return "furniture"
        if self._is_of_list(line, tag) or self._is_baca(line):
            return "Baca Juga" if self._list != "other" else "list of links"
        if is_control(line.text, line.links):
            return "control"
        if sender := _SENDER.fullmatch(text):
            self._senders += split_byline(f"Pengirim: {sender[1]}")[0]
            return "sender"
        self._list = None
        if self._sets_caption(line, tag):
            self._caption(text)
            return "caption"
        return "title" if tag == "h1" and text == self.title else None

    def _sets_caption(self, line: Line, tag: str) -> bool:
        """Whether the line is the caption of the photo above it, or of one that is not there."""
        below = self._photo is not None
        if tag == "li" and not below:
            return False
        text = furniture.without_counter(line.text) if below else line.text
        return furniture.caption_line(text, below_photo=below) is not None or (
            self._photo is not None and line.text in (self._photo.alt, self._photo.caption)
        )

    def _is_next_article(self, line: Line, tag: str) -> bool:
        """Whether another article begins with a line after the loader: its title or opening."""
        return (
            tag in ("h1", "h2")
            or find_brand(line.raw) is not None
            or (line.only_links and any(map(self._is_article, line.links)))
        )

    def _is_surely_text(self, text: str, tag: str) -> bool:
        """Whether no rule can be meant for the line: told fast, and true of most."""
        return (
            len(text) > furniture.LONGEST
            and not (self._over or self._list or self._photo or self._source_below or tag == "h1")
            and not furniture.may_name_baca(text)
            and not furniture.may_be_caption(text)
        )

    def _is_source(self, text: str) -> bool:
        names = furniture.source_names(text)
        if names is None and self._source_below and len(text) <= 60:
            names = [text]
        self._source_below = names == []
        if names:
            add_new(self.body.sources, names)
        return names is not None

    def _is_of_list(self, line: Line, tag: str) -> bool:
        """Whether the line is the heading of a list of links, or an item of it."""
        heading = furniture.list_heading(line.text)
        if heading:
            self._list, self._list_tag = heading, None
            return True
        if self._list is None or self._list_tag not in (None, tag):
            return False
        leads_away = line.only_links and any(map(self._is_article, line.links))
        titles_only = self._list == "baca" and tag == "li" and not line.links
        if not leads_away and not (titles_only and len(line.text) < 200):
            return False
        self._list_tag = tag
        if self._list == "baca":
            self._relate(line.links)
        return True

    def _is_baca(self, line: Line) -> bool:
        """Whether the line is a Baca Juga; one before a sentence is only cut off."""
        title = furniture.baca_title(line.text)
        start = furniture.starts_baca(line.text)
        if title is None and not (start and line.only_links_from(start)):
            return False
        if title is not None and not title.strip(" )]"):
            self._list, self._list_tag = "baca", None
            return True
        self._relate(line.links)
        return not self._cut_title_off(line)

    def _cut_title_off(self, line: Line) -> bool:
        """Leave the sentence that follows a linked title on the same line, if one does."""
        title = line.links[0][0] if len(line.links) == 1 else ""
        behind = line.text.partition(title)[2] if title else ""
        if len(behind) < 40 or not behind.rstrip("\"'”’").endswith((".", "?", "!")):
            return False
        self._drop("Baca Juga", line.text.removesuffix(behind))
        line.shorten(behind)
        return True

    def _strip_asides(self, line: Line) -> None:
        """Take a Baca Juga that stands inside a paragraph out of it."""
        if not furniture.may_name_baca(line.text):
            return
        for aside in furniture.asides(line.text):
            self._drop("Baca Juga", aside)
            self._relate(link for link in line.links if link[0] in aside)
            line.shorten(line.text.replace(aside, "", 1))
        place = 0
        while match := _INLINE_BACA.search(line.text, place):
            place = match.end()
            for link in line.links:
                if link[0] and line.text.startswith(link[0], match.end()):
                    self._relate([link])
                    end = match.end() + len(link[0])
                    self._drop("Baca Juga", line.text[match.start() : end])
                    line.shorten(line.text[: match.start()] + " " + line.text[end:])
                    place = match.start()
                    break

    def _address(self, url: str) -> Address:
        if url not in self._addresses:
            self._addresses[url] = classify(url, self.base)
        return self._addresses[url]

    def _is_article(self, link: tuple[str, str]) -> bool:
        address = self._address(link[1])
        return address.id is not None or "/berita/" in (address.url or "")

    def _relate(self, links: Iterable[tuple[str, str]]) -> None:
        """Keep what links lead to: articles, or other sites; the site's tags and lists are none."""
        for title, url in links:
            address = self._address(url)
            title = title[furniture.starts_baca(title) :]
            wanted = self._is_article((title, url)) or address.kind == "external"
            if wanted and meaningful(title):
                self.body.related.append(
                    Related(related_id=address.id, url=absolute_url(self.base, url), title=title)
                )

    def result(self) -> Body:
        """The body."""
        start = self._opening()
        before = self._kept[:start]
        head = self._kept[start : start + _OPENING]
        text = "\n\n".join("\n".join(line.raw for line in paragraph.lines) for paragraph in head)
        opening = split_opening(text)
        self.body.dateline = opening.dateline
        self.body.authors = opening.authors or self._senders
        if opened := squeeze(text.removesuffix(opening.rest)):
            self.body.dropped.append(Drop("opening", opened, start))
        paragraphs = ["\n".join(line.text for line in paragraph.lines) for paragraph in before]
        paragraphs += [
            "\n".join(filter(None, map(squeeze, part.split("\n"))))
            for part in opening.rest.split("\n\n")
        ]
        rest = self._kept[start + _OPENING :]
        paragraphs += ["\n".join(line.text for line in paragraph.lines) for paragraph in rest]
        self.body.paragraphs = [paragraph for paragraph in paragraphs if paragraph]
        self.body.images = [
            Image(url=photo.url, caption=photo.caption or photo.alt, credit=photo.credit)
            for photo in self._photos
        ]
        return self.body

    def _opening(self) -> int:
        """Where the text opens: at the brand, or at the author line before it, else at the top.

        A summary may stand before it; a text that has begun can name the brand further down too,
        in a piece of a digest.
        """
        former, passed = "", 0
        for index, paragraph in enumerate(self._kept[:_SEARCHED]):
            if find_brand(paragraph.lines[0].raw) is not None:
                return index - 1 if former[:4].lower() == "oleh" else index
            former = paragraph.lines[-1].text
            passed += sum(len(line.text) for line in paragraph.lines)
            if index and passed > _SUMMARY:
                break
        return 0


def add_new(known: list[str], more: list[str]) -> None:
    """Append what is not in the list yet, whatever its case; no article names so many sources."""
    folded = {item.casefold() for item in known}
    if len(known) < _MAX_SOURCES:
        known += [item for item in more if item.casefold() not in folded]
