"""Archives at addresses are read as those of a folder are."""

from __future__ import annotations

import gzip
import socket
import sys

import pytest

from crawler.captures import remote
from crawler.captures.archives import archives
from crawler.captures.scanning import Task, read_archive
from crawler.errors import ArchiveError, ArgumentError
from tests.captures.again import PUTIN, archive, records, reparse
from tests.captures.foreign import OK, record, warc
from tests.helpers import rows

FOREIGN = ("https://www.example.com/berita", 200, "<p>Berita situs lain.</p>" * 9000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, putin_page):
    """Two archives, packed and plain, the first with damage in its middle."""
    folder = tmp_path_factory.mktemp("storage")
    url, page = putin_page
    other = page.replace(PUTIN, "rgmwym371").replace(" surat ", " pesan ")
    made = archive(
        folder / "made", FOREIGN, (url, 200, page), (url.replace(PUTIN, "rgmwym371"), 200, other)
    )
    (file,) = made.iterdir()
    data = bytearray(file.read_bytes())
    at = data.index(b"\x1f\x8b\x08", len(data) // 3) + 40
    data[at] ^= 0xFF
    (folder / "one.warc.gz").write_bytes(data)
    third = page.replace(PUTIN, "rgmwym372").replace(" surat ", " kartu ").encode()
    at_third = url.replace(PUTIN, "rgmwym372")
    info = record(0, b"", b"software: x\r\n", kind="warcinfo")
    warc(folder / "two.warc", info, record(1, OK, third, WARC_Target_URI=at_third))
    file.unlink()
    made.rmdir()
    return folder


@pytest.fixture
def _at_once(monkeypatch):
    monkeypatch.setattr(remote, "PAUSES", (0, 0))


NAMES = ("one.warc.gz", "two.warc")


def test_they_make_the_same_database_by_two_requests_each_and_are_read_once(
    folder, storage, tmp_path
):
    here, there = tmp_path / "here.db", tmp_path / "there.db"
    addresses = [f"{storage.url}/{name}" for name in NAMES]
    local = reparse(here, *(str(folder / name) for name in NAMES), "--jobs", "1")
    done = reparse(there, *addresses, "--jobs", "2")
    assert done.returncode == local.returncode == 0, done.stderr
    assert done.stdout == local.stdout.replace(str(folder), storage.url)
    assert "damaged compression (1)" in done.stdout
    assert records(there) == records(here)
    places = "SELECT url, file, offset, length, digest FROM captures"
    assert list(map(tuple, rows(there, places))) == list(map(tuple, rows(here, places)))
    assert sorted(storage.asked) == sorted(
        (method, f"/{name}") for method in ("GET", "HEAD") for name in NAMES
    )
    storage.asked.clear()
    again = reparse(there, *addresses, "--jobs", "1")
    assert "archives that were read before: 2" in again.stdout
    assert {method for method, _ in storage.asked} == {"HEAD"}
    assert records(there) == records(here)


def test_a_dry_run_keeps_nothing(storage, tmp_path):
    database = tmp_path / "a.db"
    done = reparse(database, f"{storage.url}/two.warc", "--dry-run", "--jobs", "1")
    assert "found 1: 1 new" in done.stdout, done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("_at_once")
def test_what_breaks_is_tried_again_and_then_a_line(storage, tmp_path):
    task = Task(f"{storage.url}/one.warc.gz", "one", extract=str(tmp_path))
    storage.faults["/one.warc.gz"] = ["cut", 503]
    scanned = read_archive(task)
    assert scanned.unread is None
    assert len(scanned.rows) == 1
    for faults, line in (
        (["cut"] * 3, "broke off after "),
        ([503] * 3, "cannot be read: HTTP 503"),
        ([404], "is not there"),
    ):
        (tmp_path / "one").unlink(missing_ok=True)
        storage.faults["/one.warc.gz"] = faults
        scanned = read_archive(task)
        assert scanned.unread
        assert scanned.unread.startswith(task.name)
        assert line in scanned.unread
        assert scanned.rows == []
        assert list(tmp_path.iterdir()) == []
        assert storage.faults["/one.warc.gz"] == []


@pytest.mark.usefixtures("_at_once")
def test_a_server_that_is_not_reached_is_not_taken_for_one_without_the_file(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/one.warc.gz"
        unread = read_archive(Task(address, "one", extract=str(tmp_path))).unread
    assert unread
    assert unread.startswith(f"{address} cannot be read: Cannot connect to host 127.0.0.1")


def test_lists_lie_anywhere(storage, folder, tmp_path):
    (folder / "warc.paths.gz").write_bytes(
        gzip.compress(b"news/a.warc.gz\nhttps://b.example/b.warc\n")
    )
    assert archives([f"@{storage.url}/warc.paths.gz"]) == [
        f"{storage.url}/news/a.warc.gz",
        "https://b.example/b.warc",
    ]
    (tmp_path / "warc.paths").write_text("crawl-data/CC-NEWS/2022/08/CC-NEWS-1.warc.gz\n")
    assert archives([f"@{tmp_path / 'warc.paths'}"]) == [
        "https://data.commoncrawl.org/crawl-data/CC-NEWS/2022/08/CC-NEWS-1.warc.gz"
    ]
    with pytest.raises(ArchiveError, match="is not there"):
        archives([f"@{storage.url}/nowhere"])


def test_without_the_extra_it_is_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(ArgumentError, match="need the extra `cluster`"):
        archives(["https://a.example/a.warc.gz"])


def test_a_storage_that_needs_another_package_names_it(tmp_path):
    done = reparse(tmp_path / "s.db", "s3://ember/satu.warc.gz")
    assert done.returncode == 2
    assert done.stderr.startswith("scrapy reparse: s3://ember/satu.warc.gz cannot be read without")
    assert "s3fs" in done.stderr


def test_what_comes_from_an_address_needs_captures(tmp_path):
    done = reparse(tmp_path / "a.db", "https://a.example/a.warc.gz", REPUBLIKA_CAPTURES="")
    assert done.returncode == 2
    assert done.stderr == (
        "scrapy reparse: CAPTURES is empty, and what comes from an address is kept there\n"
    )
