"""A command as Scrapy calls it."""

from __future__ import annotations

import os
import sys
import time
from argparse import RawDescriptionHelpFormatter
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.settings import default_settings

from crawler import settings
from crawler.cli.command import Command, unknown_option
from crawler.cli.streams import mend_streams
from crawler.cli.terminal import complain, program
from crawler.errors import OutputError

if TYPE_CHECKING:
    import argparse
    from typing import NoReturn

_VARIABLE = "REPUBLIKA_"  # before a setting's name in the environment


class _HelpFormatter(RawDescriptionHelpFormatter):
    """Keeps the lines of a help text, and names the program as the user has called it."""

    def format_help(self) -> str:
        return super().format_help().replace("scrapy ", f"{program()} ")


class ProjectCommand(Command, ScrapyCommand):
    """A command that refuses what it does not know, and says in one line what went wrong.

    Scrapy hands an unknown option on as an argument, and takes a misspelt setting for one.
    """

    requires_project = True

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        mend_streams()
        super().add_options(parser)
        parser.formatter_class = _HelpFormatter
        parser.epilog = self.epilog
        parser.allow_abbrev = False  # a part of a name is a misspelt one
        # One line, in place of the usage and the error.
        parser.error = self.refuse  # type: ignore[method-assign]
        parser.exit = self._exit  # type: ignore[method-assign]
        self._parser = parser
        self._scrapys = set(parser._option_string_actions)
        self.add_arguments(parser)

    def _exit(self, status: int = 0, message: str | None = None) -> NoReturn:  # noqa: ARG002
        try:
            sys.stdout.flush()
        except OutputError as error:
            status = complain(self.name, error, error.exit_code)
        raise SystemExit(status)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse unknown options, and take away the ``--`` that ends the known ones."""
        if unknown := unknown_option(args):
            known = [name for name in self._parser._option_string_actions if name[:2] == "--"]
            own = [name for name in known if name not in self._scrapys] or known
            known_ones = f"known are {', '.join(own)}; -h explains them{self.hint(unknown)}"
            self.refuse(f"{unknown} is not an option; {known_ones}")
        if unset := [given for given in opts.set if "=" not in given]:
            hint = self.hint(f"-s{unset[0]}")
            self.refuse(f"-s {unset[0]} is not a setting; give it as -s NAME=VALUE{hint}")
        super().process_options(args, opts)
        given = [f"-s {given.partition('=')[0]}" for given in opts.set]
        given += [name for name in os.environ if name.startswith(_VARIABLE)]
        for trouble in filter(None, map(_misspelt, given)):
            self.refuse(trouble)
        self.check_all(args, opts)
        if self.requires_crawler_process:  # its log tells the time as the database does
            os.environ["TZ"] = "WIB-7"
            time.tzset()


def _misspelt(given: str) -> str | None:
    """What is wrong with an unknown setting that is much like a known one."""
    known = settings.own_names | set(vars(default_settings))
    name = given.removeprefix("-s ").removeprefix(_VARIABLE)
    if name in known:
        return None
    from difflib import get_close_matches

    alike = get_close_matches(name, known, 1, 0.8)
    return f"{given}: there is no setting {name}; did you mean {alike[0]}?" if alike else None
