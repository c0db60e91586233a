"""The site's templates of 2013-26, cut down: every element that an article stands in, few others.

Menus and lists are short, but what misleads a parser is there: the page's own date, headlines
with other dates, labels of ads and loaders, scripts that hold markup. The markup of a layout is
the site's; the words are made up (`articles`).
"""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING

from articles import (
    HEADLINES,
    PAGE_DATE,
    PAGE_DATE_ID,
    RECOMMENDED,
    Article,
    Aside,
    BacaJuga,
    Entry,
    Heading,
    Items,
    Lost,
    P,
    Quote,
    linked,
    slug,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

_WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Ahad")
_PLACEHOLDER = "https://static.republika.co.id/files/republika2023/images/placeholder.webp"
_LOGO = "https://static.republika.co.id/files/mobile/images/republika.co.id.png?v=ROL-60"
_KANALS = ("News", "Ekonomi", "Khazanah", "Internasional", "Sport", "Leisure")
_SCRIPT = """<script>
googletag = window.googletag || {cmd: []};
var html_tpl = '<p>Baca Juga: <a href="/berita/__ID__/__SLUG__">__TITLE__</a></p>';
</script>"""


def printed(article: Article) -> str | None:
    """The date as the article's layout prints it, without the spaces that the template adds."""
    if article.layout == "amp":
        return None
    if article.layout in ("newrol", "rol"):
        return _long_date(article.printed)
    return _short_date(article.printed)


def _short_date(moment: datetime, before_day: str = " ", before_time: str = " ") -> str:
    weekday = _WEEKDAYS[moment.weekday()]
    return f"{weekday}{before_day}{moment:%d} Aug {moment:%Y}{before_time}{moment:%H:%M} WIB"


def _long_date(moment: datetime) -> str:
    return f"{_WEEKDAYS[moment.weekday()]}, {moment:%d} Agustus {moment:%Y}, {moment:%H:%M} WIB"


def _text(words: str) -> str:
    return escape(words, quote=False)


def _inline(words: str) -> str:
    link = r'<a href="https://republika.co.id/tag/\2">\1</a>'
    return linked(_text(words), link).replace("\n", "<br>")


# --- text -------------------------------------------------------------------------------------


def _blocks(article: Article, start: str = "<p>") -> Iterator[str]:
    """The HTML of each block of the text; ``start`` opens a paragraph."""
    opening = article.opening
    for block in article.body:
        match block:
            case P(words):
                yield f"{start}{opening}{_inline(words)}</p>"
                opening = ""
            case Heading(words):
                yield f"<h2>{_text(words)}</h2>"
            case Quote(words):
                yield f"<blockquote><p>{_text(words)}</p></blockquote>"
            case Items(texts, tag):
                items = "\n".join(f"<li>{_text(item)}</li>" for item in texts)
                yield f"<{tag}>\n{items}\n</{tag}>"
            case BacaJuga():
                yield _baca_juga(block, start)
            case Aside(html):
                yield html


def _baca_juga(block: BacaJuga, start: str) -> str:
    links = [f'<a href="{link.href}">{_text(link.title)}</a>' for link in block.links]
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
            return f"{start}Baca juga : {_text(block.links[0].title)}</p>"


def _body(article: Article) -> str:
    """The text as the article's style sets it."""
    if article.style == "br":
        texts = [block.text for block in article.body if isinstance(block, P)]
        lines = "<br /><br />".join(_inline(words) for words in texts)
        return f"<p>{article.opening}{lines}&nbsp;<br /><br /></p>"
    separator = "\n<p>&nbsp;</p>\n" if article.style == "spaced" else "\n"
    return separator.join(_blocks(article))


# --- heads ------------------------------------------------------------------------------------


def _json_ld(article: Article) -> str:
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
        "description": _description(article),
    }
    return (
        f'<script type="application/ld+json">\n{json.dumps(news, indent=2)}\n</script>\n{_SITE_LD}'
    )


_SITE_LD = """<script type="application/ld+json">
{
  "@context": "https://schema.org",
  "@type": "Organization",
  "name": "republika.co.id | berita terpopuler | berita terkini",
  "url": "https://republika.co.id",
  "logo": "https://static.republika.co.id/files/mobile/images/republika.co.id.png?v=ROL-60"
}
</script>"""


def _description(article: Article) -> str:
    """The lead; where there is none, the beginning of the text, cut."""
    if article.lead:
        return article.lead
    opening = re.sub("<[^>]*>", "", article.opening)
    return f"{opening}{article.text}"[:180].rsplit(" ", 1)[0] + "..."


