"""The template of 2023-26."""

from __future__ import annotations

from html import escape

from samples.articles.model import (
    PAGE_DATE,
    RECOMMENDED,
    Article,
    slug,
)
from samples.pages.common import (
    PLACEHOLDER,
    SCRIPT,
    blocks,
    byline,
    footer,
    headlines,
    json_ld,
    menu,
    plain,
    short_date,
    summary,
    tag_list,
)


def republika2023(article: Article) -> str:
    title, lead = escape(article.title), escape(summary(article))
    photo = article.photos[0]
    stated = (article.stated or article.printed).isoformat()
    root = f"https://{article.host}"
    crumbs = [
        (root if not number else f"{root}/{slug(name)}", name)
        for number, name in enumerate(article.section)
    ]
    trail = " &gt;</li><li>".join(f'<a href="{href}">{name}</a>' for href, name in crumbs)
    rep, _, red = byline(article, "/        ").rpartition("Red: ")
    credit = f"Foto: {plain(photo.credit)}" if photo.credit else "Foto: "
    text = "\n".join(blocks(article, '<!-- B1 --><p class="b2">   <p>'))
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
  {json_ld(article)}
{SCRIPT}
</head>
<body>
<div class="topbar"><span class="date-now">{PAGE_DATE}</span></div>
{menu("navbar-rol")}
<div class="main-content" id="detail" data-sticky-container>
  <div class="main-content__left" data-sticky_parents>
    <div class="wrapper-breadcrumb">
      <ul class="breadcrumb">
        <li><a href="https://www.republika.co.id/">Home</a> &gt;</li>
        <li>{trail}</li>
      </ul>
    </div>
    <div class="date date-item__headline">{short_date(article.printed, "   ", "  ")}</div>
    <div class="max-card__title">
      <h1>{"" if article.empty_h1 else plain(article.title)}</h1>
      <p class="max-card__teaser">{plain(article.lead or "")}</p>
      <div class="">
        {rep}Red: <a href="https://republika.co.id/page/penulis/900/{slug(red)}"\
 style="color:#F30;text-transform:capitalize">{red}</a></div>
    </div>
    <div class="share-wrap"><ul><li><a class="btn-share">Share <span>12</span></a></li>\
<li><a>Tweet</a></li><li><a>WhatsApp</a></li></ul></div>
    <div class="komik max-card__image">
      <figure style="margin:0px">
<img data-original="{photo.url}" src="{PLACEHOLDER}" class="lazy"\
 alt="{escape(photo.caption or "")}">
<figcaption class="detail__media-caption">
<div class="source-img">{credit}</div>
<div class="caption-img"><span>{plain(photo.caption or "")}</span></div>
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
      <div class="tag-wrap"><ul>{tag_list(article, "<li>", "</li>")}</ul></div>
    </div>
    {headlines("rekomendasi", "Rekomendasi", "rekomendasi")}
    <div class="rekomendasi-date">Rekomendasi - <span class="date">{RECOMMENDED}</span></div>
    {headlines("berita-lainnya", "Berita Lainnya", "berita-lainnya")}
  </div>
  <div class="main-content__right">
    {headlines("terpopuler", "Terpopuler", "terpopuler")}
  </div>
</div>
{footer()}
</body>
</html>
"""
