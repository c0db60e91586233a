"""The text of an article: what becomes a paragraph, and what leaves the text for another place."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.article import Related
from crawler.parsers.body.cleaner import Body, read_body

BASE = "https://news.republika.co.id/berita/rgnc3q900/jembatan-gantung-baru"
CHILLI = '<a href="/berita/rgl4s0900/cabai-dijemur">Cabai Dijemur di Rak Surya</a>'
ONION = '<a href="https://ekonomi.republika.co.id/berita/rgl4s1900/bawang">Bawang Dipanen</a>'
RELATED_CHILLI = Related(
    related_id="rgl4s0900",
    url="https://news.republika.co.id/berita/rgl4s0900/cabai-dijemur",
    title="Cabai Dijemur di Rak Surya",
)
RELATED_ONION = Related(
    related_id="rgl4s1900",
    url="https://ekonomi.republika.co.id/berita/rgl4s1900/bawang",
    title="Bawang Dipanen",
)


def read(fragment: str) -> Body:
    """Read a fragment as it stands in a page's tree."""
    body = LexborHTMLParser(f"<body>{fragment}").body
    assert body
    return read_body(body, BASE, "Jembatan Gantung Baru", "rgnc3q900")


@pytest.mark.parametrize(
    ("fragment", "paragraphs"),
    [
        ("<p>Satu.</p><p>Dua.</p>", ["Satu.", "Dua."]),
        ("", []),
        ("<p>&nbsp;</p><p> </p><div></div>", []),
        # Blank paragraphs between the paragraphs, as of 2018-22; unclosed ones, as of 2023.
        ("<p>Satu.</p>\n<p>&nbsp;</p>\n<p>Dua.</p>", ["Satu.", "Dua."]),
        (
            '<!-- B1 --><p class="b2">   <p>Satu.</p><!-- B1 --><p class="b2">\n<p>Dua.</p>',
            ["Satu.", "Dua."],
        ),
        # All in one paragraph: two breaks divide, one is a break in the line.
        (
            "<p>Satu.<br /><br />Dua.<br><br/>Tiga.&nbsp;<br /><br /></p>",
            ["Satu.", "Dua.", "Tiga."],
        ),
        ("<p>Satu.<br>\n &nbsp;<br>Dua.</p>", ["Satu.", "Dua."]),
        ("<p>Buka setiap hari:<br>pukul 09.00.</p>", ["Buka setiap hari:\npukul 09.00."]),
        ("<p>Satu.<br><br><br>Dua.<br>Tiga.</p>", ["Satu.", "Dua.\nTiga."]),
        # Line ends of the source are none of the text.
        ("<p>Satu\n dua\r\n\ttiga.</p>", ["Satu dua tiga."]),
        # Headings, quotations and the items of lists are paragraphs.
        ("<p>Satu.</p><h2>Dua</h2><h3>Tiga</h3><p>Empat.</p>", ["Satu.", "Dua", "Tiga", "Empat."]),
        ("<p>Satu.</p><p><strong>Dua</strong></p><p>Tiga.</p>", ["Satu.", "Dua", "Tiga."]),
        ("<p>Satu:</p><ol>\n<li>Dua</li>\n<li><p>Tiga</p></li></ol>", ["Satu:", "Dua", "Tiga"]),
        ("<ul><li>Satu<ul><li>Dua</li></ul></li><li>Tiga</li></ul>", ["Satu", "Dua", "Tiga"]),
        ("<p>Satu.</p><blockquote>“Dua.”</blockquote><p>Tiga.</p>", ["Satu.", "“Dua.”", "Tiga."]),
        ('<blockquote><p>"Satu."</p><p>"Dua."</p></blockquote>', ['"Satu."', '"Dua."']),
        # Each row of a table is one.
        (
            "<table><tr><th>Nama</th><th>Harga</th></tr><tr><td>Cabai</td><td>58</td></tr></table>",
            ["Nama Harga", "Cabai 58"],
        ),
        ("<dl><dt>Nama</dt><dd>Harga</dd></dl>", ["Nama", "Harga"]),
        # Wrappers around the paragraphs, and text without any.
        (
            "<div><div><section><div><p>Satu.</p></div></section></div><p>Dua.</p></div>",
            ["Satu.", "Dua."],
        ),
        ("<div>Satu.<p>Dua.</p>Tiga.<br><br>Empat.</div>", ["Satu.", "Dua.", "Tiga.", "Empat."]),
        ("<span><p>Satu.</p><b><p>Dua.</p></b></span>", ["Satu.", "Dua."]),
        # The same sentence twice on the page is twice in the text.
        ("<p>Satu.</p><p>Dua.</p><p>Satu.</p>", ["Satu.", "Dua.", "Satu."]),
    ],
)
def test_paragraphs(fragment: str, paragraphs: list[str]) -> None:
    assert read(fragment).paragraphs == paragraphs


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("Bek<a href='/tag/bali-united'> Bali United </a>FC menang.", "Bek Bali United FC menang."),
        ("Bek <a href='/tag/x'>Bali</a> <a href='/tag/y'>United</a>.", "Bek Bali United."),
        ("Bek<b> Bali</b><i> United</i>&nbsp;<span>FC</span>.", "Bek Bali United FC."),
        ("Bek<b>&nbsp;</b>Bali<span> </span>United", "Bek Bali United"),
        ("Ia<strong>nya</strong> H<sub>2</sub>O, 5 m<sup>2</sup>", "Ianya H2O, 5 m2"),
        ("Sa<!-- B1 -->tu du<wbr>a ti&shy;ga\u200b.", "Satu dua tiga."),
        ("A &amp; B &lt;C&gt; &quot;D&quot; &#8220;E&#8221;", 'A & B <C> "D" “E”'),
        ("1 < 2 dan 3 > 2", "1 < 2 dan 3 > 2"),
    ],
)
def test_words_are_never_glued_nor_torn(fragment: str, text: str) -> None:
    assert read(f"<p>{fragment}</p>").paragraphs == [text]


