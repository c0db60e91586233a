"""The kanals of the site, as users name them and as articles show them."""

from __future__ import annotations

from difflib import get_close_matches

from crawler.site import SECTIONS


def check_section(section: str) -> str:
    """The kanal of a name, which may be as articles show it ("Gaya Hidup").

    Raises ValueError for a name that is none of the site's.
    """
    name = "-".join(section.lower().split())
    for kanal in (name, name.replace("-", "")):
        if kanal in SECTIONS:
            return kanal
    alike = get_close_matches(name, SECTIONS, 1)
    hint = f"did you mean {alike[0]}? " if alike else ""
    raise ValueError(f"unknown section {section}; {hint}known are {', '.join(sorted(SECTIONS))}")


def is_in_section(section: str, url: str, label: str | None) -> bool:
    """Whether an article is of the kanal: by its host, its path, or the label that it has.

    ``label``: what a listing shows beside it, or a record's ``section``, as "Ekonomi > Energi".
    """
    host, _, path = url.removeprefix("https://").partition("/")
    labels = [part.strip().lower().replace(" ", "-") for part in (label or "").split(">")]
    return host.partition(".")[0] == section or section in path.split("/")[1:3] or section in labels
