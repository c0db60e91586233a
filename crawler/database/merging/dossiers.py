"""The table ``dossiers``: what each merged database holds of an article that several know."""

from __future__ import annotations

import json
import zlib
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from crawler.database.merging.opinions import Opinion, agree, opinion_of
from crawler.database.merging.rows import read_opinion, write_opinion
from crawler.database.validation import reason_of_twin

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from crawler.database.store import Store

_NO_TWINS: Mapping[str, str] = MappingProxyType({})
_PUT = """
    INSERT INTO dossiers (id, opinions, written) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET opinions = excluded.opinions, written = excluded.written
"""
_PUT_TEXT = """
    INSERT INTO dossier_texts (content_hash, id) VALUES (?, ?)
    ON CONFLICT (content_hash, id) DO NOTHING
"""


class Dossier(NamedTuple):
    """All opinions of an article; ``is_kept``: in the table, and not only what its rows tell."""

    opinions: list[Opinion]
    is_kept: bool = False

    def add(self, opinions: list[Opinion]) -> Dossier:
        """This one with more opinions, each once; itself where none is new."""
        texts = {one.text for one in self.opinions}
        new = [one for one in opinions if one.text not in texts]
        return Dossier([*self.opinions, *new], self.is_kept) if new else self


def read_dossier(
    connection: sqlite3.Connection, article_id: str, keys: Mapping[int, str]
) -> Dossier:
    """What a database knows of an article, its own rows included where a crawl changed them."""
    current = read_opinion(connection, article_id, keys)
    row = connection.execute(
        "SELECT opinions, written FROM dossiers WHERE id = ?", [article_id]
    ).fetchone()
    if row is None:
        return Dossier([] if current.is_empty else [current])
    packed, written = row
    texts = json.loads(zlib.decompress(packed))
    dossier = Dossier([opinion_of(text) for text in texts], is_kept=True)
    return dossier if written == _seal(current) else dossier.add([current])


def write_dossier(
    store: Store,
    article_id: str,
    dossier: Dossier,
    numbers: Mapping[str, int],
    twins: Mapping[str, str] = _NO_TWINS,
) -> None:
    """Keep a dossier, and have the tables hold what follows from it.

    ``twins``: by an opinion's text, the other article that had its record's text first.
    """
    opinions = dossier.opinions
    settled = agree(_without_record(one, twins.get(one.text)) for one in opinions)
    write_opinion(store, article_id, settled, numbers)
    keys = {number: key for key, number in numbers.items()}
    written = read_opinion(store.connection.sqlite, article_id, keys)
    texts = json.dumps(sorted(one.text for one in opinions), ensure_ascii=False)
    packed = zlib.compress(texts.encode())
    store.connection.execute(_PUT, [article_id, packed, _seal(written)])
    hashes = {one.record["content_hash"] for one in opinions if one.record}
    store.connection.executemany(_PUT_TEXT, [(text, article_id) for text in hashes])


def _without_record(one: Opinion, twin: str | None) -> Opinion:
    """An opinion as a crawl would have it that knew its text as another article's."""
    if twin is None:
        return one
    page = one.page and {**one.page, "state": "rejected", "reason": reason_of_twin(twin)}
    return Opinion(None, one.revisions, page)


def _seal(opinion: Opinion) -> str:
    return sha256(opinion.text.encode()).hexdigest()
