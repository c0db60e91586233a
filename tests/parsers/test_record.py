"""One page to one record: each field of each layout, and the pages that give no record."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import Any

import pytest

from crawler.article import content_hash
from crawler.parsers import (
    PARSER_VERSION,
    NotAnArticle,
    ParseError,
    join_parts,
    parse_article,
    parse_page,
)
from tests.sample import (
    BRIDGE,
    BYLINE,
    CHILLI,
    CONTEST,
    DEAD,
    FILM,
    GARDEN,
    PRINTED,
    RECORDS,
    STATED,
    SURAU,
    TEASER,
    TORCHES,
    UNFILLED,
    address,
    page,
    record,
    site,
    whole,
)

# One article of each layout, and those with something of their own.


@pytest.mark.parametrize("identifier", RECORDS)
def test_sample_article(identifier: str) -> None:
    expected = RECORDS[identifier] | {"images": [], "word_count": 0}
    got = whole(identifier)
    expected["word_count"] = len(expected["body"].split())
    # The sample names the head photo; pictures in the text may follow.
    photos = RECORDS[identifier]["images"]
    expected["images"] = photos + got["images"][len(photos) :]
    assert {name: got[name] for name in expected} == expected


# --- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "stated", "moment", "read_from"),
    [
        # Both name the minute: the metadata knows the second, if it knows one.
        (PRINTED, "2022-08-15T16:25:07+07:00", "2022-08-15T16:25:07+07:00", "metadata"),
        (PRINTED, "2022-08-15T09:25:07Z", "2022-08-15T16:25:07+07:00", "metadata"),
        (PRINTED, "2022-08-15T16:25:07", "2022-08-15T16:25:07+07:00", "metadata"),
        (PRINTED, "2022-08-15T16:25:00+07:00", "2022-08-15T16:25:00+07:00", "page"),
        # They disagree: what is printed counts.
        (PRINTED, "2022-08-15T16:31:07+07:00", "2022-08-15T16:25:00+07:00", "page"),
        (PRINTED, "2022-08-14T16:25:00+07:00", "2022-08-15T16:25:00+07:00", "page"),
        (PRINTED, "2099-01-01T00:00:00+07:00", "2022-08-15T16:25:00+07:00", "page"),
        (
            "Senin 15 Aug 2022 20:00 WIB",
            "2022-08-15T16:25:07+07:00",
            "2022-08-15T20:00:00+07:00",
            "page",
        ),
        # One of them.
        (PRINTED, "", "2022-08-15T16:25:00+07:00", "page"),
        (PRINTED, "kemarin", "2022-08-15T16:25:00+07:00", "page"),
        ("", "2022-08-15T16:25:07+07:00", "2022-08-15T16:25:07+07:00", "metadata"),
        # A queued article comes half a day after its id.
        ("Selasa 16 Aug 2022 05:00 WIB", "", "2022-08-16T05:00:00+07:00", "page"),
        # None of them, or one that cannot be: the id was made at 16.21.40.
        ("", "", "2022-08-15T16:21:40+07:00", "id"),
        ("Senin 15 Aug 2032 16:25 WIB", "", "2022-08-15T16:21:40+07:00", "id"),
        ("Jumat 05 Aug 2022 16:25 WIB", "", "2022-08-15T16:21:40+07:00", "id"),
        ("", "2099-01-01T00:00:00+07:00", "2022-08-15T16:21:40+07:00", "id"),
        ("", "1970-01-01T07:00:00+07:00", "2022-08-15T16:21:40+07:00", "id"),
        (
            "Senin 15 Aug 2032 16:25 WIB",
            "2022-08-15T16:25:07+07:00",
            "2022-08-15T16:25:07+07:00",
            "metadata",
        ),
    ],
)
def test_published(printed: str, stated: str, moment: str, read_from: str) -> None:
    got = record(CHILLI, (PRINTED, printed), (STATED, stated))
    assert (got["published_at"], got["published_from"]) == (moment, read_from)
    assert got["published_raw"] == (" ".join(printed.split()) or None)


@pytest.mark.parametrize(
    ("identifier", "old", "new"),
    [
        (BRIDGE, r"Senin  15 Aug 2022  14:47 WIB", "Senin 15 Agustus 2022 14:47 WIB"),
        (BRIDGE, r"Senin  15 Aug 2022  14:47 WIB", "Monday, 15 August 2022 | 14:47 WIB"),
        (CONTEST, r"Senin, 15 Agustus 2022, 10:31 WIB", "Senin , 15 August 2022, 10:31 WIB"),
        (FILM, r"Senin, 15 Agustus 2022, 11:05 WIB", "Senin, 15 Agustus 2022, 11:05 WIB"),
    ],
)
def test_published_in_every_form(identifier: str, old: str, new: str) -> None:
    got = record(identifier, (old, new))
    assert got["published_raw"] == new
    assert got["published_at"] == RECORDS[identifier]["published_at"]


@pytest.mark.parametrize("identifier", [CHILLI, BRIDGE, CONTEST, FILM, TORCHES])
def test_dates_around_the_article_are_none_of_it(identifier: str) -> None:
    """The page's own date, and those of other headlines, are not taken for a missing one."""
    raw = re.escape(RECORDS[identifier]["published_raw"]).replace(r"\ ", r"\s+")
    changes = [(raw, "")]
    if identifier in (CHILLI, BRIDGE):
        changes.append((r"2022-08-15T\d\d:\d\d:\d\d\+07:00", ""))
    got = record(identifier, *changes)
    assert (got["published_raw"], got["published_from"]) == (None, "id")


