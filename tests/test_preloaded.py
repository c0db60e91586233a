"""Commands of the tests are forked where that is the same, and only there."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from tests import preloaded
from tests.preloaded import ROOT
from tests.site import Crawler

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site import Site


def test_what_a_test_starts_is_forked() -> None:
    assert preloaded.is_preloaded(ROOT, dict(os.environ))
    own = {"REPUBLIKA_DATABASE": "any.db", "SCRAPY_SETTINGS_MODULE": "crawler.settings"}
    assert preloaded.is_preloaded(ROOT, os.environ | own)


def test_crawls_of_the_played_site_are_forked(website: Site, tmp_path: Path) -> None:
    crawler = Crawler(tmp_path, website)
    assert preloaded.is_preloaded(ROOT, crawler.environment())
    website.ahead = timedelta(days=-1)
    assert preloaded.is_preloaded(ROOT, crawler.environment())


def test_what_an_interpreter_reads_at_its_start_is_read(tmp_path: Path) -> None:
    assert not preloaded.is_preloaded(tmp_path, dict(os.environ))
    for name in ("PYTHONHASHSEED", "PYTHONPATH", "PYTHONWARNINGS", "LC_ALL"):
        assert not preloaded.is_preloaded(ROOT, os.environ | {name: "1"}), name
