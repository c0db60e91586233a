"""Layouts that nobody described: an article that stands in the page's data, and pages as bombs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.article import Image
from crawler.parsers import ParseError, parse_article
from tests.parsers.redesigns import (
    BYLINE,
    END,
    HEAD,
    ID,
    MIDDLE,
    MOMENT,
    OPENING,
    PARAGRAPHS,
    TEXT,
    TITLE,
    URL,
    bare,
    island,
    page,
    text,
)

OPENED = f"REPUBLIKA.CO.ID, PONTIANAK -- {OPENING}"
PHOTO = "https://static.republika.co.id/uploads/images/inpicture_slide/perahu_250305142000-118.jpg"
OTHER = {
    "id": "sq1abc512",
    "title": "Pasar Malam Pindah",
    "body": f"<p>REPUBLIKA.CO.ID, PADANG -- {MIDDLE}</p><p>{MIDDLE}</p><p>{MIDDLE}</p>",
}


def article(**fields: Any) -> dict[str, Any]:
    """The article's data, its text in the given fields."""
    return {"id": ID, "title": TITLE, "publishedAt": MOMENT} | fields


def shell(data: Any) -> str:
    """A page that a script fills from its data."""
    return bare(f"<div id='app'>Memuat</div>{island({'latest': [OTHER], 'story': data})}")


@pytest.mark.parametrize(
    "fields",
    [
        {"content": PARAGRAPHS},
        {"body": f"{OPENED}\n\n{MIDDLE}\n\n{END}"},
        {"isi_berita": f"{OPENED}<br><br>{MIDDLE}<br><br>{END}"},
        {"paragraphs": [OPENED, MIDDLE, END]},
        {"body": {"html": PARAGRAPHS}},
        {"content": {"rendered": PARAGRAPHS}},
        {"blocks": [{"type": "paragraph", "text": words} for words in (OPENED, MIDDLE, END)]},
        {
            "content": {
                "type": "doc",
                "content": [
                    {"type": "paragraph", "content": [{"type": "text", "text": words}]}
                    for words in (OPENED, MIDDLE, END)
                ],
            }
        },
        {
            "body": [
                {"_type": "block", "children": [{"text": words[:20]}, {"text": words[20:]}]}
                for words in (OPENED, MIDDLE, END)
            ]
        },
        {
            "blocks": [
                {"type": "paragraph", "data": {"text": words}} for words in (OPENED, MIDDLE, END)
            ]
        },
    ],
)
def test_a_text_in_data_is_read_in_any_form(fields: dict[str, Any]) -> None:
    assert text(shell(article(**fields))) == TEXT


def test_all_fields_come_from_the_data_of_a_page_that_shows_none() -> None:
    read = parse_article(
        shell(
            article(
                content=PARAGRAPHS,
                lead="Anak-anak di hulu menunggu buku.",
                reporter={"name": "Galih Contoh"},
                editors=["Nita Contoh"],
                category={"name": "Nasional"},
                tags=[{"name": "perahu"}, {"name": "buku"}],
                image={"url": PHOTO, "caption": "Perahu.", "credit": "Dok Kota"},
            )
        ),
        URL,
    )
    assert (read.title, read.lead) == (TITLE, "Anak-anak di hulu menunggu buku.")
    assert (read.published_at, read.published_from) == (MOMENT, "metadata")
    assert (read.reporters, read.editors) == (["Galih Contoh"], ["Nita Contoh"])
    assert (read.section, read.tags) == ("Nasional", ["perahu", "buku"])
    assert read.images == [Image(url=PHOTO, caption="Perahu.", credit="Dok Kota")]


def test_boxes_in_the_data_are_no_text() -> None:
    blocks = [
        {"type": "paragraph", "text": OPENED},
        {"type": "related", "items": [{"title": "Pasar Malam", "url": "/berita/sq1abc512/x"}]},
        {"type": "heading", "text": "Yang dibawa"},
        {"type": "list", "items": ["Buku", "Tikar"]},
        {"type": "ad", "text": "Iklan sebuah toko."},
        {"type": "quote", "text": MIDDLE},
    ]
    read = parse_article(shell(article(blocks=blocks)), URL)
    assert read.body.split("\n\n") == [OPENING, "Yang dibawa", "Buku", "Tikar", MIDDLE]
    assert [link.related_id for link in read.related] == ["sq1abc512"]


