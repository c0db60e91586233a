"""A pipeline of a user's own, after the one that stores: it learns what became of each article."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.dates import now
from tests.helpers import ROOT
from tests.site import Crawler

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site import Site

README = ROOT / "README.md"
TELLS = """
class TellPipeline:
    def process_item(self, item):
        with open("told.txt", "a") as file:
            file.write(f"{item.outcome} {item.id} {item.word_count}\\n")
        return item
"""


def crawl(crawler: Crawler, pipeline: str, code: str, *args: str) -> None:
    """Crawl the newest articles with a pipeline, in a folder that is on the module path."""
    (crawler.folder / "alerts.py").write_text(code)
    settings = ["-s", "ITEM_PIPELINES=" + json.dumps({f"alerts.{pipeline}": 400})]
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", *(args or ("latest",)), *settings],
        cwd=crawler.folder,
        env=crawler.environment(RECHECK_AGES="")
        | {"PYTHONPATH": f"{ROOT}:{crawler.folder}", "SCRAPY_SETTINGS_MODULE": "crawler.settings"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_the_pipeline_of_the_readme_tells_of_each_article_once(
    website: Site, tmp_path: Path
) -> None:
    (code,) = re.findall(
        r"```python\n(class AlertPipeline.*?)```", README.read_text("utf-8"), re.DOTALL
    )
    assert len(code.strip().splitlines()) <= 11
    until = now() - timedelta(minutes=5)
    (wanted,) = website.publish(until=until, paragraphs=("Harga cabai naik di pasar itu.",) * 2)
    website.publish(2, until=until - timedelta(hours=1))
    crawler = Crawler(tmp_path, website)
    crawl(crawler, "AlertPipeline", code)
    website.change(wanted.id, title="Harga Cabai Naik Lagi")
    crawl(crawler, "AlertPipeline", code, "article", "-a", f"url={wanted.url}")
    told = (tmp_path / "alerts.txt").read_text("utf-8").splitlines()
    assert told == [f"{wanted.title} {wanted.url}"]


def test_what_leaves_the_store_is_what_it_holds(website: Site, tmp_path: Path) -> None:
    (story,) = website.publish(until=now() - timedelta(hours=2))
    website.validators = False
    crawler = Crawler(tmp_path, website)
    again = ("article", "-a", f"url={story.url}", "-O", "told.csv")
    crawl(crawler, "TellPipeline", TELLS, *again)
    crawl(crawler, "TellPipeline", TELLS, *again)
    website.change(story.id, title="Judul Baru")
    crawl(crawler, "TellPipeline", TELLS, *again)
    website.change(story.id, title="Judul Baru", paragraphs=("Artikel dipotong.",))
    crawl(crawler, "TellPipeline", TELLS, *again)
    (stored,) = crawler.rows("SELECT * FROM articles")
    words = stored["word_count"]
    told = (tmp_path / "told.txt").read_text().splitlines()
    assert told == [
        f"{outcome} {story.id} {words}" for outcome in ("new", "unchanged", "updated", "unchanged")
    ]
    with (tmp_path / "told.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert "outcome" not in row
    assert (row["title"], row["body"]) == ("Judul Baru", stored["body"])
