"""Commands whose streams, locale, limits, locks or disks are not as they should be."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from tests.crawl.refusals import BACKFILL
from tests.faults.checks import QUIET, ended, sound
from tests.helpers import ROOT, with_mounts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.checks import Played

READING = {
    "runs": ("runs",),
    "search": ("search", "kegiatan"),
    "search --json": ("search", "--json", "kegiatan"),
    "export -o -": ("export", "-o", "-"),
}
WRITING = {
    "crawl": ("crawl", *BACKFILL, *QUIET),
    "reparse": ("reparse", "--jobs", "1"),
    "audit": ("audit", "--since", "2022-08-15", "--until", "2022-08-15", *QUIET),
    "export": ("export", "-o", "{folder}/articles.jsonl"),
}
ALL = READING | WRITING


class Trouble(NamedTuple):
    """What is wrong around a command, and what is right then."""

    commands: dict[str, tuple[str, ...]]
    code: int  # that each ends in
    shell: str = ""  # done before it by the shell, which knows $FOLDER and $DATABASE
    streams: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    mounts: str = ""  # as `shell`, by root in a namespace of its own


TROUBLES = {
    "stdout closed": Trouble(ALL, 1, streams=">&-"),
    "stdout full": Trouble(ALL, 1, streams=">/dev/full"),
    "stderr closed": Trouble(ALL, 0, streams="2>&-"),
    "stderr full": Trouble(ALL, 0, streams="2>/dev/full"),
    "all streams closed": Trouble(ALL, 1, streams="<&- >&- 2>&-"),
    "Latin-1": Trouble(ALL, 0, environment=(("PYTHONIOENCODING", "latin-1"),)),
    "ASCII": Trouble(ALL, 0, environment=(("PYTHONIOENCODING", "ascii"),)),
    "POSIX locale": Trouble(ALL, 0, environment=(("LC_ALL", "POSIX"), ("PYTHONUTF8", "0"))),
    "a time zone that does not exist": Trouble(ALL, 0, environment=(("TZ", "XXX25"),)),
    "15 files": Trouble(ALL, 1, "ulimit -n 15"),
    "20 files": Trouble(ALL, 1, "ulimit -n 20"),
    "umask 000": Trouble(ALL, 0, "umask 000"),
    "lock file is a FIFO, reading": Trouble(
        READING, 0, 'rm -f "$DATABASE.lock"; mkfifo "$DATABASE.lock"'
    ),
    "lock file is a FIFO, writing": Trouble(
        {name: WRITING[name] for name in ("crawl", "reparse", "audit")},
        1,
        'rm -f "$DATABASE.lock"; mkfifo "$DATABASE.lock"',
    ),
    "database is a FIFO": Trouble(ALL, 1, 'rm -f "$DATABASE"*; mkfifo "$DATABASE"'),
    "database is a folder": Trouble(ALL, 1, 'rm -f "$DATABASE"*; mkdir "$DATABASE"'),
    "read-only, reading": Trouble(
        READING, 0, mounts='mount --bind "$FOLDER" "$FOLDER"; mount -o remount,bind,ro "$FOLDER"'
    ),
    "read-only, writing": Trouble(
        {name: WRITING[name] for name in ("crawl", "reparse", "audit")},
        1,
        mounts='mount --bind "$FOLDER" "$FOLDER"; mount -o remount,bind,ro "$FOLDER"',
    ),
    "full disk, reading": Trouble(
        READING,
        0,
        mounts='cp "$DATABASE" "$FOLDER.copy"; mount -t tmpfs -o size=2m tmpfs "$FOLDER";'
        ' cp "$FOLDER.copy" "$DATABASE"; cat /dev/zero >"$FOLDER/zeros" 2>&- || true',
    ),
}


def play(name: str, command: str, played: Played, folder: Path) -> list[str]:
    """Run a command so; gives what is wrong."""
    trouble = TROUBLES[name]
    crawler = played.copy(folder)
    args = [arg.format(folder=folder) for arg in trouble.commands[command]]
    script = f'{trouble.shell or ":"}; exec "$@" {trouble.streams}'
    mounts = with_mounts(f'{trouble.mounts}\nexec "$@"') if trouble.mounts else []
    done = subprocess.run(
        [*mounts, "sh", "-c", script, "sh", *crawler.command(*args)],
        cwd=ROOT,
        env=crawler.environment()
        | {"FOLDER": str(folder), "DATABASE": str(crawler.database)}
        | dict(trouble.environment),
        check=False,
        capture_output=True,
        timeout=60,
    )
    text = subprocess.CompletedProcess(
        done.args,
        done.returncode,
        done.stdout.decode(errors="replace"),
        done.stderr.decode(errors="replace"),
    )
    code = 2 if command == "export" and name == "read-only, writing" else trouble.code
    wrong = ended(text, code, most_lines=1)
    if trouble.code and not text.stderr and "2>" not in trouble.streams:
        wrong.append("nothing is told")
    if "--json" in command and not trouble.code:
        for line in done.stdout.splitlines():
            json.loads(line)
    if name == "umask 000":
        paths = [folder, *folder.rglob("*")]
        wrong += [f"{path.name} is everybody's" for path in paths if path.stat().st_mode & 0o002]
    return wrong + (sound(crawler) if crawler.database.is_file() else [])
