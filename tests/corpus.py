"""The corpus of real pages with hand-checked answers, where REPUBLIKA_CORPUS names its folder.

Its text is Republika's, so it is not part of the project.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_NAME = "REPUBLIKA_CORPUS"
CORPUS = Path(os.environ.get(_NAME, os.devnull)).absolute()  # without a name: of no page


def corpus() -> Path:
    """The folder of real pages; a test that needs it skips where none is named."""
    if _NAME not in os.environ:
        pytest.skip(
            f"the corpus of real pages is not part of the project: {_NAME} names its folder"
        )
    if not (CORPUS / "html").is_dir():
        pytest.fail(f"{_NAME}={CORPUS} does not lead to the corpus of real pages")
    return CORPUS
