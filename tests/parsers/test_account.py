"""Nothing of a text goes without a trace: each piece is kept, or left out by a named rule."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from crawler.parsers import NotAnArticle, ParseError, parse_page
from crawler.parsers.explain import KEPT, explain
from crawler.parsers.page import Page, page_text
from crawler.parsers.reader import Reader
from crawler.parsers.record import parse_whole
from tests.corpus import corpus
from tests.golden import ADDRESS, PAGES, REFUSED, reviewed
from tests.sample import BRIDGE, CHILLI, CONTEST, FILM, GARDEN, address, page

if TYPE_CHECKING:
    from collections.abc import Iterable

GOLDEN = [page for page in sorted(PAGES.glob("*.html")) if REFUSED not in reviewed(page)]
UNSEEN = "script, style, noscript, template, svg"
# Between two paragraphs of a page: what a site sets there, and what breaks.
INSERTED = (
    "<p>Baca Juga: <a href='/berita/rgmwym371/kereta'>Kereta Tua Jadi Ruang Baca</a></p>",
    "<div><h4>Polling</h4><form><input> Ya</form><p>12 suara</p></div>",
    "<p>Warga antre (Baca juga: Kereta Tua) sejak pagi, baca juga: buku.</p>",
    "<form><p>Kalimat di dalam formulir yang tidak pernah ditutup.</p>",
    "<div hidden><p>Tersembunyi.</p></div></div></div><p>Di luar wadah teks.</p>",
    "<table><tr><td>Beras</td><td>Rp 12.000</td></tr></table><blockquote>Kutipan</blockquote>",
    "<div id='next-article'></div><p>REPUBLIKA.CO.ID, TEGAL -- Artikel lain.</p>",
    "<div>Loading...</div><ul><li>Satu<li>Dua</ul><a href='#'>Bagikan</a> teks lepas",
    "<details><summary>2 komentar</summary><p>Setuju.</p></details><p>&lt;b&gt; &amp; \u00ad</p>",
    "</p></article><h1>Judul lain</h1><figure><figcaption>Foto: Contoh</figcaption></figure>",
)

# What breaks the markup itself: elements left open or closed twice, and those of which the text is
# no markup any more.
BROKEN = (
    "<p>", "</p>", "</div></div>", "<div>" * 50, "</article><article>", "<table><tr><td>",
    "<!--", "-->", "<script>", "</script>", "<template>", "<form>", "</form>", "<li>", "<span>",
    "<b><i></b>", "<a href='/berita/rgmwym371/kereta'>", "</a>", "<textarea>", "<p hidden>",
    "<select><option>", "<math><mi>x</mi></math>", "<iframe>", "<object>", "<h1>", "<svg><text>",
    "<details><summary>", "<img alt='", "&#0;&#x110000;", "\x00", "<td>", "</body></html>",
)  # fmt: skip


def characters(texts: Iterable[str]) -> Counter[str]:
    """What texts are made of, apart from their white space and punctuation."""
    return Counter(letter for text in texts for letter in text if letter.isalnum())


def lost(html: bytes | str, url: str) -> Counter[str]:
    """Characters in the text's element that are neither kept nor left out by a rule."""
    source = html if isinstance(html, bytes) else html.encode()
    container = Reader(Page(page_text(source), url)).container
    for node in container.css(UNSEEN):
        node.decompose()
    there = characters([container.text(separator=" ")])
    read = parse_whole(source, url)
    return there - characters(text for _, text in explain(read))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_nothing_of_a_saved_page_is_lost(path) -> None:
    assert not lost(path.read_bytes(), reviewed(path)[ADDRESS])


def test_nothing_of_the_corpus_is_lost() -> None:
    folder = corpus()
    wrong = []
    for label in sorted((folder / "expected").glob("*.json")):
        url = json.loads(label.read_text()).get("_meta", {}).get("fetch_url")
        path = folder / "html" / f"{label.stem}.html"
        try:
            if url and path.exists() and lost(path.read_bytes(), url):
                wrong.append(label.stem)
        except (NotAnArticle, ParseError):
            continue
    assert not wrong


@pytest.mark.parametrize("identifier", [CHILLI, BRIDGE, CONTEST, FILM, GARDEN])
def test_nothing_is_lost_whatever_stands_between_the_paragraphs(identifier: str) -> None:
    html, url = page(identifier), address(identifier)
    places = [at for at in range(len(html)) if html.startswith("</p>", at)]
    generator = random.Random(identifier)  # the same pages in each run
    read = 0
    for _ in range(60):
        at = generator.choice(places)
        damaged = html[:at] + "".join(generator.choices(INSERTED, k=2)) + html[at:]
        try:
            assert not lost(damaged, url), damaged[at - 200 : at + 600]
        except (NotAnArticle, ParseError):
            continue
        read += 1
    assert read > 30, "most of the pages are read"


@pytest.mark.parametrize("identifier", [CHILLI, BRIDGE, CONTEST, FILM, GARDEN])
def test_nothing_is_lost_where_the_markup_is_broken(identifier: str) -> None:
    html, url = page(identifier), address(identifier)
    start = html.index("<body")
    generator = random.Random(identifier)
    read = 0
    for tags in BROKEN:
        at = generator.randrange(start, len(html))
        damaged = html[:at] + tags + html[at:]
        try:
            assert not lost(damaged, url), (tags, damaged[at - 100 : at + 200])
        except (NotAnArticle, ParseError):
            continue
        read += 1
    assert read > len(BROKEN) / 2, "most of the pages are read"


def test_explanation_goes_through_the_text_in_its_order() -> None:
    read = parse_page(page(CHILLI), address(CHILLI))
    pieces = list(explain(read))
    assert [text for verdict, text in pieces if verdict == KEPT] == read.article.body.splitlines()[
        ::2
    ]
    rules = [verdict for verdict, _ in pieces]
    assert rules[0] == "opening", "the place, before the first paragraph"
    assert "Baca Juga" in rules[1:-1]


def test_text_that_a_page_has_beside_what_was_read_makes_the_record_partial() -> None:
    """A page of which most stands outside the element that its layout has for the text."""
    html, url = page(BRIDGE), address(BRIDGE)
    article = parse_page(html, url).article
    rest = "".join(f"<p>{text}</p>" for text in article.body.split("\n\n") * 3)
    opening = f"<p>REPUBLIKA.CO.ID, BOGOR -- {article.body[:80]}.</p>"
    start = html.index('class="artikel"')
    start = html.index(">", start) + 1
    end = html.index("</div>", start)
    moved = (
        f"{html[:start]}{opening}</div><div class='lanjutan'><h3>Lanjutan</h3>{rest}{html[end:]}"
    )
    read = parse_page(moved, url)
    assert read.article.partial == 1
    assert read.doubts[0].startswith("the page seems to have a text of ")
    assert parse_page(html, url).doubts == ()