@pytest.mark.parametrize(
    ("stated", "modified"),
    [
        ("2022-08-15T17:05:30+07:00", "2022-08-15T17:05:30+07:00"),
        ("2022-08-15T10:05:30Z", "2022-08-15T17:05:30+07:00"),
        ("2022-08-15T16:25:07+07:00", None),
        ("2022-08-15T16:25:40+07:00", None),  # within the minute: the system saved it twice
        ("2022-08-15T10:00:00+07:00", None),  # before it was published
        ("", None),
        ("kemarin", None),
    ],
)
def test_modified(stated: str, modified: str | None) -> None:
    assert record(CHILLI, (r"2022-08-15T17:05:30\+07:00", stated))["modified_at"] == modified


# --- address --------------------------------------------------------------------------------------

CANONICAL = r'<link rel="canonical" href="[^"]*" />'
OWN = "https://ekonomi.republika.co.id/berita/rgngo4900/harga-cabai"


@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        (OWN, OWN),
        ("http://ekonomi.republika.co.id/berita//rgngo4900/harga-cabai?utm_source=x#top", OWN),
        (f"{OWN}-part2", OWN),
        (
            "/berita/rgngo4900/harga-cabai",
            "https://www.republika.co.id/berita/rgngo4900/harga-cabai",
        ),
        # No article address of the same id: the address asked for.
        ("", "https://www.republika.co.id/berita/rgngo4900/asked"),
        (
            "https://republika.co.id/share/rgngo4900",
            "https://www.republika.co.id/berita/rgngo4900/asked",
        ),
        (
            "https://contoh.id/berita/rgngo4900/harga",
            "https://www.republika.co.id/berita/rgngo4900/asked",
        ),
        ("https://republika.co.id/", "https://www.republika.co.id/berita/rgngo4900/asked"),
        ("http://[", "https://www.republika.co.id/berita/rgngo4900/asked"),
    ],
)
def test_url(canonical: str, url: str) -> None:
    html = page(CHILLI, (CANONICAL, f'<link rel="canonical" href="{canonical}" />'))
    asked = "http://www.republika.co.id//berita/rgngo4900/asked?utm_medium=y&page=2#comments"
    article = parse_article(html, asked)
    assert (article.id, article.url) == (CHILLI, url)


@pytest.mark.parametrize(
    "asked",
    [
        "https://republika.co.id/berita//rgngo4900/harga-cabai",
        "http://m.republika.co.id/berita/ekonomi/pertanian/22/08/15/rgngo4900-harga-cabai",
        "https://fbeta.republika.co.id/berita/rgngo4900",
        "https://republika.co.id/share/rgngo4900",
        "https://republika.co.id/r/rgngo4900",
        "https://republika.co.id/amp/rgngo4900/harga-cabai",
        "https://ekonomi.republika.co.id/berita/rgngo4900/harga-cabai-part1",
    ],
)
def test_the_same_record_at_every_address(asked: str) -> None:
    here = parse_article(page(CHILLI), asked)
    there = parse_article(page(CHILLI), address(CHILLI))
    assert [link.related_id for link in here.related] == [link.related_id for link in there.related]
    assert replace(here, related=[]) == replace(there, related=[])  # its links are relative


