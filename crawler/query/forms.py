"""The forms of Indonesian words: who searches for ``kirim`` also means ``mengirimkan``.

No index of stems is kept, which each article stored would have to pay for. The forms that a word's
root can have are made up here, and those that some article holds and that have the same root are
searched for.
"""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

from crawler.database.repair import INDEXES

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

_WORD = re.compile("[a-z]{3,40}")
_VOWELS = "aeiou"
# The sound that me- and pe- take before a root: the first letters of roots that stay after it, and
# those that it takes the place of.
_NASALS = (
    ("", "lmnrwy", ""),
    ("m", "bfvp", "p"),
    ("n", "cdjzts", "t"),
    ("ny", "", "s"),
    ("ng", f"ghkqx{_VOWELS}", "k"),
)
_BEFORE = ("", "di", "ter", "ber", "per", "ke", "se", "memper", "diper", "keter", "keber", "berke")
_BEFORE_MORE = ("be", "pe", "bel", "pel", "te", "member", "pember", "diber", "ku", "kau")
_DERIVED = ("", "kan", "an", "i")
_CLITICS = ("", "nya", "lah")
_OF_SPEECH = ("pun", "kah", "ku", "mu")  # seldom after a word that has something before its root
_SHORT = 4  # letters of a root that may have one syllable: mengecek
_HOLDS = "EXISTS (SELECT 1 FROM {0} WHERE {0} MATCH '\"' || value || '\"')"
# Asked for one by one, since the list of a word's articles may be long.
_IN_USE = f"SELECT value FROM json_each(:forms) WHERE {' OR '.join(map(_HOLDS.format, INDEXES))}"  # noqa: S608


def forms_in(database: sqlite3.Connection) -> Callable[[str], list[str]]:
    """A function that gives a word and the forms of it that articles of the database hold."""

    def forms(word: str) -> list[str]:
        plain = word.lower()
        if not _WORD.fullmatch(plain):
            return [word]
        root = _root(plain)
        possible = _possible(root)
        if plain not in possible:  # persetujuan, of whose root the stemmer makes tuju
            return [word]
        asked = {"forms": json.dumps(sorted(possible - {plain}))}
        others = [form for (form,) in database.execute(_IN_USE, asked) if _root(form) == root]
        return [plain, *others]

    return forms


def _root(word: str) -> str:
    root: str = _stemmer()(word)
    return root


@cache
def _stemmer() -> Callable[[str], str]:
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory  # reads a dictionary

    stem: Callable[[str], str] = StemmerFactory().create_stemmer().stem
    return stem


def _possible(root: str) -> set[str]:
    """What the root may look like with what Indonesian puts before and after it."""
    begun = [before + root for before in (*_BEFORE, *_BEFORE_MORE)]
    begun += [f"{before}{rest}" for before, rest in product(("me", "pe", "berpe"), _nasal(root))]
    made = {*product(begun, _DERIVED, _CLITICS), *product((root,), _DERIVED, _OF_SPEECH)}
    return {"".join(parts) for parts in made}


def _nasal(root: str) -> Iterator[str]:
    for sound, kept, lost in _NASALS:
        if root[0] in kept:
            yield sound + root
        if root[0] in lost:
            yield sound + root[1:]
    if len(root) <= _SHORT:
        yield f"nge{root}"
