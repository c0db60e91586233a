"""How what was found is shown."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from crawler.cli.terminal import one_line, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.text import Text

    from crawler.query.search import Hit, Result


def print_json_hits(result: Result) -> None:
    """Print an object a line."""
    for hit in result.hits:
        print_json(
            {
                "id": hit.id,
                "url": hit.url,
                "title": _plain(hit.title),
                "published_at": hit.published_at,
                "section": hit.section,
                "reporters": hit.reporters,
                "status": "gone" if hit.is_gone else "stored",
                "snippet": _plain(hit.snippet),
            }
        )


def print_hits(result: Result, *, newest: bool, most: int | None) -> None:
    """Print them; where there are more than ``most``, that is how many were looked at."""
    show = _show_on_terminal if sys.stdout.isatty() else _show
    for hit in result.hits:
        about = "  ".join(
            one_line(part)
            for part in (
                hit.published_at[:16].replace("T", " "),
                hit.section or "",
                hit.id,
                "gone" if hit.is_gone else "",
            )
            if part
        )
        show(hit, about)
        print()
    shown = len(result.hits)
    if result.number is None and most is None:
        print(f"the newest {shown}; there are more")
    elif result.number is None:
        ranked = "" if newest else f"; the best of the newest {most:,} are shown"
        print(f"{shown} of more than {most:,} articles{ranked}")
    elif shown:
        print(f"{shown} of {result.number:,} articles, the {'newest' if newest else 'best'} first")


def _show(hit: Hit, about: str) -> None:
    print(one_line(_plain(hit.title)), about, one_line(hit.url), sep="\n")
    print(f"  {one_line(_plain(hit.snippet))}")


def _show_on_terminal(hit: Hit, about: str) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    console.print(Text("").join(_highlighted(hit.title, "bold")))
    console.print(Text(about, "green"))
    console.print(Text(one_line(hit.url), "cyan"), soft_wrap=True)
    console.print(Text("").join(_highlighted(hit.snippet, "")))


def _highlighted(pieces: Sequence[tuple[str, bool]], style: str) -> Iterable[Text]:
    from rich.text import Text

    return (
        Text(one_line(text), f"{style} yellow reverse" if found else style)
        for text, found in pieces
    )


def _plain(pieces: Sequence[tuple[str, bool]]) -> str:
    return "".join(text for text, _ in pieces)
