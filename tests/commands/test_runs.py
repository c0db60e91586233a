"""The run history, and what a run says of a site that changed its pages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from crawler.database.store import Store
from crawler.dates import now
from tests import site as played
from tests.helpers import last_run, wait_for
from tests.site import Crawler, running_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.site import Site

NEWS: dict[str, Any] = {"host": "news.republika.co.id", "section": ("News", "Umum")}
ABSENT = "https://news.republika.co.id/berita/rgmwym370/judul"
COUNTS = ("new", "updated", "unchanged", "rejected", "gone", "failed", "pending")


# --- the history ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Four runs: healthy, unhealthy, killed, and one that still ran when the history was read."""
    with running_site() as site:
        crawler = Crawler(tmp_path_factory.mktemp("history"), site)
        site.publish(12, until=now() - timedelta(hours=1), **NEWS)
        assert crawler.crawl("latest").returncode == 0
        assert crawler.crawl("article", "-a", f"url={ABSENT}").returncode == 1
        site.publish(3, **NEWS)
        site.misbehave("/berita/", played.hang())

        def start(args: tuple[str, ...]) -> SimpleNamespace:
            site.requests.clear()
            with crawler.start(*args) as process:
                wait_for(lambda: len(site.asked("/berita/")) == 3)
                during = crawler.scrapy("runs"), crawler.scrapy("runs", "4")
                process.kill()
            return SimpleNamespace(history=during[0].stdout, run=during[1].stdout)

        start(("latest",))
        during = start(("backfill", "-a", f"since={now():%Y-%m-%d}"))
        yield SimpleNamespace(
            crawler=crawler, during=during, after=crawler.scrapy("runs"), site=site
        )


def lines_of(table: str) -> list[list[str]]:
    """The rows of a table, without its header, by their columns."""
    header, *rows = table.splitlines()
    assert header.split() == [
        *("run", "spider", "started", "took", "found", *COUNTS, "health"),
    ]
    return [re.split(r"\s{2,}", row.strip()) for row in rows]


def test_each_run_is_shown_with_its_counts(history: SimpleNamespace) -> None:
    done = history.after
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    healthy, unhealthy, *_ = lines_of(done.stdout)
    row = history.crawler.rows("SELECT * FROM runs WHERE id = 1")[0]
    began = row["started_at"][:16].replace("T", " ")
    assert healthy[:3] == ["1", "latest", began]
    assert re.fullmatch(r"\d+:\d\d:\d\d", healthy[3]), "how long it took"
    assert healthy[4:] == ["12", "12", "0", "0", "0", "0", "0", "0", "healthy"]
    says = "none of 1 articles could be stored"
    assert (unhealthy[1], unhealthy[-1]) == ("article", says)
    assert unhealthy[4:-1] == ["1", "0", "0", "0", "0", "1", "0", "0"]


def test_a_run_that_goes_on_is_running_and_one_that_was_killed_is_killed(
    history: SimpleNamespace,
) -> None:
    before = [row[-1] for row in lines_of(history.during.history)]
    assert (len(before), before[0], before[3]) == (4, "healthy", "running")
    assert "killed" in before[2]
    after = [row[-1] for row in lines_of(history.after.stdout)]
    assert len(after) == 4
    assert all("killed" in health for health in after[2:])
    # Neither ended, so nobody knows how long they took.
    assert [len(row) for row in lines_of(history.after.stdout)] == [13, 13, 12, 12]


def test_counts_of_every_run_balance(history: SimpleNamespace) -> None:
    for table in (history.during.history, history.after.stdout):
        for row in lines_of(table):
            found, *states = map(int, row[-9:-1])
            assert found == sum(states), row
    # What a run that is killed has found is in its row already.
    for row in lines_of(history.after.stdout)[2:]:
        assert row[-2] == "3", "pending"


def test_one_run_in_full(history: SimpleNamespace) -> None:
    done = history.crawler.scrapy("runs", "1")
    assert done.returncode == 0, done.stderr
    first, second, third, fourth, fifth, *rest = done.stdout.splitlines()
    assert first == "run 1: latest"
    assert re.fullmatch(
        r"started \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00, took \d+:\d\d:\d\d", second
    )
    assert third == (
        "found 12: 12 new, 0 updated, 0 unchanged, 0 rejected, 0 gone, 0 failed, 0 pending"
    )
    assert (fourth, fifth) == ("ended: finished", "health: healthy")
    notes = [line for line in rest if line.startswith("note: ")]
    assert "note: the feed https://www.republika.co.id/rss/otomotif is empty" in notes
    assert re.search(r"with republika-crawler \S+, parser \S+, python 3", rest[-1])


def test_a_run_that_goes_on_in_full(history: SimpleNamespace) -> None:
    told = history.during.run.splitlines()
    assert told[0] == f"run 4: backfill since={now():%Y-%m-%d}"
    assert told[1].endswith(", duration unknown (the process was killed)")
    assert told[3:5] == ["ended: not yet", "health: running"]


