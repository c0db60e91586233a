"""A process that is killed loses nothing that it stored."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from crawler.database.store import Store
from tests.database.helpers import (
    check_search,
    one,
    rows,
    search,
)
from tests.records import T1, article, save

# Saves articles for ever and prints each id after it is stored.
WRITE = """
import sys
sys.path.insert(0, sys.argv[2])
from crawler.database.store import Store
from tests.records import T1, article, capture, save
store = Store(sys.argv[1])
for number in range(int(sys.argv[3]), 10**6):
    name = f"{number:06}"
    store.captures.remember(capture(number, article_id=name))
    save(store, article(name, body=f"kata{number} " * 200), now=T1)
    print(name, flush=True)
"""


def test_kill_at_any_instant(path):
    noise = random.Random(0)
    printed: list[str] = []
    for _ in range(5):
        command = [sys.executable, "-c", WRITE, path, Path(__file__).parents[2], str(len(printed))]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            printed.append(writer.stdout.readline().strip())
            time.sleep(noise.uniform(0.01, 0.2))
            writer.send_signal(signal.SIGKILL)
            printed += writer.stdout.read().split()
        with Store(path) as store:
            assert one(store, "PRAGMA integrity_check") == ("ok",)
            check_search(store)
            ids = [row[0] for row in rows(store, "SELECT id FROM articles ORDER BY id")]
            # the last may be stored and not printed
            assert ids[: len(printed)] == printed
            assert len(ids) - len(printed) in (0, 1)
            for table, column in [("captures", "article_id"), ("pages", "id")]:
                stored = rows(store, f"SELECT {column} FROM {table} ORDER BY 1")
                assert [row[0] for row in stored] == ids
            printed = ids


# Reads listings and stores what they show, as a crawl does, until it is killed; prints how much of
# a run the database must have by now.
CRAWL = """
import sys
sys.path.insert(0, sys.argv[2])
from scrapy import Spider
from scrapy.crawler import Crawler
from crawler.crawl.run import RunExtension
from crawler.database.pages import Found
from crawler.database.results import Refused, Visit
from crawler.database.store import Store
from pipelines.store import StorePipeline
from tests.records import T1, article
run = RunExtension(Crawler(Spider), Store(sys.argv[1]))
pipeline = StorePipeline(run)
run.store.runs.begin("latest", {}, {}, T1)
for number in range(10**6):
    names = [f"{run.store.runs.current}{number:04}{letter}" for letter in "abcdef"]
    run.store.pages.find([Found(id=name, url="https://x") for name in names], T1)
    for name in names:
        run.count_found(name)
    for name in names[:3]:
        run.take_up(name)
        run.answered(name, Visit(200))
        pipeline.process_item(article(name))
    run.take_up(names[3])
    run.settle(names[3], Refused("gone", "HTTP 404", "https://x"))
    print(number, flush=True)
"""


def test_counts_balance_wherever_a_run_is_killed(tmp_path):
    """They are those of what is stored, and at most one listing behind what was found."""
    noise = random.Random(0)
    path = tmp_path / "republika.db"
    for _ in range(5):
        command = [sys.executable, "-c", CRAWL, path, Path(__file__).parents[2]]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as crawl:
            printed = crawl.stdout.readline()
            time.sleep(noise.uniform(0.01, 0.2))
            crawl.send_signal(signal.SIGKILL)
            printed = (crawl.stdout.read().split() or [printed])[-1]
        with Store(path) as store:
            (killed,) = store.runs.last(1)
            found, *others = killed.counts.values()
            assert found == sum(others) > 0
            ((stored, known),) = store.db.execute(
                "SELECT sum(state = 'stored'), count(*) FROM pages WHERE found_run = ?",
                [killed.id],
            ).fetchall()
            assert stored > 3 * int(printed)
            assert stored == killed.counts["new"]
            assert 0 <= known - found <= 6
            assert killed.finish_reason is None
            store.runs.begin("latest", {}, {}, T1)
            assert store.runs.get(killed.id).finish_reason == "killed"


def test_a_copy_of_the_three_files_opens(path, tmp_path):
    """What a backup takes of a database in use: the log has what the file has not."""
    with Store(path) as store:
        save(store, article(), now=T1)
        for file in list(tmp_path.iterdir()):
            shutil.copy(file, tmp_path / f"copy-{file.name}")
    with Store(tmp_path / "copy-republika.db") as copy:
        assert search(copy, "kedelai") == ["rgmwym370"]
