"""What the project's commands share, whoever calls them: known options, and errors in one line."""

from __future__ import annotations

import re
import sys
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NoReturn

from crawler.cli.limits import check_files, let_nobody_else_write
from crawler.cli.terminal import complain
from crawler.errors import BAD_ARGUMENTS, UNHEALTHY, RepublikaError

if TYPE_CHECKING:
    import argparse

# What can only be meant as an option; "-5", "-" and "- harga" are words.
_OPTION = re.compile(r"(--?[a-zA-Z][\w-]*)(=.*)?", re.DOTALL)


class Command(ABC):
    """One command.

    Commands define `check`, which runs before anything is done, and `execute`; both raise the
    project's errors, whose exit code the command ends in. ``settings`` are given from outside, each
    by its name.
    """

    epilog = ""  # of -h
    settings: Any = None
    exitcode = 0

    @property
    def name(self) -> str:
        """As the user calls it."""
        return type(self).__module__.rpartition(".")[2]

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:  # noqa: B027  # may have none
        """Add the options that the command has of its own."""

    def check(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: B027
        """Raise an ArgumentError for arguments, options or settings that are wrong."""

    @abstractmethod
    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do the work."""

    def check_all(self, args: list[str], opts: argparse.Namespace) -> None:
        """As `check`; what is wrong is one line, and ends the process."""
        let_nobody_else_write()
        if not self.settings["DATABASE"]:
            self.refuse("DATABASE is empty: name the file")
        try:
            self.check(args, opts)
            fetches = getattr(self, "requires_crawler_process", False)  # one of Scrapy's does
            check_files(int(self.settings["CONCURRENT_REQUESTS"]) if fetches else 0)
        except RepublikaError as error:
            raise SystemExit(complain(self.name, error, error.exit_code)) from None
        except ValueError as error:
            self.refuse(str(error))

    def hint(self, option: str) -> str:  # noqa: ARG002
        """What to add where an option is refused that is not known."""
        return ""

    def refuse(self, message: str) -> NoReturn:
        """End the process, with a line that tells what is wrong with the call."""
        raise SystemExit(complain(self.name, message.removeprefix("argument "), BAD_ARGUMENTS))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the command; an error of the project's is one line, and its exit code."""
        try:
            self.execute(args, opts)
            sys.stdout.flush()
        except RepublikaError as error:
            self.exitcode = complain(self.name, error, error.exit_code)
        except MemoryError:
            self.exitcode = complain(self.name, "the system has not enough memory", UNHEALTHY)


def unknown_option(args: list[str]) -> str | None:
    """Of arguments that argparse left over, the first that is meant as an option.

    The ``--`` that ends the options is taken away from them.
    """
    end = args.index("--") if "--" in args else len(args)
    options = filter(None, map(_OPTION.fullmatch, args[:end]))
    del args[end : end + 1]
    return next((option[1] for option in options), None)
