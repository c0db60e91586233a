"""Work spread over an executor of any kind, its results in order and little read ahead."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager
from itertools import islice
from multiprocessing import active_children, get_context, parent_process
from threading import Thread
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from crawler.errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")

_MOST_TOLD = 200  # characters of another program's error
_LOOK = 1  # seconds between two looks whether it is there
_AHEAD = 4  # tasks that each process is given before its first result is asked for
# A fork starts at once, where a new interpreter would import everything again; but the system
# libraries of macOS do not bear it.
_CONTEXT = get_context("fork") if sys.platform == "linux" else get_context("spawn")


def cores() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS


class Engine:
    """An executor, and how many tasks it is given ahead of the results.

    ``name``: what it is called where it breaks, if it is on other machines; ``is_there``: whether
    it can be reached.
    """

    def __init__(
        self,
        executor: Executor,
        ahead: int,
        name: str = "",
        is_there: Callable[[], bool] = lambda: True,
    ) -> None:
        self._executor = executor
        self.ahead = ahead
        self._name = name
        self._is_there = is_there

    @property
    def is_remote(self) -> bool:
        """Whether it may not see the files of this machine."""
        return bool(self._name)

    def map(self, function: Callable[[T], R], arguments: Iterable[T]) -> Iterator[R]:
        """What the function gives for each argument, in order.

        Raises WorkerError if a process dies, or a cluster is lost.
        """
        tasks = iter(arguments)
        waiting: deque[Future[R]] = deque()
        try:
            for task in islice(tasks, self.ahead):
                waiting.append(self._executor.submit(function, task))
            while waiting:
                result = self._result(waiting.popleft())
                for task in islice(tasks, 1):
                    waiting.append(self._executor.submit(function, task))
                yield result
        except BrokenExecutor:
            raise WorkerError("a process that reads pages died; try --jobs 1") from None
        except (Exception, CancelledError) as error:
            if not self._name:
                raise
            told = " ".join(str(error).split())[:_MOST_TOLD] or type(error).__name__
            raise WorkerError(f"{self._name} failed: {told}") from error

    def _result(self, future: Future[R]) -> R:
        while not wait([future], timeout=_LOOK).done:
            if not self._is_there():
                raise ConnectionError("it cannot be reached any more")
        return future.result()


@contextmanager
def local_engine(processes: int) -> Generator[Engine]:
    """An engine of this many processes; one alone is the calling process itself.

    Start it before a file is locked or a database opened: the processes would hold it too. They
    end when the calling process does, however it ends.
    """
    if processes == 1:
        yield Engine(_InPlace(), ahead=1)
        return
    executor = ProcessPoolExecutor(processes, mp_context=_CONTEXT, initializer=_end_with_parent)
    others = set(active_children())
    try:
        executor.submit(int).result()  # forks them all
        yield Engine(executor, ahead=_AHEAD * processes)
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        for process in set(active_children()) - others:  # a task under way is not waited for
            process.terminate()
            process.join()


class _InPlace(Executor):
    """Calls the function at once."""

    def submit(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        future: Future[R] = Future()
        future.set_result(function(*args, **kwargs))
        return future


def _end_with_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told too, and ends this one
    Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
