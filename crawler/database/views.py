"""The views of the database; a reader of an older file makes for itself those that it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

ARTICLE_LISTS = """
    VIEW article_lists AS  -- what an article has in tables of its own, each a JSON list
    SELECT
        id,
        (SELECT json_group_array(name) FROM (
            SELECT name FROM article_tags JOIN tags ON tags.id = tag_id
            WHERE article_id = articles.id ORDER BY name
        )) AS tags,
        (SELECT json_group_array(json_object('url', url, 'caption', caption, 'credit', credit))
            FROM (SELECT * FROM images WHERE article_id = articles.id ORDER BY position)
        ) AS images,
        (SELECT json_group_array(json_object('related_id', related_id, 'url', url, 'title', title))
            FROM (SELECT * FROM related WHERE article_id = articles.id ORDER BY position)
        ) AS related
    FROM articles
"""

WITHDRAWALS = """
    VIEW withdrawals AS  -- articles that the site took down, and those that came back
    SELECT id, {gone_at} AS withdrawn_at, {back_at} AS back_at FROM pages
    WHERE {gone_at} IS NOT NULL OR {back_at} IS NOT NULL
"""

_OLDER = (
    ("article_lists", ARTICLE_LISTS),
    (
        "withdrawals",
        WITHDRAWALS.format(gone_at="iif(state = 'gone', fetched_at, NULL)", back_at="NULL"),
    ),
)


def add_views(connection: sqlite3.Connection) -> None:
    """Give a connection that only reads an older file the views that the file has not got yet."""
    exists = "SELECT 1 FROM main.sqlite_master WHERE name = ?"
    for name, view in _OLDER:
        if not connection.execute(exists, [name]).fetchone():
            connection.execute(f"CREATE TEMP {view}")
