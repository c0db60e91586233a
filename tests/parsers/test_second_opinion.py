"""The texts of this parser beside another reader's: the pages that a person should look at."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.helpers import ROOT, SAMPLES
from tests.parsers.redesigns import END, MIDDLE, OPENING, PARAGRAPHS, URL, bare, page

if TYPE_CHECKING:
    from pathlib import Path

sys.path.append(str(ROOT / "benchmarks"))
import second_opinion

WARC = SAMPLES / "republika-2022-08-15.warc.gz"
OURS = f"{OPENING}\n{MIDDLE}\n{END}"
ALIEN = "Pasar malam dipindah ke lapangan yang lebih luas mulai pekan ini."


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "benchmarks/accuracy.py", *map(str, arguments)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("theirs", "agreement", "here", "there"),
    [
        (OURS, 1, [], []),
        (f"{OURS}\n{ALIEN}", 0.9, [], [ALIEN]),
        (f"{OPENING}\n{END}", 0.5, [MIDDLE], []),
        ("", 0, [OPENING, MIDDLE, END], []),
    ],
)
def test_lines_that_only_one_has(
    theirs: str, agreement: float, here: list[str], there: list[str]
) -> None:
    found = second_opinion.compared(URL, page(PARAGRAPHS).encode(), theirs)
    assert found.agreement == pytest.approx(agreement, abs=0.15)
    assert (found.only_ours, found.only_theirs, found.refused) == (here, there, "")


def test_a_page_that_is_refused_says_why() -> None:
    found = second_opinion.compared(URL, bare("<p>Memuat halaman</p>").encode(), OURS)
    assert (found.agreement, found.words[0]) == (0, 0)
    assert "no text" in found.refused


def test_pages_of_archives_and_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Listings are none; a page without an address cannot be read, and is named."""
    shutil.copy(WARC, tmp_path)
    (tmp_path / "saved.html").write_text(page(PARAGRAPHS), encoding="utf-8")
    (tmp_path / "nameless.html").write_text(page(PARAGRAPHS, head=""), encoding="utf-8")
    addresses = [url for url, _ in second_opinion.saved_pages([tmp_path])]
    assert URL in addresses
    assert len(addresses) == len(set(addresses)) > 20
    assert all("/berita/" in url or "/amp/" in url for url in addresses)
    assert "nameless.html: left out" in capsys.readouterr().out


def test_the_worst_come_first() -> None:
    """Beside a reader that finds no text at all."""
    pages = [(f"{URL}-x", bare("<p>Memuat</p>").encode()), (URL, page(PARAGRAPHS).encode())]
    found = second_opinion.differences("lxml", pages)
    assert [(difference.url, difference.agreement) for difference in found] == [
        (URL, 0),
        (f"{URL}-x", 1),  # neither has a text
    ]


def test_the_command_names_the_pages() -> None:
    done = run("--against", "this parser", WARC, "--worst", 1)
    assert (done.returncode, done.stderr) == (0, "")
    assert "the two texts agree on 22 of them" in done.stdout
    assert done.stdout.count("https://") == 1


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--against", "trafilatura"], "go together"),
        ([WARC], "go together"),
        (["--against", "nobody", WARC], "no such reader: nobody"),
        (["--against", "trafilatura", "absent.warc"], "no such file: absent.warc"),
    ],
)
def test_what_cannot_be_compared_is_said_at_once(arguments: list[object], error: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert error in done.stderr
