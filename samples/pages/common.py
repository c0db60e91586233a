"""What the templates share: dates, text, heads, and what stands around an article."""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING

from samples.articles.model import (
    HEADLINES,
    Article,
    Aside,
    BacaJuga,
    Heading,
    Items,
    P,
    Quote,
    linked,
    slug,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Ahad")
PLACEHOLDER = "https://static.republika.co.id/files/republika2023/images/placeholder.webp"
_LOGO = "https://static.republika.co.id/files/mobile/images/republika.co.id.png?v=ROL-60"
_KANALS = ("News", "Ekonomi", "Khazanah", "Internasional", "Sport", "Leisure")
SCRIPT = """<script>
googletag = window.googletag || {cmd: []};
var html_tpl = '<p>Baca Juga: <a href="/berita/__ID__/__SLUG__">__TITLE__</a></p>';
</script>"""


def printed(article: Article) -> str | None:
    """The date as the article's layout prints it, without the spaces that the template adds."""
    if article.layout == "amp":
        return None
    if article.layout in ("newrol", "rol"):
        return long_date(article.printed)
    return short_date(article.printed)


def short_date(moment: datetime, before_day: str = " ", before_time: str = " ") -> str:
    weekday = _WEEKDAYS[moment.weekday()]
    return f"{weekday}{before_day}{moment:%d} Aug {moment:%Y}{before_time}{moment:%H:%M} WIB"


def long_date(moment: datetime) -> str:
    return f"{_WEEKDAYS[moment.weekday()]}, {moment:%d} Agustus {moment:%Y}, {moment:%H:%M} WIB"


def plain(words: str) -> str:
    return escape(words, quote=False)


def inline(words: str) -> str:
    link = r'<a href="https://republika.co.id/tag/\2">\1</a>'
    return linked(plain(words), link).replace("\n", "<br>")


# --- text -------------------------------------------------------------------------------------


def blocks(article: Article, start: str = "<p>") -> Iterator[str]:
    """The HTML of each block of the text; ``start`` opens a paragraph."""
    opening = article.opening
    for block in article.body:
        match block:
            case P(words):
                yield f"{start}{opening}{inline(words)}</p>"
                opening = ""
            case Heading(words):
                yield f"<h2>{plain(words)}</h2>"
            case Quote(words):
                yield f"<blockquote><p>{plain(words)}</p></blockquote>"
            case Items(texts, tag):
                items = "\n".join(f"<li>{plain(item)}</li>" for item in texts)
                yield f"<{tag}>\n{items}\n</{tag}>"
            case BacaJuga():
                yield _baca_juga(block, start)
            case Aside(html):
                yield html


def _baca_juga(block: BacaJuga, start: str) -> str:
    links = [f'<a href="{link.href}">{plain(link.title)}</a>' for link in block.links]
    items = "\n".join(f"                <li>{link}</li>" for link in links)
    match block.form:
        case "picked":
            return (
                '<!-- B1 --><div class="picked-article">\n'
                '              <div class="title"><span>Baca Juga</span></div>\n'
                f"              <ul>\n{items}\n              </ul>\n            </div>"
            )
        case "taiching":
            items = "".join(f"<li><h3>{link}</h3></li>" for link in links)
            return f'<div class="taiching"><b>Baca Juga</b><ul>{items}</ul></div>'
        case "strong":
            return f"{start}<strong>Baca Juga: {links[0]}</strong></p>"
        case "bare":
            return f"{start}<strong>Baca Juga:</strong></p>\n<ul>\n{items}\n</ul>"
        case "paren":
            return f"{start}(Baca: {links[0]})</p>"
        case "unlinked":
            return f"{start}Baca juga : {plain(block.links[0].title)}</p>"


def body(article: Article) -> str:
    """The text as the article's style sets it."""
    if article.style == "br":
        texts = [block.text for block in article.body if isinstance(block, P)]
        lines = "<br /><br />".join(inline(words) for words in texts)
        return f"<p>{article.opening}{lines}&nbsp;<br /><br /></p>"
    separator = "\n<p>&nbsp;</p>\n" if article.style == "spaced" else "\n"
    return separator.join(blocks(article))


# --- heads ------------------------------------------------------------------------------------


def json_ld(article: Article) -> str:
    stated = (article.stated or article.printed).isoformat()
    news = {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": article.url},
        "headline": article.title,
        "image": {
            "@type": "ImageObject",
            "url": article.photos[0].url,
            "height": 556,
            "width": 830,
        },
        "datePublished": stated,
        "dateModified": article.modified.isoformat() if article.modified else stated,
        "author": {"@type": "Person", "name": article.editors[0]},
        "publisher": {
            "@type": "Organization",
            "name": "Republika Online",
            "logo": {"@type": "ImageObject", "url": _LOGO, "width": 388, "height": 56},
        },
        "description": summary(article),
    }
    return (
        f'<script type="application/ld+json">\n{json.dumps(news, indent=2)}\n</script>\n{SITE_LD}'
    )


SITE_LD = """<script type="application/ld+json">
{
  "@context": "https://schema.org",
  "@type": "Organization",
  "name": "republika.co.id | berita terpopuler | berita terkini",
  "url": "https://republika.co.id",
  "logo": "https://static.republika.co.id/files/mobile/images/republika.co.id.png?v=ROL-60"
}
</script>"""


def summary(article: Article) -> str:
    """The lead; where there is none, the beginning of the text, cut."""
    if article.lead:
        return article.lead
    opening = re.sub("<[^>]*>", "", article.opening)
    return f"{opening}{article.text}"[:180].rsplit(" ", 1)[0] + "..."


def old_head(article: Article, sheet: str, generic: str) -> str:
    """The head of 2013-18: a second, generic keywords meta; no metadata has the date."""
    title, description = escape(article.title), escape(summary(article))
    image = article.photos[0].url
    return f"""\
  <meta name="title" content="{title} - Republika Online" />
  <meta name="description" content="{description}" />
  <meta name="keywords" content="{", ".join(article.tags)}" />
      <meta property="og:url" content="{article.url}" />
  <meta property="og:type" content="article" />
  <meta property="og:title" content="{title} | Republika Online"/>
  <meta property="og:image" content="{image}" />
  <meta property="og:site_name" content="Republika Online" />
  <meta property="og:description" content="{description}" />
  <meta property="fb:app_id" content="000000000000000" />
  <link rel="{image}" type="image/jpeg" href="{image}" />
  <meta name="keywords" content="{generic}"/>
<title>{title} | Republika Online</title>
<link href="http://www.republika.co.id/files/css/{sheet}.css" rel="stylesheet" type="text/css" />
{SCRIPT}"""


XHTML = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"'
    ' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
    '<html xmlns="http://www.w3.org/1999/xhtml">'
)


