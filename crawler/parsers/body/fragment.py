"""The fragment of a page that holds its text, as paragraphs and photos in their order.

It is read off the HTML that the parser writes of its tree: there every tag is closed, every value
quoted and every ``<`` and ``>`` within escaped, so that one pass over the tags and the texts
between them will do. Objects for each of them would cost several times as much.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from crawler.dates import parse_date
from crawler.parsers.body import furniture
from crawler.parsers.body.account import put_down
from crawler.parsers.body.hidden import MAY_BE_HIDDEN, why_hidden
from crawler.parsers.text import meaningful, squeeze, unescaped
from crawler.urls import absolute_url, classify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from crawler.parsers.body.account import Dropped
    from crawler.parsers.body.marks import Marks

_BLOCKS = frozenset(
    """
    p div li ul ol dl dt dd hr figure h1 h2 h3 h4 h5 h6 blockquote article section main aside header
    footer table tbody thead tr pre address center figcaption form fieldset details summary nav
    dialog
""".split()
)
_ROLES = frozenset(("li", "blockquote", "figcaption"))
_IMAGES = frozenset(("img", "amp-img"))
# A comment, or a tag: whether it closes, its name, its attributes. Of the tags only those that mean
# something here: what else stands in a line is part of its text.
_TOLD = sorted({*_BLOCKS, *_IMAGES, "a", "br", "td", "th"}, reverse=True)
_TOKEN = re.compile(
    rf"<(?:!--.*?--|(/?)({'|'.join(_TOLD)})(?: ([^>]*))?|[^>]*)>",
    re.DOTALL,
)
# What the body's container holds besides text, found faster by selectors than by reading it.
_PARTS = frozenset(
    (
        "ads instagram-media twitter-tweet fb-post tiktok-embed artikel-content"
        # Page parts that an unclosed tag in the text draws into its container.
        " wrap_blok_tag wrap_sosmed tag-wrap share-wrap wp-sosmed-d pagination box-foto-terkait"
        " kop-terkait set-balas berita_lainnya rekomendasi detail-terkait wp-terkini-center"
    ).split()
)
_PRUNED_TAGS = frozenset("script style noscript template svg footer blockquote".split())
_PRUNED_WORDS = (*MAY_BE_HIDDEN, "div-gpt-ad", "data-instgrm")
_PRUNED = (
    "script, style, noscript, template, svg, footer, [hidden], [style*='display:none' i],"
    "[style*='display: none' i], [id^='div-gpt-ad'], [data-instgrm-permalink],"
    f" .{', .'.join(_PARTS)}"
)
_UNSEEN = frozenset("script style noscript template svg".split())
_POST = re.compile(
    r"//(?:www\.)?(?:instagram\.com/(?:p|reel|tv)/|(?:twitter|x)\.com/\w+/status/"
    r"|tiktok\.com/@[^/]+/video/|facebook\.com/.+/(?:posts|videos)/)",
    re.IGNORECASE,
)
_NAMED = re.compile("caption|credit|kredit|source", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'([^\s=]+)="([^"]*)"')


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


def prune(container: LexborNode, marks: Marks, dropped: Dropped) -> None:
    """Take out what is surely not text; what of it a reader would see is put down.

    ``marks`` are the container's.
    """
    if (
        marks.tags.isdisjoint(_PRUNED_TAGS)
        and marks.classes.isdisjoint(_PARTS)
        and not marks.has_word(_PRUNED_WORDS)
    ):
        return
    for node in container.css(_PRUNED):
        if node.tag not in _UNSEEN:
            put_down(node, why_hidden(node) if _is_hidden(node) else "part of the page", dropped)
        node.decompose()
    for quote in container.css("blockquote"):
        if _quotes_post(quote):
            put_down(quote, "embedded post", dropped)
            quote.decompose()


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or "display" in (attributes.get("style") or "").lower()


def _quotes_post(quote: LexborNode) -> bool:
    """Whether a quotation is a post of a social network, which links to it."""
    links = (link.attributes.get("href") for link in quote.css("a"))
    return any(_POST.search(address or "") for address in (*links, quote.attributes.get("cite")))


class _Block(NamedTuple):
    """An open block: its name, and that of the list item, quotation or caption it stands in."""

    name: str
    role: str


_Link = list[str]  # an open link's address; a list, as two links may lead to the same
_Run = tuple[str, _Link | None]  # a piece of a line, and the link whose text it is
_BREAK: _Run = ("\n", None)
_SPACE: _Run = (" ", None)


def read_fragment(html: str, base: str) -> Iterator[Paragraph | Photo]:
    """Paragraphs and photos of a fragment as the parser writes it; ``base`` resolves links."""
    blocks = [_Block("", "")]
    links: list[_Link] = []
    owner = blocks[0]  # the block of the runs
    runs: list[_Run] = []
    photos: list[Photo] = []
    divided = False
    # The source's own line breaks mean nothing.
    html = html.replace("&nbsp;", "\xa0").replace("\n", " ").replace("\r", " ")
    pieces = iter(_TOKEN.split(html))
    # What the last tag is followed by is beyond the fragment's element, and empty.
    for text, closes, name, attributes in zip(pieces, pieces, pieces, pieces, strict=False):
        if text:
            if (divided or blocks[-1] is not owner) and not text.isspace():
                yield from _paragraphs(runs, owner)
                yield from photos
                owner, runs, photos, divided = blocks[-1], [], [], False
            if not divided and blocks[-1] is owner:
                runs.append((unescaped(text), links[-1] if links else None))
        if name is None:
            continue
        if name in _BLOCKS:
            if closes:
                if len(blocks) > 1:
                    blocks.pop()
                continue
            divided = True  # also where the block turns out to hold no text
            if name != "hr":
                role = name if name in _ROLES else _role(attributes) or blocks[-1].role
                blocks.append(_Block(name, role))
        elif name == "a":
            if not closes:
                links.append([_attributes(attributes).get("href", "")])
            elif links:
                links.pop()
        elif closes:
            continue
        elif name == "br":
            runs.append(_BREAK)
        elif name in _IMAGES:
            if photo := _photo(_attributes(attributes), base):
                photos.append(photo)
                runs.append(_SPACE)  # inside a sentence it divides words only
                if not any(text.strip() for text, _ in runs):
                    yield from photos
                    photos = []
        else:
            runs.append(_SPACE)  # a table's cell
    yield from _paragraphs(runs, owner)
    yield from photos


def _role(attributes: str | None) -> str:
    """Whether a block is named as a photo's caption or credit."""
    if not attributes or not _NAMED.search(attributes):
        return ""  # a cheap pre-check: enough for most
    named = _NAMED.search(_attributes(attributes).get("class", ""))
    if not named:
        return ""
    return "caption" if "caption" in named.string.lower() else "credit"


