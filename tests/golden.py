"""Golden pages: saved pages with reviewed records, `tests/pages/NAME.html` beside `NAME.json`.

    python -m tests.golden PAGE URL    # write the record of a saved page, asked for at URL
    python -m tests.golden             # write all of them again, after a change of the parser

The command writes what the parser makes of the page; a person then reads the record beside the
page and corrects the parser until every field is right. `tests/test_golden.py` holds the parser to
it. What a page says must be one's own words: the site's texts are Republika's.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crawler.parsers import NotAnArticle, ParseError, parse_article

PAGES = Path(__file__).with_name("pages")
ADDRESS = "_url"  # the address that the page was asked for at
REFUSED = "_refused"  # in place of a record: what the page is instead, or why it cannot be read
# Which crawl and which parser made a record says nothing of the page; the hash repeats the text.
_LEFT_OUT = {"fetched_at", "first_seen_at", "updated_at", "parser_version", "content_hash"}


def record(page: Path, url: str) -> dict[str, Any]:
    """What the parser makes of a saved page, as it stands in the page's JSON file."""
    try:
        fields = asdict(parse_article(page.read_bytes(), url))
    except NotAnArticle as error:
        return {ADDRESS: url, REFUSED: error.kind}
    except ParseError:
        return {ADDRESS: url, REFUSED: "unreadable"}
    return {ADDRESS: url} | {name: fields[name] for name in fields if name not in _LEFT_OUT}


def reviewed(page: Path) -> dict[str, Any]:
    """The record that a person has read beside the page."""
    loaded: dict[str, Any] = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    return loaded


def write(page: Path, url: str) -> bool:
    """Write the record of a page; gives whether it differs from the one before."""
    path = page.with_suffix(".json")
    text = json.dumps(record(page, url), ensure_ascii=False, indent=2) + "\n"
    changed = not path.exists() or path.read_text(encoding="utf-8") != text
    path.write_text(text, encoding="utf-8")
    return changed


def main(arguments: list[str]) -> int:
    """Write one record, or all again; print which of them to review."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description="Golden pages.")
    parser.add_argument("page", nargs="?", type=Path, help="a saved page, tests/pages/NAME.html")
    parser.add_argument("url", nargs="?", help="the address that it was asked for at")
    given = parser.parse_args(arguments)
    if given.page and not given.url:
        parser.error("give the address of the page too: PAGE URL")
    if given.page and not given.page.is_file():
        parser.error(f"{given.page} cannot be read: there is no such file")
    pages = [given.page] if given.page else sorted(PAGES.glob("*.html"))
    changed = [page for page in pages if write(page, given.url or reviewed(page)[ADDRESS])]
    for page in changed:
        print(f"review {page.with_suffix('.json')}")
    print(f"{len(changed)} of {len(pages)} records changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
