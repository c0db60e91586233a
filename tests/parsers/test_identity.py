"""Whose page it is: another article's, a notice's or a wall's page never becomes a record."""

from __future__ import annotations

import re

import pytest

from crawler.parsers import NotAnArticle, ParseError, parse_article
from samples.pages import listings
from tests import golden
from tests.golden import ADDRESS, reviewed

OTHER = "https://news.republika.co.id/berita/qkd2jg282/judul-lain"
LAYOUTS = ("republika2023", "wrap_detail", "rol", "newrol", "amp")
ARTICLE = re.compile(r"<article>.*?</article>", re.DOTALL)
CANONICAL = re.compile(r'<link rel="canonical"[^>]*>')
OG_URL = re.compile(r'<meta property="og:url"[^>]*>')


def page(name: str) -> tuple[str, str]:
    """A saved page and its address."""
    file = golden.PAGES / f"{name}.html"
    return file.read_text(encoding="utf-8"), str(reviewed(file)[ADDRESS])


@pytest.mark.parametrize("name", LAYOUTS)
def test_another_article_under_the_address_is_refused(name: str) -> None:
    html, url = page(name)
    with pytest.raises(NotAnArticle) as refused:
        parse_article(html, OTHER)
    identifier = url.split("/berita/")[1].split("/")
    own = next(part for part in identifier if re.fullmatch(r"[a-z0-9]{6}\d*", part.split("-")[0]))
    assert refused.value.kind == "other"
    assert own.split("-")[0] in refused.value.reason
    assert own.split("-")[0] in (refused.value.other_url or "")


def named(canonical: str | None, og_url: str | None, linked: str | None) -> str:
    """A page that calls itself by these addresses."""
    html, _ = page("republika2023")
    html = OG_URL.sub("", CANONICAL.sub("", html))
    head = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    head += f'<meta property="og:url" content="{og_url}">' if og_url else ""
    html = html.replace("</head>", f"{head}</head>", 1)
    return re.sub(r'"@id": "[^"]*"', f'"@id": "{linked or ""}"', html)


def test_the_canonical_link_goes_before_the_rest() -> None:
    _, url = page("republika2023")
    assert parse_article(named(url, OTHER, OTHER), url).id in url
    assert parse_article(named(None, url, OTHER), url).id in url
    for html in (named(OTHER, url, url), named(None, OTHER, url), named(None, None, OTHER)):
        with pytest.raises(NotAnArticle) as refused:
            parse_article(html, url)
        assert refused.value.other_url == OTHER


NOTICES = [
    ("removed", "Artikel Tidak Ditemukan", "Maaf, artikel yang Anda cari tidak tersedia."),
    ("removed", "Judul", "Mohon maaf, berita ini telah dihapus oleh redaksi."),
    ("removed", "404", "Halaman yang Anda tuju tidak ditemukan. Kembali ke beranda."),
    ("removed", "Page not found", "The page you are looking for could not be found."),
    ("wall", "Masuk", "Silakan masuk untuk melanjutkan membaca artikel ini."),
    ("wall", "Judul", "Konten ini khusus untuk pelanggan."),
    ("wall", "Privasi Anda", "Kami menggunakan cookie untuk menyajikan iklan yang sesuai."),
    (
        "foreign",
        "Pemeliharaan",
        "Situs sedang dalam perbaikan. Silakan kembali nanti.",
    ),
    ("foreign", "Internet Positif", "Situs ini diblokir sesuai peraturan perundang-undangan."),
    ("foreign", "503", "Service unavailable. Please try again later."),
]


@pytest.mark.parametrize(("kind", "title", "text"), NOTICES)
def test_a_notice_in_the_template_is_refused(kind: str, title: str, text: str) -> None:
    html, url = page("republika2023")
    html = ARTICLE.sub(f"<article><p>{text}</p></article>", html)
    # With the date and the by-line of the article, and without.
    with pytest.raises(NotAnArticle) as refused:
        parse_article(html, url)
    assert refused.value.kind == kind
    bare = re.sub(r"(Rep|Red): [^<]*", "", re.sub(r"\d{1,2}\s+\w+\s+20\d\d[^<]*", "", html))
    bare = re.sub(r"<h1[^>]*>.*?</h1>", f"<h1>{title}</h1>", CANONICAL.sub("", bare))
    with pytest.raises((NotAnArticle, ParseError)):
        parse_article(bare, url)


def test_a_short_article_that_speaks_of_such_things_is_one() -> None:
    html, url = page("republika2023")
    text = "REPUBLIKA.CO.ID, TEGAL -- Situs itu diblokir sejak pagi dan artikel lama telah dihapus."
    html = re.sub(
        r"<article>.*?</article>", f"<article><p>{text}</p></article>", html, flags=re.DOTALL
    )
    assert parse_article(html, url).body == text.partition(" -- ")[2]


