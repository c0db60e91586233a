"""An Atom feed (RFC 4287) of what a reader asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, tostring

from crawler.browse.article import web_address
from crawler.site import HOME

if TYPE_CHECKING:
    from collections.abc import Iterable

TYPE = "application/atom+xml; charset=utf-8"

_NEVER = "1970-01-01T00:00:00Z"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(title: str, here: str, page: str, articles: Iterable[dict[str, Any]]) -> bytes:
    """The feed; ``here`` and ``page`` are its own address and that of the page it goes with."""
    entries = list(articles)
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "id"})
    _text(feed, "title", f"Republika: {title}")
    _text(feed, "id", page)
    _text(feed, "updated", max((one["updated_at"] for one in entries), default=_NEVER))
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": here})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page})
    _text(SubElement(feed, "author"), "name", "Republika")
    for one in entries:
        entry = SubElement(feed, "entry")
        own = f"{HOME}/berita/{one['id']}"  # the same for ever, whatever host shows it
        gone = "[gone] " if one["is_gone"] else ""
        _text(entry, "title", gone + _plain(one["title"]))
        _text(entry, "id", own)
        _text(entry, "published", one["published_at"])
        _text(entry, "updated", one["updated_at"])
        href = web_address(one["url"]) or own
        SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": _xml(href)})
        for name in one["reporters"]:
            _text(SubElement(entry, "author"), "name", name)
        if one["section"]:
            SubElement(entry, "category", {"term": _xml(one["section"])})
        _text(entry, "summary", _plain(one["teaser"]))
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _xml(text)


def _plain(text: Any) -> str:
    """Without the marks of a search."""
    return str(text.striptags()) if hasattr(text, "striptags") else str(text)


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)
