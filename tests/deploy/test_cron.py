"""The cron line and the log rotation of deploy/, run as cron and logrotate do it."""

from __future__ import annotations

import fcntl
import re
import shlex
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.deploy.host import DEPLOY, Host
from tests.helpers import SAMPLES, tool
from tests.site import hang

if TYPE_CHECKING:
    from tests.site import Site


class Crontab:
    """A file of /etc/cron.d with one job, run as cron would."""

    def __init__(self, text: str) -> None:
        lines = [line for line in text.splitlines() if line and line[0] != "#"]
        *variables, job = lines
        self.variables = dict(line.split("=", 1) for line in variables)
        *self.when, self.user, self.command = job.split(maxsplit=6)

    def run(self) -> str:
        """Run the job; gives what cron would mail."""
        done = subprocess.run(
            [self.variables["SHELL"], "-c", self.command],
            cwd="/",  # the home of a user who has none
            env={"HOME": "/", "LOGNAME": self.user} | self.variables,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )
        return done.stdout


def test_cron_can_read_the_file() -> None:
    crontab = Crontab((DEPLOY / "republika.cron").read_text())
    assert re.fullmatch(r"[0-5]?\d( \*){4}", " ".join(crontab.when)), "once an hour"
    assert crontab.user == "republika"
    assert "%" not in crontab.command, "cron makes a line feed of it"
    assert len(crontab.command) < 1000, "cron cuts it off there"


def test_healthy_run_of_cron_is_silent(host: Host, website: Site) -> None:
    website.publish(3)
    host.configure(**website.environment(), REPUBLIKA_DOWNLOAD_DELAY=0)
    assert Crontab(host.file("republika.cron")).run() == ""
    assert "found 3: 3 new" in host.log.read_text()
    with closing(sqlite3.connect(host.database)) as database:
        assert database.execute("SELECT count(*) FROM articles").fetchone() == (3,)
    assert list((host.state / "captures").iterdir())


def test_failed_run_of_cron_is_mailed(host: Host) -> None:
    host.configure(REPUBLIKA_REPLAY=SAMPLES)  # where nothing is new
    mail = Crontab(host.file("republika.cron")).run()
    assert mail.startswith(f"scrapy crawl latest ended in 1; the end of {host.log}:\n")
    assert "unhealthy: nothing was found\n" in mail
    assert mail.endswith(host.log.read_text()[-200:])


def test_failed_run_of_cron_goes_to_the_command_of_the_operator(host: Host) -> None:
    message = host.root / "message"
    host.configure(NOTIFY=f"cat > {shlex.quote(str(message))}", REPUBLIKA_DATABASE="/absent/x.db")
    assert Crontab(host.file("republika.cron")).run() == ""
    assert "/absent/x.db.lock cannot be written" in message.read_text()


def test_healthy_run_of_cron_pings(host: Host, website: Site) -> None:
    message = host.root / "message"
    website.publish(1)
    ping = f"cat >> {shlex.quote(str(message))}"
    host.configure(**website.environment(), REPUBLIKA_DOWNLOAD_DELAY=0, NOTIFY_OK=ping)
    assert Crontab(host.file("republika.cron")).run() == ""
    assert "found 1: 1 new" in message.read_text()
    message.unlink()
    host.configure(NOTIFY_OK=ping, NOTIFY="cat > /dev/null", REPUBLIKA_DATABASE="/absent/x.db")
    assert Crontab(host.file("republika.cron")).run() == ""
    assert not message.exists()


def test_held_database_is_no_news_for_cron(host: Host) -> None:
    with Path(f"{host.database}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert Crontab(host.file("republika.cron")).run() == ""
    assert "try again" in host.log.read_text()


def test_run_of_cron_that_hangs_is_ended_and_mailed(host: Host, website: Site) -> None:
    website.misbehave("", hang())
    host.configure(**website.environment(), REPUBLIKA_DOWNLOAD_TIMEOUT=1)
    text = host.file("republika.cron")
    assert " 6h " in text
    mail = Crontab(text.replace(" 6h ", " 3 ")).run()
    assert mail.startswith("scrapy crawl latest ended in 124;")


@pytest.mark.parametrize("absent", ["etc/republika.env", "opt/republika", "var/log/republika"])
def test_what_is_not_set_up_is_mailed(host: Host, absent: str) -> None:
    path = host.root / absent
    path.rename(f"{path}-elsewhere")
    assert str(path) in Crontab(host.file("republika.cron")).run()


# -- logrotate -----------------------------------------------------------------------------------


def test_log_is_rotated(host: Host) -> None:
    logrotate = tool("logrotate")
    host.log.write_text("")
    owner = f"su {host.log.owner()} {host.log.group()}"
    config = host.root / "logrotate.conf"
    config.write_text(host.file("republika.logrotate").replace("su republika republika", owner))
    checked = subprocess.run(
        [logrotate, "--debug", config], check=True, capture_output=True, text=True
    )
    assert "error" not in checked.stderr
    state = ("--state", str(host.root / "state"))
    for week in ("one", "two", "three"):
        host.log.write_text(f"{week}\n")
        subprocess.run([logrotate, *state, "--force", config], check=True)
    assert sorted(file.name for file in host.log.parent.iterdir()) == [
        "crawl.log",
        "crawl.log.1",
        "crawl.log.2.gz",
        "crawl.log.3.gz",
    ]
    assert host.log.read_text() == ""
    assert (host.log.parent / "crawl.log.1").read_text() == "three\n"
