"""Nothing of a text in an unknown layout, or of an AMP page, goes unseen."""

from __future__ import annotations

import sys

import pytest

from crawler.parsers import parse_article
from tests.helpers import ROOT

sys.path.append(str(ROOT / "benchmarks"))  # scripts there, not a package
from furniture_layouts import LAYOUTS, URL

OPENING = "<p>REPUBLIKA.CO.ID, TEGAL -- Warga memperbaiki jembatan bambu bersama-sama.</p>"
LAST = "Jembatan itu dibuka lagi pekan depan setelah diperiksa petugas dinas pekerjaan umum."
LONG = "Sejarah jembatan itu panjang, sebab dibangun warga pada masa kakek mereka masih muda."


@pytest.mark.parametrize("layout", ["amp", "unknown"])
@pytest.mark.parametrize(
    "between",
    [
        '<div class="cm"><a href="#komentar">12 Komentar</a></div>',
        "<div><span>3 Komentar</span></div>",
        f"<section><p>{LONG}</p></section>",
        f'<article class="sub"><p>{LONG}</p></article>',
    ],
)
def test_what_follows_a_counter_or_a_part_is_kept(layout: str, between: str) -> None:
    article = parse_article(LAYOUTS[layout](f"{OPENING}{between}<p>{LAST}</p>"), URL)
    assert article.body.endswith(LAST)
    assert (LONG in article.body) == (LONG in between)
    assert "Komentar" not in article.body
