"""A plain HTTP client of the played site, without Scrapy."""

from __future__ import annotations

import ssl
from contextlib import closing
from datetime import datetime
from http.client import HTTPConnection, HTTPSConnection
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from crawler.dates import WIB

if TYPE_CHECKING:
    from email.message import Message

    from tests.site import Site

HOME = "https://republika.co.id"
HOST = "news.republika.co.id"
NOON = datetime(2026, 3, 4, 12, 30, 45, tzinfo=WIB)


class Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes


def connection(site: Site, host: str = "", scheme: str = "https") -> HTTPConnection:
    """Through the site's proxy to one of its hosts; by plain http to any of them."""
    environment = site.environment()
    proxy = urlsplit(environment["https_proxy"]).netloc
    if scheme == "http":
        return HTTPConnection(proxy, timeout=5)
    context = ssl.create_default_context(cafile=environment["SSL_CERT_FILE"])
    tunnel = HTTPSConnection(proxy, timeout=5, context=context)
    tunnel.set_tunnel(host, 443)
    return tunnel


def get(site: Site, url: str, **headers: str) -> Answer:
    """What is answered to a GET; ``If_None_Match`` is a header."""
    scheme, host, *_ = urlsplit(url)
    asked = url if scheme == "http" else url.partition(host)[2]
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(connection(site, host, scheme)) as way:
        way.request("GET", asked, headers=named)
        response = way.getresponse()
        return Answer(response.status, response.headers, response.read())
