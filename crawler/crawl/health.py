"""Whether a run is healthy: what an operator has to look at, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.database.worse import are_several

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crawler.article import Article

    Fields = Mapping[str, Mapping[str, int]]  # layout, field: how many records have it

# What most articles have; what falls away at once was lost by the parser.
FIELDS = ("lead", "section", "reporters", "editors", "dateline", "tags", "images")
RECORDS = "records"  # in Fields: how many records there are
UNKNOWN_LAYOUT = "generic"

# Finish reasons of our own, beside Scrapy's; the cause is reported with them.
BLOCKED = "blocked"
STORING_FAILED = "storing failed"
NOTHING_REAL = "nothing real"
# A run ends well when its spider is through, or at a limit that whoever started it has set.
_GOOD_ENDS = (
    "finished",
    "closespider_timeout",
    "closespider_itemcount",
    "closespider_pagecount",
)
_MAX_BAD_SHARE = 0.2  # of the articles fetched, rejected or failed
_MAX_DOUBTFUL_SHARE = 0.05  # of them, with a text that may not be whole
_FEW = 10  # of fewer articles a share tells nothing


def count_fields(fields: dict[str, dict[str, int]], article: Article) -> None:
    """Count the fields that a record has, under its layout."""
    counts = fields.setdefault(article.layout, dict.fromkeys((RECORDS, *FIELDS), 0))
    counts[RECORDS] += 1
    for name in FIELDS:
        counts[name] += bool(getattr(article, name))


def why_unhealthy(
    *,
    finish_reason: str,
    counts: Mapping[str, int],
    fetched: Mapping[str, int],
    doubtful: int,
    again: int,
    worse: int,
    listings: int,
    fields: Fields,
    history: Fields,
) -> Iterator[str]:
    """What is wrong with a run, a line each; nothing for a healthy one.

    ``counts``: as in the table ``runs``. ``fetched``: outcomes of the articles that were asked for
    in this run. ``doubtful``: how many of their texts may not be whole. ``again``: how many had a
    record before, and of how many of them the page is ``worse`` now. ``listings``: how many
    listings it asked for. ``history``: the fields of former runs.
    """
    if finish_reason not in _GOOD_ENDS:
        if finish_reason not in (BLOCKED, STORING_FAILED, NOTHING_REAL):
            yield f"the run ended early: {finish_reason}"
        return
    bad, settled = fetched.get("rejected", 0) + fetched.get("failed", 0), sum(fetched.values())
    if listings and not counts["found"]:
        yield "nothing was found"
    elif settled and not counts["new"] + counts["updated"] + counts["unchanged"]:
        yield f"none of {counts['found']} articles could be stored"
    if settled >= _FEW and bad > _MAX_BAD_SHARE * settled:
        yield f"{bad} of {settled} articles were rejected or failed"
    if settled >= _FEW and doubtful > _MAX_DOUBTFUL_SHARE * settled:
        yield f"the texts of {doubtful} of {settled} articles may not be whole"
    yield from why_worse(worse, again)
    yield from _lost_layout(fields, history)
    for layout, now in fields.items():
        if layout != UNKNOWN_LAYOUT and layout in history:
            yield from _lost_fields(layout, now, history[layout])


def why_worse(worse: int, again: int) -> Iterator[str]:
    """The reason where several stored articles show a worse page when they are read again."""
    if are_several(worse, again):
        yield (
            f"{worse} of {again} stored articles show a worse page now: a notice, a wall, another"
            " article or a much shorter text; their records stay"
        )


def _lost_layout(fields: Fields, history: Fields) -> Iterator[str]:
    records, known = _known(fields)
    if _has_fallen(known, records, *reversed(_known(history))):
        yield (
            f"the layout of {records - known} of {records} articles is not known:"
            " the site has changed"
        )


def _known(fields: Fields) -> tuple[int, int]:
    """How many records there are, and how many in a layout that is known."""
    records = {layout: counts[RECORDS] for layout, counts in fields.items()}
    every = sum(records.values())
    return every, every - records.get(UNKNOWN_LAYOUT, 0)


def _lost_fields(layout: str, now: Mapping[str, int], before: Mapping[str, int]) -> Iterator[str]:
    for name in FIELDS:
        if _has_fallen(now[name], now[RECORDS], before.get(name, 0), before[RECORDS]):
            yield (
                f"only {now[name]} of {now[RECORDS]} articles in layout {layout} have {name},"
                f" where {before[name]} of {before[RECORDS]} had: has the site changed?"
            )


def _has_fallen(now: int, of_now: int, before: int, of_before: int) -> bool:
    """Whether a share fell to under half of what it was, and that by more records than chance."""
    if of_before < _FEW:
        return False
    expected = before / of_before * of_now
    return now < expected / 2 and expected - now >= _FEW
