"""A part of the faults that `benchmarks/faults.py` plays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults import content, environment, kills, protocol
from tests.faults.checks import Played, complete, playing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STORIES = 20
# Those that the tests of commands do not play.
ENVIRONMENT = [
    ("a time zone that does not exist", "crawl"),
    ("20 files", "reparse"),
    ("database is a folder", "crawl"),
    ("lock file is a FIFO, writing", "audit"),
    ("read-only, writing", "reparse"),
    ("all streams closed", "audit"),
]
CONTENT = [
    ("before an article is stored", "a login in its template"),
    ("after it was stored", "a page cut off in its text"),
]
PROTOCOL = [("the index of a day", "half of gzip"), ("robots.txt", "a reset")]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with playing(tmp_path_factory.mktemp("played") / "base", STORIES) as played:
        yield played


@pytest.mark.parametrize("name", kills.KILLS)
def test_a_command_that_is_killed_loses_nothing(name: str, played: Played, tmp_path: Path) -> None:
    assert kills.play(name, played, tmp_path / "killed", 0.8) == []


@pytest.mark.parametrize(("name", "command"), ENVIRONMENT)
def test_an_environment_costs_one_line(
    name: str, command: str, played: Played, tmp_path: Path
) -> None:
    assert environment.play(name, command, played, tmp_path / "troubled") == []


@pytest.mark.parametrize(("what", "name"), PROTOCOL)
def test_an_answer_that_goes_wrong_costs_nothing(what: str, name: str, tmp_path: Path) -> None:
    play, _ = protocol.PLAYS[what]
    assert play(name, tmp_path / "answered") == []


@pytest.mark.parametrize(("when", "name"), CONTENT)
def test_another_page_in_its_place_costs_nothing(when: str, name: str, tmp_path: Path) -> None:
    assert content.PLAYS[when](name, tmp_path / "answered") == []


def test_what_is_lost_is_noticed(played: Played, tmp_path: Path) -> None:
    """The checks that all of this rests on see what they are there for."""
    crawler = played.copy(tmp_path / "lost")
    assert complete(crawler) == []
    kills.execute(crawler, "DELETE FROM articles WHERE rowid = 1")
    kills.execute(crawler, "UPDATE articles SET title = 'Lain' WHERE rowid = 2")
    (warc,) = crawler.captures.iterdir()
    warc.write_bytes(warc.read_bytes()[:-2000])  # the request at its end is no capture
    wrong = "; ".join(complete(crawler))
    for what in ("articles are lost", "is stored wrongly", "search finds", str(warc)):
        assert what in wrong
