"""WARC files of other archives, read by `scrapy reparse`."""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from crawler.captures.archives import archives
from crawler.captures.warc import read_capture
from crawler.dates import WIB
from tests.captures.again import PUTIN, archive, records, reparse
from tests.captures.foreign import OK, record, warc
from tests.helpers import crawl, rows, scrapy
from tests.site import Crawler, Response, Site

if TYPE_CHECKING:
    from pathlib import Path


def wacz(path: Path, *members: bytes, compression: int = zipfile.ZIP_STORED) -> Path:
    """As ArchiveWeb.page saves it: WARCs in a zip, beside what they are about."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(
            "pages/pages.jsonl", '{"format": "json-pages-1.0"}\n' * 9, zipfile.ZIP_DEFLATED
        )
        for number, member in enumerate(members):
            suffix = ".warc.gz" if member.startswith(b"\x1f") else ".warc"
            name = f"archive/data-{number}{suffix}"
            file.writestr(name, member, compression)
        file.writestr("datapackage.json", "{}", zipfile.ZIP_DEFLATED)
    return path


def page_record(number: int, page: str, http: bytes = OK, **fields: Any) -> bytes:
    """A record of an article of its own."""
    article_id = f"{PUTIN[:6]}{number:03d}"
    page = page.replace(PUTIN, article_id).replace(" surat ", f" surat {number} ")
    url = f"https://www.republika.co.id/berita/{article_id}/putin-janjikan-perluas-hubungan"
    return record(number, http, page.encode(), **{"WARC_Target_URI": url, **fields})


def test_a_wacz_is_read(tmp_path: Path, putin) -> None:
    info = record(0, b"", b"software: ArchiveWeb.page\r\n", kind="warcinfo")
    records_of_it = [info, *(page_record(number, putin[1]) for number in (1, 2))]
    plain = b"".join((info, page_record(3, putin[1])))
    wacz(tmp_path / "saved.wacz", b"".join(map(gzip.compress, records_of_it)), plain)
    database = tmp_path / "a.db"
    done = reparse(database, str(tmp_path))
    assert "found 3: 3 new" in done.stdout, done.stderr
    places = rows(database, "SELECT file, offset, url FROM captures")
    assert {row["file"] for row in places} == {"saved.republika.warc.gz"}
    extract = tmp_path / "a.captures" / "saved.republika.warc.gz"
    assert all(read_capture(extract, row["offset"]).url == row["url"] for row in places)
    done = reparse(database)
    assert "found 3: 0 new, 0 updated, 3 unchanged" in done.stdout


def test_a_file_of_common_crawls_kind(tmp_path: Path, putin) -> None:
    """Decoded, with the headers of that kept under other names or not; named in upper case."""
    http = (
        b"HTTP/2 200\r\nCONTENT-TYPE: application/octet-stream\r\n"
        b"X-Crawler-Content-Encoding: br\r\nX-Crawler-Transfer-Encoding: chunked\r\n"
        b"CONTENT-ENCODING: br\r\n\r\n"
    )
    fields: dict[str, Any] = {"WARC_Identified_Payload_Type": "text/html", "WARC_Protocol": "h2"}
    path = warc(
        tmp_path / "CC-NEWS-20220815021500-00001.warc.gz",
        page_record(1, putin[1], http, **fields),
        page_record(2, putin[1], **fields).replace(b"WARC-Type", b"WARC-TYPE"),
        page_record(3, putin[1], WARC_Identified_Payload_Type="image/png"),
        record(4, OK, b"<html>"),
    )
    database = tmp_path / "a.db"
    done = reparse(database, str(path))
    assert done.returncode == 0, done.stderr
    assert "found 2: 2 new" in done.stdout
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["no", "HTML", "but", "image/png", "1"] in lines
    assert ["of", "another", "site", "1"] in lines
    moments = rows(database, "SELECT fetched_at FROM articles ORDER BY id")
    assert [row["fetched_at"] for row in moments] == [
        "2022-08-15T09:15:01+07:00",
        "2022-08-15T09:15:02+07:00",
    ]


def test_a_page_that_was_cut_off_is_no_article(tmp_path: Path, putin) -> None:
    path = warc(
        tmp_path / "a.warc.gz",
        page_record(1, putin[1]),
        page_record(2, putin[1], WARC_Truncated="length"),
        record(
            3,
            OK,
            b"",
            kind="revisit",  # in which that means that the payload lies elsewhere
            WARC_Truncated="length",
            WARC_Target_URI=f"https://www.republika.co.id/berita/{PUTIN[:6]}001/putin",
            WARC_Refers_To_Target_URI=(
                f"https://www.republika.co.id/berita/{PUTIN[:6]}001/putin-janjikan-perluas-hubungan"
            ),
            WARC_Refers_To_Date="2022-08-15T02:15:01Z",
        ),
    )
    database = tmp_path / "a.db"
    done = reparse(database, str(path))
    assert done.returncode == 0, done.stderr
    assert "found 1: 1 new" in done.stdout
    assert f"note: {path}: cut off when it was captured (WARC-Truncated) (1)" in done.stdout
    assert len(rows(database, "SELECT 1 FROM captures")) == 2


def test_files_are_named_in_any_way(tmp_path: Path, putin) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    names = ("one.warc.gz", "three.warc", "two [2].warc.gz")
    one, three, two = (
        warc(folder / name, page_record(number, putin[1])) for number, name in enumerate(names)
    )
    (folder / "notes.txt").write_text("of no concern")
    uri = one.as_uri()
    assert "%20" in uri
    for given, files in (
        ([uri], [one]),
        ([uri.replace("file://", "file://localhost")], [one]),
        ([str(two)], [two]),  # for all its brackets it is no pattern
        ([str(folder / "*.gz")], [one, two]),
        ([str(tmp_path / "**" / "*.warc")], [three]),
        ([str(tmp_path)], [one, three, two]),
        ([str(three), str(folder), uri], [three, one, two]),
    ):
        assert archives(given) == list(map(str, files))
    done = reparse(tmp_path / "a.db", uri, str(folder / "t*"))
    assert "found 3: 3 new" in done.stdout


def huge(path: Path) -> None:
    """A response of 200 MB between two others."""
    size = 200 * 2**20
    packer = zlib.compressobj(1, wbits=31)
    with path.open("wb") as file:
        file.write(packer.compress(record(2, OK, b"", length=size)[:-4]))
        left = size - len(OK)
        for part in (b"\0" * (left % 2**20), *[b"\0" * 2**20] * (left // 2**20)):
            file.write(packer.compress(part))
        file.write(packer.compress(b"\r\n\r\n") + packer.flush())


def test_each_trouble_is_a_line_and_the_rest_is_read(tmp_path: Path, putin) -> None:
    page = putin[1]
    one = gzip.compress(page_record(1, page))
    folder = tmp_path / "w"
    folder.mkdir()
    (folder / "truncated.warc.gz").write_bytes(one + gzip.compress(page_record(2, page))[:-500])
    bad = bytearray(gzip.compress(page_record(3, page)))
    bad[len(bad) // 2] ^= 0xFF
    (folder / "bad-member.warc.gz").write_bytes(bytes(bad) + gzip.compress(page_record(4, page)))
    warc(folder / "length.warc", page_record(5, page, Content_Length="77"), page_record(6, page))
    huge(folder / "huge.warc.gz")
    with (folder / "huge.warc.gz").open("ab") as file:
        file.write(gzip.compress(page_record(7, page)))
    whole = page_record(8, page) + page_record(9, page)
    (folder / "whole.warc.gz").write_bytes(gzip.compress(whole))
    (folder / "empty.warc").touch()
    (folder / "text.warc").write_text("This is no archive.")
    (folder / "zstd.warc.zst").write_bytes(bytes.fromhex("5d2a4d180000"))
    wacz(folder / "packed.wacz", one, compression=zipfile.ZIP_DEFLATED)
    wacz(folder / "none.wacz")
    good = wacz(tmp_path / "t.wacz", one).read_bytes()
    (folder / "torn.wacz").write_bytes(good[:-50])
    entry = good.rindex(b"PK\x01\x02", 0, good.rindex(b"archive/data-0"))  # in the zip's list
    for name, at, damage in (
        ("version.wacz", 6, b"\xff"),
        ("locked.wacz", 8, b"\x01"),
        ("name.wacz", 8, b"\0\x08" + good[entry + 10 : entry + 46] + b"\xff"),
    ):
        listed = good[: entry + at] + damage + good[entry + at + len(damage) :]
        (folder / name).write_bytes(listed)
    with zipfile.ZipFile(folder / "far.wacz", "w") as file:
        file.writestr("archive/data.warc.gz", one)
        file.infolist()[0].header_offset = 2**64 - 1
    database = tmp_path / "a.db"
    done = reparse(database, str(folder))
    assert done.returncode == 1
    said = sorted(
        re.sub(rf"^(note|unhealthy): {folder}/|(?<=WACZ): .*", "", line)
        for line in (done.stdout + done.stderr).splitlines()
        if str(folder) in line
    )
    assert said == [
        "bad-member.warc.gz: damaged compression (1)",
        "empty.warc: the file is empty (1)",
        "far.wacz is a damaged WACZ",
        "huge.warc.gz: larger than 32 MB (1)",
        "length.warc: a wrong Content-Length (1)",
        "locked.wacz has its WARC packed: unzip it, and name that",
        "name.wacz is a damaged WACZ",
        "none.wacz is a zip file without a WARC",
        "packed.wacz has its WARC packed: unzip it, and name that",
        "text.warc is not a WARC file",
        "torn.wacz is a damaged WACZ",
        "truncated.warc.gz: cut off (1)",
        "version.wacz is a damaged WACZ",
        "whole.warc.gz: records not packed one by one: unpack the file first (1)",
        "zstd.warc.zst is compressed with a dictionary of zstd: unpack it first",
    ]
    assert done.stderr.count("\n") == 9
    stored = {row["id"][6:] for row in rows(database, "SELECT id FROM articles")}
    assert stored == {"001", "004", "006", "007"}


def test_a_file_that_was_named_once_is_not_searched_again(tmp_path: Path, putin) -> None:
    """Behind its last article there may be much of the site's that a named file is not read for."""
    listing = record(
        2, OK, b"<html>", WARC_Target_URI="https://www.republika.co.id/index/2022/08/15"
    )
    path = warc(tmp_path / "a.warc.gz", page_record(1, putin[1]), listing)
    database = tmp_path / "a.db"
    assert reparse(database, str(path)).returncode == 0
    captures = "SELECT url, file FROM captures"
    before = rows(database, captures)
    with path.open("ab") as file:
        file.write(b"This is no record.")
    done = reparse(database)
    assert "found 1: 0 new, 0 updated, 1 unchanged" in done.stdout
    assert "note" not in done.stdout
    assert rows(database, captures) == before


