"""The diff of two records that a person reads."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Article
from crawler.database.changes import changes

ARTICLE = Article(
    id="rgngo4900",
    url="https://ekonomi.republika.co.id/berita/rgngo4900/harga-cabai",
    title="Harga Cabai Naik",
    published_at="2022-08-15T16:25:00+07:00",
    published_from="page",
    reporters=["Contoh Reporter", "C31"],
    body="Harga cabai naik.\n\nPedagang mengeluh.\n\nPasokan berkurang.\n\nHujan belum reda.",
    word_count=9,
    language="id",
    kind="article",
    layout="rol",
    content_hash="a1",
    parser_version="1",
    fetched_at="2022-08-15T17:00:00+07:00",
    first_seen_at="2022-08-15T17:00:00+07:00",
    updated_at="2022-08-15T17:00:00+07:00",
)


def diff(before: dict[str, object] | None = None, after: dict[str, object] | None = None) -> str:
    return changes({**asdict(ARTICLE), **(before or {})}, {**asdict(ARTICLE), **(after or {})})


def of_bodies(before: list[str], after: list[str]) -> list[str]:
    name, *lines = changes({"body": "\n\n".join(before)}, {"body": "\n\n".join(after)}).splitlines()
    assert name == "body"
    return lines


def test_every_field_that_differs_in_the_order_of_the_columns() -> None:
    after = replace(
        ARTICLE,
        title="Harga Cabai Turun",
        lead="Pasokan bertambah.",
        reporters=["Contoh Reporter", "C32"],
        body="Harga cabai turun.\n\nPedagang mengeluh.\n\nHujan belum reda.\n\nPetani menunggu.",
        partial=True,
        tags=["cabai"],
    )
    assert changes(asdict(ARTICLE), asdict(after)) == (
        "title\n"
        "- Harga Cabai Naik\n"
        "+ Harga Cabai Turun\n"
        "\n"
        "lead\n"
        "+ Pasokan bertambah.\n"
        "\n"
        "reporters\n"
        "- C31\n"
        "+ C32\n"
        "\n"
        "body\n"
        "- Harga cabai naik.\n"
        "+ Harga cabai turun.\n"
        "…\n"
        "- Pasokan berkurang.\n"
        "…\n"
        "+ Petani menunggu.\n"
        "\n"
        "partial\n"
        "- 0\n"
        "+ 1\n"
        "\n"
        "tags\n"
        "+ cabai"
    )


def test_records_that_say_the_same_have_no_changes() -> None:
    assert diff() == ""
    assert changes({}, {}) == ""
    assert diff({"partial": 0}, {"partial": False}) == ""


@pytest.mark.parametrize(
    "name",
    "word_count content_hash parser_version fetched_at first_seen_at updated_at".split(),
)
def test_what_says_nothing_of_the_article_is_left_out(name: str) -> None:
    assert diff({name: "1"}, {name: "2"}) == ""


@pytest.mark.parametrize(
    "name",
    """
    url title lead published_at published_raw published_from modified_at section dateline
    language kind layout
