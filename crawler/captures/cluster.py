"""Work given to the machines of a Dask cluster, in place of processes here."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crawler.captures.engine import Engine
from crawler.errors import ArgumentError, WorkerError

if TYPE_CHECKING:
    from collections.abc import Generator

_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:]+\]|[^\s/:@]+):\d{1,5}")
_ANSWER = 10  # seconds in which a scheduler answers, and has a worker
_TRIES = 20  # of a task whose worker dies


def check_cluster(address: str) -> None:
    """Raise ArgumentError unless this is an address, and what reaches it is installed."""
    if not _ADDRESS.fullmatch(address):
        raise ArgumentError(f"--on {address}: expected the scheduler, as tcp://HOST:8786")
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise ArgumentError("--on needs the extra `cluster`: pip install '.[cluster]'") from None


@contextmanager
def cluster_engine(address: str, *, eager: bool = True) -> Generator[Engine]:
    """An engine of the workers that the scheduler at ``address`` has, whenever they come and go.

    Unless ``eager``, no more tasks are under way than it has threads now.

    A task whose worker dies is given to another one. Raises WorkerError where no scheduler answers
    or none of its workers, where it is lost, and where the project is not installed there.
    """
    client = _connected(address)
    try:
        threads = sum(client.nthreads().values())
        # A result is let go as soon as it was taken; else it is made anew when its worker dies.
        executor = client.get_executor(pure=False, retries=_TRIES)
        yield Engine(
            executor,
            2 * threads + 2 if eager else threads,
            f"the cluster at {address}",
            lambda: client.status in ("running", "connecting"),
        )
    finally:
        client.close(timeout=2)


def _connected(address: str) -> Any:
    import dask.config
    from distributed import Client

    for name in list(logging.root.manager.loggerDict):
        if name.startswith(("distributed", "tornado")):  # what goes wrong is one line
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    dask.config.set({"distributed.scheduler.allowed-failures": _TRIES})
    client: Any = None
    connect: Any = Client
    try:
        client = connect(address, timeout=_ANSWER, set_as_default=False)
        client.wait_for_workers(1, timeout=_ANSWER)
    except (OSError, TimeoutError) as error:
        if client:
            client.close(timeout=2)
            raise WorkerError(f"the scheduler at {address} has no worker: start one") from error
        raise WorkerError(f"no scheduler answers at {address}") from error
    return client
