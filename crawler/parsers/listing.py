"""Listings: the date index, tags and sections, as the articles that they show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from crawler.dates import parse_date
from crawler.errors import NotAnArticle
from crawler.parsers.identity import refuse_foreign_listing
from crawler.parsers.page import Page, clean_title, page_text
from crawler.parsers.text import squeeze
from crawler.urls import Address, classify

if TYPE_CHECKING:
    from datetime import datetime

    from selectolax.lexbor import LexborNode

# The list itself, by era, the newest first; the page's other lists stand outside it.
_ITEMS = (
    "ul.wrap-latest > li",  # 2023 and later
    "div.set_subkanal",  # 2018-22
    "div.wp-indeks",  # 2016-17
    "h4",  # 2014-15
)
_OF_SEVERAL = ("home", "section")
# A list with a smaller part of the page's articles is a side box of a layout that is new.
_LEAST_PART = 0.5
# What stands beside the list for certain.
_BESIDE = "nav, header, footer, aside, form, [role=navigation], [role=complementary]"
_BESIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:side-?bar|menu|nav(?:bar)?|footer|terpopuler|populer|popular|most-?read|trending"
    r"|breadcrumb)(?:[\s_-]|$)",
    re.IGNORECASE,
)
_MANY_LINKS = 2_000  # of a page that no layout has: none of them is looked around
_CARD_DEPTH = 4  # elements around a link in which its date and section may stand


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """One article as a listing shows it; ``listed_at`` is None where the listing gives no date."""

    id: str
    url: str
    title: str | None
    section: str | None
    date_raw: str | None
    listed_at: datetime | None


class Listing(list[ListedArticle]):
    """The articles of a listing page; ``links``: how many articles the whole page links to."""

    links: int = 0


def parse_listing(html: bytes | str, url: str, now: datetime | None = None) -> Listing:
    """The articles of a listing page in its order, each once.

    They are those of the list that the site's layouts are known to have, or, on a home or section
    page and where that list holds few of the page's articles, all but what stands in menus, side
    columns and boxes of the most read.
    ``now`` is the moment of the fetch, to which "7 menit yang lalu" is relative. Links to other
    sites, to readers' blogs and to the page's own menus do not count. An empty list is a listing
    without articles. Raises `crawler.parsers.NotAnArticle` for a wall against robots
    (``challenge``) and for another page that stands in its place (``foreign``, ``wall``), and
    `crawler.parsers.ParseError` for a page that holds no HTML.
    """
    page = Page(page_text(html), url)
    found: dict[str, ListedArticle] = {}
    for card in _cards(page):
        unknown = []
        for link in card.css("a[href]") if card.tag != "a" else [card]:
            address = page.leads_to(link)
            known = found.get(address.id or "")
            if address.id and address.kind == "article" and not (known and known.title):
                unknown.append((address, link))
        if unknown:  # a card is looked through once, however many links stand in it
            around = _around(card, now)
            for address, link in unknown:
                listed = _listed(address, link, around)
                known = found.get(listed.id)
                if known is None or (known.title is None and listed.title):
                    found[listed.id] = listed
    if not found:
        if page.wall:
            raise NotAnArticle("challenge", page.wall)
        refuse_foreign_listing(page)
    listing = Listing(found.values())
    listing.links = len(_linked(page, [page.body]))
    return listing


def tag_is_known(html: bytes | str, url: str) -> bool:
    """Whether this is the page of a tag that the site has; for any other it shows other news."""
    titles = Page(page_text(html), url).titles
    slug = urlsplit(url).path.removeprefix("/tag/").partition("/")[0]
    named = re.escape(unquote(slug).replace("-", " "))
    is_named = re.compile(rf"\b(?:topic|{named})\b", re.IGNORECASE)
    return any(map(is_named.search, titles))


def next_offset(html: bytes | str, url: str, offset: int) -> int | None:
    """The offset of the page after this one of a tag, by its pager; None without one."""
    tag = urlsplit(url).path.rstrip("/").removesuffix(f"/{offset}")
    offsets = []
    page = Page(page_text(html), url)
    for link in page.body.css("a[href]"):
        address = page.leads_to(link)
        before, _, number = (address.url or "").rstrip("/").rpartition("/")
        if (
            address.kind == "tag"
            and number.isdigit()
            and int(number) > offset
            and urlsplit(before).path == tag
        ):
            offsets.append(int(number))
    return min(offsets, default=None)


def _cards(page: Page) -> list[LexborNode]:
    found = page.body.css("a[href]")
    beside = dict.fromkeys((node.mem_id for node in page.body.css(_BESIDE)), True)
    beside[page.body.mem_id] = False
    all_links = [link for link in found if not _stands_beside(link, beside)]
    articles = {identifier for link in all_links if (identifier := _shown(page, link))}
    # A home or section page is made of several lists, each in its own shape.
    for selector in _ITEMS if classify(page.url).kind not in _OF_SEVERAL else ():
        cards = [card for card in page.body.css(selector) if card.css_first("a[href]")]
        if cards and len(_linked(page, cards)) >= _LEAST_PART * len(articles):
            return cards
    if len(all_links) > _MANY_LINKS:
        return all_links
    alone = _alone(page, found)
    return [_card(page, link, alone) for link in all_links]


def _shown(page: Page, link: LexborNode) -> str | None:
    """The id of the article that a link shows."""
    address = page.leads_to(link)
    return address.id if address.kind == "article" else None


def _linked(page: Page, cards: list[LexborNode]) -> set[str]:
    """The ids of the articles that cards link to; none where they stand in one another."""
    found: set[str] = set()
    left = len(page.body.css("a[href]"))
    for card in cards:
        links = card.css("a[href]")
        left -= len(links)
        if left < 0:
            return set()
        found.update(identifier for link in links if (identifier := _shown(page, link)))
    return found


def _stands_beside(link: LexborNode, known: dict[int, bool]) -> bool:
    """Whether a link stands in a menu, a side column or a box of the most read.

    ``known``: of elements around links, whether they are one or stand in one.
    """
    around = []
    holder = link.parent
    while holder is not None and holder.mem_id not in known:
        around.append(holder.mem_id)
        attributes = holder.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if _BESIDE_NAMES.search(names):
            known[holder.mem_id] = True
            break
        holder = holder.parent
    is_beside = holder is not None and known[holder.mem_id]
    known.update(dict.fromkeys(around, is_beside))
    return is_beside


def _alone(page: Page, links: list[LexborNode]) -> dict[int, str | None]:
    """Of each element around links to articles, the one that it links to; None for several."""
    alone: dict[int, str | None] = {}
    for link in links:
        identifier = _shown(page, link)
        holder = link if identifier else None
        # Where it is known of an element, it is of those around it.
        while holder is not None and alone.get(holder.mem_id, "") not in (identifier, None):
            alone[holder.mem_id] = None if holder.mem_id in alone else identifier
            holder = holder.parent
    return alone


def _card(page: Page, link: LexborNode, alone: dict[int, str | None]) -> LexborNode:
    """The element around a link that is this article's alone; the link itself where it has none."""
    identifier = _shown(page, link)
    card = link
    for _ in range(_CARD_DEPTH):
        parent = card.parent
        if parent is None or parent.tag == "body" or not identifier:
            break
        if alone[parent.mem_id] != identifier:
            break
        card = parent
    return card


class _Around(NamedTuple):
    """What a card shows beside its links."""

    section: str | None
    date_raw: str | None
    listed_at: datetime | None


def _around(card: LexborNode, now: datetime | None) -> _Around:
    section = card.css_first(".kanal-info, .nm-kanal")
    return _Around(squeeze(section.text()) if section else None, *_date(card, now))


def _listed(address: Address, link: LexborNode, around: _Around) -> ListedArticle:
    heading = link.css_first("h1, h2, h3, h4, h5, h6")
    image = link.css_first("img[alt]")
    title = clean_title(heading.text() if heading else "") or (
        (image.attributes.get("alt") if image else None) or clean_title(link.text())
    )
    assert address.id
    assert address.url
    return ListedArticle(address.id, address.url, squeeze(title) if title else None, *around)


def _date(card: LexborNode, now: datetime | None) -> tuple[str | None, datetime | None]:
    """The first text of a card that is a date and nothing else."""
    for node in card.traverse(include_text=True):
        if node.tag == "-text":
            phrase = squeeze(node.text()).lstrip("-|– ")
            if any(map(str.isdigit, phrase)) and (moment := parse_date(phrase, now)):
                return phrase, moment
    return None, None
