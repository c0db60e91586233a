"""Whatever stands among the paragraphs, in any shape and layout: a part of those pages."""

from __future__ import annotations

import sys

from tests.helpers import ROOT

sys.path.append(str(ROOT / "benchmarks"))  # scripts there, not a package
import furniture

STEP = 7  # shares no factor with the numbers of shapes and layouts


def test_the_text_comes_out_clean() -> None:
    wrong = [outcome for outcome in furniture.outcomes(STEP) if outcome.wrong]
    assert not wrong


def test_there_are_as_many_pages_as_the_benchmark_says() -> None:
    assert furniture.COMBINATIONS == 1908
