"""The excerpt of a page tells what the whole page does, or it is not used."""

from __future__ import annotations

import random
import re

import pytest

from crawler.parsers import NotAnArticle, ParsedPage, ParseError, parse_page
from crawler.parsers.excerpt import excerpt
from crawler.parsers.page import Page
from crawler.parsers.record import parse_whole
from tests.corpus import CORPUS, corpus
from tests.sample import BRIDGE, CHILLI, CONTEST, FILM, RECORDS, address, page

CORPUS_PAGES = sorted(path.name for path in CORPUS.glob("html/*.html")) or ["absent"]
# One of each layout that has a column.
COLUMNS = {CHILLI: "republika2023", BRIDGE: "wrap_detail", CONTEST: "rol", FILM: "newrol"}
# Tags that an editor or a template leaves open or closes once too often.
STRAY = ["</div>", "<div>", "</article>", "<p>", "</p>", "<b>", "</span>", "<ul>", "</ul>", "</a>"]


def outcome(page: bytes, url: str, *, whole: bool = False) -> ParsedPage | str:
    try:
        return parse_whole(page, url) if whole else parse_page(page, url)
    except (NotAnArticle, ParseError) as error:
        return str(error)


@pytest.mark.parametrize("identifier", RECORDS)
def test_the_same_record_as_of_the_whole_page(identifier: str) -> None:
    html = page(identifier).encode()
    assert parse_page(html, address(identifier)) == parse_whole(html, address(identifier))


@pytest.mark.parametrize("name", CORPUS_PAGES)
def test_the_same_record_of_real_pages(name: str) -> None:
    html = (corpus() / "html" / name).read_bytes()
    url = Page(html.decode(errors="replace"), "").canonical or ""
    assert outcome(html, url) == outcome(html, url, whole=True)


@pytest.mark.parametrize(("identifier", "layout"), COLUMNS.items())
def test_most_of_the_page_is_left_out(identifier: str, layout: str) -> None:
    html = page(identifier).encode()
    found = excerpt(html)
    assert found
    assert found.layout.name == layout
    assert len(found.column) < len(html) / 2
    assert Page(found, address(identifier)).excerpt


@pytest.mark.parametrize("identifier", COLUMNS)
def test_stray_tags_anywhere_in_the_text(identifier: str) -> None:
    """Where source and tree builder would close the column at different places, it is not used."""
    html = page(identifier)
    found = excerpt(html.encode())
    assert found
    column = html.index(found.column)
    start, end = html.index("REPUBLIKA.CO.ID", column), column + len(found.column)
    chance = random.Random(identifier)
    for _ in range(150):
        place = html.index(">", chance.randrange(start, end)) + 1
        damaged = (html[:place] + chance.choice(STRAY) + html[place:]).encode()
        one, other = (outcome(damaged, address(identifier), whole=whole) for whole in (False, True))
        assert one == other


def test_a_tag_that_closes_nothing() -> None:
    """In a table's cell the tree builder passes over an end tag that the source counts."""
    table = "<table><tr><td>Cabai</div></div></div></div></div></div></td></tr></table>"
    html = page(CHILLI).replace('<p class="b2">', table + '<p class="b2">', 2).encode()
    assert excerpt(html)
    assert outcome(html, address(CHILLI)) == outcome(html, address(CHILLI), whole=True)
    assert "Kepala pasar" in parse_page(html, address(CHILLI)).article.body


def test_text_that_runs_on_below_the_lists() -> None:
    """An element of the text that is not closed holds what comes below, too."""
    last = "<p>Paragraf terakhir berdiri di bawah daftar berita lain pada halaman ini.</p>"
    text, tags, rest = page(BRIDGE).partition('<div class="wrap_blok_tag"')
    lists, end, sidebar = rest.partition('</ul></div>\n<div class="ads">')
    assert tags
    assert end
    unclosed = "".join(text.rsplit("</div>", 3))
    html = (unclosed + tags + lists + end.replace("<div", f"{last}<div") + sidebar).encode()
    assert excerpt(html)
    assert outcome(html, address(BRIDGE)) == outcome(html, address(BRIDGE), whole=True)
    assert "Paragraf terakhir" in parse_page(html, address(BRIDGE)).article.body