@pytest.mark.parametrize(
    "between",
    [
        "<br>",
        "<br><br>",
        "<p>&nbsp;</p>",
        "<div></div>",
        "<div class='iklan'><script>x</script></div>",
        "<hr>",
        "<ul></ul>",
        "<table><tr><td></td></tr></table>",
        "<figure></figure>",
    ],
)
def test_what_stands_between_two_texts_divides_them(between: str) -> None:
    body = read(f"<div>Satu.{between}Dua.</div>")
    assert "\n\n".join(body.paragraphs).split() == ["Satu.", "Dua."]


@pytest.mark.parametrize(
    "image",
    [
        "<img src='/uploads/a.jpg'>",
        "<figure><img src='/uploads/a.jpg'></figure>",
        "<figure><img src='/uploads/a.jpg'><figcaption>Rakit</figcaption></figure>",
        "<figure><div><img src='/uploads/a.jpg'></div><figcaption>Rakit</figcaption></figure>",
    ],
)
def test_text_goes_on_after_a_photo(image: str) -> None:
    body = read(f"<div>Satu.{image}Dua.<p>Tiga.</p>{image}<p>Empat.</p></div>")
    assert " ".join(body.paragraphs).split() == ["Satu.", "Dua.", "Tiga.", "Empat."]


@pytest.mark.parametrize(
    ("fragment", "dateline", "authors"),
    [
        ("<p>REPUBLIKA.CO.ID,&nbsp;GIANYAR -- Satu.</p>", "GIANYAR", []),
        ("<p><strong>REPUBLIKA.CO.ID, CARACAS - </strong>Satu.</p>", "CARACAS", []),
        ("<p><b>REPUBLIKA.CO.ID</b>, <b>JAKARTA</b> -- Satu.</p>", "JAKARTA", []),
        ("<p><strong>REPUBLIKA.CO.ID, </strong></p><p>JAKARTA -- Satu.</p>", "JAKARTA", []),
        ("<p>REPUBLIKA.CO.ID, JAKARTA -- </p><p>Satu.</p>", "JAKARTA", []),
        ("<p>REPUBLIKA.CO.ID, JAKARTA --<br>Satu.</p>", "JAKARTA", []),
        ("<div>REPUBLIKA.CO.ID, JAKARTA -- Satu.</div>", "JAKARTA", []),
        ("<p>REPUBLIKA.CO.ID, Satu.</p>", None, []),
        (
            "<p>Oleh : Contoh Reporter</p><p>REPUBLIKA.CO.ID, DEPOK -- Satu.</p>",
            "DEPOK",
            ["Contoh Reporter"],
        ),
        ("<p>Oleh: Contoh Reporter</p><p>Satu.</p>", None, ["Contoh Reporter"]),
        ("<p>Foto: Istimewa</p><p>REPUBLIKA.CO.ID, DEPOK -- Satu.</p>", "DEPOK", []),
    ],
)
def test_opening(fragment: str, dateline: str | None, authors: list[str]) -> None:
    body = read(f"{fragment}<p>Dua.</p><p>BANDUNG -- Tiga.</p>")
    assert (body.dateline, body.authors) == (dateline, authors)
    assert body.paragraphs == ["Satu.", "Dua.", "BANDUNG -- Tiga."]


