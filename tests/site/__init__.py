"""Plays Republika for whole-crawl tests: https under its own names, reached through a proxy.

`running_site` starts a proxy that leads to no network: it answers ``CONNECT`` itself, shows a
certificate that a throw-away authority signed for every host of the site, and serves made-up
stories in the site's own markup. What a process needs to go there and to trust it is in
`Site.environment`; `Crawler` runs one so.
"""

from tests.site.behaviours import (
    SHUT,
    XML,
    Behaviour,
    Response,
    answer,
    broken_feed,
    challenge,
    content,
    empty_index,
    hang,
    home_page,
    redirect,
    redirect_loop,
    reset,
    robots,
    slow,
    stale_feed,
    too_many,
    truncated_gzip,
)
from tests.site.crawler import Crawler
from tests.site.proxy import running_site
from tests.site.server import Site
from tests.site.stories import Layout, Story, made_up

__all__ = [
    "SHUT",
    "XML",
    "Behaviour",
    "Crawler",
    "Layout",
    "Response",
    "Site",
    "Story",
    "answer",
    "broken_feed",
    "challenge",
    "content",
    "empty_index",
    "hang",
    "home_page",
    "made_up",
    "redirect",
    "redirect_loop",
    "reset",
    "robots",
    "running_site",
    "slow",
    "stale_feed",
    "too_many",
    "truncated_gzip",
]
