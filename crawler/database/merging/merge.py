"""One database added to another, by the rules of a crawl that had seen all of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.database.captures import CAPTURE_COLUMNS
from crawler.database.merging.archived import add_archived
from crawler.database.merging.dossiers import read_dossier, write_dossier
from crawler.database.merging.rows import PAGE, REVISION
from crawler.database.merging.runs import add_runs, key_at, keys_of
from crawler.database.merging.twins import Twins
from crawler.database.records import COLUMNS
from crawler.database.sources import COLUMNS as SOURCE

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from crawler.database.store import Store

_IDS = "SELECT id FROM pages UNION SELECT id FROM articles UNION SELECT id FROM dossiers"
# Of two the last that was read to its end.
_LISTING = """
    INSERT INTO listings (name, completed_at, articles, run_id) VALUES (?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET completed_at = excluded.completed_at,
        articles = excluded.articles, run_id = excluded.run_id
    WHERE (excluded.completed_at, excluded.articles, coalesce(excluded.run_id, 0))
        > (listings.completed_at, listings.articles, coalesce(listings.run_id, 0))
"""
_LISTS = (
    ("images", "article_id position url caption credit".split()),
    ("related", "article_id position related_id url title".split()),
)


def merge(
    store: Store,
    source: sqlite3.Connection,
    machine: str,
    *,
    place: Callable[[str], str],
    progress: Callable[[int, int], None],
) -> None:
    """Add what ``source`` holds, in one transaction; ``machine``: the name that it goes by here.

    ``source`` has had every migration. ``place``: where a file of its captures lies now. The
    result is the same in whatever order databases are merged, and when one is merged again.
    ``progress`` is told how many of the articles that both know are done, and of how many.
    """
    with store.transaction():
        numbers = add_runs(store.connection, source, machine)
        runs = {number: numbers[key_at(machine, key)] for number, key in keys_of(source).items()}
        twins = Twins(store, source)
        with store.fulltext.at_once():
            _copy(store, source, shared := _shared(store, source), runs)
            _weigh(store, source, machine, shared, numbers, progress)
        twins.settle(numbers)
        _add_captures(store, source, place)
        _add_sources(store, source, place)
        add_archived(store.connection, source, place)
        _add_listings(store, source, runs)


def _add_captures(store: Store, source: sqlite3.Connection, place: Callable[[str], str]) -> None:
    at = CAPTURE_COLUMNS.index("file")
    store.connection.executemany(
        _insert("captures", CAPTURE_COLUMNS) + " ON CONFLICT (file, offset) DO NOTHING",
        (
            (*row[:at], place(row[at]), *row[at + 1 :])
            for row in source.execute(_select("captures", CAPTURE_COLUMNS) + " ORDER BY id")
        ),
    )


def _add_sources(store: Store, source: sqlite3.Connection, place: Callable[[str], str]) -> None:
    """An archive keeps its name, but a file of the captures is where it lies now."""
    name, file = SOURCE.index("name"), SOURCE.index("file")
    rows = []
    for row in source.execute(_select("sources", SOURCE)):
        values = list(row)
        if values[file]:
            values[file] = place(values[file])
        elif "://" not in values[name]:
            values[name] = place(values[name])
        rows.append(values)
    changes = ", ".join(f"{column} = excluded.{column}" for column in SOURCE[1:])
    store.connection.executemany(
        f"{_insert('sources', SOURCE)} ON CONFLICT (name) DO UPDATE SET {changes}"
        " WHERE (excluded.read_at, coalesce(excluded.file, ''))"
        " > (sources.read_at, coalesce(sources.file, ''))",
        rows,
    )


def _add_listings(store: Store, source: sqlite3.Connection, runs: Mapping[int, int]) -> None:
    listings = source.execute("SELECT name, completed_at, articles, run_id FROM listings")
    store.connection.executemany(_LISTING, ((*row[:3], runs.get(row[3])) for row in listings))


def _shared(store: Store, source: sqlite3.Connection) -> set[str]:
    """The articles that both know, or that were merged before: those are weighed one by one."""
    connection = store.connection
    connection.execute("CREATE TEMP TABLE theirs (id TEXT PRIMARY KEY)")
    connection.executemany("INSERT INTO temp.theirs VALUES (?)", source.execute(_IDS))
    known = connection.execute(f"SELECT id FROM ({_IDS}) JOIN temp.theirs USING (id)")  # noqa: S608
    shared = {article_id for (article_id,) in known}
    connection.execute("DROP TABLE temp.theirs")
    return shared.union(one for (one,) in source.execute("SELECT id FROM dossiers"))


def _copy(
    store: Store, source: sqlite3.Connection, shared: set[str], runs: Mapping[int, int]
) -> None:
    """Add what is new here as it is."""

    def rows(sql: str) -> Iterator[tuple[Any, ...]]:
        return (row for row in source.execute(sql) if row[0] not in shared)

    write = store.connection.executemany
    write(_insert("articles", COLUMNS), rows(_select("articles", COLUMNS) + " ORDER BY rowid"))
    write(
        "INSERT INTO tags (name) VALUES (?) ON CONFLICT (name) DO NOTHING",
        source.execute("SELECT name FROM tags ORDER BY id"),
    )
    write(
        "INSERT INTO article_tags (article_id, tag_id) SELECT ?, id FROM tags WHERE name = ?",
        rows("SELECT article_id, name FROM article_tags JOIN tags ON tags.id = tag_id"),
    )
    for table, columns in _LISTS:
        write(_insert(table, columns), rows(_select(table, columns)))
    for table, columns, run in (
        ("revisions", ["article_id", *REVISION], "run_id"),
        ("pages", PAGE, "found_run"),
    ):
        at = columns.index(run)
        found = rows(_select(table, columns) + " ORDER BY rowid")
        write(
            _insert(table, columns),
            ((*row[:at], runs.get(row[at]), *row[at + 1 :]) for row in found),
        )
    # As it was there, and not as the triggers take it, for a change of now.
    absent = "SELECT id, gone_at, back_at FROM pages WHERE gone_at IS NOT NULL OR state = 'gone'"
    write(
        "UPDATE pages SET gone_at = ?2, back_at = ?3 WHERE id = ?1",
        rows(absent),
    )


def _weigh(
    store: Store,
    source: sqlite3.Connection,
    machine: str,
    shared: set[str],
    numbers: Mapping[str, int],
    progress: Callable[[int, int], None],
) -> None:
    """Have each article that both know be what follows from what both hold of it."""
    ours = {number: key for key, number in numbers.items()}
    theirs = keys_of(source)
    for done, article_id in enumerate(sorted(shared), 1):
        known = read_dossier(store.connection.sqlite, article_id, ours)
        told = read_dossier(source, article_id, theirs)
        both = known.add([one.at(machine) for one in told.opinions])
        if both is not known:
            write_dossier(store, article_id, both, numbers)
        progress(done, len(shared))


def _select(table: str, columns: Iterable[str]) -> str:
    return f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608  # columns of our own


def _insert(table: str, columns: Iterable[str]) -> str:
    names = list(columns)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