@pytest.mark.parametrize("behind", [b"\0" * 8, b"\r\n", b"garbage"])
def test_what_a_crawl_takes_is_taken_from_its_captures(
    website: Site, tmp_path: Path, behind: bytes
) -> None:
    (story,) = website.publish(1, until=datetime(2022, 8, 15, 20, tzinfo=WIB))

    def pad(_url: str, right: Response) -> Response:
        headers = {**right.headers, "Content-Encoding": "gzip"}
        return replace(right, body=gzip.compress(right.body) + behind, headers=headers)

    website.misbehave(story.id, pad)
    crawler = Crawler(tmp_path, website)
    assert crawler.crawl("article", "-a", f"url={story.url}").returncode == 0
    before = records(crawler.database)
    assert len(before["articles"]) == 1
    crawler.database = tmp_path / "replayed.db"
    replayed = crawler.crawl("article", "-a", f"url={story.url}", REPLAY=crawler.captures)
    assert replayed.returncode == 0
    assert records(crawler.database) == before
    crawler.database = tmp_path / "again.db"
    # Named, since they are the captures of another database.
    done = crawler.scrapy("reparse", str(crawler.captures))
    assert done.returncode == 0, done.stderr
    assert records(crawler.database) == before


def test_a_chunk_of_no_size_is_not_the_parsers_fault(tmp_path: Path, putin) -> None:
    url, page = putin
    http = OK.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n")
    body = b"f" * 20 + b"\r\n" + page.encode()
    path = warc(tmp_path / "a.warc.gz", record(1, http, body, WARC_Target_URI=url))
    done = reparse(tmp_path / "a.db", str(path))
    assert done.returncode == 1
    assert done.stderr == "unhealthy: the payload is cut off: its last chunk is missing: 1\n"
    replay = crawl(tmp_path / "b.db", "article", "-a", f"url={url}", "-s", f"REPLAY={path}")
    assert "Traceback" not in replay.stderr


