"""A server of archives on the loopback interface, as an object store answers."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from tests.helpers import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path


class Storage(ThreadingHTTPServer):
    """Serves the files of a folder; ``asked``: each request, as method and path."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.folder = folder
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[tuple[str, str]] = []
        self.at_get: dict[int, Callable[[], object]] = {}  # by the number of a GET, before it
        self.faults: dict[str, list[int | str]] = {}  # by path: a status, or "cut", once each

    def handle_error(self, *_: object) -> None:
        """Who asked was killed, or has heard enough."""


class _Answer(BaseHTTPRequestHandler):
    server: Storage

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.server.asked.append((self.command, self.path))
        gets = [path for method, path in self.server.asked if method == "GET"]
        if self.command == "GET" and (act := self.server.at_get.pop(len(gets), None)):
            act()
        faults = self.server.faults.get(self.path, [])
        fault = faults.pop(0) if faults and self.command == "GET" else None
        file = self.server.folder / self.path.lstrip("/")
        if isinstance(fault, int) or not file.is_file():
            self.send_error(fault if isinstance(fault, int) else 404)
            return
        data = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("ETag", f'"{hash(data)}"')
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data[: len(data) // 2] if fault else data)

    def log_message(self, *_: object) -> None:
        pass


def storing(folder: Path) -> AbstractContextManager[Storage]:
    """The folder at an address, until the block ends."""
    return serving(Storage(folder))
