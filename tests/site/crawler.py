"""A crawler for the played site."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

from tests import preloaded
from tests.helpers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site.server import Site


class Crawler:
    """Runs the crawler against a site, with its database and its captures in a folder.

    ``settings`` of each call go above the crawler's own and these: no delay, 8 requests at a time.
    """

    TIMEOUT = 120  # seconds

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder = folder
        self.site = site
        self.database = folder / "republika.db"
        self.captures = folder / "captures"
        self.log = folder / "crawl.log"  # what `start` started says

    def crawl(self, *args: str, **settings: object) -> subprocess.CompletedProcess[str]:
        """Run ``scrapy crawl`` with these arguments, to its end."""
        return self.scrapy("crawl", *args, **settings)

    def scrapy(self, *args: str, **settings: object) -> subprocess.CompletedProcess[str]:
        """Run any command of ``scrapy``, to its end."""
        env = self.environment(**settings)
        return preloaded.run(args, cwd=ROOT, env=env, timeout=self.TIMEOUT)

    def start(self, *args: str, **settings: object) -> subprocess.Popen[bytes]:
        """Start ``scrapy crawl`` with these arguments, and leave it running."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.command("crawl", *args),
                cwd=ROOT,
                env=self.environment(**settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """What a query of the database gives."""
        connection = sqlite3.connect(self.database)
        connection.row_factory = sqlite3.Row
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def environment(self, **settings: object) -> dict[str, str]:
        """The environment of a crawl: this one's, without what would lead it elsewhere."""
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("REPUBLIKA_") and not name.lower().endswith("_proxy")
        }
        settings = {
            "DATABASE": self.database,
            "CAPTURES": self.captures,
            "DOWNLOAD_DELAY": 0,
            "AUTOTHROTTLE_ENABLED": False,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
            **settings,
        }
        named = {f"REPUBLIKA_{name}": str(value) for name, value in settings.items()}
        return clean | self.site.environment() | named

    @staticmethod
    def command(*args: str) -> list[str]:
        """The command line of ``scrapy`` with these arguments."""
        return [sys.executable, "-m", "scrapy", *args]
