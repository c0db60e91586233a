"""Captures whose records an older parser made: what changed is reported, and nothing got worse."""

from __future__ import annotations

import sqlite3
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from crawler.article import content_hash
from crawler.dates import WIB
from crawler.parsers import PARSER_VERSION
from tests.captures.again import archive, reparse
from tests.golden import PAGES, reviewed
from tests.helpers import ROOT, rows

if TYPE_CHECKING:
    from pathlib import Path

sys.path.append(str(ROOT / "benchmarks"))
import furniture_layouts

OLD = "1"
CAPTURED = datetime(2026, 11, 20, tzinfo=WIB)
# Pages of each layout, and what version 1 made of some: an article's fields, where these differ.
RIGHT = ("republika2023", "wrap_detail", "rol", "newrol", "amp", "unknown_semantic")
FORMER: dict[str, dict[str, Any]] = {
    # The furniture of the page was text, and what a Baca Juga leads to was not kept.
    "wrap_detail_hidden_rest": {"body": lambda body: body.split("\n\n")[0] + "\n\n..."},
    "amp_other_names": {
        "body": lambda body: f"Rep: Contoh/ Red: Contoh\n\nREPUBLIKA.CO.ID, X -- {body}",
        "dateline": lambda _: None,
    },
    "unknown_rows": {"body": lambda body: body.split("\n\n")[0]},
    "unknown_next_below": {
        "body": lambda body: body.replace("\n\n", "\n\nPasar Ikan Dibuka\n\n", 1)
    },
}
FIELDS = ("title", "lead", "dateline", "body", "section", "partial", "layout", "published_at")


@pytest.fixture
def old(tmp_path: Path) -> tuple[Path, dict[str, dict[str, Any]]]:
    """An archive with its database as version 1 left it, and the right records by id."""
    records = {name: reviewed(PAGES / f"{name}.html") for name in (*RIGHT, *FORMER)}
    database = tmp_path / "old.db"
    captures = [
        (record["_url"], 200, (PAGES / f"{name}.html").read_text(encoding="utf-8"))
        for name, record in records.items()
    ]
    assert (
        reparse(database, str(archive(tmp_path / "warc", *captures, begin=CAPTURED))).returncode
        == 0
    )
    connection = sqlite3.connect(database)
    for name, changes in FORMER.items():
        former = records[name] | {
            field: change(records[name][field]) for field, change in changes.items()
        }
        connection.execute(
            "UPDATE articles SET body = ?, dateline = ?, content_hash = ? WHERE id = ?",
            (
                former["body"],
                former["dateline"],
                content_hash(former["title"], former["lead"], former["body"]),
                former["id"],
            ),
        )
    connection.execute("UPDATE articles SET parser_version = ?", (OLD,))
    connection.commit()
    connection.close()
    return database, {record["id"]: record for record in records.values()}


def stored(database: Path) -> dict[str, dict[str, Any]]:
    return {row["id"]: dict(row) for row in rows(database, "SELECT * FROM articles")}


def test_what_changed_is_reported_and_nothing_that_was_right_got_worse(old, tmp_path) -> None:
    database, right = old
    warc = str(tmp_path / "warc")
    before = stored(database)
    dry = reparse(database, warc, "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert stored(database) == before
    done = reparse(database, warc, "--again")
    assert done.returncode == 0, done.stderr
    for output in (dry.stdout, done.stdout):
        tally = f"found {len(right)}: 0 new, {len(FORMER)} updated, {len(RIGHT)} unchanged"
        assert tally in output
        lines = [line.split() for line in output.splitlines()]
        assert ["body", str(len(FORMER))] in lines
        assert ["dateline", "1"] in lines
        assert not any(line[:1] == ["title"] for line in lines)

    after = stored(database)
    for identifier, record in right.items():
        assert {name: after[identifier][name] for name in FIELDS} == {
            name: record[name] for name in FIELDS
        }
    changed = {reviewed(PAGES / f"{name}.html")["id"] for name in FORMER}
    assert {row["article_id"] for row in rows(database, "SELECT article_id FROM revisions")} == (
        changed
    )
    assert {after[identifier]["parser_version"] for identifier in changed} == {PARSER_VERSION}
    for former, version in rows(database, "SELECT body, parser_version FROM revisions"):
        assert version == OLD
        assert former in {record["body"] for record in before.values()}


def test_another_article_that_was_stored_is_named_and_kept(tmp_path: Path) -> None:
    """Version 1 stored whatever article a page showed under the id that was asked for."""
    url = furniture_layouts.URL
    text = "<p>REPUBLIKA.CO.ID, TEGAL -- Warga memperbaiki jembatan bambu bersama-sama.</p>"
    page = furniture_layouts.LAYOUTS["wrap_detail"](text)
    database = tmp_path / "old.db"
    assert (
        reparse(
            database, str(archive(tmp_path / "one", (url, 200, page), begin=CAPTURED))
        ).returncode
        == 0
    )
    before = stored(database)
    shown = page.replace("to9m4c370", "to8dec320")
    done = reparse(database, str(archive(tmp_path / "two", (url, 200, shown), begin=CAPTURED)))
    assert done.returncode == 1
    assert "the page of another article is shown: to8dec320" in done.stdout
    assert stored(database) == before
