"""What the system allows a process, and what a command makes of it before it begins."""

from __future__ import annotations

import os
import resource

from crawler.errors import RepublikaError

_FILES = 48  # that any command may have open at once, beside its connections


def check_files(connections: int) -> None:
    """Have as many files allowed as are needed; raises RepublikaError where they are not to be had.

    With fewer a crawl would take its own lack of them for a fault of the site.
    """
    needed = _FILES + connections
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if _allows(soft, needed):
        return
    if not _allows(hard, needed):
        raise RepublikaError(
            f"{needed} files and connections may have to be open at once, and the system allows"
            f" {hard}: see ulimit -n"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def _allows(limit: int, needed: int) -> bool:
    return limit == resource.RLIM_INFINITY or limit >= needed


def let_nobody_else_write() -> None:
    """Make no file that every user may write, whatever the umask allows."""
    os.umask(os.umask(0) | 0o002)
