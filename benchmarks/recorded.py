"""What a benchmark has found: shown, and kept with `--record` as benchmarks/results/NAME.json.

`report.py` puts what is kept into README.md.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from crawler.cli.terminal import print_table  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = ROOT / "benchmarks" / "results"
IS_RECORDED = "--record" in sys.argv
if IS_RECORDED:  # every benchmark takes it; none has to parse it
    sys.argv.remove("--record")


class Results:
    """The tables of one benchmark, ``name``, and what is to be told beside them."""

    def __init__(self, name: str) -> None:
        self._name = name
        commit = ["git", "describe", "--always", "--dirty", "--exclude=*"]
        done = subprocess.run(commit, cwd=ROOT, capture_output=True, text=True, check=False)
        self._kept: dict[str, object] = {
            "command": " ".join(["python", f"benchmarks/{Path(sys.argv[0]).name}", *sys.argv[1:]]),
            "commit": done.stdout.strip(),
            "day": f"{datetime.now(UTC):%Y-%m-%d}",
            "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        }
        self._parts: list[str | dict[str, object]] = []

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Show a table."""
        print_table(columns, rows)
        self._parts.append({"columns": list(columns), "rows": [list(row) for row in rows]})
        print()

    def say(self, line: str) -> None:
        """Show a line."""
        print(line)
        self._parts.append(line)

    def keep(self) -> None:
        """Write the file, if that is wanted."""
        if IS_RECORDED:
            self._kept["load"] = f"{os.getloadavg()[1]:.1f}"  # over the last five minutes
            FOLDER.mkdir(exist_ok=True)
            text = json.dumps({**self._kept, "parts": self._parts}, ensure_ascii=False, indent=1)
            (FOLDER / f"{self._name}.json").write_text(f"{text}\n", encoding="utf-8")
