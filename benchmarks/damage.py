"""Ways in which a page can be damaged, each from a source of chance that is given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

_TAG = re.compile(rb"<[^<>]{1,300}>")
_MARKUP = """
    <p> </p> <div> </div> </body> </html> <br> <br/><br/> <table><tr> <script> </script> <style>
    </style> <!-- --> <![CDATA[ ]]> < > & <?xml?> <svg><p> <math><mi> <template> <noscript>
    <plaintext> <textarea> <select> <frameset> <item> </item> <title></title> <meta/charset=utf-16>
    <base/href='http://[::1'> <a/href='http://[::1'>x</a> <a/href='//['>x</a> <img/src='//['>
    <img/src='/uploads/a.jpg'> <link/rel=canonical/href='https://republika.co.id/berita/rgmwym370'>
    <script/type='application/ld+json'> [[[[ {"@type":["NewsArticle"],
    <script/type="application/ld+json">{"@graph":1}</script> REPUBLIKA.CO.ID Rep: Red: sumber: Foto:
    <script/type="application/ld+json">{"@type":"NewsArticle","headline":{},"datePublished":[1e999]}
    &#0; &#x110000; &#xD800; &nbsp; &amp;amp; &lt;p&gt; &notin 1970-01-01 Jum'at Oleh: é 漢 🙂
""".split()
_SNIPPETS = (
    *_MARKUP,
    "REPUBLIKA.CO.ID, JAKARTA --",
    "Rep: a/ Red: b",
    "Baca Juga: ",
    "Loading...",
    "Senin 32 Aug 2022 25:61 WIB",
    "99 menit yang lalu",
    "<title>Just a moment...</title>",
    "<meta property='article:published_time' content='0000-00-00'>",
    *"\x00 \x1b[31m \x85 \u2028 \u202e \ufeff \ufffd \u0130".split(" "),
    "{" * 3_000,
    "&#" + "9" * 5_000,
)
_RUNS = (
    *"<div> <p> <b> <i><b> <ul><li> <blockquote> <table><tr><td> <a/href=x> </div> <br>".split(),
    *'<!-- < <script> <item><link> &amp; & a A - . ( " 1 [ %c2%a0 -part1'.split(),
    "<li><a href='/berita/rgmwym370/a'>a</a>",
    *(" ", "\n", "\u00a0", "- ", ", ", "A, ", "Baca Juga: ", "Rep: ", "sumber: ", "oleh "),
    *("REPUBLIKA.CO.ID, ", "foto: a | "),
)
_SHAPES = (("p", "div"), ("p", "span"), ("div", "p"), ("div", "section"), ("p", "li"), ("h1", "h2"),
           ("ul", "table"), ("item", "items"), ("span", "blockquote"))  # fmt: skip


def _place(random: Random, page: bytes) -> int:
    """Somewhere; half of the time between two tags."""
    if random.random() < 0.5 and (place := page.find(b"<", random.randrange(len(page) + 1))) >= 0:
        return place
    return random.randrange(len(page) + 1)


def _chunk(random: Random, page: bytes) -> tuple[int, int]:
    begin = _place(random, page)
    return begin, begin + int(random.expovariate(1 / random.choice((8, 80, 800, 8_000))))


def _insert(random: Random, page: bytes, what: bytes) -> bytes:
    place = _place(random, page)
    return page[:place] + what + page[place:]


def _flip(random: Random, page: bytes) -> bytes:
    """Other bytes here and there."""
    flipped = bytearray(page)
    for _ in range(random.choice((1, 8, 64)) if page else 0):
        flipped[random.randrange(len(flipped))] = random.randrange(256)
    return bytes(flipped)


def _cut(random: Random, page: bytes) -> bytes:
    """A piece is missing."""
    begin, end = _chunk(random, page)
    return page[:begin] + page[end:]


def _truncate(random: Random, page: bytes) -> bytes:
    """It breaks off, or begins late."""
    place = _place(random, page)
    return page[:place] if random.random() < 0.8 else page[place:]


def _repeat(random: Random, page: bytes) -> bytes:
    """A piece stands there again and again."""
    begin, end = _chunk(random, page)
    piece = page[begin:end]
    times = random.choice((1, 2, 10, 300))
    return page[:end] + piece * min(times, 200_000 // (len(piece) + 1) + 1) + page[end:]


def _snippet(random: Random, page: bytes) -> bytes:
    """What misleads parsers."""
    for _ in range(random.choice((1, 3))):
        page = _insert(random, page, random.choice(_SNIPPETS).encode("utf-8", "surrogatepass"))
    return page


def _tags(random: Random, page: bytes) -> bytes:
    """Two tags change places, or one is gone."""
    found = list(_TAG.finditer(page))
    if len(found) < 2:
        return page
    one, other = sorted(random.sample(found, 2), key=lambda tag: tag.start())
    first, second = (b"", other[0]) if random.random() < 0.4 else (other[0], one[0])
    middle = page[one.end() : other.start()]
    return page[: one.start()] + first + middle + second + page[other.end() :]


def _run(random: Random, page: bytes) -> bytes:
    """The same many times over: nesting, and what makes patterns go astray."""
    times = random.choice((10, 100, 500, 3_000, 20_000))
    return _insert(random, page, random.choice(_RUNS).encode() * times)


def _attributes(random: Random, page: bytes) -> bytes:
    """A tag with a great many attributes, or a very long one."""
    names = " ".join(f"a{n}={n}" for n in range(random.choice((10, 300, 900, 3_000))))
    long = f"class='{'a ' * random.choice((10, 3_000, 30_000))}'"
    return _insert(
        random,
        page,
        f"<{random.choice(('p', 'div', 'a'))} {random.choice((names, long))}>".encode(),
    )


def _entities(random: Random, page: bytes) -> bytes:
    """A soup of them, well-formed and not."""
    soup = "".join(
        random.choice(("&", "&#", "&#x", "&amp", "&lt;", "&zwj;"))
        + random.choice(("", "9", "d800;", "0;", ";"))
        for _ in range(random.choice((5, 200, 5_000)))
    )
    return _insert(random, page, soup.encode())


def _charset(random: Random, page: bytes) -> bytes:
    """The same text in another encoding, or under a mark that is not its own."""
    text = page.decode("utf-8", "replace")
    if random.random() < 0.3:
        return random.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) + page
    name = random.choice(
        ("latin-1", "windows-1252", "utf-16", "utf-16-le", "utf-32", "utf-7", "shift_jis")
    )
    return text.encode(name, "replace")


def _shape(random: Random, page: bytes) -> bytes:
    """Another layout: elements or classes of other names, no closing tags, capitals."""
    one, other = (name.encode() for name in random.choice(_SHAPES))
    match random.randrange(4):
        case 0:
            return re.sub(rb"(</?)%s\b" % one, rb"\1" + other, page)
        case 1:
            return re.sub(rb"""(class|id)=(["'])""", rb"\1=\2x-", page)
        case 2:
            return page.replace(b"</%s>" % one, b"")
        case _:
            return page.upper() if random.random() < 0.5 else page.replace(b"\n", b"\r\n")


def _values(random: Random, page: bytes) -> bytes:
    """The value of an attribute, or a number, becomes something else."""
    pattern = random.choice((rb'"[^"<>]{0,200}"', rb"[0-9]+", rb">[^<>]{1,80}<"))
    found = list(re.finditer(pattern, page))
    if not found:
        return page
    match = random.choice(found)
    value = random.choice((*_SNIPPETS, "", "9" * 400, "x" * 5_000)).encode("utf-8", "surrogatepass")
    inner = value if match[0][:1].isdigit() else match[0][:1] + value + match[0][-1:]
    return page[: match.start()] + inner + page[match.end() :]


_WAYS = (
    *(_flip, _cut, _truncate, _repeat, _snippet, _tags, _run, _attributes, _entities),
    *(_charset, _shape, _values),
)


def damage(random: Random, page: bytes, others: Sequence[bytes]) -> bytes:
    """The page, damaged in one way; a piece of another may be spliced in."""
    if random.random() < 0.1:
        other = random.choice(others)
        begin, end = _chunk(random, other)
        return _insert(random, page, other[begin:end])
    return random.choice(_WAYS)(random, page)
