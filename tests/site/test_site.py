"""The played site: a crawl of it is a crawl of the real one, and it goes wrong as it is told to."""

from __future__ import annotations

import gzip
import re
import socket
import ssl
import time
import xml.etree.ElementTree as ET
import zlib
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPSConnection, IncompleteRead
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import pytest

from crawler.dates import WIB, now, parse_date
from crawler.parsers import NotAnArticle, parse_article
from crawler.parsers.listing import parse_listing
from crawler.urls import article_id, id_time
from tests import site as played
from tests.site import Crawler, Site, Story, running_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import Message
    from pathlib import Path

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


@pytest.fixture
def story(website: Site) -> Story:
    (story,) = website.publish(until=NOON, host="ekonomi.republika.co.id")
    return story


# --- whole crawls -----------------------------------------------------------------------------


def test_a_crawl_stores_every_story_of_its_days(website: Site, tmp_path: Path) -> None:
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight - timedelta(days=back) for back in range(5)]
    published = [website.publish(30, until=day + timedelta(hours=23, minutes=40)) for day in days]
    wanted = [story for stories in published[1:4] for story in stories]
    crawler = Crawler(tmp_path, website)
    days_asked = ("-a", f"since={days[3]:%Y-%m-%d}", "-a", f"until={days[1]:%Y-%m-%d}")
    done = crawler.crawl("backfill", *days_asked)
    assert done.returncode == 0, done.stderr
    assert "found 90: 90 new" in done.stdout
    columns = ("id", "url", "title", "lead", "published_at", "dateline")
    stored = crawler.rows(f"SELECT {', '.join(columns)}, body FROM articles ORDER BY id")
    assert [tuple(row) for row in stored] == [
        (
            *(story.id, story.url, story.title, story.lead),
            *(story.published.isoformat(), story.dateline),
            "\n\n".join(story.paragraphs),
        )
        for story in sorted(wanted, key=lambda story: story.id)
    ]
    hosts = {story.host for story in wanted} | {"republika.co.id"}
    assert {asked.host for asked in website.asked("/robots.txt")} == hosts
    assert {asked.status for asked in website.requests} == {200}
    asked_for = [asked.path for asked in website.asked("/berita/")]
    assert sorted(asked_for) == sorted(story.path for story in wanted)


def test_certificates_are_verified(website: Site, story: Story, tmp_path: Path) -> None:
    class Distrustful(Crawler):
        def environment(self, **settings: object) -> dict[str, str]:
            environment = super().environment(**settings)
            del environment["SSL_CERT_FILE"]
            return environment

    crawler = Distrustful(tmp_path, website)
    done = crawler.crawl("article", "-a", f"url={story.url}", RETRY_ENABLED=False)
    assert done.returncode == 1
    assert "certificate verify failed" in done.stderr
    assert website.requests == []


def test_a_crawl_can_be_killed(website: Site, tmp_path: Path) -> None:
    stories = website.publish(3, host="ekonomi.republika.co.id")
    website.misbehave("/berita/", played.hang())
    crawler = Crawler(tmp_path, website)
    with crawler.start("article", "-a", f"url={','.join(s.url for s in stories)}") as process:
        deadline = time.monotonic() + 60
        while len(website.asked("/berita/")) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.kill()
    assert process.returncode == -9
    assert {asked.status for asked in website.asked("/berita/")} == {0}
    states = crawler.rows("SELECT state FROM pages WHERE state != ?", "stored")
    assert [row["state"] for row in states] == ["pending"] * 3
    assert "Spider opened" in crawler.log.read_text()


# --- the proxy --------------------------------------------------------------------------------


def test_a_connection_is_kept(website: Site, story: Story) -> None:
    with closing(connection(website, story.host)) as way:
        for _ in range(3):
            way.request("GET", story.path)
            assert way.getresponse().read()
            kept = way.sock
        assert way.sock is kept
    assert [asked[1:] for asked in website.requests] == [(story.host, story.path, 200, False)] * 3
    times = [asked.time for asked in website.requests]
    assert times == sorted(times)


