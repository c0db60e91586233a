"""Blocks of links to other articles and author cards: which go, and which stay."""

from __future__ import annotations

import pytest

from crawler.parsers import parse_page
from tests.parsers.blocks import furniture, furniture_layouts, lines

FISH = '<a href="/berita/to8dec320/pasar-ikan">Pasar Ikan Dibuka</a>'
TRAIN = '<a href="/berita/to8dee421/kereta">Kereta Tua Jadi Ruang Baca</a>'
GARDEN = '<a href="/berita/to8def522/kebun">Kebun Warga Panen Cabai</a>'
PHOTO = "https://static.republika.co.id/uploads/images/inpicture_slide/jembatan_261110-001.jpg"


@pytest.mark.parametrize("layout", furniture_layouts.LAYOUTS)
@pytest.mark.parametrize(
    "block",
    [
        f"<div class='bk'><b>Breaking News</b> {FISH}</div>",
        f"<div><h4>Breaking News</h4>{FISH}</div>",
        f"<p><strong>Kilas</strong> {FISH}</p>",
        f"<section><div><i>Terkini</i></div><div>{FISH}</div></section>",
        f"<div><div>Sebelumnya {FISH}</div><div>Berikutnya {TRAIN}</div></div>",
        f"<ul><li>{FISH}</li><li>{TRAIN}</li><li>{GARDEN}</li></ul>",
        "<div><h5>Cuaca Tegal</h5><p>31°C Berawan</p><a href='/cuaca'>Lihat prakiraan</a></div>",
        "<div><a href='/kanal/ekonomi'>Lihat semua berita ekonomi</a></div>",
        f"<div><ul><li>{FISH}</li><li>{TRAIN}</li></ul></div>",
        f"<ul><li>{FISH} <time>Selasa, 10 Nov 2026</time></li><li>{TRAIN}</li></ul>",
        f"<p><strong>Kabar Lain</strong></p><ul><li>{FISH}</li><li>{TRAIN}</li></ul>",
        (
            "<div><img src='/a.jpg'><div><b>Contoh Penulis</b><p>Wartawan desk daerah.</p>"
            "<a href='/page/penulis/9/contoh'>Lihat profil</a></div></div>"
        ),
        (
            f"<aside><a href='/profil/contoh'><img src='{PHOTO}'></a><div>"
            "<a href='/profil/contoh'>Contoh Penulis</a><p>Menulis soal desa sejak 2010.</p></div>"
            "</aside>"
        ),
        "<div><img src='/a.jpg'><a href='/author/contoh'>Contoh Penulis</a><i>Jurnalis</i></div>",
    ],
    ids=lambda block: block[:60],
)
def test_the_block_goes(block: str, layout: str) -> None:
    assert lines(layout, block) == []


@pytest.mark.parametrize("layout", furniture_layouts.LAYOUTS)
@pytest.mark.parametrize(
    ("block", "kept"),
    [
        (f"<p>{FISH}</p>", "Pasar Ikan Dibuka"),
        (f"<h3>{FISH}</h3>", "Pasar Ikan Dibuka"),
        (f"<p><strong>1. {FISH}</strong></p>", "1. Pasar Ikan Dibuka"),
        (
            f"<p>Breaking News {FISH} itu ditonton orang.</p>",
            "Breaking News Pasar Ikan Dibuka itu ditonton orang.",
        ),
        (
            f"<div>Kabar itu, {FISH}, dibaca banyak orang.</div>",
            "Kabar itu, Pasar Ikan Dibuka, dibaca banyak orang.",
        ),
        (f"<ul><li>{FISH} di Tegal.</li></ul>", "Pasar Ikan Dibuka di Tegal."),
        ("<h4>Jembatan di <a href='/tag/tegal'>Tegal</a></h4>", "Jembatan di Tegal"),
        ("<div>Jembatan di <a href='/tag/tegal'>Tegal</a> Lama</div>", "Jembatan di Tegal Lama"),
        (
            "<div><img src='/a.png'><p>Menurut <a href='/penulis/x'>Contoh</a>, itu sah.</p></div>",
            "Menurut Contoh, itu sah.",
        ),
    ],
    ids=lambda block: block[:60],
)
def test_the_line_stays(block: str, kept: str, layout: str) -> None:
    assert lines(layout, block) == [kept]


@pytest.mark.parametrize("layout", furniture_layouts.LAYOUTS)
def test_the_photographer_of_a_caption_is_no_author(layout: str) -> None:
    block = (
        f"<figure><img src='{PHOTO}'><figcaption>Jembatan baru."
        " Foto: <a href='/penulis/x'>Contoh</a></figcaption></figure>"
    )
    assert lines(layout, block) == []
    first, *others = (f"<p>{text}</p>" for text in furniture.TEXT)
    html = furniture_layouts.LAYOUTS[layout](furniture.OPENING.join([first[:3], first[3:]]) + block)
    (image,) = parse_page(html + "".join(others), furniture_layouts.URL).article.images
    assert image.credit == "Contoh"


@pytest.mark.parametrize("layout", furniture_layouts.LAYOUTS)
def test_a_list_that_a_sentence_introduces_is_text(layout: str) -> None:
    block = f"<p>Warga membaca dua kabar ini:</p><ul><li>{FISH}</li><li>{TRAIN}</li></ul>"
    assert lines(layout, block)[1:] == ["Pasar Ikan Dibuka", "Kereta Tua Jadi Ruang Baca"]


@pytest.mark.parametrize("layout", furniture_layouts.LAYOUTS)
def test_a_baca_juga_below_another_list_is_related(layout: str) -> None:
    block = (
        f"<div><h4>Untuk Anda</h4><ul><li>{TRAIN}</li></ul>"
        f"<h4>Baca Juga</h4><ul><li>{FISH}</li></ul></div>"
    )
    first, *others = (f"<p>{text}</p>" for text in furniture.TEXT)
    opened = first.replace("<p>", f"<p>{furniture.OPENING}")
    html = furniture_layouts.LAYOUTS[layout](opened + others[0] + block + others[1])
    article = parse_page(html, furniture_layouts.URL).article
    assert article.body.split("\n\n") == list(furniture.TEXT)
    assert [link.title for link in article.related] == ["Pasar Ikan Dibuka"]