JSON = r'<script type="application/ld\+json">.*?</script>'
MODIFIED = "2022-08-15T20:00:00+07:00"
LEFT = '<div class="main-content__left"'


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        pytest.param(
            [
                (JSON, ""),
                (
                    "<body>",
                    (
                        '<body><script type="application/ld+json">'
                        f'{{"@type": "NewsArticle", "dateModified": "{MODIFIED}"}}</script>'
                    ),
                ),
            ],
            "modified_at",
            MODIFIED,
            id="data beside the column",
        ),
        pytest.param(
            [
                (JSON, ""),
                (
                    "</body>",
                    f'<meta property="article:modified_time" content="{MODIFIED}"></body>',
                ),
            ],
            "modified_at",
            MODIFIED,
            id="meta below the column",
        ),
        pytest.param(
            [
                ('<p class="max-card__teaser">.*?</p>', ""),
                (LEFT, f'<p class="max-card__teaser">Teras di atas.</p>{LEFT}'),
            ],
            "lead",
            "Teras di atas.",
            id="lead above",
        ),
        pytest.param(
            [
                ('<meta name="keywords"[^>]*>', ""),
                ('<div class="tag-wrap">.*?</div>', ""),
                (
                    "</ul>(?=.{0,200}</div>.{0,2000}<footer)",
                    (
                        '</ul><div class="tag-wrap"><a href="https://republika.co.id/tag/cabai">'
                        "cabai</a></div>"
                    ),
                ),
            ],
            "tags",
            ["cabai"],
            id="tags below the lists",
        ),
    ],
)
def test_what_stands_outside_the_column_is_found(
    changes: list[tuple[str, str]], field: str, value: object
) -> None:
    html = page(CHILLI, *changes).encode()
    assert outcome(html, address(CHILLI)) == outcome(html, address(CHILLI), whole=True)
    assert getattr(parse_page(html, address(CHILLI)).article, field) == value


@pytest.mark.parametrize("identifier", [CHILLI, BRIDGE])
def test_a_source_named_below_the_lists_is_found(identifier: str) -> None:
    text, lists, rest = page(identifier).partition('<ul class="list-group')
    html = (text + lists + rest.replace("</ul>", "</ul><p>sumber : Reuters</p>", 1)).encode()
    assert lists
    assert outcome(html, address(identifier)) == outcome(html, address(identifier), whole=True)


@pytest.mark.parametrize(
    "change",
    [
        ("<body", "<!-- <body"),  # the column stands in a comment that is never closed
        ("</body>", '<a href="/berita/rgl4s0900/cabai-part1">2</a></body>'),  # in several parts
        ("</body>", '<div class="pagination"><a href="?p=2">2</a></div></body>'),
        ("</body>", '<meta content="2022-08-15T10:00" property="article:modified_time"></body>'),
        ("</body>", '<script type="application/ld+json">{"@type": "NewsArticle"}</script></body>'),
        ("</body>", f"<!-- {'part ' * 80_000} --></body>"),  # far longer than any page of the site
        ("</html>", ""),  # cut off
        ("</head>", ""),
    ],
)
def test_no_excerpt_where_it_might_lack_something(change: tuple[str, str]) -> None:
    html = page(CHILLI)
    assert change[0] in html
    assert excerpt(html.encode())
    assert excerpt(html.replace(*change).encode()) is None


def test_a_field_that_stands_elsewhere_is_found() -> None:
    """Without a photo in the column the picture that the head names is looked for in the page."""
    html = re.sub(r"<figure.*?</figure>", "", page(CHILLI), flags=re.DOTALL)
    picture = re.search(r'property="og:image" content="([^"]+)"', html)
    assert picture
    elsewhere = html.replace("<footer", f'<p><img src="{picture[1]}"></p><footer', 1)
    assert excerpt(elsewhere.encode())
    images = parse_page(elsewhere, address(CHILLI)).article.images
    assert picture[1] in [image.url for image in images]
