"""Layouts that nobody described: what is left out of the text, and is said to be."""

from __future__ import annotations

import re
import sys
from collections import Counter

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.parsers import parse_page
from crawler.parsers.explain import explain
from tests.helpers import ROOT
from tests.parsers.redesigns import END, MIDDLE, OPENING, PARAGRAPHS, TEXT, URL, bare, island, page

sys.path.append(str(ROOT / "benchmarks"))
import furniture
import furniture_layouts
from furniture_kinds import FURNITURE

FISH = '<a href="/berita/rgl4s1900/pasar-ikan">Pasar Ikan Dibuka</a>'
SCHOOL = '<a href="/berita/rgl4s2900/sekolah">Sekolah Apung Diresmikan</a>'
PIER = (
    "Menurut catatan desa, dermaga itu pertama kali dibangun pada 1962 oleh para pelaut yang"
    " singgah dari pulau seberang."
)
MARKET = "Pasar di sebelahnya baru dibuka sepuluh tahun kemudian, setelah jalan ke kota selesai."
INSERTED = {kind.name: kind.html for kind in FURNITURE} | {
    "summary": "<div><h4>Ringkasan</h4><ul><li>Jembatan diperbaiki bersama.</li></ul></div>",
    "table": "<table><tr><td>Bambu</td><td>40 batang</td></tr></table>",
    "hidden": f"<div hidden><p>{PIER}</p></div>",
    "quiz": "<div><h4>Kuis</h4><form><p>Ibu kota?</p><input type=radio></form></div>",
    "links": f"<ul><li>{FISH}</li><li>{SCHOOL}</li></ul>",
}

_NOSCRIPT = re.compile("<noscript>.*?</noscript>")


def letters(text: str) -> Counter[str]:
    return Counter(filter(str.isalnum, text))


@pytest.mark.parametrize("place", [0, 1, 3])
@pytest.mark.parametrize("layout", ["amp", "unknown"])
@pytest.mark.parametrize("name", INSERTED)
def test_nothing_is_lost_without_a_trace(name: str, layout: str, place: int) -> None:
    first, *others = furniture.TEXT
    parts = [f"<p>{text}</p>" for text in (furniture.OPENING + first, *others)]
    parts.insert(place, INSERTED[name])
    html = furniture_layouts.LAYOUTS[layout]("".join(parts))
    main = LexborHTMLParser(_NOSCRIPT.sub("", html)).css_first("main")
    assert main
    for unseen in main.css("script, style, template, button"):
        unseen.decompose()
    accounted = letters(
        " ".join(text for _, text in explain(parse_page(html, furniture_layouts.URL)))
    )
    assert not letters(main.text(separator=" ")) - accounted


@pytest.mark.parametrize(
    ("block", "titles"),
    [
        (f"<p>Baca Juga: {FISH}</p>", ["Pasar Ikan Dibuka"]),
        (f"<div><span>Baca Juga</span>{FISH}</div>", ["Pasar Ikan Dibuka"]),
        (
            f"<h4>Baca Juga</h4><ul><li>{FISH}</li><li>{SCHOOL}</li></ul>",
            ["Pasar Ikan Dibuka", "Sekolah Apung Diresmikan"],
        ),
    ],
)
def test_baca_juga_before_the_text_is_related(block: str, titles: list[str]) -> None:
    read = parse_page(page(f"<div>{block}{PARAGRAPHS}</div>"), URL)
    assert read.article.body.split("\n\n") == TEXT
    assert [link.title for link in read.article.related] == titles


@pytest.mark.parametrize("rule", ["hidden", "before the text"])
def test_long_sentences_that_are_left_out_make_the_record_partial(rule: str) -> None:
    block = {
        "hidden": f"<div hidden><p>{PIER}</p><p>{MARKET}</p></div>",
        "before the text": f"<div><p>{PIER}</p><p>{MARKET}</p></div>" * 4,
    }[rule]
    place = {"hidden": "</p><p>", "before the text": "<p>"}[rule]
    text = PARAGRAPHS.replace(place, place.replace("<p>", block + "<p>"), 1)
    read = parse_page(page(f"<div>{text}</div>"), URL)
    assert read.article.body.split("\n\n") == TEXT
    assert read.article.partial == 1
    assert rule in read.doubts[0]
    assert (rule, PIER) in [(drop.rule, drop.text[: len(PIER)]) for drop in read.dropped]


def test_what_is_hidden_beside_the_text_is_no_part_of_it() -> None:
    beside = f"<div hidden><p>{PIER}</p><p>{MARKET}</p></div>"
    read = parse_page(page(f"<div>{PARAGRAPHS}</div>{beside}"), URL)
    assert read.article.body.split("\n\n") == TEXT
    assert not read.doubts
    assert "hidden" not in [drop.rule for drop in read.dropped]


def test_blocks_of_data_that_are_no_text_are_named() -> None:
    blocks = [
        {"type": "paragraph", "text": f"REPUBLIKA.CO.ID, PONTIANAK -- {OPENING}"},
        {"type": "paragraph", "text": MIDDLE},
        {"type": "promo", "text": "Langganan sekarang dengan harga hemat sekali."},
        {"type": "paragraph", "text": END},
    ]
    data = {"url": URL, "title": "Perahu", "publishedAt": "2025-03-05 14:20", "body": blocks}
    read = parse_page(bare("<div id='app'></div>", head="") + island(data), URL)
    assert read.article.body.split("\n\n") == TEXT
    assert ("data: promo", "Langganan sekarang dengan harga hemat sekali.") in [
        (drop.rule, drop.text) for drop in read.dropped
    ]
    assert read.article.partial == 0
