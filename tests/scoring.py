"""How right a record is: field by field, by the words of its text, and by what leaked into it.

A page comes with the record that it must give, from the corpus of real pages or the sample day. Any
reader can be scored: what is compared is the record as a dict, of which it may fill a part.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from crawler.captures.payloads import decode_payload
from crawler.captures.warc import iter_captures
from crawler.parsers import parse_page, whole_article
from crawler.urls import article_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

# `language` and `modified_at` are labelled on the sample day alone.
FIELDS = """
    id url title lead published_at published_raw modified_at reporters editors sources dateline body
    tags section images related kind partial language layout
""".split()
MINUTE = len("2022-08-15T09:15")
DAY = len("2022-08-15")

_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_WORD = re.compile(r"\w+")
_SHINGLE = 4  # words
# The corpus's second rule puts these out of every body. One label has such a line all the same, so
# it is left out of what is expected, and nowhere else: a record that holds it has a leak.
_CUT = re.compile(r"Baca (?:Berita )?Selengkapnya di\b.{0,40}", re.IGNORECASE)

# What no text may hold, by kind. Written from the pages and apart from the parser's own rules, so
# that a gap in those is seen here.
_WEEKDAY = r"(?:senin|selasa|rabu|kamis|jum.?at|sabtu|ahad|minggu|\w+day)"
LEAKS = {
    kind: re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for kind, pattern in {
        "Advertisement": r"\badvertisements?\b|tidak ada kode iklan",
        "Baca Juga": r"\bbaca\s+juga\s*:|^\W*baca\s+juga\W*$|[(\[]\s*baca\s*:|^baca\s*:",
        "WhatsApp": r"(?:ikuti|gabung|join|follow)\b.{0,40}\bwhats\s?app\b|whats\s?app channel",
        "Loading": r"\bloading\s*(?:\.{2,}|…)|^loading$",
        "sumber": r"\bsumber\s*:",
        "by-line": r"\b(?:rep|red|reporter|redaktur)\s*:",
        "date line": rf"\b{_WEEKDAY}\s*,?\s*\d{{1,2}}\s+\w+\s+\d{{4}}\s*,?\s*\d\d:\d\d",
        "dateline": r"\brepublika\.co\.id\s*,.{0,40}(?:--|[-–—])",
        "title suffix": r"\|\s*republika\b",
        "Berita Terkait": r"\b(?:berita|artikel|foto)\s+(?:terkait|lainnya|terpopuler)\b"
        r"|^\W*(?:terpopuler|terkini|rekomendasi)\W*$",
        "Selengkapnya": r"baca (?:berita )?selengkapnya\b|lihat artikel asli|klik di sini",
        "embed": r"a post shared by|lihat postingan ini|view this post|kiriman dibagikan oleh",
        "script": r"\bfunction\s*\(|\bvar\s+\w+\s*=|googletag|document\.\w+|window\.\w+|</?[a-z]+\b"
        r"|^[';`\"]{1,4}$",
        "signature": r"^(?:videografer|videography|video editor)\s*[|:]|\bsent from my\b",
        "rest of the page": r"^\W*(?:share|komentar|tags?|tweet|disclaimer)\W*$|^#\w+|copyright ©"
        r"|all rights? reserved|tanggapan pribadi|<caption>|\bfoto\s*:",
    }.items()
}
LEAK_KINDS = (*LEAKS, "caption")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page and the record that it must give."""

    name: str
    url: str  # that the page was asked from
    html: bytes
    expected: dict[str, Any]
    alternatives: dict[str, list[Any]] = field(default_factory=dict)  # also right, by field
    unscored: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()  # lines that may stand in the body or not
    day_only: bool = False  # the page prints no time
    head_photo_only: bool = False  # the label leaves the photos in the text out
    further: dict[str, bytes] = field(default_factory=dict)  # the article's further pages

    @property
    def layout(self) -> str:
        return str(self.expected["layout"])

    @property
    def fields(self) -> list[str]:
        """Those that are scored."""
        return [name for name in FIELDS if name in self.expected and name not in self.unscored]

    @property
    def mended(self) -> list[str]:
        """Lines of the label's body that its own rules put out of it."""
        return [line for line in _lines(self.expected["body"]) if _CUT.fullmatch(line)]

    @property
    def paragraphs(self) -> list[str]:
        """The body that is right, without the lines that are optional."""
        return self.scored_lines(self.expected["body"], self.mended)

    def scored_lines(self, body: str, left_out: Sequence[str] = ()) -> list[str]:
        """Paragraphs of a body without the lines that are optional."""
        return [line for line in _lines(body) if line not in self.optional and line not in left_out]


