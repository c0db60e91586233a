"""Files that are written whole or not at all, compressed where their name says so."""

from __future__ import annotations

import gzip
import os
import sys
import time
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from signal import SIG_BLOCK, SIG_SETMASK, SIGINT, SIGTERM, pthread_sigmask
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Any

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd  # which Scrapy brings

if TYPE_CHECKING:
    from collections.abc import Iterator

_BUFFER = 2**20  # bytes
_ABANDONED = 24 * 3600  # seconds after which nobody goes on with a half file


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write, that takes the place of ``path`` when it is whole, and never before."""
    _remove_old_halves(path)
    # No signal comes between the file and what takes it away.
    mask = pthread_sigmask(SIG_BLOCK, (SIGINT, SIGTERM))
    try:
        with NamedTemporaryFile(
            buffering=_BUFFER,
            prefix=f".{path.name}.",
            suffix=".part",
            dir=path.parent,
            delete=False,
        ) as file:
            part = Path(file.name)
            try:
                pthread_sigmask(SIG_SETMASK, mask)
                yield file
                file.flush()
                os.fsync(file.fileno())
                part.chmod(path.stat().st_mode if path.exists() else 0o666 & ~_umask())
                part.replace(path)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
    finally:
        pthread_sigmask(SIG_SETMASK, mask)


def _remove_old_halves(path: Path) -> None:
    """Remove what exports to this file left that were killed; one that goes on writes often."""
    for half in path.parent.glob(f".{escape(path.name)}.*.part"):
        with suppress(FileNotFoundError, PermissionError):  # gone meanwhile, or another's
            if time.time() - half.lstat().st_mtime > _ABANDONED:
                half.unlink()


def _umask() -> int:
    mask = os.umask(0o077)  # to be read it must be set
    os.umask(mask)
    return mask


@contextmanager
def compressing(file: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    """The file as one to write plain bytes to, compressed if its name says so."""
    packed: Any
    if name.endswith(".gz"):  # without name and time: the same articles are the same bytes
        packed = gzip.GzipFile("", "wb", 6, file, mtime=0)
    elif name.endswith(".zst"):
        packed = zstd.ZstdFile(file, "w")
        packed.write(b"")  # else it writes no frame where nothing follows
    else:
        yield file
        return
    yield packed
    packed.close()