@pytest.mark.parametrize("before", ["<h2>Lima Berita Terpopuler</h2>", "<p>Ringkasan.</p>"])
def test_place_below_a_heading(before: str) -> None:
    body = read(f"{before}<p>REPUBLIKA.CO.ID, JAKARTA -- Satu.</p><p>Dua.</p>")
    assert body.dateline == "JAKARTA"
    assert body.paragraphs[1:] == ["Satu.", "Dua."]


def test_place_of_a_piece_in_a_digest_is_not_that_of_the_whole() -> None:
    pieces = "".join(f"<p>{number}. Judul berita.</p><p>Isinya.</p>" for number in range(1, 6))
    body = read(f"<p>Berikut lima berita.</p>{pieces}<p>REPUBLIKA.CO.ID, BANDUNG -- Satu.</p>")
    assert body.dateline is None


@pytest.mark.parametrize(
    ("fragment", "related"),
    [
        # A box with a list, of 2023 and of 2018.
        (
            (
                '<div class="picked-article"><div class="title"><span>Baca Juga</span></div>'
                f"<ul><li>{CHILLI}</li><li>{ONION}</li></ul></div>"
            ),
            [RELATED_CHILLI, RELATED_ONION],
        ),
        (
            f'<div class="taiching"><b>Baca Juga</b><ul><li><h3>{CHILLI}</h3></li></ul></div>',
            [RELATED_CHILLI],
        ),
        # A bare heading with a list, with paragraphs or with lines.
        (
            f"<p><strong>Baca Juga:</strong></p><ul><li>{CHILLI}</li><li>{ONION}</li></ul>",
            [RELATED_CHILLI, RELATED_ONION],
        ),
        (f"<p>Baca juga:</p><p>{CHILLI}</p><p>{ONION}</p>", [RELATED_CHILLI, RELATED_ONION]),
        (f"<p>BACA JUGA<br>{CHILLI}<br>{ONION}</p>", [RELATED_CHILLI, RELATED_ONION]),
        (f"<h4>Baca Juga</h4><div><div>{CHILLI}</div></div>", [RELATED_CHILLI]),
        (
            f"<p>Baca juga:</p><ul><li>1. {CHILLI}</li><li>2. {ONION}</li></ul>",
            [RELATED_CHILLI, RELATED_ONION],
        ),
        # A paragraph.
        (f"<p><strong>Baca Juga: {CHILLI}</strong></p>", [RELATED_CHILLI]),
        (f"<p><strong>Baca juga :</strong> {CHILLI}</p>", [RELATED_CHILLI]),
        (f"<p>Baca Juga {CHILLI}</p>", [RELATED_CHILLI]),
        (f"<p>Baca: {CHILLI}</p>", [RELATED_CHILLI]),
        (f"<p>(Baca: {CHILLI})</p>", [RELATED_CHILLI]),
        (f"<p>Baca Juga: {CHILLI}, {ONION}</p>", [RELATED_CHILLI, RELATED_ONION]),
        (f"<p>{CHILLI.replace('>Cabai', '>Baca juga: Cabai')}</p>", [RELATED_CHILLI]),
        (f"<p>Baca juga: {CHILLI} di sini.</p>", [RELATED_CHILLI]),
        # With thumbnails, which are no photos of the article.
        (
            (
                f'<p>Baca Juga:</p><ul><li><a href="/berita/rgl4s0900/cabai-dijemur">'
                f'<img src="/uploads/x.jpg"></a></li><li>{CHILLI}</li></ul>'
            ),
            [RELATED_CHILLI],
        ),
        # Titles that nobody linked.
        ("<p>Baca juga : Cabai Dijemur</p><p>Baca juga : Bawang Dipanen</p>", []),
        # A link to another site, and what is no link at all.
        (
            '<p>Baca Juga: <a href="https://contoh.id/x">Situs Lain</a></p>',
            [Related(related_id=None, url="https://contoh.id/x", title="Situs Lain")],
        ),
        (
            '<p>Baca Juga: <a href="javascript:void(0)">Satu</a> <a>Tiga</a></p>',
            [],
        ),
        # A promotion is nothing that is related.
        ('<p>BACA JUGA: <a href="/tag/politik">Berita Politik, Klik di Sini</a></p>', []),
        # Other lists of links.
        (f"<p>Berita Terkait:</p><ul><li>{CHILLI}</li></ul>", []),
    ],
)
def test_related_articles_leave_the_text(fragment: str, related: list[Related]) -> None:
    body = read(f"<p>Satu.</p>{fragment}<p>Dua.</p>")
    assert body.paragraphs == ["Satu.", "Dua."]
    assert body.related == related
    assert body.images == []


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        (f"Harga turun (Baca: {CHILLI}) sejak Senin.", "Harga turun sejak Senin."),
        (f"Harga turun (Baca juga: {CHILLI}) sejak Senin.", "Harga turun sejak Senin."),
        (f"Harga turun. (Baca: {CHILLI})", "Harga turun."),
        (f"Harga turun. Baca juga: {CHILLI} Itu sejak Senin.", "Harga turun. Itu sejak Senin."),
        (f"Harga turun. Baca juga: {CHILLI}", "Harga turun."),
        (f"Harga turun.<br>Baca juga: {CHILLI}<br>Lalu naik.", "Harga turun.\nLalu naik."),
    ],
)
def test_related_article_within_a_paragraph(fragment: str, text: str) -> None:
    body = read(f"<p>{fragment}</p>")
    assert body.paragraphs == [text]
    assert body.related == [RELATED_CHILLI]


