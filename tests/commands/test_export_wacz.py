"""`scrapy export -o FILE.wacz`: the pages themselves, as web archives and a validator take them."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.request import urlopen
from zipfile import ZipFile

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.article import Image
from crawler.captures.rows import row_at
from crawler.captures.warc import iter_captures, read_capture
from crawler.captures.writer import Asked, WarcWriter
from crawler.database.store import Store
from tests.helpers import skip_without
from tests.pywb import fill_collection, running_pywb
from tests.records import T1, article, save

if TYPE_CHECKING:
    from pathlib import Path

PHOTO = "https://static.republika.co.id/uploads/images/perahu.jpg"
BOAT = article("rgm001430", title="Perahu “Biru” Berlayar", images=[Image(url=PHOTO)])
MARKET = article("rgm002430", title="Pasar Apung", body="Sayur di atas air.")
NO_PAGE = article("rgm003430", title="Lumbung Padi", body="Panen disimpan.")
DATE = datetime(2022, 8, 15, 3, tzinfo=UTC)
HTML = ((b"Content-Type", b"text/html; charset=utf-8"),)
JPEG = b"\xff\xd8\xff\xe0 perahu"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles with pages, one of them asked for twice and with a photo, and one without."""
    folder = tmp_path_factory.mktemp("archivist")
    writer = WarcWriter(folder / "captures")
    asked = Asked(((b"User-Agent", b"republika-crawler"),), "203.0.113.7")
    with Store(folder / "republika.db") as store:
        for one in (BOAT, MARKET, NO_PAGE):
            save(store, one, now=T1)

        def keep(url, status, payload, kind, date, original=None):
            if original:
                place = writer.revisit(url, status, (), original, date, asked)
            else:
                place = writer.response(url, status, kind, payload, date, asked)
            captured = read_capture(folder / "captures" / place.file, place.offset)
            digest = original.digest if original else captured.digest
            store.captures.add(
                row_at(
                    place,
                    url=url,
                    date=date,
                    status=status,
                    payload_type=kind[0][1].decode().partition(";")[0],
                    digest=digest,
                    revisit=original is not None,
                )
            )
            return captured

        page = f"<html><title>{BOAT.title}</title><img src='{PHOTO}'></html>".encode()
        first = keep(BOAT.url, 200, page, HTML, DATE)
        keep(BOAT.url, 304, b"", HTML, DATE + timedelta(hours=1), first)
        keep(MARKET.url, 200, b"<html><p>Pasar apung.</html>", HTML, DATE)
        keep(PHOTO, 200, JPEG, ((b"Content-Type", b"image/jpeg"),), DATE)
    writer.close()
    return folder / "republika.db"


@pytest.fixture
def written(run, database, tmp_path):
    path = tmp_path / "berita.wacz"
    code, out, err = run("export", "-o", str(path), database=database)
    assert (code, out) == (0, f"2 articles: {path}\n")
    assert err == "left out: 1 articles without a page in the captures\n"
    return path


def lines(archive: ZipFile, name: str) -> list[dict]:
    return [json.loads(line) for line in archive.read(name).splitlines()]


def test_pages_index_and_records_are_those_of_the_articles(written):
    with ZipFile(written) as archive:
        head, *pages = lines(archive, "pages/pages.jsonl")
        index = archive.read("indexes/index.cdx").decode().splitlines()
        warc = archive.read("archive/data.warc.gz")
        assert archive.getinfo("archive/data.warc.gz").compress_type == 0
    assert head["format"] == "json-pages-1.0"
    ts = "2022-08-15T03:00:00Z"
    assert {page["id"]: page for page in pages} == {
        one.id: {"id": one.id, "url": one.url, "ts": ts, "title": one.title}
        for one in (BOAT, MARKET)
    }
    assert index == sorted(index)
    assert len(index) == 3  # without the 304
    assert index[0].startswith("id,co,republika)/berita/rgm001430/harga-kedelai 20220815030000 {")
    # Each line of the index leads to its record, and each answer has its request beside it.
    for line in index:
        row = json.loads(line[line.index("{") :])
        at = int(row["offset"])
        (record,) = ArchiveIterator(BytesIO(warc[at : at + int(row["length"])]))
        assert record.rec_headers["WARC-Target-URI"] == row["url"]
        assert record.rec_headers["WARC-Payload-Digest"] == row["digest"]
    kinds = [record.rec_type for record in ArchiveIterator(BytesIO(warc))]
    assert kinds.count("request") == kinds.count("response") + kinds.count("revisit") == 4
    assert kinds[0] == "warcinfo"


