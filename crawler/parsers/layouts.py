"""Where each field stands, layout by layout.

The five layouts that the site has had since 2013, as CSS selectors; several in one string mean
the first that is there. newrol and rol were read off saved pages of 2015-16 and republika2023 off
pages of 2024-26; wrap_detail comes from selectors that public scrapers used, and most of amp is a
guess: where a selector of theirs finds nothing, `fields` looks for the field by what it says.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """CSS selectors of one layout, searched below ``root``."""

    name: str
    markers: tuple[str, ...]  # classes that only this layout has; one of them chooses it
    root: str  # the article with its head, photo and by-line
    body: str  # the element that holds the text, searched below the root
    title: str
    date: str
    byline: str
    breadcrumb: str
    lead: str = ""
    header: str = ""  # a block in which each part that is not another field is the lead
    photo: str = ""
    caption: str = ""
    credit: str = ""
    kind: str = "article"
    column: str = ""  # the class of the root, where it is a ``div``
    below: str = ""  # a class of the lists of other articles under the text in it


LAYOUTS = (
    Layout(
        name="republika2023",
        markers=("max-card__title", "article-content"),
        root=".main-content, #detail, body",
        body=".article-content article, .article-content",
        title=".max-card__title h1",
        date=".date-item__headline",
        byline=".max-card__title > div, .by",
        breadcrumb=".breadcrumb",
        lead=".max-card__teaser, .max-card__title > p",
        photo=".max-card__image figure img, figure img",
        caption=".detail__media-caption .caption-img, figcaption .caption-img",
        credit=".detail__media-caption .source-img, figcaption .source-img",
        column="main-content",
        below="list-group",
    ),
    Layout(
        name="wrap_detail",
        markers=("wrap_detail", "set_conten_detail"),
        root=".wrap_detail, body",
        body=".artikel, [itemprop=articleBody], .teaser_detail",
        title=".wrap_detail_set h1, h1",
        date=".date_detail",
        byline=".by",
        breadcrumb=".breadcome",
        header=".wrap_detail_set",
        photo=".detail_img_set img, .img_detail img",
        caption=".img_set_teaser_left",
        column="wrap_detail",
        below="list-group",
    ),
    Layout(
        name="rol",  # the In Picture gallery
        markers=("jdl-pic",),
        root=".index-photo, body",
        body=".teaser-pic",
        title=".jdl-pic",
        date=".date-pic",
        byline=".red",
        breadcrumb=".breadcome",
        kind="gallery",
    ),
    Layout(
        name="rol",  # the skin of ihram and of the pilgrimage pages
        markers=("global-detail",),
        root="body",
        body=".teaser.global-detail",
        title=".h5.global-detail",
        date=".date-detail.global-detail",
        byline=".red",
        breadcrumb=".breadcome",
        photo=".img-detail img",
        caption=".caption",
        credit=".def",
    ),
    Layout(
        name="rol",
        markers=("wp-conten-detail", "content-detail"),
        root=".wp-conten-detail, body",
        body=".content-detail",
        title=".jdl-detail, .wrap-head h2",
        date=".date-detail, .wrap-head .date, span.date",
        byline=".red",
        breadcrumb=".breadcome",
        photo=".img-detail img",
        caption=".wp-cap .caption",
        credit=".cap-foto",
        column="wp-conten-detail",
        below="detail-terkait",
    ),
    Layout(
        name="newrol",
        markers=("content-detail-center", "txt-detailberita"),
        root=".content-detail-center, body",
        body=".txt-detailberita, .txt-detail, .teaser-detail",
        title=".jdl-detail, h1",
        date=".date",
        byline=".red",
        breadcrumb=".breadcome",
        photo=".img-detailberita img",
        caption=".caption-foto",
        credit=".def-foto",
        column="content-detail-center",
        below="kop-terkait",
    ),
)
AMP = Layout(
    name="amp",
    markers=(),
    root="main, body",
    body="article, .artikel, [itemprop=articleBody]",
    title="h1",
    date=".date, .date_detail, time",
    byline=".by",
    breadcrumb=".breadcome, .breadcrumb",
    lead=".teaser, .max-card__teaser",
    photo=".amp-photo amp-img, figure amp-img",
    caption=".amp-photo .caption, figcaption",
    credit=".amp-photo .credit",
)
