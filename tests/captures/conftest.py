"""What tests of captures are given."""

from __future__ import annotations

import pytest

from tests.captures.again import PUTIN
from tests.helpers import sample_page


@pytest.fixture
def putin() -> tuple[str, str]:
    return sample_page(PUTIN)


@pytest.fixture(scope="session")
def putin_page() -> tuple[str, str]:
    return sample_page(PUTIN)
