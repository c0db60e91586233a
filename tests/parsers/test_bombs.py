"""Pages that are built to stall the parser; and the same output everywhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crawler.parsers import NotAnArticle, ParseError, parse_article
from crawler.parsers.datelines import split_opening
from crawler.parsers.listing import parse_listing
from tests.sample import (
    CHILLI,
    RECORDS,
    address,
    page,
    site,
)

if TYPE_CHECKING:
    from crawler.article import Article
from tests.parsers.damage import read

SECONDS = 5.0  # what any page may take, on any machine; a real one takes some milliseconds
# Where the text of CHILLI has a paragraph that damage can be put before.
SECOND = '<p class="b2">   <p>Kepala pasar'


def damaged(damage: str, before: str = SECOND) -> str:
    html = page(CHILLI)
    assert before in html
    return html.replace(before, damage + before, 1)


# --- bombs ----------------------------------------------------------------------------------------

MANY = 50_000
ATTRIBUTES = " ".join(f"a{number}='x'" for number in range(MANY))
DEEP_JSON = '<script type="application/ld+json">{}</script>'


def assert_soon(html: bytes | str, body: str | None = None) -> None:
    """A right record or an error, within the time that any page may take."""
    started = time.process_time()  # whatever else the machine does
    article = read(html)
    assert time.process_time() - started < SECONDS
    assert article is None or body is None or article.body == body


@pytest.mark.parametrize(
    "tag", "div span b i a font p li ul table td blockquote section h1 select svg x-y".split()
)
@pytest.mark.parametrize("closed", [True, False])
def test_deeply_nested_tags(tag: str, closed: bool) -> None:
    bomb = f"<{tag}>" * MANY + f"</{tag}>" * MANY * closed
    assert_soon(damaged(bomb), RECORDS[CHILLI]["body"])
    assert_soon(damaged(bomb, "</body>"), RECORDS[CHILLI]["body"])


@pytest.mark.parametrize(
    "before",
    [
        '<p class="a<p class="b">',  # quotes count after = only
        '<p class=a"b>',
        "<script<b>",
        "<title><script></title>",
        "<textarea><!--</textarea>",
        "<script></scripts></script>",
    ],
)
def test_nested_tags_that_seem_to_stand_in_something_else(before: str) -> None:
    assert_soon(damaged(before + "<ul><li>" * MANY), RECORDS[CHILLI]["body"])


@pytest.mark.parametrize("tag", ["div", "span", "blockquote", "b"])
@pytest.mark.parametrize("depth", [200, 500, 3_000])
def test_text_within_many_wrappers(tag: str, depth: int) -> None:
    """A depth that a page may have does not cost it text: lxml alone stops at 256."""
    html = page(
        CHILLI,
        ("<article>", "<article>" + f"<{tag}>" * depth),
        ("</article>", f"</{tag}>" * depth + "</article>"),
    )
    assert_soon(html, RECORDS[CHILLI]["body"])
    assert depth > 500 or read(html)


@pytest.mark.parametrize(
    "tag",
    [
        f"<p {ATTRIBUTES}>",
        f"<p {ATTRIBUTES.replace(' ', '')}>",
        f"<p/{ATTRIBUTES.replace(' ', '/')}>",
        f"<p {ATTRIBUTES.replace('x', '<')}>",
        "<p " + "a='x' " * MANY + ">",
        f"<p title='{'x' * 5_000_000}'>",
        f"<!--><p {ATTRIBUTES}>x</p>-->",  # a comment that ends at once
        f"<!--x--!><p {ATTRIBUTES}>x</p>-->",
        f'<p x="<!--" {ATTRIBUTES}>',  # no comment begins in a value
        f'<p x="<script " {ATTRIBUTES}>',
    ],
)
def test_attributes_without_number(tag: str) -> None:
    assert_soon(damaged(tag), RECORDS[CHILLI]["body"])


@pytest.mark.parametrize(
    "markup",
    [
        f"<p title='{'kata ' * 20_000}'>",
        f'<script>var tabel = "<p {"kata " * 20_000}";</script>',
        f"<!-- <p {'kata ' * 20_000} -->",
        f"<style>/* <p {'kata ' * 20_000} */</style>",
    ],
    ids=lambda markup: markup[:20],
)
def test_many_words_are_not_many_attributes(markup: str) -> None:
    article = read(damaged(markup, "</body>"))
    assert article is not None
    assert article.body == RECORDS[CHILLI]["body"]


@pytest.mark.parametrize(
    "damage",
    [
        "<p>" + "kata " * 1_000_000 + "</p>",
        "<p>kata kata kata.</p>" * 150_000,
        "<p>" + "kata<br>" * 15_000 + "</p>",
        "<p>" + "<a href='/berita/rgl4s0900/x'>kata</a> " * 10_000 + "</p>",
        "<p>Baca juga: <a href='/berita/rgl4s0900/x'>Judul</a></p>" * 3_000,
        "".join(f"<p>sumber : Kantor {number}</p>" for number in range(5_000)),
        "<blockquote>Kutipan</blockquote>" * 5_000,
        "<p>" + "<img src='/uploads/x.jpg'>" * 10_000 + "</p>",
        f"<p>{'kata ' * 20}.</p>" + f"<div hidden><p>{'kata ' * 20}.</p></div>" * 3_000,
        "<div></div>" * 8_000 + "<p><b>x</b><a href='/berita/rgl4s0900/x'>kata</a></p>" * 2_000,
        f"<div>{'<p>kata kata kata.</p><button>Balas</button>' * 9_000}</div>",
        f"<div>{'<a href=/author/x>Nama</a> kata kata kata.' * 8_000}</div>",
        "<!-- x -->" * 200_000,
        "<script>x</script>" * 50_000,
        "<p>" + "(baca: " * 50_000 + "</p>",
        "<p>" + "&amp;" * 500_000 + "</p>",
        "<p>REPUBLIKA.CO.ID, " + "JAKARTA " * 100_000 + "</p>",
    ],
    ids=lambda damage: damage[:40],
)
def test_pages_of_megabytes(damage: str) -> None:
    assert_soon(damaged(damage))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Senin   15 Aug 2022", "Senin " + "x" * 30_000),
        ("Senin   15 Aug 2022", "Senin " + "1 " * 15_000),
        ("<h1>Harga", "<h1>" + "Harga " * 500_000),
        ("Rep: Contoh", "Rep: " * 100_000 + "Contoh"),
        ("Rep: Contoh", "Rep: " + "Contoh, " * 100_000),
        ('content="cabai rawit', 'content="' + "cabai, " * 200_000),
        ("<head>", "<head>" + "<meta name='x' content='y'>" * 100_000),
        ("<h1>Harga", "<h1>" + "&lt;br&gt;" * 40_000 + "Harga"),
        ("<h1>Harga", "<h1>" + "&lt;a" * 50_000 + "Harga"),
        ('caption-img">', 'caption-img">' + "&amp;#" + "9" * 5_000),
        ("<head>", "<head>" + "<b>" * 40_000),
        ("<body", "<!--" * 100_000 + "<body"),
    ],
    ids=lambda text: text[:20],
)
def test_fields_of_megabytes(old: str, new: str) -> None:
    assert_soon(page(CHILLI, (re.escape(old), new)), RECORDS[CHILLI]["body"])


@pytest.mark.parametrize(
    "data",
    [
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        '{"@type": "NewsArticle", "headline": ' + "9" * 100_000 + "}",
        '{"@type": "NewsArticle", "headline": {"a": 1}, "datePublished": 5, "dateModified": []}',
        '{"@type": ["NewsArticle"], "headline": null}',
        '{"@graph": [{"@type": "Organization"}, 5, null]}',
        '{"@graph": 5}',
        '{"@type": "NewsArticle", "datePublished": NaN}',
        '{"@type": "NewsArticle", "headline": "x',
        '[1, null, "NewsArticle"]',
        "null",
        "",
    ],
    ids=lambda data: data[:30],
)
def test_json_ld_that_is_deep_or_broken(data: str) -> None:
    """Nothing that it says is missed: all of it stands elsewhere too."""
    assert_soon(damaged(DEEP_JSON.format(data), "</head>"), RECORDS[CHILLI]["body"])
    html = page(
        CHILLI,
        (r'<script type="application/ld\+json">.*?</script>', ""),
        ("</head>", DEEP_JSON.format(data) + "</head>"),
    )
    article = parse_article(html, address(CHILLI))
    assert article.body == RECORDS[CHILLI]["body"]
    assert article.published_at == RECORDS[CHILLI]["published_at"]


@pytest.mark.parametrize(
    "before", ["", "REPUBLIKA.CO", "REPUBLIKA.CO.ID, JAKARTA", "JAKARTA", "Oleh: Contoh Penulis"]
)
@pytest.mark.parametrize("gap", [" ", "\u200b", " ,"])
def test_gaps_without_number_in_an_opening(before: str, gap: str) -> None:
    started = time.process_time()
    split_opening(f"{before}{gap * 20_000}kata")
    assert time.process_time() - started < SECONDS


URL = "https://republika.co.id/berita/rgnflw900/pasar-pagi"
UNKNOWN = f"""<!DOCTYPE html><html><head><title>Pasar Pagi Dibuka</title><link rel="canonical"
href="{URL}"><meta property="article:published_time" content="2022-08-15T09:15:00+07:00">
{{head}}</head><body><main><h1>Pasar Pagi Dibuka</h1>
<div><img src="https://static.republika.co.id/uploads/images/pasar.jpg"></div><div>{{below}}</div>
<p>REPUBLIKA.CO.ID, TEGAL -- Pasar pagi dibuka kembali oleh para pedagang dari desa sekitar.</p>
<p>Mereka menjual cabai, bawang, dan ikan segar dari laut utara sampai sore hari.</p>
</main></body></html>"""


@pytest.mark.parametrize(
    "parts",
    [
        {"below": "(" * 20_000},
        {"below": " | " * 20_000},
        {"below": "<xmp>&#" + "9" * 5_000 + "</xmp>"},
        {"head": DEEP_JSON.format('{"headline": "&#' + "9" * 5_000 + '"}')},
    ],
    ids=lambda parts: str(parts)[:20],
)
def test_a_layout_that_is_not_known(parts: dict[str, str]) -> None:
    html = UNKNOWN.format_map({"head": "", "below": ""} | parts)
    started = time.process_time()
    article = parse_article(html, URL)
    assert time.process_time() - started < SECONDS
    assert article.body.startswith("Pasar pagi dibuka kembali")


def test_lines_below_a_text_that_stand_in_one_another() -> None:
    below = "".join(f"<div><p>sumber : Kantor {number}</p>" for number in range(3_000))
    assert_soon(damaged(below, "</article>"), RECORDS[CHILLI]["body"])


def test_a_listing_whose_items_stand_in_one_another() -> None:
    items = (
        f'<ul class="wrap-latest"><li><a href="/berita/rgn{number:03d}900/a"><h3>Pasar {number}'
        "</h3></a><div>kata</div>"
        for number in range(450)
    )
    started = time.process_time()
    listed = parse_listing(
        f"<html><body>{''.join(items)}", "https://republika.co.id/index/2022/08/15"
    )
    assert time.process_time() - started < SECONDS
    assert [article.title for article in listed] == [f"Pasar {number}" for number in range(450)]


# --- the same everywhere --------------------------------------------------------------------------

SCRIPT = """
import hashlib, sys
from pathlib import Path
from crawler.parsers import parse_article
from crawler.captures.payloads import decode_payload
from crawler.captures.warc import iter_captures
digest = hashlib.sha256()
for capture in iter_captures(Path(sys.argv[1])):
    try:
        article = parse_article(decode_payload(capture.headers, capture.payload), capture.url)
    except ValueError as error:
        article = error
    digest.update(repr(article).encode())
print(digest.hexdigest())
"""


def test_same_output_for_every_hash_seed() -> None:
    root = Path(__file__).parents[2]
    sample = root / "samples" / "republika-2022-08-15.warc.gz"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, sample],
            cwd=root,
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(8)
    ]
    outputs = {process.communicate()[0] for process in running}
    assert [process.returncode for process in running] == [0] * 8
    assert len(outputs) == 1
    assert len(outputs.pop().strip()) == 64


def test_nothing_is_remembered_from_one_page_to_the_next() -> None:
    urls = [url for url in site() if "/berita/" in url]
    first = [repr(read_any(url)) for url in urls]
    assert [repr(read_any(url)) for url in reversed(urls)] == first[::-1]


def read_any(url: str) -> Article | str:
    try:
        return parse_article(site()[url], url)
    except (ParseError, NotAnArticle) as error:
        return str(error)
