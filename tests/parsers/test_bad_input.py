"""Pages that are empty, cut, or in a broken encoding."""

from __future__ import annotations

import gzip
import re
from dataclasses import asdict

import pytest

from crawler.parsers import ParseError, parse_article
from tests.parsers.damage import read
from tests.sample import (
    BRIDGE,
    CHILLI,
    CONTEST,
    FILM,
    GARDEN,
    RECORDS,
    TORCHES,
    address,
    page,
)

LAYOUTS = [CHILLI, BRIDGE, CONTEST, FILM, GARDEN, TORCHES]
PUTIN = "rgmwym370"


# --- pages that hold nothing ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        b"",
        "",
        b"  \n ",
        b"\x00" * 100,
        b"\xef\xbb\xbf",
        b"<",
        b"<html>",
        b"<!DOCTYPE html><html><head></head><body></body></html>",
        b"<html><frameset><frame src='x'></frameset></html>",
        b"Bukan HTML.",
        b"null",
        b'{"judul": "<p>REPUBLIKA.CO.ID, JAKARTA -- Harga.</p>"}',
        b"<?xml version='1.0'?><rss><channel><item><title>x</title></item></channel></rss>",
        b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
        gzip.compress(
            b"<html><body><p>REPUBLIKA.CO.ID, JAKARTA -- Harga.</p></body></html>", mtime=0
        ),
        bytes(range(256)) * 400,
    ],
)
def test_page_that_holds_no_article_is_an_error(html: bytes | str) -> None:
    with pytest.raises(ParseError):
        parse_article(html, address(CHILLI))


# --- pages that were not sent to their end --------------------------------------------------------


@pytest.mark.parametrize("identifier", [*LAYOUTS, PUTIN])
def test_page_cut_within_its_text_is_never_a_shorter_record(identifier: str) -> None:
    html = page(identifier).encode()
    start = html.rindex(b"REPUBLIKA.CO.ID")  # the metadata before it may quote the opening
    end = html.index(RECORDS[identifier]["body"][-30:].encode(), start)
    evenly = range(start, end, max(1, (end - start) // 20))
    behind_tags = (start + tag.end() for tag in re.finditer(rb"<[^>]*>", html[start:end]))
    for position in [*evenly, *behind_tags]:
        assert read(html[:position], identifier) is None, html[position - 40 : position]


@pytest.mark.parametrize("identifier", [*LAYOUTS, PUTIN])
def test_page_cut_anywhere_has_the_whole_text_or_none(identifier: str) -> None:
    html = page(identifier).encode()
    body = parse_article(html, address(identifier)).body
    behind_tags = [tag.end() for tag in re.finditer(rb"</(?:div|p|section|ul|h1)>", html)]
    for position in [*range(0, len(html), len(html) // 100), *behind_tags]:
        article = read(html[:position], identifier)
        assert article is None or article.body == body, html[position - 40 : position]


# --- encodings ------------------------------------------------------------------------------------


def declared(charset: str) -> str:
    """A page with a dash and quotes that no ASCII has, which declares the charset."""
    html = page(BRIDGE, ('"Sekarang saya bisa', "“Sekarang saya – ya, saya – bisa"))
    return html.replace('<meta charset="utf-8">', f'<meta charset="{charset}">')


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        # UTF-8 that calls itself something else, as pages of 2015 do.
        ("us-ascii", "utf-8"),
        ("windows-1252", "utf-8"),
        ("iso-8859-1", "utf-8"),
        ("utf-16", "utf-8"),
        ("bukan-charset", "utf-8"),
        # Something else that calls itself UTF-8.
        ("utf-8", "windows-1252"),
        ("windows-1252", "windows-1252"),
        ("utf-8", "utf-16"),  # with its mark
        ("utf-16", "utf-16"),
    ],
)
def test_charset_is_told_by_the_bytes(charset: str, encoding: str) -> None:
    expected = parse_article(declared("utf-8"), address(BRIDGE))
    assert "“Sekarang saya – ya" in expected.body
    assert parse_article(declared(charset).encode(encoding), address(BRIDGE)) == expected


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be"])
def test_utf_16_of_either_order(mark: str) -> None:
    html = f"\ufeff{page(BRIDGE)}".encode(mark)
    assert read(html, BRIDGE) == read(page(BRIDGE), BRIDGE)


def test_a_few_damaged_characters_do_not_change_the_others() -> None:
    html = declared("utf-8").encode().replace("ya, saya –".encode(), b"ya, saya \xe2\x80", 1)
    article = parse_article(html, address(BRIDGE))
    assert "“Sekarang saya – ya, saya \ufffd" in article.body
    assert article.dateline == "SUKABUMI"


@pytest.mark.parametrize("identifier", RECORDS)
def test_bytes_and_text_give_the_same_record(identifier: str) -> None:
    html = page(identifier)
    assert parse_article(html.encode(), address(identifier)) == parse_article(
        html, address(identifier)
    )


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_of_other_systems(ends: str) -> None:
    for identifier in LAYOUTS:
        html = page(identifier).replace("\n", ends)
        assert read(html, identifier) == read(page(identifier), identifier)


# --- characters that are none ---------------------------------------------------------------------


def test_nul_bytes_are_passed_over() -> None:
    html = page(CHILLI).replace("cabai", "ca\x00bai").replace("<p", "<\x00p")
    assert parse_article(html, address(CHILLI)) == parse_article(page(CHILLI), address(CHILLI))


@pytest.mark.parametrize(
    "half",
    [
        chr(0xD800),
        chr(0xDFFF),
        "&#xD800;",
        "&#0;",
        "&#x110000;",
        "&#xFFFFFFFFFF;",
    ],
)
def test_half_a_character_never_reaches_the_record(half: str) -> None:
    """What is stored must be writable: as UTF-8, in a file, in a database."""
    html = page(
        CHILLI,
        ("Seorang pembeli", f"Seo{half}rang pembeli"),
        ("<h1>Harga", f"<h1>{half} Harga"),
        ("cabai rawit, ", f"ca{half}bai, "),
    )
    article = parse_article(html, address(CHILLI))
    assert "rang pembeli asal Condet" in article.body
    assert str(asdict(article)).encode()


@pytest.mark.parametrize("escape", [r"\ud800", r"\udc00 \ud800", r"\u0000"])
def test_half_a_character_in_json_never_reaches_the_record(escape: str) -> None:
    html = page(
        CHILLI,
        (r"<h1>[^<]*</h1>", ""),
        (r'<meta property="og:title"[^>]*>', ""),
        (r'"headline": "', rf'"headline": "{escape}'),
    )
    article = parse_article(html, address(CHILLI))
    assert article.title.endswith("Harga Cabai Rawit di Pasar Induk Mulai Turun")
    assert str(asdict(article)).encode()


def test_json_with_line_breaks_in_its_texts_is_read() -> None:
    html = page(
        CHILLI,
        (r"<h1>[^<]*</h1>", ""),
        (r'<meta property="og:title"[^>]*>', ""),
        (r"<title>[^<]*</title>", ""),
        (r'"description": "', '"description": "Baris satu.\n\tBaris dua. '),
    )
    assert parse_article(html, address(CHILLI)).title == RECORDS[CHILLI]["title"]


def test_pair_of_halves_is_a_character() -> None:
    html = page(CHILLI, ("Seorang pembeli", "\ud83c\udf36 Seorang pembeli"))
    assert "\N{HOT PEPPER} Seorang pembeli" in parse_article(html, address(CHILLI)).body
