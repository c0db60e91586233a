"""Addresses: what each form shows, and its one canonical form."""

from __future__ import annotations

import pytest

from crawler.urls import (
    Address,
    article_id,
    canonical_key,
    canonical_url,
    classify,
)
from tests.addresses import NEWS, R, W

ARTICLES = [
    # (address, id, kind, canonical address); None: it is canonical already.
    # The short form of today, on any host
    (f"{NEWS}/berita/r8m4kt370/panen-raya-di-lereng", "r8m4kt370", "article", None),
    (f"{R}/berita/t0c9pz512/panen-raya", "t0c9pz512", "article", None),
    ("https://fbeta.republika.co.id/berita/m2q7xa/hujan", "m2q7xa", "article", None),
    ("https://m.republika.co.id/berita/m2q7xa/hujan", "m2q7xa", "article", None),
    ("https://ekbis.co/berita/qlb2f1383/zakat", "qlb2f1383", "article", None),
    ("https://www.ihram.co.id/berita/qr1c0m430/haji", "qr1c0m430", "article", None),
    ("https://rejogja.co.id/berita/t0c9pz512/gudeg", "t0c9pz512", "article", None),
    ("https://rejabar.co.id/berita/t0c9pz512/angklung", "t0c9pz512", "article", None),
    ("https://esgnow.id/berita/t0c9pz512/hutan", "t0c9pz512", "article", None),
    ("https://janna.co.id/berita/t0c9pz512/busana", "t0c9pz512", "article", None),
    ("https://dialogjumat.co.id/berita/t0c9pz512/hikmah", "t0c9pz512", "article", None),
    ("https://retizen.republika.co.id/berita/r8m4kt370/catatan", "r8m4kt370", "article", None),
    (f"{NEWS}/berita/r8m4kt8225000/berbayar", "r8m4kt8225000", "article", None),
    (f"{R}/berita/rmq00412345678901234/kiriman", "rmq00412345678901234", "article", None),
    (f"{R}/berita/r8m4kt370", "r8m4kt370", "article", None),
    (f"{R}/berita/ovwekx", "ovwekx", "article", None),
    # Six-letter words in the slug do not matter, nor does a slug that looks like an id
    (f"{R}/berita/r8m4kt370/polisi", "r8m4kt370", "article", None),
    (f"{R}/berita/ovwekx/lokasi", "ovwekx", "article", None),
    (f"{R}/berita/r8m4kt370/t0c9pz512", "r8m4kt370", "article", None),
    # Kanal forms
    (f"{R}/berita/nasional/daerah/r8m4kt370/banjir", "r8m4kt370", "article", None),
    (f"{R}/berita/dunia-islam/mualaf/r8m4kt370/kisah", "r8m4kt370", "article", None),
    (f"{R}/berita/trendtek/gadget/r8m4kt370/polisi", "r8m4kt370", "article", None),
    (f"{R}/berita/nasional/daerah/r8m4kt370", "r8m4kt370", "article", None),
    (f"{R}/berita/nasional/r8m4kt370/banjir", "r8m4kt370", "article", None),
    (f"{R}/berita/nasional/r8m4kt370", "r8m4kt370", "article", None),
    # The date form of 2011-19: the token behind the date
    (
        "http://nasional.republika.co.id/berita/nasional/daerah/15/11/05/nxk2a7330-korban-banjir",
        "nxk2a7330",
        "article",
        "https://nasional.republika.co.id/berita/nasional/daerah/15/11/05/nxk2a7330-korban-banjir",
    ),
    (
        f"{W}/berita/dunia-islam/mualaf/13/11/05/mvk2a7-bupati-polisi-korban",
        "mvk2a7",
        "article",
        None,
    ),
    (
        f"{W}/berita/en/national-politics/18/04/11/p7bc0d414-harvest",
        "p7bc0d414",
        "article",
        None,
    ),
    (f"{W}/berita/ekonomi/17/09/07/ovwekx-pajak-2017", "ovwekx", "article", None),
    (f"{W}/berita/ekonomi/makro/17/09/07/ovwekx", "ovwekx", "article", None),
    # Doubled slashes, query, fragment, scheme, case, port, userinfo, spaces around
    (f"{R}/berita//r8m4kt370/panen", "r8m4kt370", "article", f"{R}/berita/r8m4kt370/panen"),
    (f"{R}//berita///r8m4kt370//panen/", "r8m4kt370", "article", f"{R}/berita/r8m4kt370/panen"),
    (
        f"{R}/berita/r8m4kt370/panen?utm_source=x&page=2#komentar",
        "r8m4kt370",
        "article",
        f"{R}/berita/r8m4kt370/panen",
    ),
    ("HTTP://WWW.Republika.CO.ID/Berita/R8M4KT370/Panen", "r8m4kt370", "article",
     f"{W}/berita/r8m4kt370/panen"),
    ("https://republika.co.id:443/berita/r8m4kt370/panen", "r8m4kt370", "article",
     f"{R}/berita/r8m4kt370/panen"),
    ("https://u:p@republika.co.id/berita/r8m4kt370/panen", "r8m4kt370", "article",
     f"{R}/berita/r8m4kt370/panen"),
    ("https://republika.co.id./berita/r8m4kt370/panen", "r8m4kt370", "article",
     f"{R}/berita/r8m4kt370/panen"),
    (f"\n\t {R}/berita/r8m4kt370/panen \n", "r8m4kt370", "article",
     f"{R}/berita/r8m4kt370/panen"),
    # Without scheme or host, as links and people write them
    ("/berita//r8m4kt370/panen", "r8m4kt370", "article", f"{R}/berita/r8m4kt370/panen"),
    ("//news.republika.co.id/berita/r8m4kt370/panen", "r8m4kt370", "article",
     f"{NEWS}/berita/r8m4kt370/panen"),
    ("republika.co.id/berita/r8m4kt370", "r8m4kt370", "article", f"{R}/berita/r8m4kt370"),
    # No-break spaces, encoded once, twice or not at all, and the hyphens that they leave
    (f"{R}/berita/r8m4kt370/panen-%c2%a0", "r8m4kt370", "article",
     f"{R}/berita/r8m4kt370/panen"),
    (f"{R}/berita/r8m4kt370/panen-%25C2%25A0", "r8m4kt370", "article",
     f"{R}/berita/r8m4kt370/panen"),
    (f"{R}/berita/r8m4kt370/panen-\u00a0-part2", "r8m4kt370", "part",
     f"{R}/berita/r8m4kt370/panen"),
    (f"{R}/berita/r8m4kt370/panen-%c2%%c2%a0a0", "r8m4kt370", "article",
     f"{R}/berita/r8m4kt370/panen"),
    (f"{R}/berita/r8m4kt370/%c2%a0", "r8m4kt370", "article", f"{R}/berita/r8m4kt370"),
    (f"{W}/berita/ekonomi/makro/17/09/07/ovwekx-pajak-%25C2%25A0", "ovwekx", "article",
     f"{W}/berita/ekonomi/makro/17/09/07/ovwekx-pajak"),
    # Parts; a slug's own number or word is none
    (f"{R}/berita/r8m4kt370/panen-part1", "r8m4kt370", "part", f"{R}/berita/r8m4kt370/panen"),
    (f"{R}/berita/r8m4kt370-part12", "r8m4kt370", "part", f"{R}/berita/r8m4kt370"),
    (f"{W}/berita/ekonomi/makro/17/09/07/ovwekx-pajak-part3", "ovwekx", "part",
     f"{W}/berita/ekonomi/makro/17/09/07/ovwekx-pajak"),
    (f"{R}/berita/r8m4kt370/pameran-part-2", "r8m4kt370", "article", None),
    (f"{R}/berita/r8m4kt370/pameran-apart2", "r8m4kt370", "article", None),
    # Photos of a gallery; elsewhere a closing number is the slug's
    (f"{W}/berita/inpicture/nasional-inpicture/16/02/23/o5t3ve283-panen-5", "o5t3ve283", "photo",
     f"{W}/berita/inpicture/nasional-inpicture/16/02/23/o5t3ve283-panen"),
    (f"{W}/berita/inpicture/nasional-inpicture/16/02/23/o5t3ve283-pameran-2016", "o5t3ve283",
     "article", None),
    (f"{W}/berita/sepakbola/liga-indonesia/16/02/23/o5t3ve283-hasil-liga-1", "o5t3ve283",
     "article", None),
    (f"{R}/berita/r8m4kt370/hasil-liga-1", "r8m4kt370", "article", None),
    # AMP and share forms are cleaned, not changed into the article's
    (f"{R}/amp/r8m4kt370/panen", "r8m4kt370", "amp", None),
    ("http://fbeta.republika.co.id/amp/m2q7xa", "m2q7xa", "amp",
     "https://fbeta.republika.co.id/amp/m2q7xa"),
    ("http://m.republika.co.id/amp_version/o5t3ve283", "o5t3ve283", "amp",
     "https://m.republika.co.id/amp_version/o5t3ve283"),
    (f"{R}/amp/r8m4kt370/panen-part2?x=1", "r8m4kt370", "amp", f"{R}/amp/r8m4kt370/panen"),
    (f"{R}/r/r8m4kt370", "r8m4kt370", "share", None),
    (f"{R}/share/r8m4kt370/", "r8m4kt370", "share", f"{R}/share/r8m4kt370"),
    # Numbers of 2004-10: one page's in whatever order its query came, and after a date
    ("http://www.republika.co.id:80/Online_Detail.asp?id=195393&kat_id=23", "online-195393",
     "article", f"{W}/online_detail.asp?id=195393"),
    (f"{W}/koran_detail.asp?kat_id=3&ID=195393", "koran-195393", "article",
     f"{W}/koran_detail.asp?id=195393"),
    (f"{W}/suplemen/cetak_detail.asp?mid=7&id=159046&kat_id=89&kat_id1=1", "cetak-159046",
     "article", f"{W}/suplemen/cetak_detail.asp?id=159046"),
    (f"{W}/berita/12345/", "berita-12345", "article", f"{W}/berita/12345"),
    (f"{W}/berita/12345/Panen_Raya", "berita-12345", "article", f"{W}/berita/12345/panen_raya"),
    (f"{W}/berita/breaking-news/nasional/10/03/05/105623-panen-raya", "berita-105623", "article",
     None),
]  # fmt: skip

