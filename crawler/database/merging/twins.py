"""Articles of several databases that have the same text: the one captured first keeps it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.database.articles import TWIN_DAYS
from crawler.database.merging.dossiers import Dossier, read_dossier, write_dossier
from crawler.database.merging.opinions import Opinion, agree

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from crawler.database.records import Record
    from crawler.database.store import Store

_APART = timedelta(days=TWIN_DAYS)
_TEXTS = "SELECT content_hash, id FROM articles"
_SHARED = f"""
    SELECT content_hash, group_concat(id, ' ') AS ids
    FROM ({_TEXTS} UNION SELECT content_hash, id FROM dossier_texts)
    GROUP BY content_hash HAVING count(*) > 1
"""  # noqa: S608  # our own SQL

Texts = set[tuple[str, str]]  # content_hash, id


class Twins:
    """The texts that several articles have; made before anything is merged."""

    def __init__(self, store: Store, source: sqlite3.Connection) -> None:
        self._store = store
        # A pair that one database holds is left to it: an older version stored both.
        self._pairs = (_pairs(store.connection.sqlite), _pairs(source))

    def settle(self, numbers: Mapping[str, int]) -> None:
        """Leave each text to one article, as a crawl would that had seen all of it."""
        keys = {number: key for key, number in numbers.items()}
        sqlite = self._store.connection.sqlite
        groups = [set(row["ids"].split()) for row in self._store.rows(_SHARED)]
        for ids in _joined(groups):
            dossiers = {one: read_dossier(sqlite, one, keys) for one in sorted(ids)}
            twins = self._twins(dossiers)
            for one, dossier in dossiers.items():
                if dossier.is_kept or twins[one]:
                    write_dossier(self._store, one, dossier, numbers, twins[one])

    def _twins(self, dossiers: Mapping[str, Dossier]) -> dict[str, dict[str, str]]:
        """By article, the opinions that come to nothing, each with the article that has its text.

        What was seen first is taken first.
        """
        taken: dict[str, list[Opinion]] = {one: [] for one in dossiers}
        standing: dict[str, Record] = {}
        twins: dict[str, dict[str, str]] = {one: {} for one in dossiers}
        seen = [(one, opinion) for one, dossier in dossiers.items() for opinion in dossier.opinions]
        for one, opinion in sorted(seen, key=lambda pair: (pair[1].seen_at, pair[0], pair[1].text)):
            if opinion.record is None:
                continue
            if twin := self._twin(one, opinion.record, standing):
                twins[one][opinion.text] = twin
                continue
            taken[one].append(opinion)
            record = agree(taken[one]).record
            assert record
            standing[one] = record
        return twins

    def _twin(self, one: str, record: Record, standing: Mapping[str, Record]) -> str | None:
        text = record["content_hash"]
        if one in standing and standing[one]["content_hash"] == text:
            return None
        others = [
            (other["published_at"], name)
            for name, other in standing.items()
            if name != one
            and other["content_hash"] == text
            and _are_near(record, other)
            and not any({(text, one), (text, name)} <= pairs for pairs in self._pairs)
        ]
        return min(others)[1] if others else None


def _pairs(connection: sqlite3.Connection) -> Texts:
    """The texts that a database holds under several articles."""
    several = f"SELECT content_hash FROM ({_TEXTS}) GROUP BY 1 HAVING count(*) > 1"  # noqa: S608
    return set(connection.execute(f"{_TEXTS} WHERE content_hash IN ({several})"))


def _joined(groups: Iterable[set[str]]) -> list[set[str]]:
    """Groups that have an article in common made one."""
    of: dict[str, set[str]] = {}
    for group in groups:
        joined = group.union(*(of[one] for one in group if one in of))
        of.update(dict.fromkeys(joined, joined))
    return list({id(group): group for group in of.values()}.values())


def _are_near(record: Record, other: Record) -> bool:
    moments = [datetime.fromisoformat(one["published_at"]) for one in (record, other)]
    return abs(moments[0] - moments[1]) <= _APART