def test_plain_http_is_served(website: Site, story: Story) -> None:
    assert get(website, story.url.replace("https:", "http:")).body == get(website, story.url).body
    assert {asked.host for asked in website.requests} == {story.host}


def test_nothing_but_the_site_is_reached(website: Site) -> None:
    with pytest.raises(OSError, match="403"):
        get(website, "https://contoh.id/berita/")
    assert get(website, "http://127.0.0.1/berita/?a=b").status == 403
    assert get(website, "http://republika.co.id.contoh.id/").status == 403
    assert [asked[1:] for asked in website.requests] == [
        ("contoh.id", "", 403, False),
        ("127.0.0.1", "/berita/?a=b", 403, False),
        ("republika.co.id.contoh.id", "/", 403, False),
    ]


@pytest.mark.parametrize("host", ["republika.co.id", "news.republika.co.id", "ihram.co.id"])
def test_every_host_of_the_site_is_trusted(website: Site, host: str) -> None:
    assert get(website, f"https://{host}/robots.txt").status == 200


def test_an_error_of_the_site_itself_fails_the_test() -> None:
    def fail(url: str, right: played.Response) -> played.Response:
        raise KeyError(url)

    with pytest.RaisesGroup(KeyError), running_site() as site:
        site.misbehave("", fail)
        with pytest.raises(ConnectionError):
            get(site, HOME)


def test_a_site_with_open_connections_ends() -> None:
    with running_site() as site, closing(connection(site, "republika.co.id")) as idle:
        idle.request("GET", "/")
        idle.getresponse().read()
        site.misbehave("/berita/", played.hang())
        with closing(connection(site, "republika.co.id")) as waiting:
            waiting.request("GET", "/berita/x")
            with closing(socket.create_connection((idle.host, idle.port))):
                began = time.monotonic()
                # and so does everything above
    assert time.monotonic() - began < 3


# --- right answers ----------------------------------------------------------------------------


@pytest.mark.parametrize("layout", ["republika2023", "wrap_detail", "rol", "newrol", "amp"])
@pytest.mark.parametrize("moment", [NOON, datetime(2022, 8, 31, 0, 1, tzinfo=WIB)])
def test_an_article_reads_as_its_story(website: Site, layout: played.Layout, moment: datetime):
    (story,) = website.publish(until=moment, layout=layout, section=("Ekonomi", "Energi"))
    assert id_time(story.id) == moment
    article = parse_article(get(website, story.url).body, story.url)
    assert (article.id, article.url, article.title) == (story.id, story.url, story.title)
    assert article.layout == layout
    assert article.published_at[:16] == moment.isoformat()[:16]
    if layout != "amp":  # which prints no date
        assert parse_date(article.published_raw) == moment.replace(second=0)
    assert article.section == "Ekonomi > Energi"
    assert (article.reporters, article.editors) == ([story.reporter], [story.editor])
    assert article.dateline == story.dateline
    assert article.body == "\n\n".join(story.paragraphs)
    assert article.tags == list(story.tags)


@pytest.mark.parametrize(
    "address",
    [
        "https://ekonomi.republika.co.id/berita/{id}/{slug}",
        "https://republika.co.id/berita/{id}",
        "https://republika.co.id/berita//{id}/{slug}",
        "https://www.republika.co.id/berita/ekonomi/energi/{id}/{slug}",
        "https://www.republika.co.id/berita/ekonomi/energi/26/03/04/{id}-{slug}",
        "https://republika.co.id/amp/{id}",
        "https://m.republika.co.id/amp_version/{id}",
        "https://republika.co.id/share/{id}",
        "https://republika.co.id/r/{id}",
        "https://m.republika.co.id/berita/{id}/{slug}",
        "https://fbeta.republika.co.id/berita/{id}/{slug}?utm_source=x",
        "https://ihram.co.id/berita/{id}/{slug}",
    ],
)
def test_an_article_has_many_addresses(website: Site, story: Story, address: str) -> None:
    url = address.format(id=story.id, slug=story.slug)
    assert article_id(url) == story.id
    article = parse_article(get(website, url).body, url)
    assert (article.id, article.url, article.title) == (story.id, story.url, story.title)