def _old_head(article: Article, sheet: str, generic: str) -> str:
    """The head of 2013-18: a second, generic keywords meta; no metadata has the date."""
    title, description = escape(article.title), escape(_description(article))
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
{_SCRIPT}"""


_XHTML = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"'
    ' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
    '<html xmlns="http://www.w3.org/1999/xhtml">'
)


# --- what stands around -----------------------------------------------------------------------


def _menu(tag: str) -> str:
    items = "\n".join(
        f'  <li class="menu-item menu-{name.lower()}">'
        f'<a href="https://republika.co.id/kanal/{name.lower()}" title="{name}">'
        f"<span>{name}</span></a></li>"
        for name in _KANALS
    )
    return f'<nav class="{tag}" role="navigation"><ul class="{tag}-list">\n{items}\n</ul></nav>'


def _headlines(name: str, heading: str, class_name: str) -> str:
    """A list of other articles, as layouts since 2018 have it beside and below the text."""
    items = "\n".join(
        f'<li class="list-group-item {name}-item conten1"><a href="{link.href}">\n'
        '  <div class="col-md-3"><div class="thumbnail"><div class="image">'
        f'<img class="lazy" alt="{escape(link.title)}"'
        ' data-original="https://static.republika.co.id/uploads/images/inpicture_widget/'
        f'{slug(link.title)}.jpg" src="{_PLACEHOLDER}"></div></div></div>\n'
        '  <div class="col-md-9"><div class="caption"><div class="date">'
        f'<span class="kanal-info">{kanal}</span> - {when}</div>'
        f"<h3><span>{_text(link.title)}</span></h3></div></div></a></li>"
        for kanal, when, link in HEADLINES
    )
    return (
        f'<div class="{class_name}"><div class="kop-judul"><h4>{heading}</h4></div>'
        f'<ul class="list-group wrap-latest">\n{items}\n</ul></div>'
    )


def _footer() -> str:
    return (
        '<footer><div class="foot-bottom"><p>Copyright &copy; 2018 - 2022 Republika.co.id.'
        ' All right reserved.</p><a href="/page/about">About</a> |'
        ' <a href="/page/redaksi">Redaksi</a></div></footer>'
    )


def _byline(article: Article, gap: str = "/ ") -> str:
    reporters = "" if article.author_line else ", ".join(article.reporters)
    rep = f"Rep: {reporters}{gap}" if reporters else ""
    return f"{rep}Red: {', '.join(article.editors)}"


def _tag_list(article: Article, before: str, after: str) -> str:
    return "".join(
        f'{before}<a href="https://republika.co.id/tag/{slug(tag)}">{_text(tag)}</a>{after}'
        for tag in article.tags
    )


# --- layout republika2023 (2023-26) -----------------------------------------------------------


def republika2023(article: Article) -> str:
    title, lead = escape(article.title), escape(_description(article))
    photo = article.photos[0]
    stated = (article.stated or article.printed).isoformat()
    root = f"https://{article.host}"
    crumbs = [
        (root if not number else f"{root}/{slug(name)}", name)
        for number, name in enumerate(article.section)
    ]
    trail = " &gt;</li><li>".join(f'<a href="{href}">{name}</a>' for href, name in crumbs)
    rep, _, red = _byline(article, "/        ").rpartition("Red: ")
    credit = f"Foto: {_text(photo.credit)}" if photo.credit else "Foto: "
    text = "\n".join(_blocks(article, '<!-- B1 --><p class="b2">   <p>'))
    source = "".join(f"<p>sumber : {name}</p>" for name in article.sources)
    return f"""<!DOCTYPE html>
<html lang="id">
<head>
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title} |Republika Online</title>
  <meta name="description" content="{lead}" />
  <meta name="keywords" content="{", ".join(article.tags)}" />
  <meta property="article:published_time" content="{stated}">
  <meta property="og:url" content="https://republika.co.id/share/{article.id}" />
  <meta property="og:title" content="{title} |Republika Online" />
  <meta property="og:image" content="{photo.url}" />
  <meta property="og:site_name" content="Republika Online" />
  <meta property="og:description" content="{lead}" />
  <link rel="canonical" href="{article.url}" />
  {_json_ld(article)}
{_SCRIPT}
</head>
<body>
<div class="topbar"><span class="date-now">{PAGE_DATE}</span></div>
{_menu("navbar-rol")}
<div class="main-content" id="detail" data-sticky-container>
  <div class="main-content__left" data-sticky_parents>
    <div class="wrapper-breadcrumb">
      <ul class="breadcrumb">
        <li><a href="https://www.republika.co.id/">Home</a> &gt;</li>
        <li>{trail}</li>
      </ul>
    </div>
    <div class="date date-item__headline">{_short_date(article.printed, "   ", "  ")}</div>
    <div class="max-card__title">
      <h1>{"" if article.empty_h1 else _text(article.title)}</h1>
      <p class="max-card__teaser">{_text(article.lead or "")}</p>
      <div class="">
        {rep}Red: <a href="https://republika.co.id/page/penulis/900/{slug(red)}"\
 style="color:#F30;text-transform:capitalize">{red}</a></div>
    </div>
    <div class="share-wrap"><ul><li><a class="btn-share">Share <span>12</span></a></li>\
