"""Why the text of a record may not be all that its page has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.errors import NotAnArticle
from crawler.parsers import unknown
from crawler.parsers.body.hidden import is_prose
from crawler.parsers.datelines import find_brand
from crawler.parsers.excerpt import Incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.parsers.body.account import Drop
    from crawler.parsers.body.cleaner import Body
    from crawler.parsers.page import Page

_NOTHING = 40  # characters: as many as the invisible ones of a text
_SHORT = 400  # characters of a text that another reader is asked about
_MORE = 2  # times as much as was read
_AT_LEAST = 300  # characters more
# What is left out by these rules is short; long prose among it would be a text's.
_SHOULD_BE_SHORT = frozenset(("interactive", "comments", "card", "part of the page", "control"))
_PROSE = 600  # characters
_BRAND = "REPUBLIKA"  # another article opens with it
# What is left out by these rules is not text where its sentences have at most this many characters.
_MOST = {
    "hidden": 200,
    "other part": 200,
    "before the text": _PROSE,
    "after the text": _PROSE,
    "outside the text": _PROSE,
    "data not read": 200,
    "not in the data": _PROSE,
}


def doubts(body: Body, dropped: list[Drop]) -> Iterator[str]:
    """What was left out and may be text, a reason each."""
    if body.lost > _NOTHING:
        yield f"{body.lost} characters of the text's element are neither text nor furniture"
    for drop in dropped:
        if drop.rule in _SHOULD_BE_SHORT and len(drop.text) > _PROSE:
            yield f"{len(drop.text)} characters were left out as {drop.rule}: {drop.text[:60]}..."
        if drop.rule == "next article" and len(drop.text) > _PROSE and _BRAND not in drop.text:
            yield f"{len(drop.text)} characters were left out below the text: {drop.text[:60]}..."
    for rule, most in _MOST.items():
        texts = [drop.text for drop in dropped if drop.rule == rule and is_prose(drop.text)]
        size = sum(map(len, texts))
        if size > most and not any(map(find_brand, texts)):
            yield f"{size} characters were left out as {rule}: {texts[0][:60]}..."


def is_short(text: str, page: Page) -> bool:
    """Whether a text is so short, by itself or beside the one that the head states."""
    stated = page.news.get("articleBody")
    whole = len(stated) if isinstance(stated, str) else 0
    return len(text) < _SHORT or whole > _MORE * len(text) + _AT_LEAST


def second_opinion(page: Page, identifier: str, text: str) -> str | None:
    """What the reader of unknown layouts finds that is not in ``text``; None if it agrees.

    Raises Incomplete where only an excerpt of the page is at hand.
    """
    if page.excerpt:
        raise Incomplete
    try:
        found = unknown.text_size(page, identifier)
    except NotAnArticle:
        return None
    if found > _MORE * len(text) + _AT_LEAST:
        return f"the page seems to have a text of {found} characters, and {len(text)} were read"
    return None
