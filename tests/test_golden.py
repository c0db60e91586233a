"""Every saved page gives the record that was reviewed; and the command writes it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests import golden
from tests.helpers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGES = {page.stem: page for page in sorted(golden.PAGES.glob("*.html"))}
LAYOUTS = {"newrol", "rol", "wrap_detail", "republika2023", "amp"}
KINDS = {"article", "gallery", "video", "infographic"}


@pytest.mark.parametrize("name", PAGES)
def test_record(name: str) -> None:
    reviewed = golden.reviewed(PAGES[name])
    got = golden.record(PAGES[name], reviewed[golden.ADDRESS])
    # As JSON has it: lists for tuples.
    assert json.loads(json.dumps(got)) == reviewed


def test_every_layout_and_kind_has_a_page() -> None:
    records = [golden.reviewed(page) for page in PAGES.values()]
    assert {record.get("layout") for record in records} >= LAYOUTS
    assert {record.get("kind") for record in records} >= KINDS
    assert any(golden.REFUSED in record for record in records)


def command(*args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.golden", *map(str, args)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_command_writes_a_record_to_review(tmp_path: Path) -> None:
    name = "wrap_detail"
    page = tmp_path / "saved.html"
    shutil.copy(PAGES[name], page)
    reviewed = golden.reviewed(PAGES[name])
    done = command(page, reviewed[golden.ADDRESS])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"review {tmp_path / 'saved.json'}\n1 of 1 records changed\n"
    assert golden.reviewed(page) == reviewed
    assert command(page, reviewed[golden.ADDRESS]).stdout == "0 of 1 records changed\n"


def test_a_page_without_an_address_or_that_is_absent_is_refused(tmp_path: Path) -> None:
    page = PAGES["wrap_detail"]
    assert "PAGE URL" in command(page).stderr
    absent = command(tmp_path / "absent.html", "https://republika.co.id/berita/rgmwym370")
    assert absent.returncode == 2
    assert "there is no such file" in absent.stderr
