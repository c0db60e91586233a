"""A real pywb, a program of its own: run, never imported."""

from __future__ import annotations

import shutil
import socket
import subprocess
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tests.helpers import skip_without, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator


def fill_collection(folder: Path, *what: str) -> None:
    """Make a collection ``coll`` of what ``wb-manager add`` is given; skips without pywb."""
    manager = _program().resolve().with_name("wb-manager")
    for args in (("init", "coll"), ("add", *what)):
        subprocess.run([manager, *args], cwd=folder, check=True, capture_output=True)


@contextmanager
def running_pywb(folder: Path) -> Iterator[str]:
    """The address at which it shows the collections in ``folder``, until the block ends."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            [_program(), "-b", "127.0.0.1", "-p", str(port)], cwd=folder, stdout=log, stderr=log
        ) as process,
    ):
        try:
            wait_for(lambda: _answers(port))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _program() -> Path:
    return Path(shutil.which("wayback") or skip_without("pywb, as .ci/packages installs it"))


def _answers(port: int) -> bool:
    with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
        return True
    return False
