"""What a news site sets among the paragraphs of a text, and what is right to make of it."""

# ruff: noqa: E501  # markup is set in a line, as sites do

from __future__ import annotations

from typing import NamedTuple

_OTHER = "/berita/to8dec320/pasar-ikan-dibuka"
_MORE = "/berita/to7abc320/sekolah-apung-diresmikan"
_PHOTO = "https://static.republika.co.id/uploads/images/inpicture_slide/jembatan_261110-001.jpg"
_FISH, _SCHOOL = "Pasar Ikan Dibuka", "Sekolah Apung Diresmikan"


class Furniture(NamedTuple):
    """A block among the paragraphs; ``kept``: its lines that are text after all.

    ``related``: the titles that its links add to the record, None where that is open; ``photo``:
    the caption and the credit of its photo.
    """

    name: str
    html: str
    related: tuple[str, ...] | None = ()
    kept: tuple[str, ...] = ()
    photo: tuple[str, str | None] | None = None


def _baca(name: str, html: str, *titles: str) -> Furniture:
    return Furniture(f"Baca Juga: {name}", html, titles or (_FISH,))


_LINK = f'<a href="{_OTHER}">{_FISH}</a>'
_LINKS = f'<li>{_LINK}</li><li><a href="{_MORE}">{_SCHOOL}</a></li>'
_CARD = f'<a href="{_OTHER}"><img src="/files/thumb.jpg" alt=""><h3>{_FISH}</h3></a>'

