"""Options that several commands have, and what their values are checked by.

The functions are for ``type=`` of argparse, which puts the option's name before what they say.
"""

from __future__ import annotations

import os
import re
from argparse import ArgumentTypeError
from datetime import date
from logging import getLevelNamesMapping
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.errors import ArgumentError
from crawler.site import check_section
from crawler.urls import is_id

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from scrapy.settings import BaseSettings

_EXAMPLE = re.compile(r"[^\s:+]*@(?:your|example)\.[a-z]+")
_BOOLEANS = frozenset("1 0 true false yes no on off".split()) | {""}


def day(text: str) -> date:
    """A day, ``2022-08-15``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day; give it as 2022-08-15") from None


def number(least: int = 1, most: int = 2**31 - 1) -> Callable[[str], int]:
    """A whole number within bounds."""
    bounds = f"of at least {least}" if most == 2**31 - 1 else f"from {least} to {most}"

    def whole_number(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
            raise ArgumentTypeError(f"expected a whole number {bounds}, not {text!r}")
        return int(text)

    return whole_number


def section(text: str) -> str:
    """A section of the site, by its name or as articles show it."""
    try:
        return check_section(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def identifier(text: str) -> str:
    """An article's id."""
    if not is_id(text):
        raise ArgumentTypeError(f"{text!r} is not an article's id; give it as rgmwym370")
    return text


def add_days(parser: ArgumentParser, what: str = "published") -> None:
    """Add ``--since`` and ``--until``."""
    parser.add_argument(
        "--since", metavar="DAY", type=day, help=f"{what} on this day or later, e.g. 2022-08-01"
    )
    parser.add_argument(
        "--until", metavar="DAY", type=day, help=f"{what} on this day or earlier, e.g. 2022-08-31"
    )


def add_section(parser: ArgumentParser) -> None:
    """Add ``--section``."""
    parser.add_argument(
        "--section",
        metavar="SECTION",
        type=section,
        help="only this section, e.g. ekonomi",
    )


def check_days(opts: Namespace) -> None:
    """Raise ArgumentError where ``--until`` is before ``--since``."""
    if opts.since and opts.until and opts.until < opts.since:
        raise ArgumentError(f"--until {opts.until} is before --since {opts.since}")


def check_feeds(settings: BaseSettings) -> None:
    """Raise ArgumentError for a file of ``-o`` or ``FEEDS`` that cannot be written."""
    for name in map(str, settings.getdict("FEEDS")):
        if "://" in name or "%(" in name or name.startswith("stdout:"):
            continue  # not a file, or its name is not known yet
        path = Path(name).absolute()
        holder = next(holder for holder in path.parents if holder.exists())
        if path.is_dir():
            raise ArgumentError(f"{name} is a folder")
        if not holder.is_dir() or not os.access(path if path.exists() else holder, os.W_OK):
            raise ArgumentError(f"{name} cannot be written")


def check_settings(settings: BaseSettings) -> None:
    """Raise ArgumentError for a value that a setting cannot have, Scrapy's own included."""
    for name, least in _NUMBERS.items():
        value = settings.get(name)
        try:
            valid = value is None or float(value) >= least
        except (TypeError, ValueError):
            valid = False
        if not valid:
            raise ArgumentError(f"{name}={value}: expected a number of at least {least}")
    for name in _SWITCHES:
        value = settings.get(name)
        if not isinstance(value, bool | int) and str(value).lower() not in _BOOLEANS:
            raise ArgumentError(f"{name}={value}: expected True or False")
    if not settings["REPLAY"] and (example := _EXAMPLE.search(settings["USER_AGENT"] or "")):
        raise ArgumentError(
            f"USER_AGENT names the example contact {example[0]}: give yours, or none"
        )
    if settings.getbool("KEEP_IMAGES") and settings["CAPTURES"] == "":
        raise ArgumentError("KEEP_IMAGES keeps photos in the captures, and CAPTURES is empty")
    level = settings.get("LOG_LEVEL")
    if str(level).upper() not in getLevelNamesMapping() and not str(level).isdecimal():
        known = "CRITICAL, ERROR, WARNING, INFO, DEBUG"
        raise ArgumentError(f"LOG_LEVEL={level}: known are {known}")
    if (log := settings.get("LOG_FILE")) and not Path(log).absolute().parent.is_dir():
        raise ArgumentError(f"LOG_FILE={log}: there is no folder {Path(log).absolute().parent}")
    # What a crawl needs is loaded by it alone: other commands start in half the time.
    from crawler.captures.storage import file_size
    from crawler.crawl.run import schedule

    try:
        schedule(settings)
        file_size(settings)
    except ValueError as error:
        raise ArgumentError(str(error)) from None


def check_captures(settings: BaseSettings) -> None:
    """Raise an ArgumentError where there is no place for captures, or where they are replayed."""
    if settings["CAPTURES"] == "":
        raise ArgumentError("CAPTURES is empty; what comes from an archive is kept there")
    if settings["REPLAY"]:
        raise ArgumentError(
            "REPLAY holds pages of the site; scrapy reparse reads those of archives"
        )


def check_replay(settings: BaseSettings) -> None:
    """Raise ReplayError where REPLAY names something that cannot be replayed."""
    if settings["REPLAY"]:
        from crawler.captures.replay import replay_files

        replay_files(Path(settings["REPLAY"]))


# What must be a number, and the least that makes sense.
_NUMBERS = {
    "AUTOTHROTTLE_MAX_DELAY": 0,
    "AUTOTHROTTLE_START_DELAY": 0,
    "AUTOTHROTTLE_TARGET_CONCURRENCY": 0,
    "CLOSESPIDER_ERRORCOUNT": 0,
    "CLOSESPIDER_ITEMCOUNT": 0,
    "CLOSESPIDER_PAGECOUNT": 0,
    "CLOSESPIDER_TIMEOUT": 0,
    "CONCURRENT_ITEMS": 1,
    "CONCURRENT_REQUESTS": 1,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DEPTH_LIMIT": 0,
    "DNS_TIMEOUT": 0,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_MAXSIZE": 0,
    "DOWNLOAD_TIMEOUT": 0,
    "DOWNLOAD_WARNSIZE": 0,
    "MACHINES": 1,
    "MEMUSAGE_LIMIT_MB": 0,
    "REDIRECT_MAX_TIMES": 0,
    "RETRY_TIMES": 0,
}
_SWITCHES = (
    "AUTOTHROTTLE_ENABLED",
    "COOKIES_ENABLED",
    "DOWNLOAD_VERIFY_CERTIFICATES",
    "KEEP_IMAGES",
    "LOG_ENABLED",
    "REMOTE_CONTROL_ENABLED",
    "ROBOTSTXT_OBEY",
    "TELNETCONSOLE_ENABLED",
)
