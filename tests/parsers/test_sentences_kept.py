"""Sentences that look like furniture, and stay in the text whatever the layout."""

from __future__ import annotations

import sys

import pytest

from crawler.parsers import parse_page
from tests.helpers import ROOT

sys.path.append(str(ROOT / "benchmarks"))
import furniture
import furniture_layouts

LONG = (
    "Menurut catatan desa, dermaga itu pertama kali dibangun pada 1962 oleh para pelaut yang"
    " singgah dari pulau seberang."
)
# Markup between two paragraphs, and the line that it is in the text.
KEPT = {
    "Bagaimana reaksi warga? Sebagian besar gembira.": "<p>{}</p>",
    "Daftar isi buku itu ditulis tangan oleh pengelola.": "<p>{}</p>",
    "Kuis itu diikuti tiga puluh murid.": "<p>{}</p>",
    "Iklan itu dipasang di tepi jalan.": "<p>{}</p>",
    "Ikuti jalan setapak ke arah utara untuk sampai di sana.": "<p>{}</p>",
    "Aktifkan pompa lebih dahulu sebelum menutup saluran, kata petugas.": "<p>{}</p>",
    "Setujui dulu rencananya, baru bekerja, begitu pesannya.": "<p>{}</p>",
    "Komentar ketua singkat saja.": "<p>{}</p>",
    "Sumber air bersih terdekat berjarak dua kilometer.": "<p>{}</p>",
    "Apa langkah berikutnya?": "<h3>{}</h3>",
    "Tentang Penulis Buku Itu": "<h4>{}</h4>",
    '"Silakan datang kapan saja," tulis panitia.': "<blockquote>{}</blockquote>",
    "Aplikasi itu dapat diunduh di Google Play, kata pembuatnya.": (
        "<p>Aplikasi itu dapat diunduh di"
        ' <a href="https://play.google.com/store/apps/x">Google Play</a>, kata pembuatnya.</p>'
    ),
    "Daftar alat dapat dilihat di bawah, ujarnya.": (
        '<p>Daftar alat dapat dilihat <a href="#alat">di bawah</a>, ujarnya.</p>'
    ),
    "Lembaga itu menghitung ada 14 dusun.": (
        '<p><a rel="nofollow" target="_blank" href="https://lembaga.example/x">Lembaga itu</a>'
        " menghitung ada 14 dusun.</p>"
    ),
    "Semen dibeli dari toko bangunan terdekat.": (
        '<p>Semen dibeli dari <a rel="sponsored" href="https://toko.example/">toko bangunan</a>'
        " terdekat.</p>"
    ),
    "Warga memakai tali ukur dari rami.": (
        '<p>Warga memakai <span role="button" tabindex="0" title="alat">tali ukur</span>'
        " dari rami.</p>"
    ),
    LONG: '<div><p>{}</p><button aria-label="tandai">☆</button></div>',
    f"Pada mulanya begini. {LONG}": "<form><p>{}</p></form>",
    f"Sesudahnya begini. {LONG}": '<div class="comment-ary"><p>{}</p></div>',
    "Panjangnya empat puluh meter, kata ketua.": "<aside><p>{}</p></aside>",
    "Sumber: Air itu mengalir dari bukit di utara desa.": "<p>{}</p>",
    "Sumber: air itu berasal dari bukit, jelasnya.": "<p>{}</p>",
    "Reporter: pekerjaan itu berat sekali, katanya.": "<p>{}</p>",
}


@pytest.mark.parametrize("layout", furniture_layouts.LAYOUTS)
@pytest.mark.parametrize("line", KEPT, ids=lambda line: line[:30])
def test_the_sentence_stays(line: str, layout: str) -> None:
    first, *middle, last = furniture.TEXT
    set_in = furniture_layouts.SHAPES["p"]
    text = set_in([furniture.OPENING + first, *middle]) + KEPT[line].format(line) + set_in([last])
    read = parse_page(furniture_layouts.LAYOUTS[layout](text), furniture_layouts.URL)
    assert read.article.body.split("\n\n") == [first, *middle, line, last]
    assert read.article.partial == 0
