"""How right this parser's records are, over pages whose records are known.

    python benchmarks/accuracy.py [--raise]
    python benchmarks/accuracy.py --against trafilatura PAGES [...] [--worst N]

The pages are those of the sample day and, where they are beside the project, real ones. Ends in 1
where a measure is under its floor in tests/floors.json, or a floor has to be raised; --raise writes
what was reached into that file, and never a lower figure.

With --against, over any pages whose records are unknown: WARC files, saved pages, folders of
them. It names the articles where this parser's text and another reader's differ most, which are
those to look at.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import second_opinion  # noqa: E402
from peer_versions import PEERS  # noqa: E402
from peers import OURS, PeerError  # noqa: E402
from recorded import Results  # noqa: E402

from crawler.errors import CaptureError  # noqa: E402
from tests.corpus import CORPUS  # noqa: E402
from tests.floors import faults, load, measured, raise_floors, scored, sets  # noqa: E402
from tests.scoring import LEAK_KINDS, measures  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.scoring import Score


def show(results: Results, name: str, scores: Sequence[Score]) -> None:
    """Print the table of a set of pages, a layout a column."""
    columns = {"all": list(scores)}
    for score in scores:
        columns.setdefault(score.page.layout, []).append(score)
    reached = {column: measures(its) for column, its in columns.items()}
    rows: list[tuple[object, ...]] = [("pages", *(str(len(its)) for its in columns.values()))]
    for measure in reached["all"]:
        rows.append((f"{measure}, %", *(f"{its[measure]:g}" for its in reached.values())))
    counts = [sum((score.leaks for score in its), Counter()) for its in columns.values()]
    for kind in LEAK_KINDS:
        rows.append((f"leaks: {kind}", *(str(count[kind]) for count in counts)))
    results.table((name, *columns), rows)
    for score in scores:
        wrong = [field for field, right in score.right.items() if not right]
        if wrong or score.leaks:
            print(f"wrong: {score.page.name}: {', '.join([*wrong, *score.leaks])}")
        for line in score.page.mended:
            print(f"left out of the label of {score.page.name}, as its own rules say: {line}")


def against(name: str, paths: Sequence[Path], worst: int) -> int:
    """Print where this parser and another reader differ most; give the exit code."""
    try:
        pages = list(second_opinion.saved_pages(paths))
        second_opinion.show(second_opinion.differences(name, pages), name, worst)
    except (PeerError, CaptureError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if pages else 1


def main() -> int:
    """Print the tables; give the exit code."""
    parser = argparse.ArgumentParser(description="How right this parser's records are.")
    parser.add_argument("--raise", dest="up", action="store_true", help="raise the floors to this")
    parser.add_argument("--against", metavar="NAME", help="another reader, such as trafilatura")
    parser.add_argument("--worst", type=int, default=20, help="pages that are shown (%(default)s)")
    parser.add_argument("pages", nargs="*", type=Path, help="for --against: WARC files, folders")
    arguments = parser.parse_intermixed_args()
    if bool(arguments.against) != bool(arguments.pages):
        parser.error("--against NAME and PAGES go together")
    if arguments.against:
        known = (*PEERS, *OURS)
        if arguments.against not in known:
            parser.error(f"no such reader: {arguments.against}; there are: {', '.join(known)}")
        if absent := [str(path) for path in arguments.pages if not path.exists()]:
            parser.error(f"there is no such file: {', '.join(absent)}")
        return against(arguments.against, arguments.pages, arguments.worst)
    reached = {}
    results = Results("accuracy")
    for name, pages in sets(CORPUS).items():
        scores = scored(pages)
        show(results, name, scores)
        reached[name] = measured(scores)
    results.keep()
    if not CORPUS.is_dir():
        print("REPUBLIKA_CORPUS does not name the folder of the corpus of real pages")
    if arguments.up:
        reasons = raise_floors(reached)
    else:
        floors = load()
        reasons = [reason for name in reached for reason in faults(name, reached[name], floors)]
    print("\n".join(reasons) or "every measure stands at its floor")
    return 1 if reasons else 0


if __name__ == "__main__":
    sys.exit(main())
