"""What the project's commands share: known options, and errors in one line."""

from __future__ import annotations

import os
import re
import sys
from argparse import RawDescriptionHelpFormatter
from difflib import get_close_matches
from typing import TYPE_CHECKING, NoReturn

from scrapy.commands import ScrapyCommand
from scrapy.settings import default_settings

from crawler import settings
from crawler.cli.streams import mend_streams
from crawler.cli.terminal import complain, program
from crawler.errors import BAD_ARGUMENTS, OutputError, RepublikaError

if TYPE_CHECKING:
    import argparse

_VARIABLE = "REPUBLIKA_"  # before a setting's name in the environment
# What can only be meant as an option; "-5", "-" and "- harga" are words.
_OPTION = re.compile(r"(--?[a-zA-Z][\w-]*)(=.*)?", re.DOTALL)


class _HelpFormatter(RawDescriptionHelpFormatter):
    """Keeps the lines of a help text, and names the program as the user has called it."""

    def format_help(self) -> str:
        return super().format_help().replace("scrapy ", f"{program()} ")


class ProjectCommand(ScrapyCommand):
    """A command that refuses what it does not know, and says in one line what went wrong.

    Scrapy hands an unknown option on as an argument, and takes a misspelt setting for one. Commands
    define `check`, which runs before anything is done, and `execute`; both raise the project's
    errors, whose exit code the command ends in.
    """

    requires_project = True
    epilog = ""  # of -h

    @property
    def name(self) -> str:
        """As the user calls it."""
        return type(self).__module__.rpartition(".")[2]

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        mend_streams()
        super().add_options(parser)
        parser.formatter_class = _HelpFormatter
        parser.epilog = self.epilog
        parser.allow_abbrev = False  # a part of a name is a misspelt one
        # One line, in place of the usage and the error.
        parser.error = self._refuse  # type: ignore[method-assign]
        parser.exit = self._exit  # type: ignore[method-assign]
        self._parser = parser
        self._scrapys = set(parser._option_string_actions)

    def _refuse(self, message: str) -> NoReturn:
        raise SystemExit(complain(self.name, message.removeprefix("argument "), BAD_ARGUMENTS))

    def _exit(self, status: int = 0, message: str | None = None) -> NoReturn:  # noqa: ARG002
        try:
            sys.stdout.flush()
        except OutputError as error:
            status = complain(self.name, error, error.exit_code)
        raise SystemExit(status)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse unknown options, and take away the ``--`` that ends the known ones."""
        end = args.index("--") if "--" in args else len(args)
        for argument in args[:end]:
            if option := _OPTION.fullmatch(argument):
                known = [name for name in self._parser._option_string_actions if name[:2] == "--"]
                own = [name for name in known if name not in self._scrapys] or known
                self._refuse(
                    f"{option[1]} is not an option; known are {', '.join(own)}; -h explains them"
                )
        del args[end : end + 1]
        super().process_options(args, opts)
        given = [f"-s {given.partition('=')[0]}" for given in opts.set]
        given += [name for name in os.environ if name.startswith(_VARIABLE)]
        for trouble in filter(None, map(_misspelt, given)):
            self._refuse(trouble)
        assert self.settings is not None
        try:
            self.check(args, opts)
        except (RepublikaError, ValueError) as error:
            self._refuse(str(error))

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Raise an ArgumentError for arguments, options or settings that are wrong."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the command; an error of the project's is one line, and its exit code."""
        try:
            self.execute(args, opts)
            sys.stdout.flush()
        except RepublikaError as error:
            self.exitcode = complain(self.name, error, error.exit_code)

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do the work; by default what the command of Scrapy's does that this one extends."""
        super().run(args, opts)  # type: ignore[safe-super]


def _misspelt(given: str) -> str | None:
    """What is wrong with an unknown setting that is much like a known one."""
    known = settings.own_names | set(vars(default_settings))
    name = given.removeprefix("-s ").removeprefix(_VARIABLE)
    alike = [] if name in known else get_close_matches(name, known, 1, 0.8)
    return f"{given}: there is no setting {name}; did you mean {alike[0]}?" if alike else None
