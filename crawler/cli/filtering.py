"""Which articles a command is about: the same options for all of them."""

from __future__ import annotations

import os
from argparse import ArgumentTypeError
from typing import TYPE_CHECKING

from crawler.cli.arguments import add_days, add_section, check_days, number
from crawler.query import KINDS, LANGUAGES

if TYPE_CHECKING:
    import argparse

    from crawler.query.filter import Filter


def utf8(argument: str) -> str:
    """The argument in whatever locale, with a mark for what is not UTF-8."""
    return os.fsencode(argument).decode(errors="replace")


def name(argument: str) -> str:
    """As :func:`utf8`; an empty one, as of a variable that is not set, would mean anything."""
    if not argument.strip():
        raise ArgumentTypeError("expected a name, not an empty text")
    return utf8(argument)


def moment(text: str) -> str:
    """A moment as the database writes it; where it names no zone, in the site's."""
    from crawler.dates import asked_moment

    try:
        return asked_moment(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def add_filter(parser: argparse.ArgumentParser, limit: str) -> None:
    """Add the options; ``limit`` tells what ``--limit`` leaves, and how many without it."""
    add_days(parser)
    add_section(parser)
    add = parser.add_argument
    add(
        "--reporter",
        metavar="NAME",
        type=name,
        help="only articles whose reporter's name contains NAME (in any case)",
    )
    add("--tag", metavar="TAG", type=name, help="only with this tag, e.g. 'harga beras'")
    add("--kind", choices=KINDS, metavar="KIND", default="", help=f"one of {', '.join(KINDS)}")
    add("--language", choices=LANGUAGES, metavar="LANGUAGE", default="", help="id or en")
    add(
        "--changed-since",
        metavar="MOMENT",
        type=moment,
        help="stored, changed or taken down since then, e.g. 2022-08-15T09:15 (in Jakarta)",
    )
    add("--first-seen-since", metavar="MOMENT", type=moment, help="stored since then")
    add("--no-gone", action="store_true", help="skip articles that the site took down")
    add("--no-partial", action="store_true", help="skip articles shown only in part by their page")
    add("--min-words", metavar="N", type=number(), default=0, help="only of at least N words")
    add("--limit", metavar="N", type=number(), help=limit)
    add(
        "--sample",
        metavar="N",
        type=number(),
        default=0,
        help="N of them taken at random, the same ones each time",
    )


def filter_of(opts: argparse.Namespace) -> Filter:
    """What the options ask for; raises ArgumentError for days that cannot be."""
    from crawler.query.filter import Filter

    check_days(opts)
    return Filter(
        since=opts.since,
        until=opts.until,
        section=opts.section or "",
        reporter=opts.reporter or "",
        tag=opts.tag or "",
        kind=opts.kind,
        language=opts.language,
        changed_since=opts.changed_since or "",
        first_seen_since=opts.first_seen_since or "",
        present=opts.no_gone,
        whole=opts.no_partial,
        min_words=opts.min_words,
        sample=opts.sample,
    )
