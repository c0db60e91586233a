"""Which rules of a robots.txt bind the crawler, as RFC 9309 has it."""

from __future__ import annotations

import pytest

from crawler.crawl.rules import RobotRules, product_token

NAME = "republika-crawler"
HOME = "https://republika.co.id"
SHUT = "Disallow: /"


def is_open(text: str | bytes, path: str = "/berita/", name: str = NAME) -> bool:
    body = text.encode() if isinstance(text, str) else text
    return RobotRules(body).allowed(HOME + path, name)


@pytest.mark.parametrize(
    ("user_agent", "token"),
    [
        ("republika-crawler/0.1 (+mailto:scrapy@contoh.id)", NAME),
        (b"Republika-Crawler", NAME),
        ("GPTBot", "gptbot"),
        ("republika_crawler 2", "republika_crawler"),
        ("1st", ""),
    ],
)
def test_the_product_token(user_agent: str | bytes, token: str) -> None:
    assert product_token(user_agent) == token


@pytest.mark.parametrize(
    ("agent", "binds"),
    [
        ("*", True),
        ("republika-crawler", True),
        ("REPUBLIKA-CRAWLER", True),
        ("Republika-Crawler/1.0", True),
        ("republika-crawler (news)", True),
        ("* # everybody", True),
        ("republika", False),
        ("crawler", False),
        ("republika-crawler-images", False),
        ("scrapy", False),
        ("", False),
    ],
)
def test_which_group_binds(agent: str, binds: bool) -> None:
    assert is_open(f"User-agent: {agent}\n{SHUT}\n") is not binds


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        # Its own group alone, wherever it stands, and all of its own.
        (f"User-agent: *\n{SHUT}\nUser-agent: {NAME}\nDisallow: /search\n", True),
        (f"User-agent: {NAME}\nAllow: /\nUser-agent: *\n{SHUT}\n", True),
        (f"User-agent: {NAME}\nDisallow: /x\n\nUser-agent: {NAME}\n{SHUT}\n", False),
        (f"User-agent: {NAME}\nDisallow:\nUser-agent: *\n{SHUT}\n", True),
        (f"User-agent: {NAME}\nCrawl-delay: 5\nUser-agent: *\n{SHUT}\n", True),
        # Several names over one group, and what is no rule between them.
        (f"User-agent: Scrapy\nUser-agent: {NAME}\n{SHUT}\n", False),
        (f"User-agent: {NAME}\nSitemap: {HOME}/s.xml\nUser-agent: Scrapy\n{SHUT}\n", False),
        (f"User-agent: {NAME}\nContent-Signal: ai-train=no\nUser-agent: x\n{SHUT}\n", False),
        (f"User-agent: *\nCrawl-delay: 5\n\nUser-agent: GPTBot\n{SHUT}\n", True),
        # Before any group nobody is bound.
        (f"{SHUT}\nUser-agent: x\nAllow: /\n", True),
        # The longest rule counts, and of two as long the one that allows.
        ("User-agent: *\nDisallow: /ber\nAllow: /berita\n", True),
        ("User-agent: *\nAllow: /ber\nDisallow: /berita\n", False),
        ("User-agent: *\nDisallow: /berita/\nAllow: /berita/\n", True),
        ("User-agent: *\nDisallow: /*a/$\n", False),
        ("User-agent: *\nDisallow: /BERITA\n", True),
        # Forms of lines.
        ("user-agent:*\ndisallow:/\n", False),
        ("  User-Agent :  *  \n  Disallow :  /  # shut\n", False),
        ("User-agent: *\rDisallow: /\r", False),
        ("User-agent: *\r\n\r\n\r\nDisallow: /\r\n", False),
        ("User-agent *\nDisallow /\n", False),
        ("User agent: *\nDissallow: /\n", False),
        ("<!DOCTYPE html><html><body>Disallow: /</body></html>", True),
        ("", True),
    ],
)
def test_rules(text: str, opens: bool) -> None:
    assert is_open(text) is opens


@pytest.mark.parametrize(
    "body",
    [
        b"User-agent: *\nDisallow: /\0\n",
        b"\0\0User-agent: *\n\0Disallow: /\n",
        f"User-agent: *\n{SHUT}\n".encode("utf-16"),
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n",
        b"# caf\xe9\nUser-agent: *\nDisallow: /\n",
    ],
)
def test_bytes_that_do_not_belong_there_open_nothing(body: bytes) -> None:
    assert not is_open(body)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 10\n", 10),
        ("User-agent: *\nCrawl-delay: 1.5\nDisallow: /search\n", 1.5),
        (f"User-agent: *\nCrawl-delay: 9\nUser-agent: {NAME}\nCrawl-delay: 2\n", 2),
        ("User-agent: GPTBot\nCrawl-delay: 10\n", None),
        ("User-agent: *\nCrawl-delay: soon\n", None),
        ("User-agent: *\nCrawl-delay: -1\n", None),
        ("User-agent: *\nCrawl-delay: inf\n", None),
    ],
)
def test_how_long_it_asks_to_wait(text: str, seconds: float | None) -> None:
    assert RobotRules(text.encode()).crawl_delay(NAME) == seconds


def test_what_it_says_of_training() -> None:
    rules = RobotRules(
        b"User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /\n\n"
        b"User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n\n"
        b"User-agent: ClaudeBot\nDisallow: /search\n\nContent-Signal: search=yes, ai-train=no\n"
    )
    assert rules.signals == ["search=yes, ai-train=no"]
    assert rules.refused_ai() == ["CCBot", "GPTBot"]
    assert RobotRules(f"User-agent: *\n{SHUT}\n".encode()).refused_ai() == []


def test_a_file_of_a_megabyte_is_read_in_time() -> None:
    body = b"User-agent: x\nDisallow: /a\n" * 40_000 + b"User-agent: *\nDisallow: /\n"
    assert not is_open(body)
