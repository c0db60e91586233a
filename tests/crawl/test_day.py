"""A day of hourly runs over a site that lives, fails and is redesigned, by the day's own clock."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from crawler.dates import WIB
from tests import site as played
from tests.site import Crawler, Site

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site import Story

DAY = datetime(2022, 8, 15, tzinfo=WIB)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NEWS: dict[str, Any] = {"host": "news.republika.co.id", "section": ("News", "Umum")}
COUNTS = ("new", "updated", "unchanged", "rejected", "gone", "failed", "pending")
# Runs and their numbers are those of the hour that begins. Six articles come in each hour, from
# five past on: the next run finds them, the one after it looks again (they are an hour old), and
# the fifth after that (six hours).
OVERLOADED, DOWN, UP = 9, 10, 11
REDESIGNED, AS_BEFORE = 15, 19
UNHEALTHY = {
    OVERLOADED: r"robots\.txt of news\.republika\.co\.id cannot be had \(HTTP 503\): .*",
    DOWN: r"robots\.txt of news\.republika\.co\.id cannot be had \(.+\): .*",
    **dict.fromkeys(
        range(REDESIGNED, AS_BEFORE),
        r"the layout of (\d+) of \1 articles is not known: the site has changed",
    ),
}


def redesigned(url: str, right: played.Response) -> played.Response:
    """The same page in a layout that nobody has seen: every class has another name."""
    body = re.sub(rb'class="', b'class="baru-', right.body)
    headers = {**right.headers, "ETag": f'"{sha256(body).hexdigest()}"'}
    return replace(right, body=body, headers=headers)


def of_the_hour(site: Site, hour: int, stories: dict[int, list[Story]]) -> None:
    """What happens on the site in the hour before a run."""
    site.set_clock(DAY + hour * HOUR - HOUR / 2)
    stories[hour] = site.publish(6, until=DAY + hour * HOUR - 5 * MINUTE, **NEWS)
    match hour:
        case 3:  # one is corrected early, another for the first time
            site.change(stories[2][0].id, title="Judul yang Dikoreksi")
            site.change(stories[2][1].id, paragraphs=("Ralat pertama.", *stories[2][1].paragraphs))
        case 6:
            site.remove(stories[5][0].id)
        case 8:
            site.change(stories[2][1].id, paragraphs=("Ralat kedua.", *stories[2][1].paragraphs))
        case 9:
            site.misbehave("", played.answer(503))
            site.change(stories[4][0].id, title="Dikoreksi Saat Situs Mati")
        case 10:
            site.behave()
            site.down = True
            site.remove(stories[6][0].id)
            site.remove(stories[10][0].id)  # which nobody has seen
        case 11:
            site.down = False
        case 15:
            site.misbehave("/berita/", redesigned)
        case 17:
            site.change(stories[16][0].id, title="Dikoreksi di Rupa Baru")
        case 19:
            site.behave()


@pytest.mark.long
def test_a_day_of_scheduled_runs(website: Site, tmp_path: Path) -> None:
    crawler = Crawler(tmp_path, website)
    stories = {0: website.publish(30, until=DAY - 5 * MINUTE, **NEWS)}
    for hour in range(1, 25):
        of_the_hour(website, hour, stories)
        website.set_clock(DAY + hour * HOUR)
        done = crawler.crawl("latest")
        told = [line for line in done.stderr.splitlines() if line.startswith("unhealthy: ")]
        assert done.returncode == (1 if hour in UNHEALTHY else 0), (hour, done.stderr)
        assert bool(told) == (hour in UNHEALTHY)
        if hour in UNHEALTHY:
            says = re.compile("unhealthy: " + UNHEALTHY[hour])
            assert any(map(says.fullmatch, told)), (hour, told)
    website.set_clock(DAY + 25 * HOUR)
    audit = crawler.scrapy("audit", "--since", "2022-08-15", "--until", "2022-08-15", "--list")

    # What came when: all that was published is there, but for what was gone before anybody saw it.
    runs = crawler.rows("SELECT * FROM runs WHERE spider = 'latest' ORDER BY id")
    assert [run["id"] for run in runs] == list(range(1, 25))
    for run in runs:
        assert run["found"] == sum(run[name] for name in COUNTS), dict(run)
        assert (run["rejected"], run["failed"]) == (0, 0)
        assert (run["pending"] > 0) == (run["id"] in (OVERLOADED, DOWN)), "looks that were due"
    new = dict.fromkeys(range(1, 25), 6) | {1: 36, OVERLOADED: 0, DOWN: 0, UP: 17}
    assert {run["id"]: run["new"] for run in runs} == new
    once = {story.id for some in stories.values() for story in some} - {stories[DOWN][0].id}
    assert {row["id"] for row in crawler.rows("SELECT id FROM articles")} == once

    # What was taken down is gone, and its record stays.
    retracted = {stories[5][0].id, stories[6][0].id}
    states = crawler.rows("SELECT id, state FROM pages WHERE state != 'stored'")
    assert {row["id"]: row["state"] for row in states} == dict.fromkeys(retracted, "gone")
    gone = {6: 1, 11: 1, 12: 1}  # the first was looked at again
    assert {run["id"]: run["gone"] for run in runs if run["gone"]} == gone

    # What was corrected is a revision by the run that looked next; of the new layout only its name.
    corrected = [(3, stories[2][0]), (3, stories[2][1]), (8, stories[2][1])]
    corrected += [(UP, stories[4][0]), (17, stories[16][0])]
    revisions = crawler.rows("SELECT run_id, article_id, changes FROM revisions ORDER BY 1, 2")
    relaid = {
        "layout\n- republika2023\n+ generic": range(REDESIGNED, AS_BEFORE),
        "layout\n- generic\n+ republika2023": range(AS_BEFORE, 25),
    }
    assert [
        (row["run_id"], row["article_id"])
        for row in revisions
        if row["run_id"] not in relaid.get(row["changes"], ())
    ] == [(run, story.id) for run, story in corrected]
    made = Counter(row["run_id"] for row in revisions)
    assert [run["updated"] for run in runs] == [made[run["id"]] for run in runs]
    for row in crawler.rows("SELECT id, title, body FROM articles"):
        if story := website.articles.get(row["id"]):
            assert (row["title"], row["body"]) == (story.title, "\n\n".join(story.paragraphs))

    # No article was asked for but to have it, and at its ages: of an hour, six hours and a day.
    asked = Counter(one.path for one in website.asked("/berita/") if one.status != 503)
    assert max(asked.values()) <= 4

    # And nothing is missing.
    assert audit.returncode == 0, audit.stderr
    (day,) = [line.split() for line in audit.stdout.splitlines() if line.startswith("2022-08-15")]
    assert day == ["2022-08-15", "141", "141", "0", "0", "0", "0"]
