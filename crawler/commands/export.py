"""``scrapy export``: see `crawler.reading.export`."""

from __future__ import annotations

from crawler.cli.project import ProjectCommand
from crawler.reading import export


class Command(ProjectCommand, export.Command):
    """As it is without Scrapy."""

    requires_crawler_process = False