def _attributes(text: str | None) -> dict[str, str]:
    return {name: unescaped(value) for name, value in _ATTRIBUTE.findall(text or "")}


def _paragraphs(runs: list[_Run], owner: _Block) -> Iterator[Paragraph]:
    """One line break is a line break; two, or one alone on its line, end the paragraph."""
    if not runs:
        return
    tag = owner.role or owner.name
    if len(runs) == 1:
        if made := _line(runs):
            yield Paragraph([made], tag)
        return
    lines: list[Line] = []
    line: list[_Run] = []
    for run in [*runs, _BREAK, _BREAK]:
        if run is not _BREAK:
            line.append(run)
            continue
        made = _line(line)
        line = []
        if made:
            lines.append(made)
        elif lines:
            yield Paragraph(lines, tag)
            lines = []


def _line(runs: list[_Run]) -> Line | None:
    if not runs:
        return None
    if len(runs) == 1:
        raw, link = runs[0]
        text = squeeze(raw)
        links = [(text, link[0])] if link else []
        return Line(raw, text, links) if text else None
    raw = "".join([text for text, _ in runs])
    if furniture.list_heading(squeeze(runs[0][0])) == "baca":
        raw = f"{runs[0][0]} {raw[len(runs[0][0]) :]}"  # the label's element ends there
    text = squeeze(raw)
    if not text:
        return None
    if not any(link for _, link in runs):
        return Line(raw, text, [])
    labels: dict[int, tuple[_Link, list[str]]] = {}
    for phrase, link in runs:
        if link is not None:
            labels.setdefault(id(link), (link, []))[1].append(phrase)
    links = [(squeeze("".join(phrase)), link[0]) for link, phrase in labels.values()]
    return Line(raw, text, links)


def _photo(attributes: dict[str, str], base: str) -> Photo | None:
    """The photo of an image element; icons, counters and images of other sites do not count."""
    sources = (attributes.get(name) for name in ("data-original", "data-src", "src"))
    source = next(filter(None, sources), "").strip()
    try:
        url = absolute_url(base, source)
    except ValueError:
        return None
    if "/uploads/" not in url or classify(url).kind != "asset":
        return None
    return Photo(url, meaningful(attributes.get("alt")))
