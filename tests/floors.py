"""The floors of accuracy: what was reached once is kept, and only an explicit act lowers it.

`floors.json` holds, for each set of pages, their digest and the percentages measured on them. A
measure under its floor is a fault, and so is one over it: then the floor has to be raised, which
`python benchmarks/accuracy.py --raise` does, and never downwards. To lower one, edit the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.helpers import SAMPLES
from tests.scoring import corpus_pages, digest, measures, read_or_none, sample_pages, score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.scoring import Labelled, Score

FLOORS = Path(__file__).with_name("floors.json")
RAISE = "python benchmarks/accuracy.py --raise"

Floors = dict[str, Any]  # "pages", "digest" and the measures of one set


def sets(corpus: Path) -> dict[str, list[Labelled]]:
    """The pages that are there, by the name of their set."""
    found = {"samples": sample_pages(SAMPLES)}
    if corpus.is_dir():
        found["corpus"] = corpus_pages(corpus)
    return found


def scored(pages: Sequence[Labelled]) -> list[Score]:
    """What this parser gives for each page."""
    return [score(page, read_or_none(page)) for page in pages]


def measured(scores: Sequence[Score]) -> Floors:
    """What was reached, as it stands in the file."""
    pages = [score.page for score in scores]
    return {"pages": len(pages), "digest": digest(pages)} | measures(scores)


def faults(name: str, reached: Floors, floors: Mapping[str, Floors]) -> list[str]:
    """Why a set of pages does not stand where its floors are; nothing where it does."""
    if name not in floors:
        return [f"{name}: has no floors: {RAISE}"]
    floor = floors[name]
    found = []
    if reached["digest"] != floor["digest"]:
        found.append(
            f"{name}: the pages, or what is expected of them, are not those that the floors were"
            f" measured on; if that is meant: {RAISE}"
        )
    found += lowered(name, reached, floor)
    for measure in sorted(_measures(reached)):
        was = floor.get(measure, 0.0)
        if reached[measure] > was:
            found.append(f"{name}: {measure} is {reached[measure]} %, over its floor of {was} %:"
                         f" raise the floor: {RAISE}")  # fmt: skip
    return found


def lowered(name: str, reached: Floors, floor: Floors) -> list[str]:
    """The measures that are under their floors, or gone."""
    return [
        f"{name}: {measure} is {reached.get(measure, 'not measured')} %,"
        f" under its floor of {floor[measure]} %"
        for measure in sorted(_measures(floor))
        if reached.get(measure, -1.0) < floor[measure]
    ]


def _measures(floor: Floors) -> set[str]:
    return set(floor) - {"pages", "digest"}


def load(path: Path = FLOORS) -> dict[str, Floors]:
    """The floors by set."""
    floors: dict[str, Floors] = json.loads(path.read_text(encoding="utf-8"))
    return floors


def raise_floors(reached: Mapping[str, Floors], path: Path = FLOORS) -> list[str]:
    """Write what was reached; where that is lower, write nothing and give the reasons."""
    floors = load(path)
    reasons = [
        reason for name in reached for reason in lowered(name, reached[name], floors.get(name, {}))
    ]
    if not reasons:
        path.write_text(json.dumps(floors | dict(reached), indent=1) + "\n", encoding="utf-8")
    return reasons
