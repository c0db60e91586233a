"""The opening of an article: ``REPUBLIKA.CO.ID, PYONGYANG -- Presiden Rusia ...``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.parsers.bylines import is_author_line, split_byline
from crawler.parsers.text import squeeze

_GAP = r"[\s\u200b\u200e\u200f\u2060\ufeff]"
_GAPS = f"{_GAP}*+"  # never given back: of thousands each part of them would be tried in turn
# A word of the name's own letters that ends as it does: "REPUBLKA", "REPULBIKA", "RPUBLIKA".
_SLIPPED = r"(?:REPUBLIKA|(?<![A-Z])(?=[A-Z]{1,4}U)[REP][REPUBLIKA]{4,8}KA{0,2})"
# The brands that share Republika's system, slips of the hand included. Always in capitals:
# "Republika.co.id" is running text.
_BRAND = re.compile(
    rf"{_GAPS}(?:(?:{_SLIPPED}|IHRAM|AMEERA|REJOGJA|REJABAR|RETIZEN|JANNA|DIALOGJUMAT)"
    r"[., ]{0,2}\s?C[O0][., ]{0,2}\s?ID"
    rf"|{_SLIPPED}\.C(?:[O0]\.(?:I{{1,2}}D{{0,2}}|D)|\.ID)"
    r"|EKBIS\.CO(?:\.ID)?|ESGNOW\.ID|REPUBLIKA\.ID)(?![A-Za-z])"
)
_BRAND_ANYWHERE = re.compile(_BRAND.pattern.replace(rf"{_GAPS}", "", 1))
_UPPER = r"A-ZÀ-ÖØ-Þ"
_STRONG = r"(?:[–—―‒−‑~]|-[ \u00a0]?-|-[–—])(?:[ \u00a0]?[-–—―‒−‑])*"  # "--", "—", "–", "-–", "- -"
# A single hyphen divides beside a space, or before a word in small letters: POINTE-A-PITRE is one
# place.
_DASH = (
    rf"(?:{_GAPS}[,.:]?{_GAPS}{_STRONG}|(?:{_GAPS},{_GAP}|{_GAP}++)-(?!\d)|-(?={_GAP})"
    rf"|(?<=[{_UPPER}]{{4}})-(?=[{_UPPER}][a-z]))"
)
# "(26/10/2025)", "(ANTARA)", ", Senin (15/8)", ", 12 November 2026"
_WHEN = (
    rf"(?:{_GAPS},?{_GAPS}(?:(?:Senin|Selasa|Rabu|Kamis|Jum.?at|Sabtu|Ahad|Minggu)\b,?{_GAPS})?"
    r"(?:\([^()\n]{2,30}\)|\[[^\[\]\n]{2,30}\]"
    rf"|\d{{1,2}} [A-Z][a-z]+ \d{{4}}|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?))?"
)
# "NEW DELHI", "WASHINGTON D.C", "ST JOHN''S", "COX'S BAZAR", "POINTE-A-PITRE", "NEW YORK, AS"
_PLACE = (
    rf"(?:\d{{1,3}}[ \u00a0])?[{_UPPER}](?:[{_UPPER}'’‘`./]|-(?=[{_UPPER}])|,(?=[{_UPPER}])"
    rf"|,?[ \u00a0]++(?=[{_UPPER}(])){{1,58}}"
)
# A place that somebody typed in small letters: one to four words, and a dash that says so.
_WORD = rf"[{_UPPER}][\w'’.]{{1,20}}"
_MIXED = rf"{_WORD}(?:,?[ \u00a0]++{_WORD}){{0,3}}"
_LOWER = r"[a-z]{3,20}(?:[ \u00a0][a-z]{3,20}){0,2}"  # a place that was typed without capitals
_SENTENCE = rf"(?={_GAPS}[\"'“‘”(#\d{_UPPER}])"

_AFTER_BRAND = re.compile(
    rf"(?P<place>{_PLACE}){_WHEN}{_DASH}"
    rf"|(?P<mixed>{_MIXED}){_WHEN}{_GAPS}[,.:]?{_GAPS}{_STRONG}{_SENTENCE}"
    rf"|(?P<lower>{_LOWER}){_WHEN}{_GAPS}[,.:]?{_GAPS}{_STRONG}{_SENTENCE}"
    rf"|(?P<word>[{_UPPER}][a-z]{{3,20}}(?:[ \u00a0][{_UPPER}][a-z]{{2,20}})?){_GAP}+-{_GAP}+"
    rf"(?=[{_UPPER}][a-z])"
    rf"|(?P<dotted>{_PLACE})(?:\.|{_GAP}?:){_GAP}(?=[{_UPPER}][a-z])"
)
_PLACE_ALONE = rf"{_GAPS}(?P<place>{_PLACE}){_WHEN}{_GAPS},?{_GAPS}{_STRONG}{_SENTENCE}"
_BARE = re.compile(_PLACE_ALONE)
_AFTER_HEADING = re.compile(rf":(?:[^.\n]{{1,150}}(?<=\s)|[^\n]{{1,200}}\n){_PLACE_ALONE}")
# In small letters the brand is running text, except before a place and its dash.
_SMALL_BRAND = re.compile(
    rf"{_GAPS}(?i:republika\.co\.id)"
    rf"(?={_GAPS},?{_GAPS}(?:{_PLACE}|{_MIXED}|{_LOWER}){_WHEN}{_GAPS}{_STRONG}{_GAPS})"
)
_NO_PLACE = re.compile(rf"(?:{_GAPS}[,./;]){{0,3}}{_GAPS}(?:(?:{_STRONG}|-){_GAP}+)?")
# "JAKARTA, REPUBLIKA.CO.ID --"
_PLACE_FIRST = re.compile(rf"{_GAPS}(?P<place>{_PLACE}),?{_BRAND.pattern}{_DASH}")
# After the brand's own line a single hyphen will do.
_BARE_BEHIND = re.compile(rf"{_GAPS}(?P<place>{_PLACE}){_WHEN}{_DASH}")
_AUTHOR = re.compile(
    rf"{_GAPS}(?:(?P<colon>(?i:oleh|by)\s*:\s*)|(?i:oleh)[ \u00a0]+(?=[{_UPPER}]))"
)
_FULL_STOP = re.compile(r"(?<=\w{4})\.$|(?<=\.)\.$")  # of no abbreviation
_LONGEST_LINE = 250  # characters of an author line
# "wartawan RepublikaAkhir bulan lalu": a line break was lost.
_GLUED = re.compile(rf"(?<=Republika)(?=[{_UPPER}][a-z])")
# A place and its dash within the line: "Oleh: Contoh Penulis JAKARTA -- ..."
_PLACE_WITHIN = re.compile(rf"{_GAP}++(?={_PLACE}{_WHEN}{_GAPS},?{_GAPS}{_STRONG})")
_WIDE_GAP = re.compile(r"[ \u00a0]{2,}|\n")


@dataclass(frozen=True, slots=True)
class Opening:
    """An article's text taken apart; ``authors`` are the names of an ``Oleh`` line."""

    dateline: str | None
    authors: list[str]
    rest: str


