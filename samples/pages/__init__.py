"""The site's templates of 2013-26, cut down: every element that an article stands in, few others.

Menus and lists are short, but what misleads a parser is there: the page's own date, headlines
with other dates, labels of ads and loaders, scripts that hold markup. The markup of a layout is
the site's; the words are made up (`samples.articles`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from samples.pages.amp import amp
from samples.pages.newrol import newrol
from samples.pages.republika2023 import republika2023
from samples.pages.rol import rol, rol_gallery
from samples.pages.wrap_detail import wrap_detail

if TYPE_CHECKING:
    from collections.abc import Callable

    from samples.articles.model import Article

_LAYOUTS: dict[str, Callable[[Article], str]] = {
    "newrol": newrol,
    "rol": rol,
    "wrap_detail": wrap_detail,
    "republika2023": republika2023,
    "amp": amp,
}


def page(article: Article) -> str:
    """The page of an article in its layout; of an article on several pages, the first."""
    return rol_gallery(article) if article.kind == "gallery" else _LAYOUTS[article.layout](article)
