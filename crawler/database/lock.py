"""One crawl a database at a time."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, TextIO

from crawler.errors import Locked

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def database_lock(database: str | Path) -> Iterator[None]:
    """Hold the database against other runs; raises `Locked` at once if one has it.

    The system itself lets go of the lock when its process ends, however it ends, so a lock never
    has to be cleared by hand. The file ``DATABASE.lock`` stays and names the last holder.
    """
    path = _lock_file(database)
    with path.open("a+") as file:
        if not _try_to_lock(file):
            file.seek(0)
            holder = file.read(20).strip() or "unknown"
            raise Locked(f"process {holder} holds {database}; try again when it has ended")
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _lock_file(database: str | Path) -> Path:
    """Beside the database itself, whatever links lead to it."""
    return Path(f"{Path(database).resolve()}.lock")


def _try_to_lock(file: TextIO) -> bool:
    for pause in (0.05, 0.1, 0):  # `is_held` has it for an instant
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sleep(pause)
        else:
            return True
    return False


def is_held(database: str | Path) -> bool:
    """Whether a process holds the database at this moment."""
    path = _lock_file(database)
    if not path.exists():
        return False
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