def split_dateline(opening: str) -> tuple[str | None, str]:
    """The place an article is dated from, and the text that follows.

    ``opening`` is the beginning of the text, or the whole of it, with paragraphs divided by line
    breaks. Only its start is looked at; a brand or an author line before the place goes too.
    None where no place is named.
    """
    opened = split_opening(opening)
    return opened.dateline, opened.rest


def split_opening(text: str) -> Opening:
    """Like `split_dateline`, with the authors that the opening names."""
    authors, after_author = _author_line(text)
    brand = _BRAND.match(text, after_author) or _SMALL_BRAND.match(text, after_author)
    if not brand:
        place, end = _place(
            _PLACE_FIRST.match(text, after_author) or _BARE.match(text, after_author)
        )
        return Opening(place, authors, text[end or after_author :].lstrip())
    start = _after(brand, text)
    while again := _BRAND.match(text, start):  # printed twice, or that of another site
        start = _after(again, text)
    more, after = _author_line(text, start)
    if more:
        place, end = _place(_BARE_BEHIND.match(text, after))
        return Opening(place, authors + more, text[end or after :].lstrip())
    place, end = _place(_AFTER_BRAND.match(text, start))
    if place is not None:
        if _BRAND.match(text, end):  # the whole dateline is printed twice
            second = split_opening(text[end:])
            return Opening(second.dateline or place, authors + second.authors, second.rest)
        more, after = _author_line(text, end, inline=True)
        return Opening(place, authors + more, text[after or end :].lstrip())
    if text.startswith(":", start):
        # A promotional heading stands where the place should; the place comes after it.
        place, end = _place(_AFTER_HEADING.match(text, start))
        if place is not None:
            return Opening(place, authors, text[end:].lstrip())
        start += 1
    return Opening(None, authors, text[start:].lstrip())


def _after(brand: re.Match[str], text: str) -> int:
    """Where the text goes on after a brand and the punctuation that follows it."""
    return _NO_PLACE.match(text, brand.end()).end()  # type: ignore[union-attr]  # matches ""


def find_brand(text: str) -> int | None:
    """Where a text that opens as an article does names the brand; None if it does not.

    At the start, or after an author line that was glued to it.
    """
    opening = text[:200]
    if "ID" not in opening and "CO" not in opening:
        return None  # a cheap pre-check: enough for nearly all
    match = _BRAND_ANYWHERE.search(opening)
    author = _AUTHOR.match(text)
    if not match or (squeeze(text[: match.start()]) and not (author and author["colon"])):
        return None
    return match.start()


def _place(match: re.Match[str] | None) -> tuple[str | None, int]:
    if not match:
        return None, 0
    place = next(group for group in match.groups() if group)
    return _FULL_STOP.sub("", squeeze(place).replace("''", "'").rstrip(" ,")), match.end()


def _author_line(text: str, start: int = 0, *, inline: bool = False) -> tuple[list[str], int]:
    """Names of an author line that opens at ``start``, and where it ends.

    They are taken off only where they end for certain: at the brand, a line break, a wide gap, a
    place and its dash, or a capital glued to the newsroom's name. ``inline``: after a dateline,
    where a line break alone ends a paragraph of the text.
    """
    nothing: tuple[list[str], int] = ([], 0 if inline else start)
    opens = _AUTHOR.match(text, start)
    if not opens:
        return nothing
    begin = opens.end()
    longest = limit = min(len(text), begin + _LONGEST_LINE)
    ends = []
    if brand := _BRAND.search(text, begin, longest):
        limit = brand.start()  # a name in capitals before it is not a place
        ends.append(limit)
    ends += [match.start() for match in _WIDE_GAP.finditer(text, begin, limit)]
    ends += [match.start() for match in (_PLACE_WITHIN.search(text, begin, limit),) if match]
    ends += [match.start() for match in (_GLUED.search(text, begin, limit),) if match]
    if len(text) <= longest and not inline:
        ends.append(len(text))
    for end in sorted(ends):
        if is_author_line(text[begin:end], is_labelled=opens["colon"] is not None):
            return split_byline("Oleh: " + text[begin:end])[0], end
    return nothing
