"""Text as it is compared and stored: one space between words, nothing invisible."""

from __future__ import annotations

import html
import re

from bs4 import BeautifulSoup

# Control characters other than white space; soft hyphen, zero-width space, what turns the
# direction of a text, word joiner and its kin, byte order mark; half characters, which JSON may
# escape.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u2069\ufeff\ud800-\udfff]"
)
_LONGEST = 4_096  # characters of a title or caption; html.parser's time grows with the square
# Tags that are meant as such: "Harga <Rp 5 ribu> naik" has none.
_MARKUP = re.compile(
    r"</?(?:a|b|big|br|center|div|em|font|h[1-6]|i|p|small|span|strong|sub|sup|u)\b[^<>]*>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"&#[0-9]{9,}")  # which no character has
# What the parser escapes in the HTML that it writes.
_ESCAPED = (
    ("&nbsp;", "\xa0"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", '"'),
    ("&amp;", "&"),  # the last, as it may stand before what looks like another
)


def squeeze(text: str) -> str:
    """Collapse white space, no-break spaces included, and take invisible characters out."""
    if not text.isprintable():
        text = _INVISIBLE.sub("", text)
    elif "  " not in (text := text.strip(" ")):  # most text: its only white space is the space
        return text
    return " ".join(text.split())


def meaningful(text: str | None) -> str | None:
    """The squeezed text, or None where nothing but punctuation is left."""
    text = squeeze(text or "")
    return text if any(map(str.isalnum, text)) else None


def without_markup(text: str) -> str:
    """The squeezed text without the tags that editors left in it (``<em>Republika</em>``)."""
    if len(text) > _LONGEST or not _MARKUP.search(text):
        return squeeze(text)
    return squeeze(BeautifulSoup(_BREAK.sub(" ", text), "html.parser").get_text())


def without_entities(text: str) -> str:
    """Text that a page has escaped, as it is meant, and squeezed."""
    return squeeze(html.unescape(without_long_numbers(text)))


def without_long_numbers(text: str) -> str:
    """Text of HTML without numbers of characters at which Python's readers of HTML fail."""
    return _LONG_NUMBER.sub("\ufffd", text)


def unescaped(text: str) -> str:
    """Text of HTML as the parser writes it."""
    if "&" in text:
        for entity, character in _ESCAPED:
            text = text.replace(entity, character)
    return text
