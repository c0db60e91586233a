"""What a page is: the article that was asked for, or something else in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.parsers.errors import NotAnArticle

if TYPE_CHECKING:
    from crawler.parsers.page import Page
    from crawler.urls import Address

_LISTING_ITEMS = "ul.wrap-latest > li a, div.set_subkanal a, div.wp-indeks a"
_LISTINGS = {"index", "tag", "section", "author", "search", "feed"}


def claims_article(page: Page, canonical: Address) -> bool:
    """Whether the head of a page says that it is an article's."""
    metas = page.metas
    return bool(
        canonical.id
        or page.news
        or metas.get("og:type") == "article"
        or metas.get("article:published_time")
    )


def refuse_other_pages(page: Page, canonical: Address) -> None:
    """Raise NotAnArticle for a page without an article in a known layout that shows what it is."""
    if wall := page.wall:
        raise NotAnArticle("challenge", wall)
    if canonical.kind == "home":
        raise NotAnArticle("home", "the home page is shown in place of the article")
    if canonical.kind in _LISTINGS:
        raise NotAnArticle("listing", f"a listing is shown: {page.canonical}")
    if claims_article(page, canonical):
        return
    if page.body.css_first(_LISTING_ITEMS):
        raise NotAnArticle("listing", "a listing is shown")
    if "berita terkini" in (page.metas.get("title") or page.title or "").lower():
        raise NotAnArticle("home", "the home page is shown in place of the article")
