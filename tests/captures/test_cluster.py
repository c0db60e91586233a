"""Archives read on a Dask cluster make the same database, whoever dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from crawler.captures import cluster as cluster_module
from crawler.captures.cluster import check_cluster, cluster_engine
from crawler.errors import ArgumentError, WorkerError
from tests.captures.again import FIRST, PUTIN, archive, records, reparse
from tests.captures.cluster import Cluster
from tests.captures.storage import storing
from tests.helpers import ROOT, rows

ARCHIVES = 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory, putin_page):
    """Archives with two articles each, of which the second is edited in the next archive."""
    folder = tmp_path_factory.mktemp("news")
    url, page = putin_page
    for number in range(ARCHIVES):
        captures = []
        for other in (number, number + 1):
            new = f"{PUTIN[:6]}{other + 1:03d}"
            text = page.replace(PUTIN, new).replace(" surat ", f" surat {other} pada {number} ")
            captures.append((url.replace(PUTIN, new), 200, text))
        made = archive(folder / "made", *captures, begin=FIRST + timedelta(days=number))
        (file,) = made.iterdir()
        file.rename(folder / f"NEWS-{number}.warc.gz")
        made.rmdir()
    return folder


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with Cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        cluster.start(2)
        yield cluster


def names(storage):
    return [f"{storage.url}/NEWS-{number}.warc.gz" for number in range(ARCHIVES)]


def contents(database):
    tables = records(database)
    tables["captures"] = [tuple(row) for row in rows(database, "SELECT * FROM captures")]
    return tables


@pytest.fixture(scope="module")
def local(folder, tmp_path_factory):
    """What it comes to without a cluster."""
    database = tmp_path_factory.mktemp("local") / "a.db"
    with storing(folder) as storage:
        assert reparse(database, *names(storage), "--jobs", "1").returncode == 0
    found = contents(database)
    assert len(found["articles"]) == ARCHIVES + 1
    assert len(found["revisions"]) == ARCHIVES - 1
    return found


def test_a_worker_that_is_killed_costs_only_time(cluster, storage, local, tmp_path):
    doomed = cluster.workers[0]
    storage.at_get = {2: doomed.kill, 4: cluster.add_worker}
    database = tmp_path / "a.db"
    done = reparse(database, *names(storage), "--on", cluster.address, "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert doomed.wait() == -signal.SIGKILL
    assert contents(database) == local
    kept = sorted(path.name for path in database.with_suffix(".captures").iterdir())
    assert kept == [f"NEWS-{number}.republika.warc.gz" for number in range(ARCHIVES)]


def test_a_writer_that_is_killed_goes_on_at_the_next_archive(cluster, storage, local, tmp_path):
    database = tmp_path / "a.db"
    captures = database.with_suffix(".captures")
    command = [sys.executable, "-m", "scrapy", "reparse", *names(storage), "--on", cluster.address]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REPUBLIKA_")}
    writer = subprocess.Popen(
        [*command, "-s", f"DATABASE={database}", "-s", f"CAPTURES={captures}"], cwd=ROOT, env=clean
    )
    storage.at_get = {5: writer.kill}
    assert writer.wait() == -signal.SIGKILL
    read = {row["name"] for row in rows(database, "SELECT name FROM sources")}
    storage.asked.clear()
    done = reparse(database, *names(storage), "--on", cluster.address, "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert contents(database) == local
    asked = {f"{storage.url}{path}" for method, path in storage.asked if method == "GET"}
    assert asked == set(names(storage)) - read


def test_a_scheduler_that_is_killed_is_one_line_and_the_next_run_ends_it(
    storage, local, monkeypatch, tmp_path
):
    database = tmp_path / "a.db"
    monkeypatch.setattr(cluster_module, "_ANSWER", 1)
    with Cluster(tmp_path) as cluster:
        cluster.start(0)
        with (
            pytest.raises(WorkerError, match="has no worker: start one"),
            cluster_engine(cluster.address),
        ):
            pass
        assert cluster.scheduler
        cluster.add_worker()
        storage.at_get = {3: cluster.scheduler.kill}
        done = reparse(database, *names(storage), "--on", cluster.address, "--jobs", "1")
        assert done.returncode == 1
        (line,) = done.stderr.splitlines()
        assert line.startswith(f"scrapy reparse: the cluster at {cluster.address} failed")
    with (
        pytest.raises(WorkerError, match=f"no scheduler answers at {cluster.address}"),
        cluster_engine(cluster.address),
    ):
        pass
    done = reparse(database, *names(storage), "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert contents(database) == local


@pytest.mark.parametrize("address", ["10.0.0.1:8786", "tcp://10.0.0.1", "http://10.0.0.1:8786"])
def test_what_is_no_scheduler_is_a_bad_argument(address):
    with pytest.raises(ArgumentError, match="expected the scheduler, as tcp://HOST:8786"):
        check_cluster(address)


def test_without_the_extra_it_is_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ArgumentError, match="needs the extra `cluster`"):
        check_cluster("tcp://10.0.0.1:8786")
