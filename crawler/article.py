"""The record: what one Republika article becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A photo of the article; ``url`` is absolute, ``credit`` has no ``Foto:`` before it."""

    url: str
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A "Baca Juga" link: out of the text, but not lost."""

    related_id: str | None  # None where the link leads to no Republika article
    url: str
    title: str


@dataclass(slots=True, kw_only=True)
class Article:
    """One article; the fields up to ``updated_at`` are the columns of the table, in its order.

    Moments are ISO 8601 text with +07:00. ``fetched_at`` is set by who fetched the page,
    ``first_seen_at`` and ``updated_at`` by the store.
    """

    id: str
    url: str
    title: str
    lead: str | None = None
    published_at: str
    published_raw: str | None = None
    published_from: str  # page, metadata or id
    modified_at: str | None = None
    section: str | None = None  # "Ekonomi > Energi"
    reporters: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    dateline: str | None = None
    body: str  # paragraphs with a blank line between
    word_count: int
    language: str  # id or en
    kind: str  # article, gallery, video or infographic
    partial: bool = False  # the page gives only part of the article
    layout: str
    content_hash: str
    parser_version: str
    fetched_at: str | None = None
    first_seen_at: str | None = None
    updated_at: str | None = None
    tags: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)


class StoredArticle(Article):
    """An article as the database holds it; ``outcome`` is not a field, and no feed shows it."""

    __slots__ = ("outcome",)

    outcome: Literal["new", "updated", "unchanged"]  # what this run made of it


def content_hash(title: str, lead: str | None, body: str) -> str:
    """SHA-256 (hex) over title, lead and body: equal for two records that say the same."""
    return sha256("\n".join((title, lead or "", body)).encode()).hexdigest()
