"""The rest of a text that a page shows at the press of "Baca selengkapnya"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.parsers.body.account import put_down
from crawler.parsers.body.shapes import ENDS, before, children, text_of
from crawler.parsers.datelines import find_brand

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from crawler.parsers.body.account import Dropped
    from crawler.parsers.body.marks import Marks

MAY_BE_HIDDEN = ("hidden", "none")  # words of attributes
HIDDEN = "[hidden], [aria-hidden='true' i], [style*='display:none' i], [style*='display: none' i]"
_CONTROLS = "a, button, label, summary, span, div, p, [role='button']"
_FIELDS = "form, input, textarea, select, dialog, h1"
_MORE = re.compile(
    r"(?:(?:klik|tekan|ketuk)\s+(?:untuk\s+)?)?"
    r"(?:(?:baca|lihat|tampilkan|tampil|muat|buka|read|show|view|load|see|expand)\s+"
    r"(?:(?:berita|artikel|cerita|teks|isi|naskah|the|full)\s+)*"
    r"(?:selengkapnya|selanjutnya|lebih (?:banyak|lanjut)|semua(?:nya)?|lengkap|sisanya"
    r"|lanjutan(?:nya)?|lagi|penuh|more|all|full|rest|article|story)"
    r"|selengkapnya|(?:lanjut(?:kan)?|teruskan)\s+(?:baca|membaca)|continue reading|read on)"
    r"(?:\s+(?:berita|artikel|di bawah|ini))*",
    re.IGNORECASE,
)
_LONGEST_CONTROL = 45  # characters
_MOST = 50  # hidden elements that are asked
_AROUND = 3  # elements around the rest in which its control stands
_SENTENCE = 60  # characters of a text that is surely one
_DOTS = frozenset(".… \xa0[]")


def show_rest(root: LexborNode, marks: Marks, dropped: Dropped) -> None:
    """Let the hidden rest of a text be seen, and take out what stands there until it is.

    ``marks`` are the root's.
    """
    if "summary" in marks.tags:
        for summary in root.css("details > summary"):
            _take_control(summary, dropped)
    if not marks.has_word(MAY_BE_HIDDEN):
        return
    shown = [
        (node, former, control)
        for node in root.css(HIDDEN)[:_MOST]
        if (former := _shown_before(node)) is not None
        and _is_rest(node)
        and (control := _control(node, root)) is not None
    ]
    for node, former, control in shown:
        for name in ("hidden", "aria-hidden", "style"):
            if name in node.attributes:
                del node.attrs[name]
        if _DOTS.issuperset(text_of(former)):
            _empty(former, dropped)
        _take_control(control, dropped)


def why_hidden(node: LexborNode) -> str:
    """The rule by which a hidden element is left out: a dialog and a form are never text."""
    asks = node.css_first(f"{_FIELDS}, button, [role='dialog']") is not None
    return "dialog" if asks or node.attributes.get("role") == "dialog" else "hidden"


def is_prose(text: str) -> bool:
    """Whether a text is long enough for a sentence and ends as one."""
    return len(text) >= _SENTENCE and text.endswith(ENDS)


def _is_rest(node: LexborNode) -> bool:
    """Whether a hidden element holds sentences, and no dialog or other article."""
    text = text_of(node)
    links = sum(len(text_of(link)) for link in node.css("a"))
    return (
        is_prose(text)
        and 2 * links < len(text)
        and node.css_first(_FIELDS) is None
        and find_brand(text) is None
        and not _repeats(node, text)
    )


def _repeats(node: LexborNode, text: str) -> bool:
    """Whether the same stands beside it, for another size of screen."""
    beside = text_of(node.parent) if node.parent is not None else ""
    return beside.count(text[:_SENTENCE]) > 1


def _shown_before(node: LexborNode) -> LexborNode | None:
    """What a reader sees right before a hidden element, if that goes on with a sentence."""
    former = before(node)
    passed = 0
    seen = former
    while seen is not None and passed < _SENTENCE:
        passed += len(text_of(seen))
        seen = before(seen)
    return former if passed >= _SENTENCE else None


def _control(node: LexborNode, root: LexborNode) -> LexborNode | None:
    """What shows a hidden element when it is pressed."""
    outer = node.parent
    for _ in range(_AROUND):
        if outer is None:
            return None
        for control in outer.css(_CONTROLS):
            if _is_control(control) and not _leads_away(control):
                return control
        if outer.mem_id == root.mem_id:
            return None
        outer = outer.parent
    return None


def _is_control(node: LexborNode) -> bool:
    text = node.text()
    if len(text) > 2 * _LONGEST_CONTROL:
        return False
    words = text_of(node).strip("»›>→▼↓…. +")
    return len(words) <= _LONGEST_CONTROL and bool(_MORE.fullmatch(words))


def _leads_away(control: LexborNode) -> bool:
    """Whether it is a link to another page, and shows nothing of this one."""
    link = control if control.tag == "a" else control.css_first("a")
    address = (link.attributes.get("href") or "#") if link else "#"
    return not address.startswith(("#", "javascript:"))


def _take_control(node: LexborNode, dropped: Dropped) -> None:
    if _is_control(node):
        _empty(node, dropped)


def _empty(node: LexborNode, dropped: Dropped) -> None:
    put_down(node, "control", dropped)
    for child in list(children(node)):
        child.remove()
