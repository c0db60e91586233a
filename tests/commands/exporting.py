"""What the tests of export share."""

from __future__ import annotations

import json
from dataclasses import replace

from crawler.article import Image, Related
from tests.records import article

FIRST = article(
    "rgm001430",
    title='Pasar "Ikan", Dibuka',
    published_at="2022-08-10T08:00:00+07:00",
    section="Ekonomi > Pangan",
    modified_at="2022-08-10T09:30:00+07:00",
    sources=["Antara"],
    word_count=6,
)
SECOND = article(
    "rgm002430",
    title="=HYPERLINK(kapal)",
    lead=None,
    body="Kapal baru.\n\nTempé untuk teluk.",
    published_at="2022-08-12T08:00:00+07:00",
    section=None,
    reporters=[],
    editors=[],
    dateline=None,
    kind="gallery",
    partial=True,
    word_count=5,
    tags=[],
    images=[],
    related=[],
)
THIRD = replace(
    article("rgm003430", title="Kebun", published_at="2022-08-12T08:00:00+07:00"),
    images=[Image(url="https://static.republika.co.id/3.jpg")],
    related=[Related(related_id=None, url="https://example.org/x", title="Y")],
    word_count=200,
)
SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".csv", ".csv.gz", ".csv.zst", ".parquet")


def lines(path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]
