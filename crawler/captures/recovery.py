"""Captures that a power failure took: found when the next run begins, and asked for again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.captures.rows import read_row
from crawler.crawl.health import STORING_FAILED
from crawler.database.pages import Found
from crawler.errors import CaptureError

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.database.captures import Capture
    from crawler.database.store import Store

_RUN = re.compile(r"-run(\d+)\.warc\.gz$")  # as WarcWriter names its files


def forget_lost(store: Store, folder: Path, *, now: str) -> int:
    """Forget captures that never reached the disk, and have their articles asked for again.

    It looks at the last file that was written, and only if its run was stopped or could not store:
    what was written last may have been in memory alone. Gives how many captures were lost.
    """
    newest = store.captures.newest()
    match = _RUN.search(newest.file) if newest else None
    run = store.runs.get(int(match[1])) if match else None
    if newest is None or run is None:
        return 0
    if run.finished_at and run.finish_reason != STORING_FAILED:
        return 0
    captures = store.captures.in_file(newest.file)
    lost = [capture for capture in captures if not _is_whole(folder, capture)]
    payloads = {capture.digest for capture in lost if not capture.revisit}
    lost += [one for one in captures if one.revisit and one.digest in payloads and one not in lost]
    ids = {capture.article_id for capture in lost}
    with store.transaction():
        store.captures.forget(lost)
        store.pages.request(
            [Found(id=page.id, url=page.url) for page in store.pages.known(filter(None, ids))], now
        )
    return len(lost)


def _is_whole(folder: Path, capture: Capture) -> bool:
    try:
        read_row(folder, capture)
    except CaptureError:
        return False
    return True
