"""Home and section pages of every era: all their articles, in page order, menus and boxes apart."""

from __future__ import annotations

import pytest

from crawler.parsers.listing import parse_listing

HOMES = ("https://www.republika.co.id/", "https://republika.co.id/kanal/news")
IDS = [f"to{n:04}370" for n in range(2000, 2020)]
BESIDE = [f"to{n:04}370" for n in range(3000, 3006)]


def link(identifier: str, inner: str = "") -> str:
    return (
        f'<a href="https://news.republika.co.id/berita/{identifier}/judul">{inner or "Judul"}</a>'
    )


def each(identifiers: list[str], html: str) -> str:
    return "".join(html.format(link(identifier)) for identifier in identifiers)


MENU = f"<nav><a href='/kanal/news'>News</a>{link(BESIDE[0])}</nav>"
READ = f"<div class='box-terpopuler'><h3>Terpopuler</h3>{each(BESIDE[1:3], '<li>{}</li>')}</div>"
SIDE = f"<aside>{each(BESIDE[3:5], '<h4>{}</h4>')}</aside><footer>{link(BESIDE[5])}</footer>"
OFF = "<li class='eksternal'><a href='https://iklan.example/berita/to2999370/x'>Iklan</a></li>"

ERAS = {
    "2014-15": each(IDS[:3], "<div class='headline'><h2>{}</h2></div>")
    + each(IDS[3:], "<div class='item'><h4>{}</h4><p>Cuplikan.</p></div>"),
    "2016-17": each(IDS[:4], "<div class='slide'>{}</div>")
    + each(IDS[4:16], "<div class='wp-indeks'>{}<div class='date'>Senin, 15 Feb 2016</div></div>")
    + each(IDS[16:], "<div class='bxslider'><div class='set-kanal'>{}</div></div>"),
    "2018-22": each(IDS[:5], "<div class='set_headline'><h1>{}</h1></div>")
    + each(IDS[5:17], "<div class='set_subkanal'><div class='txt_subkanal'><h2>{}</h2></div></div>")
    + each(IDS[17:], "<ul class='kanal-lain'><li>{}</li></ul>"),
    "2023": "".join(
        f"<div class='{name}'>{each(ids, html)}</div>"
        for name, ids, html in (
            ("wrap-headline", IDS[:2], "<div class='link-headline'>{}</div>"),
            ("medium-box", IDS[2:8], "<div class='caption'><h3>{}</h3></div>"),
        )
    )
    + f"<ul class='list-group wrap-latest'>{each(IDS[8:], '<li>{}</li>')}{OFF}</ul>",
    "mobile": each(IDS, "<div class='article-item'><h3 class='card-title'>{}</h3></div>"),
}


@pytest.mark.parametrize("url", HOMES)
@pytest.mark.parametrize("era", ERAS)
def test_all_articles_of_the_page_are_listed(era: str, url: str) -> None:
    html = f"<!DOCTYPE html><html><body>{MENU}<main>{ERAS[era]}</main>{READ}{SIDE}</body></html>"
    found = parse_listing(html, url)
    assert [article.id for article in found] == IDS
    assert found.links == len(IDS) + len(BESIDE)


@pytest.mark.parametrize("url", HOMES)
def test_an_article_that_is_shown_twice_is_listed_once_with_its_title(url: str) -> None:
    picture = link(IDS[0], "<img src='/x.jpg'>")
    shown = f"<div>{picture}<h2>{link(IDS[0], 'Pasar Ikan Dibuka')}</h2></div>"
    (article,) = parse_listing(f"<html><body>{shown}</body></html>", url)
    assert article.title == "Pasar Ikan Dibuka"
