"""Every error that the project raises: one parent, one line for the user, one exit code."""

from __future__ import annotations

from typing import Literal

# Exit codes of every command; cron can trust them.
HEALTHY, UNHEALTHY, BAD_ARGUMENTS, BUSY = 0, 1, 2, 75
NOTHING_NEW = 3  # of a standing search


class RepublikaError(Exception):
    """The message is one line for the user; ``exit_code`` is what a command ends in by it."""

    exit_code = UNHEALTHY


class ArgumentError(RepublikaError, ValueError):
    """An argument, option or setting is wrong; raised before anything is fetched or written."""

    exit_code = BAD_ARGUMENTS


class ReplayError(ArgumentError):
    """What REPLAY names cannot be replayed."""


class ArchiveError(ArgumentError):
    """What is named as a WARC file is not one."""


class StoreError(RepublikaError):
    """The database, or the captures, cannot be used."""


class Locked(RepublikaError):
    """Another process holds the database."""

    exit_code = BUSY


class CaptureError(RepublikaError):
    """A capture cannot be read: its file is damaged, or another than the database knows."""


class WorkerError(RepublikaError):
    """A process ended before its work."""


class OutputError(RepublikaError):
    """Standard output, or an output file, cannot be written."""


class Stopped(RepublikaError):
    """The user ended a command."""


class ParseError(RepublikaError, ValueError):
    """The page cannot be read: damaged, or an article in which title, date or text is not found."""


class CutOff(ParseError):
    """The page was not sent whole: asked for again, it may come."""


class NotAnArticle(RepublikaError, ValueError):
    """The page is certainly not the article that was asked for.

    ``reason`` says what it is instead, in words for a person; ``kind`` in one word for code:
    ``address`` (the address names no article), ``home`` (what the site shows in place of a dead
    article), ``listing``, ``other`` (another article, at ``other_url``), ``removed`` (a notice that
    it was taken down), ``challenge`` (a wall against robots), ``wall`` (a login, payment or consent
    page) or ``foreign`` (a page of maintenance, or of a provider that blocks the site).
    """

    def __init__(self, kind: str, reason: str, other_url: str | None = None) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.other_url = other_url

    @property
    def state(self) -> Literal["gone", "failed", "rejected"]:
        """What becomes of the article: taken down, asked for again, or kept without a record."""
        if self.kind in ("home", "other", "removed"):
            return "gone"
        return "failed" if self.kind in ("challenge", "foreign", "wall") else "rejected"
