"""The played site answers as the real one does."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import pytest

from crawler.dates import WIB, now, parse_date
from crawler.parsers import NotAnArticle, parse_article
from crawler.parsers.listing import parse_listing
from crawler.urls import article_id, id_time
from tests import site as played
from tests.site.client import HOME, HOST, NOON, get

if TYPE_CHECKING:
    from tests.site import Site, Story

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
        assert parse_date(article.published_raw or "") == moment.replace(second=0)
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
    kinds: dict[str, Any] = {
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
