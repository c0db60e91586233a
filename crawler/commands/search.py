"""``scrapy search``: see `crawler.reading.search`."""

from __future__ import annotations

from crawler.cli.project import ProjectCommand
from crawler.reading import search


class Command(ProjectCommand, search.Command):
    """As it is without Scrapy."""

    requires_crawler_process = False