<li><a>Tweet</a></li><li><a>WhatsApp</a></li></ul></div>
    <div class="komik max-card__image">
      <figure style="margin:0px">
<img data-original="{photo.url}" src="{_PLACEHOLDER}" class="lazy"\
 alt="{escape(photo.caption or "")}">
<figcaption class="detail__media-caption">
<div class="source-img">{credit}</div>
<div class="caption-img"><span>{_text(photo.caption or "")}</span></div>
</figcaption>
</figure>
      <div class="article-content" data-sticky-container>
        <div style="padding-top:20px;padding-bottom:20px;"></div>
        <article>
            {text}
            <div id="bn_0000000000"></div><!-- RECREATIVE -->
            <div class="scrollToRead"><div class="parallax"><div class="wrapper-replay">\
<div class="ads"></div></div></div></div>
            <!-- POLLING HERE -->
            <div class="artikel-content"></div>
            <div id="next-article" data-max-pages="2" data-id="{article.id}"></div>
            <div id="scroll-trigger"></div>
            <div id="loading" style="display:none;">Loading...</div>
            <div class="wa-channel"><a href="https://whatsapp.com/channel/000000">Ikuti Whatsapp\
 Channel Republika</a></div>
            <div class="footnote-wrap">
              {source}
            </div>
        </article>
      </div>
      <div class="ads-label">Advertisement</div>
      <div class="tag-wrap"><ul>{_tag_list(article, "<li>", "</li>")}</ul></div>
    </div>
    {_headlines("rekomendasi", "Rekomendasi", "rekomendasi")}
    <div class="rekomendasi-date">Rekomendasi - <span class="date">{RECOMMENDED}</span></div>
    {_headlines("berita-lainnya", "Berita Lainnya", "berita-lainnya")}
  </div>
  <div class="main-content__right">
    {_headlines("terpopuler", "Terpopuler", "terpopuler")}
  </div>
</div>
{_footer()}
</body>
</html>
"""


# --- layout wrap_detail (2018-22) -------------------------------------------------------------


def wrap_detail(article: Article) -> str:
    return _wrap_page(article, _body(article))


def wrap_second_page(article: Article) -> str:
    """The second page of an article: the same head, no credit, and a paragraph said before."""
    last = next(block for block in reversed(article.body) if isinstance(block, P))
    texts = (last.text, *(block.text for block in article.continued if isinstance(block, P)))
    return _wrap_page(article, "\n".join(f"<p>{_inline(words)}</p>" for words in texts), part=True)


def _wrap_page(article: Article, text: str, *, part: bool = False) -> str:
    photo = article.photos[0]
    caption = _text(photo.caption or "")
    credit = "" if part else _text(photo.credit or ".")
    lead = f'<div class="taiching"><b>{_text(article.lead)}</b></div>' if article.lead else ""
    author = f"<p>{article.author_line}</p>\n" if article.author_line else ""
    source = "".join(f"\n<p>sumber : {name}</p>" for name in article.sources)
    return _wrap_frame(
        title=article.title,
        head=_wrap_head(article),
        trail=article.section,
        date=_short_date(article.printed, "  ", "  "),
        below_title=f'{lead}\n<div class="by"><span><p>{_byline(article)}</p></span></div>',
        photo=f"""\
<div class="detail_img_set"><div class="img_detail"><img class="lazy" data-original="{photo.url}"\
 src="https://republika.co.id/files/images/placeholder.png" alt="{escape(photo.caption or "")}">\
<div class="cap_over"><p>{caption}</p></div></div><div class="img_set_teaser_left">\
<p>Foto: {credit}</p><p>{caption}</p></div></div>""",
        text=f"{author}{text}{source}",
        pagination=_pagination(article) if article.continued else "",
        tags=_tag_list(article, "<li><h1>", "</h1></li>"),
    )


def _wrap_head(article: Article) -> str:
    title, description = escape(article.title), escape(_description(article))
    stated = (article.stated or article.printed).isoformat()
    return f"""\
