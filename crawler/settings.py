"""Settings; each can be given as ``-s NAME=value`` or as environment variable REPUBLIKA_NAME."""

import os

from crawler import __version__

BOT_NAME = "republika"  # in logs
SPIDER_MODULES = ["spiders"]  # at the top level, where scrapy.cfg is
NEWSPIDER_MODULE = "spiders"  # where `scrapy genspider` puts one
COMMANDS_MODULE = "crawler.commands"  # `crawl` with true exit codes takes the place of Scrapy's

# Where everything goes.
DATABASE = "republika.db"  # the SQLite file
CAPTURES = None  # folder for raw pages as WARC; None: beside DATABASE; empty: keep none
CAPTURES_FILE_SIZE = 1_000_000_000  # bytes; what would make a WARC larger goes into another one
KEEP_IMAGES = False  # the photos of articles too, in the captures
REPLAY = ""  # a WARC file or a folder of them: answer every request from it, never from the network

# When an article is asked again: at these ages, to see a correction or that it is gone; and after
# each failure in a row, until it is given up.
RECHECK_AGES = "1h,6h,1d,7d"
RETRY_WAITS = "15m,1h,6h,1d,3d,7d"

# Manners.
USER_AGENT = f"republika-crawler/{__version__}"  # its own name; add your contact (see the README)
ROBOTSTXT_PARSER = "crawler.crawl.rules.RobotRules"  # RFC 9309
ROBOTSTXT_OBEY = True  # Scrapy's library default is not to
DOWNLOAD_DELAY = 1  # seconds between requests
ONE_PACE = True  # all hosts of the site share the delay; False: each has its own
MACHINES = 1  # that crawl at the same time, each at its share of the pace
CONCURRENT_REQUESTS_PER_DOMAIN = 4  # the delay paces the crawl; a page that hangs must not
AUTOTHROTTLE_ENABLED = True  # slows down where the site does; never faster than the delay
AUTOTHROTTLE_START_DELAY = 1  # seconds; Scrapy's 5 would punish one-off crawls

# Limits: one page must not hold up or fill up a run.
DOWNLOAD_TIMEOUT = 30  # seconds; well under what deploy/ allows for a stop
DOWNLOAD_MAXSIZE = 8 * 2**20  # bytes; articles have some 150 KB
DOWNLOAD_WARNSIZE = 0  # the limit above says it
REDIRECT_MAX_TIMES = 5  # a loop ends here
RETRY_TIMES = 2  # within a run; what still fails is tried again by the next one
CONCURRENT_ITEMS = 1  # a page gives one; for 100, Scrapy makes 100 tasks for each response

# Safety that Scrapy leaves off.
DOWNLOAD_VERIFY_CERTIFICATES = True
REMOTE_CONTROL_ENABLED = False  # it runs code that reaches a local port
TELNETCONSOLE_ENABLED = False  # so does it
COOKIES_ENABLED = False  # a crawler has no session

ADDONS = {"crawler.addon.Republika": 100}  # the parts: extensions, middlewares, pipelines

LOG_DATEFORMAT = "%Y-%m-%d %H:%M:%S%z"  # of Jakarta, as the moments in the database
LOG_LEVEL = "INFO"  # each article that gives no record, and the figures
FEED_EXPORT_ENCODING = "utf-8"  # readable text in JSON feeds

own_names = frozenset(filter(str.isupper, globals()))

# REPUBLIKA_NAME in the environment, below what the command line says.
for _name, _value in os.environ.items():
    if _name.startswith("REPUBLIKA_"):
        globals()[_name.removeprefix("REPUBLIKA_")] = _value
