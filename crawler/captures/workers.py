"""Processes over which a function is spread, its results in order."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from contextlib import suppress
from itertools import cycle, islice
from multiprocessing import get_context
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 4  # tasks that each process is given before its first result is asked for
# A fork starts at once, where a new interpreter would import everything again; but the system
# libraries of macOS do not bear it.
_CONTEXT = get_context("fork") if sys.platform == "linux" else get_context("spawn")


def cores() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS


class WorkerError(Exception):
    """A process ended before its work; the message is one line for the user."""


class Workers:
    """So many processes; for one only it is the calling process itself that works.

    Start them before a file is locked or a database opened: they would hold it too. They end when
    the calling process does, however it ends.
    """

    def __init__(self, number: int) -> None:
        self._connections: list[Connection] = []
        self._processes: list[BaseProcess] = []
        for _ in range(number if number > 1 else 0):
            ours, theirs = _CONTEXT.Pipe()
            process = _CONTEXT.Process(target=_work, args=(ours, theirs), daemon=True)
            process.start()
            theirs.close()
            self._connections.append(ours)
            self._processes.append(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._connections:
            connection.close()
        for process in self._processes:
            process.terminate()
            process.join()

    def map(self, function: Callable[[T], R], arguments: Iterable[T]) -> Iterator[R]:
        """What the function gives for each argument, in order; few are taken ahead of the results.

        Raises WorkerError if a process dies.
        """
        if not self._connections:
            yield from map(function, arguments)
            return
        tasks = iter(arguments)
        waiting: deque[Connection] = deque()

        def give(connection: Connection, task: T) -> None:
            with suppress(OSError):  # it has died, as the lack of a result says
                connection.send((function, task))
            waiting.append(connection)

        # By turns: the one whose result is next has the next task too.
        first = islice(tasks, _AHEAD * len(self._connections))
        for task, connection in zip(first, cycle(self._connections), strict=False):
            give(connection, task)
        while waiting:
            connection = waiting.popleft()
            try:
                result: R = connection.recv()
            except (EOFError, OSError):
                raise WorkerError("a process that reads pages died; try --jobs 1") from None
            for task in islice(tasks, 1):
                give(connection, task)
            yield result


def _work(ours: Connection, theirs: Connection) -> None:
    ours.close()  # else this process would keep itself alive
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told too, and ends this one
    tasks: SimpleQueue[Any] = SimpleQueue()
    # What is sent is taken at once, so that the two sides never wait for each other to read.
    Thread(target=_receive, args=(theirs, tasks), daemon=True).start()
    while task := tasks.get():
        function, argument = task
        try:
            theirs.send(function(argument))
        except OSError:  # nobody is there any more
            return


def _receive(connection: Connection, tasks: SimpleQueue[Any]) -> None:
    try:
        while True:
            tasks.put(connection.recv())
    except (EOFError, OSError):
        tasks.put(None)
