"""The photo at the head of an article, where no layout says where it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.article import Image
from crawler.parsers import furniture
from crawler.parsers.text import meaningful, squeeze, without_markup
from crawler.urls import absolute_url

from .outline import classes

if TYPE_CHECKING:
    from bs4 import Tag

    from .outline import Outline
    from .zones import Zones

_SOURCES = ("data-original", "data-src", "data-lazy-src", "src")
_CREDIT = re.compile(
    r"[\s|(]*\b(?:foto|photo|kredit|credit|dok)\s*:\s*(?P<credit>[^()]{0,80}?)\)?$", re.IGNORECASE
)
_CAPTION = re.compile(r"caption|keterangan", re.IGNORECASE)
_LOGO = re.compile(r"logo|icon|avatar|placeholder|pixel|banner|/ads/", re.IGNORECASE)
_LONGEST = 500  # characters of a caption


def head_photo(
    outline: Outline, zones: Zones, base: str, named: list[str], opening: int
) -> list[Image]:
    """The photo that the page names, or else the first one shown in a figure above the text."""
    files = {name.partition("?")[0].rpartition("/")[2] for name in named if name}
    first: Tag | None = None
    for tag in outline.body.find_all(["img", "amp-img"]):
        url = _address(tag, base)
        if not url or _LOGO.search(url.rpartition("/")[2]):
            continue
        if files & {url.partition("?")[0].rpartition("/")[2]}:
            return [_image(tag, url, outline)]
        at = outline.span(tag)[0]
        near = at < len(zones.alien) and not zones.alien[at]
        shown = "/uploads/" in url or tag.find_parent("figure") is not None
        if first is None and at <= opening and near and shown:
            first = tag
    if first is None:
        return []
    return [_image(first, _address(first, base) or "", outline)]


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


def _image(tag: Tag, url: str, outline: Outline) -> Image:
    """A photo with what stands below it: its caption and its credit, together or apart."""
    caption, credit = None, None
    for said in _below(tag, outline):
        split = furniture.caption_line(said, below_photo=True)
        if split:
            caption, credit = caption or split.caption, credit or split.credit
        elif match := _CREDIT.search(said):
            credit = credit or meaningful(match["credit"])
            caption = caption or meaningful(said[: match.start()].rstrip(" |-–—"))
        elif caption is None:
            caption = meaningful(without_markup(said))
        elif credit is None and said != caption:
            credit = meaningful(without_markup(said))
    alt = meaningful(without_markup(str(tag.get("alt", ""))))
    return Image(url=url, caption=caption or alt, credit=credit)


def _below(tag: Tag, outline: Outline) -> list[str]:
    figure = tag.find_parent("figure")
    if figure is not None:
        start, end = outline.span(figure)
        return [block.text for block in outline.blocks[start:end] if len(block.text) <= _LONGEST]
    at = outline.span(tag)[0]
    found = []
    for block in outline.blocks[at : at + 2]:
        named = any(
            _CAPTION.search(classes(holder))
            for holder in (block.holder, block.holder.parent)
            if holder
        )
        if len(block.text) <= _LONGEST and (named or _CREDIT.search(block.text)):
            found.append(squeeze(block.text))
        else:
            break
    return found
