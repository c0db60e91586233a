"""``scrapy browse``: the archive in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.cli.command import OutputError, ProjectCommand, number, writing_to_stdout
from crawler.cli.running import BAD_ARGUMENTS, BUSY, UNHEALTHY, complain
from crawler.database.connection import StoreError
from crawler.database.lock import Locked
from crawler.query.snapshot import bring_up_to_date, existing

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

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

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--port", metavar="N", default=str(_PORT), help=f"({_PORT}); 0 is any that is free"
        )
        parser.add_argument(
            "--no-open", action="store_true", help="print the address, and open no browser"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        if args:
            says = f"{args[0]} is not known; scrapy browse -h says what is"
            raise SystemExit(complain("browse", says, BAD_ARGUMENTS))
        try:
            self._port = number("--port", opts.port, least=0, most=2**16 - 1)
        except ValueError as error:
            raise SystemExit(complain("browse", error, BAD_ARGUMENTS)) from None

    def run(self, _args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        try:
            database = existing(self.settings["DATABASE"])
        except StoreError as error:
            self.exitcode = complain("browse", error, UNHEALTHY)
        else:
            self.exitcode = _browse(database, self._port, open_page=not opts.no_open)


def _browse(database: Path, port: int, *, open_page: bool) -> int:
    try:
        import datasette_dashboards  # noqa: F401

        from crawler.browse.server import listen, serve
    except ModuleNotFoundError as error:
        package = str(error.name).partition(".")[0]
        says = f"{package} is not installed: run make install, or pip install '.[browse]'"
        return complain("browse", says, UNHEALTHY)
    try:
        bring_up_to_date(database)
        listener = listen(port)
    except Locked as error:
        return complain("browse", error, BUSY)
    except StoreError as error:
        return complain("browse", error, UNHEALTHY)
    except OSError as error:
        says = f"port {port} cannot be used ({error.strerror}); give another with --port, or 0"
        return complain("browse", says, UNHEALTHY)
    try:
        with writing_to_stdout():
            serve(database, listener, open_page=open_page)
    except OutputError as error:
        return complain("browse", error, UNHEALTHY)
    return 0
