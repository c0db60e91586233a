"""The kanals of the site, as users name them and as articles show them."""

from __future__ import annotations

from crawler.site import SECTIONS


def check_section(section: str) -> None:
    """Raise ValueError for a name that is none of the site's kanals."""
    if section not in SECTIONS:
        raise ValueError(f"unknown section {section}; known are {', '.join(sorted(SECTIONS))}")


def is_in_section(section: str, url: str, label: str | None) -> bool:
    """Whether an article is of the kanal: by its host, its path, or the label that it has.

    ``label``: what a listing shows beside it, or a record's ``section``, as "Ekonomi > Energi".
    """
    host, _, path = url.removeprefix("https://").partition("/")
    labels = [part.strip().lower().replace(" ", "-") for part in (label or "").split(">")]
    return host.partition(".")[0] == section or section in path.split("/")[1:3] or section in labels
