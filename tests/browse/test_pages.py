"""`scrapy browse`: lists, search, articles and charts as pages."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
from contextlib import closing
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import pytest

from crawler.browse import article as reading
from crawler.browse.listing import highlighted
from crawler.browse.metadata import metadata
from crawler.database.store import Store
from crawler.query.search import pieces
from tests.helpers import scrapy
from tests.records import save

if TYPE_CHECKING:
    from pathlib import Path
from tests.browse.archive import DASHBOARD, EVIL, GONE, NOW, PUTIN, Archive, chart, evil, query


def headlines(html: str) -> list[str]:
    found = re.findall(r"<h2><a [^>]*>(.*?)</a></h2>", html)
    return [unescape(re.sub(r"</?mark>", "", text)) for text in found]


def facet(html: str, name: str) -> dict[str, int]:
    listed = re.search(rf"<h3>{name}</h3>\s*<ul>(.*?)</ul>", html, re.DOTALL)
    assert listed, f"no facet {name}"
    pattern = r"<li><(?:a|b)[^>]*>(.*?)</(?:a|b)> <span>([\d,]+)</span>"
    return {
        unescape(value): int(number.replace(",", ""))
        for value, number in re.findall(pattern, listed[1])
    }


# -- the pages -----------------------------------------------------------------------------------


def test_articles_come_newest_first_and_can_be_narrowed_down(sample: Archive) -> None:
    with closing(sqlite3.connect(sample.database)) as database:
        titles = database.execute("SELECT title FROM articles ORDER BY published_at DESC")
        newest = [title for (title,) in titles]
    html = sample.get("/")
    assert headlines(html) == newest
    assert headlines(sample.get("/", order="oldest")) == newest[::-1]
    assert facet(html, "kind") == {"article": 16, "gallery": 1}
    assert facet(html, "language") == {"id": 16, "en": 1}
    assert sum(facet(html, "layout").values()) == sum(facet(html, "section").values()) + 1 == 17

    (gallery,) = headlines(sample.get("/", kind="gallery"))
    assert gallery.startswith("Pawai Obor")
    news = sample.get("/", section="News")
    assert len(headlines(news)) == 3
    assert set(facet(news, "section")) == {
        "News > Internasional",
        "News > Nusantara",
        "News > Pendidikan",
    }
    assert headlines(sample.get("/", tag="korea utara", section="News > Internasional")) == [
        "Putin Janjikan Perluas Hubungan dengan Korea Utara"
    ]
    assert len(headlines(sample.get("/", since="2022-08-15", until="2022-08-15"))) == 17
    assert headlines(sample.get("/", until="2022-08-14")) == []
    assert headlines(sample.get("/", page="2")) == []


def test_search_marks_what_it_found(sample: Archive) -> None:
    html = sample.get("/", words='korea "hubungan bilateral"')
    assert headlines(html) == ["Putin Janjikan Perluas Hubungan dengan Korea Utara"]
    assert "dengan <mark>Korea</mark> Utara</a></h2>" in html
    assert "<mark>hubungan bilateral</mark>" in html
    assert headlines(sample.get("/", words='"bilateral hubungan"')) == []
    found = headlines(sample.get("/", words="desa"))
    assert len(found) > 1
    assert sorted(headlines(sample.get("/", words="desa", order="best"))) == sorted(found)
    html = sample.get("/", words="sentra lancar")
    assert "dari tiga <mark>sentra</mark> tanam" in html, "in the lead"
    assert len(headlines(sample.get("/", words="korea OR zzz"))) == 1, "as in scrapy search"
    html = sample.get("/", words="kirim")
    assert "<mark>mengirimkan</mark>" in html, "a form of the word"
    assert headlines(sample.get("/", words='"kirim"')) == []
    rows = sample.get("/republika/articles.json", _search="kirim", _shape="array", _col="id")
    assert [row["id"] for row in json.loads(rows)] == ["rgmwym370"], "in the table too"


@pytest.mark.parametrize(
    "words",
    [
        '"',
        '"a" "',
        "AND OR NOT",
        "NEAR(a b, 2",
        "title:x",
        "a* ^b -c",
        "()",
        "'; DROP TABLE articles; --",
        "\0",
        'x\0"y',
        '"a\nb"',
        "\ud7ff\uffff🙂",
        "%",
        "a " * 2000,
        "<script>",
        "\x02\x03",
    ],
)
def test_any_text_can_be_searched_for(sample: Archive, words: str) -> None:
    for order in ("newest", "best"):
        html = sample.get("/", words=words, order=order)
        assert "<script" not in html
    sample.get("/republika/articles", _search=words)


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=-1", "page=x", "page=9999999", "page=99999999999999999999", "order=x",
        "since=x", "until=2022-13-45", "section=%FF", "kind=", "tag=%00", "words=a&words=b", "x=y",
    ],
)  # fmt: skip
def test_any_query_string_gives_a_page(sample: Archive, query: str) -> None:
    assert sample.ask(f"/?{query}").status == 200


def test_an_article_links_to_what_belongs_to_it(sample: Archive) -> None:
    html = sample.get(PUTIN)
    assert 'href="https://www.republika.co.id/berita/rgmwym370/putin-janjikan' in html
    assert "republika-2022-08-15.warc.gz</a> at byte " in html
    assert re.search(r'<a href="https://[^"]+"[^>]*>Presiden Rusia Vladimir Putin \(kanan\)', html)
    assert "not stored here" in html
    assert 'href="/?tag=korea+utara"' in html
    for path in re.findall(r'href="(/republika/(?:captures|articles)/[^"]+)"', html):
        assert sample.ask(unescape(path)).status == 200
    absent = sample.ask("/republika/articles/rgmwym999")
    assert (absent.status, "rgmwym999" in absent.text) == (404, True)


def test_what_the_site_took_away_says_so(hostile: Archive) -> None:
    html = hostile.get(f"/republika/articles/{GONE}")
    assert "The page is gone since 18 August 2022, 08:00 WIB: HTTP 404" in html
    listed = hostile.get("/").split("<article>")
    marked = [entry for entry in listed if 'title="The site took it down">gone</span>' in entry]
    assert [GONE in entry for entry in marked] == [True]


def test_what_changed_is_told(hostile: Archive) -> None:
    html = hostile.get(f"/republika/articles/{EVIL}")
    assert "Changed, as seen 17 August 2022, 08:00 WIB" in html
    assert re.findall(r"<h3>(\w+)</h3>", html) == ["title"]
    assert re.search(r"<del>.* Before</del>", html)
    assert re.search(r"<ins>.*Kutilang.*</ins>", html)


def test_changes_are_read_line_by_line() -> None:
    text = "title\n- Lama\n+ Baru\n\nbody\n…\n- Satu.\n- \n- Dua.\n+ Tiga.\n…"
    assert reading.changed_fields(text) == [
        {"name": "title", "lines": [("-", "Lama"), ("+", "Baru")]},
        {
            "name": "body",
            "lines": [
                *[("…", ""), ("-", "Satu."), ("-", ""), ("-", "Dua."), ("+", "Tiga."), ("…", "")]
            ],
        },
    ]


def test_nothing_a_page_said_is_markup(hostile: Archive) -> None:
    for path in ("/", "/?words=kutilang", f"/republika/articles/{EVIL}"):
        answer = hostile.ask(path)
        assert answer.status == 200
        assert "script-src" not in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        for tag in ("<script", "<iframe", "<img", "<i ", "<b>Evil"):
            assert tag not in answer.text
        hrefs = re.findall(r'href="([^"]*)"', answer.text)
        assert all(href.startswith(("/", "https://republika.co.id/", "#")) for href in hrefs)
        assert 'onload="' not in answer.text
    assert "{{ 7 * 7 }}" in hostile.get(f"/republika/articles/{EVIL}")


def test_an_article_page_asks_for_no_script(sample: Archive) -> None:
    assert "<script" not in sample.get(PUTIN)


def test_the_best_are_those_of_scrapy_search(tmp_path: Path) -> None:
    with Store(tmp_path / "a.db") as store:
        for n in range(4):  # of which none is better than another
            save(store, replace(evil("Sama"), id=f"rgof8w43{n}"), now=NOW)
    done = scrapy("search", "--json", "sama", "-s", f"DATABASE={tmp_path / 'a.db'}")
    best = [json.loads(line)["id"] for line in done.stdout.splitlines()]
    with Archive(tmp_path / "a.db") as archive:
        html = archive.ask("/?words=sama&order=best").text
    assert re.findall(r'<h2><a href="/republika/articles/(\w+)"', html) == best
    assert len(best) == 4


def test_marks_come_after_escaping() -> None:
    title, _ = pieces("\x02<b>\x03 & \x03\x02x", None, "")
    assert highlighted(title) == "<mark>&lt;b&gt;</mark> &amp; x"


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        ("https://republika.co.id/x", True),
        ("HTTP://x", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https:javascript", False),
        ("//x", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_web_are_links(url: str, is_link: bool) -> None:
    assert (reading.web_address(url) == url) is is_link


@pytest.mark.parametrize("path", ["/", DASHBOARD])
def test_an_empty_archive_says_what_to_do(empty: Archive, path: str) -> None:
    html = empty.get(path)
    assert "No article is stored yet" in html
    assert "scrapy crawl latest" in html


def test_what_a_crawl_stores_meanwhile_is_shown(tmp_path: Path) -> None:
    database = tmp_path / "republika.db"
    with Store(database) as store:
        save(store, evil("Pertama"), now=NOW)
        with Archive(database) as archive:
            assert headlines(archive.get("/")) == ["Pertama"]
            save(store, evil("Kedua"), now=NOW)
            assert headlines(archive.get("/")) == ["Kedua"]
            with store.transaction():
                store.db.execute("UPDATE articles SET title = 'Ketiga'")
                assert headlines(archive.get("/")) == ["Kedua"], "while another writes"
            assert headlines(archive.get("/")) == ["Ketiga"]
            assert archive.end(signal.SIGTERM) == (0, "")


# -- the tables and the charts -------------------------------------------------------------------


def test_every_table_and_column_is_described(empty: Archive) -> None:
    tables = metadata()["databases"]["republika"]["tables"]
    with closing(sqlite3.connect(empty.database)) as database:
        names = [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not re.fullmatch("articles_fts_.+|sqlite_.+", name)  # SQLite's own
        ]
        assert set(tables) == set(names)
        for name in names:
            # With those that are computed, without the hidden ones of a virtual table.
            info = database.execute(f"PRAGMA table_xinfo({name})")
            columns = [row[1] for row in info if row[6] != 1]
            assert list(tables[name]["columns"]) == columns, name
            texts = (tables[name]["title"], tables[name]["description"])
            assert all((*texts, *tables[name]["columns"].values())), name
            empty.get(f"/republika/{name}")
    page = empty.get("/republika/articles")
    assert re.search(
        r"<details class='columns'>.*?Republika&#39;s article id.*?</details>", page, re.DOTALL
    )


def test_articles_are_sorted_in_their_table_too(sample: Archive) -> None:
    rows = json.loads(sample.get("/republika/articles.json", _shape="array"))
    moments = [row["published_at"] for row in rows]
    assert len(moments) == 17
    assert moments == sorted(moments, reverse=True)
    assert "17 rows" in sample.get("/republika")


def test_charts_say_what_is_stored(sample: Archive) -> None:
    days = chart(sample, "days")
    assert days[-1] == {"day": "2022-08-15T00:00", "articles": 17}
    assert [day["articles"] for day in days[:-1]] == [0] * 13, "days without an article are shown"
    months = chart(sample, "days", since="2020-01-01", until="2022-12-31")
    assert {"day": "2022-08-01T00:00", "articles": 17} in months
    assert sum(month["articles"] for month in months) == 17
    assert not any(day["articles"] for day in chart(sample, "days", since="2022-08-16"))
    assert {"section": "News", "articles": 3} in chart(sample, "sections")
    assert chart(sample, "reporters")[0] == {"reporter": "Contoh Reporter", "articles": 10}
    words = {row["words"]: row["articles"] for row in chart(sample, "words")}
    assert (sum(words.values()), [*words]) == (17, [*range(0, max(words) + 1, 50)])
    (week,) = chart(sample, "fields")
    assert (week["week"], week["editors"]) == ("2022-08-15T00:00", 1)
    assert 0 < week["sources"] < week["dateline"] <= 1
    (run,) = chart(sample, "rejects")
    assert (run["rejected"], run["fetched"], run["share"]) == (1, 20, 0.05)


def test_gaps_are_told_apart(tmp_path: Path) -> None:
    database = tmp_path / "republika.db"
    with Store(database) as store:
        for day in (10, 12, 14):
            moment = f"2022-08-{day}T08:00:00+07:00"
            store.db.execute(
                "INSERT INTO articles SELECT ?, '', '', NULL, ?, NULL, 'page', NULL, NULL, '[]',"
                " '[]', '[]', NULL, 'x', 1, 'id', 'article', 0, 'rol', ?, '1', ?, ?, ?",
                [f"a{day}", moment, f"{day}", moment, moment, moment],
            )
            store.db.execute(
                "INSERT INTO pages (id, url, state, found_at, listed_at) VALUES (?, '', ?, ?, ?)",
                [f"a{day}", "failed" if day == 12 else "stored", moment, moment],
            )
        store.db.execute("INSERT INTO listings VALUES ('day 2022-08-10', 1, ?, 1)", [NOW])
        store.db.conn.commit()
        found = list(store.db.query(query("gaps"), {"since": "", "until": ""}))
        assert [(row["month"], row["day"], row["day_is"]) for row in found] == [
            ("2022-08", 10, "complete"),
            ("2022-08", 11, "no article"),
            ("2022-08", 12, "some still missing"),
            ("2022-08", 13, "no article"),
            ("2022-08", 14, "index not read to its end"),
        ]
        store.db.execute(
            "INSERT INTO runs (spider, arguments, versions, started_at, healthy) VALUES"
            " ('audit', ?, '{}', ?, 1)",
            ['{"since": "2022-08-13", "until": "2022-08-17"}', NOW],
        )
        store.db.conn.commit()
        found = list(store.db.query(query("gaps"), {"since": "", "until": ""}))
        assert [row["day_is"] for row in found][2:] == [
            "some still missing",
            "complete",
            "complete",
        ]
        store.db.execute("UPDATE articles SET published_at = '2922-01-01' WHERE id = 'a14'")
        past = list(store.db.query(query("gaps"), {"since": "", "until": ""}))
        assert past[-1]["day"] == 12, "a date yet to come is not the last day"
        for since in ("x", "0001-01-01", "9999-12-31"):
            found = list(store.db.query(query("gaps"), {"since": since, "until": "9999-12-31"}))
            assert len(found) <= 1001
