"""Pages that are kept once, and captures that cannot be relied on."""

from __future__ import annotations

import pytest
from scrapy.settings import Settings
from warcio.archiveiterator import ArchiveIterator

from crawler.captures.rows import declared_type
from crawler.captures.storage import file_size
from crawler.captures.warc import iter_captures, read_capture
from crawler.database.store import Store
from tests.captures.crawls import HTML, Crawls, check, last_page, revisits, running_site


def test_a_network_failure_stays_a_failure(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        assert crawls.run(f"{site.url}/changing")[f"{site.url}/changing"][0] == 200
        site.dead.add("/changing")
        status, error, _ = crawls.run(f"{site.url}/changing")[f"{site.url}/changing"]
    assert status is None
    assert error in {"ResponseNeverReceived", "DownloadFailedError"}


def test_an_unreadable_capture_is_fetched_anew_with_a_warning(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        url = f"{site.url}/changing"
        crawls.run(url)
        (warc,) = crawls.warcs()
        warc.write_bytes(warc.read_bytes()[: -warc.stat().st_size // 3])
        site.answered.clear()
        assert crawls.run(url)[url][0] == 200
    assert ("/changing", 200) in site.answered
    assert f"Fetching {url} as if for the first time" in crawls.log


def test_a_capture_that_is_not_what_the_table_says_is_not_relied_on(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        changing, target = f"{site.url}/changing", f"{site.url}/target"
        crawls.run(changing, target)
        with Store(crawls.database) as store:
            # One record is of other bytes, and the other of another address.
            store.db.execute("UPDATE captures SET digest = 'sha1:A' WHERE url = ?", [changing])
            robots = "url LIKE '%/robots.txt'"
            sql = f"SELECT offset, digest FROM captures WHERE {robots}"
            place = store.db.execute(sql).fetchone()
            store.db.execute(f"DELETE FROM captures WHERE {robots}")
            sql = "UPDATE captures SET offset = ?, digest = ? WHERE url = ?"
            store.db.execute(sql, [*place, target])
        site.answered.clear()
        came = crawls.run(changing, target)
    assert [came[url][0] for url in (changing, target)] == [200, 200]
    assert {("/changing", 200), ("/target", 200)} < set(site.answered)
    assert crawls.log.count("as if for the first time") == 2


SAME = "SELECT url, status, revisit FROM captures WHERE url LIKE '%/same/%' ORDER BY id"


def test_a_page_that_was_kept_is_not_kept_again(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        one, two = f"{site.url}/same/1", f"{site.url}/same/2"
        first = crawls.run(one, two)
        assert {tuple(row[1:]) for row in crawls.rows(SAME)} == {(200, 0), (200, 1)}
        (warc,) = crawls.warcs()
        found = revisits(warc)
        assert len(found["identical-payload-digest"]) == 1
        site.answered.clear()
        assert crawls.run(one, two) == first
    assert crawls.rows("SELECT DISTINCT payload_type FROM captures WHERE status = 304") == [
        ("text/plain",),
        ("text/html",),
    ]
    # Each address has validators of its own.
    assert {("/same/1", 304), ("/same/2", 304)} < set(site.answered)
    assert crawls.rows(SAME)[2:] == [(one, 304, 1), (two, 304, 1)] or (
        crawls.rows(SAME)[2:] == [(two, 304, 1), (one, 304, 1)]
    )
    check(crawls.warcs())
    # Both 304s refer to the response that has the payload, not to the revisit.
    (response,) = (c for c in iter_captures(warc) if "/same/" in c.url and not c.revisit)
    for headers in revisits(crawls.warcs()[1])["server-not-modified"]:
        if "/same/" in headers["WARC-Target-URI"]:
            assert headers["WARC-Refers-To"] == response.record_id
            assert headers["WARC-Refers-To-Target-URI"] == response.url
    with Store(crawls.database) as store:
        for url in (one, two):
            page = last_page(store, crawls.captures, url)
            etag = dict(page.headers)[b"Etag"].decode()
            assert (page.url, page.status, url.endswith(etag.strip('"'))) == (url, 200, True)
            assert page.payload.decode() == HTML.format("same")
    assert crawls.run(one, two, REPLAY=str(crawls.captures)) == first


def test_a_page_whose_original_was_deleted_is_kept_whole_again(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        urls = [f"{site.url}/bare", f"{site.url}/same/1"]
        first = crawls.run(*urls)
        assert crawls.run(*urls) == first
        crawls.warcs()[0].unlink()
        site.answered.clear()
        assert crawls.run(*urls) == first
        assert sorted(site.answered) == [("/bare", 200), ("/robots.txt", 200), ("/same/1", 200)]
        assert crawls.log.count("as if for the first time") == 3
        assert crawls.run(*urls) == first
    kept = "SELECT status, revisit FROM captures WHERE url LIKE '%{}' ORDER BY id"
    assert crawls.rows(kept.format("/bare")) == [(200, 0), (200, 1), (200, 0), (200, 1)]
    assert crawls.rows(kept.format("/same/1")) == [(200, 0), (304, 1), (200, 0), (304, 1)]
    check(crawls.warcs())


def test_an_answer_without_a_body_is_no_revisit(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        for _ in range(2):
            crawls.run(f"{site.url}/moved")
    rows = crawls.rows("SELECT revisit FROM captures WHERE status = 301")
    assert rows == [(0,), (0,)]


def test_the_files_of_a_crawl_have_the_size_that_is_set(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        crawls.run(*(f"{site.url}/{number}" for number in range(9)), CAPTURES_FILE_SIZE="1500")
    warcs = crawls.warcs()
    assert len(warcs) > 2
    assert all(path.stat().st_size <= 1500 for path in warcs)
    assert all("-run1.warc.gz" in path.name for path in warcs)
    check(warcs)
    with warcs[0].open("rb") as file:
        about = next(iter(ArchiveIterator(file))).raw_stream.read().decode()
    assert "\r\nhttp-header-user-agent: republika-crawler/" in about
    assert "\r\nrobots: obey\r\n" in about
    places = crawls.rows("SELECT url, file, offset FROM captures")
    assert len(places) == 10
    assert all(read_capture(crawls.captures / file, at).url == url for url, file, at in places)


@pytest.mark.parametrize("value", [1000, "1000", "1_000"])
def test_file_size(value):
    assert file_size(Settings({"CAPTURES_FILE_SIZE": value})) == 1000


@pytest.mark.parametrize("value", [0, -1, "0", "1GB", "1e9", "", None])
def test_file_size_that_is_none(value):
    with pytest.raises(ValueError, match=f"^CAPTURES_FILE_SIZE={value}: give a number of bytes"):
        file_size(Settings({"CAPTURES_FILE_SIZE": value}))


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (((b"Content-Type", b"text/html; charset=utf-8"),), "text/html"),
        (((b"content-type", b"TEXT/HTML"), (b"Content-Type", b"text/plain")), "text/html"),
        (((b"Content-Type", b""),), None),
        ((), None),
    ],
)
def test_declared_type(headers, kind):
    assert declared_type(headers) == kind


def test_a_revisit_that_the_database_takes_for_a_page_is_not_relied_on(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        url = f"{site.url}/bare"
        first = crawls.run(url)
        crawls.run(url)
        with Store(crawls.database) as store:
            store.db.execute("UPDATE captures SET revisit = 0")
        assert crawls.run(url) == first
    assert f"Fetching {url} as if for the first time" in crawls.log


def test_without_captures_nothing_is_kept(tmp_path):
    crawls = Crawls(tmp_path)
    with running_site() as site:
        url = f"{site.url}/changing"
        for _ in range(2):
            assert crawls.run(url, CAPTURES="")[url][0] == 200
        assert [status for path, status in site.answered if path == "/changing"] == [200, 200]
    assert crawls.rows("SELECT * FROM captures") == []
