"""One page read: each method answers one question that the record asks."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from crawler.article import Article, content_hash
from crawler.dates import iso, parse_date
from crawler.errors import CutOff, NotAnArticle, ParseError
from crawler.parsers import unknown
from crawler.parsers.body import furniture
from crawler.parsers.body.cleaner import read_body
from crawler.parsers.body.tail import followed, stray, take_tail_off
from crawler.parsers.bylines import add_new, split_byline
from crawler.parsers.doubts import doubts, is_short, second_opinion
from crawler.parsers.excerpt import Incomplete, refuse_open_text
from crawler.parsers.fields import Surroundings, first, holds, text_holder, words
from crawler.parsers.identity import (
    refuse_nameless,
    refuse_notice,
    refuse_other_article,
    refuse_other_pages,
)
from crawler.parsers.layouts import AMP, LAYOUTS, Layout
from crawler.parsers.moment import midnight, plausible, published
from crawler.parsers.nature import kind_of, language_of
from crawler.parsers.page import Page, clean_title
from crawler.parsers.parsed import ParsedPage
from crawler.parsers.photos import gallery, head_photo
from crawler.parsers.text import meaningful, squeeze
from crawler.urls import classify, id_time, part_number

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from crawler.parsers.body.account import Dropped

_MINUTE = timedelta(minutes=1)
PARSER_VERSION = "3"  # raised with every change of what a record says

_LONGEST_DATE = 300  # characters of the element that prints it
_WEEKDAY = r"(?:Senin|Selasa|Rabu|Kamis|Jum.?at|Sabtu|Ahad|Minggu|\w+day)"
_PRINTED_DATE = re.compile(
    rf"(?:{_WEEKDAY}\s*,?\s*)?\d{{1,2}}\s+[A-Za-z]+\s+\d{{4}}"
    r"(?:\s*[,|]?\s*(?:pukul\s+)?\d{1,2}[:.]\d{2}(?:\s*(?:WIB|WITA|WIT)\b)?)?"
)
_KIND_PREFIX = re.compile(r"in\s?pictures?\s*:\s*", re.IGNORECASE)
_NAMED_ID = re.compile(r"/(?:berita|amp)/+([a-z0-9]{6}\d*)(?:/|$)")
_PAID_ID = re.compile(r"[a-z0-9]{6}\d{2,}25000")


class Reader:
    """Reads one page; each property is one question that the record answers."""

    def __init__(self, page: Page, *, is_cut_off: bool = False) -> None:
        self.page = page
        self.is_cut_off = is_cut_off
        self.address = classify(page.url)
        same = page.canonical == page.url
        self.canonical = self.address if same else classify(page.canonical or "", page.url)
        self.id = self._id()
        if self.canonical.id != self.id:
            refuse_other_article(page, self.id)
        self.found: unknown.Found | None = None
        self.layout, self.root, self.container = self._locate()

    def _id(self) -> str:
        """The id in the address; one that is not a clock counts if the page calls itself by it."""
        if self.address.id:
            return self.address.id
        named = _NAMED_ID.search(self.page.url)
        if named and f"/{named[1]}" in (self.page.canonical or ""):
            return named[1]
        raise NotAnArticle("address", f"the address names no article: {self.page.url[:200]}")

    # -- where things stand ------------------------------------------------------------------

    def _locate(self) -> tuple[Layout | None, LexborNode, LexborNode]:
        """The layout, the element around all fields, and the one that holds the text."""
        body = self.page.body
        if (layout := _layout_of(self.page)) and layout is not AMP:
            # An excerpt is nothing else.
            root = body if self.page.excerpt else first(body, layout.root) or body
            if container := text_holder(root, layout.body):
                if self.page.excerpt:
                    refuse_open_text(container)
                return layout, root, container
        if self.page.excerpt:
            raise Incomplete
        refuse_other_pages(self.page, self.canonical)
        if self.is_cut_off:
            raise CutOff("the page breaks off before the text")
        self.found = unknown.find(self.page, self.id)
        self.fragment = LexborHTMLParser(self.found.fragment)
        container = self.fragment.body and self.fragment.body.child
        if self.fragment.body is None or container is None:
            raise ParseError("no text of an article was found in the page")
        return None, self.fragment.body, container

    @cached_property
    def around(self) -> Surroundings:
        return Surroundings(self.page.whole, self.container)

    def _text(self, selectors: str, separator: str = " ") -> str:
        return words(first(self.root, selectors), separator) if selectors else ""

    # -- the record --------------------------------------------------------------------------

    def read(self) -> ParsedPage:
        if self.is_cut_off and not followed(self.container):
            raise CutOff("the page breaks off within the text")
        parts = self._parts()
        is_part = (
            bool(parts)
            or self.page.has_pagination(self.id)
            or (self.found is not None and self.found.is_part)
        )
        raw_title = self._title()
        title = _KIND_PREFIX.sub("", raw_title)
        section = self._section()
        kind = self._kind(raw_title, section)
        # Everything else in the page is read before the container is taken apart.
        lead = self._lead(title)
        clock = id_time(self.id)
        published_raw, published_at, published_from = published(
            self._printed_date(clock), self._stated, clock
        )
        if published_from == "id" and (published_raw or self._stated):
            refuse_nameless(self.page)
        reporters, editors = self._byline()
        images = gallery(self.page) if kind == "gallery" else []
        if self.found:
            images = images or self.found.images
        elif self.layout:
            images = images or head_photo(self.page, self.layout, self.root, lambda: self.around)
        dropped: Dropped = []
        tail = take_tail_off(self.container, self.root, dropped)
        below = stray(self.container, self.root)
        body = read_body(self.container, self.page.url, title, self.id, below)
        for line in tail:
            add_new(body.sources, furniture.source_names(line) or [])
        if self.page.excerpt and self.page.excerpt.names_source_below:
            raise Incomplete
        if not body.paragraphs:
            raise ParseError("the article has no text")
        if not body.is_opened:
            is_signed = bool(published_raw or reporters or editors) or kind != "article"
            refuse_notice(title, body.paragraphs, is_signed=is_signed)
        text = "\n\n".join(body.paragraphs)
        dropped = [*body.dropped, *dropped, *(self.found.dropped if self.found else ())]
        doubted = list(doubts(body, dropped))
        is_part = is_part or body.cut or self._is_teaser(editors)
        if self.layout and kind == "article" and not is_part and is_short(text, self.page):
            doubted += filter(None, [second_opinion(self.page, self.id, text)])
        urls = {image.url for image in images}
        article = Article(
            id=self.id,
            url=self._url(),
            title=title,
            lead=lead,
            published_at=iso(published_at),
            published_raw=published_raw,
            published_from=published_from,
            modified_at=self._modified(published_at),
            section=" > ".join(section) or None,
            reporters=reporters or body.authors,
            editors=editors or body.editors,
            sources=body.sources,
            dateline=body.dateline,
            body=text,
            word_count=len(text.split()),
            language=language_of(text),
            kind=kind,
            partial=is_part or bool(doubted),
            layout=self.layout.name if self.layout else "amp" if self.page.is_amp else "generic",
            content_hash=content_hash(title, lead, text),
            parser_version=PARSER_VERSION,
            tags=self.found.tags if self.found else self.page.keywords or self._tag_links(),
            images=images + [image for image in body.images if image.url not in urls],
            related=body.related,
        )
        return ParsedPage(article, parts, tuple(doubted), tuple(dropped))

    def _url(self) -> str:
        if self.canonical.id == self.id and self.canonical.kind in ("article", "part", "photo"):
            return self.canonical.url or self.page.url
        return self.address.url or self.page.url.strip()

    def _title(self) -> str:
        if self.found:
            return self.found.title
        node = first(self.root, self.layout.title) if self.layout else None
        # Inline markup stands inside words too; a line break between them.
        printed = words(node, " " if node.css_first("br") else "") if node else ""
        title = clean_title(printed) or self.page.title
        if not title:
            headline = self.page.whole.css_first("h1")
            title = clean_title(words(headline, "")) if headline else None
        if not title:
            raise ParseError("the article has no title")
        return title

    def _lead(self, title: str) -> str | None:
        """The printed teaser; a text in the head alone repeats the opening and does not count."""
        if self.found:
            return self.found.lead
        if self.layout and (lead := meaningful(self._text(self.layout.lead, ""))):
            return lead
        header = first(self.root, self.layout.header) if self.layout else None
        if header and self.layout:
            taken = [
                first(header, field)
                for field in (self.layout.title, self.layout.date, self.layout.byline)
            ]
            for child in header.iter():
                phrase = words(child, "")
                if (
                    meaningful(phrase)
                    and phrase != title
                    and not any(node and child.html and holds(child, node) for node in taken)
                    and "SHARE" not in phrase
                    and len(phrase) > 2 * sum(len(words(link)) for link in child.css("a"))
                    and not (furniture.list_heading(phrase) or furniture.is_furniture(phrase))
                ):
                    return phrase
            return None
        description = self.page.description
        if description and description != title and self.layout and self.layout.name == "amp":
            return description if self.around.has_text(description) else None
        return None

    @cached_property
    def _stated(self) -> datetime | None:
        """The moment of publication by the head."""
        stated = self.found.published if self.found else self.page.published
        return parse_date(stated or "")

    def _printed_date(self, clock: datetime | None) -> tuple[str, datetime] | None:
        if self.found:
            for date in self.found.dates:
                # A day alone is midnight, which lies before the article's own time.
                if plausible(date[1], clock) or (clock and date[1] == midnight(clock)):
                    return date
            return None
        if self.layout:
            for selector in self.layout.date.split(", "):
                for node in self.root.css(selector):
                    phrase = words(node)[:_LONGEST_DATE]
                    match = _PRINTED_DATE.search(phrase)
                    phrase = squeeze(match[0]) if match else phrase
                    moment = parse_date(phrase)
                    if moment:
                        return phrase, moment
        for phrase, moment in self.around.dates():
            if plausible(moment, clock):
                return phrase, moment
        return None

    def _modified(self, first: datetime) -> str | None:
        told = self.found.modified if self.found else self.page.modified
        if told == self.page.published:
            return None
        modified = parse_date(told or "")
        if modified is None or modified - max(first, self._stated or first) < _MINUTE:
            return None
        return iso(modified)

    def _byline(self) -> tuple[list[str], list[str]]:
        if self.found:
            return self.found.reporters, self.found.editors
        if self.layout:
            for selector in self.layout.byline.split(", "):
                for node in self.root.css(selector):
                    reporters, editors = split_byline(words(node))
                    if reporters or editors:
                        return reporters, editors
        return self.around.byline()

    def _section(self) -> list[str]:
        if self.found:
            return self.found.section
        crumbs = first(self.page.body, self.layout.breadcrumb) if self.layout else None
        crumbs = crumbs or self.around.breadcrumb()
        names = [words(link) for link in crumbs.css("a")] if crumbs else []
        return [name for name in names if name and name.casefold() != "home"]

    def _kind(self, title: str, section: list[str]) -> str:
        if self.layout and self.layout.kind != "article":
            return self.layout.kind
        return kind_of(title, section, (self.canonical.url or "", self.page.url))

    def _tag_links(self) -> list[str]:
        links = self.root.css(".wrap_blok_tag a, .tag-wrap a, .tags a, .tagging a")
        tags = (
            words(link).lstrip("#").strip()
            for link in links
            if "/" in (link.attributes.get("href") or "")
        )
        found = list(dict.fromkeys(tag for tag in tags if tag))
        if not found and self.page.excerpt:  # they may stand below
            raise Incomplete
        return found

    def _parts(self) -> tuple[str, ...]:
        """Addresses of the article's further pages, in their order."""
        if self.page.excerpt:  # such a page has none
            return ()
        found: dict[int, str] = {}
        links = self.page.body.css('a[href*="-part"]') if "-part" in self.page.text else []
        for link in links:
            url = urljoin(self.page.url, link.attributes.get("href") or "")
            address = classify(url)
            if address.id == self.id and (number := part_number(url)):
                found.setdefault(number, url.partition("#")[0])
        return tuple(found[number] for number in sorted(found))

    # -- the text ----------------------------------------------------------------------------

    def _is_teaser(self, editors: list[str]) -> bool:
        return bool(_PAID_ID.fullmatch(self.id)) or editors == ["republika.id"]


def _layout_of(page: Page) -> Layout | None:
    """The layout that a page is set in, by what it contains; None for an unknown one."""
    if page.is_amp:
        return AMP
    if page.excerpt:
        return page.excerpt.layout
    for layout in LAYOUTS:
        for marker in layout.markers:
            # The search of the text costs next to nothing, and mostly finds nothing.
            if marker in page.text and page.body.css_first(f".{marker}"):
                return layout
    return None
