"""Pages of layouts that nobody described, built piece by piece."""

from __future__ import annotations

import json
from typing import Any

from crawler.parsers import parse_article

ID = "ssn308512"  # 5 March 2025, 14:19 WIB
URL = f"https://news.republika.co.id/berita/{ID}/perahu-perpustakaan"
TITLE = "Perahu Perpustakaan Kembali Menyusuri Sungai"
PRINTED = "Rabu, 05 Maret 2025, 14:20 WIB"
MOMENT = "2025-03-05T14:20:00+07:00"
BYLINE = "Rep: Galih Contoh/ Red: Nita Contoh"
OPENING = "Perahu perpustakaan milik kota kembali menyusuri sungai sejak awal bulan ini."
MIDDLE = (
    "Perahu itu membawa delapan ratus judul buku anak dan dua orang pustakawan, yang menginap di "
    "tiga kampung sebelum kembali ke kota."
)
END = "Jadwal berikutnya diumumkan pekan depan."
TEXT = [OPENING, MIDDLE, END]
PARAGRAPHS = f"<p>REPUBLIKA.CO.ID, PONTIANAK -- {OPENING}</p><p>{MIDDLE}</p><p>{END}</p>"
HEAD = f'<link rel="canonical" href="{URL}">'


def page(
    body: str, *, head: str = HEAD, title: str = TITLE, date: str = PRINTED, byline: str = BYLINE
) -> str:
    """A page whose article has its title, date and by-line in elements without a name."""
    return (
        f'<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><title>{title} | Republika '
        f"Online</title>{head}</head><body><main><h1>{title}</h1><div>{date}</div>"
        f"<div>{byline}</div>{body}</main></body></html>"
    )


def bare(body: str, *, head: str = HEAD) -> str:
    """A page that holds nothing of an article but what is given."""
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def island(data: Any) -> str:
    """A script with data for a framework."""
    return f'<script type="application/json">{json.dumps(data)}</script>'


def linked(**fields: Any) -> str:
    """JSON-LD of the article."""
    data = {"@type": "NewsArticle", "headline": TITLE, "datePublished": MOMENT, "url": URL}
    return f'<script type="application/ld+json">{json.dumps(data | fields)}</script>'


def text(html: str) -> list[str]:
    """The paragraphs that a page gives."""
    return parse_article(html, URL).body.split("\n\n")
