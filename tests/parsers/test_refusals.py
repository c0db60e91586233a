"""Layouts, pages that give no record, and articles on several pages."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import Any

import pytest

from crawler.article import content_hash
from crawler.parsers import (
    NotAnArticle,
    ParseError,
    join_parts,
    parse_article,
    parse_page,
)
from tests.sample import (
    BRIDGE,
    CHILLI,
    CONTEST,
    DEAD,
    FILM,
    GARDEN,
    HEADLINE,
    OG_TITLE,
    RECORDS,
    SURAU,
    TORCHES,
    UNFILLED,
    address,
    page,
    record,
    site,
)

# --- layouts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("identifier", "layout"),
    [
        (CHILLI, "republika2023"),
        (BRIDGE, "wrap_detail"),
        (CONTEST, "rol"),
        (TORCHES, "rol"),
        (FILM, "newrol"),
        (GARDEN, "amp"),
    ],
)
def test_layout_is_told_by_the_page(identifier: str, layout: str) -> None:
    assert record(identifier)["layout"] == layout


@pytest.mark.parametrize("identifier", [CHILLI, BRIDGE, CONTEST, FILM, "rgmwym370"])
def test_a_layout_that_nobody_knows_is_still_read(identifier: str) -> None:
    """After a redesign each class and id has another name; what is said has not changed."""
    html = re.sub(r'\b(class|id|itemprop)="[^"]*"', r'\1="kelas-baru"', page(identifier))
    got = asdict(parse_article(html, address(identifier)))
    expected = record(identifier) | {"layout": "generic"}
    for article in (got, expected):
        del article["images"]  # an old page does not mark which words are the photo's credit
    assert got == expected


UNKNOWN = """<!DOCTYPE html><html><head><title>Harga Cabai | Republika Online</title>
<link rel="canonical" href="https://ekonomi.republika.co.id/berita/rgngo4900/harga-cabai">
<meta property="article:published_time" content="2022-08-15T16:25:07+07:00"></head><body>
<header><a href="/">Home</a></header><main><h1>Harga Cabai</h1>
<div>Senin 15 Aug 2022 16:25 WIB</div><div>Rep: Contoh Reporter/ Red: Contoh Redaktur</div>
<p>Ringkasan.</p>%s<div>Share</div><p>Judul artikel lain.</p></main></body></html>"""
TEXT = "<p>REPUBLIKA.CO.ID, JAKARTA -- Harga cabai turun.</p><p>Pasokan lancar.</p>"


def test_a_new_page_without_any_known_element() -> None:
    """One element holds all of it: the text is what stands between the brand and the buttons."""
    article = parse_article(UNKNOWN % TEXT, address(CHILLI))
    assert (article.title, article.layout) == ("Harga Cabai", "generic")
    assert (article.dateline, article.body) == ("JAKARTA", "Harga cabai turun.\n\nPasokan lancar.")
    assert article.published_at == "2022-08-15T16:25:07+07:00"


def test_a_new_page_with_a_sentence_is_no_article() -> None:
    """Without the brand, a text is one by its length: a notice is none, and a sentence neither."""
    with pytest.raises(NotAnArticle):
        parse_article(UNKNOWN % "<p>Artikel ini telah dihapus.</p>", address(CHILLI))
    with pytest.raises(ParseError):
        parse_article(UNKNOWN % "<p>Harga cabai turun hari ini.</p>", address(CHILLI))


# --- pages that are no article, and pages that cannot be read -------------------------------------


def listing(*, canonical: str) -> str:
    links = '<div><a href="/berita/rgngo4900/x">Harga Cabai</a></div>' * 20
    head = f'<title>Cabai</title><link rel="canonical" href="{canonical}">'
    return f"<html><head>{head}</head><body>{links}</body></html>"


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        (lambda: site()[address(DEAD)], "home"),
        (lambda: re.sub(r'<link rel="canonical"[^>]*>', "", site()[address(DEAD)]), "home"),
        (lambda: listing(canonical="https://republika.co.id/indeks"), "listing"),
        (lambda: listing(canonical="https://republika.co.id/tag/cabai"), "listing"),
        (lambda: site()["https://republika.co.id/index/0/2022/08/15"], "listing"),
        (
            lambda: "<html><title>Just a moment...</title><body><p>Enable JavaScript</p></html>",
            "challenge",
        ),
        (
            lambda: "<html><title>Attention Required! | Cloudflare</title><body>Blocked</html>",
            "challenge",
        ),
        (
            lambda: "<html><title>Access Denied</title><body><h1>Access Denied</h1></html>",
            "challenge",
        ),
        (lambda: "<html><body><div class='g-recaptcha'></div></body></html>", "challenge"),
    ],
)
def test_page_that_is_no_article(html: Any, kind: str) -> None:
    with pytest.raises(NotAnArticle) as refused:
        parse_article(html(), address(DEAD))
    assert refused.value.kind == kind
    assert refused.value.reason == str(refused.value) != ""


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://republika.co.id/",
        "https://republika.co.id/tag/cabai",
        "https://republika.co.id/index/0/2022/08/15",
        "https://retizen.republika.co.id/posts/170000/catatan-warga",
        "https://contoh.id/",
        "bukan alamat",
    ],
)
def test_address_that_names_no_article(url: str) -> None:
    with pytest.raises(NotAnArticle) as refused:
        parse_article(page(CHILLI), url)
    assert refused.value.kind == "address"


@pytest.mark.parametrize("identifier", RECORDS)
def test_article_with_the_script_of_a_wall_is_one(identifier: str) -> None:
    script = '<script src="/cdn-cgi/challenge-platform/h/b/main.js"></script></body>'
    html = page(identifier, ("</body>", script))
    assert parse_article(html, address(identifier)) == parse_article(
        page(identifier), address(identifier)
    )


@pytest.mark.parametrize(
    ("html", "word"),
    [
        (lambda: page(UNFILLED).replace(UNFILLED, CHILLI), "text"),
        (lambda: page(CHILLI, (r"<article>.*</article>", "<article></article>")), "text"),
        (
            lambda: page(
                CHILLI,
                (HEADLINE, "<h1></h1>"),
                (OG_TITLE, ""),
                ('"headline": "[^"]*"', '"headline": ""'),
                ("<title>[^<]*</title>", ""),
            ),
            "title",
        ),
    ],
)
def test_article_without_text_or_title_is_an_error(html: Any, word: str) -> None:
    with pytest.raises(ParseError, match=word):
        parse_article(html(), address(CHILLI))


def test_both_errors_are_value_errors_and_neither_is_the_other() -> None:
    assert issubclass(ParseError, ValueError)
    assert issubclass(NotAnArticle, ValueError)
    assert not issubclass(ParseError, NotAnArticle)
    assert not issubclass(NotAnArticle, ParseError)


# --- articles on several pages --------------------------------------------------------------------


def test_parts_are_named_once_and_in_their_order() -> None:
    url = address(SURAU)
    links = "".join(
        f'<a href="{href}">x</a>'
        for href in (f"{url}-part10", f"{url}-part2", f"{url}-part1#teks", f"{url}-part2")
    )
    other = '<a href="https://republika.co.id/berita/rgngo4900/harga-cabai-part3">x</a>'
    html = page(SURAU, ('<div class="pagination">', f'<div class="pagination">{links}{other}'))
    assert parse_page(html, url).parts == tuple(f"{url}-part{n}" for n in (1, 2, 10))
    assert parse_page(page(CHILLI), address(CHILLI)).parts == ()


def test_joined_parts_are_one_article_without_a_paragraph_twice() -> None:
    url = address(SURAU)
    first = parse_article(page(SURAU), url)
    second = parse_article(site()[f"{url}-part1"], f"{url}-part1")
    assert second.id == first.id
    # A second page begins with the paragraph that the first one ended with.
    assert second.body.split("\n\n")[0] == first.body.split("\n\n")[-1]

    joined = join_parts(first, [second], complete=True)
    assert joined.body == RECORDS[SURAU]["body"]
    assert joined.word_count == len(joined.body.split())
    assert joined.content_hash == content_hash(first.title, first.lead, joined.body)
    assert joined.content_hash != first.content_hash
    assert joined.images == first.images
    assert not joined.partial


def test_joined_parts_without_one_of_them_are_partial() -> None:
    first = parse_article(page(SURAU), address(SURAU))
    joined = join_parts(first, [], complete=False)
    assert joined.partial
    assert joined.body == first.body


def test_parts_are_joined_in_the_order_given() -> None:
    first = parse_article(page(CHILLI), address(CHILLI))
    parts = [replace(first, body=body, sources=["Reuters"]) for body in ("Satu.", "Dua.\n\nSatu.")]
    joined = join_parts(first, parts, complete=True)
    assert joined.body == f"{first.body}\n\nSatu.\n\nDua."
    assert joined.sources == ["Antara", "Reuters"]
    assert first.sources == ["Antara"]  # what is joined is not changed
