"""The template of 2018-22."""

from __future__ import annotations

from html import escape

from samples.articles.model import (
    PAGE_DATE,
    Article,
    Lost,
    P,
    slug,
)
from samples.pages.common import (
    SCRIPT,
    body,
    byline,
    footer,
    headlines,
    inline,
    json_ld,
    menu,
    plain,
    short_date,
    summary,
    tag_list,
)


def wrap_detail(article: Article) -> str:
    return _wrap_page(article, body(article))


def wrap_second_page(article: Article) -> str:
    """The second page of an article: the same head, no credit, and a paragraph said before."""
    last = next(block for block in reversed(article.body) if isinstance(block, P))
    texts = (last.text, *(block.text for block in article.continued if isinstance(block, P)))
    return _wrap_page(article, "\n".join(f"<p>{inline(words)}</p>" for words in texts), part=True)


def _wrap_page(article: Article, text: str, *, part: bool = False) -> str:
    photo = article.photos[0]
    caption = plain(photo.caption or "")
    credit = "" if part else plain(photo.credit or ".")
    lead = f'<div class="taiching"><b>{plain(article.lead)}</b></div>' if article.lead else ""
    author = f"<p>{article.author_line}</p>\n" if article.author_line else ""
    source = "".join(f"\n<p>sumber : {name}</p>" for name in article.sources)
    return _wrap_frame(
        title=article.title,
        head=_wrap_head(article),
        trail=article.section,
        date=short_date(article.printed, "  ", "  "),
        below_title=f'{lead}\n<div class="by"><span><p>{byline(article)}</p></span></div>',
        photo=f"""\
<div class="detail_img_set"><div class="img_detail"><img class="lazy" data-original="{photo.url}"\
 src="https://republika.co.id/files/images/placeholder.png" alt="{escape(photo.caption or "")}">\
<div class="cap_over"><p>{caption}</p></div></div><div class="img_set_teaser_left">\
<p>Foto: {credit}</p><p>{caption}</p></div></div>""",
        text=f"{author}{text}{source}",
        pagination=_pagination(article) if article.continued else "",
        tags=tag_list(article, "<li><h1>", "</h1></li>"),
    )


def _wrap_head(article: Article) -> str:
    title, description = escape(article.title), escape(summary(article))
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
{json_ld(article)}"""


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
{SCRIPT}
</head>
<body class="detail-page">
<div class="header-top"><div class="date-hijri">{PAGE_DATE}</div>
<form action="/search/"><input type="text" name="q" placeholder="Cari"></form></div>
{menu("menu_rol")}
<div class="main_wrap"><div class="wrap_detail">
<div class="breadcome"><ul><li><a href="https://republika.co.id/">Home</a></li>{crumbs}</ul></div>
<div class="wrap_detail_set">
<div class="date_detail">
<p>{date}</p>
</div>
<h1>{plain(title)}</h1>
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
{headlines("berita_lainnya", "Berita Lainnya", "berita_lainnya")}
<div class="ads">Advertisement</div>
</div>
<div class="sidebar_right"><div class="ads">Advertisement</div>
{headlines("terpopuler", "Terpopuler", "terpopuler")}
</div></div>
{footer()}
</body>
</html>
"""
