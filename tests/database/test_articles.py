"""Records and their revisions."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from crawler.article import Article, Image
from crawler.dates import iso
from tests.database.helpers import (
    OK,
    PUBLISHED,
    check_search,
    one,
    rows,
    search,
)
from tests.records import T1, T2, T3, article, save


def test_a_new_article(store):
    assert save(store, article(), now=T1, visit=OK) == "new"
    (row,) = store.db.table("articles").rows
    assert row == {
        **{field.name: getattr(article(), field.name) for field in fields(Article)[:24]},
        "reporters": '["Contoh Reporter"]',
        "editors": '["Contoh Redaktur"]',
        "sources": "[]",
        "partial": 0,
        "fetched_at": T1,
        "first_seen_at": T1,
        "updated_at": T1,
        "published_day": "2022-08-15",
    }
    names = rows(store, "SELECT name FROM article_tags JOIN tags ON tags.id = tag_id ORDER BY 1")
    assert names == [("kedelai",), ("tempe",)]
    assert rows(store, "SELECT position, url, caption, credit FROM images ORDER BY 1") == [
        (0, "https://static.republika.co.id/1.jpg", "Kedelai", None),
        (1, "https://static.republika.co.id/2.jpg", None, "Antara"),
    ]
    assert rows(store, "SELECT article_id, position, related_id, url, title FROM related") == [
        ("rgmwym370", 0, "r2puuz396", "https://republika.co.id/x", "X")
    ]
    assert rows(store, "SELECT * FROM revisions") == []
    assert search(store, "tempe") == ["rgmwym370"]  # which the body writes with an accent


def test_the_moment_of_the_fetch_may_be_another(store):
    save(store, article(fetched_at=T1), now=T2)
    assert one(store, "SELECT fetched_at, first_seen_at FROM articles") == (T1, T2)


CHANGES = [
    {"title": "Harga Kedelai Turun"},
    {"lead": None},
    {"body": "Lain."},
    {"url": "https://republika.co.id/berita/rgmwym370/baru"},
    {"published_at": "2022-08-15T09:16:00+07:00"},
    {"published_raw": None},
    {"published_from": "metadata"},
    {"modified_at": T1},
    {"section": "Ekonomi"},
    {"reporters": []},
    {"editors": ["Contoh Redaktur", "Contoh Reporter"]},
    {"sources": ["Antara"]},
    {"dateline": None},
    {"word_count": 7},
    {"language": "en"},
    {"kind": "gallery"},
    {"partial": True},
    {"layout": "republika2023"},
    {"tags": ["tempe"]},
    {"images": []},
    {"images": [Image(url="https://static.republika.co.id/1.jpg", caption="Tempe")]},
    {"related": []},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_a_changed_article_is_a_revision(store, change):
    save(store, article(), now=T1)
    before = one(store, "SELECT rowid, * FROM articles")
    assert save(store, article(**change, parser_version="2"), now=T2) == "updated"
    assert one(store, "SELECT first_seen_at, updated_at, fetched_at FROM articles") == (T1, T2, T2)
    (name,) = change
    (revision,) = store.db.table("revisions").rows
    assert (revision["article_id"], revision["seen_at"]) == ("rgmwym370", T2)
    names = [row["name"] for row in store.rows("PRAGMA table_xinfo(articles)")]
    former = dict(zip(names, before[1:], strict=True))
    for column in revision.keys() & former.keys() - {"id"}:
        assert revision[column] == former[column]
    lists = [json.loads(revision[column]) for column in ("tags", "images", "related")]
    assert lists == [
        ["kedelai", "tempe"],
        [
            {"url": "https://static.republika.co.id/1.jpg", "caption": "Kedelai", "credit": None},
            {"url": "https://static.republika.co.id/2.jpg", "caption": None, "credit": "Antara"},
        ],
        [{"related_id": "r2puuz396", "url": "https://republika.co.id/x", "title": "X"}],
    ]
    if name in former and name not in {"reporters", "editors", "sources"}:
        assert one(store, f"SELECT {name} FROM articles") == (change[name],)
    assert one(store, "SELECT rowid FROM articles") == before[:1]
    assert save(store, article(**change, parser_version="2"), now=T3) == "unchanged"
    check_search(store)


def test_an_unchanged_article_is_not_written(store):
    save(store, article(), now=T1)
    before = list(store.db.table("articles").rows)
    index = rows(store, "SELECT id, block FROM articles_fts_data")
    again = article(fetched_at=T2, parser_version="2", tags=["kedelai", "tempe", "tempe"])
    assert save(store, again, now=T2, visit=OK) == "unchanged"
    assert list(store.db.table("articles").rows) == before
    assert rows(store, "SELECT id, block FROM articles_fts_data") == index
    assert rows(store, "SELECT * FROM revisions") == []
    assert one(store, "SELECT fetched_at, attempts FROM pages") == (T2, 2)


def test_every_change_is_kept(store):
    for now, title in [(T1, "Satu"), (T2, "Dua"), (T3, "Tiga")]:
        save(store, article(title=title), now=now)
    assert rows(store, "SELECT seen_at, title, fetched_at FROM revisions ORDER BY id") == [
        (T2, "Satu", T1),
        (T3, "Dua", T2),
    ]


def test_a_revision_names_its_run_and_says_what_changed(store):
    save(store, article(), now=T1)
    store.runs.current = 7
    changed = article(
        title="Harga Kedelai Turun",
        body="Harga kedelai turun.\n\nPerajin tempé mengeluh.",
        partial=True,
        reporters=["Contoh Reporter", "C31"],
        tags=["tempe"],
        images=[Image(url="https://static.republika.co.id/1.jpg", caption="Tempe")],
    )
    save(store, changed, now=T2)
    assert one(store, "SELECT run_id, changes FROM revisions") == (
        7,
        """\
