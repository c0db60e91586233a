"""The parts of the crawler as one Scrapy add-on, for this project and for any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.utils.misc import load_object

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

# By the setting that switches them on: each part and its place, None for Scrapy's own that it
# replaces.
PARTS: dict[str, dict[str, int | None]] = {
    "EXTENSIONS": {
        "crawler.crawl.run.RunExtension": 0,  # the run: its database, counts and verdict
        "crawler.crawl.progress.ProgressExtension": 1,
        "scrapy.extensions.logstats.LogStats": None,  # the line above tells more
    },
    "ITEM_PIPELINES": {
        "pipelines.validate.ValidatePipeline": 100,  # refuses what cannot be right
        "pipelines.store.StorePipeline": 300,  # stores the rest
        "pipelines.photos.PhotosPipeline": 900,  # asks for its photos (KEEP_IMAGES)
    },
    "DOWNLOADER_MIDDLEWARES": {
        # Scrapy's own forgets requests that wait together.
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "crawler.crawl.robots.RobotsMiddleware": 100,
        "crawler.crawl.training.TrainingSignalsMiddleware": 110,
        # Scrapy's own, after it, lets redirects out to other sites.
        "crawler.crawl.politeness.OwnHostsMiddleware": 45,
        # Scrapy's own asks again at once.
        "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
        "crawler.crawl.politeness.PauseMiddleware": 550,
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
        "crawler.captures.compression.CompressionMiddleware": 590,  # takes a third of the time
        # The cache that keeps raw pages takes the place of Scrapy's own.
        "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
        "crawler.captures.middleware.CaptureMiddleware": 900,
    },
}
VALUES = {
    "HTTPCACHE_ENABLED": True,  # CaptureMiddleware is an HTTP cache
    "HTTPCACHE_STORAGE": "crawler.captures.storage.CaptureStorage",  # WARC
    # Always asks whether a page still stands.
    "HTTPCACHE_POLICY": "crawler.captures.middleware.CapturePolicy",
    "LOG_FORMATTER": "crawler.crawl.logs.LogFormatter",  # a full disk is one line
}
# What of crawler.settings is of this project alone.
_OF_PROJECT = {"ADDONS", "BOT_NAME", "SPIDER_MODULES", "NEWSPIDER_MODULE", "COMMANDS_MODULE"}


class Republika:
    """Switches the crawler on in a Scrapy project: ``ADDONS = {"crawler.addon.Republika": 100}``.

    The project then has the spiders too. What it sets itself stays; what it does not set is as in
    `crawler.settings`.
    """

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        settings.add_to_list("SPIDER_MODULES", "spiders")

    def update_settings(self, settings: BaseSettings) -> None:
        from crawler import settings as ours  # which read the environment when they are imported
        from crawler.crawl.rules import product_token

        values = {name: getattr(ours, name) for name in ours.own_names - _OF_PROJECT}
        for name, value in (values | VALUES).items():
            settings.set(name, value, "addon")
        # Nothing beside the name: a contact is not one of those that robots.txt refuses.
        token = product_token(settings["USER_AGENT"] or "")
        settings.set("ROBOTSTXT_USER_AGENT", token or None, "addon")
        for name, parts in PARTS.items():
            for path, place in parts.items():
                settings.setdefault_in_component_priority_dict(name, load_object(path), place)
