"""``republika``: the commands with the project's settings, from any folder.

What only reads the database runs without Scrapy, which takes half a second to start.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentError, ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from crawler import settings
from crawler.cli.command import unknown_option
from crawler.cli.streams import mend_streams

if TYPE_CHECKING:
    from crawler.cli.command import Command

_READING = ("export", "runs", "search", "show")  # modules of `crawler.reading`


def main() -> None:
    """Run a command; a Scrapy project that the current folder may hold is left aside."""
    if sys.argv[1:2] and sys.argv[1] in _READING:
        command: Command = import_module(f"crawler.reading.{sys.argv[1]}").Command()
        if _run(command, sys.argv[2:]):
            sys.exit(command.exitcode)
    os.environ["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
    from scrapy.cmdline import execute

    try:
        Path.home()
    except RuntimeError:  # a user that the system does not know: Scrapy looks there for a file
        os.environ["HOME"] = os.devnull
    execute()


def _run(command: Command, arguments: list[str]) -> bool:
    """Run a command, unless its arguments are ones that Scrapy has to deal with, or to refuse."""
    parser = _Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("-s", "--set", action="append", default=[])
    command.add_arguments(parser)
    try:
        opts, words = parser.parse_known_args(arguments)
    except ArgumentError:
        return False
    given = dict(setting.partition("=")[::2] for setting in opts.set)
    are_settings = all("=" in setting for setting in opts.set)
    named = {name.removeprefix("REPUBLIKA_") for name in os.environ if name[:10] == "REPUBLIKA_"}
    known = settings.own_names >= given.keys() | named
    if unknown_option(words) or not are_settings or not known:
        return False
    mend_streams()
    command.settings = {name: getattr(settings, name) for name in settings.own_names} | given
    command.check_all(words, opts)
    command.run(words, opts)
    return True


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ArgumentError(None, message)


if __name__ == "__main__":
    main()
