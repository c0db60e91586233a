"""What answers in an article's place: another article, a notice, a provider's or a login page."""

from __future__ import annotations

from email.message import Message
from typing import TYPE_CHECKING

import pytest

from tests import site as played
from tests.site import Crawler, Site

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [
    ("Internet Positif", "<h1>Situs Diblokir</h1><p>Laman ini tidak dapat dibuka.</p>"),
    ("Republika Online", "<h1>Republika</h1><p>Situs sedang dalam perbaikan.</p>"),
    ("Wifi Kafe", "<p>Selamat datang. Tekan tombol untuk terhubung.</p><button>Hubungkan</button>"),
]


def test_the_other_article_is_found_and_the_asked_one_gone(website: Site, tmp_path: Path) -> None:
    asked, shown = website.publish(2)
    website.misbehave(
        f"/{asked.id}/", played.content(website.respond(shown.host, shown.path, Message()).body)
    )
    crawler = Crawler(tmp_path, website)
    crawler.crawl("article", "-a", f"url={asked.url}")
    pages = {row["id"]: row for row in crawler.rows("SELECT * FROM pages")}
    assert pages[asked.id]["state"] == "gone"
    assert shown.id in pages[asked.id]["reason"]
    assert shown.id in pages
    assert [row["id"] for row in crawler.rows("SELECT id FROM articles")] in ([], [shown.id])


@pytest.mark.parametrize(("title", "body"), PAGES)
def test_a_foreign_page_costs_nothing(website: Site, tmp_path: Path, title: str, body: str) -> None:
    html = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    (story,) = website.publish(1)
    website.misbehave(f"/{story.id}/", played.content(html), times=1)
    crawler = Crawler(tmp_path, website)
    crawler.crawl("article", "-a", f"url={story.url}")
    (page,) = crawler.rows("SELECT state, reason, next_check_at FROM pages")
    assert page["state"] == "failed"
    assert page["next_check_at"]
    crawler.crawl("article", "-a", f"url={story.url}")
    (page,) = crawler.rows("SELECT state FROM pages")
    assert page["state"] == "stored"
