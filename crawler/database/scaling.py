"""Tables and an index for what is large, as migrations of `crawler.database.schema`."""

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


def archived(db: Database) -> None:
    """What web archives have of the articles, and how far their indexes were read."""
    db.executescript(
        """
        CREATE TABLE archived (           -- captures that a web archive lists
            id INTEGER PRIMARY KEY,
            source TEXT NOT NULL,         -- wayback, commoncrawl or the address of a server
            article_id TEXT NOT NULL,
            day TEXT NOT NULL,            -- of the article, by its id; else of the capture
            url TEXT NOT NULL,
            timestamp TEXT NOT NULL,      -- YYYYMMDDhhmmss, UTC
            status INTEGER,               -- null: not told, as of a revisit
            digest TEXT NOT NULL,         -- the archive's own; empty: not told
            filename TEXT NOT NULL,       -- of the archive's WARC; empty: not told
            offset INTEGER NOT NULL,
            length INTEGER NOT NULL,
            state TEXT NOT NULL DEFAULT 'pending'
                CHECK (state IN ('pending', 'kept', 'failed')),
            reason TEXT,
            tries INTEGER NOT NULL DEFAULT 0, -- that failed
            capture_file TEXT,            -- the row of captures that it became
            capture_offset INTEGER,
            UNIQUE (source, url, timestamp)
        );
        CREATE INDEX archived_state ON archived (source, state, timestamp);
        CREATE INDEX archived_article_id ON archived (article_id, source);
        CREATE TABLE archive_indexes (    -- so that a killed run goes on where it was
            query TEXT NOT NULL,
            place TEXT NOT NULL,          -- a page's number, or a resume key
            following TEXT,               -- null: it is the last one
            read_at TEXT NOT NULL,
            PRIMARY KEY (query, place)
        ) WITHOUT ROWID;
        """
    )


def filters(db: Database) -> None:
    """An index that has all that the browser mostly filters by, so that no text is read for it."""
    db.executescript(
        """
        DROP INDEX articles_facets;
        CREATE INDEX articles_facets ON articles (
            section, kind, layout, language, published_at,
            partial, word_count, first_seen_at, updated_at
        );
        """
    )
