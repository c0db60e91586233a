"""What other tools recorded gives the same articles."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from crawler.captures.response import Skipped
from crawler.captures.warc import scan
from crawler.dates import WIB
from tests import helpers
from tests.captures.again import reparse
from tests.helpers import rows
from tests.site import Crawler, Site

if TYPE_CHECKING:
    from pathlib import Path


def wget(path: Path, site: Site, urls: list[str]) -> None:
    program = helpers.tool("wget")
    environment = site.environment()
    packing = [] if path.suffix == ".gz" else ["--no-warc-compression"]
    name = path.name.removesuffix(".gz").removesuffix(".warc")
    subprocess.run(
        [
            *(program, "--quiet", "--output-document=/dev/null", f"--warc-file={name}"),
            *("--ca-certificate", environment["SSL_CERT_FILE"], *packing, *urls),
        ],
        cwd=path.parent,
        check=True,
        timeout=60,
        env={**os.environ, **environment},
    )


RECORD = """
import sys
from warcio.capture_http import capture_http  # before http.client, which it changes
from urllib.request import Request, urlopen

path, *urls = sys.argv[1:]
with capture_http(path, warc_version="1.1", gzip=path.endswith(".gz")):
    for url in urls:
        urlopen(Request(url, headers={"Accept-Encoding": "gzip"})).read()
"""


def recorder(path: Path, site: Site, urls: list[str]) -> None:
    """It records no more than plain HTTP, unless other libraries are there."""
    plain = [url.replace("https://", "http://") for url in urls]
    subprocess.run(
        [sys.executable, "-c", RECORD, str(path), *plain],
        check=True,
        timeout=60,
        env={**os.environ, **site.environment()},
    )


@pytest.mark.parametrize(
    ("tool", "name"),
    [(wget, "w.warc.gz"), (wget, "w.warc"), (recorder, "r.warc.gz"), (recorder, "r.warc")],
)
def test_what_other_tools_recorded_gives_the_same_articles(
    website: Site, tmp_path: Path, tool, name: str
) -> None:
    stories = website.publish(3, until=datetime(2022, 8, 15, 20, tzinfo=WIB))
    urls = [story.url for story in stories]
    urls[2] = urls[2].replace("https://", "http://")
    crawler = Crawler(tmp_path, website)
    assert crawler.crawl("article", "-a", f"url={','.join(urls)}").returncode == 0
    tool(tmp_path / name, website, [*urls, "https://www.republika.co.id/"])
    database = tmp_path / "again.db"
    done = reparse(database, str(tmp_path / name))
    assert done.returncode == 0, done.stderr
    assert "found 3: 3 new" in done.stdout
    assert _without_fetched_at(database) == _without_fetched_at(crawler.database)
    dates = {one.url: one.date for one in scan(tmp_path / name) if not isinstance(one, Skipped)}
    for row in rows(database, "SELECT fetched_at, url FROM captures"):
        assert datetime.fromisoformat(row["fetched_at"]) == dates[row["url"]].replace(microsecond=0)
    fetched = "SELECT 1 FROM articles JOIN captures ON article_id = articles.id"
    assert len(rows(database, f"{fetched} AND articles.fetched_at = captures.fetched_at")) == 3


def _without_fetched_at(database: Path) -> list[tuple]:
    connection_rows = rows(database, "SELECT * FROM articles ORDER BY id")
    times = ("fetched_at", "first_seen_at", "updated_at")
    return [tuple(row[name] for name in row.keys() if name not in times) for row in connection_rows]  # noqa: SIM118
