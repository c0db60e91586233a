"""The installed package: its `republika` command works from any folder."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from contextlib import closing
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.helpers import ROOT

SAMPLES = ROOT / "samples"
ADDRESS = "https://www.republika.co.id/berita/rgmwym370/putin-janjikan-perluas-hubungan"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built from a copy, since a build leaves folders behind."""
    folder = tmp_path_factory.mktemp("source")
    for name in ("crawler", "spiders", "pipelines", "tests", "samples", "benchmarks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    build = "from setuptools import build_meta; build_meta.build_wheel('dist')"
    subprocess.run([sys.executable, "-c", build], cwd=folder, check=True, capture_output=True)
    (built,) = (folder / "dist").iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of an environment that has the wheel.

    What the wheel depends on comes from this environment, so that nothing is downloaded.
    """
    folder = tmp_path_factory.mktemp("installed") / ".venv"
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    command: list[str | Path] = [
        uv,
        "pip",
        "install",
        "--quiet",
        "--offline",
        "--no-deps",
        "--python",
        folder,
        wheel,
    ]
    subprocess.run(command, check=True)
    return folder / "bin"


def run(program: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, with no settings from outside."""
    return subprocess.run(
        [program, *arguments],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(cwd)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_wheel_holds_the_code_its_data_and_its_types(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    folders = {name.partition("/")[0] for name in names}
    assert {name for name in folders if not name.endswith(".dist-info")} == {
        "crawler",
        "spiders",
        "pipelines",
    }
    assert {"crawler/py.typed", "crawler/browse/templates/archive.html"} <= names


def test_a_crawl_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    crawl = ("crawl", "article", "-a", f"url={ADDRESS}", "-s", f"REPLAY={SAMPLES}")
    done = run(installed / "republika", *crawl, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "found 1: 1 new" in done.stdout
    with closing(sqlite3.connect(tmp_path / "republika.db")) as database:
        assert database.execute("SELECT id FROM articles").fetchall() == [("rgmwym370",)]
    found = run(installed / "republika", "search", "pyongyang OR korea", cwd=tmp_path)
    assert "Putin Janjikan" in found.stdout


def test_another_scrapy_project_is_left_aside(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = other.settings\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/settings.py").write_text("SPIDER_MODULES = []\n")
    listed = run(installed / "republika", "list", cwd=tmp_path)
    assert {"article", "backfill", "latest", "topic"} <= set(listed.stdout.split())


def test_help_and_errors_name_the_command(installed: Path, tmp_path: Path) -> None:
    told = run(installed / "republika", "runs", "-h", cwd=tmp_path)
    assert told.returncode == 0
    assert "republika runs" in told.stdout
    assert "scrapy runs" not in told.stdout
    refused = run(installed / "republika", "crawl", "article", "-a", "url=x", cwd=tmp_path)
    assert refused.returncode == 2
    assert refused.stderr.startswith("republika crawl article: ")
    assert list(tmp_path.iterdir()) == []


def test_the_container_copies_what_is_there_and_is_not_root() -> None:
    lines = (ROOT / "Containerfile").read_text().splitlines()
    copied = [line.split()[1:-1] for line in lines if re.match(r"COPY (?!--from)", line)]
    assert [name for names in copied for name in names if not (ROOT / name).exists()] == []
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert "0" not in users[-1].split(":")
    assert "VOLUME /data" in lines


def locked(name: str) -> dict[str, Version]:
    """The packages of a lock file, each of which has hashes."""
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+)==(\S+)[^\n]* \\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^\S", text, re.MULTILINE))
    return {package: Version(version) for package, version in pins}


def test_the_locks_fit_the_dependencies() -> None:
    """`make lock` writes them; a crawl's holds neither extras nor development tools."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = project["project"]["dependencies"]
    optional = project["project"]["optional-dependencies"]
    del optional["corpus"]  # which would slow the start of every command
    extras = [*chain(*optional.values())]
    wanted = {
        "requirements.lock": runtime,
        "requirements-extras.lock": runtime + extras,
        "requirements-dev.lock": runtime + extras + project["dependency-groups"]["dev"],
        "requirements-guests.lock": project["dependency-groups"]["guests"],
    }
    for name, requirements in wanted.items():
        pins = locked(name)
        for requirement in map(Requirement, requirements):
            version = pins[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), (name, requirement)
    ours = {canonicalize_name(Requirement(text).name) for text in runtime}
    others = {canonicalize_name(Requirement(text).name) for text in extras} - ours
    assert not others & locked("requirements.lock").keys()
    assert locked("requirements.lock").items() <= locked("requirements-extras.lock").items()
    assert locked("requirements-extras.lock").items() <= locked("requirements-dev.lock").items()
