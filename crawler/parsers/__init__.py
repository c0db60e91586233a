"""HTML of a Republika page in, a record out. Pure: no network, no database, no Scrapy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.errors import CutOff, NotAnArticle, ParseError
from crawler.parsers.bylines import split_byline
from crawler.parsers.datelines import split_dateline
from crawler.parsers.page import find_wall
from crawler.parsers.parsed import ParsedPage
from crawler.parsers.reader import PARSER_VERSION
from crawler.parsers.record import (
    is_own_page,
    join_parts,
    parse_answer,
    parse_page,
    whole_article,
)

if TYPE_CHECKING:
    from crawler.article import Article

__all__ = [
    "PARSER_VERSION",
    "CutOff",
    "NotAnArticle",
    "ParseError",
    "ParsedPage",
    "find_wall",
    "is_own_page",
    "join_parts",
    "parse_answer",
    "parse_article",
    "parse_page",
    "split_byline",
    "split_dateline",
    "whole_article",
]


def parse_article(html: bytes | str, url: str) -> Article:
    """The record of one page.

    ``html`` is the page as the server sent it, content encoding undone; ``url`` the address it was
    asked from. Raises `NotAnArticle` for a page of another kind and `ParseError` for one that
    cannot be read; what is returned has title, date and text.
    """
    return parse_page(html, url).article
