"""Lines that stand between an article's paragraphs and do not belong to its text.

A rule looks at one whole line. What merely contains such words is text and stays: every rule is
bound to the form in which the site's system or its editors set the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Every rule is tried on every line, so each is bound by its first letters or gated by a cheap test.
_DROP = re.compile(
    # Advertising.
    r"\W{0,3}advertisements?\W{0,3}|iklan|tidak ada kode iklan yang tersedia\.?"
    # Promotion of the publisher's own channels.
    r"|(?:yuk,?\s+)?(?:ikuti|follow|gabung|join|simak)\b.{0,40}\b(?:whats\s?app|wa|telegram"
    r"|google news)\b.{0,20}\b(?:channel|saluran|grup|republika)\b.{0,40}"
    r"|(?:yuk,?\s+)?ikuti saluran whats\s?app\b.{0,60}"
    r"|dapatkan update berita republika|yuk ngaji hari ini"
    r"|baca (?:berita )?selengkapnya(?: di)?\b.{0,40}|lihat artikel asli|halaman selanjutnya"
    # Counters and headings of the page's lists.
    r"|share|komentar(?:\s*:\s*\d+)?|tags?|embed|terpopuler|terkini"
    r"|rekomendasi - .{3,12} , .{0,160}"
    # Social embeds.
    r"|a post shared by .{1,80}|sebuah kiriman dibagikan oleh .{1,80}"
    r"|lihat postingan ini di instagram|view this post on instagram"
    # Who made the video; the phone that sent the text; photo credits and unfilled captions.
    r"|(?:videografer|video editor|videography|video by)\s*[|:].{1,80}"
    r"|sent from (?:my|yahoo)\b.{0,30}"
    r"|<caption>|foto\s*:(?!.{30,}\.$).{0,80}"
    r"|disclaimer|retizen adalah blog .{1,180}"
    # When this article was changed, or another published.
    r"|(?:(?:terakhir )?(?:diperbarui|diubah|update[d]?)\s*:?\s*)?"
    r"(?:(?:senin|selasa|rabu|kamis|jum.?at|sabtu|ahad|minggu)\s*,?\s*)?\d{1,2}\s+[a-z]{3,9}\s+\d{4}"
    r"\s*[,|-]?\s*\d{1,2}[:.]\d{2}(?:\s*wi(?:b|ta|t))?"
    r"|(?:artikel|berita|tulisan) ini (?:telah |sudah |pertama kali )+(?:tayang|terbit|dimuat) di"
    r" (?:republika|[\w-]+(?:\.[\w-]+)+)(?: online)?(?:,? (?:dengan judul|klik)\b.{0,150})?\.?"
    # How often it was read.
    r"|[\d.,]+\s*(?:k|rb|ribu)?\s*(?:kali\s+)?(?:di(?:lihat|baca|bagikan|tonton)|views?|pembaca|shares?)"
    r"|di(?:lihat|baca|bagikan|tonton)\s*:?\s*[\d.,]+\s*(?:k|rb|ribu)?(?:\s*kali)?"
    # What a script leaves.
    r"|['\"`;,]{1,4}",
    re.IGNORECASE,
)
LONGEST = 200  # characters of a line that is dropped whole, except a caption or a Baca Juga
_ALSO = r"(?:(?:baca|lihat|simak|tonton)\s+(?:juga|pula)|(?:read|see)\s+also)"
_HEADING = re.compile(
    rf"\W{{0,3}}(?P<baca>{_ALSO}(?:\s+berita\s+(?:lainnya|terkait))?)\W{{0,3}}"
    r"|(?:berita|artikel|foto)\s+(?:terkait|lainnya|terpopuler)\W{0,2}|rekomendasi",
    re.IGNORECASE,
)
# "Baca juga : Judul", "Baca: Judul", "(Baca: Judul)"; "Baca juga dilakukan ..." is a sentence.
# A title has no full stop: "Baca: Iqra, kata malaikat." is a sentence too.
_BACA = re.compile(
    r"[(\[\W]{0,3}baca(?:\s+(?:juga|selengkapnya)\s*[:»›>–—-]|\s*:(?!.*\w\.$))\s*(?P<title>.*)",
    re.IGNORECASE,
)
_BACA_START = re.compile(rf"\W{{0,3}}{_ALSO}\b[\s:»›>|–-]*", re.IGNORECASE)
_ALSO_ANYWHERE = re.compile(rf"\b{_ALSO}\b", re.IGNORECASE)
_LABEL = re.compile(r"[^.!?:]{2,30}:\s*")  # before links
# In small letters "(baca: ...)" means "that is to say".
_ASIDE = re.compile(
    r"\s*\(\s*(?:(?:Baca|BACA)(?:\s+(?i:juga))?\s*:|baca\s+juga\s*:(?=\s*\W?[A-Z\d]))"
    r"(?:[^()]|\([^()]*\))*\)"
)
# What stands below an article: how to share it, its tags and by-line.
_BELOW = re.compile(
    r"(?:tweet|share|email|copy link|tags?|facebook|whats\s?app|komentar|[\d\s:#])+"
    r"|(?:reporter|redaktur|rep|red|tags?)\s*:.{0,100}",
    re.IGNORECASE,
)
_LOADER = re.compile(r"loading\W*|memuat\W*", re.IGNORECASE)
_PAGER = re.compile(r"(?:halaman|page)\s+\d+\s*(?:/|dari|of)\s*\d+", re.IGNORECASE)
_COUNTER = re.compile(r"\s*\d+\s*(?:/|dari)\s*\d+\s+")
_SOURCE = re.compile(r"\(?sumber\s*:\s*(?P<names>(?:(?!sumber\s*:).){0,60}?)\)?", re.IGNORECASE)
_JOINING = frozenset(("dan", "of", "the", "and", "di", "dari", "untuk"))  # within names
_GATE = re.compile(
    r"(?:silakan |ayo )?(?:berlangganan|langganan|subscribe|daftar|login|masuk)\b.{0,40}\b"
    r"(?:membaca|melanjutkan|lanjutan|selengkapnya|sampai selesai)\b.{0,40}",
    re.IGNORECASE,
)
_PARTIAL = re.compile(
    r"baca (?:berita )?selengkapnya di:?\s+\S+\.\S+.{0,5}|lihat artikel asli\b.{0,60}",
    re.IGNORECASE,
)
# "Kasus keracunan - (Tim infografis)"; brackets without a dash belong to a sentence, unless a photo
# stands right above it: "Warga antre. (Republika/Contoh)".
_NAME = r"(?P<credit>(?:[A-Z]|dok\b|istimewa|ist\b|tim\b|foto\b)[^()]{0,60})"
_CREDIT = re.compile(rf"(?P<caption>.{{1,400}}?)\s*[-–—]\s*\({_NAME}\)\.?")
_CREDIT_BELOW = re.compile(
    r"(?P<caption>.{1,400}?)[\s.]*\((?P<credit>[A-Za-z][^()/]{0,30}/[^()]{1,30}"
    r"|(?:antara|republika|reuters|ap|afp|epa|dok|istimewa|ist|tangkapan layar)\b[^()]{0,40})\)\.?",
    re.IGNORECASE,
)
# "Mualaf AS Foto: VOA Mualaf AS": the caption twice around the credit; "... | Foto: Republika".
_TWICE = re.compile(
    r"(?P<caption>.{3,255}?)\s*(?:\|\s*)?Foto\s*:\s*(?P<credit>.{0,60}?)\s+(?P=caption)"
    r"|(?P<caption2>.{3,255}?)\s*\|\s*Foto\s*:\s*(?P<credit2>.{0,60})"
)


# "Petugas merakit kotak. Foto: Antara/Contoh", below a photo.
_CREDIT_NAMED = re.compile(
    r"(?P<caption>.{3,400}?)[\s|(\[–—-]*\b(?:foto|photo|dok(?:umentasi)?\.?|sumber foto|kredit)\s*:"
    r"\s*(?P<credit>[^:]{2,80}?)[)\]]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Caption:
    """A photo's caption that stands as a line of text."""

    caption: str
    credit: str | None


