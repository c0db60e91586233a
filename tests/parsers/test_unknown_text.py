"""Layouts that nobody described: which part of the page is the text."""

from __future__ import annotations

import pytest

from crawler.parsers import NotAnArticle, ParseError, parse_article
from tests.parsers.redesigns import (
    BYLINE,
    END,
    HEAD,
    ID,
    MIDDLE,
    OPENING,
    PARAGRAPHS,
    PRINTED,
    TEXT,
    TITLE,
    URL,
    bare,
    linked,
    page,
    text,
)

OPENED = f"REPUBLIKA.CO.ID, PONTIANAK -- {OPENING}"
TEASER = (
    "REPUBLIKA.CO.ID, PADANG -- Pasar malam dipindah ke lapangan yang lebih luas, dan pedagang "
    "mulai membangun kios sejak pagi."
)
CARDS = "<section><h2>Untuk Anda</h2>" + "".join(
    f"<article><h3>Pasar Malam Pindah ke Tempat {n}</h3><p>{TEASER}</p></article>" for n in "ABCD"
)
LINKED_CARDS = "<section>" + "".join(
    f'<div><a href="/berita/sq{n}abc512/x"><h3>Pasar Malam {n}</h3></a><p>{TEASER}</p></div>'
    for n in range(4)
)
COMMENT = "Semoga perahu itu sampai juga ke kampung kami di hulu."


@pytest.mark.parametrize(
    "body",
    [
        PARAGRAPHS,
        f"<div>{PARAGRAPHS}</div>",
        "".join(f"<div><div>{words}</div></div>" for words in (OPENED, MIDDLE, END)),
        "".join(f"<section><div><p>{words}</p></div></section>" for words in (OPENED, MIDDLE, END)),
        f"<div>{OPENED}<br><br>{MIDDLE}<br><br>{END}</div>",
        f"<font>{OPENED}<br><br>{MIDDLE}<br><br>{END}</font>",
        f"<table><tr><td>{OPENED}<br><br>{MIDDLE}<br><br>{END}</td><td>Iklan</td></tr></table>",
        "<x-text>"
        + "".join(f"<x-p>{words}</x-p>" for words in (OPENED, MIDDLE, END))
        + "</x-text>",
        f"<div><span>{OPENED}</span><span>{MIDDLE}</span><span>{OPENING}</span></div>".replace(
            f"<span>{OPENING}", f"<p>{END}</p><span>"
        ),
        f"<x-story><template shadowrootmode='open'><style>p{{}}</style>{PARAGRAPHS}</template>",
        f"<form id='page'>{PARAGRAPHS}</form>",
        f"<div class='a'><p>{OPENED}</p></div><hr><div class='b'><p>{MIDDLE}</p><p>{END}</p></div>",
        f"<aside><p>{TEASER}</p></aside>{PARAGRAPHS}",
    ],
)
def test_a_text_is_found_however_it_is_set(body: str) -> None:
    article = parse_article(page(body), URL)
    assert article.body.split("\n\n") == TEXT
    assert (article.dateline, article.layout) == ("PONTIANAK", "generic")


@pytest.mark.parametrize(
    "beside",
    [
        CARDS,
        LINKED_CARDS,
        f"<h3>Komentar (1)</h3><p>{COMMENT}</p>",
        f'<div class="comments"><b>Andi</b><p>{COMMENT}</p></div>',
        "<h3>Bagikan ini:</h3><ul><li>Facebook</li><li>WhatsApp</li></ul>",
        f'<div id="jp-relatedposts"><h3>Terkait</h3><p>{COMMENT}</p></div>',
        "<div><img src='/a.jpg'><h4>Galih Contoh</h4><p>Wartawan sejak tahun 2015.</p></div>",
        "<div><p>Situs ini memakai cookie untuk mengingat pilihan Anda.</p></div>",
        "<footer><p>Alamat redaksi ada di pusat kota, di dekat pasar.</p></footer>",
        '<div>Tag: <a href="/tag/perahu">perahu</a> <a href="/tag/buku">buku</a></div>',
    ],
)
@pytest.mark.parametrize("holder", ["<div>{}</div>{}", "<div>{}{}</div>", "{}{}"])
def test_what_stands_below_a_short_text_is_none_of_it(beside: str, holder: str) -> None:
    assert text(page(holder.format(PARAGRAPHS, beside))) == TEXT


