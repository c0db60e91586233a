"""What Scrapy's users and its other packages take for granted works here too."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from tests.helpers import GUESTS, ROOT, last_run, serving, stored
from tests.site import Crawler

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.site import Site

NEWS: dict[str, Any] = {"host": "news.republika.co.id", "section": ("News", "Umum")}

# Puts down which robots.txt was parsed.
LISTENER = """
from pathlib import Path
from scrapy import signals

class Listener:
    @classmethod
    def from_crawler(cls, crawler):
        listener = cls()
        crawler.signals.connect(listener.parsed, signals.robots_parsed)
        return listener

    def parsed(self, robotparser, request):
        with Path("parsed.txt").open("a") as file:
            file.write(f"{robotparser.allowed(request.url, '*')} {request.url}\\n")
"""
# A page object that a callback of the project gets from scrapy-poet.
PAGE = """
import attrs
from collections.abc import AsyncIterator
from scrapy.http import Response
from web_poet import WebPage
from crawler.article import Article
from spiders.latest import LatestSpider

class Page(WebPage):
    @property
    def title(self) -> str | None:
        return self.css("h1::text").get()

class PagesSpider(LatestSpider):
    name = "pages"

    async def parse_article(
        self, response: Response, page_id: str, page: Page
    ) -> AsyncIterator[Article]:
        self.run.add_note(f"the page is titled {page.title}")
        async for article in super().parse_article(response, page_id):
            yield article
"""


def run(
    folder: Path, *args: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``scrapy`` in a folder, with what belongs to this project in reach."""
    # A command that ran in this process has left Scrapy the settings of this project.
    own = ("REPUBLIKA_", "SCRAPY_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *args],
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT)} | (environment or {}),
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, for a user to add to."""
    folder = tmp_path / "project"
    for name in ("crawler", "spiders", "pipelines"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "scrapy.cfg", folder)
    return folder


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """Somebody else's project, that has switched on the add-on."""
    assert run(tmp_path, "startproject", "kliping").returncode == 0
    folder = tmp_path / "kliping"
    with (folder / "kliping" / "settings.py").open("a") as file:
        file.write('ADDONS = {"crawler.addon.Republika": 100}\n')
        file.write('EXTENSIONS = {"kliping.listener.Listener": 0}\n')
        file.write("DOWNLOAD_DELAY = 0\n")
    (folder / "kliping" / "listener.py").write_text(LISTENER)
    return folder


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a site that is not Republika."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("<title>Pasar Terapung</title>")
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as httpd:
        yield f"http://127.0.0.1:{httpd.server_port}/"


def test_a_spider_of_the_users_own_runs(project: Path, server: str) -> None:
    made = run(project, "genspider", "pasar", server)
    assert made.returncode == 0, made.stderr
    spider = project / "spiders" / "pasar.py"
    text = spider.read_text()
    assert server in text
    spider.write_text(text.replace("pass", 'yield {"title": response.css("title::text").get()}'))
    done = run(project, "crawl", "pasar", "-O", "pasar.json", "-s", "DOWNLOAD_DELAY=0")
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr
    assert json.loads((project / "pasar.json").read_text()) == [{"title": "Pasar Terapung"}]
    assert not (project / "republika.db").exists()
    misspelt = run(project, "crawl", "pasr")
    assert misspelt.returncode == 2
    assert "known are latest, backfill, topic, article, archive, pasar" in misspelt.stderr


def test_the_parts_work_in_another_project(foreign: Path, website: Site) -> None:
    (story,) = website.publish(1, **NEWS)
    done = run(foreign, "crawl", "latest", environment=website.environment())
    assert done.returncode == 0, done.stderr
    crawler = Crawler(foreign, website)
    assert stored(crawler) == {story.id}
    assert last_run(crawler)["healthy"]
    assert list((foreign / "captures").glob("*.warc.gz"))
    assert run(foreign, "settings", "--get", "BOT_NAME").stdout.strip() == "kliping"


def test_robots_txt_is_counted_and_announced(foreign: Path, website: Site) -> None:
    (story,) = website.publish(1, **NEWS)
    done = run(foreign, "crawl", "latest", environment=website.environment())
    hosts = set(re.findall(r"https://([^/]+)", (foreign / "parsed.txt").read_text()))
    assert story.host in hosts
    counts = dict(re.findall(r"'robotstxt/(\w+(?:/\d+)?)': (\d+)", done.stderr))
    assert counts == dict.fromkeys(
        ("request_count", "response_count", "response_status_count/200"), str(len(hosts))
    )


def test_page_objects_reach_the_callbacks(project: Path, website: Site) -> None:
    (story,) = website.publish(1, **NEWS)
    (project / "spiders" / "pages.py").write_text(PAGE)
    addons = {"crawler.addon.Republika": 100, "scrapy_poet.Addon": 300}
    crawler = Crawler(project, website)
    environment = crawler.environment(ADDONS=json.dumps(addons))
    environment["PYTHONPATH"] = f"{ROOT}:{GUESTS}"
    done = run(project, "crawl", "pages", environment=environment)
    assert done.returncode == 0, done.stderr
    assert stored(crawler) == {story.id}
    assert f"the page is titled {story.title}" in last_run(crawler)["notes"].splitlines()
