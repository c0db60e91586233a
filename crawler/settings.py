"""Settings; each can be given as ``-s NAME=value`` or as environment variable REPUBLIKA_NAME."""

import os

from crawler import __version__

BOT_NAME = "republika"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
COMMANDS_MODULE = "crawler.commands"

# Where everything goes.
DATABASE = "republika.db"
CAPTURES = "captures"  # raw pages as WARC; empty: keep none
REPLAY = ""  # a WARC file or a folder of them: answer every request from it, never from the network

# Manners. The site's robots.txt names Scrapy and refuses it, so the crawler says who it is.
USER_AGENT = f"republika-crawler/{__version__}"  # add your contact: "name/1.0 (+mailto:you@...)"
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 1  # seconds between requests to one host
CONCURRENT_REQUESTS_PER_DOMAIN = 1
AUTOTHROTTLE_ENABLED = True  # slows down where the site does; never faster than the delay
AUTOTHROTTLE_START_DELAY = 1

# Limits: one page must not hold up or fill up a run.
DOWNLOAD_TIMEOUT = 30  # seconds; under systemd's 90 s for a stop
DOWNLOAD_MAXSIZE = 8 * 2**20  # bytes; articles have some 150 KB
DOWNLOAD_WARNSIZE = 0  # the limit above says it
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 2  # within a run; what still fails is tried again by the next one

# Safety that Scrapy leaves off.
DOWNLOAD_VERIFY_CERTIFICATES = True
REMOTE_CONTROL_ENABLED = False  # it runs code that reaches a local port
TELNETCONSOLE_ENABLED = False  # so does it
COOKIES_ENABLED = False  # a crawler has no session

# Parts.
EXTENSIONS = {"crawler.extensions.RunExtension": 0}
ITEM_PIPELINES = {
    "pipelines.validate.ValidatePipeline": 100,
    "pipelines.store.StorePipeline": 300,
}
DOWNLOADER_MIDDLEWARES = {
    # Scrapy's own forgets requests that wait together.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.robots.RobotsMiddleware": 100,
    # The cache that keeps raw pages takes the place of Scrapy's own.
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
    "crawler.captures.CaptureMiddleware": 900,
}
HTTPCACHE_ENABLED = True
HTTPCACHE_STORAGE = "crawler.captures.CaptureStorage"
HTTPCACHE_POLICY = "crawler.captures.CapturePolicy"

LOG_LEVEL = "INFO"
FEED_EXPORT_ENCODING = "utf-8"  # readable text in JSON feeds

for _name, _value in os.environ.items():
    if _name.startswith("REPUBLIKA_"):
        globals()[_name.removeprefix("REPUBLIKA_")] = _value
