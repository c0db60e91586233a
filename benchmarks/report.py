"""Put what the benchmarks have found into benchmarks/README.md.

    python benchmarks/report.py

What stands there between `<!-- results: NAME -->` and `<!-- end -->` is made of the file that
`--record` has a benchmark write, benchmarks/results/NAME.json, and of nothing else.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from recorded import FOLDER

README = Path(__file__).with_name("README.md")
_BLOCK = re.compile(r"(?<=<!-- results: )([\w-]+)( -->\n).*?(?=<!-- end -->)", re.DOTALL)


def filled_in(text: str) -> str:
    """The page with its results as they are now."""

    def block(match: re.Match[str]) -> str:
        path = FOLDER / f"{match[1]}.json"
        if not path.exists():
            return f"{match[1]}{match[2]}Not measured yet.\n"
        return f"{match[1]}{match[2]}{_markdown(json.loads(path.read_text(encoding='utf-8')))}"

    return _BLOCK.sub(block, text)


def _markdown(results: dict[str, Any]) -> str:
    made = f"`{results['command']}` of {results['day']} at commit `{results['commit']}`"
    lines = [f"{made}, {results['machine']}, a load of {results['load']}:"]
    for part in results["parts"]:
        lines += ["", part] if isinstance(part, str) else _table(part["columns"], part["rows"])
    return "\n".join(lines) + "\n"


def _table(columns: list[str], rows: list[list[object]]) -> list[str]:
    cells = [
        ["" if cell is None else str(cell).replace("|", r"\|") for cell in row] for row in rows
    ]
    return ["", *(f"| {' | '.join(row)} |" for row in (columns, ["---"] * len(columns), *cells))]


if __name__ == "__main__":
    README.write_text(filled_in(README.read_text(encoding="utf-8")), encoding="utf-8")
