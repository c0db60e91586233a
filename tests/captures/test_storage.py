"""What a crawl keeps of the pages it fetches."""

from __future__ import annotations

import gzip
from datetime import datetime
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from crawler.captures.warc import iter_captures, read_capture
from tests.captures.crawls import ARTICLE, HTML, Crawls, check, revisits, running_site

PATHS = (ARTICLE, "/changing", "/dated", "/gone", "/moved", "/private", "/renamed")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A crawl, a second one, and a replay of both with the site gone."""
    crawls: Any = Crawls(tmp_path_factory.mktemp("crawls"))
    with running_site() as site:
        urls = [site.url + path for path in PATHS]
        crawls.site = site
        crawls.first = crawls.run(*urls)
        crawls.first_answers, site.answered = site.answered, []
        crawls.after_first = crawls.warcs()
        site.changing = "second"
        crawls.second = crawls.run(*urls)
        crawls.second_answers = site.answered
        crawls.after_second = crawls.warcs()
        crawls.rows_after_second = crawls.rows("SELECT count(*) FROM captures")
    crawls.replayed = crawls.run(*urls, f"{site.url}/never", REPLAY=str(crawls.captures))
    return crawls


def test_first_crawl_stores_every_response(runs):
    answers = sorted(runs.first_answers)
    assert ("/private", 200) not in answers
    file = runs.after_first[0].name
    stored = runs.rows(f"SELECT url, status FROM captures WHERE file = '{file}'")
    assert sorted((url.removeprefix(runs.site.url), status) for url, status in stored) == answers


def test_second_crawl_is_answered_by_304_and_reads_the_same(runs):
    answers = dict(runs.second_answers)
    assert answers["/robots.txt"] == answers[ARTICLE] == answers["/dated"] == 304
    assert answers["/changing"] == 200
    url = runs.site.url
    for path in (ARTICLE, "/dated"):
        assert runs.second[url + path] == runs.first[url + path]
        assert runs.second[url + path][0] == 200
    assert runs.second[url + ARTICLE][1:] == [HTML.format(ARTICLE), "HtmlResponse"]
    assert runs.second[f"{url}/changing"][1] == HTML.format("second")
    assert runs.second[f"{url}/private"][1] == "ForbiddenByRobots"


def test_a_redirect_does_not_take_conditions_to_another_page(runs):
    # /target never came before, and has the ETag of the page that redirects to it now.
    assert ("/target", 200) in runs.second_answers
    assert runs.second[f"{runs.site.url}/target"][0] == 200


def test_replay_answers_everything_without_the_site(runs):
    never = runs.replayed.pop(f"{runs.site.url}/never")
    assert never[1] == "IgnoreRequest"
    assert runs.replayed == runs.second
    assert runs.warcs() == runs.after_second
    assert runs.rows("SELECT count(*) FROM captures") == runs.rows_after_second


def test_captures_table_leads_to_the_pages(runs):
    rows = runs.rows("SELECT url, status, digest, file, offset, length FROM captures")
    for url, status, digest, file, offset, length in rows:
        captured = read_capture(runs.captures / file, offset)
        assert (captured.url, captured.status, captured.length) == (url, status, length)
        if status != 304:
            member = (runs.captures / file).read_bytes()[offset : offset + length]
            assert f"WARC-Payload-Digest: {digest}".encode() in gzip.decompress(member)
    ids = runs.rows("SELECT DISTINCT url, article_id, payload_type FROM captures WHERE status=200")
    # 127.0.0.1 is no host of the site
    assert (f"{runs.site.url}/robots.txt", None, "text/plain") in ids
    assert (runs.site.url + ARTICLE, None, "text/html") in ids


def test_files_are_valid_for_warcio(runs):
    assert [path.name.partition("-run")[2] for path in runs.after_first] == ["1.warc.gz"]
    assert [path.name.partition("-run")[2] for path in runs.after_second] == [
        "1.warc.gz",
        "2.warc.gz",
    ]
    check(runs.after_second)


def test_files_read_alike_in_warcio(runs):
    for path in runs.after_second:
        with path.open("rb") as file:
            records = [
                (
                    record.rec_headers["WARC-Target-URI"],
                    record.rec_type,
                    int(record.http_headers.get_statuscode()),
                    record.raw_stream.read(),
                )
                for record in WarcioIterator(file)
                if record.rec_type in ("response", "revisit")
            ]
        assert records == [
            (
                captured.url,
                "revisit" if captured.revisit else "response",
                captured.status,
                captured.payload,
            )
            for captured in iter_captures(path)
        ]


def test_each_answer_has_the_request_beside_it_and_the_server_s_address(runs):
    answers, asked = {}, {}
    for path in runs.after_second:
        with path.open("rb") as file:
            for record in WarcioIterator(file):
                headers = record.rec_headers
                if record.rec_type == "request":
                    asked[headers["WARC-Concurrent-To"]] = (headers["WARC-Target-URI"], record)
                elif record.rec_type != "warcinfo":
                    answers[headers["WARC-Record-ID"]] = headers["WARC-Target-URI"]
                    assert headers["WARC-IP-Address"] == "127.0.0.1"
    assert {answer: url for answer, (url, _) in asked.items()} == answers
    sent = [record.http_headers for _, record in asked.values()]
    host = runs.site.url.removeprefix("http://")
    assert {(one.protocol, one["Host"]) for one in sent} == {("GET", host)}
    assert {one["User-Agent"] for one in sent} == {"republika-crawler/test"}
    # A page that was known was asked for only if it had changed.
    conditions = [one.statusline for one in sent if one["If-None-Match"]]
    assert f"{ARTICLE} HTTP/1.1" in conditions


def test_a_revisit_refers_to_its_original(runs):
    first, second = runs.after_second
    originals = {c.url: c for c in iter_captures(first) if not c.revisit}
    found = revisits(second)
    paths = {
        profile: sorted(r["WARC-Target-URI"].removeprefix(runs.site.url) for r in records)
        for profile, records in found.items()
    }
    assert paths == {
        "server-not-modified": [ARTICLE, "/dated", "/dated", "/robots.txt"],
        "identical-payload-digest": ["/gone"],
    }
    for headers in (*found["server-not-modified"], *found["identical-payload-digest"]):
        original = originals[headers["WARC-Target-URI"]]
        assert headers["WARC-Refers-To"] == original.record_id
        assert headers["WARC-Refers-To-Target-URI"] == original.url
        assert datetime.fromisoformat(headers["WARC-Refers-To-Date"]) == original.date
        assert headers["WARC-Payload-Digest"] == original.digest
    (article,) = (c for c in iter_captures(second) if c.url.endswith(ARTICLE))
    names = {name for name, _ in article.headers}
    assert b"Etag" in names
    assert b"Content-Encoding" not in names  # nothing but what the 304 said


def test_what_came_over_the_wire_is_kept(runs):
    captured = next(c for c in iter_captures(runs.after_first[0]) if c.url.endswith(ARTICLE))
    headers = dict(captured.headers)
    assert headers[b"Content-Encoding"] == b"gzip"
    assert headers[b"Content-Length"] == str(len(captured.payload)).encode()
    assert gzip.decompress(captured.payload).decode() == HTML.format(ARTICLE)