<title>{title} | Republika Online</title>
<meta name="title" content="{title} | Republika Online">
<meta name="description" content="{description}">
<meta name="keywords" content="{", ".join(article.tags)}">
<meta property="og:type" content="article">
<meta property="og:url" content="{article.url}">
<meta property="og:title" content="{title} | Republika Online">
<meta property="og:image" content="{article.photos[0].url}">
<meta property="og:site_name" content="Republika Online">
<meta property="og:description" content="{description}">
<meta property="article:section" content="{article.section[-1]}">
<meta property="article:published_time" content="{stated}">
<link rel="canonical" href="{article.url}">
{_json_ld(article)}"""


def _pagination(article: Article) -> str:
    pages = (("1", article.url), ("2", f"{article.url}-part1"))
    items = "".join(f'<li><a href="{url}">{number}</a></li>' for number, url in pages)
    return (
        '\n<div class="pagination"><section><nav role="navigation">'
        f"<ul>{items}</ul></nav></section></div>"
    )


def wrap_without_text(lost: Lost) -> str:
    """The template of an article that was not filled in: neither a text nor a date."""
    title = escape(lost.title)
    return _wrap_frame(
        title=lost.title,
        head=f"""\
<title>{title} | Republika Online</title>
<meta property="og:type" content="article">
<meta property="og:url" content="{lost.url}">
<meta property="og:title" content="{title} | Republika Online">
<link rel="canonical" href="{lost.url}">""",
        trail=("News", "Umum"),
        date="",
        below_title='<div class="by"><span><p>Red: Contoh Redaktur</p></span></div>',
        photo="",
        text="",
        pagination="",
        tags="",
    )


def _wrap_frame(
    *,
    title: str,
    head: str,
    trail: tuple[str, ...],
    date: str,
    below_title: str,
    photo: str,
    text: str,
    pagination: str,
    tags: str,
) -> str:
    crumbs = "".join(
        f'<li><a href="https://republika.co.id/kanal/{slug(name)}">{name}</a></li>'
        for name in trail
    )
    return f"""<!DOCTYPE html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{head}
{_SCRIPT}
</head>
<body class="detail-page">
<div class="header-top"><div class="date-hijri">{PAGE_DATE}</div>
<form action="/search/"><input type="text" name="q" placeholder="Cari"></form></div>
{_menu("menu_rol")}
<div class="main_wrap"><div class="wrap_detail">
<div class="breadcome"><ul><li><a href="https://republika.co.id/">Home</a></li>{crumbs}</ul></div>
<div class="wrap_detail_set">
<div class="date_detail">
<p>{date}</p>
</div>
<h1>{_text(title)}</h1>
{below_title}
<div class="wrap_sosmed"><span class="count-share">12</span><strong>SHARE</strong></div>
</div>
<div class="set_conten_detail">
{photo}
<div class="teaser_detail">
<div class="artikel" itemprop="articleBody">
{text}
</div>{pagination}
</div>
<div class="ads-bottom"><span>Advertisement</span></div>
<div class="wrap_blok_tag"><ul>{tags}</ul></div>
<div class="wrap_sosmed bottom"><span>0</span><strong>SHARE</strong><span>0</span>\
<strong>KOMENTAR</strong></div>
</div>
{_headlines("berita_lainnya", "Berita Lainnya", "berita_lainnya")}
<div class="ads">Advertisement</div>
</div>
<div class="sidebar_right"><div class="ads">Advertisement</div>
{_headlines("terpopuler", "Terpopuler", "terpopuler")}
</div></div>
{_footer()}
</body>
</html>
"""


# --- layout amp (2020-24) ---------------------------------------------------------------------


def amp(article: Article) -> str:
    title, photo = escape(article.title), article.photos[0]
    crumbs = "".join(
        f'<li><a href="https://m.republika.co.id/kanal/{slug(name)}">{name}</a></li>'
        for name in article.section
    )
    popular = "".join(
        f'<li><a href="{link.href}">{_text(link.title)}</a></li>' for _, _, link in HEADLINES
    )
    return f"""<!doctype html>
<html amp lang="id">
<head>
<meta charset="utf-8">
<script async src="https://cdn.ampproject.org/v0.js"></script>
<title>{title} | Republika Online</title>
<meta name="description" content="{escape(_description(article))}">
<meta name="keywords" content="{", ".join(article.tags)}">
<link rel="canonical" href="{article.url}">
<meta name="viewport" content="width=device-width,minimum-scale=1,initial-scale=1">
<meta property="og:title" content="{title} | Republika Online">
{_json_ld(article)}
</head>
<body>
<amp-sidebar id="sidebar" layout="nodisplay" side="left"><ul><li>\
<a href="https://m.republika.co.id/kanal/news">News</a></li></ul></amp-sidebar>
<header class="headerbar"><a href="https://m.republika.co.id/">\
<amp-img src="https://static.republika.co.id/files/images/logo.png" width="180" height="40">\
</amp-img></a></header>
<div class="breadcome"><ul><li><a href="https://m.republika.co.id/">Home</a></li>{crumbs}</ul></div>
<main class="amp-detail" id="main-detail">
<h1 class="title">{_text(article.title)}</h1>
<p class="teaser">{_text(article.lead or "")}</p>
<div class="amp-photo"><amp-img src="{photo.url}" width="830" height="556" layout="responsive"\
 alt="{escape(photo.caption or "")}"></amp-img>\
