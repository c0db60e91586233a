"""Two versions side by side, and the raw page."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from html import unescape
from typing import TYPE_CHECKING

from crawler.browse.versions import marked
from tests.browse.archive import EVIL, PUTIN, SCRIPT, Archive

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_words_that_changed_are_marked() -> None:
    before, after = marked("Harga cabai <b>naik</b> tajam", "Harga cabai turun tajam lagi")
    assert before == "Harga cabai <del>&lt;b&gt;naik&lt;/b&gt;</del> tajam"
    assert after == "Harga cabai <ins>turun</ins> tajam<ins> lagi</ins>"
    assert marked("sama", "sama") == ("sama", "sama")


def test_a_change_is_shown_side_by_side(hostile: Archive) -> None:
    article = hostile.get(f"/republika/articles/{EVIL}")
    (link,) = re.findall(rf'href="(/republika/articles/{EVIL}/versions/[0-9]+)"', article)
    page = hostile.get(link)
    assert "<del>Before</del>" in page
    assert "<ins>&#34;Kutilang&#34; &amp; &#39;Jalak&#39;</ins>" in page
    assert SCRIPT not in page
    assert hostile.ask(f"/republika/articles/{EVIL}/versions/999").status == 404


def test_the_raw_page_is_one_click_away_and_does_nothing(browser: Browser, sample: Archive) -> None:
    article = sample.get(PUTIN)
    (link, *_) = re.findall(r'<a href="(/republika/captures/[0-9]+/page)">', article)
    answer = sample.ask(link)
    assert answer.status == 200
    assert "Putin Janjikan Perluas Hubungan" in unescape(answer.text)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    page = browser.new_page()
    loaded: list[str] = []
    blocked: list[str] = []
    page.on("response", lambda response: loaded.append(response.url))
    page.on("requestfailed", lambda request: blocked.append(request.failure or ""))
    page.goto(sample.address + link)
    assert "Putin Janjikan" in page.inner_text("body")
    page.close()
    assert loaded == [sample.address + link]
    assert set(blocked) == {"csp"}, "no request for anything else leaves the browser"
    assert sample.ask("/republika/captures/999999/page").status == 404


def test_a_page_that_is_not_there_is_one_line(hostile: Archive) -> None:
    with closing(sqlite3.connect(hostile.database)) as database:
        database.execute(
            "INSERT INTO captures"
            " (article_id, url, fetched_at, status, digest, file, offset, length) VALUES"
            " (?, 'https://x', '2022-08-17T08:00:00+07:00', 200, 'sha1:A', 'x.warc.gz', 0, 9)",
            [EVIL],
        )
        database.commit()
        (number,) = database.execute("SELECT max(id) FROM captures").fetchone()
    answer = hostile.ask(f"/republika/captures/{number}/page")
    assert answer.status == 404
    assert answer.text.count("\n") == 1
    assert "x.warc.gz" in answer.text


def test_the_wayback_machine_is_linked(sample: Archive) -> None:
    assert 'href="https://web.archive.org/web/*/https://www.republika.co.id/' in sample.get(PUTIN)


def test_an_id_of_2004_to_10_leads_to_a_page_of_ours(sample: Archive) -> None:
    answer = sample.ask("/republika/articles/online-195393")
    assert answer.status == 404
    assert "There is no article online-195393 here." in answer.text
