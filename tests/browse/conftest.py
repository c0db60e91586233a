"""What the tests of browse share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from crawler.database.store import Store
from tests.helpers import DAY, crawl, tool
from tests.records import refuse, save

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
from tests.browse.archive import GONE, NOW, SCRIPT, Archive, evil


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The archive after the sample day."""
    database = tmp_path_factory.mktemp("sample") / "republika.db"
    done = crawl(database, "backfill", *DAY)
    assert done.returncode == 0, done.stderr
    with Archive(database) as archive:
        yield archive


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive with an article that would do harm, changed once, and such a run."""
    folder = tmp_path_factory.mktemp("a folder? #1 %20")
    database = folder / "my news?.db"
    with Store(database) as store:
        save(store, evil(f"{SCRIPT} Before"), now=NOW)
        save(store, evil(f"{SCRIPT} \"Kutilang\" & 'Jalak'"), now=NOW)
        save(store, replace(evil("Judul"), id=GONE, content_hash=""), now=NOW)
        refuse(store, GONE, "https://x", "gone", "HTTP 404", now="2022-08-18T08:00:00+07:00")
        store.db.execute(
            "INSERT INTO runs (spider, arguments, versions, started_at, found, rejected, healthy,"
            " why) VALUES ('latest', '{}', '{}', ?, 4, 1, 0, ?)",
            [NOW, SCRIPT],
        )
        store.db.conn.commit()
    with Archive(database) as archive:
        yield archive


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    database = tmp_path_factory.mktemp("empty") / "republika.db"
    Store(database).close()
    with Archive(database) as archive:
        yield archive


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    flags = "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking"
    flags += " disable-component-update disable-sync"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=tool("chromium"),
            args=[f"--{flag}" for flag in flags.split()],
        )
        yield running
        running.close()
