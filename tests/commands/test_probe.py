"""The first contact with the site: each belief about it is held against what it answers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

import crawler.site
from crawler.dates import WIB
from crawler.probe.spider import ERAS
from tests import site as played
from tests.helpers import ROOT, scrapy
from tests.site import Crawler, running_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.site import Site

LAYOUTS = ("newrol", "rol", "wrap_detail", "wrap_detail")  # of the eras
INDEX = re.compile(r"republika\.co\.id/index/")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """The site as it is believed to be."""
    with running_site() as site:
        for number, url in enumerate(crawler.site.FEEDS[1:]):
            section = url.rpartition("/")[2]
            site.publish(
                12,
                until=site.now() - timedelta(minutes=number),  # an id is a moment
                host=f"{section}.republika.co.id",
                section=(section.title(), "Umum"),
                tags=("Panen Raya",),
            )
        site.publish(3, until=site.now() - timedelta(days=1))
        for day, layout in zip(ERAS, LAYOUTS, strict=True):
            noon = datetime.combine(day, time(12), WIB)
            site.publish(3, until=noon, layout=layout, host="www.republika.co.id")
        yield site


@pytest.fixture(autouse=True)
def behaved(site: Site) -> Iterator[None]:
    yield
    site.behave()
    site.robots.clear()


@pytest.fixture
def crawl(site: Site, tmp_path: Path) -> Crawler:
    return Crawler(tmp_path, site)


def findings(crawl: Crawler, **settings: Any) -> tuple[int, dict[str, dict[str, str]]]:
    """The exit code, and what was found by belief."""
    given = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    done = crawl.scrapy("probe", "--json", *given)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, {finding["belief"]: finding for finding in found}


def states(found: dict[str, dict[str, str]], state: str) -> set[str]:
    return {belief for belief, finding in found.items() if finding["state"] == state}


def test_a_site_as_believed_holds(site: Site, crawl: Crawler) -> None:
    before = len(site.requests)
    done = crawl.scrapy("probe")
    assert done.returncode == 0, done.stdout + done.stderr
    header, *rows, sums = done.stdout.splitlines()
    assert header.split() == ["believed", "state", "seen"]
    assert sums == f"{len(rows)} holds"
    for year, layout in zip((2013, 2016, 2019, 2022), LAYOUTS, strict=True):
        assert re.search(rf"article of {year} .* holds +layout {layout}, \d+ words", done.stdout)
    asked = site.requests[before:]
    assert 30 <= len(asked) <= 60
    assert crawl.rows("SELECT * FROM articles") == []  # nothing is stored but the pages
    kept = {capture["url"] for capture in crawl.rows("SELECT url FROM captures")}
    assert {f"https://{one.host}{one.path}" for one in asked if "robots" not in one.path} <= kept


def test_what_was_fetched_can_be_probed_again_without_the_site(crawl: Crawler) -> None:
    code, first = findings(crawl)
    again = Crawler(crawl.folder / "again", crawl.site)
    again.folder.mkdir()
    replayed = findings(again, REPLAY=crawl.captures)
    assert replayed == (code, first)


def test_a_feed_that_is_gone_is_named_with_its_line(site: Site, crawl: Crawler) -> None:
    site.misbehave("/rss/ekonomi", played.answer(404))
    code, found = findings(crawl)
    assert code == 1
    assert states(found, "differs") == {"the feed /rss/ekonomi shows the newest"}
    finding = found["the feed /rss/ekonomi shows the newest"]
    assert finding["seen"] == "HTTP 404: there is no such page"
    place = re.fullmatch(r"crawler/site\.py: (\w+)\[(\d+)\]", finding["place"])
    assert place
    assert getattr(crawler.site, place[1])[int(place[2])] == finding["url"]


def test_an_index_that_moved_is_told_and_the_rest_goes_on(site: Site, crawl: Crawler) -> None:
    site.misbehave(INDEX, played.answer(404))
    done = crawl.scrapy("probe")
    assert done.returncode == 1
    below = done.stdout.partition("to correct, or to read in another way:")[2]
    assert "crawler/site.py: NEWEST" in below
    assert "crawler/site.py: DATE_INDEXES[0]" in below
    assert re.search("an article of today .* holds", done.stdout)  # by the home page
    assert re.search("an article of 2016 .* cannot be told +no listing has shown", done.stdout)
    assert "unhealthy: the site differs from what is believed: " in done.stderr


def test_a_layout_that_was_renamed_is_seen(site: Site, crawl: Crawler) -> None:
    names = re.compile(rb"max-card__title|article-content|main-content|max-card__teaser")

    def renamed(url: str, response: played.Response) -> played.Response:
        return replace(response, body=names.sub(b"x7", response.body))

    site.misbehave(re.compile("/(?:berita|share|r)/"), renamed)
    code, found = findings(crawl)
    assert code == 1
    today = found["an article of today is read in a known layout"]
    assert today["state"] == "differs"
    assert "layout is unknown" in today["seen"]
    assert today["place"] == "crawler/parsers/layouts.py"
    assert found["an article of 2013 is read in a known layout"]["state"] == "holds"


def test_what_robots_txt_forbids_is_not_asked(site: Site, crawl: Crawler) -> None:
    site.robots = dict.fromkeys(("republika.co.id",), played.SHUT)
    before = len(site.requests)
    code, found = findings(crawl)
    assert code == 1
    assert "robots.txt lets this crawler in" in states(found, "differs")
    assert "the home page lists news" in states(found, "cannot be told")
    assert "robots.txt" in found["the home page lists news"]["seen"]
    asked = {one.path for one in site.requests[before:] if one.host == "republika.co.id"}
    assert asked == {"/robots.txt"}


def test_a_wall_ends_it_and_is_told(site: Site, crawl: Crawler) -> None:
    site.misbehave(re.compile("republika.co.id/(?!robots)"), played.challenge())
    before = len(site.requests)
    code, found = findings(crawl)
    assert code == 1
    assert states(found, "differs") == set()
    assert len(states(found, "cannot be told")) == len(found) - 1
    assert len(site.requests) - before < 5  # it does not go on asking


def test_arguments_are_refused() -> None:
    done = scrapy("probe", "ekonomi")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "scrapy probe: ekonomi is not an option; probe takes no arguments\n"


def test_each_place_to_correct_exists(site: Site, crawl: Crawler) -> None:
    site.misbehave("", played.answer(404))
    _, found = findings(crawl)
    for finding in found.values():
        file, _, name = finding["place"].partition(": ")
        if name:
            assert re.search(rf"\b{name.partition('[')[0]}\b", (ROOT / file).read_text())
