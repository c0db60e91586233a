"""By-lines: ``Rep: X/ Red: Y``, ``Reporter : X``, ``Editor : Y``, ``Oleh : Z``."""

from __future__ import annotations

import re

from crawler.parsers.text import meaningful, squeeze

_REPORTERS = "rep reporter pewarta penulis wartawan pengirim".split()
_EDITORS = "red redaktur editor penyunting".split()
_OTHERS = (  # what else stands in such a line, each with a colon
    "sumber foto fotografer video videografer iklan email e-mail surel telepon telp kontak alamat"
).split()
_OFFICES = dict.fromkeys(_REPORTERS, "reporters") | dict.fromkeys(_EDITORS, "editors")
_LABEL = re.compile(
    rf"(?<![\w.@-])({'|'.join([*_REPORTERS, *_EDITORS, *_OTHERS])})"
    r"(?:\s+(?:pelaksana|senior|utama))?\s*:",
    re.IGNORECASE,
)
# Without colons the labels have a capital, and the first word is one: "Reporter Contoh Nama".
_BARE_LABEL = re.compile(
    rf"\b({'|'.join(map(str.capitalize, [*_REPORTERS[:4], *_EDITORS]))}|REP|RED)\b[.\s]\s*"
    r"(?=[A-Z\d])"
)
_OPENS = re.compile(rf"\s*(?:{'|'.join([*_REPORTERS, *_EDITORS])})\s*:", re.IGNORECASE)
_RUNNING = re.compile(  # a word in small letters that no office has: of a sentence
    r"(?<![\w'’-])(?!(?:di|dari|dan|and|of|at|the|for|in|pada|untuk|bidang|asal)\b)[a-z]"
)
_LONGEST = 200  # characters of an author line
_MOST = 20  # names of an article
_SENTENCE = re.compile(r"[?!\"“”:]")  # none of them stands in names
_LONGEST_BARE = 120  # characters of a by-line without colons
_MAIL = re.compile(r"\([^()@]*@[^()]*\)")  # after a name
_AND = r"\s(?:dan|and|&)\s"
_NAMES = re.compile(rf"\s*(?:[,;/&|]\s*(?:(?:dan|and)\s)?|{_AND})\s*")
_LISTED = re.compile(r"\s*[,;/&|]\s*")
_OLEH = re.compile(r"(?:oleh|by)\b\s*:?\s*", re.IGNORECASE)
# A newsroom title in front of a name: "Wartawan Republika", "Pemimpin Redaksi Republika".
_TITLE = re.compile(
    r"(?:(?:wakil\s+)?pemimpin redaksi|redaktur(?:\s+(?:senior|pelaksana))?|wartawan|jurnalis"
    r"|kontributor|koresponden)\s+(?:(?:harian|senior)\s+)?"
    r"(?:republika(?:\.co\.id| online)?(?:\s+|$))?",
    re.IGNORECASE,
)
# How a part of an author line starts that says who somebody is, not what his name is.
_ROLE = re.compile(
    r"(?:(?:wakil|mantan|eks|calon|asisten|maha|staf|tenaga)\s*)?(?:jurnalis|wartawan|redaktur"
    r"|pemimpin|ketua|anggota|pengasuh|pengajar|pengamat|pengurus|pengacara|pengusaha|peneliti"
    r"|penulis|penyair|penyuluh|penasihat|penceramah|pegiat|penggiat|pendiri|pendidik|pendakwah"
    r"|pembina|pembaca|pemerhati|pemilik|pelaku|pelatih|pejabat|pegawai|pekerja|pimpinan|pensiunan"
    r"|pustakawan|pakar|praktisi|dosen|dekan|guru|rektor|besar|sekretaris|sekjen|bendahara"
    r"|direktur|dirjen|deputi|kepala|menteri|presiden|gubernur|bupati|wali kota|walikota|camat"
    r"|lurah|staf|ahli|aktivis|akademisi|analis|alumni|alumnus|arsitek|mahasiswa|mahasiswi"
    r"|magister|koordinator|komisaris|komisioner|ekonom|sejarawan|sastrawan|budayawan|seniman"
    r"|cendekiawan|founder|co-founder|ceo|chairman|chief|manager|manajer|kolumnis|kontributor"
    r"|koresponden|editor|reporter|kandidat|doktor|profesor|professor|associate|assistant|lecturer"
    r"|researcher|senior|konsultan|konselor|psikolog|psikiater|dokter|bidan|perawat|apoteker"
    r"|khatib|imam|ustadz? di|mubaligh|dai|da'i|advokat|hakim|jaksa|notaris|relawan|santri|siswa"
    r"|pelajar|departemen|fakultas|jurusan|program|universitas|institut|lembaga|pusat|badan"
    r"|kementerian|widyaiswara|trainer|motivator|instruktur|fasilitator|inspirator|blogger|vlogger"
    r"|youtuber|influencer|novelis|cerpenis|juru bicara|duta|konsul|atase|ulama"
    r"|intelektual|entrepreneur|wirausaha\w*|wiraswasta|peserta|panitia|takmir|orang tua|ibu rumah"
    r"|warga|jamaah|jemaah|petugas|pembimbing|pendamping|penggerak|penggagas|inisiator|presidium"
    r"|pelaksana|penerjemah|penata|perencana|pranata|statistisi|arsiparis|auditor|fungsional"
    r"|diplomat|muballigh|mubalig|filolog|\w{3,}(?:olog|onom)|host|asn|pns|plt|plh|pj|humas|tim"
    r"|(?:wa)?ketum|(?:wa)?sek(?:jen|um|jend)|waka(?:sek|polri|polda)?|wagub|wabup|wawali|wamen\w*"
    r"|kabid|kabag|kasubag|kasubbag|kasi|kadis\w*|kadiv|kapol\w+|kasat|kepsek|kaprodi"
    r"|wasek(?:jen|jend|um)|advisor|adviser|partner|fellow|president|economist|analyst|scholar"
    r")\b|(?:(?:vice|executive|managing|research|policy|program|general|deputy|phd|ph\.d|doctoral"
    r"|master|graduate|visiting|postdoctoral|legal|senior|junior|data)\s+)+(?:president|director"
    r"|officer|fellow|analyst|student|candidate|manager|secretary|editor|scholar|researcher"
    r"|scientist|advisor)\b|(?:head|director|secretary|member|student|dean)\s+(?:of|general|at)\b"
    r"|(?:di|dari|pada|asal|untuk|yang|selaku|sebagai|tinggal|alumni|from|at|of|the)\s",
    re.IGNORECASE,
)
# A body that writes under its own name, which may have an "and" in it.
_BODY = re.compile(
    r"(?:tim|badan|lembaga|kementerian|dinas|direktorat|pusat|yayasan|redaksi|biro|divisi|komisi"
    r"|panitia|humas|forum|majelis|dewan|ikatan|himpunan|asosiasi|persatuan|universitas|institut"
    r"|fakultas|departemen|bagian|kelompok|komunitas|pt|cv|bank|masjid|kantor|pemerintah"
    r"|litbang|perhimpunan|gabungan|sekretariat|bidang|seksi|kedutaan)\b",
    re.IGNORECASE,
)
# What stands between a name and an office without a comma.
_OFFICE = re.compile(r"\s[|–—-]\s|\s*\(")
# "M.Si", "SPd", "PhD", "LL.M": capitals, each with a few small letters, hardly ever a name.
_DEGREE = re.compile(  # the last two: "M Si", "ST MT"
    r"(?=(?:[^A-Z]*[A-Z]){2})(?:[A-Z]{1,2}[a-z]{0,4}(?:\.\s?)?){1,4}"
    r"|[SM]\s(?:Ag|Ak|Ec|Eng|Farm|Hum|Ikom|Kep|Kes|Kom|Pd|Psi|Sc|Si|Sos|Th)"
    r"|S[A-Z]{1,2}(?:\sM[A-Z]{1,2})+"
)
_SHORT_DEGREES = frozenset("lc lc. ak ak. apt apt. ners psi psi. ir ir. drs drs. hum ag".split())
_AGENCIES = frozenset(
    "ap afp abc bbc cnn dpa dw epa upi voa tass xinhua ihram ihram.co.id republika.id".split()
)


