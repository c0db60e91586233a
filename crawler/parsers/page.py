"""A page taken in: bytes to text, text to a tree, and what its head says about itself."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from typing import Any, AnyStr

import orjson
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.errors import CutOff, ParseError
from crawler.parsers.excerpt import Excerpt, Incomplete, refuse_unbalanced
from crawler.parsers.text import meaningful, without_markup
from crawler.urls import Address, classify

_UTF8_SEQUENCE = re.compile(r"[^\x00-\x7f\ufffd]")
_SUFFIX = re.compile(r"\s*(?:\||-|–)\s*Republika(?:\s+Online|\.co\.id)?\s*$", re.IGNORECASE)
_NAME = re.compile(
    r"(?:(?:https?://)?(?:www\.)?Republika(?:\s+Online|\.co\.id)?[\s/|–-]*)+", re.IGNORECASE
)
# Tags that do not nest, or that the next one of their kind closes.
_FLAT = frozenset(
    """
    p li br img hr input meta link td tr th dt dd option area base col embed source track
    wbr html head body
""".split()
)
# Real pages hold up to 2,000 tags, 40 deep. The tree builder's time grows with the square of the
# depth and of a tag's attributes, so a page far from that is measured before it is given in.
_MANY_TAGS = 4_000
_LAST = 4_000  # characters in which a whole page has its end
_LARGE = 3 * _MANY_TAGS  # the fewest characters that this many tags have
_MAX_TAGS = 1_000_000
_MAX_DEPTH = 600
_MAX_ATTRIBUTES = 1_000
_LONG_TAG = 25_000  # characters
# The page as the tree builder goes through it: comments, scripts and the like, in which no tag
# stands, and tags, with what is quoted in them. What is not closed goes on to the end.
_PIECES = re.compile(
    r"""<!--(?:-?>|.*?(?:--!?>|\Z))"""
    r"""|<(script|style|title|textarea|iframe|xmp|noembed|noframes)(?=[\s/>]).*?(?:</\1(?=[\s/>])|\Z)"""
    r"""|<(?P<closes>/?)(?P<name>[a-z][^\s/>]*)"""
    r"""(?P<rest>(?:[\s/]++|[^\s/>][^\s/>=]*+"""  # quotes count after = only
    r"""(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+|(?=>)|\Z))?+)*+)""",
    re.DOTALL | re.IGNORECASE,
)
_QUOTED = re.compile(r"""(?:"[^"]*+"|'[^']*+')""")
_BETWEEN_ATTRIBUTES = re.compile(r"[\s/=]+")
_NOSCRIPT_START = "<noscript"
_NOSCRIPT = re.compile(r"<noscript\b[^>]*+>.*?</noscript\s*>", re.DOTALL | re.IGNORECASE)
_PAGE_OF = re.compile(r"[?&]page=(?:[2-9]|\d\d|all\b)")  # a further page, or all in one
_WALL = re.compile(
    r"just a moment|attention required|cf-chl|challenge-platform|g-recaptcha|h-captcha"
    r"|checking your browser|access denied|request unsuccessful",
    re.IGNORECASE,
)
_HEAD = 'title, meta[content], link[rel="canonical"], script[type="application/ld+json"]'
# The first keywords meta is the article's; pages of 2015-16 have the site's own after it.
_SITE_KEYWORDS = ("jurnalisme warga", "english version")


