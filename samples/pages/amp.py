"""The AMP template of 2020-24."""

from __future__ import annotations

from html import escape

from samples.articles.model import (
    HEADLINES,
    Article,
    slug,
)
from samples.pages.common import body, byline, json_ld, plain, summary, tag_list


def amp(article: Article) -> str:
    title, photo = escape(article.title), article.photos[0]
    crumbs = "".join(
        f'<li><a href="https://m.republika.co.id/kanal/{slug(name)}">{name}</a></li>'
        for name in article.section
    )
    popular = "".join(
        f'<li><a href="{link.href}">{plain(link.title)}</a></li>' for _, _, link in HEADLINES
    )
    return f"""<!doctype html>
<html amp lang="id">
<head>
<meta charset="utf-8">
<script async src="https://cdn.ampproject.org/v0.js"></script>
<title>{title} | Republika Online</title>
<meta name="description" content="{escape(summary(article))}">
<meta name="keywords" content="{", ".join(article.tags)}">
<link rel="canonical" href="{article.url}">
<meta name="viewport" content="width=device-width,minimum-scale=1,initial-scale=1">
<meta property="og:title" content="{title} | Republika Online">
{json_ld(article)}
</head>
<body>
<amp-sidebar id="sidebar" layout="nodisplay" side="left"><ul><li>\
<a href="https://m.republika.co.id/kanal/news">News</a></li></ul></amp-sidebar>
<header class="headerbar"><a href="https://m.republika.co.id/">\
<amp-img src="https://static.republika.co.id/files/images/logo.png" width="180" height="40">\
</amp-img></a></header>
<div class="breadcome"><ul><li><a href="https://m.republika.co.id/">Home</a></li>{crumbs}</ul></div>
<main class="amp-detail" id="main-detail">
<h1 class="title">{plain(article.title)}</h1>
<p class="teaser">{plain(article.lead or "")}</p>
<div class="amp-photo"><amp-img src="{photo.url}" width="830" height="556" layout="responsive"\
 alt="{escape(photo.caption or "")}"></amp-img>\
<div class="credit">{plain(photo.credit or "")}</div>\
<div class="caption">{plain(photo.caption or "")}</div></div>
<div class="by"><p>{byline(article, " ")}</p></div>
<article class="artikel">
{body(article)}
</article>
<div class="tags">{tag_list(article, "", " ")}</div>
<h4>Berita Terpopuler</h4><ol class="terpopuler">{popular}</ol>
</main>
<footer><p>Copyright &copy; Republika.co.id</p></footer>
</body></html>
"""