def test_a_dead_article_shows_the_home_page_or_a_status(website: Site, story: Story) -> None:
    website.remove(story.id)
    assert get(website, story.url).status == 200
    with pytest.raises(NotAnArticle) as raised:
        parse_article(get(website, story.url).body, story.url)
    assert raised.value.kind == "home"
    for status in (404, 410):
        website.dead = status
        assert get(website, story.url).status == status


@pytest.mark.parametrize(
    ("path", "numbers"),  # of 120 stories, the newest first; the first 20 are of ekonomi
    [
        ("/index/0", range(50)),
        ("/index/50", range(50, 100)),
        ("/index/100", range(100, 121)),
        ("/index/150", ()),
        ("/indeks", range(50)),
        ("/index/ekonomi/0", range(20)),
        ("/index/energi/0", range(20)),
        ("/index/ekonomi/50", ()),
        ("/index/0/2026/03/04", range(50)),
        ("/index/100/2026/03/04", range(100, 120)),
        ("/index/150/2026/03/04", ()),
        ("/index/0/2026/03/03", [120]),
        ("/index/0/2026/03/02", ()),
        ("/tag/kota-tua", range(5)),
        ("/tag/kota-tua/10", range(10, 15)),
        ("/tag/kota-tua/120", ()),
        ("/tag/tidak-ada", range(5)),
        ("/", range(10)),
    ],
)
def test_a_listing_shows_its_stories(website: Site, path: str, numbers: list[int]) -> None:
    kinds = {
        "tags": ("kota tua",),
        "host": HOST,
        "section": ("News", "Umum"),
        "spacing": timedelta(minutes=5),
    }
    energy = {"host": "ekonomi.republika.co.id", "section": ("Ekonomi", "Energi")}
    stories = [
        *website.publish(1, until=NOON - timedelta(days=1), section=("News", "Umum"), host=HOST),
        *website.publish(100, until=NOON - timedelta(minutes=100), **kinds),
        *website.publish(20, until=NOON, **{**kinds, **energy}),
    ][::-1]
    answer = get(website, HOME + path)
    assert answer.status == 200
    listed = parse_listing(answer.body, HOME + path, now())
    assert [(item.id, item.url, item.title, item.section) for item in listed] == [
        (story.id, story.url, story.title, story.section[-1])
        for story in (stories[number] for number in numbers)
    ]
    if "/2026/" in path:
        minutes = [stories[number].published.replace(second=0) for number in numbers]
        assert [item.listed_at for item in listed] == minutes
    assert (b"Topic" in answer.body) == path.startswith("/tag/kota-tua")


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(seconds=20), "detik yang lalu"),
        (timedelta(minutes=7), "7 menit yang lalu"),
        (timedelta(hours=5), "5 jam yang lalu"),
        (timedelta(days=3), "3 hari yang lalu"),
    ],
)
def test_the_newest_are_listed_with_their_age(website: Site, age: timedelta, said: str) -> None:
    website.publish(until=now() - age)
    fetched = now()
    (listed,) = parse_listing(get(website, f"{HOME}/index/0").body, f"{HOME}/index/0", fetched)
    assert listed.date_raw
    assert listed.date_raw.endswith(said)
    assert listed.listed_at
    assert abs(fetched - age - listed.listed_at) < timedelta(seconds=5)


@pytest.mark.parametrize(
    "path",
    [
        "/index/2026/03/04",
        "/index/0/2026/02/30",
        "/index/0/2026-03-04",
        "/index/ekonomi/2026/03/04",
        "/tag/x/y",
        "/kanal/news",
        "/favicon.ico",
    ],
)
def test_what_the_site_has_not_is_404(website: Site, path: str) -> None:
    assert get(website, HOME + path).status == 404


