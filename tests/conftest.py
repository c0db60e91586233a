"""What several test modules need."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.helpers import GUESTS
from tests.site import running_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.site import Site

sys.path.append(str(GUESTS))
# Of what a shell runs in the background it is ignored, and so by every command that a test stops.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples at every run, and time for them on a busy machine; others by
# --hypothesis-profile=default.
settings.register_profile("ci", derandomize=True, deadline=None, database=None)
settings.load_profile("ci")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture
def website() -> Iterator[Site]:
    """Republika, as far as a crawler sees it, with nothing published yet."""
    with running_site() as site:
        yield site
