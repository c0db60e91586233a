"""Layouts that nobody described: the fields around the text."""

from __future__ import annotations

import pytest

from crawler.article import Image
from crawler.parsers import parse_article
from tests.parsers.redesigns import (
    HEAD,
    MOMENT,
    PARAGRAPHS,
    PRINTED,
    TITLE,
    URL,
    bare,
    linked,
    page,
)

PHOTO = "https://static.republika.co.id/uploads/images/inpicture_slide/perahu_250305142000-118.jpg"
LEAD = "Anak-anak di hulu menunggu buku cerita yang baru"


@pytest.mark.parametrize(
    ("byline", "reporters", "editors"),
    [
        ("Rep: Galih Contoh/ Red: Nita Contoh", ["Galih Contoh"], ["Nita Contoh"]),
        ("Reporter: Galih Contoh | Editor: Nita Contoh", ["Galih Contoh"], ["Nita Contoh"]),
        ("Oleh Galih Contoh | Editor: Nita Contoh", ["Galih Contoh"], ["Nita Contoh"]),
        ("Oleh: Galih Contoh, Dewi Contoh", ["Galih Contoh", "Dewi Contoh"], []),
        ("Penulis: <b>Galih Contoh</b><i>Redaktur: Nita</i>", ["Galih Contoh"], ["Nita"]),
        ("<b>Reporter</b><i>Galih Contoh</i><b>Editor</b><i>Nita</i>", ["Galih Contoh"], ["Nita"]),
        ("<dl><dt>Reporter</dt><dd>Galih Contoh</dd></dl>", ["Galih Contoh"], []),
        ("<p>Pewarta : Galih Contoh</p><p>Penyunting : Nita</p>", ["Galih Contoh"], ["Nita"]),
        ('<a rel="author" href="/penulis/1">Galih Contoh</a>', ["Galih Contoh"], []),
        ("<table><tr><td>Red</td><td>:</td><td>Nita</td></tr></table>", [], ["Nita"]),
        ("Rep: Galih Contoh/ Red: Nita | Rabu 05 Mar 2025 14:20 WIB", ["Galih Contoh"], ["Nita"]),
        ("(Rep: C31/ Red: Nita Contoh)", ["C31"], ["Nita Contoh"]),
        ("Red: redaksi@contoh.id | Iklan: iklan@contoh.id", [], []),
        ("Oleh karena itu, warga menunggu.", [], []),
        ("", [], []),
    ],
)
@pytest.mark.parametrize("below", [False, True])
def test_byline(byline: str, reporters: list[str], editors: list[str], below: bool) -> None:
    text = f"<div>{PARAGRAPHS}</div>"
    html = page(f"{text}<div>{byline}</div>", byline="") if below else page(text, byline=byline)
    article = parse_article(html, URL)
    assert (article.reporters, article.editors) == (reporters, editors)


@pytest.mark.parametrize(
    ("printed", "raw"),
    [
        (PRINTED, PRINTED),
        ("Rabu 05 Mar 2025 14:20 WIB", "Rabu 05 Mar 2025 14:20 WIB"),
        ("Wednesday, 05 March 2025 | 14:20 WIB", "Wednesday, 05 March 2025 | 14:20 WIB"),
        ("Terbit: 5 Maret 2025 pukul 14.20 WIB", "5 Maret 2025 pukul 14.20 WIB"),
        ("05/03/2025 14:20", "05/03/2025 14:20"),
        ("<b>Rabu</b>, <i>05 Maret 2025</i> <u>14:20 WIB</u>", "Rabu, 05 Maret 2025 14:20 WIB"),
        ("<div>5 Maret 2025</div><div>14:20 WIB</div>", "5 Maret 2025 14:20 WIB"),
        ("Diperbarui: 06 Maret 2025, 08:00 WIB", None),
        ("<time>2 jam lalu</time>", None),
        ("Kamis, 23 Muharram 1447 / 06 Maret 2025", None),
    ],
)
def test_date(printed: str, raw: str | None) -> None:
    article = parse_article(page(PARAGRAPHS, date=printed, head=HEAD + linked()), URL)
    assert (article.published_at, article.published_raw) == (MOMENT, raw)


