"""What an archive holds, and what the database holds after reading that directly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.archives.pages import contents, warc
from tests.archives.running import scrapy

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archives.pages import Contents


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return warc(tmp_path_factory.mktemp("warc"))


@pytest.fixture(scope="session")
def direct(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Contents:
    folder = tmp_path_factory.mktemp("direct")
    assert scrapy(folder, "reparse", str(file)).returncode == 0
    return contents(folder / "republika.db")
