"""``scrapy show``: one article as a person reads it, what changed in it, or its raw page."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli.command import Command as BaseCommand
from crawler.cli.terminal import program, say
from crawler.errors import ArgumentError, CaptureError, StoreError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence
    from sqlite3 import Connection
    from typing import Any

_MOST = 20  # articles of a crawl that are told of
_EPILOG = """examples:
  scrapy show rgmwym370
  scrapy show https://www.republika.co.id/berita/rgmwym370/putin-janjikan-perluas-hubungan
  scrapy show rgmwym370 --diff            what changed in it, the last change first
  scrapy show rgmwym370 --raw > a.html    the page as it was fetched last"""


class Command(BaseCommand):
    """Prints an article; ends in 1 where there is none."""

    epilog = _EPILOG

    def syntax(self) -> str:
        return "[options] ID|URL"

    def short_desc(self) -> str:
        return "Print one article, what changed in it, or its raw page"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--diff", action="store_true", help="print what changed in it")
        which.add_argument(
            "--raw",
            action="store_true",
            help="print its page as CAPTURES has it, as a browser shows it",
        )

    def check(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        from crawler.urls import article_id, is_id

        if len(args) != 1:
            raise ArgumentError(f"give one id or address, e.g. {program()} show rgmwym370")
        found = args[0] if is_id(args[0]) else article_id(args[0])
        if found is None:
            raise ArgumentError(f"not the id or address of a Republika article: {args[0]}")
        self._id = found

    def execute(self, _args: list[str], opts: argparse.Namespace) -> None:
        from crawler.query.snapshot import bring_up_to_date, existing, reading

        path = existing(self.settings["DATABASE"])
        bring_up_to_date(path)
        if opts.raw:
            from crawler.captures.folder import captures_folder

            folder = captures_folder(self.settings)
            if folder is None:
                raise CaptureError("CAPTURES is empty: no pages are kept")
            with reading(path) as database:
                page = _raw_page(database, folder, self._id)
            sys.stdout.buffer.write(page)
            return
        with reading(path) as database:
            article = _record(database, self._id)
            for line in _changes(database, self._id) if opts.diff else _article(article):
                say(line)


def _rows(database: Connection, sql: str, article_id: str) -> list[dict[str, Any]]:
    cursor = database.execute(sql, [article_id])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _record(database: Connection, article_id: str) -> dict[str, Any]:
    sql = "SELECT * FROM articles JOIN article_lists USING (id) WHERE id = ?"
    if not (found := _rows(database, sql, article_id)):
        pages = _rows(database, "SELECT state, reason FROM pages WHERE id = ?", article_id)
        why = f": it is {pages[0]['state']}" if pages else ""
        why += f" ({pages[0]['reason']})" if pages and pages[0]["reason"] else ""
        raise StoreError(f"there is no article {article_id}{why}")
    (page,) = _rows(
        database,
        "SELECT (SELECT withdrawn_at FROM withdrawals WHERE id = ?1) AS withdrawn_at,"
        " (SELECT count(*) FROM revisions WHERE article_id = ?1 AND NOT shrunk) AS changes",
        article_id,
    )
    return found[0] | page


def what_became_of(ids: Sequence[str], database: Path | str) -> Iterator[str]:
    """Of articles that were asked for, a line each: the title and how to see it, or why not."""
    from crawler.query.snapshot import reading

    with reading(Path(database)) as connection:
        for article_id in ids[:_MOST]:
            try:
                article = _record(connection, article_id)
            except StoreError as error:
                yield str(error)
            else:
                yield f"{article['title']} ({program()} show {article_id})"
    if len(ids) > _MOST:
        yield f"and {len(ids) - _MOST} more"


def _article(article: Mapping[str, Any]) -> Iterator[str]:
    """Its lines: what it says first, and then what is known of it."""
    yield article["title"]
    if article["lead"]:
        yield f"\n{article['lead']}"
    place = f"{article['dateline']} -- " if article["dateline"] else ""
    yield f"\n{place}{article['body']}\n"
    for image in json.loads(article["images"]):
        caption = " ".join(filter(None, (image["caption"], image["credit"])))
        yield f"photo: {caption or image['url']}"
    for name in ("reporters", "editors", "sources", "tags"):
        if people := json.loads(article[name]):
            yield f"{name}: {', '.join(people)}"
    yield f"published: {article['published_at'][:16].replace('T', ' ')} WIB"
    if article["section"]:
        yield f"section: {article['section']}"
    yield f"address: {article['url']}"
    if article["partial"]:
        yield "partial: its page shows only part of it"
    if gone := article["withdrawn_at"]:
        yield f"gone: the site had it no more on {gone[:16].replace('T', ' ')} WIB"
    if article["changes"]:
        yield f"changed: {article['changes']} times; {program()} show {article['id']} --diff"


def _changes(database: Connection, article_id: str) -> Iterator[str]:
    found = _rows(
        database,
        "SELECT seen_at, run_id, changes, shrunk FROM revisions WHERE article_id = ?"
        " ORDER BY id DESC",
        article_id,
    )
    if not found:
        yield "nothing has changed in it since it was stored"
    for revision in found:
        run = f", run {revision['run_id']}" if revision["run_id"] else ""
        kind = "a later page has less text, and was not taken" if revision["shrunk"] else "changed"
        yield f"{revision['seen_at']}{run}: {kind}"
        yield f"{revision['changes'] or 'what changed is not known: an older version saw it'}\n"


def _raw_page(database: Connection, folder: Path, article_id: str) -> bytes:
    from crawler.captures.raw import last_capture, raw_page

    number = last_capture(database, article_id)
    page = None if number is None else raw_page(database, folder, number)
    if page is None:
        raise CaptureError(f"there is no page of {article_id} in the captures")
    return page[0]
