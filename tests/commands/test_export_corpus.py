"""Exports for corpora: near-duplicates, and the recipes of docs/use.md."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.helpers import GUESTS, ROOT, fill
from tests.records import article

if TYPE_CHECKING:
    from pathlib import Path

SENTENCES = [
    f"Kelompok tani nomor {n} menanam cabai di lahan {n * 7} dan menjual panen ke pasar {n * 3}."
    for n in range(40)
]
TEXT = " ".join(SENTENCES)
FIRST = article("rgm001430", title="Panen", body=TEXT, published_at="2022-08-10T08:00:00+07:00")
LATER = article(
    "rgm000430",
    title="Panen Lagi",
    body=TEXT.replace("nomor 20 menanam", "nomor 20 kembali menanam").upper(),
    published_at="2022-08-11T08:00:00+07:00",
)
HALF = article(
    "rgm003430",
    title="Sebagian",
    body=" ".join(SENTENCES[:20]) + " Selebihnya berbeda." * 60,
    published_at="2022-08-12T08:00:00+07:00",
)
BARE = [
    article(
        f"rgm00{n}430", title=f"Foto {n}", body="Foto.", published_at=f"2022-08-1{n}T08:00:00+07:00"
    )
    for n in (5, 6)
]


@pytest.fixture(scope="module")
def farms(tmp_path_factory):
    return fill(tmp_path_factory.mktemp("farms") / "farms.db", LATER, FIRST, HALF, *BARE)


def with_guests(
    command: list[str], folder: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(GUESTS), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def exported(database, *options: str) -> list[dict]:
    command = [sys.executable, "-m", "crawler", "export", "-s", f"DATABASE={database}", "-o", "-"]
    done = with_guests([*command, *options], ROOT)
    assert done.returncode == 0, done.stderr
    assert "near-duplicates: 1 of " in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_near_duplicates_are_marked_or_left_out(farms):
    marked = exported(farms, "--near-duplicates")
    assert {row["id"]: row["near_duplicate_of"] for row in marked} == {
        FIRST.id: None,
        LATER.id: FIRST.id,
        HALF.id: None,
        **{one.id: None for one in BARE},
    }
    kept = exported(farms, "--exclude-near-duplicates", "--limit", "2", "--fields", "id")
    assert [row["id"] for row in kept] == [FIRST.id, HALF.id]


RECIPES = re.findall(
    r"```python\n(.*?)```",
    (ROOT / "docs/use.md").read_text().split("### In pandas", 1)[1].split("\n## ", 1)[0],
    re.DOTALL,
)


@pytest.mark.parametrize("recipe", RECIPES, ids=["pandas", "polars", "duckdb", "datatrove"])
def test_recipes_run(export, tmp_path, recipe):
    export("corpus.jsonl")
    export("2022-08.parquet")
    done = with_guests([sys.executable, "-c", recipe], tmp_path)
    assert done.returncode == 0, done.stderr
    if "datatrove" in recipe:
        assert list(tmp_path.glob("filtered/*.jsonl.gz"))
    else:
        assert "2022" in done.stdout


@pytest.mark.parametrize("name", ["articles.jsonl", "articles.jsonl.gz", "articles.parquet"])
def test_a_folder_with_its_card_loads_with_moments_days_and_nulls(export, tmp_path, name):
    written = export(name, "--card")
    program = """
import json, sys, datasets
options = json.loads(sys.argv[2])
loaded = datasets.load_dataset(sys.argv[1], split="train", cache_dir="cache", **options)
for row in loaded:
    moments = [row[name] and row[name].isoformat() for name in ("published_at", "modified_at")]
    print(*moments, row["published_day"], row["images"])
"""
    blocks = "{}" if name.endswith("parquet") else '{"chunksize": 500}'  # bytes: one row or two
    arguments = [sys.executable, "-c", program, str(written.parent), blocks]
    done = with_guests(arguments, tmp_path, HF_HUB_OFFLINE="1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"{row['published_at']} {row['modified_at']} {row['published_day']} {row['images']}"
        for row in map(json.loads, export("plain.jsonl").read_text().splitlines())
    ]


def test_moments_of_json_lines_lose_their_zone_where_it_is_inferred(export):
    """As the docs warn."""
    from pyarrow import json as reading

    read = reading.read_json(export("corpus.jsonl"))
    assert read.schema.field("published_at").type.tz is None


def test_what_is_not_installed_is_named(run, farms, monkeypatch):
    monkeypatch.setattr("crawler.reading.export.find_spec", lambda name: None)
    code, _, err = run("export", "-o", "-", "--near-duplicates", database=farms)
    assert code == 2
    assert "pip install datasketch" in err
