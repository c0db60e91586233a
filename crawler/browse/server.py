"""The server of ``scrapy browse``: Datasette with our pages, for this machine's reader only."""

from __future__ import annotations

import signal
import socket
import sqlite3
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from webbrowser import open as open_browser

import uvicorn
from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.database import Database, QueryInterrupted  # type: ignore[import-untyped]
from datasette.plugins import DEFAULT_PLUGINS, pm  # type: ignore[import-untyped]
from datasette.utils import escape_sqlite  # type: ignore[import-untyped]

from crawler.browse import plugin
from crawler.browse.guard import Guard
from crawler.browse.metadata import metadata

if TYPE_CHECKING:
    from types import FrameType

HOST = "127.0.0.1"

_HERE = Path(__file__).parent
# Any other that happens to be installed might write, or load what it likes. That of datasette-mcp
# reads by the same means as the pages.
_PLUGINS = frozenset({*DEFAULT_PLUGINS, "dashboards", "mcp"})
_SETTINGS = {
    "sql_time_limit_ms": 5_000,
    "facet_time_limit_ms": 1_000,
    "suggest_facets": False,  # it tries every column of every row
    "default_page_size": 50,
    "truncate_cells_html": 100,  # of a body its beginning
    "allow_download": False,
}


_LONGEST = 2**26  # bytes of a value


class ReadOnlyDatabase(Database):  # type: ignore[misc]
    """A file that is never written, nor taken for one that nobody else writes."""

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Open a connection; Datasette's own would read ``?`` and ``%`` in the path as options."""
        if write:
            raise sqlite3.OperationalError("the archive is for reading only")
        uri = f"{Path(self.path).resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        # What a single value takes cannot be interrupted.
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        self._all_file_connections.append(connection)
        return connection

    async def table_counts(self, limit: int = 10) -> dict[str, int | None]:
        """Count the rows of each table; not of the full-text index, which reads every article."""
        counts: dict[str, int | None] = dict.fromkeys(await self.table_names())
        for table in counts.keys() - set(await self.hidden_table_names()):
            with suppress(QueryInterrupted):
                sql = f"SELECT count(*) FROM {escape_sqlite(table)}"  # noqa: S608
                rows = await self.execute(sql, custom_time_limit=limit)
                counts[table] = rows.single_value()
        return counts


def listen(port: int) -> socket.socket:
    """A socket that waits for the reader's browser; OSError where the port is not to be had."""
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def serve(
    database: Path, captures: Path | None, listener: socket.socket, *, open_page: bool
) -> None:
    """Serve the database, and raw pages of its captures, until Ctrl-C or SIGTERM."""
    port = listener.getsockname()[1]
    address = f"http://{HOST}:{port}/"
    # uvicorn ends in good order at a signal, and then raises it again.
    signal.signal(signal.SIGTERM, _interrupt)
    with listener, suppress(KeyboardInterrupt):
        config = uvicorn.Config(
            Guard(_datasette(database, captures).app(), port),
            lifespan="on",
            ws="none",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        print(f"{database} is at {address} (Ctrl-C ends it)", flush=True)
        if open_page:
            # Aside, as a browser of the terminal returns when its user leaves it.
            Thread(target=open_browser, args=(address,), daemon=True).start()
        uvicorn.Server(config).run(sockets=[listener])


def _datasette(database: Path, captures: Path | None) -> Any:
    for name, other in pm.list_name_plugin():
        if name not in _PLUGINS:
            pm.unregister(other)
    pm.register(plugin)
    # With it a mistake in a query of the reader's fills the terminal with every frame's variables.
    pm.get_plugin("datasette.handle_exception").rich = None
    described = metadata()
    described["plugins"][plugin.NAME] = {"captures": str(captures) if captures else None}
    datasette = Datasette(
        memory=False,
        metadata=described,
        settings=_SETTINGS,
        template_dir=str(_HERE / "templates"),
        static_mounts=[("static", str(_HERE / "static"))],
    )
    datasette.remove_database("_memory")
    datasette.add_database(ReadOnlyDatabase(datasette, str(database)), name=plugin.DATABASE)
    return datasette


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