def test_labels_beside_a_short_text_take_none_of_it() -> None:
    body = (
        f"<header><h1>{TITLE}</h1><span>Reporter</span> <span>Galih Contoh</span></header>"
        f"<div>{PRINTED}</div>REPUBLIKA.CO.ID, PONTIANAK -- Perahu itu kembali berlayar kemarin."
        "<br><br>Ia membawa buku.<br><br>Perahu itu membawa delapan ratus judul buku anak."
    )
    article = parse_article(bare(f"<main>{body}</main>"), URL)
    assert article.reporters == ["Galih Contoh"]
    assert article.body.split("\n\n") == [
        "Perahu itu kembali berlayar kemarin.",
        "Ia membawa buku.",
        "Perahu itu membawa delapan ratus judul buku anak.",
    ]


def test_a_printed_change_is_the_last_change() -> None:
    printed = f"<p>{PRINTED}</p><p>Diperbarui: Rabu, 05 Maret 2025, 18:30 WIB</p>"
    article = parse_article(page(PARAGRAPHS, date=printed), URL)
    assert (article.published_at, article.modified_at) == (MOMENT, "2025-03-05T18:30:00+07:00")


def test_a_day_alone_takes_its_time_from_the_head() -> None:
    article = parse_article(page(PARAGRAPHS, date="5 Maret 2025", head=HEAD + linked()), URL)
    assert (article.published_at, article.published_raw) == (MOMENT, "5 Maret 2025")
    assert article.published_from == "metadata"


def test_dates_of_other_articles_are_none_of_it() -> None:
    """Their cards stand nearer to the text than its own date."""
    card = (
        f'<div><a href="/berita/sq1abc512/x"><h3>Pasar</h3></a><p>{PRINTED[:-9]}13:00 WIB</p></div>'
    )
    article = parse_article(page(card + f"<div>{PARAGRAPHS}</div>"), URL)
    assert article.published_raw == PRINTED


@pytest.mark.parametrize(
    ("crumbs", "section"),
    [
        ('<p><a href="/">Home</a> > <a href="/e">Ekonomi</a> > <a href="/p">Pangan</a></p>', "2"),
        (
            '<ol><li><a href="/">Beranda</a><li><a href="/e">Ekonomi</a><li>Pangan</ol>',
            "2",
        ),
        ('<nav aria-label="breadcrumb"><a href="/">Home</a><a href="/e">Ekonomi</a></nav>', "1"),
        (f'<div><a href="/">Home</a> / <a href="/e">Ekonomi</a> / {TITLE}</div>', "1"),
        ('<div><a href="/">Home</a> | <a href="/e">Ekonomi</a> | <a href="/s">Sport</a></div>', ""),
        ("<ul>" + "".join(f'<li><a href="/{n}">{n}</a></li>' for n in ("Home", *"ABCDEF")), ""),
    ],
)
def test_section(crumbs: str, section: str) -> None:
    article = parse_article(bare(crumbs + page(PARAGRAPHS)), URL)
    expected = {"2": "Ekonomi > Pangan", "1": "Ekonomi", "": None}[section]
    assert article.section == expected


@pytest.mark.parametrize(
    ("between", "lead"),
    [
        (f"<p>{LEAD}</p>", LEAD),
        (f"<h2>{LEAD}</h2>", LEAD),
        (f"<div><span>{LEAD}.</span></div>", f"{LEAD}."),
        (f"<figure><img src='{PHOTO}'><figcaption>{LEAD}</figcaption></figure>", None),
        (f"<div><img src='{PHOTO}'><p>{LEAD}</p></div>", None),
        ("<p>A- A+ Cetak</p>", None),
        ("<p>Bagikan tulisan ini ke teman</p>", None),
        (f'<p><a href="/berita/sq1abc512/x">{LEAD}</a></p>', None),
    ],
)
def test_lead(between: str, lead: str | None) -> None:
    article = parse_article(page(f"{between}<div>{PARAGRAPHS}</div>"), URL)
    assert article.lead == lead


