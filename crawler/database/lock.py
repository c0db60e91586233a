"""One crawl a database at a time."""

from __future__ import annotations

import errno
import fcntl
import os
import struct
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISREG
from time import sleep
from typing import TYPE_CHECKING

from crawler.errors import Locked, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

# A byte of the database, far after its end and so not one that SQLite itself locks.
_BYTE = 2**62
_FLOCK = "hhqqi4x"  # struct flock: type, whence, start, length, process


@contextmanager
def database_lock(database: str | Path) -> Iterator[None]:
    """Hold the database against other runs; raises `Locked` at once if one has it.

    The system itself lets go of the lock when its process ends, however it ends, so a lock never
    has to be cleared by hand. The file ``DATABASE.lock`` stays and names the last holder; should it
    be removed meanwhile, a byte of the database itself is still held. Raises StoreError where they
    cannot be opened. What connects to the database inside must be closed inside.
    """
    path = _lock_file(database)
    with _opened(path) as lock:
        if not _try_to_lock(lock):
            holder = os.pread(lock, 20, 0).decode(errors="replace").strip() or "unknown"
            raise _locked(database, holder)
        with _opened(Path(database)) as file:
            if not _try_to_hold(file):
                raise _locked(database, "unknown")
            os.ftruncate(lock, 0)
            os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
            yield


def is_held(database: str | Path) -> bool:
    """Whether a process holds the database at this moment, as far as may be seen.

    To be asked while this process has no connection to the database: closing the file, as is done
    here, takes away the locks of a connection.
    """
    return _is_locked(_lock_file(database)) or _has_held_byte(Path(database))


def _lock_file(database: str | Path) -> Path:
    """Beside the database itself, whatever links lead to it."""
    return Path(f"{Path(database).resolve()}.lock")


def _locked(database: str | Path, holder: str) -> Locked:
    return Locked(f"process {holder} holds {database}; try again when it has ended")


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """A regular file to write, made where there is none; raises StoreError."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}") from error
    try:
        if not S_ISREG(os.fstat(descriptor).st_mode):
            raise StoreError(f"{path} is not a regular file")
        yield descriptor
    finally:
        os.close(descriptor)


def _try_to_lock(lock: int) -> bool:
    for pause in (0.05, 0.1, 0):  # `is_held` has it for an instant
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sleep(pause)
        else:
            return True
    return False


def _try_to_hold(file: int) -> bool:
    if not hasattr(fcntl, "F_OFD_SETLK"):  # those of POSIX end when any connection is closed
        return True
    try:
        fcntl.fcntl(file, fcntl.F_OFD_SETLK, _byte())
    except OSError as error:
        # What knows no such locks has the lock file alone.
        return error.errno not in (errno.EAGAIN, errno.EACCES)
    return True


def _is_locked(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _has_held_byte(database: Path) -> bool:
    if not hasattr(fcntl, "F_OFD_GETLK"):
        return False
    try:
        with database.open("rb") as file:
            found = fcntl.fcntl(file, fcntl.F_OFD_GETLK, _byte())
    except OSError:
        return False
    return bool(struct.unpack(_FLOCK, found)[0] != fcntl.F_UNLCK)


def _byte() -> bytes:
    return struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, _BYTE, 1, 0)
