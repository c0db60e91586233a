"""The readers of articles that this one is compared with, and what they need."""

from __future__ import annotations

# What is installed for each, and beside it what its own requirements miss.
PEERS = {
    "trafilatura": ("trafilatura==2.3.1", "lxml_html_clean==0.4.6"),
    "newspaper4k": ("newspaper4k==0.9.6",),
    "news-please": ("news-please==1.6.16",),
    "readability-lxml": ("readability-lxml==0.9",),
    "goose3": ("goose3==3.1.22",),
    "fundus": ("fundus==0.5.7", "curl_cffi==0.15.0"),
    "news-watch": ("news-watch==1.3.0",),
}
