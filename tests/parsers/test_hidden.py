"""The hidden rest of a text is read, in every layout; what is hidden for good is not."""

from __future__ import annotations

import pytest

from tests.parsers.blocks import furniture_layouts, lines

PIER = (
    "Menurut catatan desa, dermaga itu pertama kali dibangun pada 1962 oleh para pelaut yang"
    " singgah dari pulau seberang."
)
MARKET = "Pasar di sebelahnya baru dibuka sepuluh tahun kemudian, setelah jalan ke kota selesai."
REST = f"<p>{PIER}</p><p>{MARKET}</p>"


@pytest.mark.parametrize("layout", furniture_layouts.LAYOUTS)
@pytest.mark.parametrize(
    "block",
    [
        f"<span>...</span><div style='display:none'>{REST}</div><button>Baca selengkapnya</button>",
        f"<p>…</p><div hidden>{REST}</div><a href='#'>Tampilkan semua</a>",
        f"<section style='display: none'>{REST}</section><div><a>Baca Selengkapnya »</a></div>",
        f"<div hidden>{REST}</div><div role=button>Lanjutkan membaca</div>",
        f"<p hidden>{PIER}</p><p hidden>{MARKET}</p><div><button>Lihat semua</button></div>",
        f"<details><summary>Tampilkan selengkapnya</summary>{REST}</details>",
        f"<input type=checkbox id=m><label for=m>Baca selengkapnya</label><div>{REST}</div>",
    ],
)
def test_what_a_button_shows_is_text(block: str, layout: str) -> None:
    assert lines(layout, block) == [PIER, MARKET]


@pytest.mark.parametrize("layout", furniture_layouts.LAYOUTS)
def test_the_rest_of_a_paragraph_is_text(layout: str) -> None:
    block = (
        f"<p>{PIER}<span>...</span><span style='display:none'> {MARKET}</span></p>"
        "<button>Selengkapnya</button>"
    )
    assert lines(layout, block) == [f"{PIER} {MARKET}"]


@pytest.mark.parametrize("layout", furniture_layouts.LAYOUTS)
@pytest.mark.parametrize(
    "block",
    [
        f"<div hidden><p>{PIER}</p><input type=email><button>Kirim</button></div>",
        f"<div hidden><p>REPUBLIKA.CO.ID, TEGAL -- {PIER}</p></div><p>Baca selengkapnya</p>",
        "<div hidden><p>Tautan disalin.</p></div><button>Baca selengkapnya</button>",
        f"<div hidden><p>{PIER}</p></div><button>Tutup</button>",
        f"<div hidden role=dialog>{REST}{REST}<button>Setuju</button></div>",
        f"<div hidden><p>{PIER}</p></div><div><a href='/indeks'>Lihat semua berita</a></div>",
    ],
)
def test_what_is_hidden_for_good_is_not_text(block: str, layout: str) -> None:
    assert lines(layout, block) == []


@pytest.mark.parametrize("layout", furniture_layouts.LAYOUTS)
def test_the_same_for_another_screen_is_read_once(layout: str) -> None:
    assert lines(layout, f"<p>{PIER}</p><p hidden>{PIER}</p><p>Baca selengkapnya</p>") == [PIER]
