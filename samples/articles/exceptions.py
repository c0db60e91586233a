"""Articles of 2018-22 that are a teaser, have two pages, an author line, or another day."""

from __future__ import annotations

from samples.articles.model import (
    Article,
    Aside,
    P,
    at,
    photo,
)

# A paid article of which the page gives the first lines only.
TEASER = Article(
    kanal="www",
    layout="wrap_detail",
    title="Menjaga Resep Lama di Warung Pinggir Rel",
    made=at(7, 11, 33),
    suffix="3925000",
    printed=at(7, 15),
    stated=at(7, 15, 16),
    reporters=("republika.id",),
    editors=("republika.id",),
    section=("Gaya Hidup", "Kuliner"),
    tags=("kuliner", "warung"),
    partial=True,
    photos=(photo("warung-pinggir-rel", "220815071000-901", None, None),),
    opening="JAKARTA – ",
    dateline="JAKARTA",
    body=(
        P(
            "Warung di pinggir rel itu sudah tiga kali pindah, tetapi kuah sotonya tetap dimasak di"
            " atas tungku yang sama. Pemiliknya, generasi ketiga, masih menakar bumbu dengan..."
        ),
        Aside(
            '<p class="premium-content"><a href="https://www.republika.id/posts/00000/">Lihat'
            ' Artikel Asli</a> <a href="https://www.republika.id">Baca Selengkapnya di'
            " republika.id</a></p>"
        ),
    ),
)

# Two pages; the second begins with the last paragraph of the first.
PRAYER_HOUSE = Article(
    kanal="khazanah",
    layout="wrap_detail",
    title="Merawat Surau Kayu di Lereng Gunung",
    lead="Papan yang lapuk diganti satu per satu, tanpa paku.",
    made=at(6, 1, 24),
    printed=at(6, 5),
    stated=at(6, 5, 38),
    reporters=("Contoh Reporter Dua",),
    section=("Khazanah", "Islam Nusantara"),
    tags=("surau", "warisan budaya"),
    photos=(
        photo(
            "surau-kayu",
            "220815060000-111",
            "Surau kayu di lereng gunung (ilustrasi).",
            "Republika/Contoh Reporter Dua",
        ),
    ),
    opening="REPUBLIKA.CO.ID, PADANG PANJANG -- ",
    dateline="PADANG PANJANG",
    body=(
        P(
            "Surau kayu di sebuah nagari di Padang Panjang, Sumatra Barat, berumur lebih dari satu"
            " abad. Setiap tahun warga berkumpul untuk mengganti papan yang lapuk."
        ),
        P(
            "Pekerjaan itu dilakukan tanpa paku. Tukang tertua memilih kayu, sedangkan anak-anak"
            " muda memotong dan memasang pasak di bawah pengawasannya."
        ),
        P(
            "Tahun ini giliran dinding utara yang diperbaiki. Dari 48 papan, 11 di antaranya harus"
            " diganti."
        ),
    ),
    continued=(
        P(
            "Kayu pengganti diambil dari kebun milik nagari. Untuk setiap pohon yang ditebang,"
            " warga menanam tiga bibit baru."
        ),
        P(
            "Pengurus surau mencatat semua perbaikan dalam buku tebal. Catatan tertua yang masih"
            " terbaca berasal dari tahun 1931."
        ),
        P("Perbaikan ditutup dengan makan bersama di halaman surau selepas Maghrib."),
    ),
)

# The reporter's name stands in an author line of the text, not in the by-line.
PLAYGROUND = Article(
    kanal="www",
    layout="wrap_detail",
    title="Mengapa Anak Perlu Bermain di Luar Rumah",
    lead="Satu jam di bawah matahari pagi sudah cukup.",
    made=at(5, 24, 51),
    printed=at(5, 30),
    stated=at(5, 30, 2),
    reporters=("Contoh Reporter Dua",),
    author_line="Oleh : Contoh Reporter Dua",
    section=("Kolom", "Wawasan"),
    tags=("anak", "bermain"),
    photos=(photo("bermain-di-luar", "220815052000-121", "Anak bermain (ilustrasi).", "Istimewa"),),
    opening="REPUBLIKA.CO.ID, DEPOK -- ",
    dateline="DEPOK",
    body=(
        P(
            "Halaman rumah makin sempit, dan waktu anak di depan layar makin panjang. Padahal"
            " bermain di luar rumah tidak perlu biaya."
        ),
        P(
            "Satu jam di bawah matahari pagi sudah cukup. Anak belajar mengukur tenaga, menunggu"
            " giliran, dan menyelesaikan pertengkaran kecil tanpa orang dewasa."
        ),
        P(
            "Orang tua cukup duduk agak jauh dan menahan diri untuk tidak sebentar-sebentar"
            " memanggil pulang."
        ),
    ),
)

# On the day's index, but its id says that it is of 12 August.
NIGHT_MARKET = Article(
    kanal="news",
    layout="wrap_detail",
    title="Pasar Malam Keliling Kembali Singgah di Alun-Alun",
    lead="Komidi putar menjadi wahana yang paling ditunggu.",
    made=at(19, 22, 14, day=12),
    printed=at(19, 26, day=12),
    stated=at(19, 26, 3, day=12),
    section=("News", "Nusantara"),
    tags=("pasar malam", "tegal"),
    photos=(photo("pasar-malam", "220812191900-131", "Komidi putar (ilustrasi).", "Istimewa"),),
    opening="REPUBLIKA.CO.ID, TEGAL -- ",
    dateline="TEGAL",
    body=(
        P(
            "Pasar malam keliling kembali singgah di alun-alun Kota Tegal, Jawa Tengah, mulai Jumat"
            " (12/8). Komidi putar menjadi wahana yang paling ditunggu anak-anak."
        ),
        P("Pengelola menjual karcis seharga Rp 5.000 dan membatasi jumlah penumpang tiap putaran."),
        P("Pasar malam akan berlangsung selama sepuluh hari."),
    ),
)