@pytest.mark.parametrize(
    "script",
    [
        "<script>window.__STATE__ = {};</script>",
        "<script>var a=1;window['x']={};(function(){{}})()</script>",
        "<script>window.__STATE__ = JSON.parse({quoted});</script>",
    ],
)
def test_data_that_a_script_assigns(script: str) -> None:
    data = json.dumps({"story": article(content=PARAGRAPHS)})
    written = script.replace("{quoted}", json.dumps(data)).replace("{};", f"{data};")
    assert text(bare(f"<div id='app'></div>{written}")) == TEXT


def test_data_that_a_framework_wrote_flat() -> None:
    """Each value is the number of another; two may share one."""
    flat = [["Reactive", 1], {"story": 2}, {"id": 3, "title": 4, "publishedAt": 5, "body": 6}]
    values = [*flat, ID, TITLE, MOMENT, PARAGRAPHS]
    assert text(bare(f"<div id='app'></div>{island(values)}")) == TEXT


def test_a_text_that_is_sent_piece_by_piece() -> None:
    row = f'1:["$","main"]\n5:T1a,{PARAGRAPHS}\n6:{{}}'
    pushes = "".join(
        f"<script>self.__next_f.push([1,{json.dumps(piece)}])</script>"
        for piece in (row[:150], row[150:])
    ).replace("</p", "<\\/p")
    assert text(page(pushes)) == TEXT
    other = json.dumps(f"\n7:T1a,<p>REPUBLIKA.CO.ID, PADANG -- {MIDDLE}</p>").replace(
        "</p", "<\\/p"
    )
    with pytest.raises(ParseError):  # nothing says which of the two it is
        parse_article(page(f"{pushes}<script>self.__next_f.push([1,{other}])</script>"), URL)


def test_data_of_another_article_alone_are_none() -> None:
    with pytest.raises(ParseError, match="no text"):
        parse_article(bare(f"<div id='app'></div>{island(OTHER)}"), URL)


def test_what_is_shown_is_read_where_the_data_say_the_same() -> None:
    """Its links are those of the page, and its paragraphs too."""
    shown = (
        f"<div>{PARAGRAPHS}<p>Baca juga: <a href='/berita/sq1abc512/x'>Pasar Malam</a></p></div>"
    )
    read = parse_article(page(shown + island(article(body=PARAGRAPHS))), URL)
    assert read.body.split("\n\n") == TEXT
    assert [link.title for link in read.related] == ["Pasar Malam"]


# --- pages that are built to stall their reader ---------------------------------------------------

DEEP = '[{"body":' * 900 + "1" + "}]" * 900
SHARED = [[n + 1, n + 1] for n in range(60)]
CYCLE = [{"id": 1, "title": 2, "body": 3}, ID, TITLE, [3, 3, 4], OPENED]


@pytest.mark.parametrize(
    "inner",
    [
        f'<script type="application/json">{DEEP}</script>',
        island([{"a": 1}, *SHARED, "x"]),
        island(CYCLE),
        "<script>" + "x={" * 20_000 + "</script>",
        "<script>" + "JSON.parse('" * 5_000 + "</script>",
        "<template shadowrootmode=open>" * 300,
        "<h3>Komentar</h3>" * 3_000,
        "<h3>Berita Terkait</h3><p>Satu kalimat di sini saja.</p>" * 1_500,
        '<div class="ads">' * 400 + MIDDLE,
        '<a href="/">Home</a>' * 3_000,
        "<span itemprop=author>Budi</span>" * 3_000,
        "<div>Rep:</div>" * 3_000,
        f"<div>{BYLINE}</div>" * 3_000,
        "<font>a</font><br>" * 3_000,
    ],
)
def test_a_page_beside_a_bomb_is_read(inner: str) -> None:
    assert text(page(f"<div>{PARAGRAPHS}</div><section>{inner}</section>"))[:2] == TEXT[:2]


def test_a_page_of_more_tags_than_one_has_is_an_error() -> None:
    with pytest.raises(ParseError, match="tags"):
        parse_article(bare("<b></b>" * 30_000, head=HEAD), URL)
