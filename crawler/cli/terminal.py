"""What is said on the screen: lines, tables and bars, drawn on a terminal, plain text in a pipe.

What came from pages, addresses and archives may hold what a terminal takes for commands: that is
shown as an escape.
"""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TextIO

# Control characters except tab and line break, and those that turn the direction of the text.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

# Those of them that JSON leaves as they are.
_BEYOND_JSON = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Text without what a terminal would obey."""
    return _COMMANDS.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def say(text: str, file: TextIO | None = None) -> None:
    """Print a line, or some, on stdout or elsewhere."""
    print(printable(text), file=file)


def one_line(text: str) -> str:
    """As :func:`printable`, and in one line."""
    return printable(re.sub(r"\s+", " ", text))


def print_json(record: object) -> None:
    """Print an object as a line of JSON, in which no terminal finds anything to obey."""
    import orjson

    line = _BEYOND_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", orjson.dumps(record).decode())
    sys.stdout.buffer.write(f"{line}\n".encode())  # JSON is UTF-8, whatever the locale is


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their columns' names; numbers stand to the right.

    In a pipe the columns are divided by two spaces or more, and nothing is cut or wrapped.
    """
    texts = [["" if value is None else printable(str(value)) for value in row] for row in rows]
    numbers = [
        all(isinstance(row[index], int | None) for row in rows) for index in range(len(columns))
    ]
    if sys.stdout.isatty():
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.table import Table

        table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
        for name, is_number in zip(columns, numbers, strict=True):
            table.add_column(name, justify="right" if is_number else "left", overflow="fold")
        for row in texts:
            table.add_row(*(text.replace("[", r"\[") for text in row))
        Console().print(table)
        return
    widths = [max(map(len, column)) for column in zip(columns, *texts, strict=True)]
    for row in (list(columns), *texts):
        cells = [
            text.rjust(width) if is_number else text.ljust(width)
            for text, width, is_number in zip(row, widths, numbers, strict=True)
        ]
        print("  ".join(cells).rstrip())


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; yields a function to call with how much is done, and of how much."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def complain(command: str, error: Exception | str, exit_code: int) -> int:
    """Say on stderr what is wrong; gives the exit code back."""
    say(f"{program()} {command}: {error}", sys.stderr)
    return exit_code


def program() -> str:
    """The name the user calls the commands by: ``republika`` once installed, else ``scrapy``."""
    return "republika" if Path(sys.argv[0]).stem == "republika" else "scrapy"


_MOST_REASONS = 20  # a month of days that cannot be read has thirty


def say_unhealthy(why: Sequence[str]) -> None:
    """Say on stderr what is wrong with a run, a line each."""
    try:
        sys.stdout.flush()  # what was said before stands above
    finally:
        for reason in why[:_MOST_REASONS]:
            say(f"unhealthy: {reason}", sys.stderr)
        if len(why) > _MOST_REASONS:
            more = len(why) - _MOST_REASONS
            say(f"unhealthy: {more} more reasons; see {program()} runs", sys.stderr)