<div class="credit">{_text(photo.credit or "")}</div>\
<div class="caption">{_text(photo.caption or "")}</div></div>
<div class="by"><p>{_byline(article, " ")}</p></div>
<article class="artikel">
{_body(article)}
</article>
<div class="tags">{_tag_list(article, "", " ")}</div>
<h4>Berita Terpopuler</h4><ol class="terpopuler">{popular}</ol>
</main>
<footer><p>Copyright &copy; Republika.co.id</p></footer>
</body></html>
"""


# --- layout newrol (2013-15) ------------------------------------------------------------------


def newrol(article: Article) -> str:
    photo = article.photos[0]
    crumbs = " &gt; \n".join(
        f'<a href="http://www.republika.co.id/kanal/{slug(name)}">{name}</a>'
        for name in article.section
    )
    latest = "\n".join(
        f'\t\t\t<li><a href="{link.href}">{_text(link.title)}</a ></li>' for _, _, link in HEADLINES
    )
    related = "\n".join(
        f'<div class="jdl-beritaterkait"><a href="{link.href}">{_text(link.title)}</a></div>'
        for _, _, link in HEADLINES
    )
    tags = "\n".join(
        f'<span><a href="/indeks/hot_topic/{tag.replace(" ", "_")}" title="{tag}">#{tag}</a></span>'
        for tag in article.tags
    )
    rows = "\n".join(
        f"<tr>\n<td><strong>{label} :</strong> {', '.join(names)}</td>\t</tr>"
        for label, names in (
            ("Reporter", article.reporters),
            ("Redaktur", article.editors),
            ("Sumber", article.sources),
        )
        if names
    )
    text = "\n".join(_blocks(article, '<p class="MsoNormal">'))
    generic = "Nasional,Internasional,Dunia islam,Sepakbola,Otomotif,Senggang, Ekonomi, Video"
    return f"""{_XHTML}
<head>
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
<meta http-equiv="Content-Type" content="text/html; charset=us-ascii" />
<meta http-equiv="expires" content="Tue, 01 Jan 1980 1:00:00 GMT" />
{_old_head(article, "newrol", generic)}
</head>
<body id="kanal-nasional" style="" class="page-detail">
<div id="topbar">
  <div class="set-topbar">
\t<div class="date-topbar">{PAGE_DATE_ID}</div>
\t<div class="clear"></div>
  </div>
</div>
<div id="menu-rol"><ul id="menu-rol1"><li cid="2"><a href="http://www.republika.co.id/">Home</a></li>
<li cid="3" class="rol-nav-li"><a href="/kanal/nasional/daerah">Daerah</a></li></ul></div>
<div id="wrapper-rol">
<div id="wrapper-rol2">
<div class="content1">
\t<div class="content1-letf">
<div class="content-left-kanal-2-b">
\t<div class = "kop-content-terpopuler-kanal" > &nbsp; TERKINI </div>
\t<div class="content-terpopuler-kanal"><ul>
{latest}
\t</ul ></div>
</div >
\t</div>
\t<div class="content-detail-center">
\t\t<div id='div-gpt-ad-1358828343244-8' style='margin:0px auto;width:468px; height:60px;'></div>
\t\t<div class="breadcome">
\t\t\t<a href="http://www.republika.co.id/">Home</a> >\x20
\t\t\t{crumbs}
\t\t</div>
\t\t<h1 class="jdl-detail">{_text(article.title)}</h1>
\t\t<div class="rangka">
\t\t\t<div class="date">
\t\t\t\t{_long_date(article.printed)}\t\t\t\t</br>
\t\t\t\t<a href="#comments-list">
\t\t\t\t<div class="kom" style="color:#000;float:left;font-size:11px;">
\t\t\t\t\tKomentar : 0
\t\t\t\t</div>
\t\t\t\t</a>
\t\t\t</div>
\t\t\t<div class="clear"></div>
\t\t</div>
\t\t<div class="def-foto" style="padding:0;">
\t\t\t{_text(photo.credit or "")}\t\t</div>
<div class="img-detailberita"><img src="{photo.url}" width="465" height="276"\
 alt="{escape(photo.caption or "")}" /></div>
