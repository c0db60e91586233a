"""The fields that a page prints around its text: title, date, teaser, breadcrumb, tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bs4.element import PreformattedString

from crawler.dates import parse_date
from crawler.parsers.body import furniture
from crawler.parsers.page import clean_title
from crawler.parsers.text import meaningful, squeeze
from crawler.parsers.unknown.outline import classes, outward

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bs4 import Tag

    from crawler.parsers.unknown.evidence import Evidence
    from crawler.parsers.unknown.outline import Block, Outline
    from crawler.parsers.unknown.zones import Zones

_WORD = re.compile(r"\w+")
_SHORTEST_TITLE = 20  # characters of one told by that alone
_TITLE_NAMES = re.compile(r"\b(?:judul|jdl|title|headline)")
_AGREE = 0.6  # part of the words of a printed title that the head's has, too
_WEEKDAY = (
    r"(?:(?:Senin|Senen|Selasa|Rabu|Kamis|Jum.?at|Sabtu|Ahad|Minggu|\w{3,6}day"
    r"|Sen|Sel|Rab|Kam|Jum|Sab|Min|Mon|Tue|Wed|Thu|Fri|Sat|Sun)[\s,.]*)?"
)
_DAY = r"(?:\d{1,2}[\s-]+[A-Za-z]{3,9}[.,]?[\s-]+\d{4}|\d{1,2}[/-]\d{1,2}[/-]\d{4}|\d{4}-\d\d-\d\d)"
_TIME = (
    r"(?P<time>[\s,|–—/-]*(?:T|pukul|pkl\.?|jam)?\s*\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
    r"\s*(?:WIB|WITA|WIT|(?:UTC|Z)\b|(?:GMT)?\s?[+-]\d{2}:?\d{2}\b|GMT\b)?)?"
)
PRINTED = re.compile(rf"(?<![\w/]){_WEEKDAY}(?P<day>{_DAY}){_TIME}", re.IGNORECASE)
_HIJRI = re.compile(r"\d{3,4}\s*H?\s*/\s*$")
_TIME_ALONE = re.compile(
    r"(?:pukul|pkl\.?|jam)?\s*\d{1,2}[:.]\d{2}(?:\s*(?:WIB|WITA|WIT))?", re.IGNORECASE
)
_CHANGED = re.compile(
    r"(?:di)?(?:perbarui|ubah|update)|updated|modified|last|terakhir", re.IGNORECASE
)
_LONGEST_DATE = 160  # characters of the block that prints it
_TAG = re.compile(r"/(?:tag|topik|topic|hot_topic)/")
_HOME = frozenset(("home", "beranda", "depan", "homepage"))
_CRUMBS = re.compile(r"crumb|breadcome", re.IGNORECASE)
_DIVIDER = re.compile(r"\s*[>/»›→|]\s*")
_CREDIT = re.compile(r"[\w .-]+/\s?[\w .-]+")  # "Antara/Budi Ali"
_LONGEST_CRUMBS = 200
_MENU = 5  # links that a breadcrumb does not have
_TEASER = (4, 20, 400)  # words and characters at least, characters at most
_SKIPPED = frozenset(("card", "list", "comments", "nav", "footer", "aside", "navigation", "notice"))


class Printed(NamedTuple):
    """A date as it is printed; ``is_change``: the page says that it is the last change's."""

    raw: str
    moment: datetime
    at: int
    is_change: bool


def title_block(outline: Outline, zones: Zones, titles: list[str]) -> int | None:
    """The block that prints the title."""
    known = [_words(title) for title in titles]
    best: tuple[float, int] | None = None
    for block in outline.blocks:
        if zones.alien[block.at] and zones.why[block.at] in _SKIPPED - {"aside"}:
            continue
        level = block.heading or (1 if block.holder.get("role") == "heading" else 0)
        phrase = _words(clean_title(block.text) or "")
        if not phrase or len(block.text) > 300:
            continue
        agree = max((len(phrase & words) / len(phrase | words) for words in known), default=0.0)
        if agree < _AGREE and (known or level != 1):
            continue
        exact = agree == 1 or any(_names(title, block.text) for title in titles)
        if not level and not exact:
            continue
        rank = agree + (1 if level == 1 else 0.5 if level else 0)
        if best is None or rank > best[0]:
            best = (rank, block.at)
    if best is None and not known:
        return next((block.at for block in outline.blocks if _is_named_title(block)), None)
    return best[1] if best else None


def _is_named_title(block: Block) -> bool:
    """Whether only its markup calls a block the title."""
    named = any(_TITLE_NAMES.search(classes(tag)) for tag in outward(block.holder, 2))
    return named and len(block.text) >= _SHORTEST_TITLE and not block.links


