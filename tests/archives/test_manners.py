"""The Wayback Machine and Common Crawl: their dialects, and the manners that they ask for."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import date, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from scrapy import Request
from scrapy.http import Response

from crawler.captures.cdx import archive_of, collections, page_count, rows
from crawler.crawl.politeness import OtherSite, OwnHostsMiddleware, pause_asked_for
from spiders.archive import ArchiveSpider
from tests.archives.pages import ALL, contents
from tests.archives.played import Answer, Asked, PlayedArchive, running
from tests.archives.running import known_archive

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from scrapy.crawler import Crawler

    from tests.archives.pages import Contents

JITTER = 0.5  # seconds that a request may need to be seen
WAYBACK = ("-a", "source=wayback", *ALL)
COMMON_CRAWL = ("-a", "source=commoncrawl", *ALL)


@pytest.fixture
def played(file: Path) -> Iterator[PlayedArchive]:
    with running(PlayedArchive(file, per_page=9)) as archive:
        yield archive


def most_within(asked: Sequence[Asked], seconds: float) -> int:
    """How many requests at most came within any span of so many seconds."""
    times = [one.at for one in asked]
    return max(sum(begin <= at < begin + seconds for at in times) for begin in times)


def is_paced(asked: Sequence[Asked], gap: float) -> bool:
    """Whether requests came so many seconds apart, as far as a busy machine can tell."""
    return asked[-1].at - asked[0].at >= (len(asked) - 1) * gap - JITTER


def test_the_wayback_machine(played: PlayedArchive, direct: Contents, tmp_path: Path) -> None:
    """Its resume keys are followed; it is asked no faster than it allows."""
    done = known_archive(tmp_path, played.url, *WAYBACK)
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "republika.db") == direct
    first, second = played.index_asked
    assert first.query["showResumeKey"] == "true"
    assert second.query["resumeKey"] == "9"
    assert is_paced([first, second], 60 / 24)
    assert most_within(played.pages_asked, 1) <= 8
    assert {one.headers["user-agent"] for one in played.asked} == {"republika-crawler/test"}


def test_common_crawl(played: PlayedArchive, direct: Contents, tmp_path: Path) -> None:
    """Each of its indexes is asked page by page, and each record by its byte range."""
    done = known_archive(tmp_path, played.url, *COMMON_CRAWL)
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "republika.db") == direct
    indexes = [asked for asked in played.asked if asked.is_index or "collinfo" in asked.path]
    assert [asked.path for asked in indexes] == [
        "/collinfo.json",
        *["/CC-MAIN-2013-20-index"] * 3,
        *["/CC-MAIN-2022-40-index"] * 3,
    ]
    assert is_paced(indexes, 1)
    records = [asked for asked in played.asked if "range" in asked.headers]
    assert len(records) == 11
    assert is_paced(records, 0.5)


def test_an_archive_that_asks_to_wait_is_left_alone(
    played: PlayedArchive, direct: Contents, tmp_path: Path
) -> None:
    """A 429 on a page holds up everything, for as long as it says."""
    refused: list[Asked] = []

    def once(asked: Asked) -> Answer | None:
        if asked.is_index or refused:
            return None
        refused.append(asked)
        return 429, {"Retry-After": "3"}, b""

    played.answers.append(once)
    done = known_archive(tmp_path, played.url, *WAYBACK)
    assert done.returncode == 0, done.stderr
    following = played.asked[played.asked.index(refused[0]) + 1]
    assert following.path == refused[0].path
    assert is_paced([refused[0], following], 3)
    assert contents(tmp_path / "republika.db") == direct


@pytest.mark.parametrize(
    ("wait", "number", "told"),
    [
        ("1", 3, "unhealthy: the archive refuses the crawler: HTTP 429 again and again"),
        ("3600", 1, "unhealthy: the archive refuses the crawler: it asks to wait for 1:00:00"),
    ],
)
def test_an_archive_that_goes_on_refusing_ends_the_run(
    wait: str, number: int, told: str, played: PlayedArchive, direct: Contents, tmp_path: Path
) -> None:
    """What waits is had by the next run."""

    def refuse(asked: Asked) -> Answer | None:
        return None if asked.is_index else (429, {"Retry-After": wait}, b"")

    played.answers.append(refuse)
    done = known_archive(tmp_path, played.url, *WAYBACK)
    assert done.returncode == 1
    assert told in done.stderr
    assert len(played.pages_asked) == number
    if number == 1:
        return
    played.answers.clear()
    assert known_archive(tmp_path, played.url, *WAYBACK).returncode == 0
    assert contents(tmp_path / "republika.db") == direct


def test_common_crawl_is_left_alone_once_it_forbids(played: PlayedArchive, tmp_path: Path) -> None:
    """So it answers who is too fast."""
    played.answers.append(lambda asked: (403, {}, b"") if "range" in asked.headers else None)
    done = known_archive(tmp_path, played.url, *COMMON_CRAWL)
    assert done.returncode == 1
    assert "unhealthy: the archive refuses the crawler: HTTP 403\n" in done.stderr
    assert len([asked for asked in played.asked if "range" in asked.headers]) == 1


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://web.archive.org/cdx/search/cdx", True),
        ("https://web.archive.org:8443/x", False),
        ("https://archive.org/x", False),
        ("https://data.commoncrawl.org/x", False),
    ],
)
def test_only_the_archive_itself_is_asked(url: str, may: bool) -> None:
    spider = ArchiveSpider(source="wayback", since="2022-08-01")
    crawler = cast("Crawler", SimpleNamespace(spider=spider))
    with nullcontext() if may else pytest.raises(OtherSite):
        OwnHostsMiddleware(crawler=crawler).process_request(Request(url))


# -- answers and rules, one by one ---------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_an_archive_in_trouble_that_does_not_say_how_long(status: int) -> None:
    response = Response("https://web.archive.org/", status=status)
    minute = archive_of("wayback").pause
    assert minute == timedelta(minutes=1)
    assert pause_asked_for(response, minute) == minute
    said = Response("https://web.archive.org/", status=status, headers={"Retry-After": "5"})
    assert pause_asked_for(said, minute) == timedelta(seconds=5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "[]",
        "[[]]",
        '[["urlkey","timestamp"]]',
        "{}",
        '{"message": "No Captures found"}',
    ],
)
def test_empty_answers(text: str) -> None:
    assert rows(text, []) == ([], None)


@pytest.mark.parametrize(
    "text",
    ["<html>", "[1, 2]", "[[], [1], 2]", '{"url"', "[[1], [], []]", '{"error": "overloaded"}'],
)
def test_what_is_not_an_answer(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        rows(text, [])


def test_rows_with_a_field_that_cannot_be_are_left_out() -> None:
    row = '{"url": "http://a/", "timestamp": "%s", "status": "200", "mime": "%s"}'
    good = row % ("20220815021558", "text/html")
    others = [row % ("20221315021558", "text/html"), row % ("2022", "text/html")]
    images = [row % ("20220815021558", "image/jpeg")]
    left_out: list[str] = []
    found, _ = rows("\n".join([good, *others, *images]), left_out)
    assert left_out == ["http://a/", "http://a/"]
    assert [one.timestamp for one in found] == ["20220815021558"]


def test_the_number_of_pages() -> None:
    assert page_count('{"pages": 3, "pageSize": 5, "blocks": 11}') == 3
    assert page_count("7") == 7
    assert page_count("") == 0
    with pytest.raises(ValueError, match=r".*"):
        page_count('"many"')


def test_indexes_that_ended_before_the_first_day_are_not_asked() -> None:
    text = """[
        {"id": "CC-MAIN-2022-40", "cdx-api": "https://a/3", "to": "2022-10-07T14:00:00"},
        {"id": "CC-MAIN-2022-05", "cdx-api": "https://a/2"},
        {"id": "CC-MAIN-2021-04", "cdx-api": "https://a/1", "to": "2021-02-01T00:00:00"}
    ]"""
    found = [index.url for index in collections(text, date(2022, 3, 1))]
    assert found == ["https://a/2", "https://a/3"]


@pytest.mark.parametrize(
    ("source", "index", "page"),
    [
        ("http://a:8080/coll", "http://a:8080/coll/cdx", "http://a:8080/coll"),
        ("http://a:8080/coll/index/", "http://a:8080/coll/index", "http://a:8080/coll"),
        ("http://a/coll/cdx", "http://a/coll/cdx", "http://a/coll"),
    ],
)
def test_where_a_cdx_server_is_asked(source: str, index: str, page: str) -> None:
    archive = archive_of(source)
    assert archive.indexes[0].url == index
    url = "http://www.republika.co.id/online_detail.asp?id=195393"
    assert archive.page_of(url, "20050501000000") == f"{page}/20050501000000id_/{url}"


def test_an_archive_by_its_address_is_asked_at_its_own_pace() -> None:
    index = "https://index.commoncrawl.org/CC-MAIN-2022-33-index"
    one, every = archive_of(index), archive_of("commoncrawl")
    assert (one.delays, one.pause, one.data) == (every.delays, every.pause, every.data)
    assert [asked.url for asked in one.indexes] == [index]
    assert archive_of("https://web.archive.org/cdx/search/cdx") == archive_of("wayback")


def test_an_index_whose_keys_go_round_is_read_once(file: Path, tmp_path: Path) -> None:
    turns = {"": "a", "a": "b", "b": "a"}

    def round_and_round(asked: Asked) -> Answer | None:
        following = turns[asked.query.get("resumeKey", "")] if asked.is_index else None
        return (
            (200, {}, json.dumps([["timestamp"], [], [following]]).encode()) if following else None
        )

    with running(PlayedArchive(file)) as played:
        played.answers.append(round_and_round)
        known_archive(tmp_path, played.url, *WAYBACK)
        assert len(played.asked) == 3