# --- title, lead, by-line -------------------------------------------------------------------------

HEADLINE = "<h1>Harga Cabai Rawit di Pasar Induk Mulai Turun</h1>"
OG_TITLE = r'<meta property="og:title"[^>]*>'


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ([], "Harga Cabai Rawit di Pasar Induk Mulai Turun"),
        ([(HEADLINE, "<h1>\n\tHarga&nbsp; Cabai\n</h1>")], "Harga Cabai"),
        ([(HEADLINE, "<h1>Harga <em>Cabai</em> &amp; Bawang</h1>")], "Harga Cabai & Bawang"),
        ([(HEADLINE, "<h1>Membaca &lt;em&gt;Republika&lt;/em&gt;</h1>")], "Membaca Republika"),
        ([(HEADLINE, "<h1>Harga Cabai<br>Turun</h1>")], "Harga Cabai Turun"),
        ([(HEADLINE, "<h1>Harga Cabai | Republika Online</h1>")], "Harga Cabai"),
        # An empty h1: what the head says, without the site's name.
        (
            [
                (HEADLINE, "<h1> </h1>"),
                (
                    OG_TITLE,
                    '<meta property="og:title" content="Cabai &amp; Bawang |Republika Online">',
                ),
            ],
            "Cabai & Bawang",
        ),
        (
            [(HEADLINE, ""), (OG_TITLE, ""), (r"<title>[^<]*</title>", "<title>Republika</title>")],
            "Harga Cabai Rawit di Pasar Induk Mulai Turun",
        ),
        (
            [
                (HEADLINE, ""),
                (OG_TITLE, ""),
                (r'"headline": "[^"]*"', '"headline": ""'),
                (r"<title>[^<]*</title>", "<title>Cabai - Republika Online</title>"),
            ],
            "Cabai",
        ),
    ],
)
def test_title(changes: list[tuple[str, str]], title: str) -> None:
    assert record(CHILLI, *changes)["title"] == title


@pytest.mark.parametrize("identifier", [CHILLI, BRIDGE, GARDEN])
def test_lead_is_what_is_printed(identifier: str) -> None:
    lead = RECORDS[identifier]["lead"]
    assert record(identifier)["lead"] == lead
    # Printed nowhere, it is what the head says of the opening, and no lead.
    printed = rf"(?<=>){re.escape(lead)}(?=<)"
    assert record(identifier, (printed, ""))["lead"] is None


@pytest.mark.parametrize("identifier", [CONTEST, FILM, TORCHES])
def test_no_lead_where_the_head_repeats_the_opening(identifier: str) -> None:
    assert record(identifier)["lead"] is None


@pytest.mark.parametrize(
    ("byline", "reporters", "editors"),
    [
        ("Rep: C31/ Red: Contoh Redaktur", ["C31"], ["Contoh Redaktur"]),
        ("Red: <a href='#'>Contoh Redaktur</a>", [], ["Contoh Redaktur"]),
        ("Rep: Contoh Reporter", ["Contoh Reporter"], []),
        ("", [], []),
    ],
)
def test_byline(byline: str, reporters: list[str], editors: list[str]) -> None:
    got = record(CHILLI, (BYLINE, byline))
    assert (got["reporters"], got["editors"]) == (reporters, editors)


def test_author_line_counts_where_the_byline_names_no_reporter() -> None:
    opening = "<p>Oleh : Contoh Reporter Dua, Dosen Contoh</p><p>REPUBLIKA.CO.ID, JAKARTA"
    changes = [("<p>REPUBLIKA.CO.ID, JAKARTA", opening)]
    assert record(CHILLI, *changes)["reporters"] == ["Contoh Reporter"]
    changes.append((BYLINE, "Red: Contoh Redaktur"))
    got = record(CHILLI, *changes)
    assert got["reporters"] == ["Contoh Reporter Dua"]
    assert got["body"] == RECORDS[CHILLI]["body"]


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


