"""The files in deploy/, read and run as systemd, cron, logrotate and Scrapyd do it."""

from __future__ import annotations

import configparser
import fcntl
import json
import os
import re
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

import pytest
from scrapy.settings import default_settings

from crawler import settings
from crawler.cli.running import BUSY
from crawler.database.store import Store
from tests.helpers import ROOT, SAMPLES
from tests.site import hang

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.site import Site

DEPLOY = ROOT / "deploy"
UNITS = ("republika.service", "republika.timer", "republika-failed.service")
SBIN = "/usr/sbin:/sbin"  # not on everybody's PATH


def tool(name: str, package: str) -> str:
    """The path of a program of the system; a test skips where it is absent, but not in CI."""
    path = shutil.which(name, path=f"{os.environ['PATH']}:{SBIN}")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is absent in CI (Debian package {package})")
        pytest.skip(f"{name} is not on this machine (Debian package {package})")
    return path


class Host:
    """A machine on which the crawler is set up as deploy/README.md says, inside one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.state = root / "var/lib/republika"
        self.database = self.state / "republika.db"
        self.log = root / "var/log/republika/crawl.log"
        self.env = root / "etc/republika.env"
        for folder in (self.state, self.log.parent, self.env.parent, root / "opt/republika"):
            folder.mkdir(parents=True)
        for name in ("scrapy.cfg", "crawler", "spiders", "pipelines"):
            (root / "opt/republika" / name).symlink_to(ROOT / name)
        (root / "opt/republika/.venv").symlink_to(sys.prefix)
        self.env.write_text(self.file("republika.env"))

    def file(self, name: str) -> str:
        """A file of deploy/, with the paths of this host."""
        return self.local((DEPLOY / name).read_text())

    def local(self, text: str) -> str:
        return re.sub(
            r"/(?=opt/republika|var/(lib|log|backups)/republika|etc/republika\.env)",
            f"{self.root}/",
            text,
        )

    def configure(self, **environment: object) -> None:
        """Add to republika.env."""
        with self.env.open("a") as file:
            file.writelines(
                f"{name}={shlex.quote(str(value))}\n" for name, value in environment.items()
            )


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


# -- republika.env -------------------------------------------------------------------------------


def assignments(text: str) -> Iterator[tuple[str, str]]:
    """NAME=value of each line, also of those that only show how it would be."""
    for line in text.splitlines():
        if named := re.fullmatch(r"#?([A-Z_]+)=(.+)", line):
            yield named[1], named[2]


def test_every_setting_of_the_environment_file_is_known() -> None:
    names = [name for name, _ in assignments((DEPLOY / "republika.env").read_text())]
    ours = {name.removeprefix("REPUBLIKA_") for name in names if name != "NOTIFY"}
    assert "NOTIFY" in names
    assert {"DATABASE", "CAPTURES", "USER_AGENT", "LOG_LEVEL"} <= ours
    assert ours <= vars(settings).keys() | vars(default_settings).keys()


@pytest.mark.parametrize(
    "value", [value for _, value in assignments((DEPLOY / "republika.env").read_text())]
)
def test_systemd_and_a_shell_read_the_same_value(value: str) -> None:
    (read,) = shlex.split(value)  # as systemd does: quotes, and no other meaning of any character
    script = f'set -a; VALUE={value}; printf %s "$VALUE"'
    assert subprocess.check_output(["sh", "-c", script], text=True) == read


# -- systemd -------------------------------------------------------------------------------------


def unit(name: str) -> configparser.ConfigParser:
    """A unit, with the last value of a setting that is given several times."""
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters="=")
    parser.optionxform = str  # type: ignore[assignment]
    parser.read(DEPLOY / name)
    return parser


def analyze(*args: object) -> str:
    """What systemd-analyze says, on both channels."""
    command = [tool("systemd-analyze", "systemd"), *map(str, args)]
    done = subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_units_are_valid(host: Host) -> None:
    files = [host.root / name for name in UNITS]
    for file in files:
        file.write_text(host.file(file.name))
    said = analyze("verify", "--man=no", *files)
    assert not [line for line in said.splitlines() if "republika" in line], said


def test_units_name_each_other_and_run_as_the_same_user() -> None:
    run, failed = unit("republika.service"), unit("republika-failed.service")
    assert run["Unit"]["OnFailure"] == "republika-failed.service"
    assert run["Service"]["User"] == failed["Service"]["User"] == "republika"
    assert run["Service"]["ExecStart"] == "/opt/republika/.venv/bin/scrapy crawl latest"


def test_service_may_write_to_its_state_only() -> None:
    service = unit("republika.service")["Service"]
    assert service["ProtectSystem"] == "strict"
    assert service["StateDirectory"] == "republika"
    security = analyze("security", "--offline=yes", "--threshold=20", DEPLOY / "republika.service")
    assert "Overall exposure level" in security


def seconds(timespan: str) -> float:
    microseconds = re.search(r"μs: (\d+)", analyze("timespan", timespan))
    assert microseconds
    return int(microseconds[1]) / 1e6


def test_service_stops_as_the_crawler_can() -> None:
    service = unit("republika.service")["Service"]
    assert service["KillSignal"] == "SIGINT"
    assert seconds(service["TimeoutStopSec"]) > 2 * settings.DOWNLOAD_TIMEOUT
    assert seconds(service["TimeoutStartSec"]) > 3600


def test_only_a_held_database_is_no_failure() -> None:
    assert unit("republika.service")["Service"]["SuccessExitStatus"] == str(BUSY)


def test_timer_is_hourly() -> None:
    timer = unit("republika.timer")["Timer"]
    assert "Normalized form: *-*-* *:00:00" in analyze("calendar", timer["OnCalendar"])
    assert 60 <= seconds(timer["RandomizedDelaySec"]) < 3600
    assert timer["Persistent"] == "true"
    assert unit("republika.timer")["Install"]["WantedBy"] == "timers.target"


def tell(**environment: str) -> str:
    """Run what republika-failed.service runs; gives what goes to the journal."""
    tool("journalctl", "systemd")
    said = ""
    for line in (DEPLOY / "republika-failed.service").read_text().splitlines():
        if line.startswith("ExecStart="):
            command = shlex.split(line.removeprefix("ExecStart=").replace("$$", "$"))
            monitor = {"MONITOR_SERVICE_RESULT": "exit-code", "MONITOR_EXIT_STATUS": "1"}
            said += subprocess.check_output(
                command, env={"PATH": os.environ["PATH"]} | monitor | environment, text=True
            )
    return said


def test_failure_is_logged_as_an_error() -> None:
    assert tell() == "<3>republika.service has failed: exit-code 1\n"


def test_failure_is_told_to_the_operator(tmp_path: Path) -> None:
    message = tmp_path / "message"
    tell(NOTIFY=f"cat > {shlex.quote(str(message))}")
    assert message.read_text().startswith("republika.service has failed; the end of its log:\n")


# -- cron ----------------------------------------------------------------------------------------


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
    logrotate = tool("logrotate", "logrotate")
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


# -- Scrapyd -------------------------------------------------------------------------------------


class Scrapyd:
    """A Scrapyd on the loopback interface, configured by deploy/scrapyd.conf."""

    def __init__(self, host: Host) -> None:
        self.host = host
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.said = host.root / "scrapyd.log"
        self.env = {"PATH": os.environ["PATH"], "HOME": str(host.root)}  # no proxy among it
        self.direct = build_opener(ProxyHandler({}))

    def __enter__(self) -> Self:
        folder = self.host.state / "scrapyd"
        folder.mkdir()
        (folder / "scrapyd.conf").write_text(
            self.host.file("scrapyd.conf") + f"http_port = {self.port}\npoll_interval = 0.2\n"
        )
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scrapyd", "--pidfile="],
                cwd=folder,
                env=self.env,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        try:
            self.wait_for(lambda: self.ask("daemonstatus.json"))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)

    def wait_for(self, condition: Callable[[], object]) -> None:
        for _ in range(300):
            assert self.process.poll() is None, self.said.read_text()
            try:
                if condition():
                    return
            except URLError:
                pass  # not up yet
            time.sleep(0.1)
        pytest.fail(f"waited in vain: {self.said.read_text()}")

    def ask(self, service: str, *form: tuple[str, object]) -> dict[str, Any]:
        data = urlencode(form).encode() or None
        with self.direct.open(self.url + service, data, timeout=30) as response:
            answer: dict[str, Any] = json.load(response)
        assert answer["status"] == "ok", answer
        return answer

    def finished(self, job: str) -> dict[str, Any] | None:
        jobs = self.ask("listjobs.json")["finished"]
        return next((entry for entry in jobs if entry["id"] == job), None)


def clone(folder: Path, port: int) -> Path:
    """The project, as somebody has it who deploys it to this port."""
    for name in ("crawler", "spiders", "pipelines", "tests", "samples", "benchmarks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder)
    target = (ROOT / "scrapy.cfg").read_text()
    assert "http://127.0.0.1:6800/" in target
    (folder / "scrapy.cfg").write_text(target.replace("6800", str(port)))
    return folder


def test_scrapyd_runs_what_is_deployed(host: Host) -> None:
    with Scrapyd(host) as scrapyd:
        deployed = subprocess.run(
            [sys.executable, "-m", "scrapyd_client.deploy"],
            cwd=clone(host.root / "clone", scrapyd.port),
            env=scrapyd.env,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        answer = json.loads(deployed.stdout)
        assert (answer["status"], answer["project"]) == ("ok", "republika")

        (egg,) = (host.state / "scrapyd/eggs/republika").glob("*.egg")
        with zipfile.ZipFile(egg) as archive:
            names = archive.namelist()
        assert "crawler/browse/templates/archive.html" in names
        folders = {name.partition("/")[0] for name in names}
        assert folders == {"EGG-INFO", "crawler", "spiders", "pipelines"}

        job = scrapyd.ask(
            "schedule.json",
            ("project", "republika"),
            ("spider", "backfill"),
            ("since", "2022-08-15"),
            ("until", "2022-08-15"),
            ("setting", f"DATABASE={host.database}"),
            ("setting", f"CAPTURES={host.state / 'captures'}"),
            ("setting", f"REPLAY={SAMPLES}"),
        )["jobid"]
        scrapyd.wait_for(lambda: scrapyd.finished(job))

    said = scrapyd.said.read_text()
    assert "Process finished" in said, said
    assert "found 20: 17 new" in said
    log = host.state / f"scrapyd/logs/republika/backfill/{job}.log"
    assert "Spider closed (finished)" in log.read_text()
    with closing(sqlite3.connect(host.database)) as database:
        assert database.execute("SELECT count(*) FROM articles").fetchone() == (17,)
        assert database.execute("SELECT healthy FROM runs").fetchone() == (1,)


# -- the README ----------------------------------------------------------------------------------


def test_commands_on_the_database_work(host: Host) -> None:
    tool("sqlite3", "sqlite3")
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
