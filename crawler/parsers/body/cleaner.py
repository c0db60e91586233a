"""The text of an article: the body's fragment in, clean paragraphs out.

What is text and what is not is decided by what a line says and how it is set, hardly ever by a
class name, so that the same rules hold for every layout, an unknown one too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.article import Image, Related
from crawler.errors import ParseError
from crawler.parsers.body import furniture
from crawler.parsers.body.account import Drop, Dropped, unaccounted, visible_text
from crawler.parsers.body.boxes import drop_boxes
from crawler.parsers.body.controls import is_control
from crawler.parsers.body.fragment import Line, Paragraph, Photo, prune, read_fragment
from crawler.parsers.body.links import Links
from crawler.parsers.body.marks import marks_of
from crawler.parsers.bylines import add_new, is_byline, split_byline
from crawler.parsers.datelines import find_brand, split_opening
from crawler.parsers.text import meaningful, squeeze

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

# A Baca Juga in the middle of a line, before its link.
_INLINE_BACA = re.compile(r"\b(?:[Bb]aca(?:\s+[Jj]uga)?\s*:|BACA(?:\s+JUGA)?\s*:|Baca\s+Juga\b)\s*")
_SENDER = re.compile(r"\(?pengirim\s*:\s*(.{2,80}?)\)?", re.IGNORECASE)  # of a reader's letter
_BYLINE = 100  # characters
_PLAIN_BLOCKS = frozenset("div td section aside".split())  # no paragraph is meant by them
_QUOTE = tuple("\"'“‘”’«")
_OPENING = 4  # paragraphs: enough to hold an author line, a heading and the place
_SEARCHED = 8  # paragraphs in which the opening may stand
_SUMMARY = 400  # characters that may stand before it
_MAX_TAGS = 40_000  # the longest articles have a few hundred


@dataclass(slots=True)
class Body:
    """What the fragment holds.

    ``is_opened``: brand, place or authors open it; ``cut``: a line says that the whole text stands
    elsewhere; ``lost``: how many characters are neither kept nor dropped by a rule.
    """

    paragraphs: list[str] = field(default_factory=list)
    dateline: str | None = None
    authors: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    is_opened: bool = False
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
    marks = marks_of(container.html or "")
    drop_boxes(container, marks, base, own_id, dropped)
    prune(container, marks, dropped)
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
        self.links = Links(base)
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

    def take(self, item: Paragraph | Photo) -> None:
        if isinstance(item, Photo):
            if not self._over and self._list != "baca":  # there it is a link's thumbnail
                self._photos.append(item)
                self._photo = item
            return
        if item.tag == "figcaption" or (self._photo and self._is_caption(item)):
            text = " ".join(line.text for line in item.lines)
            if item.tag == "credit" and self._photo:
                self._photo.credit = self._photo.credit or meaningful(text)
            else:
                self._caption(text)
            self._drop("caption", text)
            return
        lines = [line for line in item.lines if self._keeps(line, item.tag)]
        if lines:
            self._kept.append(Paragraph(lines, item.tag))
            self._photo = None

    def _is_caption(self, item: Paragraph) -> bool:
        """What is named so, below a photo; and a block quotation, unless somebody is quoted."""
        first = item.lines[0].text
        return item.tag in ("caption", "credit") or (
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
        """Put a piece of text down as left out; False, as it is not kept."""
        self.body.dropped.append(Drop(rule, text, len(self._kept)))
        return False

    def _keeps(self, line: Line, tag: str) -> bool:
        """Whether the line is text; what it carries besides is put where it belongs."""
        if self._is_surely_text(line.text, tag):
            return True
        if rule := self._rule(line, tag):
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
        if furniture.is_furniture(text) or furniture.is_gate(text):
            self.body.cut |= furniture.is_cut(text) or furniture.is_gate(text)
            return "furniture"
        if self._is_of_list(line, tag) or self._is_baca(line):
            return "Baca Juga" if self._list != "other" else "list of links"
        if self._leads_elsewhere(line, tag):
            return "list of links"
        if is_control(line.text, line.links):
            return "control"
        if self._is_byline(text):
            return "by-line"
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
            or (line.only_links and any(map(self.links.is_article, line.links)))
        )

    def _is_surely_text(self, text: str, tag: str) -> bool:
        """Whether no rule can be meant for the line: a cheap pre-check, true of most."""
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
        leads_away = line.only_links and any(map(self.links.is_article, line.links))
        titles_only = self._list == "baca" and tag == "li" and not line.links
        if not leads_away and not (titles_only and len(line.text) < 200):
            return False
        self._list_tag = tag
        if self._list == "baca":
            self.links.relate(line.links)
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
        self.links.relate(line.links)
        return not self._cut_title_off(line)

    def _leads_elsewhere(self, line: Line, tag: str) -> bool:
        """Whether the line is links to other articles after a label, or in a block of their own."""
        if not line.links or not all(map(self.links.is_article, line.links)):
            return False
        start = furniture.label_end(line.text)
        return line.only_links_from(start) if start else line.only_links and tag in _PLAIN_BLOCKS

    def _is_byline(self, text: str) -> bool:
        """Whether the line names who sent, wrote or edited the text, and nothing else."""
        sender = _SENDER.fullmatch(text)
        if not sender and (len(text) > _BYLINE or text.endswith(".") or not is_byline(text)):
            return False
        reporters, editors = split_byline(f"Pengirim: {sender[1]}" if sender else text)
        self._senders += reporters
        self.body.editors += editors
        return bool(sender or reporters or editors)

    def _cut_title_off(self, line: Line) -> bool:
        """Leave the sentence that follows a linked title on the same line, if one does."""
        title = line.links[0][0] if len(line.links) == 1 else ""
        after = line.text.partition(title)[2] if title else ""
        if len(after) < 40 or not after.rstrip("\"'”’").endswith((".", "?", "!")):
            return False
        self._drop("Baca Juga", line.text.removesuffix(after))
        line.shorten(after)
        return True

    def _strip_asides(self, line: Line) -> None:
        """Take a Baca Juga that stands inside a paragraph out of it."""
        if not furniture.may_name_baca(line.text):
            return
        for aside in furniture.asides(line.text):
            self._drop("Baca Juga", aside)
            self.links.relate(link for link in line.links if link[0] in aside)
            line.shorten(line.text.replace(aside, "", 1))
        place = 0
        while match := _INLINE_BACA.search(line.text, place):
            place = match.end()
            for link in line.links:
                if link[0] and line.text.startswith(link[0], match.end()):
                    self.links.relate([link])
                    end = furniture.mark_end(line.text, match.end() + len(link[0]))
                    self._drop("Baca Juga", line.text[match.start() : end])
                    line.shorten(line.text[: match.start()] + " " + line.text[end:])
                    place = match.start()
                    break

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
            self.body.is_opened = True
            self.body.dropped.append(Drop("opening", opened, start))
        paragraphs = ["\n".join(line.text for line in paragraph.lines) for paragraph in before]
        paragraphs += [
            "\n".join(filter(None, map(squeeze, part.split("\n"))))
            for part in opening.rest.split("\n\n")
        ]
        rest = self._kept[start + _OPENING :]
        paragraphs += ["\n".join(line.text for line in paragraph.lines) for paragraph in rest]
        self.body.paragraphs = [paragraph for paragraph in paragraphs if paragraph]
        self.body.related = self.links.related
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