def test_a_file_that_has_become_another_is_said(tmp_path: Path, putin) -> None:
    folder = tmp_path / "w"
    folder.mkdir()
    first, second = page_record(1, putin[1]), page_record(2, putin[1])
    path = warc(folder / "a.warc", first)
    database = tmp_path / "a.db"
    captures = {"REPUBLIKA_CAPTURES": str(folder)}
    assert reparse(database, **captures).returncode == 0
    before = records(database)
    path.write_bytes(second)
    done = reparse(database, **captures)
    assert done.returncode == 1
    assert (
        f"{path} has changed since it was indexed; run scrapy reparse --reindex: 1" in done.stderr
    )
    assert records(database) == before
    path.unlink()
    done = reparse(database, **captures)
    assert done.returncode == 1
    assert f"unhealthy: {path} cannot be read: No such file or directory: 1" in done.stderr
    assert records(database) == before


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_of_the_same_text_the_first_capture_has_the_record(tmp_path: Path, putin, order) -> None:
    """As a crawl has it, which stores what it fetches first."""
    url, page = putin
    ids = {number: f"{PUTIN[:6]}{number:03d}" for number in order}
    captures = [(url.replace(PUTIN, ids[n]), 200, page.replace(PUTIN, ids[n])) for n in order]
    database = tmp_path / "a.db"
    assert reparse(database, str(archive(tmp_path / "w", *captures))).returncode == 0
    first, second = (ids[number] for number in order)
    pages = {row["id"]: row for row in rows(database, "SELECT id, state, reason FROM pages")}
    assert pages[first]["state"] == "stored"
    assert pages[second]["state"] == "rejected"
    assert pages[second]["reason"] == f"the same text is stored already, as {first}"


