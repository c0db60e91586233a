"""Every kind of fault against a made-up site on this machine, and what comes of it.

    python benchmarks/faults.py [KIND ...] [--instants N] [--only WORD]

After each, the site and the machine are well again and the next command runs. It is as promised
if nothing is lost, nothing is stored wrongly, no traceback is shown and each exit code is the right
one. What is otherwise is told below the table; the exit code is then 1.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from recorded import Results  # noqa: E402

from tests.faults import content, environment, ground, kills, protocol  # noqa: E402
from tests.faults.checks import Played, playing  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KINDS = ("kills", "environment", "protocol", "content", "ground")
STORIES = 40
AT_A_TIME = 2


class Fault(NamedTuple):
    """A fault to play in a folder that is made then; it gives what is wrong, in words."""

    kind: str
    name: str
    variety: str
    play: Callable[[Path], list[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add = parser.add_argument
    add("kinds", nargs="*", choices=[*KINDS, []], metavar="KIND", help=", ".join(KINDS))
    add("--instants", type=int, default=30, help="kills of each command")
    add("--only", default="", help="faults whose name holds this")
    options = parser.parse_args()
    results = Results("faults")
    with TemporaryDirectory() as folder, playing(Path(folder) / "base", STORIES) as played:
        faults = [
            fault
            for fault in all_faults(played, options.instants)
            if fault.kind in (options.kinds or KINDS) and options.only in fault.name
        ]
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            folders = [Path(folder) / str(number) for number in range(len(faults))]
            outcomes = list(zip(faults, pool.map(outcome, faults, folders), strict=True))
    plays, right = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for fault, found in outcomes:
        plays[fault.kind, fault.name] += 1
        right[fault.kind, fault.name] += not found
    rows = [
        (kind, name, number, right[kind, name], number - right[kind, name])
        for (kind, name), number in plays.items()
    ]
    sums = [sum(column) for column in zip(*(row[2:] for row in rows), strict=True)]
    columns = ("kind", "fault", "played", "as promised", "otherwise")
    results.table(columns, [*rows, ("all", "", *sums)])
    wrong = [
        f"{fault.name}, {fault.variety}: {'; '.join(found)}" for fault, found in outcomes if found
    ]
    for line in wrong:
        results.say(line)
    results.keep()
    sys.exit(bool(wrong))


def all_faults(played: Played, instants: int) -> Iterator[Fault]:
    """Every fault there is."""
    for name in kills.KILLS:
        for number in range(instants):
            kill = partial(kills.play, name, played, instant=(number + 0.5) / instants)
            yield Fault("kills", name, f"at {(number + 0.5) / instants:.0%}", kill)
    for name, trouble in environment.TROUBLES.items():
        for command in trouble.commands:
            run = partial(environment.play, name, command, played)
            yield Fault("environment", name, command, run)
    for what, (play, names) in protocol.PLAYS.items():
        for name in names:
            yield Fault("protocol", what, name, partial(play, name))
    for when, play_page in content.PLAYS.items():
        for name in content.PAGES:
            yield Fault("content", when, name, partial(play_page, name))
    for name in ground.MOVES:
        yield Fault("ground", "what a crawl writes to", name, partial(ground.play, name))


def outcome(fault: Fault, folder: Path) -> list[str]:
    """What is wrong after a fault; one that cannot be played is wrong too."""
    try:
        return fault.play(folder)
    except Exception as error:  # noqa: BLE001
        return [repr(error)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
