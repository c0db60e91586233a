"""`scrapy export --card`: the dataset card beside a file."""

from __future__ import annotations

import json

import pytest
from huggingface_hub import DatasetCard

from crawler.database.store import Store
from crawler.query.export import RECORD
from tests.helpers import fill
from tests.records import T1, article


def card_of(path) -> DatasetCard:
    return DatasetCard.load(path.with_name("README.md"))


def features(card: DatasetCard) -> dict:
    """By the name of each field, what it declares."""
    declared = card.data.to_dict()["dataset_info"]["features"]
    return {feature.pop("name"): feature for feature in map(dict, declared)}


def test_a_card_says_what_the_file_holds(export):
    path = export("a.jsonl", "--card")
    card = card_of(path)
    data = card.data.to_dict()
    assert (data["license"], data["size_categories"]) == ("other", ["n<1K"])
    assert data["language"] == ["id"]
    assert data["configs"] == [{"config_name": "default", "data_files": "a.jsonl"}]
    for line in (
        "| articles | 3 |",
        "| published | 2022-08-10 to 2022-08-12 |",
        "| kind | article: 2, gallery: 1 |",
        "| Ekonomi > Pangan | 2 |",
        "| (none) | 1 |",
        "| `modified_at` | timestamp[ms, tz=+07:00] | 33 % |",
        "| `reporters` | list | 67 % |",
        "| `images` | list | 67 % |",
        "- nothing was seen",
    ):
        assert line in card.text.splitlines()
    assert "Ask the publisher" in card.text


@pytest.mark.parametrize(
    ("name", "moment", "lists"),
    [
        ("a.jsonl", "timestamp[ms, tz=+07:00]", {"list": "string"}),
        ("a.parquet", "timestamp[ms, tz=+07:00]", {"list": "string"}),
        ("a.csv", "string", {"dtype": "string"}),
    ],
)
def test_it_declares_every_field(export, name, moment, lists):
    declared = features(card_of(export(name, "--card")))
    assert list(declared) == [field.name for field in RECORD]
    assert declared["modified_at"] == {"dtype": moment}
    assert declared["word_count"] == {"dtype": "int64"}
    assert declared["partial"] == {"dtype": "bool"}
    assert declared["reporters"] == lists


def test_it_is_about_what_was_chosen(export):
    path = export("a.jsonl", "--card", "--schema-org", "--limit", "1")
    card = card_of(path)
    assert "| articles | 1 |" in card.text
    declared = features(card)
    assert set(declared) == set(json.loads(path.read_text()))
    assert [part["name"] for part in declared["author"]["list"]] == ["@type", "name"]
    again = export("a.jsonl", "--card", "--fields", "id", "--section", "ekonomi")
    assert list(features(card_of(again))) == ["id"]
    assert "| articles | 2 |" in card_of(again).text
    none = card_of(export("none.jsonl", "--card", "--until", "2001-01-01"))
    assert "| articles | 0 |" in none.text


def test_it_tells_what_asked_not_to_be_used_for_training(tmp_path, run):
    path = fill(tmp_path / "a.db", article())
    with Store(path) as store:
        number = store.begin_run("latest", {}, {}, T1)
        signal = "robots.txt of republika.co.id: Content-Signal: ai-train=no"
        store.runs.end(
            number, reason="finished", why=[], notes=[], fields={}, now=T1, signals={signal: 2}
        )
    code, _, err = run("export", "-o", str(tmp_path / "a.jsonl"), "--card", database=path)
    assert (code, err) == (0, "")
    assert f"- {signal}" in card_of(tmp_path / "a.jsonl").text.splitlines()


def test_a_readme_of_another_is_not_touched(run, tmp_path, three_articles):
    readme = tmp_path / "README.md"
    readme.write_text("# Punya saya\n")
    path = tmp_path / "a.jsonl"
    code, out, err = run("export", "-o", str(path), "--card", database=three_articles)
    assert (code, out) == (2, "")
    assert f"{readme} is no card of ours; move it" in err
    assert readme.read_text() == "# Punya saya\n"
    assert not path.exists()
    code, out, err = run("export", "-o", "-", "--card", database=three_articles)
    assert (code, out) == (2, "")
    assert "--card stands beside a file" in err