# --- what stands around -----------------------------------------------------------------------


def menu(tag: str) -> str:
    items = "\n".join(
        f'  <li class="menu-item menu-{name.lower()}">'
        f'<a href="https://republika.co.id/kanal/{name.lower()}" title="{name}">'
        f"<span>{name}</span></a></li>"
        for name in _KANALS
    )
    return f'<nav class="{tag}" role="navigation"><ul class="{tag}-list">\n{items}\n</ul></nav>'


def headlines(name: str, heading: str, class_name: str) -> str:
    """A list of other articles, as layouts since 2018 have it beside and below the text."""
    items = "\n".join(
        f'<li class="list-group-item {name}-item conten1"><a href="{link.href}">\n'
        '  <div class="col-md-3"><div class="thumbnail"><div class="image">'
        f'<img class="lazy" alt="{escape(link.title)}"'
        ' data-original="https://static.republika.co.id/uploads/images/inpicture_widget/'
        f'{slug(link.title)}.jpg" src="{PLACEHOLDER}"></div></div></div>\n'
        '  <div class="col-md-9"><div class="caption"><div class="date">'
        f'<span class="kanal-info">{kanal}</span> - {when}</div>'
        f"<h3><span>{plain(link.title)}</span></h3></div></div></a></li>"
        for kanal, when, link in HEADLINES
    )
    return (
        f'<div class="{class_name}"><div class="kop-judul"><h4>{heading}</h4></div>'
        f'<ul class="list-group wrap-latest">\n{items}\n</ul></div>'
    )


def footer() -> str:
    return (
        '<footer><div class="foot-bottom"><p>Copyright &copy; 2018 - 2022 Republika.co.id.'
        ' All right reserved.</p><a href="/page/about">About</a> |'
        ' <a href="/page/redaksi">Redaksi</a></div></footer>'
    )


def byline(article: Article, gap: str = "/ ") -> str:
    reporters = "" if article.author_line else ", ".join(article.reporters)
    rep = f"Rep: {reporters}{gap}" if reporters else ""
    return f"{rep}Red: {', '.join(article.editors)}"


def tag_list(article: Article, before: str, after: str) -> str:
    return "".join(
        f'{before}<a href="https://republika.co.id/tag/{slug(tag)}">{plain(tag)}</a>{after}'
        for tag in article.tags
    )