<div class="rangka"><div class="caption-foto">
\t\t\t\t{_text(photo.caption or "")}\t\t\t</div><div class="size-font"><div class="font-size">\
<a href="#" class="fontSizePlus">A+</a> |<a href="#" class="fontReset">Reset&nbsp;</a>|\
<a href="#" class="fontSizeMinus">A-</a></div></div><div class="clear"></div></div>
\t\t<p class="BD Bodytext" style="BD Bodytext"></p>
\t\t<div class="txt-detailberita">
\t\t\t{text}\t\t</div>
\t\t<style>
\t\t\t.txt-revisiberita {{ font-style: italic; }}
\t\t</style>
\t\t<div class="txt-revisiberita">
\t\t\t\t\t</div>
\t\t<div class="box-foto-terkait">
\t\t<div class="rangka">
\t\t\t<div class="sosmed-detail"><div class="tags"><span><a href="#" class="red"\
 title="Tags">TAGS</a></span>
{tags}
</div></div>
\t\t\t<div class="red" style="margin-top:20px;">
\t\t\t\t<table border="0" width="250" cellspacing="0" cellpadding="0">
{rows}
\t\t\t\t</table>
\t\t\t</div>
\t\t</div>
\t\t<div class="kop-terkait">
\t\t\t<div class="beritaterkait" id="last">Berita Terkait:</div>
{related}
\t\t</div>
\t\t<div class="set-balas"><div class="blok-disclamer"><div class="txt-disclamer">Komentar adalah\
 tanggapan pribadi, tidak mewakili kebijakan redaksi.</div></div></div>
\t\t</div>
\t</div>
</div>
</div>
</div>
</body>
</html>
"""


# --- layout rol (2015-18) ---------------------------------------------------------------------

_ROL_GENERIC = "News, Ekonomi, Sepakbola, Khazanah,Dunia Islam, Leisure,Inpicture,Video"
_ROL_HEADER = """\
<div class="navbar-fixed-top">
<header>
<div class="wp-set-all-header ">
  <div class="header1"><div class="header1-a"><div class="header-1-a-1">\
<a href="http://www.republika.co.id/kanal/koran">EDISI KORAN</a></div></div></div>
  <div class="header2"><div class="logo logo-news"><h1>\
<a href="http://www.republika.co.id/kanal/news">News</a></h1></div></div>
</div>
</header>
</div>"""
_ROL_SHARE = """\
<div class="wp-sosmed-d">
<div class="wp-visit share">
<span>0</span>
<strong>SHARE</strong>
</div>
<div class="wp-visit komentar"><a href="#comment-list" class="komentar"><span>0</span>\
<strong>KOMENTAR</strong></a></div>
</div>"""


def rol(article: Article) -> str:
    photo = article.photos[0]
    crumbs = " &gt; \n".join(
        f'        <a href="/kanal/{slug(name)}">{name}</a>' for name in article.section
    )
    tags = "\n".join(
        f'<div class="tagging"><a href="/indeks/hot_topic/{tag.replace(" ", "_")}"'
        f' title="{tag}">#{tag}</a></div>'
        for tag in article.tags
    )
    related = "\n".join(
        f'<li><a href="{link.href}">{_text(link.title)}</a></li>' for _, _, link in HEADLINES
    )
    others = "\n".join(
        f'<div class="wp-conten-terkini"><div class="jdl-ct"> <div class="nm-kanal">'
        f'<a href="#">{kanal}</a></div>\n<div class="date">{when}</div>\n<div class="jdl-ct-a">'
        f'<h3><a href="{link.href}" rel="tooltip" title="{escape(link.title)}">'
        f"{_text(link.title)}</a></h3></div></div></div>"
        for kanal, when, link in HEADLINES
    )
    source = "".join(
        f'<div style="font-weight:bold;">Sumber : {name}</div>' for name in article.sources
    )
    reporters = f"Rep: {', '.join(article.reporters)}/" if article.reporters else ""
    return f"""{_XHTML}
