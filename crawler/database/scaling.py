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


def sources(db: Database) -> None:
    """Which archives were read, so that none is read twice."""
    db.execute(
        """
        CREATE TABLE sources (
            name TEXT PRIMARY KEY,        -- path or address; of an own file its name in captures
            size INTEGER NOT NULL,        -- bytes
            stamp TEXT NOT NULL,          -- etag, or moment of change
            records INTEGER NOT NULL,     -- that it has
            kept INTEGER NOT NULL,        -- of them: captures of articles
            damaged INTEGER NOT NULL,     -- records that cannot be read
            file TEXT,                    -- where what is kept lies in captures; null: where it was
            read_at TEXT NOT NULL,
            stored_at TEXT                -- when its articles were stored; null: not yet
        )
        """
    )