def dates(outline: Outline, zones: Zones) -> Iterator[Printed]:
    """Every full date that the page prints outside of the boxes of others."""
    blocks = outline.blocks
    for block in blocks:
        if zones.why[block.at] in _SKIPPED or len(block.text) > _LONGEST_DATE:
            continue
        for match in PRINTED.finditer(block.text):
            if _HIJRI.search(block.text[: match.start()]):
                continue  # the day on which the page was drawn
            raw = squeeze(match[0]).strip(" ,|/-–—")
            following = blocks[block.at + 1] if block.at + 1 < len(blocks) else None
            if not match["time"] and following and _TIME_ALONE.fullmatch(following.text):
                raw = f"{raw} {following.text}"
            if moment := parse_date(raw):
                label = block.text[: match.start()]
                if not label and block.at:
                    label = blocks[block.at - 1].text[-20:]
                yield Printed(raw, moment, block.at, _CHANGED.search(label) is not None)


def teaser(outline: Outline, evidence: Evidence, title: int | None, opening: int) -> str | None:
    """The lead that is printed between the title and the text."""
    if title is None:
        return None
    pictures = [outline.span(tag)[0] for tag in outline.pictures]
    picture = next((at for at in pictures if at > title), opening)  # captions stand below
    found = None
    for block in outline.blocks[title + 1 : opening]:
        if not _may_lead(block):
            continue
        if block.text in evidence.descriptions or block.holder.get("itemprop") == "description":
            return block.text
        if found is None and block.at < picture and not _CREDIT.fullmatch(block.text):
            found = block.text
    return found


def _may_lead(block: Block) -> bool:
    words, least, most = _TEASER
    phrase = block.text
    return (
        phrase.count(" ") + 1 >= words
        and least <= len(phrase) <= most
        and 2 * block.link_size < len(phrase)
        and not _in_figure(block)
        and not PRINTED.search(phrase)
        and not re.search(r"\w+\s*:\s", phrase[:20])
        and not furniture.is_furniture(phrase)
        and not furniture.is_below(phrase)
        and not re.match(r"oleh\b|by\b|share|bagikan", phrase, re.IGNORECASE)
    )


def _in_figure(block: Block) -> bool:
    return any(
        tag.name in ("figure", "figcaption", "amp-img", "li", "nav", "ul")
        or re.search(r"caption|foto|photo|credit|image", classes(tag))
        for tag in outward(block.holder, 3)
    )


def breadcrumb(outline: Outline, title: str, opening: int) -> list[str]:
    """The names of a breadcrumb without Home; empty where the page prints none."""
    best: tuple[tuple[int, int], list[str]] | None = None
    seen: set[int] = set()
    for link in outline.anchors:
        if squeeze(link.get_text()).casefold() not in _HOME:
            continue
        holder = link.parent
        for _ in range(4):
            if holder is None or holder is outline.body:
                break
            if len(holder.find_all("a", limit=2)) > 1 or _CRUMBS.search(classes(holder)):
                break
            holder = holder.parent
        if holder is None or holder is outline.body or id(holder) in seen:
            continue
        seen.add(id(holder))
        if outline.size(holder) > _LONGEST_CRUMBS + len(title):
            continue
        rank, names = _crumbs(holder, title, outline.span(holder)[0], opening)
        if names and (best is None or rank > best[0]):
            best = (rank, names)
    return best[1] if best else []


def _crumbs(holder: Tag, title: str, at: int, opening: int) -> tuple[tuple[int, int], list[str]]:
    """How sure a breadcrumb is one, and its names."""
    text = squeeze(holder.get_text(" "))
    marked = any(
        _CRUMBS.search(f"{classes(tag)} {tag.get('aria-label', '')} {tag.get('itemtype', '')}")
        for tag in outward(holder, 4)
    )
    names: list[str] = []
    for piece in holder.find_all(string=True):
        if isinstance(piece, PreformattedString):
            continue  # a comment
        for part in _DIVIDER.split(squeeze(piece)) if piece.find_parent("a") is None else [piece]:
            phrase = squeeze(part).strip(" >/»›|→-")
            if meaningful(phrase) and (piece.find_parent("a") or len(phrase) < 40):
                names.append(phrase)
    names = [name for name in names if name.casefold() not in _HOME and name != title]
    if len(names) > (_MENU if marked else _MENU - 1):
        return (0, 0), []
    divided = bool(_DIVIDER.search(text))
    if not marked and "|" in text:
        return (0, 0), []  # a menu
    if not marked and (at > opening or (not divided and len(names) > 2)):
        return (0, 0), []
    return (2 * marked + divided, at), names


def tag_links(outline: Outline, zones: Zones) -> list[str]:
    """The names of links to the site's tag pages, those in its sentences and lists apart."""
    found = []
    for block in outline.blocks:
        why = zones.why[block.at]
        of_site = why == "footer" and block.holder.find_parent("article") is None
        if block.is_prose or of_site or why in _SKIPPED - {"footer"}:
            continue
        for phrase, address in block.links:
            if _TAG.search(address) and (name := meaningful(phrase.lstrip("# "))):
                found.append(name)
    return list(dict.fromkeys(found))


def _names(title: str, phrase: str) -> bool:
    """Whether a text is the title as the head has it, with the site's name beside it."""
    return len(phrase) > _SHORTEST_TITLE and (title.startswith(phrase) or title.endswith(phrase))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
