"""Crawls answered from WARC files, without the network."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.captures.replay import ReplayIndex, replay_files
from crawler.captures.storage import CaptureStorage
from crawler.captures.warc import iter_captures
from crawler.captures.writer import WarcWriter
from crawler.database.store import Store
from crawler.errors import CaptureError, ReplayError
from tests.captures.crawls import HTML, Crawls, last_page, running_site


def test_replayed_pages_are_in_the_captures_table_once(tmp_path):
    path = written(tmp_path / "elsewhere", (ONE, 15, 200, HTML.format("x").encode()))
    crawls = Crawls(tmp_path)
    for _ in range(2):
        assert crawls.run(ONE, REPLAY=str(path))[ONE][1] == HTML.format("x")
    assert crawls.rows("SELECT article_id, fetched_at, file FROM captures") == [
        ("rgmwym370", "2022-08-15T09:15:00+07:00", str(path))
    ]
    assert crawls.warcs() == []


def test_a_replayed_revisit_leads_to_its_page(tmp_path):
    crawls = Crawls(tmp_path)
    path = written(tmp_path / "elsewhere", (f"{ONE}-other", 15, 200, HTML.format("x").encode()))
    writer = WarcWriter(path.parent)
    writer.revisit(ONE, 200, (), next(iter_captures(path)), moment(16))
    writer.close()
    assert crawls.run(ONE, REPLAY=str(path.parent))[ONE][1] == HTML.format("x")
    assert crawls.rows("SELECT url, revisit FROM captures ORDER BY id") == [
        (f"{ONE}-other", 0),
        (ONE, 1),
    ]
    with Store(crawls.database) as store:
        page = last_page(store, crawls.captures, ONE)
        assert (page.url, page.payload) == (ONE, HTML.format("x").encode())
        path.unlink()
        with pytest.raises(CaptureError, match="No such file"):
            last_page(store, crawls.captures, ONE)
        store.db.execute("DELETE FROM captures WHERE NOT revisit")
        with pytest.raises(CaptureError, match="refers to a capture that cannot be found"):
            last_page(store, crawls.captures, ONE)


def test_the_captures_folder_does_not_rely_on_what_was_replayed(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        url = f"{site.url}/bare"
        path = written(tmp_path / "elsewhere", (url, 15, 200, HTML.format("/bare").encode()))
        crawls.run(url, REPLAY=str(path))
        crawls.run(url)
    assert crawls.rows("SELECT revisit FROM captures WHERE url LIKE '%/bare'") == [(0,), (0,)]


def test_replay_never_asks_the_network(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        crawls.run(f"{site.url}/changing")
        site.answered.clear()
        urls = f"{site.url}/changing?nocache", f"{site.url}/nocache", "ftp://127.0.0.1/x"
        came = crawls.run(*urls, REPLAY=str(crawls.captures))
        assert {error for _, error, _ in came.values()} == {"IgnoreRequest"}
        assert site.answered == []


def moment(day: int) -> datetime:
    return datetime(2022, 8, day, 2, 15, tzinfo=UTC)


def written(folder: Path, *records: tuple[str, int, int, bytes]) -> Path:
    """A WARC of its own with responses (url, day, status, payload)."""
    writer = WarcWriter(folder)
    for url, day, status, payload in records:
        place = writer.response(url, status, (), payload, moment(day))
    writer.close()
    return folder / place.file


ONE = "https://republika.co.id/berita/rgmwym370/judul"


@pytest.mark.parametrize(
    ("asked", "payload"),
    [
        (ONE, b"late"),  # the latest by date, not by place
        ("https://republika.co.id/berita//rgmwym370/judul", b"doubled"),  # exactly this one
        ("http://republika.co.id/berita/rgmwym370/judul#top", b"late"),
        ("https://republika.co.id/berita/r2puuz396/lain", b"slash"),  # captured with two
        ("https://www.republika.co.id/berita/news/r2puuz396/other", b"slash"),  # the same article
        ("https://republika.co.id/berita/r2puuz396/lain-part1", None),  # but another page of it
        ("https://republika.co.id/amp/r2puuz396/lain", None),
        ("https://republika.co.id/berita/r2puuc396/lain", None),
    ],
)
def test_replay_finds_an_address(tmp_path, asked, payload):
    written(tmp_path, (ONE, 9, 200, b"late"), (ONE, 2, 200, b"early"))
    written(
        tmp_path,
        ("https://republika.co.id/berita//rgmwym370/judul", 1, 200, b"doubled"),
        ("https://republika.co.id/berita//r2puuz396/lain", 1, 200, b"slash"),
    )
    found = ReplayIndex(replay_files(tmp_path)).find(asked)
    assert (found and found[1].payload) == payload


def test_replay_gives_the_last_word_of_the_site(tmp_path):
    path = written(tmp_path, (ONE, 1, 200, b"old"), (ONE, 2, 404, b"no"))
    assert ReplayIndex([path]).find(ONE)[1].status == 404


def test_replay_follows_a_revisit_past_a_failure(tmp_path):
    path = written(tmp_path, (ONE, 1, 200, b"stands"), (ONE, 2, 503, b"busy"))
    original = next(iter_captures(path))
    writer = WarcWriter(tmp_path)
    writer.revisit(ONE, 304, (), original, moment(3))
    writer.close()
    assert ReplayIndex(replay_files(tmp_path)).find(ONE)[1].payload == b"stands"


def test_replay_of_a_plain_warc(tmp_path):
    packed = written(tmp_path / "packed", (ONE, 1, 200, b"x"))
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress(packed.read_bytes()))
    assert ReplayIndex(replay_files(plain)).find(ONE)[1].payload == b"x"


def no_warc(folder: Path) -> Path:
    (folder / "page.warc.gz").write_bytes(gzip.compress(b"<html>"))
    return folder


def missing(folder: Path) -> Path:
    return folder / "none.warc.gz"


def page(folder: Path) -> Path:
    (folder / "page.html").write_text("<html>")
    return folder / "page.html"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (missing, "none.warc.gz cannot be replayed: No such file or directory"),
        (no_warc, "page.warc.gz is not a WARC file, and cannot be replayed"),
        (page, "page.html is not a WARC file, and cannot be replayed"),
        (Path, "has no .warc or .warc.gz file to replay"),
    ],
)
def test_what_cannot_be_replayed_is_refused_at_once(tmp_path, path, message):
    settings = Settings({"CAPTURES": "", "REPLAY": str(path(tmp_path))})
    with pytest.raises(ReplayError) as error:
        CaptureStorage(settings)
    assert str(error.value).startswith(str(tmp_path))
    assert str(error.value).endswith(message)


def test_robots_txt_is_obeyed_by_all_that_wait_for_it(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        paths = ["/0", "/1", *(f"/private/{number}" for number in range(6))]
        came = crawls.run(*(site.url + path for path in paths))
        answered = {path for path, _ in site.answered}
    assert answered == {"/robots.txt", "/0", "/1"}
    assert came[f"{site.url}/private/5"][1] == "ForbiddenByRobots"