@pytest.mark.parametrize("kanal", ["", "/ekonomi"])
def test_a_feed_has_the_newest(website: Site, kanal: str) -> None:
    stories = website.publish(40, until=NOON)
    wanted = [story for story in reversed(stories) if not kanal or story.is_in("ekonomi")][:15]
    answer = get(website, f"https://www.republika.co.id/rss{kanal}")
    items = ET.fromstring(answer.body).findall("channel/item")
    assert [
        (item.findtext("link"), item.findtext("title"), item.findtext("category")) for item in items
    ] == [(story.url, story.title, story.section[-1]) for story in wanted]
    for item, story in zip(items, wanted, strict=True):
        published = parsedate_to_datetime(item.findtext("pubDate") or "")
        assert (published, published.utcoffset()) == (story.published, timedelta(hours=7))
        creator = item.findtext("{http://purl.org/dc/elements/1.1/}creator")
        assert creator == story.editor, "the real site names its editor there, too"


def test_the_sitemap_has_the_newest(website: Site, story: Story) -> None:
    corrected = website.change(story.id, modified=NOON + timedelta(hours=1))
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    urls = ET.fromstring(get(website, f"{HOME}/files/xml/sitemap.xml").body).findall(f"{name}url")
    times = {url.findtext(f"{name}loc"): url.findtext(f"{name}lastmod") for url in urls}
    assert times.pop(story.url) == corrected.changed.isoformat() == "2026-03-04T13:30:45+07:00"
    assert f"{HOME}/" in times
    assert not any(map(article_id, filter(None, times)))


def test_robots_txt_is_of_each_host(website: Site) -> None:
    website.robots["ekonomi.republika.co.id"] = played.SHUT
    shut = get(website, "https://ekonomi.republika.co.id/robots.txt")
    assert shut.body == played.SHUT.encode()
    body = get(website, f"{HOME}/robots.txt").body
    assert b"User-agent: *\nDisallow: /search/?q=\n" in body
    assert b"Sitemap: https://republika.co.id/files/xml/sitemap.xml" in body


# --- conditions -------------------------------------------------------------------------------


def test_an_unchanged_article_is_not_sent_again(website: Site, story: Story) -> None:
    first = get(website, story.url).headers
    etag, changed = first["ETag"], first["Last-Modified"]
    assert parsedate_to_datetime(changed) == story.published
    for conditions in (
        {"If_None_Match": etag},
        {"If_None_Match": f'"x", {etag}', "If_Modified_Since": "Mon, 01 Jan 2024 00:00:00 GMT"},
        {"If_Modified_Since": changed},
    ):
        again = get(website, story.url, **conditions)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", etag)
    assert get(website, story.url, If_None_Match='"x"', If_Modified_Since=changed).status == 200
    asked = [(asked.status, asked.conditional) for asked in website.requests]
    assert asked == [(200, False), (304, True), (304, True), (304, True), (200, True)]


def test_a_corrected_article_is_sent_again(website: Site, story: Story) -> None:
    first = get(website, story.url)
    corrected = website.change(story.id, title="Judul yang Dikoreksi")
    assert corrected.url == story.url
    again = get(
        website,
        story.url,
        If_None_Match=first.headers["ETag"],
        If_Modified_Since=first.headers["Last-Modified"],
    )
    assert again.status == 200
    article = parse_article(again.body, story.url)
    assert article.title == "Judul yang Dikoreksi"
    assert article.modified_at == corrected.changed.isoformat()


def test_a_site_may_know_no_conditions(website: Site, story: Story) -> None:
    etag = get(website, story.url).headers["ETag"]
    website.validators = False
    answer = get(website, story.url, If_None_Match=etag)
    assert (answer.status, answer.headers["ETag"], answer.headers["Last-Modified"]) == (
        *(200, None),
        None,
    )


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