@pytest.mark.parametrize("box", [CARDS, LINKED_CARDS])
def test_cards_divide_a_text_and_do_not_end_it(box: str) -> None:
    body = f"<div><p>{OPENED}</p></div>{box}</section><div><p>{MIDDLE}</p><p>{END}</p></div>"
    assert text(page(body)) == TEXT


def test_a_text_without_the_brand_is_known_by_the_description() -> None:
    head = f'{HEAD}<meta name="description" content="{OPENING}">'
    plain = PARAGRAPHS.replace("REPUBLIKA.CO.ID, PONTIANAK -- ", "")
    assert text(page(f"<div>{plain}</div>{CARDS}", head=head)) == TEXT


def test_a_text_without_brand_and_description_is_what_most_sentences_are() -> None:
    plain = PARAGRAPHS.replace("REPUBLIKA.CO.ID, PONTIANAK -- ", "")
    assert text(page(f"<div>{plain}</div>{LINKED_CARDS}")) == TEXT


def test_the_stated_text_tells_what_belongs() -> None:
    """Parts that look alike are told apart by the text that the page states for machines."""
    alien = "Kami mengirim kabar terbaru setiap pagi langsung ke telepon genggam Anda semua."
    parts = "".join(
        f"<div class='c'><p>{words}</p></div>" for words in (OPENED, MIDDLE, END, alien)
    )
    whole = f"{OPENED} {MIDDLE} {END}"
    assert text(page(parts)) == [*TEXT, alien]
    assert text(page(parts, head=HEAD + linked(articleBody=whole))) == TEXT


def test_a_stated_text_that_breaks_off_takes_nothing_away() -> None:
    head = HEAD + linked(articleBody=f"{OPENED} {MIDDLE} {MIDDLE[:90]} ...")
    assert text(page(f"<div>{PARAGRAPHS}</div>", head=head)) == TEXT


def test_the_rest_of_a_text_comes_from_what_is_stated() -> None:
    """Behind a login the page shows the opening, and its JSON-LD has all."""
    body = f"<div><p>{OPENED}</p></div><div><p>Masuk untuk membaca.</p><a href='/l'>Masuk</a></div>"
    stated = linked(articleBody=f"{OPENED}\n\n{MIDDLE}\n\n{MIDDLE}\n\n{END}")
    assert text(page(body, head=HEAD + stated)) == [OPENING, MIDDLE, MIDDLE, END]


def test_a_text_that_goes_on_for_subscribers_is_partial() -> None:
    gate = "<div><h3>Lanjutkan membaca</h3><p>Berlangganan untuk membaca sampai selesai.</p></div>"
    free = f"<div><p>{OPENED}</p><p>{MIDDLE}</p></div>"
    article = parse_article(page(free + gate), URL)
    assert (article.body.split("\n\n"), article.partial) == ([OPENING, MIDDLE], 1)
    assert parse_article(page(free), URL).partial == 0
    stated = linked(articleBody=f"{OPENED}\n\n{MIDDLE}\n\n{MIDDLE}\n\n{END}")
    assert parse_article(page(free + gate, head=HEAD + stated), URL).partial == 0


def test_a_text_for_readers_without_scripts_is_read_where_there_is_no_other() -> None:
    hidden = f"<noscript><div>{PARAGRAPHS}</div></noscript>"
    assert text(page(hidden)) == TEXT
    shown = PARAGRAPHS.replace(END, MIDDLE)
    assert text(page(f"<div>{shown}</div>{hidden}")) == [OPENING, MIDDLE, MIDDLE]


def test_a_text_that_is_there_twice_is_read_once() -> None:
    """For a wide screen and for a narrow one."""
    assert text(page(f"<div class='a'>{PARAGRAPHS}</div><div class='b'>{PARAGRAPHS}</div>")) == TEXT


def test_a_column_beside_the_text_is_none_of_it() -> None:
    column = "<b>Berita Lain</b><br>Pasar malam dipindah ke lapangan.<br>Jalan ditutup dua hari."
    table = f"<table><tr><td>{PARAGRAPHS}</td><td>{column}</td></tr></table>"
    assert text(page(table)) == TEXT


