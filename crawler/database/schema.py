"""The tables of the database, as migrations that run by themselves on an older file.

A migration that was released is never edited: a change of the schema is a new one after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.database.scaling import archived, filters, merged, sources
from crawler.database.views import ARTICLE_LISTS, WITHDRAWALS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlite_utils import Database


def first(db: Database) -> None:
    """Create every table of version 0.1."""
    # Written as SQL, since sqlite-utils can create neither a CHECK nor ON DELETE CASCADE, and
    # SQLite keeps the comments: they are what a user reads who asks the database for its schema.
    db.executescript(
        """
        CREATE TABLE articles (
            id TEXT PRIMARY KEY,          -- Republika's own, rgmwym370
            url TEXT NOT NULL,
            title TEXT NOT NULL,
            lead TEXT,                    -- the teaser under the title
            published_at TEXT NOT NULL,   -- moments: 2022-08-15T09:15:00+07:00
            published_raw TEXT,           -- as printed
            published_from TEXT NOT NULL, -- page, metadata or id
            modified_at TEXT,
            section TEXT,                 -- Ekonomi > Energi
            reporters TEXT NOT NULL,      -- JSON list, as are editors and sources
            editors TEXT NOT NULL,
            sources TEXT NOT NULL,
            dateline TEXT,
            body TEXT NOT NULL,           -- paragraphs with a blank line between
            word_count INTEGER NOT NULL,
            language TEXT NOT NULL,
            kind TEXT NOT NULL,
            partial INTEGER NOT NULL,     -- 1: the page gives only part of the article
            layout TEXT NOT NULL,
            content_hash TEXT NOT NULL,   -- SHA-256 over title, lead and body
            parser_version TEXT NOT NULL,
            fetched_at TEXT NOT NULL,
            first_seen_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        );
        CREATE INDEX articles_published_at ON articles (published_at);
        CREATE INDEX articles_section ON articles (section, published_at);

        CREATE TABLE tags (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        );
        CREATE TABLE article_tags (
            article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            tag_id INTEGER NOT NULL REFERENCES tags (id),
            PRIMARY KEY (article_id, tag_id)
        );
        CREATE INDEX article_tags_tag_id ON article_tags (tag_id);

        CREATE TABLE images (
            article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            url TEXT NOT NULL,
            caption TEXT,
            credit TEXT,
            PRIMARY KEY (article_id, position)
        );

        CREATE TABLE related (            -- the Baca Juga links
            article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            related_id TEXT,              -- null where the link leads to no Republika article
            url TEXT NOT NULL,
            title TEXT NOT NULL,
            PRIMARY KEY (article_id, position)
        );
        CREATE INDEX related_related_id ON related (related_id);

        CREATE TABLE revisions (          -- the whole record as it was before a change
            id INTEGER PRIMARY KEY,
            article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            seen_at TEXT NOT NULL,        -- when the change was seen
            url TEXT NOT NULL,
            title TEXT NOT NULL,
            lead TEXT,
            published_at TEXT NOT NULL,
            published_raw TEXT,
            published_from TEXT NOT NULL,
            modified_at TEXT,
            section TEXT,
            reporters TEXT NOT NULL,
            editors TEXT NOT NULL,
            sources TEXT NOT NULL,
            dateline TEXT,
            body TEXT NOT NULL,
            word_count INTEGER NOT NULL,
            language TEXT NOT NULL,
            kind TEXT NOT NULL,
            partial INTEGER NOT NULL,
            layout TEXT NOT NULL,
            content_hash TEXT NOT NULL,
            parser_version TEXT NOT NULL,
            fetched_at TEXT NOT NULL,
            tags TEXT NOT NULL,           -- JSON, as are images and related
            images TEXT NOT NULL,
            related TEXT NOT NULL
        );
        CREATE INDEX revisions_article_id ON revisions (article_id);

        CREATE TABLE pages (              -- the crawl's memory: every known article
            id TEXT PRIMARY KEY,
            url TEXT NOT NULL,
            state TEXT NOT NULL
                CHECK (state IN ('pending', 'stored', 'rejected', 'gone', 'failed')),
            reason TEXT,
            attempts INTEGER NOT NULL DEFAULT 0, -- to fetch it
            http_status INTEGER,          -- of the last attempt; null where nothing answered
            found_at TEXT NOT NULL,
            found_in TEXT,                -- the listing that showed it first
            listed_at TEXT,               -- the moment that listing printed
            fetched_at TEXT,              -- the last attempt
            next_check_at TEXT
        );
        CREATE INDEX pages_state_found_at ON pages (state, found_at);
        CREATE INDEX pages_state_next_check_at ON pages (state, next_check_at);
        CREATE INDEX pages_listed_at ON pages (listed_at);

        CREATE TABLE captures (           -- where in which WARC each raw page lies
            id INTEGER PRIMARY KEY,
            article_id TEXT,              -- null for listings and robots.txt
            url TEXT NOT NULL,
            fetched_at TEXT NOT NULL,
            status INTEGER NOT NULL,      -- 304: a revisit record
            payload_type TEXT,
            digest TEXT NOT NULL,         -- of the payload, sha1:BASE32
            file TEXT NOT NULL,           -- inside the captures folder, or absolute
            offset INTEGER NOT NULL,
            length INTEGER NOT NULL,
            UNIQUE (file, offset)
        );
        CREATE INDEX captures_url ON captures (url, fetched_at);
        CREATE INDEX captures_article_id ON captures (article_id);

        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            spider TEXT NOT NULL,
            arguments TEXT NOT NULL,      -- JSON
            versions TEXT NOT NULL,       -- JSON
            started_at TEXT NOT NULL,
            finished_at TEXT,             -- null: still running, or killed
            finish_reason TEXT,
            found INTEGER NOT NULL DEFAULT 0,
            new INTEGER NOT NULL DEFAULT 0,
            updated INTEGER NOT NULL DEFAULT 0,
            unchanged INTEGER NOT NULL DEFAULT 0,
            rejected INTEGER NOT NULL DEFAULT 0,
            gone INTEGER NOT NULL DEFAULT 0,
            failed INTEGER NOT NULL DEFAULT 0,
            pending INTEGER NOT NULL DEFAULT 0,
            healthy INTEGER,
            why TEXT
        );
        CREATE INDEX runs_started_at ON runs (started_at);
        """
    )
    # The index names its rows by the rowid of articles, which SQLite may renumber, the key being
    # text. Datasette and sqlite-utils join on that rowid too, so a column of our own would not
    # serve them: the store compares the numbers when it opens the file (Store._mend_search).
    db.table("articles").enable_fts(
        ["title", "lead", "body"],
        tokenize="unicode61 remove_diacritics 2",
        create_triggers=True,
    )


def ledger(db: Database) -> None:
    """What a crawl needs that goes on for years: when to ask again, what is complete, what ran."""
    db.executescript(
        """
        ALTER TABLE pages ADD COLUMN failures INTEGER NOT NULL DEFAULT 0; -- in a row
        ALTER TABLE pages ADD COLUMN found_run INTEGER;    -- the run that found it
        ALTER TABLE pages ADD COLUMN etag TEXT;            -- validators of the stored record's page
        ALTER TABLE pages ADD COLUMN last_modified TEXT;
        UPDATE pages SET next_check_at = fetched_at WHERE state = 'failed';

        CREATE TABLE listings (           -- what was read to its end
            name TEXT PRIMARY KEY,        -- index, day 2022-08-15, tag timnas ...
            run_id INTEGER,               -- the last run that did
            completed_at TEXT NOT NULL,
            articles INTEGER NOT NULL     -- that it showed to that run
        );

        CREATE INDEX articles_content_hash ON articles (content_hash);

        ALTER TABLE revisions ADD COLUMN run_id INTEGER;   -- the run that saw the change
        ALTER TABLE revisions ADD COLUMN changes TEXT;     -- field by field, - before and + after

        CREATE INDEX revisions_run_id ON revisions (run_id);

        ALTER TABLE runs ADD COLUMN notes TEXT;            -- what is worth knowing, but no trouble
        ALTER TABLE runs ADD COLUMN fields TEXT;           -- JSON: records by layout and field
        """
    )


def archive(db: Database) -> None:
    """Captures that refer to the payload of another one."""
    db.executescript(
        """
        ALTER TABLE captures ADD COLUMN revisit INTEGER NOT NULL DEFAULT 0; -- 1: no payload here
        UPDATE captures SET revisit = 1 WHERE status = 304;
        CREATE INDEX captures_digest ON captures (digest);
        """
    )


def facets(db: Database) -> None:
    """What `scrapy browse` counts and sorts by, so that no count reads the articles themselves."""
    db.execute(
        "CREATE INDEX articles_facets ON articles (section, kind, layout, language, published_at)"
    )


def small_index(db: Database) -> None:
    """New texts go into a small full-text index first: see `crawler.database.fulltext`."""
    # Without quotes around the table's name, sqlite-utils and Datasette do not take it for the
    # index of articles.
    db.executescript(
        """
        CREATE VIRTUAL TABLE articles_fts_new USING fts5 (
            title, lead, body, content=articles, tokenize='unicode61 remove_diacritics 2'
        );
        INSERT INTO articles_fts (articles_fts, rank) VALUES ('automerge', 16);
        DROP TRIGGER articles_ai;
        DROP TRIGGER articles_ad;
        DROP TRIGGER articles_au;
        """
    )
    # A row is in the index whose docsize has its number.
    delete = "".join(
        f"""
            INSERT INTO {index} ({index}, rowid, title, lead, body)
                SELECT 'delete', old.rowid, old.title, old.lead, old.body
                WHERE EXISTS (SELECT 1 FROM {index}_docsize WHERE id = old.rowid);"""  # noqa: S608
        for index in ("articles_fts", "articles_fts_new")
    )
    insert = """
            INSERT INTO articles_fts_new (rowid, title, lead, body)
                VALUES (new.rowid, new.title, new.lead, new.body);"""
    db.execute(f"CREATE TRIGGER articles_ai AFTER INSERT ON articles BEGIN {insert} END")
    db.execute(f"CREATE TRIGGER articles_ad AFTER DELETE ON articles BEGIN {delete} END")
    db.execute(f"CREATE TRIGGER articles_au AFTER UPDATE ON articles BEGIN {delete}{insert} END")


def lists(db: Database) -> None:
    """An article's lists in one row, for whoever asks the database by SQL."""
    db.execute(f"CREATE {ARTICLE_LISTS}")


