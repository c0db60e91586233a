"""What a page is: the article that was asked for, or something else in its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.errors import NotAnArticle, ParseError
from crawler.parsers.text import squeeze
from crawler.site import DOMAINS
from crawler.urls import Address, classify

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.parsers.page import Page

_FEW = 20  # characters of a page that shows nothing
_START = 1_000  # characters in which a page opens
# One of them stands in each page of the site, if only as an address or the brand.
_OWN = (*DOMAINS, *map(str.upper, DOMAINS), "republika.id", "Republika")
_LISTING_ITEMS = "ul.wrap-latest > li a, div.set_subkanal a, div.wp-indeks a"
_LISTS = "ul.wrap-latest, div.set_subkanal, div.wp-indeks"
_LISTINGS = {"index", "tag", "section", "author", "search", "feed"}
# A notice in place of the text is short; what it says, by the kind of page that it makes.
_LONGEST_NOTICE = 600  # characters of all its paragraphs
_SENTENCES = 150  # characters that no article without a date and a by-line is as short as
_LONGEST_SIGNED = 300  # where the page has a date or a by-line, as an article has
_LONGEST_CONSENT = 1_000
_CONSENT = re.compile(
    r"\b(?:kami|mitra|situs ini|we|partners|this site)\b[^.!?]{0,80}\b(?:cookies?|kuki)\b",
    re.IGNORECASE,
)
_TERMS = re.compile(
    r"\b(?:anda|your)\b.*\b(?:setuju|menyetujui|kebijakan|data|privasi|consent|privacy)\b"
    r"|\b(?:setuju|menyetujui|kebijakan|data|privasi|consent|privacy)\b.*\b(?:anda|your)\b",
    re.IGNORECASE,
)
_THING = r"(?:artikel|berita|halaman|laman|konten|tulisan|tautan|video|page|article|content|story)"
_GONE = (
    r"(?:(?:telah|sudah)\s+(?:kami\s+)?(?:di)?(?:hapus|tarik|cabut|turunkan|pindahkan|kedaluwarsa)|dihapus|ditarik|dicabut"
    r"|tidak\s+(?:dapat\s+)?(?:di)?(?:temukan|tersedia|ada|berlaku)|belum tersedia"
    r"|not\s+(?:be\s+)?found"
    r"|(?:has been|was)\s+(?:removed|deleted)|no longer (?:available|exists?)|does ?n.t exist)"
)
_NOTICES = (
    (
        "removed",
        "a notice that the article was removed is shown",
        re.compile(
            rf"\b{_THING}\b[^.!?]{{0,80}}\b{_GONE}|\b{_GONE}\b[^.!?]{{0,30}}\b{_THING}\b"
            r"|^(?:error\s+)?(?:404|410)\b|\b(?:404|410)\s*(?:$|[-–—:|])",
            re.IGNORECASE,
        ),
    ),
    (
        "wall",
        "a login, payment or consent page is shown",
        re.compile(
            r"\b(?:silah?kan|harap|anda (?:harus|perlu)|mohon|please|you (?:must|need to))\b"
            r"[^.!?]{0,40}\b(?:login|log ?in|masuk|sign ?in|daftar|mendaftar|register"
            r"|(?:ber)?langganan|subscribe)\b"
            r"|\b(?:berusia|usia) \d+ tahun ke atas|\b(?:aktifkan|nyalakan|enable) javascript"
            r"|\bbuka\b[^.!?]{0,30}\bdi aplikasi"
            r"|\b(?:khusus|hanya) (?:untuk )?(?:pelanggan|anggota|member|subscriber)"
            r"|\b(?:kami|we|situs ini|this site)\b[^.!?]{0,30}\b(?:memakai|menggunakan|uses?)\b"
            r"[^.!?]{0,20}\b(?:cookies?|kuki)\b"
            r"|\b(?:setuju|menyetujui|terima|accept|agree)\b[^.!?]{0,60}\b(?:cookies?|kuki|privasi|privacy)"
            r"|\b(?:pemblokir iklan|ad ?blocker)\b|\bprivasi anda\b"
            r"|\bmenyimpan informasi di perangkat\b|\bsetujui untuk\b"
            r"|\bkuota\b[^.!?]{0,30}\b(?:artikel|bacaan|gratis)\b[^.!?]{0,40}\bhabis\b"
            r"|\bsebelum (?:anda )?melanjutkan ke\b|\bbagaimana data (?:pribadi )?anda\b"
            r"|^(?:login|log in|masuk|sign in|daftar)$",
            re.IGNORECASE,
        ),
    ),
    (
        "foreign",
        "a page of maintenance, or of a block, is shown",
        re.compile(
            r"\b(?:sedang|dalam|under|for|scheduled)\b[^.!?]{0,30}"
            r"\b(?:perbaikan|pemeliharaan|maintenance|gangguan)\b|\binternet positif\b"
            r"|\b(?:situs|akses|halaman|alamat|website|site|access)\b[^.!?]{0,60}"
            r"\b(?:diblokir|ditolak|terblokir|dibatasi|blocked|denied|forbidden|restricted)\b"
            r"|\b(?:akan |ditunggu,? )?segera hadir\b|\bmuat ulang\b|\bsomething went wrong\b"
            r"|(?:^|[.!?]\s+)(?:(?:silah?kan|mohon|harap)\s+)?(?:coba|muat|kembali)(?:lah)?"
            r" (?:lagi|kembali|ulang|beberapa saat|nanti)\b[^.!?]{0,30}[.!]?$"
            r"|\b(?:artikel|berita|halaman|konten)(?: ini)? sedang (?:diperbarui|disiapkan|ditinjau"
            r"|disunting|dimuat)\b"
            r"|\bterjadi (?:kesalahan|gangguan) (?:pada|di|saat|sistem|server|teknis)"
            r"|\b(?:50[0234]|bad gateway|service unavailable|internal server error|server error)\b"
            r"|\b(?:captcha|bukan robot|not a robot|anda manusia|you are human|unusual traffic)\b",
            re.IGNORECASE,
        ),
    ),
)


def is_own(text: str) -> bool:
    """Whether a page has a sign of the site: one of its domains, or the brand."""
    return any(name in text for name in _OWN)


def refuse_foreign_listing(page: Page) -> None:
    """Raise NotAnArticle for a page without articles that stands in place of a listing.

    A listing after its last article has at least its list, or a link to other listings.
    """
    text = squeeze(page.body.text(separator=" "))
    if len(text) <= _FEW:
        return
    links = (link.attributes.get("href") or "" for link in page.body.css("a[href]"))
    if not is_own(page.text) and not (
        page.body.css_first(_LISTS)
        or any(classify(link, page.url).kind in _LISTINGS for link in links)
    ):
        raise NotAnArticle("foreign", f"a page of another site is shown: {page.title}")
    for kind, reason, pattern in _NOTICES:
        if kind != "removed" and len(text) <= _LONGEST_NOTICE and pattern.search(text):
            raise NotAnArticle(kind, reason)


def named_articles(page: Page) -> Iterator[Address]:
    """The articles that a page calls itself: by its canonical link, og:url and JSON-LD."""
    linked = page.news.get("mainEntityOfPage")
    linked = linked.get("@id") if isinstance(linked, dict) else linked
    told = (page.canonical, page.metas.get("og:url"), linked, page.news.get("url"))
    for address in told:
        if isinstance(address, str) and (named := classify(address, page.url)).id:
            yield named


def refuse_other_article(page: Page, own_id: str) -> None:
    """Raise NotAnArticle for the page of another article than the one asked for."""
    named = next(named_articles(page), None)
    if named and named.id != own_id:
        reason = f"the page of another article is shown: {named.id}"
        raise NotAnArticle("other", reason, named.url)


def refuse_nameless(page: Page) -> None:
    """Raise ParseError for a page that calls itself nothing; asked where its dates are wrong."""
    if next(named_articles(page), None) is None:
        raise ParseError("its dates are not the article's, and nothing says whose the page is")


def refuse_notice(title: str, paragraphs: Sequence[str], *, is_signed: bool) -> None:
    """Raise NotAnArticle for an article's template that holds a notice in place of a text.

    ``paragraphs``: of a text that does not open as an article does. ``is_signed``: the page has a
    printed date or a by-line; then only a notice that is all of the text counts. Raises ParseError
    for a sentence without either, whatever it says.
    """
    text = " ".join(paragraphs)
    if len(text) < _LONGEST_CONSENT and _CONSENT.search(text) and _TERMS.search(text):
        raise NotAnArticle("wall", "a consent page is shown")
    if len(text) > (_LONGEST_SIGNED if is_signed else _LONGEST_NOTICE):
        return
    for kind, reason, pattern in _NOTICES:
        told = pattern.search(" ".join(paragraphs[:2])) if is_signed else pattern.search(text)
        if told or (not is_signed and pattern.search(title)):
            raise NotAnArticle(kind, reason)
    if not is_signed and len(text) < _SENTENCES:
        raise ParseError("a sentence stands where the text should, and nothing says whose it is")


def claims_article(page: Page, canonical: Address) -> bool:
    """Whether the head of a page says that it is an article's."""
    metas = page.metas
    return bool(
        canonical.id
        or page.news
        or metas.get("og:type") == "article"
        or metas.get("article:published_time")
    )


def refuse_other_pages(page: Page, canonical: Address) -> None:
    """Raise NotAnArticle for a page without an article in a known layout that shows what it is."""
    if wall := page.wall:
        raise NotAnArticle("challenge", wall)
    if canonical.kind == "home":
        raise NotAnArticle("home", "the home page is shown in place of the article")
    if canonical.kind in _LISTINGS:
        raise NotAnArticle("listing", f"a listing is shown: {page.canonical}")
    if claims_article(page, canonical):
        return
    text = squeeze(page.body.text(separator=" "))
    is_page = len(text) > _FEW and "<html" in page.text[:_START].lower()
    if is_page and not is_own(page.text):
        raise NotAnArticle("foreign", f"a page of another site is shown: {page.title}")
    refuse_notice(page.title or "", [text], is_signed=False)
    if page.body.css_first(_LISTING_ITEMS):
        raise NotAnArticle("listing", "a listing is shown")
    if "berita terkini" in (page.metas.get("title") or page.title or "").lower():
        raise NotAnArticle("home", "the home page is shown in place of the article")
