"""The units and the environment file of deploy/, read and run as systemd does it."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest
from scrapy.settings import default_settings

from crawler import settings
from crawler.errors import BUSY
from tests.deploy.host import DEPLOY, Host
from tests.helpers import tool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNITS = ("republika.service", "republika.timer", "republika-failed.service")


# -- republika.env -------------------------------------------------------------------------------


def assignments(text: str) -> Iterator[tuple[str, str]]:
    """NAME=value of each line, also of those that only show how it would be."""
    for line in text.splitlines():
        if named := re.fullmatch(r"#?([A-Z_]+)=(.+)", line):
            yield named[1], named[2]


def test_every_setting_of_the_environment_file_is_known() -> None:
    names = [name for name, _ in assignments((DEPLOY / "republika.env").read_text())]
    ours = {name.removeprefix("REPUBLIKA_") for name in names if name[:6] != "NOTIFY"}
    assert {"NOTIFY", "NOTIFY_OK"} <= set(names)
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


@pytest.mark.parametrize(("status", "is_told"), [("0", True), ("1", False), ("75", False)])
def test_a_healthy_run_is_told_too(tmp_path: Path, status: str, is_told: bool) -> None:
    message = tmp_path / "message"
    line = unit("republika.service")["Service"]["ExecStopPost"].removeprefix("-")
    environment = {"NOTIFY_OK": f"cat > {shlex.quote(str(message))}", "EXIT_STATUS": status}
    command = shlex.split(line.replace("$$", "$"))
    subprocess.run(command, env={"PATH": os.environ["PATH"]} | environment, check=True)
    assert message.exists() == is_told
    assert not is_told or message.read_text() == "republika.service: a healthy run\n"