KEYWORDS = r'<meta name="keywords" content="[^"]*" />'


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


# --- the text -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fragment",
    [
        '<div id="__zsc_once" style="display:none;">Kutipan dari situs lain.</div>',
        '<div style="color: red; display: none">Kutipan dari situs lain.</div>',
        "<p hidden>Kutipan dari situs lain.</p>",
        "<script>document.write('<p>Kutipan</p>')</script>",
        '<div class="iframe-container"><iframe src="https://www.youtube.com/embed/x">Video</iframe></div>',
        "<form><input value='x'><button>Kirim</button><select><option>Satu</select></form>",
        "<noscript><p>Aktifkan JavaScript.</p></noscript>",
        '<div class="ads"><span>Pasang iklan di sini</span></div>',
        "<svg><text>Grafik</text></svg>",
    ],
)
def test_what_no_reader_sees_is_no_text(fragment: str) -> None:
    got = record(CHILLI, ('<p class="b2">   <p>Seorang', f'{fragment}<p class="b2">   <p>Seorang'))
    assert got["body"] == RECORDS[CHILLI]["body"]


def test_notes_under_the_text_are_none_of_it() -> None:
    loader = r'<div id="next-article".*?</div>'
    got = record(CHILLI, (loader, ""), ("<p>sumber : ", "<p>Catatan kaki.</p><p>sumber : "))
    assert got["body"] == RECORDS[CHILLI]["body"]
    assert got["sources"] == ["Antara"]


NEXT = """<article><h1>Artikel Lain</h1><p>REPUBLIKA.CO.ID, BOGOR -- Isi artikel lain.</p>
<p>Paragraf lain yang panjang sekali, lebih panjang dari artikel yang diminta. %s</p>
<div class="footnote-wrap"><p>sumber : Reuters</p></div></article>""" % ("kata " * 200)


@pytest.mark.parametrize(
    "place",
    [
        r"(?<=data-id=\"rgngo4900\">)(?=</div>)",  # in the loader
        r"(?=<div id=\"scroll-trigger\">)",  # behind it
        r"(?<=Loading...</div>)",  # behind the word that the loader shows
    ],
)
def test_next_article_is_never_merged(place: str) -> None:
    got = record(CHILLI, (place, NEXT))
    expected = record(CHILLI)
    assert got == expected


def test_word_count_and_hash_are_of_the_text() -> None:
    got = record(CHILLI)
    assert got["word_count"] == len(got["body"].split())
    assert got["content_hash"] == content_hash(got["title"], got["lead"], got["body"])
    assert got["parser_version"] == PARSER_VERSION


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ([("Terpopuler", "Paling Banyak Dibaca")], True),
        (
            [('<p class="b2">   <p>Seorang', '<p>Advertisement</p><p class="b2">  \n <p>Seorang')],
            True,
        ),
        ([(KEYWORDS, "")], True),
        ([("Seorang pembeli", "Dua pembeli")], False),
        ([(HEADLINE, "<h1>Harga Cabai Turun</h1>")], False),
        ([(r"(?<=>)Pasokan dari tiga sentra", "Pasokan dari empat sentra")], False),
    ],
)
def test_hash_changes_with_what_is_said(changes: list[tuple[str, str]], same: bool) -> None:
    before, after = record(CHILLI), record(CHILLI, *changes)
    assert (after["content_hash"] == before["content_hash"]) is same


@pytest.mark.parametrize(
    ("identifier", "changes", "partial"),
    [
        (CHILLI, [], False),
        (TEASER, [], True),
        (SURAU, [], True),  # its second page is still to come
        (
            CHILLI,
            [(r"(?=<div id=\"next-article\")", "<p>Baca Selengkapnya di ihram.co.id</p>")],
            True,
        ),
        (CHILLI, [(BYLINE, "Rep: republika.id/ Red: republika.id")], True),
    ],
)
def test_partial(identifier: str, changes: list[tuple[str, str]], partial: bool) -> None:
    assert record(identifier, *changes)["partial"] == partial


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
