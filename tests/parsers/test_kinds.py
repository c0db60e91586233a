"""Kind, section, tags, language and photos of a record."""

from __future__ import annotations

import re

import pytest

from crawler.parsers import (
    parse_article,
)
from tests.sample import (
    BRIDGE,
    CANONICAL,
    CHILLI,
    CONTEST,
    FILM,
    GARDEN,
    HEADLINE,
    KEYWORDS,
    RECORDS,
    TORCHES,
    address,
    page,
    record,
)

# --- kind, section, tags, language ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("identifier", "changes", "kind"),
    [
        (CHILLI, [], "article"),
        (TORCHES, [], "gallery"),
        (CHILLI, [(">Pertanian</a>", ">Inpicture</a>")], "gallery"),
        (CHILLI, [(">Pertanian</a>", ">In Picture</a>")], "gallery"),
        (CHILLI, [(">Pertanian</a>", ">Video</a>")], "video"),
        (CHILLI, [(">Pertanian</a>", ">Infografis</a>")], "infographic"),
        (CHILLI, [(HEADLINE, "<h1>Infografis: Harga Cabai</h1>")], "infographic"),
        (CHILLI, [(HEADLINE, "<h1>In Picture: Panen Cabai</h1>")], "gallery"),
        (CHILLI, [(HEADLINE, "<h1>Video Panen Cabai Ramai Ditonton</h1>")], "article"),
        (CHILLI, [(HEADLINE, "<h1>Video: Panen Cabai</h1>")], "video"),
        (CHILLI, [(HEADLINE, "<h1>Lukisan in Picture Frame</h1>")], "article"),
    ],
)
def test_kind(identifier: str, changes: list[tuple[str, str]], kind: str) -> None:
    assert record(identifier, *changes)["kind"] == kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("inpicture/nasional-inpicture/22/08/15", "gallery"),
        ("video/berita/22/08/15", "video"),
        ("ekonomi/makro/22/08/15", "article"),
    ],
)
def test_kind_of_an_old_address(path: str, kind: str) -> None:
    url = f"https://www.republika.co.id/berita/{path}/rgngo4900-harga-cabai"
    html = page(CHILLI, (CANONICAL, ""), (r'<meta property="og:url"[^>]*>', ""))
    assert parse_article(html, url).kind == kind


def test_gallery_has_all_its_photos_with_captions_and_credits() -> None:
    got = record(TORCHES)
    assert got["title"] == RECORDS[TORCHES]["title"]  # without "In Picture:"
    assert [image["credit"] for image in got["images"]] == ["Republika/Contoh Reporter"] * 3
    assert all(image["caption"].endswith("malam.") for image in got["images"])


@pytest.mark.parametrize(
    ("identifier", "section"),
    [
        (CHILLI, "Ekonomi > Pertanian"),
        (BRIDGE, "News > Nusantara"),
        (CONTEST, "News > Pendidikan"),  # a comment in the breadcrumb holds empty links
        (FILM, "Gaya Hidup > Film"),
        (GARDEN, "Khazanah > Islam Nusantara"),
        (TORCHES, None),
    ],
)
def test_section(identifier: str, section: str | None) -> None:
    assert record(identifier)["section"] == section


@pytest.mark.parametrize(
    ("metas", "tags"),
    [
        ('<meta name="keywords" content="cabai, pasar induk">', ["cabai", "pasar induk"]),
        # The second is the site's own.
        (
            '<meta name="keywords" content="cabai"><meta name="keywords" content="News, Ekonomi">',
            ["cabai"],
        ),
        ('<meta name="Keywords" content="cabai,, cabai , -, &nbsp;">', ["cabai"]),
        # None: the links under the text.
        ("", ["cabai rawit", "harga pangan", "pasar induk"]),
        ('<meta name="keywords" content="">', ["cabai rawit", "harga pangan", "pasar induk"]),
        (
            '<meta name="keywords" content="Berita, Jurnalisme Warga, English Version">',
            ["cabai rawit", "harga pangan", "pasar induk"],
        ),
    ],
)
def test_tags(metas: str, tags: list[str]) -> None:
    assert record(CHILLI, (KEYWORDS, metas))["tags"] == tags


