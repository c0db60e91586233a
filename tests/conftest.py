"""What several test modules need."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.website import running_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.website import Site

# The same examples at every run, and time for them on a busy machine; others by
# --hypothesis-profile=default.
settings.register_profile("ci", derandomize=True, deadline=None, database=None)
settings.load_profile("ci")

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


def corpus() -> Path:
    """The folder of real pages; a test that needs it skips where it is absent, but not in CI."""
    if not CORPUS.is_dir():
        if os.environ.get("CI"):
            pytest.fail("the corpus of real pages is absent in CI")
        pytest.skip("the corpus of real pages is not on this machine")
    return CORPUS


@pytest.fixture
def website() -> Iterator[Site]:
    """Republika, as far as a crawler sees it, with nothing published yet."""
    with running_site() as site:
        yield site
