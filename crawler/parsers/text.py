"""Text as it is compared and stored: one space between words, nothing invisible."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

# Control characters that are no white space; soft hyphen, zero-width space, what turns the
# direction of a text, word joiner and its kin, byte order mark; half characters, which JSON may
# escape.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u2069\ufeff\ud800-\udfff]"
)


def squeeze(text: str) -> str:
    """Collapse white space, no-break spaces included, and take invisible characters out."""
    if not text.isprintable():  # most text is, and needs no search
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())


def meaningful(text: str | None) -> str | None:
    """The squeezed text, or None where nothing but punctuation is left."""
    text = squeeze(text or "")
    return text if any(map(str.isalnum, text)) else None


def without_markup(text: str) -> str:
    """The squeezed text without the tags that editors left in it (``<em>Republika</em>``)."""
    if "<" not in text:
        return squeeze(text)
    soup = BeautifulSoup(text, "html.parser")
    for line_break in soup("br"):
        line_break.replace_with(" ")
    return squeeze(soup.get_text())
