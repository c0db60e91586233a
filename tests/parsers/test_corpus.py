"""Every field of every page of the corpus, where it is present: a test per page and field."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from crawler.parsers import NotAnArticle, parse_article
from tests.corpus import CORPUS, corpus
from tests.scoring import DAY, compared, corpus_pages, read

PAGES = {page.name: page for page in corpus_pages(CORPUS)}
CASES = [(page.name, field) for page in PAGES.values() for field in page.fields]
# Attributes whose values a redesign would change; what a browser needs to show the page stays.
CLASS_OR_ID = re.compile(r"""\b(class|id|itemprop)\s*=\s*("[^"]*"|'[^']*')""")


@cache
def parsed(name: str) -> dict[str, Any]:
    return read(PAGES[name])


@pytest.mark.parametrize(("name", "field"), CASES or [("absent", "absent")])
def test_field(name: str, field: str) -> None:
    corpus()
    got, wanted = compared(PAGES[name], field, parsed(name)[field])
    assert got == wanted


def test_dead_article_is_none() -> None:
    label = json.loads((corpus() / "expected" / "dead_607.json").read_text())
    with pytest.raises(NotAnArticle) as refused:
        parse_article((CORPUS / "html" / "dead_607.html").read_bytes(), label["_meta"]["fetch_url"])
    assert refused.value.kind == "home"


def renamed(html: bytes) -> bytes:
    """The page as a redesign would leave it: each class and id has another name."""
    return CLASS_OR_ID.sub(
        lambda match: f'{match[1]}="x{sum(map(ord, match[2])) % 9973}z"',
        html.decode("utf-8", "replace"),
    ).encode()


def test_renamed_pages_are_still_read() -> None:
    corpus()
    wrong = []
    for name, page in PAGES.items():
        try:
            record = read(replace(page, html=renamed(page.html)))
        except ValueError as error:
            wrong.append(f"{name}: {error}")
            continue
        title, wanted_title = compared(page, "title", record["title"])
        body, wanted_body = compared(page, "body", record["body"])
        day = record["published_at"][:DAY]
        if (title, body, day) != (wanted_title, wanted_body, page.expected["published_at"][:DAY]):
            wrong.append(name)
    assert len(wrong) <= len(PAGES) // 10, wrong
