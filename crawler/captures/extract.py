"""What is kept of a foreign archive: a small WARC of the site's records, as they were."""

from __future__ import annotations

import os
from glob import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

from isal import isal_zlib

from crawler.captures.packing import GZIP_WINDOW
from crawler.captures.warc import unpacked

if TYPE_CHECKING:
    from types import TracebackType

    from crawler.captures.stream import Stream

SUFFIX = ".republika.warc.gz"
_LEVEL = 3
_GZIP = b"\x1f\x8b"


class Extract:
    """A WARC in ``folder``, under its name only once it is whole; without a folder nothing is kept.

    A record that was packed by gzip keeps its bytes in the file, any other one its own. With
    ``in_memory`` it becomes ``data``, to be written by who can.
    """

    def __init__(self, folder: str | None, name: str, *, in_memory: bool = False) -> None:
        self._path = Path(folder) / name if folder else None
        self._part = Path(f"{self._path}.{os.getpid()}.part")
        self._file: BinaryIO | None = None
        self._in_memory = in_memory
        self.data = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if isinstance(self._file, BytesIO):
            self.data = self._file.getvalue()
        elif self._file and self._path:
            with self._file as file:
                if kind is None:
                    file.flush()
                    os.fsync(file.fileno())
            if kind is None:
                self._part.replace(self._path)
            else:
                self._part.unlink()

    def write(self, data: bytes) -> None:
        """Have it hold this, which another one has made in memory."""
        self._opened().write(data)

    def _opened(self) -> BinaryIO:
        if self._file is None:
            if self._in_memory or not self._path:
                self._file = BytesIO()
            else:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                for left in self._path.parent.glob(f"{escape(self._path.name)}.*.part"):
                    left.unlink()  # by a process that was killed
                self._file = self._part.open("wb")
        return self._file

    def add(self, source: BinaryIO | Stream, offset: int, length: int) -> tuple[int, int]:
        """Keep the record that lies there; gives where it lies now, and how long it is."""
        if not self._path:
            return offset, length
        source.seek(offset)
        packed = source.read(length)
        if not packed.startswith(_GZIP):
            packed = isal_zlib.compress(unpacked(packed), _LEVEL, GZIP_WINDOW)
        file = self._opened()
        at = file.tell()
        file.write(packed)
        return at, len(packed)
