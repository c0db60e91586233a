"""The photo at the head of an article, where no layout says where it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.article import Image
from crawler.parsers.body import furniture
from crawler.parsers.text import meaningful, squeeze, without_markup
from crawler.parsers.unknown.outline import classes
from crawler.urls import absolute_url

if TYPE_CHECKING:
    from bs4 import Tag

    from crawler.parsers.unknown.outline import Outline
    from crawler.parsers.unknown.zones import Zones

_SOURCES = ("data-original", "data-src", "data-lazy-src", "src")
_CREDIT = re.compile(
    r"(?<![\s|(])[\s|(]*+\b(?:foto|photo|kredit|credit|dok)\s*:\s*(?P<credit>[^()]{0,80}?)\)?$",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"[\w .'-]+/\s?[\w .'-]+|dok\b.{0,30}|istimewa|reuters|antara(?: foto)?|epa|ap|afp"
    r"|tangkapan layar|[\w-]+(?:\.[a-z]{2,4}){1,3}",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:foto|photo|kredit|credit)\s*:\s*", re.IGNORECASE)
_CAPTION = re.compile(r"caption|keterangan", re.IGNORECASE)
_LOGO = re.compile(r"logo|icon|avatar|placeholder|pixel|banner|/ads/", re.IGNORECASE)
_LONGEST = 500  # characters of a caption
_LONGEST_CREDIT = 60
_HEAD = frozenset(("", "header", "date", "by-line"))  # what it may stand in or above
_BLOCKS = 4  # in which it stands below its photo


def head_photo(
    outline: Outline, zones: Zones, base: str, named: list[str], opening: int
) -> list[Image]:
    """The photo that the page names, or else the first one shown in a figure above the text."""
    files = {name.partition("?")[0].rpartition("/")[2] for name in named if name}
    first: Tag | None = None
    for tag in outline.pictures:
        url = _address(tag, base)
        if not url or _LOGO.search(url.rpartition("/")[2]):
            continue
        if files & {url.partition("?")[0].rpartition("/")[2]}:
            return [_image(tag, url, outline, zones, opening)]
        at = outline.span(tag)[0]
        near = at < len(zones.alien) and zones.why[at] in _HEAD
        shown = "/uploads/" in url or tag.find_parent("figure") is not None
        if first is None and at <= opening and near and shown:
            first = tag
    if first is None:
        return []
    return [_image(first, _address(first, base) or "", outline, zones, opening)]


def _address(tag: Tag, base: str) -> str | None:
    source = next((str(tag[name]) for name in _SOURCES if tag.get(name)), "")
    if not source and tag.get("srcset"):
        source = str(tag["srcset"]).split(",")[-1].split()[0]
    if not source or source.startswith("data:") or "placeholder" in source:
        return None
    try:
        return absolute_url(base, source.strip())
    except ValueError:
        return None


def _image(tag: Tag, url: str, outline: Outline, zones: Zones, opening: int) -> Image:
    """A photo with what stands below it: its caption and its credit, together or apart."""
    caption, credit = None, None
    alt = _caption(str(tag.get("alt", "")))
    for phrase in _below(tag, outline, zones, opening):
        split = furniture.caption_line(phrase, below_photo=True)
        if alt and alt in phrase and _LABEL.match(rest := phrase.replace(alt, "").strip()):
            caption, credit = alt, meaningful(_LABEL.sub("", rest))
        elif phrase != alt and _SOURCE.fullmatch(phrase):
            credit = credit or phrase
        elif split:
            stop = "." if phrase[len(split.caption) :].startswith(".") else ""
            caption, credit = caption or split.caption + stop, credit or split.credit
        elif match := _CREDIT.search(phrase):
            credit = credit or meaningful(match["credit"])
            caption = caption or meaningful(phrase[: match.start()].rstrip(" |-–—"))
        elif caption is None:
            caption = _caption(phrase)
        elif credit is None and phrase != caption:
            credit = meaningful(without_markup(phrase))
    return Image(url=url, caption=caption or alt, credit=credit or _above(tag, outline, zones))


def _caption(text: str) -> str | None:
    """A caption; the site's template leaves its placeholder where none was written."""
    return meaningful(without_markup("" if "<caption>" in text else text))


def _above(tag: Tag, outline: Outline, zones: Zones) -> str | None:
    """The credit that stands right above a photo, in its element or looking like one."""
    at = outline.span(tag)[0]
    if not at or tag.parent is None or zones.alien[at - 1]:
        return None
    block = outline.blocks[at - 1]
    inside = outline.span(tag.parent)[0] < at
    plain = len(block.text) <= _LONGEST_CREDIT and not block.heading and not block.links
    if plain and (inside or _SOURCE.fullmatch(block.text)):
        return meaningful(_LABEL.sub("", block.text))
    return None


def _below(tag: Tag, outline: Outline, zones: Zones, opening: int) -> list[str]:
    """What a photo's figure says, or else what stands below it and is plainly its caption."""
    figure = tag.find_parent("figure")
    if figure is not None:
        start, end = outline.span(figure)
        return [block.text for block in outline.blocks[start:end] if len(block.text) <= _LONGEST]
    at = outline.span(tag)[0]
    alt = squeeze(str(tag.get("alt", "")))
    beside = outline.span(tag.parent) if tag.parent is not None else (at, at)
    found: list[str] = []
    for block in outline.blocks[at : min(at + _BLOCKS, opening)]:
        if block.at == at and zones.why[at] in ("date", "by-line"):
            continue  # of the same line
        holders = (block.holder, block.holder.parent)
        named = any(_CAPTION.search(classes(holder)) for holder in holders if holder)
        if len(block.text) > _LONGEST:
            break
        known = block.text in (alt, *found) or _CREDIT.search(block.text)
        if not (named or known or beside[0] <= block.at < beside[1]):
            break
        found.append(block.text)
    return found
