"""Lines of buttons, labels and counters: how a page shares, prints, pages and counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.parsers.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_CONTROL = 80  # characters
_BUTTONS = 120  # characters of a line of links that lead to no text
# What the buttons, labels and counters of a page are made of; a sentence has other words.
_CONTROLS = frozenset(
    """
    a aa ad ads advertisement anda aplikasi app apple artikel audio baca bagikan bawah berhasil
    berikutnya berlangganan bookmark cetak channel comment comments content continue copy dari
    dengarkan di dibaca disalin disponsori download email facebook fb follow font gabung geser
    google gulir halaman iklan ikuti ini instagram kali kami ke komentar kunci lainnya langganan
    lanjut lanjutkan like line link linkedin listen loading login melanjutkan membaca memuat menit
    news next on page pinterest play playstore prev previous print promoted putar read reading
    republika resume salin saluran save scroll sebelumnya selanjutnya selengkapnya share simak
    simpan sponsor sponsored store suka surel swipe tag tags tautan teks telah telegram tersalin
    threads tiktok to tonton topik tweet twitter ukuran unduh untuk url us via video views wa
    whatsapp with x youtube
""".split()
)
_WORD = re.compile(r"[^\W_]+")
_ARROWS = frozenset("❮❯‹›«»←→◀▶◄►▲▼⟨⟩")
_SENTENCE_ENDS = (".", "?", "!", '"', "”")
# A social network or an app store.
_SOCIAL = re.compile(
    r"\s*(?:https?:)?//(?:www\.|m\.|web\.|api\.)?(?:facebook|twitter|x|t|whatsapp|wa|line|linkedin"
    r"|pinterest|telegram|instagram|tiktok|youtube|threads|news\.google|play\.google|apps\.apple)"
    r"\.(?:com|me|net)(?:/|$)",
    re.IGNORECASE,
)
_BUTTON = re.compile(
    rf"{_SOCIAL.pattern}|\s*(?:#|\?|javascript:|mailto:|tel:)|.*/(?:tag|topik|topic)/",
    re.IGNORECASE,
)


def is_control(line: str, links: Iterable[tuple[str, str]] = ()) -> bool:
    """Whether a line is made of buttons and labels, and of links that lead to no text.

    ``links``: those in the line, as (text, address).
    """
    links = list(links)
    is_short = len(line) <= _BUTTONS and not line.endswith(_SENTENCE_ENDS)
    if is_short and links and all(is_account(address) for _, address in links):
        return True
    rest = line
    for label, address in links:
        if _leads_nowhere(address):
            rest = rest.replace(label, " ", 1)
    rest = squeeze(rest)
    if rest != line and not any(map(str.isalnum, rest)):
        return is_short
    return _is_labels(rest)


def is_account(address: str) -> bool:
    """Whether a link leads to a social network or an app store."""
    return bool(_SOCIAL.match(address))


def _is_labels(line: str) -> bool:
    """Whether a line is made of the words of buttons, labels and counters alone."""
    if len(line) > _LONGEST_CONTROL or (line.endswith((".", "!", "?")) and line[-2:] != ".."):
        return False
    words = _WORD.findall(line.lower())
    if not words:
        return not _ARROWS.isdisjoint(line)
    if all(piece.startswith("#") for piece in line.split()):
        return True  # tags
    return all(word in _CONTROLS or word.rstrip("x").isdecimal() for word in words)


def _leads_nowhere(address: str) -> bool:
    """Whether a link is a button: it shares, follows, or leads to a tag or within the page."""
    return not address.strip() or bool(_BUTTON.match(address.strip()))
