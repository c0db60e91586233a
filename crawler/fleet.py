"""Days of the site crawled by several machines, each into a database of its own that comes back."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from crawler.captures.adopt import adopt
from crawler.database.merging.merge import merge
from crawler.query.snapshot import reading

if TYPE_CHECKING:
    from datetime import date

    from crawler.database.store import Store

DATABASE, CAPTURES = "republika.db", "captures"  # of a day, in its folder
_SET_PARENT_DEATH_SIGNAL = 1  # Linux: prctl.h


class Day(NamedTuple):
    """A day to crawl, as `scrapy crawl backfill` does."""

    day: date
    section: str | None
    settings: tuple[str, ...]  # NAME=value


class Crawled(NamedTuple):
    """What a machine made of a day."""

    day: date
    why: tuple[str, ...]  # it is unhealthy, or did not run
    files: dict[str, bytes]  # its folder: database and captures


def crawl_day(task: Day) -> Crawled:
    """Crawl a day in a folder that is gone afterwards."""
    day, section, settings = task
    arguments = [f"since={day}", f"until={day}", *([f"section={section}"] if section else [])]
    with TemporaryDirectory(prefix="republika-") as name:
        folder = Path(name)
        given = [f"DATABASE={folder / DATABASE}", f"CAPTURES={folder / CAPTURES}", *settings]
        done = subprocess.run(  # noqa: S603  # settings and days, checked before
            [
                *(sys.executable, "-m", "crawler", "crawl", "backfill", "-L", "ERROR"),
                *(part for argument in arguments for part in ("-a", argument)),
                *(part for setting in given for part in ("-s", setting)),
            ],
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
        lines = done.stderr.splitlines()
        why = [line.removeprefix("unhealthy: ") for line in lines if "unhealthy: " in line[:11]]
        if done.returncode and not why:
            why = lines[-1:] or [f"the crawl ended with exit code {done.returncode}"]
        files = {
            str(path.relative_to(folder)): path.read_bytes()
            for path in (folder / DATABASE, *folder.glob(f"{CAPTURES}/*"))
            if path.is_file()
        }
        return Crawled(day, tuple(why), files)


def _end_with_parent() -> None:
    """Else a crawl would go on whose day another machine does, and two at the pace of one."""
    ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def take_in(store: Store, folder: Path | None, crawled: Crawled) -> None:
    """Merge a day's database, its captures first; ``folder``: that of the captures, None: none."""
    if DATABASE not in crawled.files:
        return
    machine = f"day-{crawled.day}"
    with TemporaryDirectory(prefix="republika-") as name:
        made = Path(name)
        (made / CAPTURES).mkdir()
        for file, data in crawled.files.items():
            (made / file).write_bytes(data)
        names = [path.name for path in (made / CAPTURES).iterdir()]
        if folder:
            adopt(names, made / CAPTURES, folder / machine, lambda _: None)
        with reading(made / DATABASE) as source:
            merge(store, source, machine, place=f"{machine}/{{}}".format, progress=lambda *_: None)