<head>
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
<meta name="viewport" content="width=device-width, initial-scale=1">
{_old_head(article, "rol", _ROL_GENERIC)}
</head>
<body>
<div class="wp-set-all news">
{_ROL_HEADER}
    <div class='top-conten-detail'></div>
    <div class="wp-conten details">
     <div class="wp-conten-center-detail">
     <!-- detail -->
    <div class="wp-conten-detail">
    <div class="breadcome">
        <a href="http://www.republika.co.id/">Home</a> >\x20
        <!--
                <a href=""></a> &gt;\x20
                <a href=""></a></div>
        -->
{crumbs}
        </div>
    <div class="date-detail">{_long_date(article.printed)}</div>
             <div class="jdl-detail"><h2>{_text(article.title)}</h2></div>
    <div class="wp-reset">
    <div class="red">{reporters} <span>
             </span> Red: {", ".join(article.editors)}</div>
    <!--
    <div class="wp-reset1">
    <div class="reset">A+</div>
    </div>
    -->
    <div class="clear"></div>
    </div>
    <div class="img-detail">
     <div class="cap-foto">
      {_text(photo.credit or "")}      </div>
              <img src="{photo.url}"  alt="{escape(photo.caption or "")}" />
    </div>
    <div class="wp-cap">
    <div class="caption">{_text(photo.caption or "")}</div>
    </div>
    <div class="detail-berita">
    <div class="ads-160">   <div  id='div-gpt-ad-1443610279658-0' class="ads Left_120x600">
    </div>
</div>
      <div class="content-detail">
        {_body(article)}</div>
                     {source}
    </div>
{_ROL_SHARE}
    <div class="wp-sosmed-d">
    <div class="wp-visit"><span>TAG</span><div class="clear"></div></div>
{tags}
    <div class="clear"></div>
    </div>
    <div class="wrap-dt detail-terkait">
    <div class="detail-terkait-1">
        <div class="kop-judul"><h2>Berita Terkait</h2><div class="clear"></div></div>
        <ul class="">
{related}
        </ul>
    </div>
    </div>
<div class="wp-terkini-center">
          <div class="kop-judul kop-1-a ">
                <h2 class="tab-current" data-count="15" rel="nasional">
                    <a href="#section-linemove-1" >Berita Lainnya</a>
                </h2>
          </div>
    <div class="content-current">
{others}
    </div>
</div>
    </div>
    <!-- detail -->
    </div>
    </div>
<div class="copyright">Copyright © 2015 republika.co.id, All right reserved </div>
</div>
</body>
</html>
"""


def rol_gallery(article: Article) -> str:
    thumbs = "\n".join(
        f'    <a href=\'{article.url}-{number}\' class="image_detail" id="thumbs-{number}">'
        f'<img width="156px" height="101px" caption="{escape(photo.caption or "")}'
        f'{"." if number == 2 else ""}({photo.credit})" class="thumbs-{number}"'
        f' src="{photo.url}" /></a>'
        for number, photo in enumerate(article.photos, start=1)
    )
    tabs = "\n".join(
        f'<li>\n<div class="date-tab">{when}</div>\n<h5><a href="{link.href}" rel="tooltip"'
        f' class="judul-2" title="In Picture: {escape(link.title)}">'
        f'<span class="teaser-late">{_text(link.title)}</span></a></h5>\n</li>'
        for _, when, link in HEADLINES
    )
    return f"""{_XHTML}
<head>
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
<meta name="viewport" content="width=device-width, initial-scale=1">
{_old_head(article, "rol", _ROL_GENERIC)}
<link href="http://www.republika.co.id/files/inpicture/css/inpicture-ROL.css" rel="stylesheet"\
 type="text/css" />
</head>
<body>
<div class="wp-set-all inpicture">
{_ROL_HEADER}
<div class='top-conten-detail'></div>
      <div id="conten-inpicture">
      <div class="min-gallery">
        <div class="big-image"><div style="width:800px">
        <img src="http://www.republika.co.id/files/inpicture/images/loading.gif"\
  class="img-loading"></div></div>
        <div class="thumb-gallery">
          <div class="gallery_" style="width: 2000px;float: left;">
{thumbs}
          </div>
        </div>
        <div class="clear"></div>
      </div>
      <div class="index-photo">
      <div class="jdl-pic">In Picture: {_text(article.title)}</div>
      <div class="date-pic">{_long_date(article.printed)}</div>
    <div class="teaser-pic">{_body(article)}</div>
     <div class="red">
   <table width="349px" border="0" cellpadding="0" cellspacing="0">
      <tr>
      <td width="62"><strong>Redaktur</strong></td>
      <td width="10">:</td>
      <td width="157">{", ".join(article.editors)}</td>
      </tr>
    </table>
    </div>
        <div class="rangka">
          <div class="jdl-7news">FOTO TERKAIT:</div>
        </div>
{_ROL_SHARE}
      </div>
     <div class="cl-2">
           <div class="terpopuler">
        <div id="tab1" class="tab">
            <ul>
{tabs}
            </ul>
        </div>
           </div>
     </div>
      </div>
