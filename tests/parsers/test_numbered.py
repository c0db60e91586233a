"""Pages of 2004-10, whose addresses have a number: no clock tells when they are of."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.captures.selection import Selection
from crawler.errors import NotAnArticle, ParseError
from crawler.parsers import parse_article

ASP = "http://www.republika.co.id/online_detail.asp?id=195393&kat_id=23"
NUMBER = "http://www.republika.co.id/berita/30123/Perahu_Buku_Menyusuri_Sungai"
TEXT = """
BANJARMASIN -- Sebuah perahu kayu berkeliling menyusuri sungai dan membawa buku bacaan bagi
anak-anak di kampung yang jauh dari sekolah.

Perahu itu berlabuh dua hari di setiap kampung. Anak-anak boleh meminjam buku sampai perahu datang
lagi pada bulan berikutnya.

Pengelola perahu mengatakan jumlah peminjam naik terus, sehingga tahun depan mereka berharap dapat
menambah satu perahu lagi.
""".strip().split("\n\n")
OTHERS = "<br>".join(
    f'<a href="/online_detail.asp?id={n}">Berita {n}</a>' for n in (195390, 195391)
)
DATE = "Selasa, 26 April 2005 21:15:00"


def page_of_2005(date_line: str) -> str:
    return (
        "<html><head><title>Republika Online - http://www.republika.co.id</title></head><body>"
        f"<table><tr><td>{OTHERS}</td><td>"
        f'<font class="navigasi">{date_line}</font><br>'
        '<font class="judul">Perahu Buku Menyusuri Sungai</font><br>'
        '<font class="navigasi">Laporan : Siti Rahma</font><br>'
        f'<font class="deskripsi">{"<br><br>".join(TEXT)}</font></td></tr></table></body></html>'
    )


def page_of_2009() -> str:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)
    return (
        "<html><head><title>Perahu Buku Menyusuri Sungai - Republika Online</title></head><body>"
        "<h2>Perahu Buku Menyusuri Sungai</h2><div>Kamis, 12 Februari 2009 pukul 10:15:00</div>"
        f"<div>{paragraphs}</div></body></html>"
    )


def test_a_page_of_2005_is_dated_by_what_it_prints() -> None:
    article = parse_article(page_of_2005(DATE), ASP)
    assert article.id == "online-195393"
    assert article.url == "https://www.republika.co.id/online_detail.asp?id=195393"
    assert article.title == "Perahu Buku Menyusuri Sungai"
    assert (article.published_at, article.published_from) == ("2005-04-26T21:15:00+07:00", "page")
    assert article.reporters == ["Siti Rahma"]
    assert article.dateline == "BANJARMASIN"
    assert article.body.startswith("Sebuah perahu kayu")
    assert article.body.endswith("satu perahu lagi.")


def test_a_page_with_a_day_alone_is_of_its_midnight() -> None:
    article = parse_article(page_of_2005("Selasa, 26 April 2005"), ASP.replace("online", "koran"))
    assert (article.id, article.published_at) == ("koran-195393", "2005-04-26T00:00:00+07:00")


def test_a_page_of_2009() -> None:
    article = parse_article(page_of_2009(), NUMBER)
    assert (article.id, article.published_at) == ("berita-30123", "2009-02-12T10:15:00+07:00")


def test_a_page_without_a_date_is_not_dated_by_its_number() -> None:
    with pytest.raises(ParseError):
        parse_article(page_of_2005(""), ASP)


def test_the_page_of_another_number_is_refused() -> None:
    other = '<head><link rel="canonical" href="/berita/30124/Lain">'
    with pytest.raises(NotAnArticle, match="another article is shown: berita-30124"):
        parse_article(page_of_2009().replace("<head>", other), NUMBER)


def test_days_by_the_clock_leave_a_number_out() -> None:
    assert not Selection(since=date(2005, 1, 1)).takes("online-195393")
    assert Selection(ids=frozenset({"online-195393"})).takes("online-195393")