def is_furniture(line: str) -> bool:
    """Whether a squeezed line is furniture that carries nothing worth keeping."""
    if len(line) > LONGEST:
        return False
    return bool(_DROP.fullmatch(line) or is_cut(line)) or line.lower().rstrip(".").endswith(
        "klik di sini"
    )


def is_loader(line: str) -> bool:
    """Whether the line is what the site shows while it loads the next article."""
    return len(line) < 30 and bool(_LOADER.fullmatch(line))


def is_pager(line: str) -> bool:
    """Whether the line says which page of several this is."""
    return len(line) < 30 and bool(_PAGER.fullmatch(line))


def is_below(line: str) -> bool:
    """Whether the line belongs to what stands below an article on its page."""
    is_sentence = ":" in line and line.endswith(".")
    return len(line) < 120 and not is_sentence and bool(_BELOW.fullmatch(line))


def is_cut(line: str) -> bool:
    """Whether the line says that the whole text stands elsewhere."""
    return line[:1] in "bBlL" and bool(_PARTIAL.fullmatch(line))


def is_gate(line: str) -> bool:
    """Whether the line says that the rest is for subscribers."""
    return len(line) < 120 and not line.endswith(".") and bool(_GATE.fullmatch(line))


def label_end(line: str) -> int:
    """Where a short label before links ends, ``Artikel terkait:``; 0 for none."""
    match = _LABEL.match(line)
    return match.end() if match else 0