def split_byline(text: str) -> tuple[list[str], list[str]]:
    """Reporters and editors of a by-line, as printed (codes such as ``C31`` are kept).

    An author line (``Oleh : ...``) gives reporters; any other text gives two empty lists.
    """
    text = squeeze(text)
    oleh = _OLEH.match(text)
    if oleh:
        line = text[oleh.end() :]
        # "Oleh: X/ Red: Y", and not "Oleh: X, Editor Z"
        if label := _LABEL.search(line):
            reporters, editors = split_byline(line[label.start() :])
            return list(dict.fromkeys(_authors(line[: label.start()]) + reporters)), editors
        return _authors(line), []
    text = _MAIL.sub("", text)
    found: dict[str, list[str]] = {"reporters": [], "editors": []}
    labels = list(_LABEL.finditer(text))
    if not labels and len(text) <= _LONGEST_BARE and _BARE_LABEL.match(text):
        labels = list(_BARE_LABEL.finditer(text))
    ends = [*(label.start() for label in labels[1:]), len(text)]
    for label, end in zip(labels, ends, strict=False):
        names = found.get(_OFFICES.get(label[1].lower(), ""))
        if names is not None and "@" not in (phrase := text[label.end() : end]):
            names += _split(phrase)
    return list(dict.fromkeys(found["reporters"])), list(dict.fromkeys(found["editors"]))


