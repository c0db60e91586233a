"""Bare pages in each layout, and the shapes in which paragraphs are set."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

URL = "https://news.republika.co.id/berita/to9m4c370/jembatan-bambu-dibuka-lagi"
TITLE = "Jembatan Bambu Dibuka Lagi"
_HEAD = f"""<!DOCTYPE html><html lang="id"><head><meta charset="utf-8">
<title>{TITLE} | Republika Online</title><link rel="canonical" href="{URL}">
<meta property="og:title" content="{TITLE}"><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-11-10T09:41:00+07:00">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{TITLE}",
"datePublished": "2026-11-10T09:41:00+07:00"}}</script></head><body>"""
_END = "<footer><p>Tentang Kami</p></footer></body></html>"
_DATE = "Selasa 10 Nov 2026 09:41 WIB"
_BYLINE = "Rep: Contoh Reporter/ Red: Contoh Redaktur"


def _republika2023(text: str) -> str:
    return f"""{_HEAD}<div class="main-content" id="detail"><div class="main-content__left">
<ul class="breadcrumb"><li><a href="/">Home</a></li><li><a href="/kanal/news">News</a></li></ul>
<div class="date date-item__headline">{_DATE}</div><div class="max-card__title"><h1>{TITLE}</h1>
<div>{_BYLINE}</div></div><div class="article-content"><article>{text}</article></div></div></div>
{_END}"""


def _wrap_detail(text: str) -> str:
    return f"""{_HEAD}<div class="wrap_detail"><div class="wrap_detail_set"><h1>{TITLE}</h1>
<div class="date_detail"><p>{_DATE}</p></div>
<div class="by"><span><p>{_BYLINE}</p></span></div></div>
<div class="set_conten_detail"><div class="teaser_detail"><div class="artikel">{text}</div></div>
</div></div>{_END}"""


def _rol(text: str) -> str:
    return f"""{_HEAD}<div class="wp-conten-detail"><div class="date-detail">{_DATE}</div>
<div class="jdl-detail"><h2>{TITLE}</h2></div><div class="wp-reset"><div class="red">{_BYLINE}</div>
</div><div class="detail-berita"><div class="content-detail">{text}</div></div></div>{_END}"""


def _newrol(text: str) -> str:
    return f"""{_HEAD}<div class="content-detail-center"><h1 class="jdl-detail">{TITLE}</h1>
<div class="rangka"><div class="date">{_DATE}</div></div><div class="txt-detailberita">{text}</div>
<div class="red"><table><tr><td>Reporter : Contoh Reporter</td></tr>
<tr><td>Redaktur : Contoh Redaktur</td></tr></table></div></div>{_END}"""


def _amp(text: str) -> str:
    head = _HEAD.replace("<html", "<html amp", 1)
    return f"""{head}<main><h1>{TITLE}</h1><div class="by">{_BYLINE}</div>
<article>{text}</article></main>{_END}"""


def _unknown(text: str) -> str:
    return f"""{_HEAD}<main><h1>{TITLE}</h1><time>{_DATE}</time><p class="q7">{_BYLINE}</p>
<div class="k3">{text}</div></main>{_END}"""


LAYOUTS: dict[str, Callable[[str], str]] = {
    "republika2023": _republika2023,
    "wrap_detail": _wrap_detail,
    "rol": _rol,
    "newrol": _newrol,
    "amp": _amp,
    "unknown": _unknown,
}


def _each(before: str, after: str) -> Callable[[Iterable[str]], str]:
    return lambda texts: "".join(f"{before}{text}{after}\n" for text in texts)


SHAPES: dict[str, Callable[[Iterable[str]], str]] = {
    "p": _each("<p>", "</p>"),
    "malformed p": lambda texts: (
        '<!-- B1 --><p class="b2">   ' + "".join(f"<p>{text}</p>" for text in texts)
    ),
    "div": _each("<div>", "</div>"),
    "p in div": _each('<div class="x"><p>', "</p></div>"),
    "span in p": _each('<p><span style="font-size:14px">', "</span></p>"),
    "line breaks": lambda texts: "<p>" + "<br /><br />".join(texts) + "</p>",
}
