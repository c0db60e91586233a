"""Commands of `scrapy` in processes forked from one that has loaded it already.

Loading takes most of the time of a short command, and the tests run hundreds. What runs is the
same: a process for each command, with its own arguments, environment and streams. A command that
needs the interpreter to start afresh (in another folder, or with variables that Python reads then)
starts so, as does each that a test stops or kills.

    python tests/preloaded.py SOCKET    # the process that is forked; it ends when SOCKET does
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from contextlib import closing
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parents[1]
# What commands load; of Scrapy's commands and of our packages each module.
PACKAGES = (
    "scrapy.commands",
    "crawler.crawl",
    "crawler.query",
    "crawler.reading",
    "pipelines",
    "spiders",
)
MODULES = (
    "Sastrawi.Stemmer.StemmerFactory",
    "crawler.addon",
    "crawler.captures.middleware",
    "crawler.cli.filtering",
    "crawler.cli.running",
    "encodings.utf_8_sig",
    "protego",
    "rich.progress",
    "scrapy.cmdline",
    "scrapy.core.downloader.handlers.datauri",
    "scrapy.core.downloader.handlers.file",
    "scrapy.core.downloader.handlers.ftp",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.downloader.handlers.s3",
    "scrapy.downloadermiddlewares.cookies",
    "scrapy.downloadermiddlewares.defaultheaders",
    "scrapy.downloadermiddlewares.downloadtimeout",
    "scrapy.downloadermiddlewares.httpauth",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.downloadermiddlewares.httpproxy",
    "scrapy.downloadermiddlewares.offsite",
    "scrapy.downloadermiddlewares.redirect",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.downloadermiddlewares.stats",
    "scrapy.downloadermiddlewares.useragent",
    "scrapy.dupefilters",
    "scrapy.extensions.closespider",
    "scrapy.extensions.corestats",
    "scrapy.extensions.logcount",
    "scrapy.extensions.logstats",
    "scrapy.extensions.memdebug",
    "scrapy.extensions.memusage",
    "scrapy.extensions.remote_control",
    "scrapy.extensions.spiderstate",
    "scrapy.extensions.telnet",
    "scrapy.extensions.throttle",
    "scrapy.pqueues",
    "scrapy.robotstxt",
    "scrapy.spidermiddlewares.depth",
    "scrapy.spidermiddlewares.metacopy",
    "scrapy.spidermiddlewares.referer",
    "scrapy.spidermiddlewares.start",
    "scrapy.spidermiddlewares.urllength",
    "scrapy.squeues",
    "scrapy.statscollectors",
    "sqlite_utils",
    "twisted.internet.asyncioreactor",
    "urllib.robotparser",
)
# What looks at the environment or the arguments, and so belongs to each command.
NEVER = {"crawler.settings", "twisted.internet.reactor"}
CLOCK = ROOT / "tests" / "clock"  # on the path of a process, it sets its clock by CLOCK_AHEAD
_ENVIRONMENT = dict(os.environ)  # of all of this, whatever a test sets for itself
# pytest names the test that runs, so that no two have the same environment, and a command that ran
# in the process of the tests has left the name of the settings there.
_READ_LATER = (
    "CLOCK_AHEAD",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "PYTEST_CURRENT_TEST",
    "REPUBLIKA_",
    "SCRAPY_",
    "SSL_CERT_FILE",
)


def run(
    args: Sequence[str], *, cwd: Path, env: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m scrapy`` with these arguments to its end, and give what it printed."""
    command = [sys.executable, "-m", "scrapy", *args]
    if not is_preloaded(cwd, env):
        return subprocess.run(
            command, cwd=cwd, env=env, check=False, capture_output=True, text=True, timeout=timeout
        )
    with TemporaryFile("w+") as asked, TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        json.dump({"args": list(args), "env": dict(env)}, asked)
        for file in (asked, out, err):
            file.flush()
            file.seek(0)
        here, there = socket.socketpair()
        with closing(here), here.makefile() as told:
            streams = [asked.fileno(), out.fileno(), err.fileno(), there.fileno()]
            socket.send_fds(_preloaded(env.get("PYTHONPATH")), [b"."], streams)
            there.close()
            here.settimeout(timeout)
            process = int(told.readline())
            try:
                status = int(told.readline())
            except TimeoutError:
                os.kill(process, signal.SIGKILL)
                raise subprocess.TimeoutExpired(command, timeout) from None
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(command, status, out.read(), err.read())


def is_preloaded(cwd: Path, env: Mapping[str, str]) -> bool:
    """Whether a command with this folder and this environment is forked."""
    paths = (_ENVIRONMENT.get("PYTHONPATH"), str(CLOCK))
    return (
        cwd == ROOT
        and env.get("PYTHONPATH") in paths
        and _read_at_start(env) == _read_at_start(_ENVIRONMENT)
        and sys.platform != "win32"
    )


def _read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    """What may change an interpreter from its start on, apart from the path."""
    return {
        name: value
        for name, value in environment.items()
        if not name.upper().startswith(("PYTHONPATH", *_READ_LATER))
    }


@cache
def _preloaded(path: str | None) -> socket.socket:
    """The way to the process that is forked, which has this PYTHONPATH."""
    here, there = socket.socketpair()
    with closing(there):
        process = subprocess.Popen(
            [sys.executable, __file__, str(there.fileno())],
            pass_fds=[there.fileno()],
            cwd=ROOT,
            env=_ENVIRONMENT if path is None else _ENVIRONMENT | {"PYTHONPATH": path},
        )

    def end() -> None:
        here.close()
        process.wait()

    atexit.register(end)
    return here


# --- the process that is forked ---------------------------------------------------------------


def _serve(asked: socket.socket) -> None:
    """Fork a process for each command that is asked for."""
    for package in PACKAGES:
        for module in iter_modules(import_module(package).__path__):
            import_module(f"{package}.{module.name}")
    for name in MODULES:
        import_module(name)
    assert not sys.modules.keys() & NEVER
    gc.collect()
    gc.freeze()  # or each command would look through all of this for garbage, and so copy it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for what waits for a command
    while True:
        message, streams, *_ = socket.recv_fds(asked, 1, 4)
        if not message:
            return
        if os.fork() == 0:
            asked.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _command(*streams)
        for stream in streams:
            os.close(stream)


def _command(asked: int, out: int, err: int, told: int) -> NoReturn:
    """Become the command, with a process beside it that tells how it ended."""
    if process := os.fork():
        os.write(told, b"%d\n" % process)
        _, status = os.waitpid(process, 0)
        os.write(told, b"%d\n" % os.waitstatus_to_exitcode(status))
        os._exit(0)
    os.close(told)
    with open(asked) as file:
        given = json.load(file)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (out, 1), (err, 2)):
        os.dup2(ours, theirs)
        os.close(ours)
    os.environ.clear()
    os.environ.update(given["env"])
    sys.argv = ["scrapy", *given["args"]]
    sys.path[0] = str(ROOT)
    runpy.run_module("scrapy", run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    _serve(socket.socket(fileno=int(sys.argv[1])))