def mark_end(line: str, place: int) -> int:
    """Where the full stop that closes a Baca Juga ends, if one stands at a place."""
    return place + 1 if line.startswith((". ", ".\xa0"), place) or line[place:] == "." else place


def list_heading(line: str) -> str | None:
    """``baca`` for the heading of a Baca Juga list, ``other`` for that of another list of links."""
    match = _HEADING.fullmatch(line) if len(line) < 30 else None
    if not match:
        return None
    return "baca" if match["baca"] else "other"


def baca_title(line: str) -> str | None:
    """The title that a ``Baca juga : ...`` line names; None for any other line."""
    match = _BACA.fullmatch(line) if "baca" in line[:8].lower() else None
    return match["title"] if match else None


def starts_baca(line: str) -> int:
    """Where the title begins after a leading "Baca Juga" with or without a colon; 0 if none."""
    match = _BACA_START.match(line)
    return match.end() if match else 0


def says_also(text: str) -> bool:
    """Whether a Baca Juga stands anywhere in a text."""
    return bool(_ALSO_ANYWHERE.search(text))


def may_name_baca(line: str) -> bool:
    """Whether a Baca Juga could stand inside the line; a cheap pre-check, false of nearly all."""
    return "Baca" in line or "BACA" in line or ("baca" in line and ":" in line)


def without_counter(line: str) -> str:
    """A photo's caption without its number in a slider ("1/2")."""
    return _COUNTER.sub("", line, count=1) if line[:1].isdecimal() else line


def asides(line: str) -> list[str]:
    """Each ``(Baca: ...)`` in brackets that stands in the line, with the space before it."""
    return [match[0] for match in _ASIDE.finditer(line)]


def source_names(line: str) -> list[str] | None:
    """Names of a ``sumber : ...`` line, none where they come below; None for any other line."""
    match = _SOURCE.fullmatch(line) if line[:1] in "sS(" else None
    if not match:
        return None
    names = match["names"].strip(" .")
    words = names.split()
    if line.endswith(".") and len(words) > 2 and 2 * sum(map(_is_common, words)) >= len(words):
        return None  # "Sumber: air itu berasal dari bukit."
    if not names:
        return []
    if "://" in names or "www." in names:
        return [names]
    return [name.strip() for name in re.split(r"\s*[,;/]\s*|\s+dan\s+", names) if name.strip()]


def _is_common(word: str) -> bool:
    """Whether a word cannot be part of a name: small, and not a conjunction."""
    return word[:1].islower() and word not in _JOINING


def may_be_caption(line: str) -> bool:
    """Whether a photo's caption could be set as this line; false of nearly all."""
    return line.endswith((")", ").")) or "Foto" in line


def caption_line(line: str, *, below_photo: bool = False) -> Caption | None:
    """The caption and credit that a line sets as text; None for any other line."""
    match = None
    if line.endswith((")", ").")):
        match = _CREDIT.fullmatch(line) or (_CREDIT_BELOW.fullmatch(line) if below_photo else None)
    if match:
        return Caption(match["caption"], match["credit"])
    match = _TWICE.fullmatch(line) if "Foto" in line else None
    if match:
        caption = match["caption"] or match["caption2"]
        return Caption(caption, match["credit"] or match["credit2"] or None)
    match = _CREDIT_NAMED.fullmatch(line) if below_photo and ":" in line else None
    return Caption(match["caption"], match["credit"]) if match else None
