"""The sample day: it can be built again, other tools can read it, and it holds what it promises."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from selectolax.lexbor import LexborHTMLParser

from tests.corpus import corpus
from tests.helpers import ROOT, SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

WARC = SAMPLES / "republika-2022-08-15.warc.gz"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
RECORDS = EXPECTED["records"] + EXPECTED["outside"]
INDEX = [f"https://republika.co.id/index/{offset}/2022/08/15" for offset in (0, 50, 100)]
REAL = "rgmwym370"  # the one article that the project may hold
WIB = timezone(timedelta(hours=7))


@cache
def answers() -> dict[str, tuple[int, bytes]]:
    """Status and decoded body by address."""
    found: dict[str, tuple[int, bytes]] = {}
    with WARC.open("rb") as stream:
        for record in ArchiveIterator(
            stream, record_types=WarcRecordType.response, parse_http=False
        ):
            record.parse_http(auto_decode="all")
            url = record.headers["WARC-Target-URI"]
            assert url not in found
            found[url] = (record.http_headers.status_code or 0, record.reader.read())
    return found


def words(html: str) -> str:
    """What a page says, with whitespace collapsed."""
    body = LexborHTMLParser(html.replace("<br>", " ").replace("<br />", " ")).body
    return " ".join(body.text().split()) if body else ""


@cache
def listed(url: str) -> list[str]:
    page = LexborHTMLParser(answers()[url][1].decode())
    return [link.attributes["href"] or "" for link in page.css("ul.wrap-latest > li.conten1 > a")]


def by_id(record: dict[str, Any]) -> str:
    return str(record["id"])


def test_build_gives_the_committed_files(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "samples.build", tmp_path], cwd=ROOT, check=True)
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert built == {path.name: path.read_bytes() for path in (WARC, SAMPLES / "expected.json")}


def test_warcio_finds_a_good_digest_in_every_record() -> None:
    check = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", WARC],
        capture_output=True,
        text=True,
        check=True,
    )
    assert check.stdout.count("digest pass") == len(answers()) + 1  # and the warcinfo record
    assert "digest not present" not in check.stdout


def test_every_article_on_the_index_is_answered() -> None:
    gone = {lost["url"] for lost in EXPECTED["lost"] if "404" in lost["why"]}
    urls = [url for page in INDEX for url in listed(page) if url not in EXPECTED["ignored"]]
    assert {url: answers()[url][0] for url in urls} == {
        url: 404 if url in gone else 200 for url in urls
    }
    known = {record["id"] for record in RECORDS} | {lost["id"] for lost in EXPECTED["lost"]}
    assert {url.split("/")[4] for url in urls} == known
    assert len(urls) == len(known) + 2  # one stands on both pages, one at two addresses


def test_index_ends_with_an_empty_page_and_names_the_next_before() -> None:
    pages = [LexborHTMLParser(answers()[url][1].decode()) for url in INDEX]
    following = [page.css_first("a.paging") for page in pages]
    offsets = [link.attributes["data-offset"] if link else None for link in following]
    assert offsets == ["50", "100", None]
    assert [len(listed(url)) for url in INDEX] == [12, 13, 0]


def test_every_host_has_a_robots_txt_that_lets_others_in() -> None:
    hosts = {urlsplit(url).hostname for url in answers()}
    for host in hosts:
        status, body = answers()[f"https://{host}/robots.txt"]
        assert status == 200
        assert b"User-agent: *\nDisallow: /search/?q=\n" in body


@pytest.mark.parametrize("record", RECORDS, ids=by_id)
def test_id_is_a_clock_shortly_before_the_printed_time(record: dict[str, Any]) -> None:
    made = datetime.fromtimestamp(int(record["id"][:6], 36), WIB)
    published = datetime.fromisoformat(record["published_at"])
    assert timedelta(minutes=-1) <= published - made <= timedelta(minutes=30)
    assert (published.date().isoformat() == EXPECTED["day"]) == (record in EXPECTED["records"])


@pytest.mark.parametrize("record", RECORDS, ids=by_id)
def test_page_says_what_is_expected_of_its_record(record: dict[str, Any]) -> None:
    url = record["url"]
    pages = [answers()[page][1].decode() for page in (url, f"{url}-part1") if page in answers()]
    said = " ".join(words(page) for page in pages)
    head = " ".join(pages)
    for paragraph in record["body"].split("\n\n"):
        assert " ".join(paragraph.split()) in said
    for text in [record["lead"], record["published_raw"], record["dateline"]]:
        assert text is None or text in said
    for name in record["reporters"] + record["editors"] + record["sources"]:
        assert name in said
    for text in [record["title"], *record["tags"], *(image["url"] for image in record["images"])]:
        assert text in head


@pytest.mark.parametrize(
    "markup",
    [
        '              <ul>\n                <li><a href="/berita/',
        "<p><strong>Baca Juga: <a href=",
        "<p>Baca juga : Kereta Tua Jadi Ruang Baca</p>",
        "<p><strong>Baca Juga:</strong></p>\n<ul>",
        "<p>(Baca: <a href=",
        '<div class="taiching"><b>Baca Juga</b>',
        '<span class="ads-label">Advertisement</span>',
        "<span>Tidak ada kode iklan yang tersedia.</span>",
        '<div id="loading" style="display:none;">Loading...</div>',
        "<p>Ikuti Whatsapp Channel Republika</p>",
        '<div class="footnote-wrap">\n              <p>sumber : Antara</p>',
        '<div style="font-weight:bold;">Sumber : Antara</div>',
        "<p>sumber : Reuters</p>",
        "<td><strong>Sumber :</strong> Antara</td>",
        'Bek<a href="https://republika.co.id/tag/bali-united"> Bali United </a>FC',
        "&nbsp;<br /><br /></p>",
        '<p class="b2">   <p>',
        "</p>\n<p>&nbsp;</p>\n<p>",
        "<ol>\n<li>",
        "<ul>\n<li>",
        "<h2>Bayar dengan satu cerita</h2>",
        '<blockquote><p>"Ada yang bercerita',
        "<p> </p>\n<blockquote>Rakit bambu",
        "Senin (15/8). - (Dok Panitia)</p>",
        '<div id="__zsc_once" style="display:none;">',
        '<div class="iframe-container"><div id="player"><iframe',
        "<h1></h1>",
        "<p>Oleh : Contoh Reporter Dua</p>",
        "<p>REPUBLIKA.CO.ID, JAKARTA -- ",
        "<p>REPUBLIKA.CO.ID,&nbsp;GIANYAR -- ",
        "<p>REPUBLIKA.CO.ID, SUKABUMI — ",
        "<p>REPUBLIKA.CO.ID, BANDUNG--Mobil",
        "<p><strong>REPUBLIKA.CO.ID, CARACAS - </strong>",
        '<p class="MsoNormal">REPUBLIKA.CO.ID, Film ',
        "orang tua baca juga buku cerita",
        "<p>Sumber dana program",
        "<p>Advertisement di badan mobil",
        '<p class="premium-content">',
        '<div class="pagination">',
        '<blockquote class="instagram-media"',
        'class="list-group-item list-border conten1 eksternal"',
        '<div class="jdl-pic">In Picture: ',
        "<p>Rep: republika.id/ Red: republika.id</p>",
    ],
)
def test_quirk_of_the_site_is_there(markup: str) -> None:
    assert any(markup in body.decode() for _, body in answers().values())


def test_every_layout_kind_and_language_is_there() -> None:
    def values(field: str) -> set[Any]:
        return {record[field] for record in EXPECTED["records"]}

    assert values("layout") == {"newrol", "rol", "wrap_detail", "republika2023", "amp"}
    assert values("kind") == {"article", "gallery"}
    assert values("language") == {"id", "en"}
    assert values("partial") == {True, False}
    assert {lost["state"] for lost in EXPECTED["lost"]} == {"gone", "rejected"}


def test_some_answers_are_compressed_or_can_be_revalidated() -> None:
    headers = re.split(rb"\r\n\r\n", gzip.decompress(WARC.read_bytes()))
    assert sum(b"Content-Encoding: gzip" in header for header in headers) == 2
    assert sum(b"ETag: " in header and b"Last-Modified: " in header for header in headers) == 3


def test_no_text_of_the_corpus_is_in_the_sample() -> None:
    pages = [body.decode() for _, body in answers().values()]
    said = " ".join([*map(words, pages), *(" ".join(page.split()) for page in pages)])
    paragraphs = 0
    for path in (corpus() / "expected").glob("*.json"):
        label = json.loads(path.read_text())
        if label.get("id") == REAL or "body" not in label:
            continue
        for paragraph in label["body"].split("\n\n"):
            text = " ".join(paragraph.split())
            if len(text) > 60:
                paragraphs += 1
                assert text not in said, path.name
    assert paragraphs > 500
