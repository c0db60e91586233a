"""Whether what was captured in place of an article was ever a page of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.captures.payloads import decode_payload
from crawler.captures.rows import read_page
from crawler.errors import CaptureError
from crawler.parsers import is_own_page

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.database.store import Store


def were_all_foreign(store: Store, folder: Path, article_id: str) -> bool:
    """Whether an article has captures, and none of them has a sign of the site.

    ``folder`` is that of the captures. One that cannot be read counts as the site's.
    """
    captures = store.captures.of_article(article_id)
    try:
        pages = [read_page(store, folder, capture) for capture in captures]
        return bool(pages) and not any(
            is_own_page(decode_payload(page.headers, page.payload)) for page in pages
        )
    except (CaptureError, OSError):
        return False