def test_language_is_that_of_the_text() -> None:
    assert record("rgn8rt900")["language"] == "en"
    # English words in an Indonesian text change nothing, nor does the kanal.
    english = "(the library boat of the Musi River is on the way)"
    assert record(CHILLI, ("lebih murah", f"{english} lebih murah"))["language"] == "id"
    html = page(CHILLI).replace("ekonomi.republika.co.id", "en.republika.co.id")
    url = address(CHILLI).replace("//ekonomi.", "//en.")
    assert parse_article(html, url).language == "id"


# --- photos ---------------------------------------------------------------------------------------

CAPTION = "Pedagang memilah cabai rawit di sebuah pasar (ilustrasi)."
SHOWN_CAPTION = r"(?<=<span>)Pedagang memilah[^<]*"
CREDIT = "Foto: Republika/Contoh Reporter"


@pytest.mark.parametrize(
    ("changes", "caption", "credit"),
    [
        ([], CAPTION, "Republika/Contoh Reporter"),
        ([(CREDIT, "Foto : Dok Pasar")], CAPTION, "Dok Pasar"),
        ([(CREDIT, "Antara")], CAPTION, "Antara"),
        ([(CREDIT, "Foto: ")], CAPTION, None),
        ([(CREDIT, "Foto: .")], CAPTION, None),
        ([(SHOWN_CAPTION, "Cabai di <i>pasar</i>")], "Cabai di pasar", "Republika/Contoh Reporter"),
        # The text that replaces the picture stands in for a caption.
        ([(SHOWN_CAPTION, "")], CAPTION, "Republika/Contoh Reporter"),
        # A template that nobody filled in.
        (
            [(SHOWN_CAPTION, "&lt;caption&gt;"), (r'(?<=alt=")Pedagang[^"]*', "&lt;caption&gt;")],
            None,
            "Republika/Contoh Reporter",
        ),
        # The credit at the caption's end.
        ([(SHOWN_CAPTION, "Cabai. - (Dok Pasar)"), (CREDIT, "")], "Cabai.", "Dok Pasar"),
    ],
)
def test_head_photo(
    changes: list[tuple[str, str]], caption: str | None, credit: str | None
) -> None:
    (image,) = record(CHILLI, *changes)["images"]
    assert image["url"] == RECORDS[CHILLI]["images"][0]["url"]
    assert (image["caption"], image["credit"]) == (caption, credit)


def test_caption_that_is_printed_on_both_sides_of_the_credit_is_one() -> None:
    (caption,) = (image["caption"] for image in RECORDS[BRIDGE]["images"])
    twice = f"<p>{caption}</p><p>Foto: Antara</p>"
    got = record(BRIDGE, (r'(?<=<div class="img_set_teaser_left">)', twice))
    assert got["images"][0]["caption"] == caption


def test_head_photo_is_found_by_the_address_that_the_head_gives() -> None:
    """Where it does not stand in its place; without such an address there is none."""
    url = RECORDS[CHILLI]["images"][0]["url"]
    figure = r"<figure.*?</figure>"
    elsewhere = f'<a href="#"><img src="{url}" alt="{CAPTION}"></a>'
    got = record(CHILLI, (figure, ""), (r'(?=<div class="share-wrap">)', elsewhere))
    assert [(image["url"], image["caption"]) for image in got["images"]] == [(url, CAPTION)]
    assert record(CHILLI, (figure, ""))["images"] == []


def test_photo_that_a_gallery_shows_twice_is_one() -> None:
    thumbs = re.findall(r'<a [^>]*class="image_detail".*?</a>', page(TORCHES), re.DOTALL)
    got = record(TORCHES, (re.escape(thumbs[0]), thumbs[0] + thumbs[0]))
    assert got["images"] == record(TORCHES)["images"]
