"""One page to one record: the fields put together, checked against each other."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import repeat
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from crawler.article import Article, content_hash
from crawler.dates import iso, parse_date
from crawler.urls import classify, id_time, part_number

from . import furniture, unknown
from .body import Body, add_new, read_body
from .bylines import split_byline
from .errors import CutOff, NotAnArticle, ParseError
from .excerpt import Incomplete, excerpt, refuse_open_text
from .fields import Surroundings, first, words
from .fragment import prune
from .layouts import Layout, layout_of
from .page import Page, clean_title, is_cut_off, page_bytes, page_text
from .photos import gallery, head_photo
from .tail import followed, stray, take_tail_off
from .text import meaningful, squeeze

if TYPE_CHECKING:
    from collections.abc import Generator

    from selectolax.lexbor import LexborNode

PARSER_VERSION = "1"

_LISTING_ITEMS = "ul.wrap-latest > li a, div.set_subkanal a, div.wp-indeks a"
_LISTINGS = {"index", "tag", "section", "author", "search", "feed"}
# The id is made when the article is: it is published then, or up to half a day later.
_EARLIEST = timedelta(hours=-1)
_LATEST = timedelta(hours=24)
_MISTAKEN = timedelta(days=30)  # so far from the clock, page and head are wrong together
_MINUTE = timedelta(minutes=1)
# The longest articles have a few hundred.
_MAX_FRAGMENT_TAGS = 40_000
_LONGEST_DATE = 300  # characters of the element that prints it
_WEEKDAY = r"(?:Senin|Selasa|Rabu|Kamis|Jum.?at|Sabtu|Ahad|Minggu|\w+day)"
_PRINTED_DATE = re.compile(
    rf"(?:{_WEEKDAY}\s*,?\s*)?\d{{1,2}}\s+[A-Za-z]+\s+\d{{4}}"
    r"(?:\s*[,|]?\s*(?:pukul\s+)?\d{1,2}[:.]\d{2}(?:\s*(?:WIB|WITA|WIT)\b)?)?"
)
_KINDS = (
    ("gallery", re.compile(r"in\s?picture|galeri foto|\brana\b", re.IGNORECASE)),
    ("infographic", re.compile(r"infografi[sk]", re.IGNORECASE)),
    ("video", re.compile(r"^video\b|\bvideo$", re.IGNORECASE)),
)
_KIND_PATHS = {"inpicture": "gallery", "infografis": "infographic", "video": "video"}
_VIDEO_TITLE = re.compile(r"video\s*:", re.IGNORECASE)
_KIND_PREFIX = re.compile(r"in\s?pictures?\s*:\s*", re.IGNORECASE)
_INDONESIAN = """
    yang dan di ke dari untuk dengan ini itu pada tidak akan dalam adalah juga
""".split()
_ENGLISH = """
    the of and to in that is for was with on as by are has will from at
""".split()
_WEIGHTS = dict.fromkeys(_INDONESIAN, 1) | dict.fromkeys(_ENGLISH, -1)
_MAX_PARTS = 30  # the longest articles of the site have some ten pages
_NAMED_ID = re.compile(r"/(?:berita|amp)/+([a-z0-9]{6}\d*)(?:/|$)")
_PAID_SUFFIX = re.compile(r"\d{2,}25000")


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A record, and the addresses of the article's further pages that its page names."""

    article: Article
    parts: tuple[str, ...]


def parse_page(html: bytes | str, url: str) -> ParsedPage:
    """Like `crawler.parsers.parse_article`, with the article's further pages."""
    html = page_bytes(html)
    if part := excerpt(html):
        try:
            return _Reader(Page(part, url)).read()
        except (Incomplete, NotAnArticle, ParseError):
            pass  # what the excerpt lacks may stand elsewhere in the page
    return parse_whole(html, url)


def parse_whole(html: bytes, url: str) -> ParsedPage:
    """Like `parse_page`, but never from an excerpt of the page."""
    text = page_text(html)
    return _Reader(Page(text, url), is_cut_off=is_cut_off(text)).read()


def whole_article(page: ParsedPage) -> Generator[str, ParsedPage | None, Article]:
    """The record of an article with the text of all its pages, ``page`` being the first.

    A generator: it yields the address of each further page, and is sent what stands there, or None
    where that cannot be had; then the record is partial. It returns the record.
    """
    waiting = list(page.parts)
    parts: list[Article] = []
    complete = True
    for url in waiting:  # which grows while pages name further ones
        part = yield url
        if part is None:
            complete = False
            continue
        parts.append(part.article)
        waiting += [more for more in part.parts if more not in waiting][: _MAX_PARTS - len(waiting)]
    return join_parts(page.article, parts, complete=complete) if waiting else page.article


