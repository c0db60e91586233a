"""``scrapy browse``: the archive in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.command import ProjectCommand, writing_to_stdout
from crawler.reading import existing
from crawler.running import BAD_ARGUMENTS, UNHEALTHY, complain
from crawler.store import Store, StoreError

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

_PORT = 8001
_EPILOG = f"""It reads only, answers this machine only, and may stay open while a crawl runs.

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
        if not (opts.port.isdecimal() and int(opts.port) < 2**16):
            says = f"--port {opts.port} is no port; give a number from 0 to 65535"
            raise SystemExit(complain("browse", says, BAD_ARGUMENTS))

    def run(self, _args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        try:
            database = existing(self.settings["DATABASE"])
        except StoreError as error:
            self.exitcode = complain("browse", error, UNHEALTHY)
        else:
            self.exitcode = _browse(database, int(opts.port), open_page=not opts.no_open)


def _browse(database: Path, port: int, *, open_page: bool) -> int:
    try:
        import datasette_dashboards  # noqa: F401

        from crawler.browse.server import listen, serve
    except ModuleNotFoundError as error:
        package = str(error.name).partition(".")[0]
        says = f"{package} is not installed: pip install -r requirements.lock, or '.[browse]'"
        return complain("browse", says, UNHEALTHY)
    try:
        Store(database).close()  # which brings an older file up to date
        listener = listen(port)
    except StoreError as error:
        return complain("browse", error, UNHEALTHY)
    except OSError as error:
        says = f"port {port} cannot be used ({error.strerror}); give another with --port, or 0"
        return complain("browse", says, UNHEALTHY)
    try:
        with writing_to_stdout():
            serve(database, listener, open_page=open_page)
    except OSError as error:
        says = f"standard output cannot be written: {error.strerror}"
        return complain("browse", says, UNHEALTHY)
    return 0
