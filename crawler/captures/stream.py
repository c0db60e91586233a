"""A file that is read once from its beginning, and of which the last part can be read again."""

from __future__ import annotations

import io
from typing import BinaryIO

from crawler.errors import CaptureError

_READ = 2**20  # bytes at a time
_MOST = 2**28  # bytes that are held; a record has at most an eighth of it


class Broken(CaptureError):
    """A transfer failed, and may succeed if it is tried again."""


class Stream(io.RawIOBase):
    """What :func:`crawler.captures.warc.scan` needs of a file, over a transfer.

    From :meth:`let_go` on, nothing before that byte can be read. Raises Broken where the transfer
    fails, and CaptureError where a damaged archive would have to be held altogether.
    """

    def __init__(self, source: BinaryIO, size: int, name: str) -> None:
        self._source = source
        self._name = name
        self.size = size  # bytes, as it was announced
        self.received = 0
        self._held = bytearray()
        self._begin = 0  # where what is held begins
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        assert whence == io.SEEK_SET
        assert offset >= self._begin
        self._at = offset
        return offset

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = self.size if size < 0 else self._at + size
        self._hold(end)
        found = bytes(self._held[self._at - self._begin : end - self._begin])
        self._at += len(found)
        return found

    def let_go(self, before: int) -> None:
        """Forget what lies before this byte."""
        if before - self._begin >= _READ:
            self._hold(before)
            del self._held[: before - self._begin]
            self._begin = before

    def close(self) -> None:
        self._source.close()
        super().close()

    def check_whole(self) -> None:
        """Raise Broken unless all that was announced has come."""
        if self.received != self.size:
            raise Broken(f"{self._name}: {self.received:,} of {self.size:,} bytes came")

    def _hold(self, end: int) -> None:
        while self.received < end and (read := self._more()):
            self._held += read
            self.received += len(read)
            if len(self._held) > _MOST:
                raise CaptureError(f"{self._name} is damaged: download it, and name the file")

    def _more(self) -> bytes:
        try:
            return self._source.read(_READ)
        except Exception as error:  # each kind of storage has its own
            raise Broken(
                f"{self._name} broke off after {self.received:,} of {self.size:,} bytes"
            ) from error