FURNITURE = (
    _baca("bold paragraph", f"<p><strong>Baca Juga: {_LINK}</strong></p>"),
    _baca("span and link", f'<div class="x"><span>Baca Juga</span>{_LINK}</div>'),
    _baca("span and link in an aside", f"<aside><span>Baca Juga</span>{_LINK}</aside>"),
    _baca("heading and link", f"<div><h4>Baca Juga</h4><p>{_LINK}</p></div>"),
    _baca("heading and list", f"<h3>Baca Juga:</h3><ul>{_LINKS}</ul>", _FISH, _SCHOOL),
    _baca(
        "box of the site",
        f'<div class="picked-article"><div class="title">Baca Juga</div><ul>{_LINKS}</ul></div>',
        _FISH,
        _SCHOOL,
    ),
    _baca("plain paragraph", f"<p>Baca juga : {_LINK}</p>"),
    _baca("guillemet", f"<p>Baca juga » {_LINK}</p>"),
    _baca("capitals", f"<p><b>BACA JUGA: {_LINK}</b></p>"),
    _baca(
        "several in a row",
        f'<p>Baca juga: {_LINK}</p><p>Baca juga: <a href="{_MORE}">{_SCHOOL}</a></p>',
        _FISH,
        _SCHOOL,
    ),
    _baca("label above the link", f"<div><div>Baca juga:</div><div>{_LINK}</div></div>"),
    _baca("block quotation", f"<blockquote>Baca Juga: {_LINK}</blockquote>"),
    _baca("card", f'<div class="r"><span>Baca Juga</span><div class="c">{_CARD}</div></div>'),
    _baca("table", f"<table><tr><td>Baca Juga</td><td>{_LINK}</td></tr></table>"),
    Furniture("title without a link", f"<p>Baca juga: {_FISH}</p>", None),
    Furniture(
        "card of an article",
        f'<article class="card">{_CARD}<p>Kafe baru dibuka.</p></article>',
        None,
    ),
    Furniture(
        "card in a list", f'<ul class="z"><li>{_CARD}<p>Kafe baru dibuka.</p></li></ul>', None
    ),
    Furniture(
        "heading and cards",
        f'<section><h2>Untuk Anda</h2><div class="g"><div class="c">{_CARD}<p>Kafe dibuka.</p></div></div></section>',
        None,
    ),
    Furniture(
        "poll",
        "<div><h4>Polling</h4><p>Siapa juara?</p><form><label><input type=radio> Tim A</label><button>Pilih</button></form><p>1.204 suara</p></div>",
    ),
    Furniture(
        "newsletter",
        '<div><h4>Langganan Newsletter</h4><p>Kabar pilihan tiap pagi langsung ke surel Anda.</p><form><input type="email"><button>Daftar</button></form></div>',
    ),
    Furniture(
        "search box",
        '<form action="/search"><input name="q" placeholder="Cari"><button>Cari</button></form>',
    ),
    Furniture(
        "player",
        '<div class="sticky-player"><div class="sp-title">Video Terkini: Latihan di Laut</div><video></video></div>',
    ),
    Furniture(
        "player in a frame",
        '<div class="w"><p>Saksikan videonya</p><iframe src="https://www.youtube.com/embed/a"></iframe></div>',
    ),
    Furniture(
        "audio",
        "<figure><figcaption>Dengarkan artikel ini</figcaption><audio controls></audio></figure>",
    ),
    Furniture("tools", "<div><span>A-</span> <span>A+</span> <a href='#'>Cetak</a></div>"),
    Furniture(
        "share",
        "<div><span>Bagikan</span><a href='https://www.facebook.com/sharer.php?u=x'>Facebook</a><a href='https://twitter.com/intent/tweet?url=x'>X</a></div>",
    ),
    Furniture(
        "share list",
        "<div class='sharedaddy'><h3>Bagikan ini:</h3><ul><li><a href='https://wa.me/?text=x'>WhatsApp</a></li><li><a href='https://t.me/share/url?url=x'>Telegram</a></li></ul></div>",
    ),
    Furniture(
        "follow",
        "<div>Ikuti kami di <a href='https://news.google.com/publications/x'>Google News</a></div>",
    ),
    Furniture("channel", "<p>Ikuti Whatsapp Channel Republika</p>"),
    Furniture(
        "channel with link",
        "<p><a href='https://whatsapp.com/channel/x'>Gabung Saluran WhatsApp Republika sekarang</a></p>",
    ),
    Furniture(
        "app",
        "<div><p>Unduh aplikasi Republika</p><a href='https://play.google.com/store/apps/x'>Google Play</a></div>",
    ),
    Furniture(
        "advertisement", "<div class='ads' id='div-gpt-ad-1'><span>Advertisement</span></div>"
    ),
    Furniture("label of an ad", "<p>ADVERTISEMENT</p>"),
    Furniture("scroll hint", "<div><p>SCROLL TO CONTINUE WITH CONTENT</p></div>"),
    Furniture("sponsored", "<div style='text-align:center'>Sponsored</div>"),
    Furniture("loader", "<div id='loading'>Loading...</div>"),
    Furniture("loader with spaces", "<p>Loading . . .</p>"),
    Furniture(
        "noscript in a paragraph", "<p><noscript><div>Aktifkan JavaScript.</div></noscript></p>"
    ),
    Furniture("template", "<template><p>Judul __TITLE__</p></template>"),
    Furniture(
        "comments",
        "<div class='comments'><h3>Komentar (3)</h3><div><b>Pembaca</b><p>Semoga cepat selesai.</p></div></div>",
    ),
    Furniture(
        "tags",
        "<div class='tags'><span>Tags:</span> <a href='/tag/jembatan'>#jembatan</a> <a href='/tag/tegal'>#tegal</a></div>",
    ),
    Furniture(
        "pager",
        "<div class='pager'><a href='?page=1'>1</a> <a href='?page=2'>2</a> <a href='?page=2'>Selanjutnya</a></div>",
        None,
    ),
    Furniture(
        "embedded post",
        "<blockquote class='instagram-media'><a href='https://www.instagram.com/p/x/'>Lihat postingan ini di Instagram</a><p>Sebuah kiriman dibagikan oleh Contoh (@contoh)</p></blockquote>",
    ),
    Furniture(
        "photo with caption",
        f"<figure><img src='{_PHOTO}' alt='x'><figcaption>Petugas merakit kotak. Foto: Antara/Contoh Ali</figcaption></figure>",
        (),
        (),
        ("Petugas merakit kotak.", "Antara/Contoh Ali"),
    ),
    Furniture(
        "photo with italic caption",
        f"<p><img src='{_PHOTO}'></p><p><i>Petugas merakit kotak. Foto: Antara/Contoh Ali</i></p>",
        (),
        (),
        ("Petugas merakit kotak.", "Antara/Contoh Ali"),
    ),
    Furniture(
        "slider",
        f"<ul class='slides'><li><img src='{_PHOTO}'><div class='slide-caption'>1/2 Anak bermain air (Antara/Contoh)</div></li></ul><a>❮</a><a>❯</a>",
        (),
        (),
        ("Anak bermain air", "Antara/Contoh"),
    ),
    Furniture("hidden text", "<p style='display:none'>Teks tersembunyi untuk mesin.</p>"),
    Furniture("read on elsewhere", "<p>Baca berita selengkapnya di sini.</p>", None),
    Furniture(
        "guard: advertisement in a sentence",
        "<p>Advertisement itu dipasang warga di tepi jalan desa sejak lama.</p>",
        (),
        ("Advertisement itu dipasang warga di tepi jalan desa sejak lama.",),
    ),
    Furniture(
        "guard: share in a sentence",
        "<p>Bagikan makanan itu kepada tetangga, pesan ketua panitia kepada warga.</p>",
        (),
        ("Bagikan makanan itu kepada tetangga, pesan ketua panitia kepada warga.",),
    ),
    Furniture(
        "guard: link in a sentence",
        f"<p>Sebelumnya {_LINK} di kota itu setelah direnovasi selama setahun penuh.</p>",
        None,
        (f"Sebelumnya {_FISH} di kota itu setelah direnovasi selama setahun penuh.",),
    ),
    Furniture(
        "guard: list",
        "<ol><li>Bawa bambu secukupnya.</li><li>Pakai sarung tangan.</li></ol>",
        (),
        ("Bawa bambu secukupnya.", "Pakai sarung tangan."),
    ),
    Furniture(
        "guard: quotation",
        '<blockquote>"Kami senang jembatan ini selesai," kata seorang warga.</blockquote>',
        (),
        ('"Kami senang jembatan ini selesai," kata seorang warga.',),
    ),
)
