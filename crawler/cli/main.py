"""``republika``: Scrapy's command line with the project's settings, from any folder."""

from __future__ import annotations

import os
from pathlib import Path

from scrapy.cmdline import execute


def main() -> None:
    """Run a command; a Scrapy project that the current folder may hold is left aside."""
    os.environ["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
    try:
        Path.home()
    except RuntimeError:  # a user that the system does not know: Scrapy looks there for a file
        os.environ["HOME"] = os.devnull
    execute()
