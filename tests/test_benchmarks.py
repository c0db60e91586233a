"""benchmarks/README.md is made of what the benchmarks have found, and of nothing else."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from tests.helpers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

FOLDER = ROOT / "benchmarks"
sys.path.append(str(FOLDER))

import recorded  # noqa: E402
import report  # noqa: E402

PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
BLOCK = "# A\n\n<!-- results: parse -->\nold figures\n<!-- end -->\nand more\n"


def test_the_page_shows_the_results_as_they_are() -> None:
    assert report.filled_in(PAGE) == PAGE, "run python benchmarks/report.py"


def test_every_result_is_shown() -> None:
    shown = re.findall(r"<!-- results: (\S+) -->", PAGE)
    assert {path.stem for path in recorded.FOLDER.glob("*.json")} <= set(shown)
    assert len(shown) > 5


def test_what_a_benchmark_keeps_is_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded, "FOLDER", tmp_path)
    monkeypatch.setattr(report, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", ["/anywhere/benchmarks/parse.py", "9"])
    results = recorded.Results("parse")
    results.say("12 pages.")
    results.table(("", "ms"), [("lxml", 0.5), ("a|b", "1")])
    results.keep()  # not asked to
    assert report.filled_in(BLOCK) == BLOCK.replace("old figures", "Not measured yet.")
    monkeypatch.setattr(recorded, "IS_RECORDED", True)
    results.keep()
    text = report.filled_in(BLOCK)
    assert "`python benchmarks/parse.py 9` of 20" in text
    assert (
        "\n12 pages.\n\n|  | ms |\n| --- | --- |\n| lxml | 0.5 |\n| a\\|b | 1 |\n<!-- end" in text
    )
    assert "old figures" not in text
    assert text.endswith("<!-- end -->\nand more\n")
