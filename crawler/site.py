"""What is believed of the live site and could not be checked there: one place to correct it.

Read off saved pages and public scrapers; the endpoints were seen live by others in July 2026. When
one of them proves wrong, the line here is the only one to change.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

HOME = "https://republika.co.id"

# The site, and the sister domains that serve the same articles under the same ids.
DOMAINS = (
    "republika.co.id",
    "ihram.co.id",
    "ekbis.co",
    "rejogja.co.id",
    "rejabar.co.id",
    "esgnow.id",
    "janna.co.id",
    "dialogjumat.co.id",
)

# Where its photos lie, as saved pages have them (KEEP_IMAGES asks no other); not checked live.
IMAGE_HOSTS = frozenset({"static.republika.co.id", "republika.co.id", "www.republika.co.id"})

# A host of the site is one of them, or one name before it, as news.republika.co.id; these names are
# a machine's own.
NO_HOSTS = ("localhost", "localdomain", "local", "internal")

# Names of sections, which the site calls kanal: its hosts, and first parts of section paths.
SECTIONS = frozenset(
    """
    ameera analisis bola daerah dunia-islam ekonomi en english esgnow gaya-hidup gayahidup
    hiburan ihram inpicture internasional iqra islam-digest islamdigest jurnal-haji khazanah
    kolom leisure nasional news olahraga otomotif pendidikan ramadhan rejabar rejogja
    sepakbola senggang sharia sport tekno teknologi trendtek video visual
""".split()
)

# Until 2010 articles had numbers. What the id of such a one begins with, by the page that showed
# it; whether the pages of 2004-07 count in common is not known, so that each has its own.
NUMBERED_PAGES = {
    "online_detail.asp": "online",
    "koran_detail.asp": "koran",
    "cetak_detail.asp": "cetak",
}
NUMBERED = "berita"  # the same of /berita/12345/slug and /berita/{kanal}/10/03/05/12345-slug


@dataclass(frozen=True, slots=True)
class DateIndex:
    """One generation of the index of a day, and how many articles a page of it holds.

    ``whole`` and ``sectioned`` are paths with ``{offset}`` (or ``{later}``, an offset that the
    first page has not), ``{day}`` and ``{section}``; a generation without ``sectioned`` lists a
    day only as a whole.
    """

    whole: str
    step: int
    sectioned: str | None = None

    def url(self, day: date, offset: int, section: str | None = None) -> str:
        """The address of the page that begins with the article number ``offset``."""
        form = self.sectioned if section and self.sectioned else self.whole
        later = f"/{offset}" if offset else ""
        return HOME + form.format(day=day, offset=offset, later=later, section=section)


@dataclass(frozen=True, slots=True)
class NewestIndex:
    """The index of all news, or of a section's, and how many articles a page of it holds."""

    whole: str
    sectioned: str
    step: int

    def url(self, offset: int, section: str | None = None) -> str:
        """The address of the page that begins with the article number ``offset``."""
        form = self.sectioned if section else self.whole
        return HOME + form.format(offset=offset, section=section)


NEWEST = NewestIndex("/index/{offset}", "/index/{section}/{offset}", step=50)

# The feed of all, and those of the sections whose feeds are alive; others are years old or empty.
FEEDS = tuple(
    f"https://www.republika.co.id/rss{section}"
    for section in (
        "",
        "/nasional",
        "/ekonomi",
        "/internasional",
        "/khazanah",
        "/otomotif",
        "/pendidikan",
    )
)
SITEMAP = f"{HOME}/files/xml/sitemap.xml"


def tag_url(tag: str, offset: int) -> str:
    """The address of the page of a tag that begins with the article number ``offset``."""
    return f"{HOME}/tag/{tag}" + (f"/{offset}" if offset else "")


# Bounds that the site has never met: it makes some 400 articles a day, and lists 50 on a page.
MOST_ARTICLES = 2_000  # of a day, or of one page of a listing
MOST_PAGES_OF_A_DAY = 60  # of an index
MOST_PAGES_AHEAD = 100  # of a listing, one after the other, without an older article
MOST_DEAD = 1_000  # articles one after the other that are listed and give no record

# The newest first: a day of which one shows nothing is asked of the next.
DATE_INDEXES = (
    DateIndex("/index/{offset}/{day:%Y/%m/%d}", step=50),
    DateIndex(
        "/index/{day:%Y/%m/%d}{later}",
        step=40,
        sectioned="/index/{section}/{day:%Y/%m/%d}{later}",
    ),
    DateIndex("/index/{offset}/{day:%Y-%m-%d}", step=50),
)


def check_section(section: str) -> str:
    """The section of a name, which may be as articles show it ("Gaya Hidup").

    Raises ValueError for a name that is not one of the site's.
    """
    name = "-".join(section.lower().split())
    for section_name in (name, name.replace("-", "")):
        if section_name in SECTIONS:
            return section_name
    alike = get_close_matches(name, SECTIONS, 1)
    hint = f"did you mean {alike[0]}? " if alike else ""
    raise ValueError(f"unknown section {section}; {hint}known are {', '.join(sorted(SECTIONS))}")


def is_in_section(section: str, url: str, label: str | None) -> bool:
    """Whether an article is of the section: by its host, its path, or the label that it has.

    ``label``: what a listing shows beside it, or a record's ``section``, as "Ekonomi > Energi".
    """
    host, _, path = url.removeprefix("https://").partition("/")
    labels = [part.strip().lower().replace(" ", "-") for part in (label or "").split(">")]
    return host.partition(".")[0] == section or section in path.split("/")[1:3] or section in labels
