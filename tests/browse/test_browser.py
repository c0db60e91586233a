"""`scrapy browse` in a real browser."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page
from tests.browse.archive import DASHBOARD, EVIL, PUTIN, SCRIPT, Archive


class Visit:
    """A page of the browser, with what it asked for and complained of."""

    def __init__(self, browser: Browser, archive: Archive, width: int = 1200) -> None:
        self.archive = archive
        self.page: Page = browser.new_page(viewport={"width": width, "height": 800})
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: self.errors.append(dialog.message))
        self.page.on("console", self._heard)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.page.close()
        assert self.errors == []
        own = (f"{self.archive.address}/", "data:", "blob:")
        assert [url for url in self.asked if not url.startswith(own)] == []

    def go(self, path: str) -> None:
        self.page.goto(self.archive.address + path)

    def draw(self) -> dict[str, int]:
        """Wait for the charts; gives how many marks each has."""
        self.page.wait_for_function(
            "[...document.querySelectorAll('figure')].every(figure => figure.querySelector('svg'))"
        )
        return self.page.evaluate(
            "Object.fromEntries([...document.querySelectorAll('figure')].map(figure => [figure.id,"
            " figure.querySelectorAll('svg .role-mark path').length]))"
        )

    def fits(self) -> bool:
        return self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_reader_finds_and_reads_an_article(browser: Browser, sample: Archive) -> None:
    with Visit(browser, sample) as visit:
        visit.go("/")
        page = visit.page
        assert page.locator("article h2").count() == 17
        page.get_by_label("Search").fill("korea")
        page.keyboard.press("Enter")
        page.wait_for_selector("mark")
        assert page.locator("h2 mark").inner_text() == "Korea"
        page.click("article h2 a")
        page.wait_for_selector("h1")
        assert page.inner_text("h1") == "Putin Janjikan Perluas Hubungan dengan Korea Utara"
        assert page.inner_text(".lead").startswith("Putin mengatakan hubungan yang lebih erat")
        byline = " ".join(page.inner_text(".byline").split())
        assert byline == (
            "15 August 2022, 09:15 WIB Rep Dwina Agustin Red Friska Yolandha Source Reuters"
        )
        paragraphs = page.locator(".body p").all_inner_texts()
        assert len(paragraphs) == 7
        assert paragraphs[0].startswith("PYONGYANG — Presiden Rusia")
        page.click(".tags a >> text=korea utara")
        page.wait_for_selector(".filter")
        assert page.inner_text(".filter") == "tag korea utara ✕"


def test_charts_are_drawn(browser: Browser, sample: Archive) -> None:
    with Visit(browser, sample) as visit:
        visit.go(DASHBOARD)
        drawn = visit.draw()
        assert len(drawn) == 7
        assert all(drawn.values()), drawn
        assert visit.page.inner_text(".runs .good") == "healthy"
        visit.go(f"{DASHBOARD}?since=2022-08-16")
        assert "No article was published in these days" in visit.page.inner_text("main")


def test_tables_are_shown(browser: Browser, sample: Archive) -> None:
    with Visit(browser, sample) as visit:
        for path in ("/republika", "/republika/runs", "/republika/runs/1", "/republika/articles"):
            visit.go(path)
            assert visit.page.locator(".places a").count() == 4


def test_nothing_a_page_said_runs(browser: Browser, hostile: Archive) -> None:
    with Visit(browser, hostile) as visit:
        table = "/republika/articles?_search=kutilang"
        for path in ("/?words=kutilang", DASHBOARD, table, f"/republika/articles/{EVIL}"):
            visit.go(path)
            if path == DASHBOARD:
                visit.draw()
                assert SCRIPT in visit.page.inner_text(".runs")
            assert visit.page.evaluate("window.hacked") is None
        assert visit.page.inner_text("h1") == f"{SCRIPT} \"Kutilang\" & 'Jalak'"
        for link in visit.page.locator("a").all():
            assert (link.get_attribute("href") or "").startswith(("/", "https://"))


def test_an_empty_archive_in_the_browser(browser: Browser, empty: Archive) -> None:
    with Visit(browser, empty) as visit:
        for path in ("/", DASHBOARD):
            visit.go(path)
            assert visit.page.inner_text("h1") == "No article is stored yet"


def test_pages_fit_a_phone(browser: Browser, sample: Archive, hostile: Archive) -> None:
    evil_page = f"/republika/articles/{EVIL}"
    tables = ("/republika", "/republika/articles", "/republika/runs/1", "/republika?sql=select+1")
    for archive, paths in ((sample, ("/", PUTIN, DASHBOARD, *tables)), (hostile, ("/", evil_page))):
        with Visit(browser, archive, width=360) as visit:
            for path in paths:
                visit.go(path)
                if path == DASHBOARD:
                    visit.draw()
                assert visit.fits(), path


def test_the_picture_of_the_readme(browser: Browser, sample: Archive, tmp_path: Path) -> None:
    """Written where BROWSE_PICTURE says, else nowhere that stays."""
    picture = Path(os.environ.get("BROWSE_PICTURE") or tmp_path / "browse.png")
    with Visit(browser, sample, width=1000) as visit:
        visit.go("/?words=warga")
        visit.page.wait_for_selector("mark")
        visit.page.screenshot(path=picture, clip={"x": 0, "y": 0, "width": 1000, "height": 640})
    assert 10_000 < picture.stat().st_size < 200_000


def test_at_night_every_page_has_the_same_ground(sample: Archive, browser: Browser) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    grounds = set()
    for path in ("/", PUTIN, "/republika/articles?_size=1", "/republika?sql=select+1"):
        page.goto(f"{sample.address}{path}")
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    context.close()
    assert len(grounds) == 1
