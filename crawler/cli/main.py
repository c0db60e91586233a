"""``republika``: Scrapy's command line with the project's settings, from any folder."""

from __future__ import annotations

import os

from scrapy.cmdline import execute


def main() -> None:
    """Run a command; a Scrapy project that the current folder may hold is left aside."""
    os.environ["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
    execute()