def test_an_empty_skeleton_before_the_text_is_passed_over() -> None:
    html, url = page("republika2023")
    body = reviewed(golden.PAGES / "republika2023.html")["body"]
    skeleton = '<div class="article-content skeleton"><article><p></p></article></div>'
    html = html.replace(
        '<div class="article-content"', f'{skeleton}<div class="article-content"', 1
    )
    assert parse_article(html, url).body == body


def test_a_summary_before_the_opening_leaves_the_dateline() -> None:
    html, url = page("republika2023")
    record = reviewed(golden.PAGES / "republika2023.html")
    box = "<div><h4>Ringkasan</h4><ul><li>Harga turun.</li><li>Pedagang lega.</li></ul></div>"
    article = parse_article(html.replace("<article>", f"<article>{box}", 1), url)
    assert article.dateline == record["dateline"]
    assert "REPUBLIKA.CO.ID" not in article.body
    assert article.body.endswith(record["body"][-200:])


@pytest.mark.parametrize("address", ["?page=2", "?page=all", "{url}?page=3"])
def test_a_pager_makes_the_article_partial(address: str) -> None:
    html, url = page("republika2023")
    pager = f'<div class="paging"><a href="{address.format(url=url)}">Berikutnya</a></div>'
    article = parse_article(html.replace("</article>", f"{pager}</article>", 1), url)
    assert article.partial
    assert article.body == reviewed(golden.PAGES / "republika2023.html")["body"]


def test_the_site_s_404_page_is_refused() -> None:
    with pytest.raises(NotAnArticle, match="removed"):
        parse_article(listings.not_found(), OTHER)


@pytest.mark.parametrize(
    "notice",
    [
        "Berita ini telah kami turunkan karena permintaan redaksi.",
        "Konten ini hanya untuk pembaca berusia 18 tahun ke atas.",
        "Aktifkan JavaScript untuk membaca berita ini.",
        "Buka artikel ini di aplikasi Republika.",
        "Berita akan segera hadir.",
        "Terjadi kesalahan pada server. Silakan muat ulang halaman.",
        "Matikan pemblokir iklan Anda untuk membaca artikel ini.",
        "Sebelum melanjutkan ke Republika, pilih bagaimana data Anda dipakai.",
        "Kuota artikel gratis Anda bulan ini sudah habis. Berlangganan mulai Rp 15.000.",
        "Artikel sedang diperbarui. Silakan kembali beberapa saat lagi.",
        "Terjadi gangguan saat memuat artikel. Coba lagi.",
        (
            "Situs ini dan 120 mitra menggunakan cookie dan teknologi serupa untuk tayangan iklan"
            " dan mengukur kinerjanya. Dengan melanjutkan, Anda menyetujui pemrosesan data pribadi"
            " sebagaimana dijelaskan dalam kebijakan kami. Pilihan itu dapat diubah kapan pun lewat"
            " tautan di bagian bawah halaman, dan berlaku di semua laman."
        ),
        "Privasi Anda.</p><p>Kami dan mitra kami menyimpan informasi di perangkat Anda.",
    ],
)
def test_a_notice_in_a_signed_template_is_refused(notice: str) -> None:
    html, url = page("republika2023")
    with pytest.raises(NotAnArticle):
        parse_article(ARTICLE.sub(f"<article><p>{notice}</p></article>", html), url)


def test_a_sentence_that_nobody_signed_and_that_has_no_date_is_refused() -> None:
    html, url = page("republika2023")
    html = ARTICLE.sub("<article><p>Sebuah kalimat contoh yang pendek.</p></article>", html)
    html = re.sub(r'<div class="date date-item__headline">.*?</div>', "", html, flags=re.DOTALL)
    html = re.sub(r"Rep:.*?</div>", "</div>", html, flags=re.DOTALL)
    with pytest.raises(ParseError, match="nothing says whose"):
        parse_article(html, url)


def test_a_nameless_page_with_the_dates_of_another_article_is_refused() -> None:
    html, _ = page("republika2023")
    for named in (CANONICAL, OG_URL):
        html = named.sub("", html)
    with pytest.raises(ParseError, match="its dates are not the article's"):
        parse_article(re.sub(r'"(?:url|@id)": *"[^"]*"', '"x": ""', html), OTHER)


@pytest.mark.parametrize(
    "text",
    [
        "Warung itu menjual cookies buatan sendiri. Kami membuat cookies sejak 2015, kata pemilik.",
        "Petugas akan mencoba lagi besok. Jembatan itu belum dapat dilalui sampai sore.",
        "Situs purbakala itu sedang dipugar, dan pengunjung diminta kembali pekan depan.",
    ],
)
def test_a_short_text_without_the_brand_is_no_notice_by_its_words(text: str) -> None:
    html, url = page("republika2023")
    assert parse_article(ARTICLE.sub(f"<article><p>{text}</p></article>", html), url).body == text
