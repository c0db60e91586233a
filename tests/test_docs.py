"""The shell blocks of the documentation run, one after the other, as a reader would run them."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.helpers import ROOT, skip_without

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), ROOT / "CONTRIBUTING.md"]
OTHERS = [ROOT / "README.id.md", ROOT / "benchmarks" / "README.md"]

BLOCK = re.compile(r"^```shell\n(.*?)^```", re.DOTALL | re.MULTILINE)


def commands(page: Path) -> list[str]:
    """The commands of the shell blocks of a page, without their comments."""
    text = "".join(BLOCK.findall(page.read_text(encoding="utf-8"))).replace("\\\n", " ")
    lines = (re.sub(r"\s+#.*", "", line).strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


# What a command ends in where the sample day answers for the site: it has one day of the index, no
# newest page, and no listing of a tag or a section; and nothing of other archives.
UNHEALTHY = ("crawl latest", "crawl topic", "crawl backfill", "audit")


def expected(command: str) -> int:
    return 1 if any(f"scrapy {name} " in f"{command} " for name in UNHEALTHY) else 0


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as a newcomer has it, in a folder of its own, set up already."""
    folder = tmp_path_factory.mktemp("clone") / "republika"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        skip_without("the project as a git checkout")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "urls.txt").write_text(
        "https://www.republika.co.id/berita/rgmwym370/putin-janjikan-perluas-hubungan\n"
    )
    (folder / "CC-NEWS-20220815-00001.warc.gz").symlink_to(
        ROOT / "samples" / "republika-2022-08-15.warc.gz"
    )
    return folder


@pytest.mark.long
def test_the_shell_blocks_run(clone: Path) -> None:
    """One after the other, as a reader would; the sample day answers for the site."""
    environment = os.environ | {
        "REPUBLIKA_REPLAY": "samples",
        "REPUBLIKA_CAPTURES": "samples",
        "REPUBLIKA_LOG_LEVEL": "ERROR",
    }
    ran = []
    waiting = [command for page in PAGES for command in commands(page)]
    while waiting:
        command = waiting.pop(0)
        if command.startswith("export "):
            name, _, value = shlex.split(command)[1].partition("=")
            environment[name] = value
            continue
        # That is this, or takes the network.
        if re.fullmatch("make (?!demo).*|.* crawl archive .*", command):
            continue
        if command.endswith("scrapy browse"):
            look_in(command, clone, environment)
            continue
        # The environment is there already, and is not to be made anew.
        command = command.replace("make demo", "make -o .venv/runtime demo")
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=clone,
            env=environment,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert done.returncode == expected(command), (command, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr, (command, done.stderr)
        if done.returncode:
            assert "\nunhealthy: " in f"\n{done.stderr}", command
        if command.endswith(" demo"):
            waiting[:0] = next_to_try = re.findall(
                r"^  (\.venv/bin/.+)$", done.stdout, re.MULTILINE
            )
            assert len(next_to_try) == 3
        ran.append(command)
    assert len(ran) > 20
    with closing(sqlite3.connect(clone / "republika.db")) as database:
        (stored,) = database.execute("SELECT count(*) FROM articles").fetchone()
    assert stored > 10


def look_in(command: str, clone: Path, environment: dict[str, str]) -> None:
    """Open the archive, and close it again; tests/browse looks around in it."""
    with subprocess.Popen(
        [*shlex.split(command), "--no-open", "--port", "0"],
        cwd=clone,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as browse:
        assert browse.stdout
        assert "http://127.0.0.1:" in browse.stdout.readline()
        browse.send_signal(signal.SIGINT)
        assert browse.wait(60) == 0


@pytest.mark.parametrize("page", [*PAGES, *OTHERS], ids=lambda path: str(path.relative_to(ROOT)))
def test_what_the_shell_blocks_name_is_there(page: Path) -> None:
    """The targets, scripts and commands exist, of those too that are not run here."""
    for command in commands(page):
        for script in re.findall(r"\S+\.(?:py|sh)\b", command):
            assert (ROOT / script).is_file(), command
        if command.startswith("make "):
            assert f"\n{command.split()[1]}:" in (ROOT / "Makefile").read_text()
