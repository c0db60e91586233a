"""``scrapy crawl archive`` from a CDX server: what it keeps equals what the WARC itself gives."""

from __future__ import annotations

import re
import subprocess
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import pytest

from crawler.captures.warc import iter_captures
from crawler.database.store import Store
from crawler.dates import iso
from crawler.errors import ArgumentError
from spiders.archive import ArchiveSpider
from tests.archives.pages import (
    ALL,
    AUGUST,
    BACK,
    CORRECTED,
    OLD,
    PACKED,
    REPEATED,
    STORIES,
    contents,
)
from tests.archives.played import Answer, Asked, PlayedArchive, running
from tests.archives.running import archive, command, scrapy
from tests.helpers import fill, rows, wait_for
from tests.records import article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.archives.pages import Contents


@pytest.fixture
def played(file: Path) -> Iterator[PlayedArchive]:
    with running(PlayedArchive(file)) as archive:
        yield archive


def by_range(played: PlayedArchive) -> tuple[str, ...]:
    return ("-a", f"data={played.url}/files")


def captures_of(folder: Path) -> list[tuple[str, str]]:
    files = sorted((folder / "captures").iterdir())
    return [(one.url, iso(one.date)) for path in files for one in iter_captures(path)]


# -- what is kept --------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["replay", "range"])
def test_the_database_is_that_of_the_warc_itself(
    how: str, played: PlayedArchive, direct: Contents, tmp_path: Path
) -> None:
    extra = by_range(played) if how == "range" else ()
    told = archive(tmp_path, played.source, *ALL, *extra)
    assert "found 9: 8 new, 0 updated, 0 unchanged, 0 rejected, 1 gone, 0 failed" in told
    assert contents(tmp_path / "republika.db") == direct
    if how == "range":  # records byte for byte
        (kept,) = (tmp_path / "captures").iterdir()
        theirs, ours = played.warc.read_bytes(), kept.read_bytes()
        for one in played.captures:
            if not one.revisit and "indeks" not in one.url:
                assert theirs[one.offset : one.offset + one.length] in ours
    # A digest that is kept is not fetched again: two of the thirteen captures repeat one.
    assert len(played.pages_asked) == 11
    assert len(captures_of(tmp_path)) == 13
    # A second run asks for nothing, the index included, and is healthy.
    played.asked.clear()
    assert "found 0" in archive(tmp_path, played.source, *ALL, *extra)
    assert played.asked == []
    # The captures alone make the same database.
    again = tmp_path / "again"
    assert scrapy(again, "reparse", str(tmp_path / "captures")).returncode == 0
    assert contents(again / "republika.db") == direct


def test_a_limit_leaves_the_rest_to_the_next_run(
    played: PlayedArchive, direct: Contents, tmp_path: Path
) -> None:
    assert "found 2: 2 new" in archive(tmp_path, played.source, *ALL, "-a", "limit=2")
    archive(tmp_path, played.source, *ALL)
    assert contents(tmp_path / "republika.db") == direct


def test_a_newer_record_stands_and_what_is_missing_is_filled(
    played: PlayedArchive, tmp_path: Path
) -> None:
    database = tmp_path / "republika.db"
    body = "\n\n".join(["Kegiatan itu selesai.", *CORRECTED.paragraphs])
    moment = "2023-01-01T00:00:00+07:00"
    newer = article(CORRECTED.id, url=CORRECTED.url, body=body, fetched_at=moment)
    fill(database, newer)
    told = archive(tmp_path, played.source, *AUGUST, "-a", "missing=1")
    # Days go by the clock of the ids; one whose id tells no time by the day of its capture.
    known = {row["id"] for row in rows(database, "SELECT id FROM pages")}
    assert known == {*(story.id for story in STORIES), "online-195393"}
    assert not any(OLD.id in asked.path for asked in played.pages_asked)
    assert "found 7: 6 new" in told
    assert not any(CORRECTED.id in asked.path for asked in played.pages_asked)
    archive(tmp_path, played.source, *AUGUST)
    with closing(Store(database)) as store:
        (record,) = store.rows("SELECT body, fetched_at FROM articles WHERE id = ?", [CORRECTED.id])
        revisions = store.rows("SELECT body FROM revisions WHERE article_id = ?", [CORRECTED.id])
    assert (record["body"], record["fetched_at"]) == (newer.body, newer.fetched_at)
    assert any("menambah satu hari" in revision["body"] for revision in revisions)