""".split(),
)
@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("lama", "baru", "\n- lama\n+ baru"),
        (None, "baru", "\n+ baru"),
        ("lama", None, "\n- lama"),
        ("satu\ndua", "dua", "\n- satu\n- dua\n+ dua"),
    ],
)
def test_short_field(name: str, before: str | None, after: str | None, lines: str) -> None:
    assert diff({name: before}, {name: after}) == name + lines


def test_a_field_that_one_record_lacks_is_null_there() -> None:
    assert changes({}, {"title": "Cabai"}) == "title\n+ Cabai"
    assert changes({"title": "Cabai"}, {}) == "title\n- Cabai"


@pytest.mark.parametrize("name", ["reporters", "editors", "sources", "tags"])
@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (["a", "b"], ["a", "c", "b"], ["+ c"]),
        (["a", "b"], ["b"], ["- a"]),
        ([], ["a", "b"], ["+ a", "+ b"]),
        (None, ["a"], ["+ a"]),
        (["a"], None, ["- a"]),
        (["a", "a"], ["a"], ["- a"]),
        (["a", "b"], ["c", "d"], ["- a", "- b", "+ c", "+ d"]),
    ],
)
def test_list(name: str, before: list[str], after: list[str], lines: list[str]) -> None:
    assert diff({name: before}, {name: after}).splitlines() == [name, *lines]


def test_an_item_that_moved_is_taken_away_and_added() -> None:
    _, *lines = diff({"reporters": ["a", "b", "c"]}, {"reporters": ["b", "c", "a"]}).splitlines()
    assert sorted(lines) == ["+ a", "- a"]


def test_items_with_several_values() -> None:
    photo = {"url": "https://static.republika.co.id/x.jpg", "caption": "Pasar", "credit": None}
    credited = {**photo, "credit": "Contoh Reporter"}
    link = {"related_id": None, "url": "https://contoh.id/1", "title": "Cara Menanam"}
    assert diff({"images": [photo], "related": []}, {"images": [credited], "related": [link]}) == (
        "images\n"
        "- url: https://static.republika.co.id/x.jpg, caption: Pasar\n"
        "+ url: https://static.republika.co.id/x.jpg, caption: Pasar, credit: Contoh Reporter\n"
        "\n"
        "related\n"
        "+ url: https://contoh.id/1, title: Cara Menanam"
    )


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("a b c", "a x c", "…|- b|+ x|…"),
        ("a b c", "x b c", "- a|+ x|…"),
        ("a b c", "a b x", "…|- c|+ x"),
        ("a b c", "a b c d", "…|+ d"),
        ("a b c", "b c", "- a|…"),
        ("a b c d e", "a x c d y", "…|- b|+ x|…|- e|+ y"),
        ("a b c d", "a x y d", "…|- b|- c|+ x|+ y|…"),
        ("a b", "x y", "- a|- b|+ x|+ y"),
        ("a a a", "a a", "…|- a"),
        ("a a", "a a a", "…|+ a"),
    ],
)
def test_body_is_told_apart_by_paragraphs(before: str, after: str, lines: str) -> None:
    assert of_bodies(before.split(), after.split()) == lines.split("|")


def test_each_line_of_a_paragraph_is_marked() -> None:
    assert of_bodies(["satu\ndua"], ["satu\ntiga"]) == ["- satu", "- dua", "+ satu", "+ tiga"]


paragraphs = st.lists(st.sampled_from("abcde"), min_size=1)


@given(paragraphs, paragraphs)
def test_the_changes_are_those_between_the_two(before: list[str], after: list[str]) -> None:
    """What is taken away and what is added account for the difference, nothing else is said."""
    if before == after:
        return
    lines = of_bodies(before, after)
    removed = [line[2:] for line in lines if line.startswith("- ")]
    added = [line[2:] for line in lines if line.startswith("+ ")]
    assert len(removed) + len(added) + lines.count("…") == len(lines)
    assert sorted(before + added) == sorted(after + removed)
    assert ("…", "…") not in pairwise(lines)


ODD = [f"{number}" for number in range(20_000)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["x" * 100_000], ["x" * 99_999 + "y"]),
        (["x" * 1000] * 100, ["x" * 1000] * 99 + ["y" * 1000]),
        (["q", *["a"] * 33_000, "z"], ["r", *["a"] * 33_000, "y"]),
        (["q", *["a", "b"] * 16_000, "z"], ["r", *["b", "a"] * 16_000, "y"]),
        (["q", *["a"] * 800, "z"], ["r", *["a", "b"] * 400, "y"]),
        (ODD, ODD[::-1]),
        (ODD, [*ODD[10_000:], *ODD[:10_000]]),
        (ODD, ["x", *ODD, "y"]),
        # As much as is still compared, in the order that takes difflib longest.
        (ODD[:990], [text for pair in zip(ODD[495:990], ODD, strict=False) for text in pair]),
        (["q", *["a"] * 52, "z"], ["r", *["a"] * 53, "y"]),
    ],
)
def test_long_bodies_take_less_than_a_second(before: list[str], after: list[str]) -> None:
    began = time.process_time()
    lines = of_bodies(before, after)
    assert time.process_time() - began < 1
    assert lines


def test_of_a_long_body_too_only_the_changes_are_given() -> None:
    assert of_bodies(ODD, [*ODD[:7000], "baru", *ODD[7000:]]) == ["…", "+ baru", "…"]
    changed = [*ODD[:100], "x", *ODD[101:800], "y", *ODD[801:]]
    assert of_bodies(ODD, changed) == ["…", "- 100", "+ x", "…", "- 800", "+ y", "…"]


def test_of_too_much_to_compare_all_between_the_changes_is_given() -> None:
    after = ["x", *ODD[1:-1], "y"]
    assert of_bodies(ODD, after) == [f"- {text}" for text in ODD] + [f"+ {text}" for text in after]


def test_same_text_whatever_the_order_of_the_keys() -> None:
    after = asdict(replace(ARTICLE, title="Cabai", section="Ekonomi", tags=["b", "a"]))
    turned = dict(reversed(after.items()))
    assert changes(asdict(ARTICLE), turned) == changes(asdict(ARTICLE), after)
