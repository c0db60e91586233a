"""One crawl a database at a time."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Locked(Exception):
    """Another process holds the database."""


@contextmanager
def database_lock(database: str | Path) -> Iterator[None]:
    """Hold the database against other runs; raises `Locked` at once if one has it.

    The system itself lets go of the lock when its process ends, however it ends, so a lock never
    has to be cleared by hand. The file ``DATABASE.lock`` stays and names the last holder.
    """
    path = Path(f"{database}.lock")
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read(20).strip() or "unknown"
            raise Locked(
                f"process {holder} holds {database}; try again when it has ended"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def is_held(database: str | Path) -> bool:
    """Whether a process holds the database at this moment."""
    path = Path(f"{database}.lock")
    if not path.exists():
        return False
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