def is_byline(text: str) -> bool:
    """Whether a short text opens as a by-line does."""
    return bool(_OPENS.match(text)) and "@" not in text


def is_author_line(text: str, *, is_labelled: bool) -> bool:
    """Whether what follows ``Oleh`` is names and offices alone, and not a sentence.

    ``is_labelled``: a colon follows it. Without one an office needs a capital too.
    """
    text = squeeze(text)
    if not text or len(text) > _LONGEST or _SENTENCE.search(text):
        return False
    if text.endswith(".") and not _is_degree(text.rpartition(" ")[2]):
        return False
    first, *parts = _LISTED.split(text)
    for part in parts:
        is_office = _ROLE.match(part) and (is_labelled or not _RUNNING.search(part))
        if not part or not (_is_name(part) or is_office):
            return False
    return all(_is_name(part) or _TITLE.match(part) for part in re.split(_AND, first))


def _is_name(text: str) -> bool:
    """Whether each word of a text has a capital, except those that names have small."""
    text = _OFFICE.split(text)[0].strip()
    if text.endswith(".") and not _is_degree(text.rpartition(" ")[2]):
        return False
    words = text.split()
    small = {"bin", "binti", "al", "el", "ibn", "van", "von", "de", "da", "dos", "la", "el-", "dan"}
    return 0 < len(words) <= 9 and all(
        word[:1].isupper() or word[:1].isdecimal() or word.lower() in small or "-" in word
        for word in words
    )


def _is_degree(text: str) -> bool:
    lower = text.lower()
    if lower in _AGENCIES:
        return False
    return lower in _SHORT_DEGREES or (len(text) <= 12 and bool(_DEGREE.fullmatch(text)))


def _split(text: str) -> list[str]:
    text = text.strip(" *|-–/")
    divider = _LISTED if _BODY.match(text) else _NAMES
    names: list[str] = []
    for name in (name.strip(" *|-–.") for name in divider.split(text) if meaningful(name)):
        if names and _is_degree(name):
            names[-1] += f", {name}"
        else:
            names.append(name)
    return names


def _authors(text: str) -> list[str]:
    """Names of an author line, without what it says of their offices."""
    names: list[str] = []
    text = _OFFICE.split(text)[0].strip(" ,;/|")
    parts = re.split(r"\s*[,;]\s*(?:(?:dan|and)\s+)?", text)
    offices = [bool(_ROLE.match(part)) for part in parts]
    offices[0] = offices[0] and not _BODY.match(parts[0])  # a body that signs
    former = False  # an office: what follows belongs to it, unless it has an office of its own
    for number, part in enumerate(parts):
        if names and not former and _is_degree(part):
            names[-1] += f", {part}"
            continue
        untitled = re.sub(r"^(?:dan|and)\s+", "", _TITLE.sub("", part))
        if untitled != part:
            offices[number] = bool(_ROLE.match(untitled))
        has_office = number + 1 < len(parts) and offices[number + 1]
        if number and untitled != part and not untitled:
            offices[number] = True
        elif not offices[number] and not (former and not has_office) and meaningful(untitled):
            names += _split(untitled)
        former = former or offices[number]
        if not offices[number] and has_office:
            former = False
    return list(dict.fromkeys(names))


def add_new(known: list[str], more: list[str]) -> None:
    """Append what is not in the list yet, in any case; no more than an article can have."""
    folded = {item.casefold() for item in known}
    if len(known) < _MOST:
        known += [item for item in more if item.casefold() not in folded]