class Page:
    """One page as a tree (``tree``), with the values of its meta elements and JSON-LD.

    ``source`` is what `page_text` gives, or an excerpt of that.
    """

    def __init__(self, source: str | Excerpt, url: str) -> None:
        self.url = url
        self.excerpt = source if isinstance(source, Excerpt) else None
        self.text: str  # of an excerpt what stands in the body
        html: bytes | str
        if isinstance(source, Excerpt):
            self.text = self.unscripted = source.column
            html = source.html
            if not _is_ordinary(html, b"<", b">"):
                _refuse_bombs(html.decode())
            if source.has_noscript:
                html = _without_noscript(html.decode())
        else:
            self.text = html = _without_noscript(source)
            self.unscripted = source  # with what it shows where no script runs
            if not _is_ordinary(source, "<", ">"):
                _refuse_bombs(source)
        self.tree = LexborHTMLParser(html)
        if self.tree.body is None or self.tree.head is None:
            raise ParseError("the page holds no HTML")
        self.body: LexborNode = self.tree.body
        if self.excerpt:
            refuse_unbalanced(self.body)
        self.metas: dict[str, str] = {}  # content by name or property; the first of a name counts
        self.news: dict[str, Any] = {}  # the JSON-LD object of the article
        self.canonical: str | None = None  # rel=canonical, else og:url, as the page has it
        self._named: list[str] = []  # the texts of title elements
        self._addresses: dict[str, Address] = {}
        self._read_head()

    def _read_head(self) -> None:
        """Take in all that the head says, in one pass; broken pages have parts of it elsewhere."""
        for node in self.tree.css(_HEAD):
            attributes = node.attributes
            match node.tag:
                case "meta":
                    name = attributes.get("property") or attributes.get("name")
                    if name:
                        self.metas.setdefault(name.lower(), attributes.get("content") or "")
                case "link":
                    self.canonical = self.canonical or (attributes.get("href") or "").strip()
                case "title":
                    self._named.append(node.text())
                case _:
                    self.news = self.news or _news(node.text())
        self.canonical = self.canonical or self.metas.get("og:url", "").strip() or None

    def leads_to(self, link: LexborNode) -> Address:
        """What the address of a link is; each address is looked at once."""
        href = link.attributes.get("href") or ""
        if href not in self._addresses:
            self._addresses[href] = classify(href, self.url)
        return self._addresses[href]

    @property
    def whole(self) -> LexborNode:
        """The body of the whole page, with all that stands outside the article."""
        if self.excerpt:
            raise Incomplete
        return self.body

    def has_pagination(self, identifier: str) -> bool:
        """Whether the page leads to further pages of this article."""
        if self.excerpt:  # whose page has no such class
            may_name = self.excerpt.names_page
        elif "pagination" in self.text and self.body.css_first(".pagination a"):
            return True
        else:
            may_name = "page=" in self.text
        links = self.body.css("a[href*='page=']") if may_name else []
        addresses = (link.attributes.get("href") or "" for link in links)
        return any(
            _PAGE_OF.search(address) and classify(address, self.url).id == identifier
            for address in addresses
        )

    @property
    def is_amp(self) -> bool:
        root = self.tree.root
        return root is not None and ("amp" in root.attributes or "⚡" in root.attributes)

    @property
    def titles(self) -> list[str]:
        """The titles that the head gives, without the site's name; the best first."""
        titles = (self.metas.get("og:title"), self.news.get("headline"), *self._named)
        clean = (clean_title(title) for title in titles if isinstance(title, str))
        return [title for title in clean if title]

    @property
    def title(self) -> str | None:
        """The best title that the head gives."""
        return next(iter(self.titles), None)

    @property
    def description(self) -> str | None:
        """The head's description of the article."""
        return meaningful(self.metas.get("description") or self.metas.get("og:description"))

    @property
    def wall(self) -> str | None:
        """What the page says if it is a wall against robots, and no page of the site's own."""
        if _WALL.search(self.title or "") or (not self.canonical and _WALL.search(self.text)):
            return f"a wall against robots answers: {self.title or 'untitled'}"
        return None

    @property
    def published(self) -> str | None:
        """The moment of publication that the head gives, as it stands there."""
        value = self.metas.get("article:published_time") or self.news.get("datePublished")
        return value if isinstance(value, str) else None

    @property
    def modified(self) -> str | None:
        """The moment of the last change that the head gives, as it stands there."""
        value = self.metas.get("article:modified_time") or self.news.get("dateModified")
        return value if isinstance(value, str) else None

    @property
    def keywords(self) -> list[str]:
        """The article's tags."""
        words = self.metas.get("keywords") or ""
        if any(word in words.lower() for word in _SITE_KEYWORDS):
            return []
        tags = (meaningful(tag) for tag in words.split(","))
        return list(dict.fromkeys(tag for tag in tags if tag))


def find_wall(html: bytes | str, url: str) -> str | None:
    """The text of a bot challenge; None for any other page, and for what is not a page."""
    try:
        return Page(page_text(html), url).wall
    except ParseError:
        return None


