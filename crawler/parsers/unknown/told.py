"""What an object of data tells of an article.

Which object is the article is told by its id or address, never by its place; of its keys only
those are taken that say what they hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crawler.parsers.text import meaningful, without_entities
from crawler.parsers.unknown.prose import as_html, images_of
from crawler.urls import article_id, id_time

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_NAMES = 50
_LONGEST_ADDRESS = 500  # characters
_ADDRESSES = frozenset(
    """
    url link permalink canonical canonicalurl path href id mainentityofpage
""".split()
)
_MAX_OBJECTS = 50_000
_KEYS = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "title": r"title|headline|judul|heading",
        "published": r"(?:date_?)?publi[a-z]*(?:_?(?:at|on|date|time))*|terbit|tanggal(?:_?terbit)?"
        r"|date|tayang|waktu",
        "modified": r"(?:date_?)?(?:modified|updated)(?:_?(?:at|on|date|time))*|diperbarui",
        "lead": r"lead|teaser|deck|standfirst|sub_?(?:title|headline|judul)|ringkasan|summary"
        r"|excerpt",
        "descriptions": r"description|deskripsi|meta_?description",
        "body": r"(?:article|post|story|news)?_?(?:body|content|text|html|isi|konten|paragraphs?"
        r"|paragraf|blocks?|naskah)(?:_?(?:html|text|raw|berita|artikel))?",
        "reporters": r"reporters?|penulis|writers?|wartawan|pewarta|rep",
        "editors": r"editors?|redaktur|red",
        "authors": r"authors?",
        "section": r"(?:article_?)?sections?|categor(?:y|ies)|kategori|kanal|channel|rubrik"
        r"|breadcrumbs?",
        "tags": r"tags?|keywords?|topi[ck]s?|kata_?kunci",
        "images": r"images?|photos?|foto|gambar|picture|cover|hero|thumbnail|featured_?image"
        r"|media",
        "place": r"place|dateline|lokasi|kota|city|location",
        "sources": r"sources?|sumber",
    }.items()
}
_NAMES = ("name", "nama", "title", "label", "text", "display_name", "displayName", "full_name")


@dataclass(slots=True)
class Told:
    """What one source of data tells of the article; ``text`` is HTML."""

    titles: list[str] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    published: str | None = None
    modified: str | None = None
    text: str = ""
    bodies: list[Any] = field(default_factory=list)  # what may hold the text, as it is kept
    reporters: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    section: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    images: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)  # of the articles that it is or says to be


def article_of(data: Any, identifier: str, titles: set[str]) -> Told | None:
    """What data tell of the article with this id, or else of that with one of these titles."""
    best: tuple[int, int, dict[str, Any]] | None = None
    for item in _objects(data):
        named = identifier in _ids(item)
        title = any(
            isinstance(value, str) and without_entities(value) in titles
            for key, value in item.items()
            if _KEYS["title"].fullmatch(key)
        )
        if not (named or title):
            continue
        size = _text_size(item)
        rank = (2 * named + title, size)
        if size and (best is None or rank >= best[:2]):
            best = (*rank, item)
    return read_object(best[2]) if best else None


def read_object(item: dict[str, Any]) -> Told:
    """The fields of an article's object, by its keys."""
    told = Told(ids=_ids(item))
    layers = [item, *(value for value in item.values() if isinstance(value, dict))]
    for layer in layers:
        if layer is not item and set(_ids(layer)) - set(told.ids):
            continue  # another article
        for key, value in layer.items():
            _take(told, key, value, nested=layer is not item)
    return told


def _take(told: Told, key: str, value: Any, *, nested: bool) -> None:
    text = without_entities(value) if isinstance(value, str) else ""
    if _KEYS["body"].fullmatch(key):
        told.bodies.append(value)
        made = as_html(value)
        if len(made) > len(told.text):
            told.text = made
    if _KEYS["images"].fullmatch(key):
        told.images += images_of(value)
    if nested:
        return
    if _KEYS["title"].fullmatch(key) and text:
        told.titles.append(text)
    elif _KEYS["lead"].fullmatch(key) and text:
        told.leads.append(text)
    elif _KEYS["descriptions"].fullmatch(key) and text:
        told.descriptions.append(text)
    elif _KEYS["published"].fullmatch(key) and text:
        told.published = told.published or text
    elif _KEYS["modified"].fullmatch(key) and text:
        told.modified = told.modified or text
    for name in ("reporters", "editors", "sources", "section", "tags"):
        if _KEYS[name].fullmatch(key):
            found = names(value, divided=name == "tags")
            known = getattr(told, name)
            known += [name for name in found if name not in known]


def names(value: Any, *, divided: bool = False) -> list[str]:
    """Names in a value: a string, an object with a name, or a list of such."""
    if isinstance(value, str):
        parts = value.split(",") if divided else [value]
        return [name for part in parts if (name := meaningful(without_entities(part)))]
    if isinstance(value, dict):
        found = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), None)
        return names(found) if found else []
    if isinstance(value, list):
        return [name for item in value[:_MAX_NAMES] for name in names(item)]
    return []


def _ids(item: dict[str, Any]) -> list[str]:
    """The ids that an object has of its own, and those of the addresses it says to be at."""
    found = []
    for key, value in item.items():
        name = key.lower().lstrip("@").replace("_", "")
        if name == "mainentityofpage" and isinstance(value, dict):
            value = value.get("@id")
        if not isinstance(value, str) or len(value) > _LONGEST_ADDRESS:
            continue
        if name.endswith("id") and id_time(value):
            found.append(value)
        elif name in _ADDRESSES:
            found.append(article_id(value) or "")
    return [identifier for identifier in dict.fromkeys(found) if identifier]


def _text_size(item: dict[str, Any]) -> int:
    layers = [item, *(value for value in item.values() if isinstance(value, dict))]
    return max(
        (
            len(as_html(value))
            for layer in layers
            for key, value in layer.items()
            if _KEYS["body"].fullmatch(key)
        ),
        default=0,
    )


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """Every object in data, each once, the outer ones first."""
    seen: set[int] = set()
    level = [data]
    while level and len(seen) < _MAX_OBJECTS:
        inner: list[Any] = []
        for item in level:
            if not isinstance(item, dict | list) or id(item) in seen:
                continue
            seen.add(id(item))
            if isinstance(item, dict):
                yield item
                inner += item.values()
            else:
                inner += item
        level = inner
