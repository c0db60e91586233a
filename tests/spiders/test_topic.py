"""A tag or a section, page by page, over a real network path."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from crawler.dates import now
from tests.helpers import last_run, stored
from tests.site import Crawler, running_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.site import Site, Story

ECONOMY: dict[str, Any] = {"host": "ekonomi.republika.co.id", "section": ("Ekonomi", "Energi")}
NEWS: dict[str, Any] = {"host": "news.republika.co.id", "section": ("News", "Umum")}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Newest first: 23 stories of a tag among 60 of a section, and others before and after."""
    with running_site() as site:
        start = now()
        site.publish(10, until=start - timedelta(days=2), **NEWS)
        every: dict[str, Any] = {"spacing": timedelta(minutes=5), **ECONOMY}
        site.publish(37, until=start - timedelta(hours=10), **every)
        site.publish(23, until=start - timedelta(hours=1), **every, tags=("Kota Tua",))
        site.publish(10, until=start, spacing=timedelta(minutes=1), **NEWS)
        yield site


@pytest.fixture(autouse=True)
def unasked(site: Site) -> None:
    site.requests.clear()


def ids(stories: list[Story]) -> set[str]:
    return {story.id for story in stories}


def tagged(site: Site) -> list[Story]:
    return [story for story in site.newest() if "Kota Tua" in story.tags]


def listings(site: Site) -> list[str]:
    return [a.path for a in site.requests if not a.path.startswith(("/berita/", "/robots.txt"))]


def test_a_tag_is_read_to_its_end(site: Site, tmp_path: Path) -> None:
    crawler = Crawler(tmp_path, site)
    tag = ("topic", "-a", "tag=Kota Tua")
    done = crawler.crawl(*tag)
    assert done.returncode == 0, done.stderr
    assert "found 23: 23 new, 0 updated, 0 unchanged" in done.stdout
    assert stored(crawler) == ids(tagged(site))
    pages = [f"/tag/kota-tua/{offset}" for offset in range(5, 25, 5)]
    # It ends with a page that shows nothing, as the last one looks like any other.
    assert listings(site) == ["/tag/kota-tua", *pages, "/tag/kota-tua/23"]
    row = last_run(crawler)
    assert (row["spider"], row["arguments"]) == ("topic", '{"tag": "Kota Tua"}')
    assert (row["healthy"], row["found"], row["new"]) == (1, 23, 23)
    # What is known now need not be read again.
    site.requests.clear()
    again = crawler.crawl(*tag, RECHECK_AGES="")
    assert again.returncode == 0, again.stderr
    assert listings(site) == ["/tag/kota-tua"]
    assert site.asked("/berita/") == []


def test_a_limit_is_kept(site: Site, tmp_path: Path) -> None:
    crawler = Crawler(tmp_path, site)
    done = crawler.crawl("topic", "-a", "tag=kota-tua", "-a", "limit=7")
    assert done.returncode == 0, done.stderr
    assert "found 7: 7 new" in done.stdout
    assert stored(crawler) == ids(tagged(site)[:7])
    assert listings(site) == ["/tag/kota-tua", "/tag/kota-tua/5"]
    assert crawler.rows("SELECT count(*) FROM pages")[0][0] == 7, "no more is remembered either"
    # A limit is no end: the next run goes on behind it.
    again = crawler.crawl("topic", "-a", "tag=kota-tua", RECHECK_AGES="")
    assert again.returncode == 0, again.stderr
    assert stored(crawler) == ids(tagged(site))
    assert len(site.asked("/berita/")) == 23, "none was fetched twice"


def test_a_section_is_read_to_its_end(site: Site, tmp_path: Path) -> None:
    crawler = Crawler(tmp_path, site)
    done = crawler.crawl("topic", "-a", "section=ekonomi")
    assert done.returncode == 0, done.stderr
    assert "found 60: 60 new" in done.stdout
    assert stored(crawler) == ids(site.newest("ekonomi"))
    assert listings(site) == [f"/index/ekonomi/{offset}" for offset in (0, 50, 100)]


def test_an_unknown_tag_stores_nothing(site: Site, tmp_path: Path) -> None:
    crawler = Crawler(tmp_path, site)
    done = crawler.crawl("topic", "-a", "tag=tidak-ada")
    assert done.returncode == 1
    assert "unhealthy: the site has no tag tidak-ada" in done.stderr.splitlines()
    assert listings(site) == ["/tag/tidak-ada"]
    assert site.asked("/berita/") == []
    assert crawler.rows("SELECT 1 FROM pages") == crawler.rows("SELECT 1 FROM articles") == []
    assert last_run(crawler)["healthy"] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "give one of tag=TAG and section=SECTION"),
        (("tag=a", "section=ekonomi"), "give one of tag=TAG and section=SECTION"),
        (("section=ekonimi",), "unknown section ekonimi; did you mean ekonomi? known are ameera"),
        (("tag=../../etc",), "tag=../../etc is not a tag"),
        (("tag=a", "limit=0"), "limit=0 is not a number of articles"),
        (("tag=a", "limit=x"), "limit=x is not a number of articles"),
        (("tag=a", "limit=-5"), "limit=-5 is not a number of articles"),
    ],
)
def test_bad_arguments_end_at_once(
    site: Site, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    crawler = Crawler(tmp_path, site)
    done = crawler.crawl("topic", *(part for argument in arguments for part in ("-a", argument)))
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert says in line
    assert site.requests == []
    assert not crawler.database.exists()
