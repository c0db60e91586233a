"""An article as the values of its columns, and its lists as the rows of their tables."""

from __future__ import annotations

import json
from dataclasses import fields
from operator import attrgetter
from typing import Any

from crawler.article import Article, Image, Related, StoredArticle

Record = dict[str, Any]  # by field: columns as SQLite has them, lists as rows of their tables

LISTS = ("tags", "images", "related")  # fields of an article with tables of their own
COLUMNS = tuple(field.name for field in fields(Article) if field.name not in LISTS)
REVISED = tuple(name for name in COLUMNS if name not in {"id", "first_seen_at", "updated_at"})
# What makes two records differ.
COMPARED = (
    *(name for name in REVISED if name not in {"fetched_at", "parser_version"}),
    *LISTS,
)

_JSON_COLUMNS = ("reporters", "editors", "sources")
_IMAGE = tuple(field.name for field in fields(Image))
_RELATED = tuple(field.name for field in fields(Related))
_image_row = attrgetter(*_IMAGE)
_related_row = attrgetter(*_RELATED)
# One encoder for all: json.dumps makes one each time.
_json = json.JSONEncoder(ensure_ascii=False).encode


def to_record(article: Article, now: str) -> Record:
    """The record of an article that is first seen now."""
    record = {name: getattr(article, name) for name in COLUMNS}
    for name in _JSON_COLUMNS:
        record[name] = _json(record[name])
    record["fetched_at"] = article.fetched_at or now
    record["first_seen_at"] = record["updated_at"] = now
    record["tags"] = sorted(set(article.tags))
    record["images"] = [_image_row(image) for image in article.images]
    record["related"] = [_related_row(link) for link in article.related]
    return record


def from_row(row: dict[str, Any]) -> Record:
    """The record that a row of ``articles`` and ``article_lists`` holds."""
    return {
        **row,
        "tags": json.loads(row["tags"]),
        "images": [tuple(image.values()) for image in json.loads(row["images"])],
        "related": [tuple(link.values()) for link in json.loads(row["related"])],
    }


def readable(record: Record) -> Record:
    """The record with its lists as Python lists, images and links as dicts."""
    return {
        **record,
        **{name: json.loads(record[name]) for name in _JSON_COLUMNS},
        "images": [dict(zip(_IMAGE, row, strict=True)) for row in record["images"]],
        "related": [dict(zip(_RELATED, row, strict=True)) for row in record["related"]],
    }


def to_revision(record: Record) -> Record:
    """The record with its lists as JSON, which a user can read without the other tables."""
    return {
        **record,
        "tags": _json(record["tags"]),
        "images": _json([dict(zip(_IMAGE, row, strict=True)) for row in record["images"]]),
        "related": _json([dict(zip(_RELATED, row, strict=True)) for row in record["related"]]),
    }


def to_article(record: Record) -> StoredArticle:
    """The article of a record."""
    values = readable(record)
    values["images"] = [Image(**image) for image in values["images"]]
    values["related"] = [Related(**link) for link in values["related"]]
    return StoredArticle(**values)
