"""What the tests of search share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.query.filter import Filter
from crawler.query.search import search, with_words
from crawler.query.snapshot import reading
from tests.records import article

if TYPE_CHECKING:
    from pathlib import Path

MARKET = article(
    "rgm001430",
    title="Pasar Ikan Dibuka",
    lead="Nelayan lega.",
    body="Kapal datang membawa tongkol.",
    published_at="2022-08-10T08:00:00+07:00",
    section="Ekonomi > Pangan",
    reporters=["Contoh Reporter"],
)
BOATS = article(
    "rgm002430",
    title="Kapal Baru untuk Teluk",
    lead="Pasar ikan menunggu.",
    body="Panitia menghitung tongkol segar di dermaga.",
    published_at="2022-08-12T08:00:00+07:00",
    section="Nasional > Umum",
    reporters=["Kontoh Réporter", "Contoh Kedua"],
    tags=["Teluk Lestari"],
    kind="gallery",
    partial=True,
)
KITCHEN = article(
    "rgm003430",
    title="Resep Tempé Bacem",
    lead=None,
    body="Belanja di pasar dahulu.\n\nTempé direndam covid-19 jam, lalu digoreng.",
    published_at="2022-08-14T23:59:00+07:00",
    section="Gaya Hidup > Kuliner",
    reporters=[],
    tags=[],
    language="en",
    word_count=200,
)
ARTICLES = (MARKET, BOATS, KITCHEN)


def found(database: Path, words: str, *, newest: bool = False, limit: int = 20, **wanted) -> list:
    with reading(database) as connection:
        asked = with_words(connection, Filter(**wanted), words)
        result = search(connection, asked, newest=newest, limit=limit)
    return [hit.id for hit in result.hits]
