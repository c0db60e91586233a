"""What users of other crawlers suffer from: texts, authors, bytes."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from crawler.parsers import ParseError, parse_article, parse_page
from tests.sample import (
    BRIDGE,
    BYLINE,
    CHILLI,
    CONTEST,
    FILM,
    GARDEN,
    PRINTED,
    RECORDS,
    STATED,
    SURAU,
    TORCHES,
    address,
    page,
    record,
    site,
)

if TYPE_CHECKING:
    from crawler.article import Article

WIB = timezone(timedelta(hours=7))
LAYOUTS = [CHILLI, BRIDGE, CONTEST, FILM, GARDEN, TORCHES]
JSON_LD = r'<script type="application/ld\+json">\s*{\s*"@context": "http://schema.org".*?</script>'
META_DATE = r'<meta property="article:published_time"[^>]*>'


GRAPH = (
    '{"@type": "WebPage"}, {"@type": "NewsArticle", "datePublished": "2022-08-15T16:25:07+07:00"}'
)


def dated(moment: datetime, printed: str) -> Article:
    """An article with the id of a moment, which prints a date and says it nowhere else."""
    seconds, identifier = int(moment.timestamp()), ""
    while seconds:
        seconds, digit = divmod(seconds, 36)
        identifier = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + identifier
    html = page(CHILLI, (PRINTED, printed), (STATED, ""))
    url = address(CHILLI).replace(CHILLI, f"{identifier}900")
    return parse_article(html.replace(CHILLI, f"{identifier}900"), url)


# --- the text -------------------------------------------------------------------------------------


@pytest.mark.parametrize("identifier", RECORDS)
def test_other_articles_and_the_page_s_own_words_are_not_in_the_text(identifier: str) -> None:
    html = page(identifier)
    body = parse_article(html, address(identifier)).body
    for link in RECORDS[identifier]["related"]:
        assert link["title"] not in body
    for leak in (
        "Baca Juga",
        "Baca juga :",
        "(Baca:",
        "Advertisement\n",
        "Tidak ada kode iklan",
        "Loading",
        "Whatsapp Channel",
        "sumber :",
        "Sumber :",
        "Rep:",
        "Red:",
        "REPUBLIKA.CO.ID",
        "Berita Terkait",
        "Berita Lainnya",
        "Terpopuler",
        "Rekomendasi",
        "Republika Online",
        "SHARE",
        "googletag",
        "Jalur Sepeda Baru Mulai Dicat",  # a headline beside the text
    ):
        assert leak not in body


@pytest.mark.parametrize(
    "advertisement",
    [
        '<div class="ads"><p>Pasang iklan</p></div>',
        "<div style='width:100%'><div id='div-gpt-ad-1'><script>x()</script></div></div>",
        "<p>Advertisement</p>",
        "<div><span>Tidak ada kode iklan yang tersedia.</span></div>",
        '<div id="bn_1"></div><!-- RECREATIVE -->',
        '<div class="iframe-container"><iframe src="https://iklan.contoh.id/"></iframe></div>',
    ],
)
@pytest.mark.parametrize("identifier", [CHILLI, BRIDGE, FILM])
def test_text_is_cut_at_an_advertisement(identifier: str, advertisement: str) -> None:
    """Between any two paragraphs one changes nothing."""
    expected = parse_article(page(identifier), address(identifier))
    start = page(identifier).rindex("REPUBLIKA.CO.ID")
    end = page(identifier).index(expected.body[-30:], start)
    text = page(identifier)[start:end].replace("</p>", f"</p>{advertisement}")
    html = page(identifier)[:start] + text + page(identifier)[end:]
    assert html.count(advertisement) >= 2
    assert parse_article(html, address(identifier)) == expected


@pytest.mark.parametrize(
    ("identifier", "before"),
    [(CHILLI, '<p class="b2">   <p>Kepala pasar'), (BRIDGE, "<p>Kepala desa"), (FILM, "Gambar")],
)
def test_text_is_cut_at_an_end_tag_too_many(identifier: str, before: str) -> None:
    """What editors paste closes more than it opens: the text goes on outside its element."""
    if identifier == FILM:
        before = f'<p class="MsoNormal">{before}'
    got = record(identifier, (before, f"</div>{before}"))
    assert got["body"] == RECORDS[identifier]["body"]


def test_short_paragraphs_are_not_thrown_away() -> None:
    short = "".join(f"<p>{words}</p>" for words in ("Ya.", "Tidak.", "1.", "Apa?"))
    before = '<p class="b2">   <p>Seorang pembeli'
    got = record(CHILLI, (before, short + before))
    assert "\n\nYa.\n\nTidak.\n\n1.\n\nApa?\n\nSeorang pembeli" in got["body"]


def test_paragraph_breaks_are_lost_and_words_glued() -> None:
    """A text with line breaks reads as one with paragraphs, and a link does not eat its spaces."""
    breaks = record(CONTEST)
    paragraphs = record(CONTEST, (r"<br /><br />(?!</p>)", "</p><p>"))
    assert paragraphs == breaks
    assert breaks["body"].count("\n\n") == 3
    assert "Bek Bali United FC yang" in record("rgncyi900")["body"]


@pytest.mark.parametrize("identifier", [CHILLI, BRIDGE, FILM])
@pytest.mark.parametrize("wrapper", ["div", "section", "span", "div><div"])
def test_text_comes_twice(identifier: str, wrapper: str) -> None:
    """Elements within elements are read once, whatever wraps the paragraphs."""
    closing = "</div></div>" if "><" in wrapper else f"</{wrapper}>"
    start = page(identifier).rindex("<p", 0, page(identifier).rindex("REPUBLIKA.CO.ID"))
    html = page(identifier)
    text = re.sub(r'<p(?: class="MsoNormal")?>(?=[\w"])', f"<{wrapper}><p>", html[start:])
    text = re.sub(r"(?<=\.)</p>", f"</p>{closing}", text)
    assert text != html[start:]
    body = parse_article(html[:start] + text, address(identifier)).body
    assert body == RECORDS[identifier]["body"]


def test_what_another_article_says_too_is_not_deleted() -> None:
    """Each page is read by itself: a paragraph that was seen before stays."""
    shared = RECORDS[BRIDGE]["body"].split("\n\n")[0]
    before = '<p class="b2">   <p>Seorang pembeli'
    html = page(CHILLI, (before, f"<p>{shared}</p>{before}"))
    parse_article(page(BRIDGE), address(BRIDGE))
    first, second = (parse_article(html, address(CHILLI)) for _ in range(2))
    assert shared in first.body
    assert first == second


def test_only_the_first_page_of_an_article() -> None:
    """The record of a first page says that it is a part, and where the rest stands."""
    parsed = parse_page(page(SURAU), address(SURAU))
    assert parsed.article.partial
    assert parsed.parts == (f"{address(SURAU)}-part1",)
    assert parsed.parts[0] in site()


# --- authors --------------------------------------------------------------------------------------


@pytest.mark.parametrize("identifier", [CHILLI, BRIDGE, GARDEN])
def test_the_author_of_the_metadata_is_the_editor(identifier: str) -> None:
    """It names who edited the article: without a reporter in print there is none."""
    got = record(identifier, (r"Rep: [^<]*?(?=Red:)", ""))
    assert '"name": "Contoh Redaktur"' in page(identifier)
    assert (got["reporters"], got["editors"]) == ([], ["Contoh Redaktur"])


@pytest.mark.parametrize("place", ["Rekomendasi - ", "<footer>"])
def test_authors_of_the_neighbours(place: str) -> None:
    """A by-line in a list of other articles is theirs, whether this one has its own or not."""
    neighbour = '<div class="by">Rep: Contoh Reporter Dua/ Red: Contoh Redaktur Dua</div>'
    changes = [(place, neighbour + place)]
    assert record(CHILLI, *changes)["reporters"] == ["Contoh Reporter"]
    got = record(CHILLI, *changes, (BYLINE, "Red: Contoh Redaktur"))
    assert (got["reporters"], got["editors"]) == ([], ["Contoh Redaktur"])


def test_the_brand_is_no_author() -> None:
    got = record(CHILLI, (BYLINE, "Red: Contoh Redaktur"))
    assert "Republika" not in str(got["reporters"] + got["editors"])
    by_brand = "Oleh : Contoh Reporter Dua, Jurnalis Republika.co.id"
    html = (("<p>REPUBLIKA.CO.ID, ", f"<p>{by_brand}</p><p>REPUBLIKA.CO.ID, "),)
    assert record(CHILLI, *html, (BYLINE, ""))["reporters"] == ["Contoh Reporter Dua"]


# --- bytes, and a site that changes ---------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252"])
def test_broken_characters_on_pages_that_are_no_utf_8(encoding: str) -> None:
    html = page(BRIDGE, ('"Sekarang saya', "“Sekarang saya")).encode(encoding)
    article = parse_article(html, address(BRIDGE))
    assert "“Sekarang saya" in article.body
    assert article.dateline == "SUKABUMI"  # an em dash follows it


@pytest.mark.parametrize("identifier", [CHILLI, BRIDGE, CONTEST, FILM])
def test_a_new_layout_goes_unseen(identifier: str) -> None:
    """It is told from those that are known, and the text never comes out of the metadata."""
    html = re.sub(r'\b(class|id|itemprop)="[^"]*"', r'\1="baru"', page(identifier))
    article = parse_article(html, address(identifier))
    assert article.layout == "generic"
    assert article.body == RECORDS[identifier]["body"]
    described = '<meta name="description" content="' + "Ringkasan panjang dari isi. " * 20 + '">'
    empty = re.sub(r"<p\b.*?</p>|<p\b[^>]*>", "", html, flags=re.DOTALL)
    with pytest.raises(ParseError):
        parse_article(empty.replace("</head>", f"{described}</head>"), address(identifier))