def test_another_article_below_is_none_of_it() -> None:
    other = f"<article><h1>Pasar Malam Pindah</h1><p>{TEASER}</p><p>{MIDDLE}</p></article>"
    first = f"<article><h1>{TITLE}</h1><div>{PRINTED}</div><div>{PARAGRAPHS}</div></article>"
    assert text(bare(f"<main>{first}{other}</main>")) == TEXT


def test_headings_lists_and_quotations_of_the_text_stay() -> None:
    rich = (
        f"<section><p>{OPENED}</p><blockquote>“Kami senang,” kata warga.</blockquote></section>"
        f"<section><h2>Yang dibawa</h2><ul><li>Buku cerita</li><li>Tikar</li></ul>"
        f"<p>{MIDDLE}</p></section>"
    )
    expected = [OPENING, "“Kami senang,” kata warga.", "Yang dibawa", "Buku cerita", "Tikar"]
    assert text(page(rich)) == [*expected, MIDDLE]


# --- what is no article, or not surely one --------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        page(f"<p>{END}</p>"),
        page(f"<p>{END}</p>{CARDS}", byline="", date=""),
        bare("<div id='app'>Memuat</div>"),
        bare(f"<h1>Pilihan privasi</h1><p>{MIDDLE}</p><p>{MIDDLE}</p><p>{END}</p>"),
        bare(f"<main>{LINKED_CARDS}</main>"),
    ],
)
def test_a_page_without_a_sure_text_is_an_error(html: str) -> None:
    with pytest.raises(ParseError, match="text"):
        parse_article(html, URL)


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        (page("<p>Maaf, artikel yang Anda cari tidak tersedia atau telah dihapus.</p>"), "removed"),
        (page(f"<p>Silakan masuk untuk membaca.</p>{CARDS}", byline=""), "wall"),
        (
            bare(
                "<h1>Indeks Republika</h1>"
                + "".join(
                    f'<li><a href="/berita/sq{n}abc512/x">Pasar Malam Pindah {n}</a> 08:00</li>'
                    for n in range(9)
                ),
                head="",
            ),
            "listing",
        ),
    ],
)
def test_a_notice_or_a_list_is_no_article(html: str, kind: str) -> None:
    with pytest.raises(NotAnArticle) as refused:
        parse_article(html, URL)
    assert refused.value.kind == kind


@pytest.mark.parametrize(
    "html",
    [
        bare(f"<h1>Kabar Republika</h1><p>{MIDDLE}</p><p>{MIDDLE}</p>", head=""),
        page(PARAGRAPHS, head="", date="Senin, 02 Maret 2020, 08:00 WIB"),
        bare(
            f'<h1>Topik: sungai</h1><div><a href="{URL}"><h3>{TITLE}</h3></a><i>{PRINTED}</i>'
            f"<p>{OPENED}</p></div>{LINKED_CARDS}",
            head="",
        ),
    ],
)
def test_a_text_that_nothing_ties_to_the_article_is_an_error(html: str) -> None:
    with pytest.raises(ParseError, match="nothing in the page says"):
        parse_article(html, URL)


def test_a_date_near_the_ids_own_ties_a_page_to_its_article() -> None:
    assert text(page(PARAGRAPHS, head="")) == TEXT


OTHER = URL.replace(ID, "sq1abc512")


@pytest.mark.parametrize(
    "head",
    [
        f'<link rel="canonical" href="{OTHER}">',
        f'<meta property="og:url" content="{OTHER}">',
        linked(url=OTHER),
        linked(url="", mainEntityOfPage={"@id": OTHER}),
        f'<link rel="canonical" href="{OTHER}">' + linked(),  # the canonical link is trusted more
    ],
)
def test_another_articles_page_is_refused_by_its_id(head: str) -> None:
    with pytest.raises(NotAnArticle, match="sq1abc512"):
        parse_article(page(PARAGRAPHS, head=head), URL)


def test_another_articles_microdata_are_refused() -> None:
    body = f'<link itemprop="mainEntityOfPage" href="{OTHER}"><div>{BYLINE}</div>{PARAGRAPHS}'
    with pytest.raises(NotAnArticle, match="sq1abc512"):
        parse_article(page(body, head=""), URL)
