from __future__ import annotations

import pytest

from crawler.database.store import Store
from tests.database.helpers import SCHEDULE


@pytest.fixture
def path(tmp_path):
    return tmp_path / "republika.db"


@pytest.fixture
def store(path):
    with Store(path) as store:
        yield store


@pytest.fixture
def planned(path):
    """A store that asks again."""
    with Store(path, SCHEDULE) as store:
        yield store