title
- Harga Kedelai Naik
+ Harga Kedelai Turun

reporters
+ C31

body
- Harga kedelai naik.
+ Harga kedelai turun.
…

partial
- 0
+ 1

tags
- kedelai

images
- url: https://static.republika.co.id/1.jpg, caption: Kedelai
- url: https://static.republika.co.id/2.jpg, credit: Antara
+ url: https://static.republika.co.id/1.jpg, caption: Tempe""",
    )


@pytest.mark.parametrize(
    ("other", "known"),
    [
        ({}, True),
        ({"published_at": "2022-08-17T09:14:00+07:00"}, True),
        ({"published_at": "2022-08-13T09:16:00+07:00"}, True),
        ({"published_at": "2022-08-17T09:16:00+07:00"}, False),  # a story that comes every week
        ({"published_at": "2022-08-13T09:14:00+07:00"}, False),
        ({"title": "Harga Tempe Naik"}, False),
        ({"lead": None}, False),
        ({"body": "Harga kedelai naik."}, False),
    ],
)
def test_an_article_made_anew_under_another_id(store, other, known):
    save(store, article(), now=T1)
    assert store.articles.twin(article("rgmwz1370", **other)) == ("rgmwym370" if known else None)


def test_an_article_is_no_twin_of_itself(store):
    save(store, article(), now=T1)
    save(store, article("rgmwz1370"), now=T1)
    assert store.articles.twin(article()) is None
    assert (
        store.articles.twin(article("rgmwz1370")) is None
    )  # stored once, it stays and is kept up to date


def test_of_two_twins_the_first(store):
    save(store, article("rgmwz1370", published_at="2022-08-15T11:00:00+07:00"), now=T1)
    save(store, article("rgmwym370"), now=T1)
    assert store.articles.twin(article("rgmx05370", published_at=T3)) == "rgmwym370"


def test_the_newest_article_that_is_not_of_the_future(store):
    assert store.articles.newest(T2) is None
    save(store, article("r2l621", published_at=T3), now=T1)
    assert store.articles.newest(T2) is None
    save(store, article("r2l622", published_at=T1), now=T1)
    save(store, article("r2l623", published_at=PUBLISHED.isoformat()), now=T1)
    assert iso(store.articles.newest(T2)) == T1
    assert iso(store.articles.newest(T3)) == T3


def test_records_do_not_depend_on_the_order_of_tags(store):
    save(store, article(), now=T1)
    assert save(store, article(tags=["kedelai", "tempe"]), now=T2) == "unchanged"


def test_the_day_of_an_article_is_that_of_jakarta(store):
    save(store, article(published_at="2022-08-15T00:30:00+07:00"), now=T1)
    sql = "SELECT published_day, date(published_at) FROM articles"
    assert one(store, sql) == ("2022-08-15", "2022-08-14")
    save(store, article(published_at="2022-08-16T00:30:00+07:00"), now=T2)
    assert one(store, "SELECT published_day FROM articles") == ("2022-08-16",)
