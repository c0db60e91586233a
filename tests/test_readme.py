"""The READMEs are true: their tables are those of the code, and their shell blocks run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING

import pytest

from crawler import settings
from crawler.database.store import Store
from tests.helpers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

ENGLISH = ROOT / "README.md"
READMES = [ENGLISH, ROOT / "README.id.md", ROOT / "benchmarks" / "README.md"]
SOURCES = [*ROOT.glob("crawler/**/*.py"), *ROOT.glob("spiders/*.py"), *ROOT.glob("pipelines/*.py")]


def table(heading: str) -> list[list[str]]:
    """The rows of the first table that begins with this cell, without its head."""
    lines = ENGLISH.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))])
    return rows


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_setting_of_ours_with_its_default() -> None:
    """Those that Scrapy has too, with another default, are its own to document."""
    import scrapy.settings.default_settings as scrapys

    ours = [name for name in vars(settings) if name.isupper() and not hasattr(scrapys, name)]
    documented = {named(name)[0]: "".join(named(default)) for name, default, _ in table("name")}
    assert sorted(documented) == sorted(ours)
    for name, default in documented.items():
        assert default == str(getattr(settings, name))


def test_every_column_of_an_article_in_order(tmp_path: Path) -> None:
    with Store(tmp_path / "empty.db") as store:
        columns = [column.name for column in store.db.table("articles").columns]
    assert [name for cell, _ in table("column") for name in named(cell)] == columns


def test_every_table_is_named(tmp_path: Path) -> None:
    with Store(tmp_path / "empty.db") as store:
        tables = {name for name in store.db.table_names() if not name.startswith("_")}
    text = ENGLISH.read_text(encoding="utf-8")
    own = {name for name in tables if not re.match(r"articles_fts_|sqlite_", name)}
    assert [name for name in sorted(own) if f"`{name}`" not in text] == []


def test_every_state_of_a_page(tmp_path: Path) -> None:
    with Store(tmp_path / "empty.db") as store:
        schema = store.db.table("pages").schema
    states = re.search(r"state IN \(([^)]*)\)", schema)
    assert states
    known = re.findall(r"'(\w+)'", states[1])
    assert sorted(name for cell, *_ in table("state") for name in named(cell)) == sorted(known)


@cache
def code() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)


@pytest.mark.parametrize(
    "line", [line for cell, _ in table("a line of an unhealthy run") for line in named(cell)]
)
def test_every_line_of_trouble_is_one_that_the_code_says(line: str) -> None:
    """What stands in capitals is another each time."""
    pieces = [piece.strip() for piece in re.split(r"\b(?:[A-Z]+)\b|\.\.\.", line)]
    for piece in (piece for piece in pieces if len(piece) > 3):
        assert piece in code(), piece


def test_every_command_is_named() -> None:
    commands = {path.stem for path in ROOT.glob("crawler/commands/[a-z]*.py")}
    text = ENGLISH.read_text(encoding="utf-8")
    assert [name for name in sorted(commands) if f"scrapy {name}" not in text] == []


# -- shell blocks ------------------------------------------------------------------------------

BLOCK = re.compile(r"^```shell\n(.*?)^```", re.DOTALL | re.MULTILINE)


def commands(readme: Path) -> list[str]:
    """The commands of the shell blocks of a README, without their comments."""
    text = "".join(BLOCK.findall(readme.read_text(encoding="utf-8"))).replace("\\\n", " ")
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
        pytest.skip("the project is not in a git checkout")
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


def test_the_shell_blocks_run(clone: Path) -> None:
    """One after the other, as a reader would; the sample day answers for the site."""
    environment = os.environ | {
        "REPUBLIKA_REPLAY": "samples",
        "REPUBLIKA_CAPTURES": "samples",
        "REPUBLIKA_LOG_LEVEL": "ERROR",
    }
    ran = []
    for command in commands(ENGLISH):
        if command.startswith("export "):
            name, _, value = shlex.split(command)[1].partition("=")
            environment[name] = value
            continue
        if command in ("make test", "make install"):  # that is this, and its environment
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
        ran.append(command)
    assert len(ran) > 20
    database = sqlite3.connect(clone / "republika.db")
    (stored,) = database.execute("SELECT count(*) FROM articles").fetchone()
    database.close()
    assert stored > 10


def look_in(command: str, clone: Path, environment: dict[str, str]) -> None:
    """Open the archive, and close it again; tests/test_browse.py looks around in it."""
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


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_the_shell_blocks_name_is_there(readme: Path) -> None:
    """Of the other READMEs: the targets, scripts and commands exist."""
    for command in commands(readme):
        for script in re.findall(r"\S+\.(?:py|sh)\b", command):
            assert (ROOT / script).is_file(), command
        if command.startswith("make "):
            assert f"\n{command.split()[1]}:" in (ROOT / "Makefile").read_text()
