"""`scrapy show`: one article, what changed in it, its page; and how `crawl article` ends."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tests.commands.searching import BOATS, KITCHEN
from tests.helpers import ROOT, with_mounts
from tests.site import Crawler, running_site

if TYPE_CHECKING:
    from collections.abc import Iterator

WHY = "the home page is shown in place of the article"
TITLE, LATER = "Dermaga Baru Diresmikan", "Dermaga Baru Batal Diresmikan"


@pytest.fixture(scope="module")
def harbour(tmp_path_factory) -> Iterator[SimpleNamespace]:
    """An article that was crawled, changed and crawled again, and one that is gone."""
    with running_site() as site:
        crawler = Crawler(tmp_path_factory.mktemp("harbour"), site)
        story, lost = site.publish(2, host="news.republika.co.id", section=("News", "Umum"))
        story = site.change(story.id, title=TITLE, modified=None)
        site.remove(lost.id)
        asked = f"url={story.url},{lost.url}"
        first = crawler.crawl("article", "-a", asked, LOG_LEVEL="CRITICAL")
        site.change(story.id, title=LATER)
        crawler.crawl("article", "-a", f"url={story.url}")
        yield SimpleNamespace(crawler=crawler, story=story, lost=lost, first=first)


def test_a_crawl_of_articles_ends_with_what_became_of_each(harbour):
    done = harbour.first
    assert done.returncode == 0, done.stderr
    assert f"{TITLE} (scrapy show {harbour.story.id})" in done.stdout.splitlines()
    assert f"note: {harbour.lost.id} is gone: {WHY}" in done.stdout.splitlines()


def test_an_article_as_a_person_reads_it(harbour):
    by_id = harbour.crawler.scrapy("show", harbour.story.id)
    assert (by_id.returncode, by_id.stderr) == (0, "")
    assert by_id.stdout.startswith(f"{LATER}\n\n")
    assert f"\naddress: {harbour.story.url}\n" in by_id.stdout
    assert "\nsection: News > Umum\n" in by_id.stdout
    assert f"\nchanged: 1 times; scrapy show {harbour.story.id} --diff\n" in by_id.stdout
    by_address = harbour.crawler.scrapy("show", f"{harbour.story.url}?utm_source=x")
    assert by_address.stdout == by_id.stdout


def test_what_changed_in_it(harbour):
    done = harbour.crawler.scrapy("show", harbour.story.id, "--diff")
    head, *rest = done.stdout.splitlines()
    assert head.endswith("+07:00, run 2: changed")
    assert rest[:3] == ["title", f"- {TITLE}", f"+ {LATER}"]


def test_its_page_as_it_was_fetched_last_where_nothing_can_be_written(harbour):
    folder = harbour.crawler.database.parent
    mounts = f'mount --bind {folder} {folder}\nmount -o remount,bind,ro {folder}\nexec "$@"'
    command = [sys.executable, "-m", "crawler", "show", harbour.story.id, "--raw"]
    done = subprocess.run(
        [*with_mounts(mounts), *command, "-s", f"DATABASE={harbour.crawler.database}"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.lower().startswith("<!doctype html>")
    assert LATER in done.stdout


def test_what_has_no_record_is_said_with_its_reason(harbour):
    done = harbour.crawler.scrapy("show", harbour.lost.id)
    says = f"scrapy show: there is no article {harbour.lost.id}: it is gone ({WHY})\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", says)


def test_every_field_that_there_is(library, run):
    code, out, _ = run("show", BOATS.id, database=library)
    assert code == 0
    lines = out.splitlines()
    assert lines[:5] == [BOATS.title, "", BOATS.lead, "", f"BANDUNG -- {BOATS.body}"]
    assert "photo: Kedelai" in lines
    assert "reporters: Kontoh Réporter, Contoh Kedua" in lines
    assert "editors: Contoh Redaktur" in lines
    assert "tags: Teluk Lestari" in lines
    assert "published: 2022-08-12 08:00 WIB" in lines
    assert "partial: its page shows only part of it" in lines
    _, out, _ = run("show", KITCHEN.id, database=library)
    assert out.splitlines()[2].startswith("BANDUNG -- Belanja di pasar")
    assert "reporters" not in out
    assert "partial" not in out
    code, out, _ = run("show", "--diff", BOATS.id, database=library)
    assert (code, out) == (0, "nothing has changed in it since it was stored\n")


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        ([], 2, "give one id or address, e.g. scrapy show rgmwym370"),
        (["a1", "b2"], 2, "give one id or address"),
        (["https://example.org/x"], 2, "not the id or address of a Republika article"),
        (["--raw", "--diff", "rgm002430"], 2, "--diff: not allowed with argument --raw"),
        (["rgm009430"], 1, "there is no article rgm009430"),
        (["--raw", "rgm002430"], 1, "there is no page of rgm002430 in the captures"),
    ],
)
def test_what_cannot_be_shown_is_one_line(library, run, args, code, says):
    ended, out, err = run("show", *args, database=library)
    assert (ended, out) == (code, "")
    assert err.startswith("scrapy show: ")
    assert says in err
    assert len(err.splitlines()) == 1
