"""The README of deploy/: its commands work, and it names every file."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from contextlib import closing

from crawler.database.store import Store
from tests.deploy.host import DEPLOY, Host
from tests.helpers import tool


def test_commands_on_the_database_work(host: Host) -> None:
    tool("sqlite3")
    Store(host.database).close()
    (host.root / "var/backups/republika").mkdir(parents=True)
    said = ""
    readme = host.local((DEPLOY / "README.md").read_text())
    commands = re.findall(r"sqlite3 .+", readme)
    assert len(commands) == 3
    for command in commands:
        said += subprocess.check_output(["sh", "-c", command], text=True)
    assert said == "no healthy run since ever\n"
    copies = list((host.root / "var/backups/republika").iterdir())
    assert len(copies) == 2
    for copy in copies:
        with closing(sqlite3.connect(copy)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert database.execute("SELECT count(*) FROM runs").fetchone() == (0,)


def test_every_file_is_in_the_readme() -> None:
    readme = (DEPLOY / "README.md").read_text()
    others = {file.name for file in DEPLOY.iterdir()} - {"README.md"}
    assert {name for name in others if f"deploy/{name}" not in readme} == set()