OTHERS = [
    # (address, kind, canonical address, key); None: it is canonical already, or there is no key
    (f"{R}/berita/", "section", None, "republika.co.id/berita"),
    (f"{R}/berita/nasional/daerah", "section", None, "republika.co.id/berita/nasional/daerah"),
    (f"{R}/berita/dunia-islam/mualaf", "section", None,
     "republika.co.id/berita/dunia-islam/mualaf"),
    (f"{R}/berita/nasional/polisi", "section", None, "republika.co.id/berita/nasional/polisi"),
    (f"{R}/berita/nasional/lokasi", "section", None, "republika.co.id/berita/nasional/lokasi"),
    (f"{R}/berita/mualaf/kisah", "other", None, "republika.co.id/berita/mualaf/kisah"),
    (f"{R}/berita/dunia-islam/mualaf/kisah", "other", None,
     "republika.co.id/berita/dunia-islam/mualaf/kisah"),
    (f"{R}/berita/serial/next", "other", None, "republika.co.id/berita/serial/next"),
    (f"{R}/berita/polisi/korban", "other", None, "republika.co.id/berita/polisi/korban"),
    (f"{R}/berita/contoh001/judul", "other", None, "republika.co.id/berita/contoh001/judul"),
    (f"{R}/berita/zzzzzz370/judul", "other", None, "republika.co.id/berita/zzzzzz370/judul"),
    (f"{W}/berita/nasional/17/09/07/polisi-tangkap", "other", None,
     "republika.co.id/berita/nasional/17/09/07/polisi-tangkap"),
    (f"{W}/berita/nasional/17/09/07", "other", None, "republika.co.id/berita/nasional/17/09/07"),
    (f"{R}/amp/", "other", None, "republika.co.id/amp"),
    (f"{R}/share/polisi", "other", None, "republika.co.id/share/polisi"),
    (f"{R}", "home", f"{R}/", "republika.co.id"),
    ("https://m.republika.co.id/", "home", None, "m.republika.co.id"),
    ("https://ihram.co.id", "home", "https://ihram.co.id/", "ihram.co.id"),
    (f"{NEWS}/", "section", None, "news.republika.co.id"),
    (f"{NEWS}/nasional-news?utm_source=x", "section", f"{NEWS}/nasional-news",
     "news.republika.co.id/nasional-news"),
    ("https://ekonomi.republika.co.id/energi/40", "section", None,
     "ekonomi.republika.co.id/energi/40"),
    ("https://ihram.co.id/umrah", "section", None, "ihram.co.id/umrah"),
    (f"{W}/kanal//berita", "section", f"{W}/kanal/berita", "republika.co.id/kanal/berita"),
    (f"{R}/indeks", "index", None, "republika.co.id/indeks"),
    (f"{W}/indeks/populer", "index", None, "republika.co.id/indeks/populer"),
    (f"{R}/index/50/2026/07/20", "index", None, "republika.co.id/index/50/2026/07/20"),
    (f"{R}/index/ekonomi/2018/07/20/40", "index", None,
     "republika.co.id/index/ekonomi/2018/07/20/40"),
    (f"{W}/indeks/hot_topic/kabut asap", "tag", f"{W}/indeks/hot_topic/kabut%20asap",
     "republika.co.id/indeks/hot_topic/kabut%20asap"),
    (f"{R}/tag/panen-raya/95", "tag", None, "republika.co.id/tag/panen-raya/95"),
    (f"{R}/page/penulis/1/contoh-redaktur", "author", None,
     "republika.co.id/page/penulis/1/contoh-redaktur"),
    (f"{R}/page/redaksi", "other", None, "republika.co.id/page/redaksi"),
    (f"{W}/rss/ekonomi", "feed", None, "republika.co.id/rss/ekonomi"),
    (f"{R}/files/xml/sitemap.xml", "feed", None, "republika.co.id/files/xml/sitemap.xml"),
    (f"{R}/search/v3/?q=panen&page=2&gclid=1", "search", f"{R}/search/v3/?q=panen&page=2",
     "republika.co.id/search/v3?q=panen&page=2"),
    (f"{R}/search/v3/all/2/?UTM_medium=a&q=a%20b&source=x&fbclid=y", "search",
     f"{R}/search/v3/all/2/?q=a%20b", "republika.co.id/search/v3/all/2?q=a%20b"),
    ("https://static.republika.co.id/uploads/images/a/panen_1.JPG", "asset", None,
     "static.republika.co.id/uploads/images/a/panen_1.JPG"),
    (f"{W}/files/js/script.js?v=1", "asset", None, "republika.co.id/files/js/script.js?v=1"),
    (f"{NEWS}/favicon.ico", "asset", None, "news.republika.co.id/favicon.ico"),
    ("https://retizen.republika.co.id/posts/12/catatan", "network", None,
     "retizen.republika.co.id/posts/12/catatan"),
    ("https://boyanesia.republika.co.id/news/12/laut", "network", None,
     "boyanesia.republika.co.id/news/12/laut"),
    ("http://www.republika.co.id/koran_detail.asp?kat_id=3", "legacy",
     f"{W}/koran_detail.asp?kat_id=3", "republika.co.id/koran_detail.asp?kat_id=3"),
    (f"{W}/indeks_suplemen.asp?id=159046", "legacy", None,
     "republika.co.id/indeks_suplemen.asp?id=159046"),
    # No number of an article: below a section, in a later date, too short or too long
    (f"{W}/berita/nasional/12345", "section", None, "republika.co.id/berita/nasional/12345"),
    (f"{W}/berita/nasional/umum/17/03/05/105623-panen", "other", None,
     "republika.co.id/berita/nasional/umum/17/03/05/105623-panen"),
    (f"{W}/berita/breaking-news/nasional/105623/panen", "other", None,
     "republika.co.id/berita/breaking-news/nasional/105623/panen"),
    (f"{W}/online_detail.asp?id=12345678", "legacy", None,
     "republika.co.id/online_detail.asp?id=12345678"),
    (f"{R}/robots.txt", "other", None, "republika.co.id/robots.txt"),
    (f"{W}/account/index", "other", None, "republika.co.id/account/index"),
    (f"{W}/jadwal-sholat/", "other", None, "republika.co.id/jadwal-sholat"),
]  # fmt: skip

