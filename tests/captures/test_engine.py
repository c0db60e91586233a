"""Processes that share work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.captures.engine import local_engine
from crawler.errors import WorkerError
from tests.helpers import ROOT


def identify(number: int) -> tuple[int, int]:
    time.sleep(0.001 * (number % 3))
    return number, os.getpid()


def double(text: bytes) -> bytes:
    return text * 2


def die(number: int) -> int:
    if number == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("number", [1, 2, 3])
def test_results_come_in_order_from_all_of_them(number: int) -> None:
    with local_engine(number) as engine:
        results = list(engine.map(identify, range(100)))
    assert [result for result, _ in results] == list(range(100))
    processes = {process for _, process in results}
    assert len(processes) == number
    assert (os.getpid() in processes) == (number == 1)


def test_neither_side_waits_for_the_other_to_read() -> None:
    text = b"x" * 1_000_000  # more than a pipe takes
    with local_engine(2) as engine:
        assert [len(result) for result in engine.map(double, [text] * 20)] == [2_000_000] * 20


def test_little_is_taken_ahead_of_the_results() -> None:
    taken = []

    def numbers():
        for number in range(1000):
            taken.append(number)
            yield number

    with local_engine(2) as engine:
        results = engine.map(double, (b"%d" % number for number in numbers()))
        next(results)
        assert len(taken) < 20


def test_a_death_is_said() -> None:
    with local_engine(2) as engine, pytest.raises(WorkerError, match="died"):
        list(engine.map(die, range(100)))


PARENT = """
import time
from multiprocessing import active_children
from crawler.captures.engine import local_engine
with local_engine(3):
    print(*(process.pid for process in active_children()), flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_they_end_with_their_parent(how: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        children = parent.stdout.readline().split()
        parent.send_signal(how)
    assert len(children) == 3
    deadline = time.monotonic() + 30
    while any(_runs(child) for child in children):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _runs(process: str) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