def corpus_pages(folder: Path) -> list[Labelled]:
    """The corpus's articles; its README says what the labels mean."""
    return [_from_corpus(path, folder) for path in _articles(folder)]


def _articles(folder: Path) -> Iterator[Path]:
    for path in sorted((folder / "html").glob("*.html")):
        label = folder / "expected" / f"{path.stem}.json"
        if "body" in json.loads(label.read_text(encoding="utf-8")):
            yield label


def _from_corpus(path: Path, folder: Path) -> Labelled:
    expected = json.loads(path.read_text(encoding="utf-8"))
    meta = expected.pop("_meta")
    return Labelled(
        name=path.stem,
        url=meta["fetch_url"],
        html=(folder / "html" / f"{path.stem}.html").read_bytes(),
        expected=expected,
        alternatives=meta["alt"],
        unscored=frozenset(meta["unscored"]),
        optional=frozenset(map(flat, meta["body_optional"])),
        day_only=any("compare to the day" in note for note in meta["notes"]),
    )


def sample_pages(folder: Path) -> list[Labelled]:
    """The articles of the made-up day in `samples/`."""
    (warc,) = folder.glob("*.warc.gz")
    answers = {
        capture.url: decode_payload(capture.headers, capture.payload)
        for capture in iter_captures(warc)
    }
    known = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    pages = []
    for record in known["records"] + known["outside"]:
        url = next(url for url in answers if f"/{record['id']}/" in url)
        further = {part: html for part, html in answers.items() if part.startswith(f"{url}-part")}
        record["section"] = record["section"].split(" > ") if record["section"] else []
        pages.append(
            Labelled(record["id"], url, answers[url], record, head_photo_only=True, further=further)
        )
    return pages


def digest(pages: Sequence[Labelled]) -> str:
    """Of the pages and all that is expected of them."""
    whole = sha256()
    for page in sorted(pages, key=lambda page: page.name):
        known = asdict(page) | {"html": sha256(page.html).hexdigest()}
        known["further"] = {url: sha256(html).hexdigest() for url, html in page.further.items()}
        whole.update(json.dumps(known, sort_keys=True, default=sorted).encode())
    return whole.hexdigest()


def read(page: Labelled) -> dict[str, Any]:
    """This parser's record, from all pages of the article; raises as `parse_article` does."""
    first = parse_page(page.html, page.url)
    reading = whole_article(first)
    try:
        wanted = next(reading)
        while True:
            html = page.further.get(wanted)
            wanted = reading.send(parse_page(html, wanted) if html else None)
    except StopIteration as end:
        return asdict(end.value)


def read_or_none(page: Labelled) -> dict[str, Any] | None:
    """This parser's record, or None where it refuses the page."""
    try:
        return read(page)
    except ValueError:
        return None


def flat(value: Any) -> Any:
    """Text with its white space collapsed, as the corpus says to compare."""
    if isinstance(value, str):
        return " ".join(_INVISIBLE.sub("", value).split())
    if isinstance(value, list):
        return [flat(item) for item in value]
    if isinstance(value, dict):
        return {key: flat(item) for key, item in value.items()}
    return value


def _lines(body: str) -> list[str]:
    return [line for line in map(flat, body.split("\n\n")) if line]


