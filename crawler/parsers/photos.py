"""The photos of an article: the one at its head, and those of a gallery."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.article import Image
from crawler.parsers.body import furniture
from crawler.parsers.fields import first, words
from crawler.parsers.text import meaningful, squeeze, unescaped, without_markup
from crawler.urls import absolute_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from selectolax.lexbor import LexborNode

    from crawler.parsers.fields import Surroundings
    from crawler.parsers.layouts import Layout
    from crawler.parsers.page import Page

_GALLERY_CREDIT = re.compile(r"[\s.]*\((?P<credit>(?!\d)[^()]{2,60})\)\s*\.?$")
_LINE_END = re.compile(r"<(?:br|/?p|/?div)\b[^<>]*>")
_TAG = re.compile(r"<[^<>]*>")
_CONTROLS = "button, form, input"
_PHOTO_CREDIT = re.compile(r"foto\s*:\s*", re.IGNORECASE)


def head_photo(
    page: Page, layout: Layout, root: LexborNode, around: Callable[[], Surroundings]
) -> list[Image]:
    """The photo at the head of an article; none where the page shows none."""
    node = first(root, layout.photo)
    url = _image_url(node, page.url) if node else None
    if node and url and "/uploads/" not in url and _is_card(node):
        url = None
    if not url or not node:
        return _pictured(page, around)
    holder = first(root, layout.caption) or _own_caption(node)
    credit = words(first(root, layout.credit)) or None
    captions: list[str] = []
    for piece in _pieces(holder) if holder else []:
        split = furniture.caption_line(piece, below_photo=True)
        if _PHOTO_CREDIT.match(piece):
            credit = credit or piece
        elif split:
            captions.append(split.caption)
            credit = credit or split.credit
        elif piece not in captions:  # some templates print it on both sides of the credit
            captions.append(piece)
    caption = _caption(" ".join(captions)) or _caption(node.attributes.get("alt") or "")
    return [Image(url=url, caption=caption, credit=_credit(credit))]


def _own_caption(node: LexborNode) -> LexborNode | None:
    """The caption of the figure that a photo stands in."""
    figure = _figure(node)
    return figure.css_first("figcaption") if figure else None


def _is_card(node: LexborNode) -> bool:
    """Whether a picture is to be shared or pressed, as the card of a quotation is."""
    figure = _figure(node)
    return figure is not None and figure.css_first(_CONTROLS) is not None


def _figure(node: LexborNode) -> LexborNode | None:
    """The figure that a photo stands in."""
    holder: LexborNode | None = node
    while holder is not None and holder.tag not in ("figure", "body"):
        holder = holder.parent
    return holder if holder is not None and holder.tag == "figure" else None


def _pictured(page: Page, around: Callable[[], Surroundings]) -> list[Image]:
    """The head photo of an unknown layout: the picture that the head names."""
    name = (page.metas.get("og:image") or "").rpartition("/")[2]
    is_here = page.excerpt is not None and page.excerpt.holds_all(name)
    body = page.body if is_here else page.whole
    for node in body.css("img, amp-img") if name else []:
        url = _image_url(node, page.url)
        if url and url.endswith(f"/{name}"):
            caption = _caption(node.attributes.get("alt") or "")
            return [Image(url=url, caption=caption, credit=_credit(around().credit()))]
    return []


def gallery(page: Page) -> list[Image]:
    """The photos of a gallery; the credit closes each caption in brackets."""
    images: dict[str, Image] = {}
    for node in page.whole.css("a.image_detail img, img[caption]"):
        url = _image_url(node, page.url)
        phrase = node.attributes.get("caption") or node.attributes.get("alt") or ""
        caption = without_markup(phrase)
        credit = _GALLERY_CREDIT.search(caption)
        if url and url not in images:
            text = caption[: credit.start()] + "." if credit else caption
            images[url] = Image(
                url=url,
                caption=meaningful(text),
                credit=_credit(credit["credit"]) if credit else None,
            )
    return list(images.values())


def _image_url(node: LexborNode, base: str) -> str | None:
    attributes = node.attributes
    source = attributes.get("data-original") or attributes.get("data-src") or attributes.get("src")
    if not source or "placeholder" in source or source.startswith("data:"):
        return None
    try:
        return absolute_url(base, source.strip())
    except ValueError:
        return None


def _pieces(holder: LexborNode) -> list[str]:
    """The lines of a caption's element."""
    html = holder.inner_html or ""
    if "<" in html:
        html = _TAG.sub("", _LINE_END.sub("\n", html))
    lines = (squeeze(unescaped(line)) for line in html.split("\n"))
    return [line for line in lines if line]


def _caption(text: str) -> str | None:
    return meaningful(without_markup("" if "<caption>" in text else text))


def _credit(text: str | None) -> str | None:
    return meaningful(_PHOTO_CREDIT.sub("", without_markup(text or ""), count=1))