@pytest.mark.parametrize(
    ("markup", "caption", "credit"),
    [
        (
            "<figure><img src='{}' alt='x'><figcaption>Perahu. Foto: Antara/A</figcaption>",
            "Perahu.",
            "Antara/A",
        ),
        (
            "<figure><picture><source srcset='{} 2x'><img data-src='{}' src='data:image/gif'>"
            + "</picture><figcaption><span>Perahu merapat.</span> <span>Foto: Dok Kota</span>",
            "Perahu merapat.",
            "Dok Kota",
        ),
        (
            "<div><img src='{}' alt='Perahu merapat.'><p>Foto: Dok Kota</p></div>",
            "Perahu merapat.",
            "Dok Kota",
        ),
        ("<div><i>Antara/A</i><img src='{}' alt='Perahu.'></div>", "Perahu.", "Antara/A"),
        ("<amp-img src='{}' alt='Perahu.'></amp-img>", "Perahu.", None),
        ("<figure><img src='{}' alt='<caption>'></figure>", None, None),
    ],
)
def test_photo(markup: str, caption: str | None, credit: str | None) -> None:
    article = parse_article(page(f"{markup.format(PHOTO, PHOTO)}</figure>{PARAGRAPHS}"), URL)
    assert article.images == [Image(url=PHOTO, caption=caption, credit=credit)]


def test_the_photo_that_the_head_names_comes_first() -> None:
    icon = "<figure><img src='https://static.republika.co.id/uploads/images/x_1.jpg'></figure>"
    head = f'{HEAD}<meta property="og:image" content="{PHOTO}?w=800">'
    article = parse_article(page(f"{icon}<img src='{PHOTO}'>{PARAGRAPHS}", head=head), URL)
    assert article.images[0].url == PHOTO


@pytest.mark.parametrize(
    ("head", "below"),
    [
        ('<meta name="keywords" content="perahu, buku anak">', ""),
        (linked(keywords=["perahu", "buku anak"]), ""),
        (linked(keywords="perahu, buku anak"), ""),
        ('<meta itemprop="keywords" content="perahu,buku anak">', ""),
        ("", '<a href="/tag/perahu">#perahu</a> <a href="/tag/buku-anak">buku anak</a>'),
    ],
)
def test_tags(head: str, below: str) -> None:
    html = page(
        f"{head if 'itemprop' in head else ''}{PARAGRAPHS}<div>{below}</div>", head=HEAD + head
    )
    assert parse_article(html, URL).tags == ["perahu", "buku anak"]


def test_links_in_sentences_are_no_tags() -> None:
    linked_text = PARAGRAPHS.replace("sungai", '<a href="/tag/sungai">sungai</a>')
    assert parse_article(page(linked_text), URL).tags == []


@pytest.mark.parametrize(
    "title",
    [
        f"<div role='heading' aria-level='1'>{TITLE}</div>",
        f"<div class='x1'>{TITLE}</div>",
        f"<h2>{TITLE}</h2>",
        f"<h1>Republika</h1><h3>{TITLE}</h3>",
    ],
)
def test_title_wherever_it_is_printed(title: str) -> None:
    head = f"<title>{TITLE} | Republika Online</title>{HEAD}"
    html = bare(f"{title}<div>{PRINTED}</div><p>{LEAD}</p><div>{PARAGRAPHS}</div>", head=head)
    article = parse_article(html, URL)
    assert (article.title, article.lead) == (TITLE, LEAD)
