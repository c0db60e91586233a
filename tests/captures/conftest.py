"""What tests of captures are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.captures.again import PUTIN
from tests.captures.storage import storing
from tests.helpers import sample_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.captures.storage import Storage


@pytest.fixture
def putin() -> tuple[str, str]:
    return sample_page(PUTIN)


@pytest.fixture(scope="session")
def putin_page() -> tuple[str, str]:
    return sample_page(PUTIN)


@pytest.fixture
def storage(folder: Path) -> Iterator[Storage]:
    """The folder of the test's module, at an address."""
    with storing(folder) as storage:
        yield storage
