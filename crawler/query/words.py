"""What a user types as a query of FTS5's, with the forms of its words."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from crawler.database.repair import INDEXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Forms = Callable[[str], list[str]]

NOTHING = '""'  # a query that nothing matches


def in_both(columns: str, condition: str = "") -> str:
    """What matches in the large index and in the small one, where each names itself ``{index}``."""
    query = f"SELECT rowid, {columns} FROM {{index}} WHERE {{index}} MATCH :query{condition}"  # noqa: S608
    return " UNION ALL ".join(query.format(index=index) for index in INDEXES)


MATCHES = f"SELECT rowid FROM ({in_both('NULL')})"  # noqa: S608  # constants

_OPERATORS = frozenset(("AND", "OR", "NOT"))
_MOST_WORDS = 8  # whose forms are looked for: of a pasted text every word stands for itself
_STRING = '"(?:[^"]|"")*"'
_PHRASE = rf"(?:{_STRING}|[\w\x1a]+)"
_COLUMNS = r"(?:-\s*)?(?:\{[^}]*\}|[\w\x1a]+|\"(?:[^\"]|\"\")*\")\s*:\s*"
_PART = re.compile(
    rf"""
    \s*(?:
    (?P<operator> (?:AND|OR|NOT)(?![\w\x1a"]) | [()] | {_COLUMNS}(?=\() )
    | (?P<columns> {_COLUMNS})?
      (?: (?P<group> NEAR\s*\( (?:[^")]|{_STRING})* \)
          | \^?\s*{_PHRASE} (?:\s*\+\s*{_PHRASE})+ \s*\*?
          | \^\s*{_PHRASE} \s*\*? | {_PHRASE}\s*\* | {_STRING} )
      | (?P<word> [\w\x1a]+) )
    )
    """,
    re.VERBOSE,
)
_HAS_WORD = re.compile(r"[^\W_]")
_MINUS = re.compile(r"-[^\W\d_]\w*")
_PLAIN = re.compile(r'[^\w"]*(\w+)[^\w"]*')


def parse_query(words: str, forms: Forms | None = None) -> str:
    """What to ask FTS5 for: what was typed, or where it would refuse that, each word of it.

    ``forms`` gives a word and what else to search for in its place. Words in quotes, in NEAR and
    those with an operator of their own (``word*``, ``^word``, ``one + two``) stay as they are.
    """
    text = words.replace("\0", " ").strip()  # which FTS5 ends at
    if forms is None or len(text.split()) > _MOST_WORDS:
        forms = _itself
    if _is_query(text):
        return _expanded(text, forms)
    return _all([_typed(word, forms) for word in text.split()]) or NOTHING


def hints(typed: str) -> Iterator[str]:
    """What words may be meant for, if they are more than one."""
    words = typed.split()
    if len(words) > 1 and (used := _OPERATORS.intersection(words)) and not _is_query(typed):
        alone = "; write NOT without AND" if "AND NOT" in " ".join(words) else ""
        listed = ", ".join(sorted(used))
        yield f"that is not a valid query: {listed} was searched for as a word{alone}"
    for word in dict.fromkeys(words[1:]):
        if word in ("and", "or", "not"):
            yield f'"{word}" was searched for as a word; the operator is {word.upper()}'
        elif _MINUS.fullmatch(word):
            yield f'"{word}" leaves out no word; for that write NOT {word[1:]}'


def _itself(word: str) -> list[str]:
    return [word]


def _is_query(text: str) -> bool:
    if text.startswith("*"):  # asks FTS5 about itself
        return False
    with closing(sqlite3.connect(":memory:")) as empty:
        for index in INDEXES:
            empty.execute(f"CREATE VIRTUAL TABLE {index} USING fts5 (title, lead, body)")
            try:
                empty.execute(f"SELECT 1 FROM {index} WHERE {index} MATCH ?", [text]).fetchone()  # noqa: S608
            except sqlite3.Error:
                return False
    return True


def _typed(word: str, forms: Forms) -> str:
    """A word of what is no query, as ``segar!``."""
    plain = _PLAIN.fullmatch(word)
    if plain and len(found := forms(plain[1])) > 1:
        return _any(found)
    return _quoted(word)


def _expanded(query: str, forms: Forms) -> str:
    """A query with each word's forms; the query itself where no word has any."""
    out: list[str] = []
    row: list[str] = []  # what stands side by side, which FTS5 reads as joined by AND
    is_any = False

    def end_row() -> None:
        # Together, as AND binds less than NOT; FTS5 takes no brackets without an operator.
        if row:
            joined = _all(row)
            out.append(f"({joined})" if " AND " in joined else joined)
            row.clear()

    for part in _PART.finditer(query):
        if part["operator"]:
            end_row()
            out.append(part["operator"])
        elif part["word"] and len(found := forms(part["word"])) > 1:
            is_any = True
            row.append(f"{part['columns'] or ''}{_any(found)}")
        else:
            row.append(part[0].strip())
    end_row()
    return " ".join(out) if is_any else query


def _all(parts: list[str]) -> str:
    """Joined by AND; of what holds no word FTS5 leaves out in a row, but not beside AND."""
    return " AND ".join([part for part in parts if _HAS_WORD.search(part)] or parts[:1])


def _any(words: list[str]) -> str:
    return f"({' OR '.join(map(_quoted, words))})"


def _quoted(word: str) -> str:
    return '"{}"'.format(word.replace('"', '""'))
