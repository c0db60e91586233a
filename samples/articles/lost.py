"""Articles on the index that give no record."""

from __future__ import annotations

from samples.articles.model import (
    Lost,
    at,
)

BOOK_FAIR = Lost(
    "news",
    "Bazar Buku Bekas Dipadati Pengunjung",
    at(14, 6, 31),
    at(14, 10),
    "gone",
    "answered 200 with the home page",
)
FISH_STALL = Lost(
    "ekonomi",
    "Koperasi Nelayan Buka Gerai Ikan Segar",
    at(8, 8, 2),
    at(8, 12),
    "gone",
    "answered 404",
)
DRAIN = Lost(
    "news",
    "Warga Gotong Royong Bersihkan Saluran Air",
    at(6, 44, 29),
    at(6, 48),
    "rejected",
    "an article's page without text and without a readable date",
)