def test_the_last_runs_only(history: SimpleNamespace) -> None:
    done = history.crawler.scrapy("runs", "--last", "2")
    assert [row[0] for row in lines_of(done.stdout)] == ["3", "4"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("99",), "there is no run 99"),
        (("x",), "run: expected a whole number of at least 1, not 'x'"),
        (("0",), "run: expected a whole number of at least 1, not '0'"),
        (("-1",), ""),
        (("1", "2"), ""),
        (("9" * 30,), "expected a whole number of at least 1"),
        (("--last", "x"), "--last: expected a whole number of at least 1, not 'x'"),
        (("--last", "9" * 30), "expected a whole number of at least 1"),
    ],
)
def test_bad_arguments(history: SimpleNamespace, args: tuple[str, ...], says: str) -> None:
    done = history.crawler.scrapy("runs", *args)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_without_a_database_there_is_no_history(website: Site, tmp_path: Path) -> None:
    crawler = Crawler(tmp_path, website)
    done = crawler.scrapy("runs")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert f"there is no database {crawler.database} yet" in line
    assert list(tmp_path.iterdir()) == [], "and none is made"


def test_a_database_without_runs_has_an_empty_history(website: Site, tmp_path: Path) -> None:
    crawler = Crawler(tmp_path, website)
    Store(crawler.database).close()
    done = crawler.scrapy("runs")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "no crawl has run on this database yet\n"
    assert crawler.scrapy("runs", "1").returncode == 2


# --- a site that changes its pages ------------------------------------------------------------


def rewritten(pattern: str, by: str) -> played.Behaviour:
    """Articles in another markup."""

    def rewrite(url: str, right: played.Response) -> played.Response:
        body, times = re.subn(pattern, by, right.body.decode(), flags=re.DOTALL)
        assert times, "the pattern is not in the page"
        return replace(right, body=body.encode())

    return rewrite


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        (
            rewritten(r'<p class="max-card__teaser">.*?</p>|<meta name="description"[^>]*>', ""),
            "only 0 of 15 articles in layout republika2023 have lead, where 20 of 20 had",
        ),
        (
            rewritten(r"Rep: [^<]*?(?=Red:)", ""),
            "only 0 of 15 articles in layout republika2023 have reporters, where 20 of 20 had",
        ),
        (
            rewritten(r'class="', 'class="x-'),
            "the layout of 15 of 15 articles is not known",
        ),
    ],
    ids=["lead", "reporters", "layout"],
)
def test_a_change_of_the_layout_is_unhealthy(
    website: Site, tmp_path: Path, behaviour: played.Behaviour, says: str
) -> None:
    crawler = Crawler(tmp_path, website)
    website.publish(20, until=now() - timedelta(hours=2), spacing=timedelta(minutes=1), **NEWS)
    first = crawler.crawl("latest")
    assert first.returncode == 0, first.stderr
    website.publish(15, spacing=timedelta(minutes=1), **NEWS)
    website.misbehave("/berita/", behaviour)
    done = crawler.crawl("latest", RECHECK_AGES="")
    assert done.returncode == 1
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("unhealthy: "))
    assert line.startswith(f"unhealthy: {says}: ")
    assert "found 35: 15 new, 0 updated, 20 unchanged" in done.stdout, (
        "they are stored all the same"
    )
    row = last_run(crawler)
    assert (row["healthy"], row["why"]) == (0, line.removeprefix("unhealthy: "))
    if "layout of" in says:
        assert "15 of them in an unknown layout" in done.stdout
        layouts = crawler.rows("SELECT layout, count(*) FROM articles GROUP BY 1 ORDER BY 1")
        assert [tuple(row) for row in layouts] == [("generic", 15), ("republika2023", 20)]


def test_the_history_as_json(history: SimpleNamespace) -> None:
    done = history.crawler.scrapy("runs", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    healthy, unhealthy, *killed = map(json.loads, done.stdout.splitlines())
    assert (healthy["id"], healthy["spider"], healthy["state"]) == (1, "latest", "healthy")
    assert healthy["counts"] == {"found": 12, "new": 12} | dict.fromkeys(COUNTS[1:], 0)
    assert unhealthy["why"] == ["none of 1 articles could be stored"]
    assert {run["state"] for run in killed} <= {"unhealthy", "killed"}
    one = json.loads(history.crawler.scrapy("runs", "--json", "1").stdout)
    assert one == {**healthy, "changes": []}


def test_the_log_and_the_history_tell_the_same_time(
    tmp_path: Path, website: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    website.publish(1)
    crawler = Crawler(tmp_path, website)
    done = crawler.crawl("latest", LOG_LEVEL="INFO")
    begun = datetime.fromisoformat(last_run(crawler)["started_at"])
    stamps = re.findall(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+0700) \[", done.stderr, re.MULTILINE)
    assert len(stamps) > 5
    for stamp in stamps:
        assert abs(datetime.strptime(stamp, "%Y-%m-%d %H:%M:%S%z") - begun) < timedelta(minutes=2)
