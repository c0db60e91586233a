"""Whether a record may be stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.dates import now

if TYPE_CHECKING:
    from crawler.article import Article
    from crawler.database.articles import Articles

# The site is on the web since 1995; its clock may be a little ahead of ours.
_FIRST_YEAR = 1995
_AHEAD = timedelta(days=1)


def why_refused(article: Article, articles: Articles) -> str | None:
    """Why a record is not to be stored; None if it may be."""
    reason = implausible(article)
    if reason is None and (twin := articles.twin(article)):
        reason = reason_of_twin(twin)
    return reason


def reason_of_twin(twin: str) -> str:
    """Why an article is refused whose text another one has."""
    return f"the same text is stored already, as {twin}"


def implausible(article: Article) -> str | None:
    """What cannot be right about a record; None if nothing is wrong."""
    if not article.title.strip():
        return "the article has no title"
    if not article.body.strip():
        return "the article has no text"
    published = datetime.fromisoformat(article.published_at)
    fetched = datetime.fromisoformat(article.fetched_at) if article.fetched_at else now()
    if published.year < _FIRST_YEAR or published > fetched + _AHEAD:
        return f"the article's date cannot be right: {article.published_at}"
    return None