def test_the_run_history_has_its_figures(tmp_path: Path, putin) -> None:
    url, page = putin
    captures = archive(tmp_path / "w", (url, 200, page), ("https://contoh.id/1", 200, page))
    (captures / "notes.warc").write_text("This is no archive.")
    database = tmp_path / "a.db"
    reparse(database, str(captures), "--since", "2022-08-01")
    done = scrapy("runs", "1", "-s", f"DATABASE={database}")
    assert f"run 1: reparse since=2022-08-01 warc={captures}" in done.stdout
    assert "found 1: 1 new, 0 updated" in done.stdout
    assert f"health: {captures}/notes.warc is not a WARC file" in done.stdout
    assert "note: left out of another site: 1" in done.stdout
    done = scrapy("runs", "-s", f"DATABASE={database}")
    assert done.stdout.splitlines()[1].split()[:2] == ["1", "reparse"]


def test_search_finds_what_a_reparse_changed(tmp_path: Path, putin) -> None:
    url, page = putin
    later = page.replace("Putin Janjikan", "Zulaikha Janjikan")
    captures = archive(
        tmp_path / "w", (url, 200, page), (url, 200, later), (url, 200, later.replace("a", "e"))
    )
    database = tmp_path / "a.db"
    assert reparse(database, str(captures)).returncode == 0
    assert reparse(database, str(archive(tmp_path / "2", (url, 404, "")))).returncode == 0
    again = archive(tmp_path / "3", (url, 200, later), begin=datetime(2023, 1, 1, tzinfo=UTC))
    assert reparse(database, str(again)).returncode == 0
    matches = "SELECT count(*) AS n FROM articles_fts WHERE articles_fts MATCH '{}'"
    assert rows(database, matches.format("zulaikha"))[0]["n"] == 1
    assert rows(database, matches.format("title:putin"))[0]["n"] == 0
    check = "INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)"
    rows(database, check)  # raises where the index is not what the table is
    triggers = rows(
        database,
        "SELECT count(*) AS n FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'articles'",
    )
    assert triggers[0]["n"] == 3
