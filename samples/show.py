"""Show what a crawl stored: ``python samples/show.py DATABASE``."""

from __future__ import annotations

import json
import sys

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from sqlite_utils import Database

_STORED = """
    SELECT published_at, section, title, word_count, reporters FROM articles
    ORDER BY published_at
"""
_LOST = "SELECT id, state, reason FROM pages WHERE state != 'stored' ORDER BY state, id"
_SHOWN = "rgmwym370"


def main(path: str) -> None:
    """Print the articles, what gave none and why, and one record in full."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    db = Database(path)
    stored = Table(title="Stored", title_justify="left")
    for column in ("published", "section", "title", "words", "reporter"):
        stored.add_column(column, justify="right" if column == "words" else "left")
    for row in db.query(_STORED):
        stored.add_row(
            row["published_at"][:16].replace("T", " "),
            escape(row["section"] or ""),
            escape(row["title"]),
            str(row["word_count"]),
            escape(", ".join(json.loads(row["reporters"]))),
        )
    lost = Table("id", "state", "why", title="Not stored, and why", title_justify="left")
    for row in db.query(_LOST):
        lost.add_row(row["id"], row["state"], escape(row["reason"] or ""))
    console.print(stored, lost, sep="\n")
    console.print(f"[bold]One record in full[/bold] ({_SHOWN})")
    for name, value in next(
        iter(db.query("SELECT * FROM articles WHERE id = ?", [_SHOWN]))
    ).items():
        if name == "body":
            console.print("body")
            for paragraph in value.split("\n\n"):
                console.print(Padding(escape(paragraph), (0, 0, 1, 4)))
        else:
            console.print(f"{name:15}", escape(str(value)), highlight=False)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
