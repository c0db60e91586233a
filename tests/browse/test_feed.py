"""Every search as a feed and as a file, by the filter of the commands."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from tests.browse.archive import EVIL, GONE, Archive
from tests.helpers import scrapy

if TYPE_CHECKING:
    from collections.abc import Iterator

ATOM = "{http://www.w3.org/2005/Atom}"
# What RFC 4287 demands of a feed and its entries, of the elements that ours has.
_DATED = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+\-][0-9]{2}:[0-9]{2})"
SCHEMA = f"""
<element name="feed" xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <optional><attribute name="xml:lang"/></optional>
  <interleave>
    <element name="title"><text/></element>
    <element name="id"><ref name="iri"/></element>
    <element name="updated"><data type="dateTime"><param name="pattern">{_DATED}</param></data>
    </element>
    <oneOrMore><element name="link"><ref name="link"/></element></oneOrMore>
    <oneOrMore><element name="author"><element name="name"><text/></element></element></oneOrMore>
    <zeroOrMore><element name="entry"><interleave>
      <element name="title"><text/></element>
      <element name="id"><ref name="iri"/></element>
      <element name="updated"><data type="dateTime"><param name="pattern">{_DATED}</param></data>
      </element>
      <element name="published"><data type="dateTime"><param name="pattern">{_DATED}</param></data>
      </element>
      <element name="link"><ref name="link"/></element>
      <zeroOrMore><element name="author"><element name="name"><text/></element></element>
      </zeroOrMore>
      <zeroOrMore><element name="category"><attribute name="term"/></element></zeroOrMore>
      <element name="summary"><text/></element>
    </interleave></element></zeroOrMore>
  </interleave>
</element>
""".replace(
    '<ref name="iri"/>', '<data type="anyURI"><param name="pattern">[a-z]+:.+</param></data>'
).replace(
    '<ref name="link"/>',
    '<attribute name="rel"><choice><value>self</value><value>alternate</value></choice></attribute>'
    '<attribute name="type"/><attribute name="href"><data type="anyURI"/></attribute>',
)


@pytest.fixture(scope="module")
def schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.fromstring(SCHEMA))


def entries(archive: Archive, schema: etree.RelaxNG, **query: str) -> Iterator[dict[str, str]]:
    answer = archive.ask("/feed.atom" + archive.query(**query))
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.text.encode())
    assert schema.validate(feed), schema.error_log
    assert archive.ask(feed.findtext(f"{ATOM}id").removeprefix(archive.address)).status == 200
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    for entry in feed.iter(f"{ATOM}entry"):
        yield {etree.QName(part).localname: part.text or part.get("href") or "" for part in entry}


def test_a_search_is_a_feed(sample: Archive, schema: etree.RelaxNG) -> None:
    page = sample.get("/", words="kirim", section="News")
    linked = re.search(
        r'<link rel="alternate" type="application/atom\+xml" [^>]*href="([^"]+)"', page
    )
    assert linked
    assert unescape(linked[1]) == "/feed.atom?words=kirim&section=News"
    (entry,) = entries(sample, schema, words="kirim", section="News")
    assert entry["title"] == "Putin Janjikan Perluas Hubungan dengan Korea Utara"
    assert entry["id"] == "https://republika.co.id/berita/rgmwym370"
    assert entry["link"].endswith("/rgmwym370/putin-janjikan-perluas-hubungan-dengan-korea-utara")
    assert entry["published"] == "2022-08-15T09:15:00+07:00"
    assert "mengirimkan surat" in entry["summary"]
    every = list(entries(sample, schema))
    assert len(every) == 17
    assert [one["published"] for one in every] == sorted(one["published"] for one in every)[::-1]
    assert len(list(entries(sample, schema, limit="3"))) == 3
    assert list(entries(sample, schema, words="zzz")) == []


def test_no_text_breaks_a_feed(hostile: Archive, schema: etree.RelaxNG) -> None:
    found = {one["id"].rpartition("/")[2]: one for one in entries(hostile, schema)}
    assert "<script>" in found[EVIL]["title"], "as text"
    assert found[GONE]["title"] == "[gone] Judul"
    assert set(found) - {
        one["id"].rpartition("/")[2] for one in entries(hostile, schema, no_gone="1")
    } == {GONE}


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ({"words": "kirim"}, ["kirim"]),
        ({"section": "ekonomi"}, ["--section", "ekonomi"]),
        ({"reporter": "agustin"}, ["--reporter", "agustin"]),
        ({"tag": "Korea-Utara", "kind": "article"}, ["--tag", "Korea-Utara", "--kind", "article"]),
        ({"no_partial": "1", "min_words": "60"}, ["--no-partial", "--min-words", "60"]),
        ({"sample": "4", "language": "id"}, ["--sample", "4", "--language", "id"]),
        ({"changed_since": "2022-08-15T06:00"}, ["--changed-since", "2022-08-15T06:00"]),
        ({"first_seen_since": "2122-01-01"}, ["--first-seen-since", "2122-01-01"]),
        ({"limit": "2", "until": "2022-08-15"}, ["--limit", "2", "--until", "2022-08-15"]),
    ],
)
def test_the_filter_is_that_of_the_commands(
    sample: Archive, query: dict[str, str], options: list[str]
) -> None:
    done = scrapy("export", "-s", f"DATABASE={sample.database}", "-o", "-", *options)
    exported = [json.loads(line)["id"] for line in done.stdout.splitlines()]
    lines = sample.get("/articles.jsonl", **query).splitlines()
    assert [json.loads(line)["id"] for line in lines] == exported
    rows = csv.DictReader(io.StringIO(sample.get("/articles.csv", **query).removeprefix("\ufeff")))
    assert [row["id"] for row in rows] == exported
    if "limit" not in query:
        (total,) = re.findall(r"<strong>([\d,]+)</strong>", sample.get("/", **query))
        assert int(total) == len(exported)


def test_reporters_and_tags_are_links_with_their_numbers(sample: Archive) -> None:
    page = sample.get("/")
    assert re.search(r'<a href="/\?reporter=Dwina\+Agustin">Dwina Agustin</a> <span>1</span>', page)
    assert re.search(r'<a href="/\?tag=korea\+utara">korea utara</a> <span>1</span>', page)
    assert '<a href="/?reporter=Dwina+Agustin">' in sample.get("/republika/articles/rgmwym370")


def test_an_id_or_an_address_opens_its_article(sample: Archive) -> None:
    for words in ("rgmwym370", "https://www.republika.co.id/berita/rgmwym370/putin"):
        assert "<h1>Putin Janjikan" in sample.get("/", words=words)


def test_an_empty_result_offers_ways_out(sample: Archive) -> None:
    page = sample.get("/", words="korea or -zzz", kind="gallery", language="en")
    assert "the operator is OR" in page
    assert "write NOT zzz" in page
    links = [unescape(link) for link in re.findall(r'<li><a href="(/[^"]*)">', page)]
    assert "/?words=korea+or+-zzz" in links
    assert "/?words=korea+or+-zzz&language=en" in links
    assert "/?kind=gallery&language=en" in links
    assert "How to search" in page
