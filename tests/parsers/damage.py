"""What the tests of bad_input share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.parsers import NotAnArticle, ParseError, parse_article
from tests.sample import (
    CHILLI,
    address,
)

if TYPE_CHECKING:
    from crawler.article import Article


def read(html: bytes | str, identifier: str = CHILLI) -> Article | None:
    """The record, or None where the parser says that it cannot read the page."""
    try:
        return parse_article(html, address(identifier))
    except (ParseError, NotAnArticle):
        return None
