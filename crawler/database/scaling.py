"""Tables for what is beyond one machine, as migrations of `crawler.database.schema`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def merged(db: Database) -> None:
    """What merged databases hold of an article that more than one of them knows."""
    db.executescript(
        """
        CREATE TABLE dossiers (           -- so that merging gives the same in any order
            id TEXT PRIMARY KEY,          -- of the article
            opinions BLOB NOT NULL,       -- JSON, packed by zlib: each database's rows of it
            written TEXT NOT NULL         -- SHA-256 over the rows that followed from them
        );
        CREATE TABLE dossier_texts (      -- every text that one of the opinions has
            content_hash TEXT NOT NULL,
            id TEXT NOT NULL,
            PRIMARY KEY (content_hash, id)
        );
        """
    )
