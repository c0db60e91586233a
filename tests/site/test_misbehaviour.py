"""The played site goes wrong as it is told to."""

from __future__ import annotations

import gzip
import re
import time
import xml.etree.ElementTree as ET
import zlib
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http.client import IncompleteRead
from typing import TYPE_CHECKING

import pytest

from crawler.parsers import NotAnArticle, parse_article
from crawler.parsers.listing import parse_listing
from crawler.urls import article_id, id_time
from tests import site as played
from tests.site.client import HOME, NOON, connection, get

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.site import Site, Story


# --- misbehaviour -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behaviour", "status", "headers", "begins"),
    [
        (played.answer(500), 500, {}, b""),
        (played.answer(503, "Sibuk", Retry_After="7"), 503, {"Retry-After": "7"}, b"Sibuk"),
        (played.too_many(3), 429, {"Retry-After": "3"}, b"Too Many"),
        (played.challenge(), 403, {"cf-mitigated": "challenge"}, b"<!DOCTYPE html><html><head><ti"),
        (played.redirect("/"), 301, {"Location": "/"}, b""),
        (played.redirect("https://contoh.id/", 302), 302, {"Location": "https://contoh.id/"}, b""),
        (played.redirect_loop(), 302, {"Location": f"{HOME}/share/x?y=z"}, b""),
        (played.content(b"\x89PNG", "image/png"), 200, {"Content-Type": "image/png"}, b"\x89PNG"),
        (played.robots(), 200, {"Content-Type": "text/plain; charset=UTF-8"}, b"User-agent: *"),
        (played.robots("<html>"), 200, {}, b"<html>"),
    ],
)
def test_another_answer(
    website: Site, behaviour: played.Behaviour, status: int, headers: dict[str, str], begins: bytes
) -> None:
    website.misbehave("/share/x", behaviour)
    answer = get(website, f"{HOME}/share/x?y=z")
    assert answer.status == status == website.requests[-1].status
    assert {name: answer.headers[name] for name in headers} == headers
    assert answer.body.startswith(begins)
    assert bool(answer.body) == bool(begins)


@pytest.mark.parametrize(
    ("scheme", "error"),  # Python's TLS does not tell a reset from an end
    [("http", ConnectionResetError), ("https", IncompleteRead)],
)
def test_a_connection_is_reset_within_the_body(
    website: Site, story: Story, scheme: str, error: type[Exception]
) -> None:
    first = get(website, story.url)
    whole, conditions = len(first.body), {"If-None-Match": first.headers["ETag"]}
    website.misbehave(story.id, played.reset(), times=1)
    host = story.host
    with closing(connection(website, host, scheme)) as way:
        asked = story.path if scheme == "https" else f"http://{host}{story.path}"
        way.request("GET", asked, headers=conditions)
        response = way.getresponse()
        assert response.headers["Content-Length"] == str(whole)
        with pytest.raises(error):
            response.read()
    assert len(get(website, story.url).body) == whole


def test_a_gzip_stream_is_truncated(website: Site, story: Story) -> None:
    first = get(website, story.url)
    website.misbehave(story.id, played.truncated_gzip())
    answer = get(website, story.url, If_None_Match=first.headers["ETag"])
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Length"] == str(len(answer.body))
    with pytest.raises(EOFError):
        gzip.decompress(answer.body)
    begun = zlib.decompressobj(wbits=31).decompress(answer.body)
    assert first.body.startswith(begun[:1000])
    assert 1000 < len(begun) < len(first.body)


def test_an_answer_is_late_or_never_comes(website: Site, story: Story) -> None:
    website.misbehave(story.id, played.slow(0.3), times=1)
    began = time.monotonic()
    assert get(website, story.url).status == 200
    assert 0.3 <= time.monotonic() - began < 2
    website.misbehave(story.id, played.hang())
    with closing(connection(website, story.host)) as way:
        way.timeout = 0.3
        way.request("GET", story.path)
        with pytest.raises(TimeoutError):
            way.getresponse()
    assert [asked.status for asked in website.requests] == [200, 0]


def test_the_home_page_in_place_of_an_article(website: Site, story: Story) -> None:
    website.misbehave(story.id, played.home_page())
    with pytest.raises(NotAnArticle, match="home"):
        parse_article(get(website, story.url).body, story.url)


def test_a_wall_against_robots_is_seen_as_one(website: Site, story: Story) -> None:
    website.misbehave("", played.challenge())
    with pytest.raises(NotAnArticle) as raised:
        parse_article(get(website, story.url).body, story.url)
    assert raised.value.kind == "challenge"


def test_a_listing_goes_wrong(website: Site) -> None:
    website.publish(20)
    feed = f"{HOME}/rss"
    website.misbehave("/rss", played.broken_feed(), times=1)
    with pytest.raises(ET.ParseError):
        ET.fromstring(get(website, feed).body)
    website.misbehave("/rss", played.stale_feed(), times=1)
    items = ET.fromstring(get(website, feed).body).findall("channel/item")
    assert len(items) == 15
    for item in items:
        assert parsedate_to_datetime(item.findtext("pubDate") or "").year == 2011
        made = id_time(article_id(item.findtext("link") or "") or "")
        assert made
        assert made.year == 2011
    website.misbehave("/index/", played.empty_index())
    index = get(website, f"{HOME}/index/0")
    assert b"<a " not in index.body
    assert parse_listing(index.body, HOME) == []


@pytest.mark.parametrize(
    ("match", "taken"),
    [
        ("", {"/robots.txt", "/index/0", "/berita/x"}),
        ("/index/", {"/index/0"}),
        ("https://republika.co.id/ber", {"/berita/x"}),
        ("news.republika.co.id", set()),
        (re.compile(r"/index/\d+$|\.txt"), {"/robots.txt", "/index/0"}),
        (lambda host, path: host == "republika.co.id" and path == "/berita/x", {"/berita/x"}),
    ],
)
def test_what_a_rule_matches(
    website: Site, match: str | re.Pattern[str] | Callable[[str, str], bool], taken: set[str]
) -> None:
    website.misbehave(match, played.answer(503))
    for path in ("/robots.txt", "/index/0", "/berita/x"):
        assert (get(website, HOME + path).status == 503) == (path in taken)
    assert {asked.path for asked in website.asked(match)} == taken


def test_rules_end_and_give_way(website: Site) -> None:
    website.misbehave("/index/", played.answer(500))
    website.misbehave("/index/50", played.answer(503), times=2)
    paths = ("/index/0", "/index/50", "/index/50", "/index/50")
    assert [get(website, HOME + path).status for path in paths] == [500, 503, 503, 500]
    website.behave()
    assert get(website, f"{HOME}/index/50").status == 200


def test_stories_come_at_their_times(website: Site) -> None:
    stories = website.publish(3, until=NOON, spacing=timedelta(hours=1), reporter="")
    assert [NOON - story.published for story in stories] == [
        timedelta(hours=2),
        timedelta(hours=1),
        timedelta(0),
    ]
    assert len({story.title for story in stories}) == 3
    assert all(re.fullmatch("[a-z0-9]{6}430", story.id) for story in stories)
    again = replace(stories[0], title="Judul Lain")
    website.add(again)
    assert list(website.articles.values()) == [again, *stories[1:]]
