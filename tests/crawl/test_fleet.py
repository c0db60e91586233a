"""Days crawled by the machines of a cluster come to what one machine's crawl comes to."""

from __future__ import annotations

import signal
import subprocess
from datetime import timedelta

import pytest

from crawler.database.store import Store
from crawler.dates import WIB, iso
from tests.captures.cluster import Cluster
from tests.database.helpers import page
from tests.helpers import ROOT, wait_for
from tests.site import Crawler
from tests.site.client import NOON

DAYS = 2
FIRST, LAST = (NOON.astimezone(WIB).date() + timedelta(days=n) for n in (1 - DAYS, 0))
SPAN = ("--since", str(FIRST), "--until", str(LAST))
STATES = "SELECT id, state, reason FROM pages ORDER BY id"
RECORDS = "SELECT id, title, body, published_at FROM articles ORDER BY id"


@pytest.fixture
def site(website):
    for number in range(DAYS):
        website.publish(6, until=NOON - timedelta(days=number))
    return website


def fleet(crawler, cluster, *args):
    command = crawler.command("fleet", "backfill", "--on", cluster.address, *SPAN, *args)
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=crawler.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_machine_that_dies_costs_its_day_which_another_one_does(site, tmp_path):
    alone = Crawler(tmp_path / "alone", site)
    alone.folder.mkdir()
    assert alone.crawl("backfill", "-a", f"since={FIRST}", "-a", f"until={LAST}").returncode == 0
    crawler = Crawler(tmp_path / "fleet", site)
    crawler.folder.mkdir()
    with Cluster(crawler.folder, crawler.environment()) as cluster:
        cluster.start(2)
        site.requests.clear()
        running = fleet(crawler, cluster, "--pace", "0.05")
        wait_for(lambda: len(site.requests) > 3, 90)
        cluster.workers[0].kill()
        out, err = running.communicate(timeout=100)
        assert (running.returncode, err) == (0, ""), out
        assert cluster.workers[0].wait() == -signal.SIGKILL
        assert out.splitlines() == [
            "2 machines at a time, each a request every 0.1 s: one every 0.05 s in all",
            f"{DAYS} days crawled",
        ]
        for sql in (STATES, RECORDS):
            assert [*map(tuple, crawler.rows(sql))] == [*map(tuple, alone.rows(sql))]
        places = crawler.rows("SELECT DISTINCT file FROM captures")
        assert all((crawler.captures / row["file"]).is_file() for row in places)
        machines = "SELECT DISTINCT json_extract(arguments, '$.machine') AS name FROM runs"
        days = {f"day-{FIRST + timedelta(days=number)}" for number in range(DAYS)}
        assert {row["name"] for row in crawler.rows(machines)} == days
        # What is complete is not asked for again; what waits is told.
        site.requests.clear()
        with Store(crawler.database) as store:
            store.pages.find([page("rgmwym370")], iso(NOON))
        running = fleet(crawler, cluster)
        out, err = running.communicate(timeout=100)
        assert running.returncode == 1
        assert out.splitlines()[-1] == "0 days crawled"
        assert err == "unhealthy: articles that were found and are pending: 1\n"
        assert site.requests == []


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ((), "give what to crawl: backfill"),
        (("latest", "--on", "tcp://10.0.0.1:8786"), "give what to crawl: backfill"),
        (("backfill", "--since", "2022-08-01"), "give --on tcp://HOST:8786 and --since DAY"),
        (("backfill", "--on", "10.0.0.1", "--since", "2022-08-01"), "expected the scheduler"),
        (("backfill", "--on", "tcp://a:1", "--since", "2999-01-01"), "2999-01-01 is in the future"),
        (("backfill", "--pace", "-1"), "--pace: expected seconds, as 0.5, not '-1'"),
    ],
)
def test_bad_arguments_are_one_line(website, tmp_path, args, line):
    crawler = Crawler(tmp_path, website)
    done = crawler.scrapy("fleet", *args)
    assert done.returncode == 2
    (told,) = done.stderr.splitlines()
    assert line in told
    assert not crawler.database.exists()
