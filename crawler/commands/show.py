"""``scrapy show``: see `crawler.reading.show`."""

from __future__ import annotations

from crawler.cli.project import ProjectCommand
from crawler.reading import show


class Command(ProjectCommand, show.Command):
    """As it is without Scrapy."""

    requires_crawler_process = False
