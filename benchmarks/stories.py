"""Made-up stories for the benchmarks of a crawl: many, over many days, on pages of real size."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from crawler.dates import WIB
from tests.site import made_up

if TYPE_CHECKING:
    from datetime import date

    from tests.site import Behaviour, Response, Site

LAST = datetime(2022, 8, 31, 23, 50, tzinfo=WIB)
SPACING = timedelta(days=1) / 400  # articles a day, as the site has

_PARAGRAPHS, _SENTENCES, _WORDS = 15, 2, 11  # of an article, a paragraph and a sentence
LEXICON = """
    acara air aman anak angin arus atas awal badan bahan baik balai bambu banyak barang baru batu
    bawah belajar benih beras berangkat bersama bersih bibit buah buku bulan cuaca daftar dagang
    danau dapat dapur daun desa dinas dinding gedung gotong gunung guru hadiah hari hasil hujan
    hutan ikan izin jalan jambu jarak jembatan juga kampung kantor karena kayu kebun kecil kelas
    kelompok keluarga kemarin kerja ketua kolam kopi kota lahan langit laut lebih lima lomba
    lumbung makan malam masih membawa membeli menanam menjual mereka minggu muda murid musim nasi
    nelayan orang padi pagi panen pantai papan pasar pekan perahu petani pohon pulang rumah sawah
    sayur sekolah selesai semua sepeda siang sore sungai tahun tanah tangga tepi tiba tikar ubi
    ukuran usaha waktu warga warung
""".split()


def publish(site: Site, number: int, *, whole: bool = False) -> tuple[date, date]:
    """Publish this many stories; gives the first and the last day.

    ``whole``: with a text of 330 words, on pages with as much around it as the site's own have.
    """
    for n in range(number):
        published = LAST - (number - 1 - n) * SPACING
        if whole:
            site.add(made_up(n, published, paragraphs=_paragraphs(n)))
        else:
            site.add(made_up(n, published))
    return (LAST - (number - 1) * SPACING).date(), LAST.date()


def _paragraphs(seed: int) -> tuple[str, ...]:
    random = Random(seed)
    sentences = [
        f"{' '.join(random.choices(LEXICON, k=_WORDS)).capitalize()}."
        for _ in range(_PARAGRAPHS * _SENTENCES)
    ]
    return tuple(
        " ".join(sentences[begin : begin + _SENTENCES])
        for begin in range(0, len(sentences), _SENTENCES)
    )


def dressed() -> Behaviour:
    """The right page of an article among 58 KB of markup, compressed; made once, and kept.

    A page of 76 KB has 920 elements then and 15 KB of gzip, much as the site's own have.
    """
    head, menu, lists = _surroundings()
    made: dict[str, bytes] = {}

    def dress(url: str, right: Response) -> Response:
        if url not in made:
            page = right.body.replace(b"</head>", head + b"</head>", 1)
            page = page.replace(b"<body>", b"<body>" + menu, 1)
            page = page.replace(b"</body>", lists + b"</body>", 1)
            made[url] = gzip.compress(page)
        headers = {**right.headers, "Content-Encoding": "gzip"}
        return replace(right, body=made[url], headers=headers)

    return dress


def _surroundings() -> tuple[bytes, bytes, bytes]:
    """Styles and scripts; a menu; lists of other articles with their pictures."""
    random = Random(0)

    def name() -> str:
        return "-".join(random.choices(LEXICON, k=2))

    styles = "\n".join(
        f".{name()} .{name()} {{ margin: {random.randrange(40)}px {random.randrange(40)}px;"
        f" color: #{random.randrange(16**6):06x}; width: {random.randrange(100)}% }}"
        for _ in range(330)
    )
    scripts = "\n".join(
        f"<script>googletag.cmd.push(function() {{ googletag.defineSlot('/{n}/{name()}',"
        f" [{random.randrange(999)}, {random.randrange(999)}], 'div-gpt-ad-{n}-0'); }});</script>"
        for n in range(50)
    )
    menu = "\n".join(
        f'<li class="menu-item"><a href="https://republika.co.id/kanal/{name()}">{name()}</a></li>'
        for _ in range(80)
    )
    lists = "\n".join(
        f'<li class="list-group-item"><a href="https://republika.co.id/berita/r{n:05}430/'
        f'{name()}-{name()}"><div class="thumbnail"><img class="lazy" alt="" data-original='
        f'"https://static.republika.co.id/uploads/images/{name()}_{n}.jpg"></div>'
        f'<div class="caption"><div class="date">{name()} - {n % 24:02}:{n % 60:02}</div>'
        f"<h3><span>{name()} {name()}</span></h3></div></a></li>"
        for n in range(52)
    )
    return (
        f"<style>\n{styles}\n</style>\n{scripts}\n".encode(),
        f"<nav><ul>\n{menu}\n</ul></nav>\n".encode(),
        f'<ul class="list-group">\n{lists}\n</ul>\n'.encode(),
    )
