"""``scrapy runs``: see `crawler.reading.runs`."""

from __future__ import annotations

from crawler.cli.project import ProjectCommand
from crawler.reading import runs


class Command(ProjectCommand, runs.Command):
    """As it is without Scrapy."""

    requires_crawler_process = False
