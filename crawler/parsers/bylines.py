"""By-lines: ``Rep: X/ Red: Y``, ``Reporter : X``, ``Redaktur : Y``, ``Oleh : Z``."""

from __future__ import annotations

import re

from crawler.parsers.text import meaningful, squeeze

_LABEL = re.compile(r"(?<![\w.])(rep(?:orter)?|red(?:aktur)?|sumber|foto)\s*:", re.IGNORECASE)
_NAMES = re.compile(r"\s*(?:[,;/&]\s*(?:(?:dan|and)\s)?|\s(?:dan|and)\s)\s*")
_OLEH = re.compile(r"oleh\b\s*:?\s*", re.IGNORECASE)
# A newsroom title in front of a name: "Wartawan Republika", "Pemimpin Redaksi Republika".
_TITLE = re.compile(
    r"(?:(?:wakil\s+)?pemimpin redaksi|redaktur(?:\s+(?:senior|pelaksana))?|wartawan|jurnalis"
    r"|kontributor|koresponden)\s+(?:(?:harian|senior)\s+)?"
    r"(?:republika(?:\.co\.id| online)?(?:\s+|$))?",
    re.IGNORECASE,
)
# How a part of an author line starts that says who somebody is, not what his name is.
_ROLE = re.compile(
    r"(?:(?:wakil|mantan|eks|calon|guru|maha)\s*)?(?:jurnalis|wartawan|redaktur|pemimpin|ketua"
    r"|anggota|pengasuh|pengajar|pengamat|peneliti|penulis|pegiat|penggiat|pendiri|pembina|pimpinan"
    r"|pakar|praktisi|dosen|dekan|rektor|besar|sekretaris|direktur|kepala|menteri|presiden"
    r"|gubernur|bupati|wali kota|staf|aktivis|analis|alumni|alumnus|mahasiswa|koordinator"
    r"|komisaris|ekonom|sejarawan|budayawan|cendekiawan|founder|co-founder|ceo|kolumnis|kandidat"
    r"|doktor|konsultan|psikolog|dokter|khatib|imam|advokat|relawan|santri|departemen|fakultas"
    r"|universitas|institut|lembaga|pusat)\b",
    re.IGNORECASE,
)
# What stands between a name and an office without a comma.
_OFFICE = re.compile(r"\s[|–—-]\s|\s*\(")
# "M.Si", "Lc", "PhD": a degree after a comma belongs to the name before it.
_DEGREE = re.compile(
    r"(?:(?:[A-Z]{1,2}[a-z]{0,4}\.\s?)+[A-Za-z]{0,5}\.?|Lc|MA|MM|SE|SH|MH|MSi|MSc|MBA|Ph\.?D|SAg|MAg)"
)


def split_byline(text: str) -> tuple[list[str], list[str]]:
    """Reporters and editors of a by-line, as printed (codes such as ``C31`` are kept).

    An author line (``Oleh : ...``) gives reporters; what is no by-line gives two empty lists.
    """
    text = squeeze(text)
    oleh = _OLEH.match(text)
    if oleh:
        return _authors(text[oleh.end() :]), []
    found: dict[str, list[str]] = {"rep": [], "red": []}
    labels = list(_LABEL.finditer(text))
    ends = [*(label.start() for label in labels[1:]), len(text)]
    for label, end in zip(labels, ends, strict=False):
        names = found.get(label[1][:3].lower())
        if names is not None:
            names += _split(text[label.end() : end])
    return list(dict.fromkeys(found["rep"])), list(dict.fromkeys(found["red"]))


def is_byline(text: str) -> bool:
    """Whether a short text opens as a by-line does."""
    return bool(re.match(r"\s*(?:rep(?:orter)?|red(?:aktur)?)\s*:", text, re.IGNORECASE))


def _split(text: str) -> list[str]:
    names: list[str] = []
    for name in (name.strip(" *|-–") for name in _NAMES.split(text) if meaningful(name)):
        if names and _DEGREE.fullmatch(name):
            names[-1] += f", {name}"
        else:
            names.append(name)
    return names


def _authors(text: str) -> list[str]:
    """Names of an author line, without what it says of their offices."""
    names: list[str] = []
    office = False
    for part in re.split(r"\s*[,;]\s*", _OFFICE.split(text)[0]):
        if names and _DEGREE.fullmatch(part):
            names[-1] += f", {part}"
            continue
        part = _TITLE.sub("", part)
        # One word behind an office is the place of it.
        place = office and " " not in part
        office = bool(_ROLE.match(part))
        if meaningful(part) and not office and not place:
            names += _split(part)
    return list(dict.fromkeys(names))
