"""``scrapy browse``: the archive in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.cli.arguments import number
from crawler.cli.project import ProjectCommand
from crawler.cli.terminal import program
from crawler.errors import ArgumentError, RepublikaError

if TYPE_CHECKING:
    import argparse

_PORT = 8001
_EPILOG = f"""It only reads, answers this machine only, and may stay open while a crawl runs.
What an older version of the crawler wrote, it brings up to date first.

examples:
  scrapy browse                      at http://127.0.0.1:{_PORT}/, in your browser
  scrapy browse --port 0 --no-open   at any free port; the address is printed"""


class Command(ProjectCommand):
    """Serves the database to this machine's browser, until Ctrl-C."""

    requires_crawler_process = False
    epilog = _EPILOG

    def short_desc(self) -> str:
        return "Read and search the articles in the browser, with charts"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--port",
            metavar="N",
            type=number(0, 2**16 - 1),
            default=_PORT,
            help=f"listen at this port (default {_PORT}); 0: any that is free",
        )
        parser.add_argument(
            "--no-open", action="store_true", help="print the address, and open no browser"
        )

    def check(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        if args:
            raise ArgumentError(f"{args[0]} is not known; {program()} browse -h lists every option")

    def execute(self, _args: list[str], opts: argparse.Namespace) -> None:
        from crawler.captures.folder import captures_folder
        from crawler.query.snapshot import bring_up_to_date, check_shared, existing

        database = existing(self.settings["DATABASE"])
        try:
            import datasette_dashboards  # noqa: F401

            from crawler.browse.server import listen, serve
        except ModuleNotFoundError as error:
            package = str(error.name).partition(".")[0]
            raise RepublikaError(
                f"{package} is not installed: run make install, or pip install '.[browse]'"
            ) from None
        check_shared(database)
        bring_up_to_date(database)
        try:
            listener = listen(opts.port)
        except OSError as error:
            raise RepublikaError(
                f"port {opts.port} cannot be used ({error.strerror});"
                " give another with --port, or 0"
            ) from None
        serve(database, captures_folder(self.settings), listener, open_page=not opts.no_open)
