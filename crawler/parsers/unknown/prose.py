"""The text of an article in the forms that editors' programs keep it in, as HTML."""

from __future__ import annotations

import html
import re
from typing import Any

from crawler.parsers.text import meaningful, squeeze

_URLS = ("url", "src", "original", "path", "contentUrl", "href")
_CAPTIONS = ("caption", "keterangan", "description", "alt", "title")
_CREDITS = ("credit", "kredit", "photographer", "fotografer", "source", "copyright")
_TITLES = ("title", "judul", "headline", "text", "label")
_TEXT_KEYS = (
    "html",
    "rendered",
    "text",
    "content",
    "value",
    "body",
    "data",
    "children",
    "isi",
    "teks",
    "p",
)
KIND_KEYS = ("type", "_type", "kind", "tag", "tipe", "jenis", "component", "blockName", "name")
_HEADING = re.compile(r"head(?:ing|er)?|h[1-6]|sub_?(?:title|head|judul)", re.IGNORECASE)
_LIST = re.compile(r"list|ul|ol|daftar|(?:un)?ordered-?list(?:-item)?", re.IGNORECASE)
_QUOTE = re.compile(r"(?:block)?quote|kutipan|pull_?quote", re.IGNORECASE)
_IMAGE = re.compile(r"(?:core/)?image|photo|foto|gambar|picture|figure", re.IGNORECASE)
_ALIEN = re.compile(
    r"\bads?\b|iklan|advert|embed|video|promo|newsletter|poll|banner|widget", re.IGNORECASE
)
_OTHER = re.compile(r"related|terkait|baca|read_?(?:also|more)|card|teaser", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:p|br|div|h[1-6]|ul|ol|blockquote|figure|section)\b", re.IGNORECASE)


def as_html(value: Any) -> str:
    """A text in any of the forms that editors' programs keep it in, as HTML."""
    if isinstance(value, str):
        return value if _MARKUP.search(value) else _paragraphs(value)
    if isinstance(value, list):
        return "".join(as_html(item) for item in value)
    if not isinstance(value, dict):
        return ""
    kind = next((value[key] for key in KIND_KEYS if isinstance(value.get(key), str)), "")
    if _IMAGE.fullmatch(kind):
        return _figure(value)
    if _OTHER.search(kind):
        return _links(value)
    if _ALIEN.search(kind):
        return ""
    if _LIST.fullmatch(kind):
        items = next((value[key] for key in ("items", "content", "children") if key in value), None)
        data = value.get("data")
        items = items or (data.get("items") if isinstance(data, dict) else None)
        inner = [inline(item) for item in items] if isinstance(items, list) else [inline(value)]
        return "<ul>" + "".join(f"<li>{item}</li>" for item in inner if item) + "</ul>"
    if any(_holds_blocks(value.get(key)) for key in (*_TEXT_KEYS, "blocks")):
        return "".join(as_html(value.get(key)) for key in (*_TEXT_KEYS, "blocks"))
    phrase = inline(value)
    if not phrase or _MARKUP.match(phrase):
        return phrase
    tag = "h2" if _HEADING.fullmatch(kind) else "blockquote" if _QUOTE.fullmatch(kind) else "p"
    return f"<{tag}>{phrase}</{tag}>"


def is_alien(kind: str) -> bool:
    """Whether the name of a block says that it is not text."""
    return bool(_OTHER.search(kind) or _ALIEN.search(kind))


def inline(value: Any) -> str:
    """The text of one block, with the markup inside it."""
    if isinstance(value, str):
        return value if "<" in value and ">" in value else html.escape(html.unescape(value), False)
    if isinstance(value, list):
        return "".join(inline(item) for item in value)
    if isinstance(value, dict):
        return next((phrase for key in _TEXT_KEYS if (phrase := inline(value.get(key)))), "")
    return ""


def _links(value: Any) -> str:
    """The links of a box of other articles, as Baca Juga lines."""
    if isinstance(value, list):
        return "".join(map(_links, value))
    if not isinstance(value, dict):
        return ""
    url = next((value[key] for key in _URLS if isinstance(value.get(key), str)), "")
    title = next((value[key] for key in _TITLES if isinstance(value.get(key), str)), "")
    if url and title:
        return f'<p>Baca juga: <a href="{html.escape(url)}">{html.escape(title)}</a></p>'
    return "".join(_links(inner) for inner in value.values())


def _holds_blocks(value: Any) -> bool:
    """Whether a list is of blocks, and not of the pieces of one."""
    if isinstance(value, dict):
        return any(_holds_blocks(value.get(key)) for key in (*_TEXT_KEYS, "blocks"))
    if not isinstance(value, list):
        return False
    return any(
        isinstance(item, dict)
        and re.fullmatch(
            r"(?:core/)?(?:p|block|para(?:graph|graf)|head(?:ing|er)|unstyled)",
            next((item[key] for key in KIND_KEYS if isinstance(item.get(key), str)), ""),
            re.IGNORECASE,
        )
        for item in value
    )


def _paragraphs(text: str) -> str:
    """Plain text as HTML: a blank line divides, and a single one where there is no blank one."""
    text = html.unescape(text).replace("\r\n", "\n")
    parts = re.split(r"\n\s*\n", text) if re.search(r"\n\s*\n", text) else text.split("\n")
    return "".join(f"<p>{_with_breaks(part)}</p>" for part in parts if squeeze(part))


def _with_breaks(text: str) -> str:
    if "<" in text and re.search(r"</?[a-z]", text):
        return text
    return "<br>".join(html.escape(line, quote=False) for line in text.strip().split("\n"))


def _figure(value: dict[str, Any]) -> str:
    found = images_of(value) or [image for inner in value.values() for image in images_of(inner)]
    return "".join(
        f'<figure><img src="{html.escape(url)}"><figcaption>{html.escape(caption or "")}'
        f"{' Foto: ' + html.escape(credit) if credit else ''}</figcaption></figure>"
        for url, caption, credit in found[:1]
    )


def images_of(value: Any) -> list[tuple[str, str | None, str | None]]:
    if isinstance(value, str):
        return [(value, None, None)] if re.match(r"(?:https?:)?/", value) else []
    if isinstance(value, list):
        return [image for item in value[:50] for image in images_of(item)]
    if not isinstance(value, dict):
        return []
    url = next((value[key] for key in _URLS if isinstance(value.get(key), str)), "")
    if not url:
        return []
    caption, credit = (
        next((phrase for key in keys if (phrase := meaningful(_text(value.get(key))))), None)
        for keys in (_CAPTIONS, _CREDITS)
    )
    return [(url, caption, credit)]


def _text(value: Any) -> str:
    return html.unescape(value) if isinstance(value, str) else ""
