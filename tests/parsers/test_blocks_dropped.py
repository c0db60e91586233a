"""Blocks between two paragraphs that are not text, whatever the layout."""

from __future__ import annotations

import sys

import pytest

from crawler.parsers import parse_page
from tests.helpers import ROOT

sys.path.append(str(ROOT / "benchmarks"))
import furniture
import furniture_layouts

BLOCKS = (
    # A label and its controls.
    "<div><p>Bagaimana reaksi Anda?</p><button>Suka <i>12</i></button></div>",
    "<div><p>Aktifkan notifikasi agar tidak ketinggalan berita.</p><button>Nanti</button></div>",
    "<div><span>Dapatkan notifikasi berita terkini</span><button>Langganan</button></div>",
    "<div><p>Pindai untuk membagikan</p><img src='/qr.png'><button>Tutup</button></div>",
    "<div><h4>Kuis: Seberapa Tahu Anda?</h4><form><p>Ibu kota?</p><input type=radio></form></div>",
    "<section><h3>Jajak</h3><div><p>Pilih.</p><label><input>A</label></div></section>",
    "<div><strong>Kabar tiap pagi</strong><label>Email</label><input><button>Daftar</button></div>",
    "<div><h5>Uji Ingatan</h5><form></form></div>",
    # What is set as a button, with its label; counters, tags and dates of the page.
    "<div><h4>Mari Bantu</h4><p>Salurkan bantuan Anda.</p><a class='btn' href='/x'>Bantu</a></div>",
    "<div><div>Dengarkan artikel ini</div><div>00:00 / 03:21</div><div>1x</div></div>",
    "<div>Anda telah membaca 45%</div>",
    "<div><span>😀 12</span> <span>😡 3</span></div>",
    "<p>#jembatan #tegal #bambu</p>",
    "<p>Terakhir diperbarui: Selasa, 10 Nov 2026 10.00 WIB</p>",
    "<p><b>Simak Video: Latihan di Laut</b></p><iframe src='https://youtube.com/embed/x'></iframe>",
    "<div><a href='#komentar'>Tulis komentar</a></div>",
    # The picture of another article, and its title below.
    (
        "<p><a href='/berita/to8dec320/x'><img src='/a.jpg'></a></p>"
        "<p><b><a href='/berita/to8dec320/x'>Pasar Ikan Dibuka</a></b></p>"
    ),
    # A comment with its button, and a button to the publisher's account with its label.
    "<div><b>Sari</b><span>1 jam lalu</span><p>Apakah boleh dipakai sawah?</p><a>Balas</a></div>",
    (
        "<div><div><b>Budi</b><p>Semoga desa lain meniru kerja keras warga di sana, sebab"
        " jembatan seperti itu sudah lama ditunggu anak-anak sekolah di seberang sungai.</p>"
        "<span>Balas (2)</span></div></div>"
    ),
    "<div><img src='/wa.svg'><p>Gabung kanal kami</p><a href='https://wa.me/x'>Gabung</a></div>",
)


@pytest.mark.parametrize("layout", furniture_layouts.LAYOUTS)
@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block[:50])
def test_the_block_goes(block: str, layout: str) -> None:
    first, *middle, last = furniture.TEXT
    set_in = furniture_layouts.SHAPES["p"]
    text = set_in([furniture.OPENING + first, *middle]) + block + set_in([last])
    read = parse_page(furniture_layouts.LAYOUTS[layout](text), furniture_layouts.URL)
    assert read.article.body.split("\n\n") == [first, *middle, last]
    assert read.article.partial == 0
