"""The project deployed to a real Scrapyd, with its configuration in deploy/."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Any, Self
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

import pytest

from tests.helpers import ROOT, SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.deploy.host import Host


class Scrapyd:
    """A Scrapyd on the loopback interface, configured by deploy/scrapyd.conf."""

    def __init__(self, host: Host) -> None:
        self.host = host
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.said = host.root / "scrapyd.log"
        self.env = {"PATH": os.environ["PATH"], "HOME": str(host.root)}  # no proxy among it
        self.direct = build_opener(ProxyHandler({}))

    def __enter__(self) -> Self:
        folder = self.host.state / "scrapyd"
        folder.mkdir()
        (folder / "scrapyd.conf").write_text(
            self.host.file("scrapyd.conf") + f"http_port = {self.port}\npoll_interval = 0.2\n"
        )
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scrapyd", "--pidfile="],
                cwd=folder,
                env=self.env,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        try:
            self.wait_for(lambda: self.ask("daemonstatus.json"))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)

    def wait_for(self, condition: Callable[[], object]) -> None:
        for _ in range(300):
            assert self.process.poll() is None, self.said.read_text()
            try:
                if condition():
                    return
            except URLError:
                pass  # not up yet
            time.sleep(0.1)
        pytest.fail(f"waited in vain: {self.said.read_text()}")

    def ask(self, service: str, *form: tuple[str, object]) -> dict[str, Any]:
        data = urlencode(form).encode() or None
        with self.direct.open(self.url + service, data, timeout=30) as response:
            answer: dict[str, Any] = json.load(response)
        assert answer["status"] == "ok", answer
        return answer

    def finished(self, job: str) -> dict[str, Any] | None:
        jobs = self.ask("listjobs.json")["finished"]
        return next((entry for entry in jobs if entry["id"] == job), None)


def clone(folder: Path, port: int) -> Path:
    """The project, as somebody has it who deploys it to this port."""
    for name in ("crawler", "spiders", "pipelines", "tests", "samples", "benchmarks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder)
    target = (ROOT / "scrapy.cfg").read_text()
    assert "http://127.0.0.1:6800/" in target
    (folder / "scrapy.cfg").write_text(target.replace("6800", str(port)))
    return folder


def test_scrapyd_runs_what_is_deployed(host: Host) -> None:
    with Scrapyd(host) as scrapyd:
        deployed = subprocess.run(
            [sys.executable, "-m", "scrapyd_client.deploy"],
            cwd=clone(host.root / "clone", scrapyd.port),
            env=scrapyd.env,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        answer = json.loads(deployed.stdout)
        assert (answer["status"], answer["project"]) == ("ok", "republika")

        (egg,) = (host.state / "scrapyd/eggs/republika").glob("*.egg")
        with zipfile.ZipFile(egg) as archive:
            names = archive.namelist()
        assert "crawler/browse/templates/archive.html" in names
        folders = {name.partition("/")[0] for name in names}
        assert folders == {"EGG-INFO", "crawler", "spiders", "pipelines"}

        job = scrapyd.ask(
            "schedule.json",
            ("project", "republika"),
            ("spider", "backfill"),
            ("since", "2022-08-15"),
            ("until", "2022-08-15"),
            ("setting", f"DATABASE={host.database}"),
            ("setting", f"CAPTURES={host.state / 'captures'}"),
            ("setting", f"REPLAY={SAMPLES}"),
        )["jobid"]
        scrapyd.wait_for(lambda: scrapyd.finished(job))

    said = scrapyd.said.read_text()
    assert "Process finished" in said, said
    assert "found 20: 17 new" in said
    log = host.state / f"scrapyd/logs/republika/backfill/{job}.log"
    assert "Spider closed (finished)" in log.read_text()
    with closing(sqlite3.connect(host.database)) as database:
        assert database.execute("SELECT count(*) FROM articles").fetchone() == (17,)
        assert database.execute("SELECT healthy FROM runs").fetchone() == (1,)
