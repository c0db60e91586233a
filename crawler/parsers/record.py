"""Pages to one record: read from an excerpt or whole, and joined where an article has several."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.article import Article, content_hash
from crawler.errors import CutOff, NotAnArticle, ParseError
from crawler.parsers.bylines import add_new
from crawler.parsers.excerpt import Incomplete, excerpt
from crawler.parsers.identity import is_own
from crawler.parsers.page import Page, is_cut_off, page_bytes, page_text
from crawler.parsers.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Generator

    from crawler.parsers.parsed import ParsedPage

_START = 1_000  # bytes in which a file that is not text shows it
_MAX_PARTS = 30  # the longest articles of the site have some ten pages


def parse_page(html: bytes | str, url: str) -> ParsedPage:
    """Like `crawler.parsers.parse_article`, with the article's further pages."""
    html = page_bytes(html)
    if part := excerpt(html):
        try:
            return Reader(Page(part, url)).read()
        except (Incomplete, NotAnArticle, ParseError):
            pass  # what the excerpt lacks may stand elsewhere in the page
    return parse_whole(html, url)


def parse_answer(html: bytes | str, url: str) -> ParsedPage:
    """Like `parse_page`, for what a server answered.

    What cannot be read and has no sign of the site is a page of another one (``foreign``): a
    provider or a proxy has answered in its place. A file that is not text may be the site's.
    """
    try:
        return parse_page(html, url)
    except CutOff:
        raise
    except (NotAnArticle, ParseError) as error:
        unread = isinstance(error, ParseError) or error.state == "rejected"
        if unread and not is_own_page(html):
            raise NotAnArticle("foreign", f"no page of the site is shown: {error}") from error
        raise


def is_own_page(html: bytes | str) -> bool:
    """Whether a page has a sign of the site anywhere, or is not text."""
    page = page_bytes(html)
    return b"\0" in page[:_START] or is_own(page.decode("utf-8", "replace"))


def parse_whole(html: bytes, url: str) -> ParsedPage:
    """Like `parse_page`, but never from an excerpt of the page."""
    text = page_text(html)
    return Reader(Page(text, url), is_cut_off=is_cut_off(text)).read()


def whole_article(page: ParsedPage) -> Generator[str, ParsedPage | None, Article]:
    """The record of an article with the text of all its pages, ``page`` being the first.

    A generator: it yields the address of each further page, and is sent what stands there, or None
    where that cannot be had; then the record is partial. It returns the record.
    """
    waiting = list(page.parts)
    parts: list[Article] = []
    complete = True
    for url in waiting:  # which grows while pages name further ones
        part = yield url
        if part is None:
            complete = False
            continue
        parts.append(part.article)
        complete = complete and not part.doubts
        waiting += [more for more in part.parts if more not in waiting][: _MAX_PARTS - len(waiting)]
    complete = complete and not page.doubts
    return join_parts(page.article, parts, complete=complete) if waiting else page.article


def join_parts(article: Article, parts: list[Article], *, complete: bool) -> Article:
    """One record of a multi-part article with the whole text, no paragraph twice.

    ``parts`` are the records of its further pages in their order; ``complete`` says whether they
    are all there. Nothing but text, photos and links is taken from them.
    """
    paragraphs = article.body.split("\n\n")
    known = set(paragraphs)
    images, related, sources = list(article.images), list(article.related), list(article.sources)
    for part in parts:
        for paragraph in part.body.split("\n\n"):
            if paragraph not in known:
                known.add(paragraph)
                paragraphs.append(paragraph)
        urls = {image.url for image in images}
        images += [image for image in part.images if image.url not in urls]
        related += [link for link in part.related if link not in related]
        add_new(sources, part.sources)
    body = "\n\n".join(paragraphs)
    return replace(
        article,
        body=body,
        word_count=len(body.split()),
        partial=not complete,
        images=images,
        related=related,
        sources=sources,
        content_hash=content_hash(article.title, article.lead, body),
    )