def test_two_related_articles_within_a_paragraph() -> None:
    body = read(f"<p>Satu. Baca juga: {CHILLI} Dua. Baca juga: {ONION} Tiga.</p>")
    assert body.paragraphs == ["Satu. Dua. Tiga."]
    assert body.related == [RELATED_CHILLI, RELATED_ONION]


@pytest.mark.parametrize(
    "fragment",
    [
        f"<p>Harga {CHILLI} turun.</p>",
        f"<p>Ia mengajak warga baca juga buku: {CHILLI}</p>",
        f"<p>{CHILLI}</p>",
        f"<ul><li>{CHILLI}</li></ul>",
        "<p>Baca juga dilakukan siswa di rumah.</p>",
    ],
)
def test_links_and_words_of_the_text_stay(fragment: str) -> None:
    body = read(f"<p>Satu.</p>{fragment}<p>Dua.</p>")
    assert len(body.paragraphs) == 3
    assert body.related == []


def test_only_the_list_under_its_heading_is_related() -> None:
    body = read(f"<p>Baca juga:</p><ul><li>{CHILLI}</li></ul><p>Satu.</p><p>{ONION}</p>")
    assert body.paragraphs == ["Satu.", "Bawang Dipanen"]
    assert body.related == [RELATED_CHILLI]


@pytest.mark.parametrize(
    ("fragment", "sources"),
    [
        ("<p>sumber : Antara</p>", ["Antara"]),
        ('<div style="font-weight:bold;">Sumber : Reuters</div>', ["Reuters"]),
        ("<p><em>Sumber: </em><a href='https://contoh.id'>Antara</a></p>", ["Antara"]),
        ("<p>sumber : Antara</p><p>Sumber : ANTARA, Reuters</p>", ["Antara", "Reuters"]),
        ("<p>Sumber : kemenag.go.id</p>", ["kemenag.go.id"]),
        ("<p>Sumber :</p><p>Antara</p>", ["Antara"]),
    ],
)
def test_sources_leave_the_text(fragment: str, sources: list[str]) -> None:
    body = read(f"<p>Satu.</p>{fragment}")
    assert body.paragraphs == ["Satu."]
    assert body.sources == sources


def test_sources_in_the_last_line_of_a_paragraph() -> None:
    body = read("<p>Satu.<br><br>Dua.<br>Sumber: Antara/Reuters</p>")
    assert body.paragraphs == ["Satu.", "Dua."]
    assert body.sources == ["Antara", "Reuters"]
