"""What the project's commands share: options that are known, days, and errors in one line."""

from __future__ import annotations

import os
import re
import sys
from argparse import RawDescriptionHelpFormatter
from contextlib import contextmanager
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.settings import default_settings

from crawler import settings
from crawler.cli.running import BAD_ARGUMENTS, complain, program

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

_VARIABLE = "REPUBLIKA_"  # before a setting's name in the environment
# What can only be meant as an option; "-5", "-" and "- harga" are words.
_OPTION = re.compile(r"(--?[a-zA-Z][\w-]*)(=.*)?", re.DOTALL)


class _HelpFormatter(RawDescriptionHelpFormatter):
    """Keeps the lines of a help text, and names the program as the user has called it."""

    def format_help(self) -> str:
        return super().format_help().replace("scrapy ", f"{program()} ")


class ProjectCommand(ScrapyCommand):
    """A command that refuses what it does not know.

    Scrapy hands an unknown option on as an argument, and takes a misspelt setting for one.
    """

    requires_project = True
    epilog = ""  # of -h

    @property
    def name(self) -> str:
        """As the user calls it."""
        return type(self).__module__.rpartition(".")[2]

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.formatter_class = _HelpFormatter
        parser.epilog = self.epilog
        parser.allow_abbrev = False  # a part of a name is a misspelt one
        self._parser = parser
        self._scrapys = set(parser._option_string_actions)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse unknown options, and take away the ``--`` that ends the known ones."""
        end = args.index("--") if "--" in args else len(args)
        for argument in args[:end]:
            if option := _OPTION.fullmatch(argument):
                known = [name for name in self._parser._option_string_actions if name[:2] == "--"]
                own = [name for name in known if name not in self._scrapys] or known
                says = f"{option[1]} is no option; known are {', '.join(own)}, and -h tells more"
                raise SystemExit(complain(self.name, says, BAD_ARGUMENTS))
        del args[end : end + 1]
        super().process_options(args, opts)
        given = [f"-s {given.partition('=')[0]}" for given in opts.set]
        given += [name for name in os.environ if name.startswith(_VARIABLE)]
        for trouble in filter(None, map(_misspelt, given)):
            raise SystemExit(complain(self.name, trouble, BAD_ARGUMENTS))


def _misspelt(given: str) -> str | None:
    """What is wrong with a setting that nobody knows but that is much like one."""
    known = settings.own_names | set(vars(default_settings))
    name = given.removeprefix("-s ").removeprefix(_VARIABLE)
    alike = [] if name in known else get_close_matches(name, known, 1, 0.8)
    return f"{given}: there is no setting {name}; did you mean {alike[0]}?" if alike else None


def span(since: str, until: str) -> tuple[date | None, date | None]:
    """The first and the last day of --since and --until, if they name any; raises ValueError."""
    first, last = _day("since", since), _day("until", until)
    if first and last and last < first:
        raise ValueError(f"--until {last} is before --since {first}")
    return first, last


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"--{name} {text} is no day; give it as --{name} 2022-08-15") from None


def number(name: str, text: str, *, least: int = 1, most: int = 2**31 - 1) -> int:
    """The number that an argument gives; raises ValueError."""
    if not (text.isdecimal() and least <= int(text) <= most):
        raise ValueError(f"{name} {text} is no number from {least} to {most}")
    return int(text)


class OutputError(Exception):
    """Standard output cannot be written; the message is one line for the user."""


@contextmanager
def writing_to_stdout() -> Iterator[None]:
    """Have it written when the block ends; raises OutputError where it cannot be."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        # What is still buffered would fail again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        says = f"standard output cannot be written: {error.strerror or error}"
        raise OutputError(says) from error
