"""Answers of the site that go wrong: for an article, for the index of a day, for robots.txt."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests import site as played
from tests.crawl.refusals import BACKFILL, DAY
from tests.crawl.test_trouble import TROUBLES
from tests.faults.checks import NEWS, QUIET, complete, ended, sound
from tests.site import Crawler, running_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.site import Behaviour

_ANSWERS: dict[str, Behaviour] = {
    "HTTP 500": played.answer(500),
    "HTTP 403": played.answer(403),
    "HTTP 404": played.answer(404),
    "a challenge": played.challenge(),
    "no answer": played.hang(),
    "a reset": played.reset(),
    "half of gzip": played.truncated_gzip(),
    "a redirect to itself": played.redirect_loop(),
    "the home page": played.home_page(),
    "nothing": played.content(""),
}
SHORT = {"DOWNLOAD_TIMEOUT": 1, "RETRY_TIMES": 1, "RETRY_WAITS": "1s", "RECHECK_AGES": "1s"}


def article(name: str, folder: Path) -> list[str]:
    """An article of five goes wrong as in the tests of trouble; then the site is well again."""
    behaviour, times, state, _, _ = TROUBLES[name]
    with running_site() as site:
        stories = site.publish(5, until=DAY, spacing=timedelta(minutes=1), **NEWS)
        folder.mkdir()
        crawler = Crawler(folder, site)
        if behaviour:
            site.misbehave(stories[0].id, behaviour, times)
        done = crawler.crawl(*BACKFILL, *QUIET, **SHORT)
        wrong = ended(done, 0) + sound(crawler)
        states = {row["id"]: row["state"] for row in crawler.rows("SELECT * FROM pages")}
        if states.get(stories[0].id) != state:
            wrong.append(f"{states.get(stories[0].id)}, not {state}: {done.stderr[-200:]}")
        if list(states.values()).count("stored") != 4 + (state == "stored"):
            wrong.append(f"it costs others: {states}")
        site.behave()
        url = f"url={stories[0].url}"
        return wrong + ended(crawler.crawl("article", "-a", url, *QUIET), 0) + complete(crawler)


def index(name: str, folder: Path) -> list[str]:
    """The index of the day goes wrong; then the site is well again."""
    return _listing("/index/", _ANSWERS[name], folder)


def robots(name: str, folder: Path) -> list[str]:
    """robots.txt goes wrong, other than by what allows everything; then the site is well again."""
    return _listing("robots.txt", _ROBOTS[name], folder)


_ROBOTS: dict[str, Behaviour] = {
    "everything forbidden": played.robots(),
    **{name: _ANSWERS[name] for name in ("HTTP 500", "no answer", "a reset")},
}


def _listing(match: str, behaviour: Behaviour, folder: Path) -> list[str]:
    with running_site() as site:
        site.publish(5, until=DAY, spacing=timedelta(minutes=1), **NEWS)
        site.misbehave(match, behaviour)
        folder.mkdir()
        crawler = Crawler(folder, site)
        done = crawler.crawl(*BACKFILL, *QUIET, **SHORT)
        wrong = ended(done, 1) + sound(crawler)
        if "unhealthy: " not in done.stderr:
            wrong.append("no reason is told")
        site.behave()
        return wrong + ended(crawler.crawl(*BACKFILL, *QUIET), 0) + complete(crawler)


PLAYS: dict[str, tuple[Callable[[str, Path], list[str]], list[str]]] = {
    "an article": (article, list(TROUBLES)),
    "the index of a day": (index, list(_ANSWERS)),
    "robots.txt": (robots, list(_ROBOTS)),
}