def clean_title(title: str) -> str | None:
    """A title without markup and without the site's name; None where nothing is left."""
    title = without_markup(title)
    return None if _NAME.fullmatch(title) else meaningful(_SUFFIX.sub("", title))


def page_bytes(html: bytes | str) -> bytes:
    """A page as the server sends one: UTF-8, if it was decoded before.

    A lone surrogate, which is half a character and none, is replaced.
    """
    if isinstance(html, bytes):
        return html
    try:
        return html.encode()
    except UnicodeEncodeError:
        return html.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def page_text(html: bytes | str) -> str:
    """A page's text; raises ParseError for what is not a page."""
    text = _decoded(page_bytes(html)).replace("\x00", "")
    if not text or text.isspace():
        raise CutOff("the page is empty")
    if "<" not in text:
        raise ParseError("the page holds no HTML")
    return text


def is_cut_off(text: str) -> bool:
    """Whether a page was not sent to its end."""
    return "</html" not in text[-_LAST:].lower()


def _without_noscript(html: str) -> str:
    """A page without what is for browsers without scripts: within a paragraph it has no end."""
    return _NOSCRIPT.sub("", html) if _NOSCRIPT_START in html else html


def _is_ordinary(html: AnyStr, opening: AnyStr, closing: AnyStr) -> bool:
    """Whether a page has no more tags, and none longer, than one that need not be measured.

    ``opening`` and ``closing`` are the beginning and the end of a tag.
    """
    if len(html) > _LARGE and html.count(opening) > _MANY_TAGS:
        return False
    return all(  # few pages have so much without a tag's beginning or end
        html.find(opening, start, start + _LONG_TAG) >= 0
        and html.find(closing, start, start + _LONG_TAG) >= 0
        for start in range(0, len(html), _LONG_TAG)
    )


def _refuse_bombs(text: str) -> None:
    """Raise ParseError for a page that is built to stall the tree builder."""
    if text.count("<") > _MAX_TAGS:
        raise ParseError(f"the page has more than {_MAX_TAGS:,} tags")
    open_tags: list[str] = []
    number: Counter[str] = Counter()  # of them, by name
    for tag in _PIECES.finditer(text):
        if (name := tag["name"]) is None:
            continue
        name = name.lower()
        rest = tag["rest"]
        if len(rest) > _LONG_TAG:
            between = _BETWEEN_ATTRIBUTES.findall(_QUOTED.sub("", rest))
            if len(between) > _MAX_ATTRIBUTES:
                raise ParseError(f"a tag of the page has more than {_MAX_ATTRIBUTES:,} attributes")
        if name in _FLAT:
            continue
        if not tag["closes"]:
            open_tags.append(name)
            number[name] += 1
            if len(open_tags) > _MAX_DEPTH:
                raise ParseError(f"the page nests its tags more than {_MAX_DEPTH} deep")
        elif number[name]:  # it closes what was opened within, too
            while (inner := open_tags.pop()) != name:
                number[inner] -= 1
            number[name] -= 1


def _decoded(html: bytes) -> str:
    """Text of a page's bytes.

    The site sends UTF-8 whatever a page declares, so UTF-8 is believed first, a few damaged
    characters notwithstanding; only bytes that are mostly no UTF-8 are read as windows-1252.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if html.startswith(mark):
            return html.decode(encoding, "replace")
    try:
        return html.decode()
    except UnicodeDecodeError:
        text = html.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    if damaged > len(text) // 20:
        raise ParseError("the page is binary data")
    if len(_UTF8_SEQUENCE.findall(text)) >= damaged:
        return text
    return html.decode("windows-1252", "replace")


def _news(script: str) -> dict[str, Any]:
    """The article's object of a JSON-LD script; empty where none can be read."""
    try:
        data = orjson.loads(script)
    except ValueError:
        try:
            data = json.loads(script, strict=False)  # lets line breaks pass
        except (ValueError, RecursionError):
            return {}  # broken JSON-LD is common, and everything in it stands elsewhere too
    if isinstance(data, dict):
        data = data.get("@graph", [data])
    for item in data if isinstance(data, list) else []:
        if isinstance(item, dict) and "Article" in str(item.get("@type")):
            return item
    return {}