def compared(page: Labelled, name: str, value: Any) -> tuple[Any, Any]:
    """A field's value, and the right one it is to equal, both in the form that is compared."""
    right = page.expected[name]
    if name == "body":
        return page.scored_lines(value), page.paragraphs
    if name == "published_at":
        length = DAY if page.day_only else MINUTE
        return (value[:length], value[-6:]), (right[:length], "+07:00")
    if name == "url":
        return value, re.sub("^http:", "https:", right)
    if name == "related":
        # By the id that the label's address has, and the title.
        return (
            [(link["related_id"], flat(link["title"])) for link in value],
            [(article_id(link["url"]), flat(link["title"])) for link in right],
        )
    if name == "images":
        value = value[: len(right)] if page.head_photo_only else value
    if name == "section":
        value = value.split(" > ") if value else []
    rights = [flat(right), *map(flat, page.alternatives.get(name, []))]
    return flat(value), flat(value) if flat(value) in rights else rights[0]


def overlap(page: Labelled, body: str) -> tuple[float, float, float]:
    """Shingles of four words found, too many and missing, as parts of one.

    As article-extraction-benchmark counts them: each page has the same weight.
    """
    right = shingles(" ".join(page.paragraphs))
    lines = map(flat, body.split("\n"))
    got = shingles(" ".join(line for line in lines if line not in page.optional))
    counts = (right & got).total(), (got - right).total(), (right - got).total()
    whole = sum(counts) or 1
    found, extra, missing = (count / whole for count in counts)
    return found, extra, missing


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The runs of four words in a text, each as often as it stands there."""
    words = _WORD.findall(text)
    starts = range(max(1, len(words) - _SHINGLE + 1)) if words else ()
    return Counter(tuple(words[start : start + _SHINGLE]) for start in starts)


def leaks(page: Labelled, body: str) -> Counter[str]:
    """What stands in the body and not in the one expected, by kind."""
    text = "\n".join(filter(None, map(flat, body.split("\n"))))
    right = "\n".join([*page.paragraphs, *page.optional])
    found: Counter[str] = Counter()
    for kind, pattern in LEAKS.items():
        phrases = Counter(match[0].casefold() for match in pattern.finditer(text))
        allowed = Counter(match[0].casefold() for match in pattern.finditer(right))
        found[kind] += (phrases - allowed).total()
    # A title mostly comes with its heading: that is one leak.
    titles = _extra(text, right, [flat(link["title"]) for link in page.expected["related"]])
    found["Baca Juga"] = max(found["Baca Juga"], titles)
    captions = [flat(image["caption"] or "") for image in page.expected["images"]]
    found["caption"] = _extra(text, right, [line for line in captions if len(line) > 20])
    return +found


def _extra(text: str, right: str, phrases: Sequence[str]) -> int:
    """How often phrases stand in a text above how often they should."""
    return sum(max(0, text.count(phrase) - right.count(phrase)) for phrase in phrases)


@dataclass(frozen=True, slots=True)
class Score:
    """How right one record is."""

    page: Labelled
    right: dict[str, bool]  # by field
    overlap: tuple[float, float, float] = (0, 0, 1)
    leaks: Counter[str] = field(default_factory=Counter)


def score(page: Labelled, record: Mapping[str, Any] | None) -> Score:
    """Score a record; None where the page could not be read."""
    if record is None:
        return Score(page, dict.fromkeys(page.fields, False))
    right = {}
    for name in page.fields:
        got, wanted = compared(page, name, record[name])
        right[name] = got == wanted
    return Score(page, right, overlap(page, record["body"]), leaks(page, record["body"]))


def percent(part: float, whole: float) -> float:
    """Rounded down, so that 100 means all of it; 0 of nothing is all of it."""
    return math.floor(10_000 * part / whole + 1e-6) / 100 if whole else 100.0


def precision_recall(scores: Sequence[Score]) -> tuple[float, float]:
    """Of the bodies, in percent, each page with the same weight."""
    found, extra, missing = map(math.fsum, zip(*(score.overlap for score in scores), strict=True))
    return percent(found, found + extra), percent(found, found + missing)


def measures(scores: Sequence[Score]) -> dict[str, float]:
    """Percentages that may only rise: fields that are right, text that is, pages without a leak."""
    result = {}
    for name in FIELDS:
        answers = [score.right[name] for score in scores if name in score.right]
        if answers:
            result[name] = percent(sum(answers), len(answers))
    result["body precision"], result["body recall"] = precision_recall(scores)
    result["no leak"] = percent(sum(not score.leaks for score in scores), len(scores))
    return result