NOT_OURS = [
    ("https://republika.id/berita/r8m4kt370/panen", "external"),
    ("https://kreta.id/berita/r8m4kt370/panen", "external"),
    ("https://motoresto.id/berita/r8m4kt370/panen", "external"),
    ("https://evilrepublika.co.id/berita/r8m4kt370/panen", "external"),
    ("https://republika.co.id.evil.com/berita/r8m4kt370/panen", "external"),
    ("https://republika.co.id@evil.com/berita/r8m4kt370/panen", "external"),
    ("https://republika.co.id:8080/berita/r8m4kt370/panen", "external"),
    ("https://example.com/?u=https://republika.co.id/berita/r8m4kt370/panen", "external"),
    ("//example.com/berita/r8m4kt370/panen", "external"),
    (f"{R}/berita/abc-def/judul", "invalid"),
    (f"{W}/berita/nasional/daerah/17/09/07/abc-def", "invalid"),
    ("ftp://republika.co.id/berita/r8m4kt370/panen", "invalid"),
    ("file:///berita/r8m4kt370/panen", "invalid"),
    ("data:text/html,https://republika.co.id/berita/r8m4kt370", "invalid"),
    ("mailto:redaksi@republika.co.id", "invalid"),
    ("javascript:void(0)", "invalid"),
    ("https://republika.co.id:99999999/berita/r8m4kt370", "invalid"),
    ("https://republika.co.id:x/berita/r8m4kt370", "invalid"),
    ("https://[republika.co.id]/berita/r8m4kt370", "invalid"),
    ("https://[::1/berita/r8m4kt370", "invalid"),
    ("https://republika.co.id\\@evil.com/berita/r8m4kt370", "invalid"),
    ("https://republika.co.id/berita/r8m4\nkt370", "invalid"),
    ("https://republika.co.id/berita/r8m4kt370/\ud800", "invalid"),
    ("https:///berita/r8m4kt370", "invalid"),
    ("r8m4kt370", "invalid"),
    ("panen/raya", "invalid"),
    ("#", "invalid"),
    ("#komentar", "invalid"),
    ("", "invalid"),
    (" \u00a0", "invalid"),
    (f"{R}/berita/r8m4kt370/{'a' * 5000}", "invalid"),
]


@pytest.mark.parametrize(("url", "identifier", "kind", "canonical"), ARTICLES)
def test_an_article_address(url, identifier, kind, canonical):
    assert classify(url) == Address(identifier, kind, canonical or url)
    assert article_id(url) == canonical_key(url) == identifier
    assert canonical_url(url) == (canonical or url)


@pytest.mark.parametrize(("url", "kind", "canonical", "key"), OTHERS)
def test_another_address_of_the_site(url, kind, canonical, key):
    assert classify(url) == Address(None, kind, canonical or url)
    assert article_id(url) is None
    assert canonical_key(url) == key


@pytest.mark.parametrize(("url", "kind"), NOT_OURS)
def test_an_address_that_is_not_of_the_site(url, kind):
    assert classify(url) == Address(None, kind, None)
    assert canonical_url(url) == url.strip()
    assert canonical_key(url) is None


@pytest.mark.parametrize("url", [row[0] for row in [*ARTICLES, *OTHERS, *NOT_OURS]])
def test_a_canonical_address_is_its_own(url):
    once = canonical_url(url)
    assert canonical_url(once) == once
    assert article_id(once) == article_id(url)
    assert canonical_key(once) == canonical_key(url)
