"""The day: its articles, and its date index page by page."""

from __future__ import annotations

from samples.articles.exceptions import NIGHT_MARKET, PLAYGROUND, PRAYER_HOUSE, TEASER
from samples.articles.lost import BOOK_FAIR, DRAIN, FISH_STALL
from samples.articles.model import (
    Article,
    Entry,
    Lost,
    at,
)
from samples.articles.others import GARDEN, KITCHEN, READING_CONTEST, SHORT_FILM, TORCHES
from samples.articles.republika2023 import CHILLI, ENGLISH, FOOTBALL, KITES, SPRINKLER
from samples.articles.wrap_detail import BOOK_BUS, BRIDGE, MOBILE_LIBRARY, PUTIN

RECORDS = (
    KITES,
    CHILLI,
    TORCHES,
    FOOTBALL,
    BRIDGE,
    ENGLISH,
    MOBILE_LIBRARY,
    GARDEN,
    SPRINKLER,
    SHORT_FILM,
    READING_CONTEST,
    PUTIN,
    KITCHEN,
    BOOK_BUS,
    TEASER,
    PRAYER_HOUSE,
    PLAYGROUND,
)
LOST = (BOOK_FAIR, FISH_STALL, DRAIN)


def _entry(kanal: str, article: Article | Lost, url: str | None = None) -> Entry:
    return Entry(kanal, article.printed, article.title, url or article.url)


# The second address of SPRINKLER.
SPRINKLER_ON_WWW = SPRINKLER.url.replace("//tekno.", "//www.")

# The date index, page by page. A crawler leaves out what is not the site's news: an item of
# another company, a reader's post.
INDEX = (
    (
        _entry("Travelling", KITES),
        _entry("Pertanian", CHILLI),
        _entry("In Picture", TORCHES),
        Entry(
            "Kreta",
            at(15, 48),
            "Tips Merawat Sepeda Lipat di Musim Hujan",
            "https://kreta.id/berita/1500/tips-merawat-sepeda-lipat-di-musim-hujan",
            external=True,
        ),
        _entry("Arena Lain", FOOTBALL),
        _entry("Nusantara", BRIDGE),
        _entry("Umum", BOOK_FAIR),
        _entry("General", ENGLISH),
        Entry(
            "Retizen",
            at(13, 10),
            "Catatan Warga tentang Pohon Mangga di Ujung Gang",
            "https://retizen.republika.co.id/posts/170000/catatan-warga-tentang-pohon-mangga",
        ),
        _entry("Bandung Raya", MOBILE_LIBRARY),
        _entry("Islam Nusantara", GARDEN),
        _entry("Sains", SPRINKLER, SPRINKLER_ON_WWW),
    ),
    (
        _entry("Islam Nusantara", GARDEN),  # slid from the first page while the index grew
        _entry("Sains", SPRINKLER),
        _entry("Film", SHORT_FILM),
        _entry("Pendidikan", READING_CONTEST),
        _entry("Internasional", PUTIN),
        _entry("Filantropi", KITCHEN),
        _entry("Bisnis", FISH_STALL),
        _entry("Amerika", BOOK_BUS),
        _entry("Kuliner", TEASER),
        _entry("Umum", DRAIN),
        _entry("Islam Nusantara", PRAYER_HOUSE),
        _entry("Wawasan", PLAYGROUND),
        _entry("Nusantara", NIGHT_MARKET),
    ),
    (),
)
