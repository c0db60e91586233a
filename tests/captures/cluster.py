"""A Dask cluster on the loopback interface: a scheduler and workers, each a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Self

from tests.helpers import ROOT, wait_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DASK = [sys.executable, "-m", "dask"]
_LOADED = 90  # seconds in which a busy machine starts a process of Dask


class Cluster:
    """Started by :meth:`start`; ``address`` is the scheduler's from then on."""

    def __init__(self, folder: Path, environment: Mapping[str, str] = os.environ) -> None:
        self._folder = folder
        self._environment = environment
        self._number = 0
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.address = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*self.workers, *filter(None, [self.scheduler])):
            process.kill()
            process.wait()

    def start(self, workers: int, port: int = 0) -> None:
        """Start a scheduler, at this port or any, and that many workers."""
        file = self._folder / "scheduler.json"
        file.unlink(missing_ok=True)
        self.scheduler = self._run(
            "scheduler", "--port", str(port), "--scheduler-file", str(file), "--no-show"
        )
        wait_for(file.exists, _LOADED)
        wait_for(lambda: file.read_text().endswith("}"), _LOADED)
        self.address = json.loads(file.read_text())["address"]
        for _ in range(workers):
            self.add_worker()

    def add_worker(self) -> subprocess.Popen[bytes]:
        worker = self._run(
            "worker",
            self.address,
            "--no-nanny",
            "--nthreads",
            "1",
            "--memory-limit",
            "0",
            "--local-directory",
            str(self._folder / "scratch"),
            "--death-timeout",
            "20",
        )
        self.workers.append(worker)
        return worker

    def wait_for_workers(self) -> None:
        """Wait until the scheduler knows those that were added."""
        logs = [self._folder / f"{number}.log" for number in range(2, self._number + 1)]
        wait_for(lambda: all("Registered to" in log.read_text() for log in logs), _LOADED)

    def _run(self, *args: str) -> subprocess.Popen[bytes]:
        self._number += 1
        with (self._folder / f"{self._number}.log").open("wb") as log:
            return subprocess.Popen(
                [*_DASK, *args, "--host", "127.0.0.1", "--no-dashboard"],
                cwd=self._folder,
                env={**self._environment, "PYTHONPATH": str(ROOT)},
                stdout=log,
                stderr=log,
            )
