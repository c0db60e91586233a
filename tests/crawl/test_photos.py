"""`KEEP_IMAGES`: photos of articles are kept as captures, and cost the articles nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from crawler.captures.warc import read_capture
from tests.helpers import last_run
from tests.site import Crawler, running_site
from tests.site.behaviours import Response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.site import Site, Story

STATIC = "https://static.republika.co.id/uploads/images/"
JPEG = b"\xff\xd8\xff\xe0 foto"
HTML = {"Content-Type": "text/html"}


def photo(story: Story) -> str:
    return f"{STATIC}inpicture_slide/{story.id}.jpg"


class Life:
    """Two crawls of five articles.

    The photo of one lacks at first, that of one is a page, one is refused by robots.txt, and one
    lies on a host of others.
    """

    def __init__(self, site: Site, crawler: Crawler) -> None:
        self.crawler = crawler
        site.misbehave("static.republika.co.id/uploads", lambda _, __: picture())
        stories = site.publish(5)
        self.good, self.lacking, self.wrong, self.shut, self.foreign = stories
        site.misbehave(f"{self.lacking.id}.jpg", lambda _, right: replace(right, status=404), 1)
        site.misbehave(f"{self.wrong.id}.jpg", lambda _, __: Response(200, b"<p>Maaf</p>", HTML))
        site.misbehave(f"berita/{self.foreign.id}", elsewhere)
        site.robots["static.republika.co.id"] = (
            f"User-agent: *\nDisallow: /uploads/images/inpicture_slide/{self.shut.id}\n"
        )
        urls = ",".join(story.url for story in stories)
        self.first = crawler.crawl("article", "-a", f"url={urls}", KEEP_IMAGES="1")
        self.asked = [one.path for one in site.asked("static.republika.co.id")]
        self.run = last_run(crawler)
        site.requests.clear()
        site.change(self.lacking.id, lead="Sudah diperbarui.")
        site.ahead = timedelta(minutes=5)  # captures of one second have no order
        self.second = crawler.crawl("article", "-a", f"url={urls}", KEEP_IMAGES="1")
        self.asked_again = [one.path for one in site.asked("static.republika.co.id/uploads")]
        self.run_again = last_run(crawler)


def read_index(path: Path) -> bytes:
    with ZipFile(path) as archive:
        return archive.read("indexes/index.cdx")


def elsewhere(_: str, right: Response) -> Response:
    body = right.body.replace(b"static.republika.co.id", b"foto.contoh.example")
    return replace(right, body=body)


def picture() -> Response:
    return Response(200, JPEG, {"Content-Type": "image/jpeg"})


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    with running_site() as site:
        yield Life(site, Crawler(tmp_path_factory.mktemp("photos"), site))


def test_a_photo_is_a_capture(life: Life) -> None:
    (row,) = life.crawler.rows("SELECT * FROM captures WHERE url = ?", photo(life.good))
    captured = read_capture(life.crawler.captures / row["file"], row["offset"])
    assert (captured.payload, row["payload_type"], row["article_id"]) == (JPEG, "image/jpeg", None)


def test_each_is_asked_for_once_under_robots_txt(life: Life) -> None:
    asked = (life.good, life.lacking, life.wrong)
    paths = [f"/uploads/images/inpicture_slide/{story.id}.jpg" for story in asked]
    assert sorted(life.asked) == sorted(["/robots.txt", *paths])
    assert life.asked[0] == "/robots.txt"
    # What could not be had is asked for again when its article is read again, and nothing else.
    again = (life.lacking, life.wrong)
    assert sorted(life.asked_again) == sorted(
        f"/uploads/images/inpicture_slide/{story.id}.jpg" for story in again
    )
    (row,) = life.crawler.rows(
        "SELECT status FROM captures WHERE url = ? ORDER BY id DESC LIMIT 1", photo(life.lacking)
    )
    assert row["status"] == 200


def test_failures_are_counted_and_cost_no_article(life: Life) -> None:
    assert life.first.returncode == life.second.returncode == 0, life.first.stderr
    assert (life.run["new"], life.run_again["updated"]) == (5, 1)
    assert "photos not kept: 3, the first https://static.republika.co.id" in life.run["notes"]
    assert "photos on hosts of others, not asked for: 1" in life.run["notes"]
    assert "photos not kept: 2, the first" in life.run_again["notes"]


def test_the_archive_of_an_article_has_its_photo_and_reparse_passes_it_over(
    life: Life,
) -> None:
    path = life.crawler.folder / "a.wacz"
    done = life.crawler.scrapy("export", "-o", str(path), life.good.id)
    assert done.returncode == 0, done.stderr
    assert photo(life.good).encode() in read_index(path)
    done = life.crawler.scrapy("reparse", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "found 5: 0 new, 0 updated, 5 unchanged, 0 rejected" in done.stdout


def test_photos_that_are_not_asked_for_are_counted_too(website: Site, tmp_path: Path) -> None:
    stories = website.publish(3)
    busy = Response(429, b"", {"Retry-After": "86400"})
    website.misbehave("static.republika.co.id/uploads", lambda _, __: busy)
    crawler = Crawler(tmp_path, website)
    urls = ",".join(story.url for story in stories)
    slowly = {"CONCURRENT_REQUESTS": 1, "DOWNLOAD_DELAY": 0.1}
    done = crawler.crawl("article", "-a", f"url={urls}", KEEP_IMAGES="1", **slowly)
    assert done.returncode == 0, done.stderr
    assert "photos not kept: 3, the first" in last_run(crawler)["notes"]
    assert len(website.asked("static.republika.co.id/uploads")) < 3