def join_parts(article: Article, parts: list[Article], *, complete: bool) -> Article:
    """One record of a multi-part article with the whole text, no paragraph twice.

    ``parts`` are the records of its further pages in their order; ``complete`` says whether they
    are all there. Nothing but text, photos and links is taken from them.
    """
    paragraphs = article.body.split("\n\n")
    known = set(paragraphs)
    images, related, sources = list(article.images), list(article.related), list(article.sources)
    for part in parts:
        for paragraph in part.body.split("\n\n"):
            if paragraph not in known:
                known.add(paragraph)
                paragraphs.append(paragraph)
        urls = {image.url for image in images}
        images += [image for image in part.images if image.url not in urls]
        related += [link for link in part.related if link not in related]
        add_new(sources, part.sources)
    body = "\n\n".join(paragraphs)
    return replace(
        article,
        body=body,
        word_count=len(body.split()),
        partial=int(not complete),
        images=images,
        related=related,
        sources=sources,
        content_hash=content_hash(article.title, article.lead, body),
    )


class _Reader:
    """Reads one page; each property is one question that the record answers."""

    def __init__(self, page: Page, *, is_cut_off: bool = False) -> None:
        self.page = page
        self.is_cut_off = is_cut_off
        self.address = classify(page.url)
        same = page.canonical == page.url
        self.canonical = self.address if same else classify(page.canonical or "", page.url)
        self.id = self._id()
        self.found: unknown.Found | None = None
        self.layout, self.root, self.container = self._locate()

    def _id(self) -> str:
        """The id in the address; one that is no clock counts if the page calls itself by it."""
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
        if layout := layout_of(self.page):
            # An excerpt is nothing else.
            root = body if self.page.excerpt else first(body, layout.root) or body
            if container := first(root, layout.body):
                if self.page.excerpt:
                    refuse_open_text(container)
                return layout, root, container
        if self.page.excerpt:
            raise Incomplete
        self._refuse_other_pages()
        if self.is_cut_off:
            raise CutOff("the page breaks off before the text")
        self.found = unknown.find(self.page, self.id)
        self.fragment = LexborHTMLParser(self.found.fragment)
        container = self.fragment.body and self.fragment.body.child
        if self.fragment.body is None or container is None:
            raise ParseError("no text of an article was found in the page")
        return None, self.fragment.body, container

    @property
    def _claims_article(self) -> bool:
        metas = self.page.metas
        return bool(
            self.canonical.id
            or self.page.news
            or metas.get("og:type") == "article"
            or metas.get("article:published_time")
        )

    def _refuse_other_pages(self) -> None:
        """Say what a page is that has no article in a layout we know."""
        title = self.page.title or ""
        if wall := self.page.wall:
            raise NotAnArticle("challenge", wall)
        if self.canonical.kind == "home":
            raise NotAnArticle("home", "the home page is shown in place of the article")
        if self.canonical.kind in _LISTINGS:
            raise NotAnArticle("listing", f"a listing is shown: {self.page.canonical}")
        if not self._claims_article and self.page.body.css_first(_LISTING_ITEMS):
            raise NotAnArticle("listing", "a listing is shown")
        if (
            not self._claims_article
            and "berita terkini" in (self.page.metas.get("title") or title).lower()
        ):
            raise NotAnArticle("home", "the home page is shown in place of the article")

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
        raw_title = self._title()
        title = _KIND_PREFIX.sub("", raw_title)
        section = self._section()
        kind = self._kind(raw_title, section)
        # Everything else in the page is read before the container is taken apart.
        lead = self._lead(title)
        published_raw, published_at, published_from = self._published()
        reporters, editors = self._byline()
        images = gallery(self.page) if kind == "gallery" else []
        if self.found:
            images = images or self.found.images
        elif self.layout:
            images = images or head_photo(self.page, self.layout, self.root, lambda: self.around)
        tail = take_tail_off(self.container, self.root)
        body = self._body(title)
        for line in tail:
            add_new(body.sources, furniture.source_names(line) or [])
        if self.page.excerpt and self.page.excerpt.names_source_below:
            raise Incomplete
        if not body.paragraphs:
            raise ParseError("the article has no text")
        text = "\n\n".join(body.paragraphs)
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
            editors=editors,
            sources=body.sources,
            dateline=body.dateline,
            body=text,
            word_count=len(text.split()),
            language=_language(text),
            kind=kind,
            partial=int(
                bool(parts) or self._has_pagination or body.cut or self._is_teaser(editors)
            ),
            layout=self.layout.name if self.layout else "generic",
            content_hash=content_hash(title, lead, text),
            parser_version=PARSER_VERSION,
            tags=self.found.tags if self.found else self.page.keywords or self._tag_links(),
            images=images + [image for image in body.images if image.url not in urls],
            related=body.related,
        )
        return ParsedPage(article, parts)

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
        """The printed teaser; what only the head says repeats the opening and is none."""
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
                said = words(child, "")
                if (
                    meaningful(said)
                    and said != title
                    and not any(node and child.html and _holds(child, node) for node in taken)
                    and "SHARE" not in said
                    and len(said) > 2 * sum(len(words(link)) for link in child.css("a"))
                    and not (furniture.list_heading(said) or furniture.is_furniture(said))
                ):
                    return said
            return None
        description = self.page.description
        if description and description != title and self.layout and self.layout.name == "amp":
            return description if self.around.says(description) else None
        return None

    @cached_property
    def _stated(self) -> datetime | None:
        """The moment of publication by the head."""
        stated = self.found.published if self.found else self.page.published
        return parse_date(stated or "")

    def _published(self) -> tuple[str | None, datetime, str]:
        """As printed, the moment, and where it was read."""
        clock = id_time(self.id)
        printed = self._printed_date(clock)
        stated = self._stated
        raw, moment = printed or (None, None)
        if (
            moment
            and stated
            and moment == stated.replace(second=0, microsecond=0)
            and _near(moment, clock)
        ):
            return (raw, stated, "metadata") if stated.second else (raw, moment, "page")
        if moment and _plausible(moment, clock):
            return raw, moment, "page"
        if stated and _plausible(stated, clock):
            return raw, stated, "metadata"
        if moment and stated and _near(moment, clock):
            return raw, moment, "page"
        if clock:
            return raw, clock, "id"
        raise ParseError("the article has no date")

    def _printed_date(self, clock: datetime | None) -> tuple[str, datetime] | None:
        if self.found:
            for date in self.found.dates:
                # A day alone is midnight, which lies before the article's own time.
                if _plausible(date[1], clock) or (clock and date[1] == _midnight(clock)):
                    return date
            return None
        if self.layout:
            for selector in self.layout.date.split(", "):
                for node in self.root.css(selector):
                    said = words(node)[:_LONGEST_DATE]
                    match = _PRINTED_DATE.search(said)
                    said = squeeze(match[0]) if match else said
                    moment = parse_date(said)
                    if moment:
                        return said, moment
        for said, moment in self.around.dates():
            if _plausible(moment, clock):
                return said, moment
        return None

    def _modified(self, published: datetime) -> str | None:
        if self.page.modified == self.page.published:
            return None
        modified = parse_date(self.page.modified or "")
        if modified is None or modified - max(published, self._stated or published) < _MINUTE:
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
        for kind, pattern in _KINDS:
            if any(pattern.search(name) for name in section) or (
                pattern.match(title) and (kind != "video" or _VIDEO_TITLE.match(title))
            ):
                return kind
        for address in (self.canonical.url or "", self.page.url):
            path = address.partition("/berita/")[2].partition("/")[0]
            if path in _KIND_PATHS:
                return _KIND_PATHS[path]
        return "article"

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

    @property
    def _has_pagination(self) -> bool:
        return (
            not self.page.excerpt  # such a page has none
            and "pagination" in self.page.text
            and self.page.body.css_first(".pagination a") is not None
        )

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

    def _body(self, title: str) -> Body:
        prune(self.container)
        fragment = (self.container.html or "") + stray(self.container, self.root)
        if fragment.count("<") > _MAX_FRAGMENT_TAGS:
            raise ParseError(f"the article has more than {_MAX_FRAGMENT_TAGS:,} tags")
        return read_body(fragment, self.page.url, title)

    def _is_teaser(self, editors: list[str]) -> bool:
        return bool(_PAID_SUFFIX.fullmatch(self.id[6:])) or editors == ["republika.id"]


def _plausible(moment: datetime, clock: datetime | None) -> bool:
    return clock is None or _EARLIEST <= moment - clock <= _LATEST


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0)


def _near(moment: datetime, clock: datetime | None) -> bool:
    return clock is None or abs(moment - clock) < _MISTAKEN


def _holds(outer: LexborNode, inner: LexborNode) -> bool:
    node: LexborNode | None = inner
    while node is not None:
        if node.mem_id == outer.mem_id:
            return True
        node = node.parent
    return False


def _language(text: str) -> str:
    found = text[:1000].lower().split()  # some 150 words tell
    return "en" if sum(map(_WEIGHTS.get, found, repeat(0))) < 0 else "id"
