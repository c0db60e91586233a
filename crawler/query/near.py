"""Near-duplicates: articles whose text is nearly that of an earlier one, found by MinHash."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from crawler.query.filter import Filter

THRESHOLD = 0.8  # of all runs of words in either text, the share that both have

_RUN = 5  # words
_PERMUTATIONS = 64  # an estimate is off by some 0.05
_WORD = re.compile(r"\w+")
_BATCH = 500
_TABLE = "CREATE TEMP TABLE near_duplicates (id TEXT PRIMARY KEY, near_duplicate_of TEXT NOT NULL)"


def note_near_duplicates(
    database: sqlite3.Connection, wanted: Filter, done: Callable[[int], None]
) -> int:
    """Fill the table ``near_duplicates`` of the connection; gives how many there are.

    Of the articles that are asked for, each is compared with those published before it that are no
    near-duplicates themselves. ``done`` is told how many more were compared.
    """
    from datasketch import MinHash, MinHashLSH

    database.execute(_TABLE)
    index = MinHashLSH(threshold=THRESHOLD, num_perm=_PERMUTATIONS)
    hashes: dict[str, MinHash] = {}
    empty = MinHash(num_perm=_PERMUTATIONS, hashfunc=crc32)
    texts = database.execute(
        f"SELECT id, body FROM articles WHERE {wanted.where()} ORDER BY published_at, id",  # noqa: S608
        wanted.values,
    )
    number = 0
    while batch := list(islice(texts, _BATCH)):
        for article_id, body in batch:
            runs = set(_runs(body))
            if not runs:  # of a gallery or a video
                continue
            text = empty.copy()
            text.update_batch(runs)
            alike = [(text.jaccard(hashes[other]), other) for other in index.query(text)]
            share, first = max(alike, default=(0.0, ""))
            if share >= THRESHOLD:
                database.execute("INSERT INTO near_duplicates VALUES (?, ?)", [article_id, first])
                number += 1
            else:
                hashes[article_id] = text
                index.insert(article_id, text, check_duplication=False)
        done(len(batch))
    return number


def _runs(body: str) -> Iterator[bytes]:
    words = _WORD.findall(body.casefold())
    for start in range(len(words) - _RUN + 1):
        yield " ".join(words[start : start + _RUN]).encode()
