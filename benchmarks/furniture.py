"""Whether the text comes out clean, whatever stands among its paragraphs.

    python benchmarks/furniture.py [--show]

Every kind of furniture that a news site sets into a text, in every shape of paragraph, in every
layout: `COMBINATIONS` pages, whose right record is known since they are made here. Prints how many
of them are right, by furniture; ``--show`` prints what is wrong with each that is not. The exit
code is 1 unless all are right.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from itertools import product
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
from furniture_kinds import FURNITURE, Furniture  # noqa: E402
from furniture_layouts import LAYOUTS, SHAPES, URL  # noqa: E402

from crawler.cli.terminal import print_table  # noqa: E402
from crawler.parsers import NotAnArticle, ParseError, parse_article  # noqa: E402

OPENING = "REPUBLIKA.CO.ID, TEGAL -- "
TEXT = (
    "Warga memperbaiki jembatan bambu bersama-sama.",
    (
        "Pekerjaan dimulai sejak subuh hari dan diikuti puluhan orang dari tiga dusun di sekitar"
        " sungai, dibantu anak-anak sekolah yang membawa air minum untuk para pekerja."
    ),
    "Jembatan dibuka lagi pekan depan.",
)
COMBINATIONS = len(FURNITURE) * len(SHAPES) * len(LAYOUTS)


class Outcome(NamedTuple):
    """A page that was made, and what is wrong with its record: nothing if the list is empty."""

    furniture: str
    shape: str
    layout: str
    wrong: list[str]


def page(furniture: Furniture, shape: str, layout: str) -> str:
    """The page of the article with the furniture before its last paragraph."""
    first, *middle, last = TEXT
    set_in = SHAPES[shape]
    before = set_in([OPENING + first, *middle])
    return LAYOUTS[layout](before + furniture.html + set_in([last]))


def judged(furniture: Furniture, shape: str, layout: str) -> Outcome:
    """Parse the page, and compare what the record says with what is right."""
    wrong = []
    try:
        article = parse_article(page(furniture, shape, layout), URL)
    except (NotAnArticle, ParseError) as error:
        return Outcome(furniture.name, shape, layout, [f"no record: {error}"])
    paragraphs = [*TEXT[:-1], *furniture.kept, TEXT[-1]]
    got = article.body.split("\n\n")
    wrong += [f"leaks: {line}" for line in got if line not in paragraphs]
    wrong += [f"loses: {line}" for line in paragraphs if line not in got]
    if article.dateline != "TEGAL":
        wrong.append(f"dateline: {article.dateline}")
    related = [link.title for link in article.related]
    if furniture.related is not None and related != list(furniture.related):
        wrong.append(f"related: {related}")
    photos = {(image.caption, image.credit) for image in article.images}
    if furniture.photo and furniture.photo not in photos:
        wrong.append(f"images: {photos}")
    return Outcome(furniture.name, shape, layout, wrong)


def outcomes(step: int = 1) -> list[Outcome]:
    """Every ``step``-th combination, judged."""
    combinations = list(product(FURNITURE, SHAPES, LAYOUTS))
    return [judged(*combination) for combination in combinations[::step]]


def main() -> int:
    """Print the table; give the exit code."""
    parser = argparse.ArgumentParser(description="Whether the text comes out clean.")
    parser.add_argument("--show", action="store_true", help="print what is wrong with each page")
    arguments = parser.parse_args()
    found = outcomes()
    right = Counter(outcome.furniture for outcome in found if not outcome.wrong)
    each = len(SHAPES) * len(LAYOUTS)
    rows = [(kind.name, f"{right[kind.name]} of {each}") for kind in FURNITURE]
    print_table(("furniture", "right"), rows)
    if arguments.show:
        for outcome in found:
            if outcome.wrong:
                place = f"{outcome.furniture}, {outcome.shape}, {outcome.layout}"
                print(f"{place}: {'; '.join(outcome.wrong)}")
    print(f"{right.total()} of {len(found)} pages are right")
    return int(right.total() < len(found))


if __name__ == "__main__":
    sys.exit(main())