</div>
</body>
</html>
"""


_LAYOUTS: dict[str, Callable[[Article], str]] = {
    "newrol": newrol,
    "rol": rol,
    "wrap_detail": wrap_detail,
    "republika2023": republika2023,
    "amp": amp,
}


def page(article: Article) -> str:
    """The page of an article in its layout; of an article on several pages, the first."""
    return rol_gallery(article) if article.kind == "gallery" else _LAYOUTS[article.layout](article)


# --- pages that are no article ----------------------------------------------------------------


def index(entries: tuple[Entry, ...], following: int | None) -> str:
    """A page of the date index; ``following`` is the offset of the next one."""
    items = "\n".join(_index_item(entry) for entry in entries)
    more = f"""
      <li class="list-group-item list-border wrap-loadmore">
        <div class="read-more">
          <div class="next-prev text-center">
            <a style="cursor: pointer" class="paging btn btn-danger" data-offset="{following}">\
Next</a>
          </div>
        </div>
      </li>"""
    return f"""<!DOCTYPE html>
<html lang="id">
<head>
  <meta charset="utf-8" />
  <title>Indeks Berita | Republika Online</title>
</head>
<body>
  <div class="topbar"><span class="date-now">{PAGE_DATE}</span></div>
  <div class="container-lit">
    <div class="date-filter" style="float:right">
      <form id="form-indeks" name="" method="post" action="/indeks/filter"></form>
    </div>

    <ul class="list-group wrap-latest">
{items}{more if following else ""}
    </ul>
  </div>
</body>
</html>
"""


def _index_item(entry: Entry) -> str:
    return f"""\
      <li class="list-group-item list-border conten1{" eksternal" if entry.external else ""}">
        <a href="{entry.url}">
          <div class="col-md-3">
            <div class="thumbnail">
              <div class="image">
                <img class="lazy" alt="{escape(entry.title)}" data-original="https://static.republika\
.co.id/uploads/images/inpicture_widget/{slug(entry.title)}.jpeg" src="{_PLACEHOLDER}">
              </div>
            </div>
          </div>
          <div class="col-md-9">
            <div class="caption">
              <div class="date">
                <span class="kanal-info">{entry.kanal}</span> - {entry.printed:%d} August\
 {entry.printed:%Y, %H:%M}</div>
              <h3><span>{_text(entry.title)}</span></h3>
            </div>
          </div>
        </a>
      </li>"""


def home() -> str:
    """The home page, which the site shows in place of an article that was taken down."""
    items = "\n".join(
        f'<li class="list-group-item conten1"><a href="{link.href}"><div class="caption">'
        f'<div class="date"><span class="kanal-info">{kanal}</span> - {when}</div>'
        f"<h3><span>{_text(link.title)}</span></h3></div></a></li>"
        for kanal, when, link in HEADLINES
    )
    return f"""<!DOCTYPE html>
<html lang="id"><head><meta charset="utf-8">\
<title>Republika Online - Berita Terkini, Berita Terpopuler, Berita Hari Ini</title>
<meta name="description" content="Republika Online menyajikan berita terkini">\
<meta property="og:url" content="https://republika.co.id/">\
<link rel="canonical" href="https://republika.co.id/">
{_SITE_LD}
{_SCRIPT}
</head><body>
<div class="topbar"><span class="date-now">{PAGE_DATE}</span></div>
{_menu("navbar-rol")}
<div class="main-content"><div class="main-content__left"><div class="kop-judul"><h2>Terkini</h2>\
 <a href="/indeks">Indeks</a></div>
<ul class="list-group wrap-latest">
{items}
</ul></div></div>
{_footer()}
</body></html>
"""


def not_found() -> str:
    return """<!DOCTYPE html>
<html lang="id"><head><meta charset="utf-8"><title>404 | Republika Online</title></head>
<body><h1>404</h1><p>Halaman yang Anda cari tidak ditemukan.</p></body></html>
"""


def robots_txt() -> str:
    """Bots that the site shuts out by name, then the rules for all others."""
    named = ("Scrapy", "GPTBot", "ClaudeBot", "CCBot", "Bytespider", "Diffbot", "PerplexityBot")
    closed = "".join(f"User-agent: {bot}\nDisallow: /\n\n" for bot in named)
    rules = (
        "/search/?q=",
        "/komentar/*",
        "/copy/*",
        "/cron/*",
        "/curl/*",
        "/feed/*",
        "/post/*",
        "/ajax/*",
        "?utm_source=",
        "?source=",
    )
    open_to_all = "".join(f"Disallow: {rule}\n" for rule in rules)
    sitemap = "Sitemap: https://republika.co.id/files/xml/sitemap.xml\n"
    return f"{closed}User-agent: *\n{open_to_all}\n{sitemap}"
