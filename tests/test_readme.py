"""The README is true: its tables are those of the code, and what it links to is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from crawler import settings
from crawler.database.store import Store
from tests.helpers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

ENGLISH = ROOT / "README.md"
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")]
SOURCES = [*ROOT.glob("crawler/**/*.py"), *ROOT.glob("spiders/*.py"), *ROOT.glob("pipelines/*.py")]


def table(heading: str) -> list[list[str]]:
    """The rows of the first table that begins with this cell, without its head."""
    lines = ENGLISH.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))])
    return rows


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_setting_of_ours_with_its_default() -> None:
    """Those that Scrapy has too, with another default, are its own to document."""
    import scrapy.settings.default_settings as scrapys

    ours = [name for name in vars(settings) if name.isupper() and not hasattr(scrapys, name)]
    documented = {named(name)[0]: "".join(named(default)) for name, default, _ in table("name")}
    assert sorted(documented) == sorted(ours)
    for name, default in documented.items():
        assert default == str(getattr(settings, name))


def test_every_column_of_an_article_in_order(tmp_path: Path) -> None:
    with Store(tmp_path / "empty.db") as store:
        columns = [row["name"] for row in store.rows("PRAGMA table_xinfo(articles)")]
    assert [name for cell, _ in table("column") for name in named(cell)] == columns


def test_every_table_is_named(tmp_path: Path) -> None:
    with Store(tmp_path / "empty.db") as store:
        tables = {name for name in store.db.table_names() if not name.startswith("_")}
    text = ENGLISH.read_text(encoding="utf-8")
    own = {name for name in tables if not re.match(r"articles_fts_|sqlite_", name)}
    assert [name for name in sorted(own) if f"`{name}`" not in text] == []


def test_every_state_of_a_page(tmp_path: Path) -> None:
    with Store(tmp_path / "empty.db") as store:
        schema = store.db.table("pages").schema
    states = re.search(r"state IN \(([^)]*)\)", schema)
    assert states
    known = re.findall(r"'(\w+)'", states[1])
    assert sorted(name for cell, *_ in table("state") for name in named(cell)) == sorted(known)


# -- the lines of an unhealthy run ---------------------------------------------------------------

LINES = [line for cell, _ in table("a line of an unhealthy run") for line in named(cell)]
VARIABLE = r"\b[A-Z]+\b|\.\.\."  # in the README, what is another text each time
HOLE = "0"  # what stands for it in a text of the code


@cache
def reasons() -> dict[str, str]:
    """The texts with which the code makes a run unhealthy, and the module of each."""
    found = {}
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            for text in _reasons(node, tree, of_health=path.stem == "health"):
                if len(text.replace(HOLE, "")) > len(": "):  # another's text is not ours to list
                    found[text] = str(path.relative_to(ROOT))
    return found


def _reasons(node: ast.AST, tree: ast.Module, *, of_health: bool) -> list[str]:
    match node:
        case ast.Call(func=ast.Attribute(attr="add_problem" | "abort"), args=[first, *_]):
            return _texts(first, tree)
        case ast.Call(
            func=ast.Attribute(attr="append", value=ast.Name("why") | ast.Attribute(attr="why")),
            args=[first],
        ):
            return _texts(first, tree)
        case ast.Assign(targets=[ast.Name("trouble") | ast.Attribute(attr="trouble")]):
            return _texts(node.value, tree)
        case ast.AnnAssign(target=ast.Attribute(attr="why"), value=ast.List(elts=elements)):
            return [text for element in elements for text in _texts(element, tree)]
        case ast.Yield(value=ast.expr() as value) if of_health:
            return _texts(value, tree)
    return []


def _texts(node: ast.expr, tree: ast.Module) -> list[str]:
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            return ["".join(str(v.value) if isinstance(v, ast.Constant) else HOLE for v in values)]
        case ast.Name(id=name):  # as it was assigned, somewhere in the module
            given = [n for n in ast.walk(tree) if isinstance(n, ast.Assign)]
            values = [n.value for n in given if [ast.unparse(t) for t in n.targets] == [name]]
            return [text for value in values for text in _texts(value, tree)]
    return []


def _matches(line: str, text: str) -> bool:
    return bool(re.fullmatch(".*".join(map(re.escape, re.split(VARIABLE, line))), text))


@pytest.mark.parametrize("line", LINES)
def test_every_line_of_the_readme_is_one_of_the_code(line: str) -> None:
    assert [text for text in reasons() if _matches(line, text)]


def test_every_line_of_the_code_is_in_the_readme() -> None:
    assert len(reasons()) > 15
    absent = {t: path for t, path in reasons().items() if not any(_matches(x, t) for x in LINES)}
    assert absent == {}


# -- commands and links --------------------------------------------------------------------------


def test_every_command_is_named() -> None:
    commands = {path.stem for path in ROOT.glob("crawler/commands/[a-z]*.py")}
    text = ENGLISH.read_text(encoding="utf-8")
    assert [name for name in sorted(commands) if f"scrapy {name}" not in text] == []


def test_every_command_that_is_wanted_is_there() -> None:
    commands = {path.stem for path in ROOT.glob("crawler/commands/[a-z]*.py")}
    rows = [named(command) for _, command in table("I want to ...")]
    wanted = [name.split()[1] for names in rows for name in names if name.startswith("scrapy ")]
    assert [name for name in wanted if name not in commands] == []
    assert len(wanted) > 10


def anchors(page: Path) -> set[str]:
    """As GitHub names the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []
