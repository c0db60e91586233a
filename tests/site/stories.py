"""Made-up stories, and the pages of the site that show them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from crawler.dates import WIB
from samples.articles import model
from samples.pages import page

if TYPE_CHECKING:
    from datetime import datetime

KANALS = (
    ("news", ("News", "Umum")),
    ("ekonomi", ("Ekonomi", "Pertanian")),
    ("khazanah", ("Khazanah", "Filantropi")),
    ("internasional", ("Internasional", "Asia")),
    ("sport", ("Sport", "Arena Lain")),
    ("gayahidup", ("Gaya Hidup", "Travelling")),
)
_PLACES = ("Semarang", "Bandung", "Solo", "Malang", "Padang", "Kupang", "Ambon")
_DEEDS = (
    ("Warga", "Menanam", "Pohon Trembesi"),
    ("Murid", "Membaca", "Buku Cerita"),
    ("Petani", "Memanen", "Karung Bawang"),
    ("Nelayan", "Memperbaiki", "Perahu Kayu"),
    ("Pengrajin", "Menyelesaikan", "Kursi Rotan"),
)
_TEXT = """\
Kegiatan nomor {number} itu diikuti puluhan orang dan disaksikan pengurus kampung.
"Kami mengerjakannya bersama-sama agar semua ikut belajar," ujar ketua panitia.
Peserta dibagi dalam beberapa kelompok, dan setiap kelompok mencatat hasilnya di papan tulis.
Pemerintah kota {place} menyediakan air minum. Anak-anak boleh ikut asalkan ditemani orang tua.
{title}, begitu bunyi spanduk yang dipasang di depan balai pertemuan.
"""
Layout = Literal["newrol", "rol", "wrap_detail", "republika2023", "amp"]
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_LONG_MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
).split()
ENGLISH_MONTHS = (
    "January February March April May June July August September October November December"
).split()


@dataclass(frozen=True, kw_only=True)
class Story:
    """One made-up article; `Site.change` corrects one that is published.

    ``published`` and ``modified`` are aware. The id is made of the moment of publication and
    ``editor_number``, unless it is given, and the slug of the title.
    """

    published: datetime
    title: str
    paragraphs: tuple[str, ...]
    lead: str = ""
    modified: datetime | None = None
    host: str = "news.republika.co.id"
    section: tuple[str, ...] = ("News", "Umum")
    dateline: str = "JAKARTA"
    reporter: str = "Contoh Reporter"
    editor: str = "Contoh Redaktur"
    tags: tuple[str, ...] = ("contoh",)
    layout: Layout = "republika2023"
    editor_number: str = "430"
    id: str = ""
    slug: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            made = model.article_id(self.published, self.editor_number)
            object.__setattr__(self, "id", made)
        if not self.slug:
            object.__setattr__(self, "slug", model.slug(self.title))

    @property
    def path(self) -> str:
        return f"/berita/{self.id}/{self.slug}"

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.path}"

    @property
    def changed(self) -> datetime:
        return self.modified or self.published

    def is_in(self, kanal: str) -> bool:
        """Whether the kanal's listings show the story."""
        return kanal in (self.host.partition(".")[0], *map(model.slug, self.section))


def made_up(number: int, published: datetime, **fields: Any) -> Story:
    """The story of that number; ``fields`` are what it shall have of its own."""
    kanal, section = KANALS[number % len(KANALS)]
    place = _PLACES[number % len(_PLACES)]
    who, does, what = _DEEDS[number % len(_DEEDS)]
    title = f"{who} di {place} {does} {number + 12} {what}"
    given: dict[str, Any] = {
        "title": title,
        "lead": f"Kegiatan nomor {number} ini dimulai sejak pagi.",
        "paragraphs": tuple(_TEXT.format(number=number, title=title, place=place).splitlines()),
        "host": f"{kanal}.republika.co.id",
        "section": section,
        "dateline": place.upper(),
        "tags": (what.lower(), place.lower()),
    }
    return Story(published=published, **{**given, **fields})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Article(model.Article):
    """A story as the sample's templates take it."""

    story: Story

    @property
    def id(self) -> str:
        return self.story.id

    @property
    def host(self) -> str:
        return self.story.host

    @property
    def url(self) -> str:
        return self.story.url


def _article(story: Story, layout: Layout) -> _Article:
    published = story.published.astimezone(WIB).replace(microsecond=0)
    photo = f"https://static.republika.co.id/uploads/images/inpicture_slide/{story.id}.jpg"
    return _Article(
        story=story,
        kanal="",
        layout=layout,
        title=story.title,
        lead=story.lead or None,
        made=published,
        printed=published.replace(second=0),
        stated=published,
        modified=story.modified.astimezone(WIB) if story.modified else None,
        reporters=(story.reporter,) if story.reporter else (),
        editors=(story.editor,),
        section=story.section,
        tags=story.tags,
        photos=(model.Photo(photo, "Kegiatan bersama (ilustrasi).", "Dok Panitia"),),
        opening=f"REPUBLIKA.CO.ID, {story.dateline} -- ",
        body=tuple(map(model.P, story.paragraphs)),
    )


@lru_cache(maxsize=10_000)
def article_page(story: Story, layout: Layout) -> bytes:
    article = _article(story, layout)
    html = page(article)
    # The sample's templates know the month of their own day only.
    day, month, year = f"{article.printed:%d}", article.printed.month - 1, article.printed.year
    for august, months in (("Aug", _MONTHS), ("Agustus", _LONG_MONTHS)):
        html = html.replace(f"{day} {august} {year}", f"{day} {months[month]} {year}")
    return html.encode()
