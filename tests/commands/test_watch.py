"""`scrapy search --watch NAME`: each article once."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from crawler.database.lock import database_lock
from crawler.database.store import Store
from tests.commands.searching import ARTICLES, BOATS, KITCHEN, MARKET
from tests.helpers import ROOT, fill
from tests.records import article, save

LATER = article("rgm004430", title="Pasar Malam Ramai", body="Warga membeli sayur.")


@pytest.fixture
def watched(tmp_path):
    return fill(tmp_path / "library.db", *ARTICLES)


@pytest.fixture
def watch(run, watched):
    """The ids that a standing search shows; its exit code fits them."""

    def watch(*words: str) -> list[str]:
        code, out, err = run("search", "--json", "--watch", *words, database=watched)
        assert (code, err) == (0 if out else 3, "")
        return [json.loads(line)["id"] for line in out.splitlines()]

    return watch


def test_what_was_shown_is_not_shown_again(watch, watched):
    assert watch("pasar", "pasar") == [KITCHEN.id, BOATS.id, MARKET.id]
    assert watch("pasar", "pasar") == []
    with Store(watched) as store:
        save(store, LATER, now="2022-08-16T08:00:00+07:00")
    with database_lock(watched):  # as while a crawl runs
        assert watch("pasar", "pasar") == [LATER.id]
    assert watch("pasar", "pasar") == []
    assert watch("another", "title:pasar") == [LATER.id, MARKET.id], "names have nothing in common"
    assert watch("another", "pasar") == [KITCHEN.id, BOATS.id]


def test_what_a_limit_leaves_out_comes_next(watch):
    assert watch("pasar", "--limit", "2", "pasar") == [KITCHEN.id, BOATS.id]
    assert watch("pasar", "--limit", "2", "pasar") == [MARKET.id]
    assert watch("all", "--section", "ekonomi") == [MARKET.id], "words are optional"
    assert watch("all") == [KITCHEN.id, BOATS.id]


def test_what_could_not_be_written_is_shown_again(watch, watched):
    command = [sys.executable, "-m", "crawler", "search", "--watch", "pasar", "pasar"]
    with open(os.devnull) as closed:  # noqa: PTH123
        done = subprocess.run(
            [*command, "-s", f"DATABASE={watched}"],
            cwd=ROOT,
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1, done.stderr
    assert watch("pasar", "pasar") == [KITCHEN.id, BOATS.id, MARKET.id]


def test_for_a_person_it_is_as_any_search_and_silent_without_news(run, watched):
    code, out, err = run("search", "--watch", "a", "tongkol", "segar", database=watched)
    assert (code, err) == (0, "")
    assert out.startswith(f"{BOATS.title}\n2022-08-12 08:00")
    assert run("search", "--watch", "a", "tongkol", "segar", database=watched) == (3, "", "")


def test_counting_is_another_thing(run, watched):
    code, _, err = run("search", "--watch", "a", "--count", "day", "pasar", database=watched)
    assert code == 2
    assert err.count("\n") == 1
