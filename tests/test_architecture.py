"""Imports run one way, in no circle; and no module is longer than a reader can hold."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from tests.helpers import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

# From the top down; a room may import what stands on a lower floor, and within itself.
FLOORS = (
    ("crawler.commands", "crawler.addon", "crawler.__main__"),
    ("crawler.audit", "crawler.fleet", "crawler.probe"),
    ("crawler.browse", "crawler.reading", "spiders", "pipelines"),
    ("crawler.cli",),
    ("crawler.captures",),
    ("crawler.crawl", "crawler.query"),
    ("crawler.database", "crawler.parsers"),
    ("crawler.urls",),
    ("crawler.dates", "crawler.article", "crawler.errors", "crawler.settings"),
    ("crawler.site",),
    ("crawler",),  # its version
)
LONGEST = 350  # lines
PACKAGES = ("crawler", "spiders", "pipelines", "samples", "tests", "benchmarks")


def modules(*packages: str) -> dict[str, ast.Module]:
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(
            path.read_text(encoding="utf-8")
        )
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def imports(name: str, tree: ast.Module, known: set[str]) -> Iterator[str]:
    """The project's modules that a module imports, anywhere in it."""
    package = (
        name if any(other.startswith(f"{name}.") for other in known) else name.rpartition(".")[0]
    )
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*parents, *filter(None, [node.module])]) if node.level else node.module
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                if inner in known or base in known:
                    yield inner if inner in known else str(base)


def room(module: str) -> tuple[int, str]:
    """The floor and the room of a module."""
    floors = ((floor, name) for floor, names in enumerate(FLOORS) for name in names)
    rooms = [(f, name) for f, name in floors if module == name or module.startswith(f"{name}.")]
    return max(rooms, key=lambda found: len(found[1]))


def test_imports_lead_down() -> None:
    trees = modules("crawler", "spiders", "pipelines")
    upward = []
    for name, tree in trees.items():
        floor, here = room(name)
        for other in imports(name, tree, set(trees)):
            its_floor, there = room(other)
            if there != here and its_floor <= floor:
                upward.append(f"{name} -> {other}")
    assert not upward


def test_there_is_no_circle() -> None:
    trees = modules("crawler", "spiders", "pipelines")
    graph = {name: set(imports(name, tree, set(trees))) - {name} for name, tree in trees.items()}
    # A package is its modules: what imports it is no circle with what it exports.
    packages = {name for name in trees if any(other.startswith(f"{name}.") for other in trees)}
    graph = {name: others - packages for name, others in graph.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from error


def test_no_module_is_too_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }
    assert not {path: lines for path, lines in lengths.items() if lines > LONGEST}