def test_killed_at_any_moment_it_goes_on(
    played: PlayedArchive, direct: Contents, tmp_path: Path
) -> None:
    for at in (9, 13, 17):
        process = started(tmp_path, played, *ALL)
        wait_for(partial(has_asked, played, at))
        process.kill()
        process.wait()
    archive(tmp_path, played.source, *ALL)
    assert contents(tmp_path / "republika.db") == direct
    assert len(played.pages_asked) <= 11 + 3  # what was under way is asked again, and no more


def has_asked(played: PlayedArchive, number: int) -> bool:
    return len(played.asked) >= number


def started(folder: Path, played: PlayedArchive, *args: str) -> subprocess.Popen[str]:
    line, environment = command(folder, "crawl", "archive", "-a", f"source={played.source}", *args)
    null = subprocess.DEVNULL
    return subprocess.Popen(line, env=environment, stdout=null, stderr=null, text=True)


# -- the index -----------------------------------------------------------------------------------


def test_pages_of_an_index_are_resumed(file: Path, direct: Contents, tmp_path: Path) -> None:
    broken = [True]

    def break_off(asked: Asked) -> Answer | None:
        return (500, {}, b"") if broken[0] and asked.query.get("page") == "2" else None

    with running(PlayedArchive(file, per_page=4)) as played:
        played.answers.append(break_off)
        done = scrapy(tmp_path, "crawl", "archive", "-a", f"source={played.source}", *ALL)
        assert done.returncode == 1
        assert "unhealthy: the index was not read to its end: " in done.stderr
        broken.clear()
        broken.append(False)
        played.asked.clear()
        archive(tmp_path, played.source, *ALL)
        places = [asked.query.get("page") for asked in played.index_asked]
        assert places == [None, "2", "3"]
    assert contents(tmp_path / "republika.db") == direct


EMPTY = {
    "pywb": (200, b""),
    "an empty list": (200, b"[]"),
    "a list with names alone": (200, b'[["urlkey","timestamp","original"]]'),
    "no page": (200, b'{"pages": 0, "pageSize": 5, "blocks": 0}'),
    "Common Crawl": (404, b'{"message": "No Captures found for: ihram.co.id/*"}'),
    "another form of it": (404, b'{"error": "No Captures found"}'),
    "a page too high": (400, b'{"message": "Page 1 invalid: First Page is 0, Last Page is 0"}'),
}


def test_an_empty_answer_in_each_of_its_forms(file: Path, tmp_path: Path) -> None:
    forms = dict(zip((*EMPTY, "none"), _sister_domains(), strict=False))

    def nothing(asked: Asked) -> Answer | None:
        for name, domain in forms.items():
            if asked.query.get("url") == domain and name in EMPTY:
                status, body = EMPTY[name]
                return status, {"Content-Type": "text/x-ndjson"}, body
        return None

    with running(PlayedArchive(file)) as played:
        played.answers.append(nothing)
        archive(tmp_path, played.source, *ALL)
    assert len(EMPTY) == len(_sister_domains())


def _sister_domains() -> list[str]:
    from crawler.site import DOMAINS

    return [domain for domain in DOMAINS if domain != "republika.co.id"]


def test_what_is_not_an_index_is_told(played: PlayedArchive, tmp_path: Path) -> None:
    played.answers.append(lambda _asked: (200, {}, b"<html>Selamat datang</html>"))
    done = scrapy(tmp_path, "crawl", "archive", "-a", f"source={played.url}", *ALL)
    assert done.returncode == 1
    assert "the index was not read to its end: " in done.stderr
    assert "Traceback" not in done.stderr