def worse_pages(db: Database) -> None:
    """What a later page showed that is worse than the record, and what came back."""
    db.executescript(
        """
        ALTER TABLE revisions ADD COLUMN shrunk INTEGER NOT NULL DEFAULT 0; -- 1: a later page, with
                                          -- less text than the record, which it did not replace
        ALTER TABLE revisions ADD COLUMN again INTEGER NOT NULL DEFAULT 0; -- times it came back
        ALTER TABLE revisions ADD COLUMN again_at TEXT;    -- the last of them
        """
    )


def days(db: Database) -> None:
    """The day of publication in Jakarta: SQLite's date() of a moment gives that of UTC."""
    db.execute(
        "ALTER TABLE articles ADD COLUMN published_day TEXT"
        " GENERATED ALWAYS AS (substr(published_at, 1, 10)) VIRTUAL"
    )


def signals(db: Database) -> None:
    """What asked a run not to use the site for training."""
    db.execute("ALTER TABLE runs ADD COLUMN signals TEXT")  # JSON: how often each was seen


def withdrawn(db: Database) -> None:
    """When the site took an article down, and when it was there again."""
    db.executescript(
        """
        ALTER TABLE pages ADD COLUMN gone_at TEXT;         -- null: it is not gone
        ALTER TABLE pages ADD COLUMN back_at TEXT;         -- when one that was gone was there again
        UPDATE pages SET gone_at = coalesce(fetched_at, found_at) WHERE state = 'gone';
        CREATE INDEX pages_gone_at ON pages (gone_at) WHERE gone_at IS NOT NULL;
        CREATE INDEX pages_back_at ON pages (back_at) WHERE back_at IS NOT NULL;
        """
    )
    # However its state is written.
    gone = "SET gone_at = coalesce(fetched_at, found_at), back_at = NULL"
    back = "SET gone_at = NULL, back_at = fetched_at"
    for name, event, change in (
        ("pages_gone_insert", "INSERT ON pages WHEN new.state = 'gone'", gone),
        (
            "pages_gone",
            "UPDATE OF state ON pages WHEN new.state = 'gone' AND old.state != 'gone'",
            gone,
        ),
        (
            "pages_back",
            "UPDATE OF state ON pages WHEN new.state = 'stored' AND old.state = 'gone'",
            back,
        ),
    ):
        db.execute(
            f"CREATE TRIGGER {name} AFTER {event} BEGIN"
            f" UPDATE pages {change} WHERE id = new.id; END"
        )
    db.execute(f"CREATE {WITHDRAWALS.format(gone_at='gone_at', back_at='back_at')}")


def watches(db: Database) -> None:
    """What each standing search has shown, by the name that its user gave it."""
    db.execute(
        "CREATE TABLE watches (name TEXT NOT NULL, article_id TEXT NOT NULL,"
        " shown_at TEXT NOT NULL, PRIMARY KEY (name, article_id)) WITHOUT ROWID"
    )


MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    first,
    ledger,
    archive,
    facets,
    small_index,
    lists,
    worse_pages,
    days,
    signals,
    withdrawn,
    merged,
    watches,
    sources,
    archived,
    filters,
)
