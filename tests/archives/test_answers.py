"""What an index of a web archive may answer that is not what it should be."""

from __future__ import annotations

import json

import pytest

from crawler.captures import cdx

ROW = {"url": "https://republika.co.id/berita/rgmwym370/a", "timestamp": "20220815021500"}


@pytest.mark.parametrize(
    "answer",
    [
        "<html>Temporarily Offline</html>",
        json.dumps(ROW)[:-5],
        '[["timestamp", "original"], ["2022',
        "[1, [], 5]",
        '[[["a"]], ["b"]]',
        "[1, 2]",
        "[" * 100_000,
        '{"error": "too many requests"}',
        "7",
    ],
)
def test_what_is_no_answer_is_told_as_such(answer: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        cdx.rows(answer, [])


@pytest.mark.parametrize("answer", ['{"error": "try later"}', "{}", "null", '"3"', "<html>"])
def test_what_names_no_number_of_pages_is_not_taken_for_none(answer: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        cdx.page_count(answer)
    assert cdx.page_count('{"message": "No Captures found"}') == 0


@pytest.mark.parametrize(
    "odd",
    [
        {"offset": "9" * 30},
        {"offset": "-1"},
        {"length": str(2**63)},
        {"filename": "\ud800"},
        {"digest": "\udfff"},
        {"timestamp": "20229915021500"},
    ],
)
def test_a_row_that_cannot_be_meant_costs_itself_alone(odd: dict[str, str]) -> None:
    left_out: list[str] = []
    rows, _ = cdx.rows(f"{json.dumps({**ROW, **odd})}\n{json.dumps(ROW)}", left_out)
    assert left_out == [ROW["url"]]
    assert [(row.url, row.offset, row.status) for row in rows] == [(ROW["url"], 0, None)]