# -- what goes wrong -----------------------------------------------------------------------------


def test_what_cannot_be_had_is_counted_and_tried_again(
    played: PlayedArchive, direct: Contents, tmp_path: Path
) -> None:
    wrong: dict[str, Answer] = {
        REPEATED.id: (302, {"Location": f"{played.url}/coll/20200101000000id_/x"}, b""),
        BACK.id: (403, {}, b""),
        PACKED.id: (404, {}, b""),
    }

    def fail(asked: Asked) -> Answer | None:
        return next((given for key, given in wrong.items() if key in asked.path), None)

    played.answers.append(fail)
    done = scrapy(tmp_path, "crawl", "archive", "-a", f"source={played.source}", *ALL)
    assert "3 failed" in done.stdout
    assert "captures that the archive could not give: 3: HTTP 403" in done.stdout
    assert "the archive has another capture in its place" in done.stdout
    wrong.clear()
    archive(tmp_path, played.source, *ALL)
    assert contents(tmp_path / "republika.db") == direct


def test_another_record_than_the_index_lists_is_not_kept(
    played: PlayedArchive, tmp_path: Path
) -> None:
    first = played.captures[0]
    data = played.warc.read_bytes()[first.offset : first.offset + first.length]

    def swapped(asked: Asked) -> Answer | None:
        begin, _, end = asked.headers.get("range", "").removeprefix("bytes=").partition("-")
        if not end or int(begin) == first.offset:
            return None
        return 206, {}, (data + bytes(9999))[: int(end) - int(begin) + 1]

    played.answers.append(swapped)
    source = f"source={played.source}"
    done = scrapy(tmp_path, "crawl", "archive", "-a", source, *ALL, *by_range(played))
    assert "found 9: 1 new, 0 updated, 0 unchanged, 0 rejected, 0 gone, 8 failed" in done.stdout
    assert set(captures_of(tmp_path)) <= {(first.url, iso(first.date))}


# -- arguments -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((), "source is missing"),
        (("source=elsewhere", "since=2022-08-01"), "source=elsewhere is not wayback"),
        (("source=wayback",), "since is missing"),
        (("source=wayback", "since=2022-13-01"), "since=2022-13-01 is not a day"),
        (("source=wayback", "since=2022-08-02", "until=2022-08-01"), "until=2022-08-01 is before"),
        (("source=wayback", "since=2022-08-01", "missing=yes"), "missing=yes is not 0 or 1"),
        (("source=wayback", "since=2022-08-01", "limit=none"), "limit=none is not a number"),
        (("source=wayback", "since=2022-08-01", "section=x"), "unknown argument section"),
        (
            ("source=wayback", "since=2022-08-01", "data=http://a.example"),
            "data=http://a.example is",
        ),
    ],
)
def test_wrong_arguments_are_told(given: tuple[str, ...], told: str) -> None:
    with pytest.raises(ArgumentError, match=re.escape(told)):
        ArchiveSpider(**dict(one.split("=", 1) for one in given))


def test_wrong_arguments_are_one_line(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "crawl", "archive", "-a", "source=elsewhere", *AUGUST)
    assert done.returncode == 2
    assert "source=elsewhere is not wayback, commoncrawl, or the address of a CDX" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_the_help_explains_each_argument(tmp_path: Path) -> None:
    help_ = scrapy(tmp_path, "crawl", "-h").stdout
    assert [name for name in ArchiveSpider.arguments if f"\n    {name} " not in help_] == []
    assert f"scrapy crawl archive {ArchiveSpider.example}" in help_


def test_without_captures_nothing_begins(tmp_path: Path) -> None:
    given = ("-a", "source=wayback", *AUGUST)
    done = scrapy(tmp_path, "crawl", "archive", *given, CAPTURES="")
    assert done.returncode == 2
    assert "CAPTURES" in done.stderr
