"""Standard streams that a command can rely on, whatever its caller has made of them.

One may be closed, a full disk or a pipe without a reader, or of an encoding that cannot show a
headline.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

from crawler.errors import OutputError

if TYPE_CHECKING:
    from typing import TextIO

    from _typeshed import ReadableBuffer


class _Output(io.FileIO):
    """Standard output, which raises OutputError where it cannot be written."""

    def write(self, data: ReadableBuffer) -> int:
        try:
            return super().write(data)
        except OSError as error:
            # What is still buffered would fail again when Python ends.
            _lead(self.fileno(), os.O_WRONLY)
            message = f"standard output cannot be written: {error.strerror or error}"
            raise OutputError(message) from error


class _Errors(io.FileIO):
    """Standard error. Where it cannot be written, nothing can be told: the work goes on."""

    def write(self, data: ReadableBuffer) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def mend_streams() -> None:
    """Make of the process's own streams what the project's commands expect.

    What is closed is opened, so that no file of ours gets its number. A closed stdout stays one
    that cannot be written. What an encoding cannot show is written as an escape.
    """
    for number, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            _lead(number, mode)
    if sys.stdin is None:
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
    for name, number, kind in (("stdout", 1, _Output), ("stderr", 2, _Errors)):
        stream = getattr(sys, name)
        if stream is getattr(sys, f"__{name}__"):  # else somebody has put their own in its place
            stream = _opened(kind, number, stream)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


def _lead(number: int, mode: int) -> None:
    """Let a stream lead nowhere."""
    nowhere = os.open(os.devnull, mode)
    if nowhere != number:
        os.dup2(nowhere, number)
        os.close(nowhere)


def _opened(kind: type[io.FileIO], number: int, before: io.TextIOWrapper | None) -> TextIO:
    if before:
        before.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(kind(number, "w", closefd=False)),
        encoding=before.encoding if before else "utf-8",
        errors="backslashreplace",
        line_buffering=number == 2 or os.isatty(number),
        write_through=before.write_through if before else False,
    )