def test_it_is_read_as_any_other_archive(written):
    found = [(one.url, one.status, one.revisit) for one in iter_captures(written)]
    assert sorted(found) == sorted(
        [
            (BOAT.url, 200, False),
            (BOAT.url, 304, True),
            (MARKET.url, 200, False),
            (PHOTO, 200, False),
        ]
    )


def test_it_is_valid(written):
    program = shutil.which("wacz") or skip_without("py-wacz, as .ci/packages installs it")
    done = subprocess.run(
        [program, "validate", "-f", str(written)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "the passed WACZ is valid" in done.stdout) == (0, True), done.stdout


def test_pywb_replays_an_article_and_its_photo(written, tmp_path):
    fill_collection(tmp_path, "--unpack-wacz", "coll", str(written))
    with running_pywb(tmp_path) as archive:
        # The 304 of an hour later shows the page that it refers to.
        for moment in ("20220815030000", "20220815040000"):
            with urlopen(f"{archive}/coll/{moment}id_/{BOAT.url}") as page:
                assert BOAT.title in page.read().decode()
        with urlopen(f"{archive}/coll/20220815030000im_/{PHOTO}") as photo:
            assert photo.read() == JPEG


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--fields", "id"], "a WACZ has pages and no fields; give the file as -o corpus.jsonl"),
        (["--schema-org"], "a WACZ has pages and no fields; give the file as -o corpus.jsonl"),
        (["--bom"], "--bom is for CSV; give the file as -o corpus.csv"),
    ],
)
def test_options_of_other_forms_are_one_line(run, database, tmp_path, args, said):
    path = tmp_path / "a.wacz"
    assert run("export", "-o", str(path), *args, database=database) == (
        2,
        "",
        f"scrapy export: {said}\n",
    )


def test_a_capture_that_cannot_be_read_is_seen_in_the_exit_code(run, database, tmp_path):
    captures = shutil.copytree(database.parent / "captures", tmp_path / "captures")
    (warc,) = captures.iterdir()
    with closing(sqlite3.connect(database)) as connection:
        sql = "SELECT offset FROM captures WHERE article_id = ?"
        ((offset,),) = connection.execute(sql, [MARKET.id]).fetchall()
    with warc.open("r+b") as file:
        file.seek(offset)
        file.write(bytes(40))
    path = tmp_path / "a.wacz"
    code, out, err = run("export", "-o", str(path), "-s", f"CAPTURES={captures}", database=database)
    assert (code, out) == (1, f"1 articles: {path}\n")
    assert "1 captures cannot be read, the first: " in err


def test_where_no_page_is_kept_the_older_file_stays(run, database, tmp_path):
    path = tmp_path / "a.wacz"
    path.write_bytes(b"older")
    code, out, err = run("export", "-o", str(path), "-s", f"CAPTURES={tmp_path}", database=database)
    assert (code, out) == (1, "")
    assert "none of 3 articles has a page in the captures" in err
    assert err.count("\n") == 1
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def test_the_card_names_no_fields(run, database, tmp_path):
    run("export", "-o", str(tmp_path / "a.wacz"), "--card", database=database)
    card = (tmp_path / "README.md").read_text()
    assert "| articles | 3 |" in card
    assert "| of them with a page in the archive | 2 |" in card
    assert "## Fields" not in card
