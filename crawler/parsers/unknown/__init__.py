"""The reader of a layout that nobody described: a redesign, or a page of 2004-11.

It uses all evidence at once. What the page states for machines (JSON-LD, microdata, meta, the data
in its scripts) gives id, title and date, and is what a text is measured by; the text is looked for
among the blocks that a reader sees, and is given back as plain HTML, so that one cleaner takes the
furniture out of every layout. Where nothing but a few sentences speaks for a text there is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.article import Image
from crawler.dates import parse_date
from crawler.errors import NotAnArticle, ParseError
from crawler.parsers.body.account import Drop
from crawler.parsers.body.hidden import is_prose
from crawler.parsers.identity import named_articles, refuse_notice
from crawler.parsers.page import clean_title
from crawler.parsers.text import meaningful
from crawler.parsers.unknown import head
from crawler.parsers.unknown.account import Surroundings
from crawler.parsers.unknown.choice import LEAST, Chooser
from crawler.parsers.unknown.credits import Credits
from crawler.parsers.unknown.evidence import Evidence, plain
from crawler.parsers.unknown.outline import outline
from crawler.parsers.unknown.pictures import head_photo
from crawler.parsers.unknown.render import rendered
from crawler.parsers.unknown.told import names
from crawler.parsers.unknown.unread import unread
from crawler.parsers.unknown.zones import Zones
from crawler.urls import absolute_url, classify, id_time

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.parsers.body.account import Dropped
    from crawler.parsers.page import Page
    from crawler.parsers.unknown.choice import Choice
    from crawler.urls import Address

_LISTED = 8  # titles of articles that a page without an article of its own lists
_BELOW = 6  # blocks after the text in which it may be offered for money
_GATE = re.compile(
    r"\b(?:berlangganan|langganan|masuk|login|daftar|subscribe)\b.{0,40}\b(?:membaca|melanjutkan"
    r"|lanjutan|selengkapnya|sampai selesai|full)\b|khusus (?:pelanggan|anggota)|konten premium",
    re.IGNORECASE,
)
_NEAR = timedelta(days=1)  # from the moment in its id, an article is published
_ENOUGH = 0.85  # part of the stated text that the page shows, if it shows all


@dataclass(slots=True)
class Found:
    """What a page of an unknown layout holds.

    ``fragment`` is the text as HTML of plain elements, furniture between its paragraphs included;
    ``dates`` are those printed, as (as printed, moment), the best first.
    """

    fragment: str
    title: str
    lead: str | None
    dates: list[tuple[str, datetime]]
    published: str | None  # that the page states for machines
    modified: str | None
    reporters: list[str]
    editors: list[str]
    section: list[str]
    tags: list[str]
    images: list[Image]
    is_part: bool  # the page offers the rest to subscribers
    dropped: Dropped = field(default_factory=list)  # within the text


def find(page: Page, identifier: str) -> Found:
    """The article on a page; raises ParseError where the page holds no text that is surely one."""
    try:
        return _Reader(page, identifier).read()
    except ParseError:
        if page.unscripted == page.text:
            raise
    return _Reader(page, identifier, without_scripts=True).read()


def text_size(page: Page, identifier: str) -> int:
    """Characters of the text that this reader finds, 0 for none: the second opinion on others'."""
    try:
        return len(plain(find(page, identifier).fragment))
    except ParseError:
        return 0


class _Reader:
    def __init__(self, page: Page, identifier: str, *, without_scripts: bool = False) -> None:
        self.page = page
        self.identifier = identifier
        self.evidence = Evidence(page, identifier)
        self.outline = outline(page.unscripted if without_scripts else page.text)
        self.zones = Zones(self.outline, self.evidence, page.url, identifier)
        self.title_at = head.title_block(self.outline, self.zones, self.evidence.titles)
        self.dates = list(head.dates(self.outline, self.zones))

    def read(self) -> Found:
        self._refuse_others()
        self._put_head_aside()
        choice = Chooser(self.outline, self.zones, self.evidence, self.title_at).choose()
        text = self._shown(choice)
        opening = choice.opening if choice else len(self.outline.blocks)
        lead = self._lead(opening, text)
        around = (
            Surroundings(self.outline, self.zones, choice, self.title_at, lead) if choice else None
        )
        fragment = self._fragment(choice, text, around)
        told, linked = self.evidence.island, self.evidence.linked
        title = self._title()
        return Found(
            fragment=fragment,
            title=title,
            lead=lead,
            dates=self._dates(opening),
            published=self.page.published or self._marked("datePublished") or told.published,
            modified=self._modified(),
            reporters=self.credits.reporters or told.reporters or linked.reporters,
            editors=self.credits.editors or told.editors or linked.editors,
            section=self._section(title, opening),
            tags=self._tags(),
            images=self._images(opening),
            is_part=choice is not None and self._is_gated(choice, fragment),
            dropped=self._dropped(choice, around, fragment),
        )

    def _refuse_others(self) -> None:
        """Whose page it is: what it calls itself decides, else when it was published.

        Its head has been asked before; here its microdata and data are.
        """
        named = [address.id for address in named_articles(self.page)]
        properties = self.outline.properties
        for tag in [*properties.get("mainEntityOfPage", []), *properties.get("url", [])][:1]:
            named.append(self._refused(classify(str(tag.get("href") or ""), self.page.url)))
        if not any(named):
            named = [i for i in self.evidence.island.ids if i == self.identifier]
        clock = id_time(self.identifier)
        stated = parse_date(self.page.published or self._marked("datePublished") or "")
        moments = [date.moment for date in self.dates] + ([stated] if stated else [])
        self.is_dated = any(clock is None or abs(moment - clock) < _NEAR for moment in moments)
        if any(named) or self.is_dated:
            return
        if sum(map(self.zones.links_away, self.outline.blocks)) >= _LISTED:
            raise NotAnArticle("listing", "a list of articles is shown")
        raise ParseError("nothing in the page says that its text is this article's")

    def _refused(self, address: Address) -> str | None:
        """The id that an address names; NotAnArticle if it is another article's."""
        if address.id not in (None, self.identifier):
            reason = f"the page of another article is shown: {address.id}"
            raise NotAnArticle("other", reason, address.url)
        return address.id

    def _put_head_aside(self) -> None:
        """Keep by-lines and dates out of the text."""
        count = len(self.outline.blocks)
        middle = self.title_at or 0
        self.credits = Credits(self.outline, self.zones, [*range(middle, count), *range(middle)])
        for i in self.credits.blocks:
            if not any(map(is_prose, self.outline.blocks[i].lines)):
                self.zones.mark((i, i + 1), "by-line")
        names = {name.casefold() for name in self.credits.reporters + self.credits.editors}
        for block in self.outline.blocks[middle:]:
            if block.heading and block.text.casefold() in names:
                self.zones.mark_below(block, "profile")
        for date in self.dates:
            block = self.outline.blocks[date.at]
            if len(block.text) < 2 * len(date.raw) + 40 and not self.zones.names_article(block):
                self.zones.mark((date.at, date.at + 1), "date")

    def _shown(self, choice: Choice | None) -> str:
        if choice is None:
            return ""
        return " ".join(self.outline.blocks[i].text for i in choice.kept)

    def _fragment(self, choice: Choice | None, text: str, around: Surroundings | None) -> str:
        evidence = self.evidence
        if evidence.is_whole and evidence.is_stated_by(text) < _ENOUGH:
            return f"<div>{evidence.text}</div>"
        titled = self.title_at is not None and self.is_dated
        if choice is None or around is None or not (choice.sure or (len(text) >= LEAST and titled)):
            raise self._unread()
        text = rendered(self.outline, choice.holder, set(choice.kept))
        return f"<div>{around.above}{text}{around.below}</div>"

    def _dropped(
        self, choice: Choice | None, around: Surroundings | None, fragment: str
    ) -> Dropped:
        """What is left out of the text: around it, or of the data that it comes from."""
        evidence = self.evidence
        if not (evidence.text and evidence.text in fragment):
            return around.dropped if around else []
        source = evidence.island if evidence.text == evidence.island.text else evidence.linked
        dropped = unread(source.bodies, evidence.text)
        for i in choice.kept if choice else ():
            shown = self.outline.blocks[i].text
            if not evidence.covers(shown):
                dropped.append(Drop("not in the data", shown))
        return dropped

    def _unread(self) -> ParseError:
        """Why there is no text; NotAnArticle where the few sentences of the page are a notice."""
        sentences = [
            block.text
            for block in self.outline.blocks
            if block.is_prose and not self.zones.alien[block.at]
        ]
        if not sentences:
            return ParseError("no text of an article was found in the page")
        is_signed = bool(self.dates or self.credits.reporters or self.credits.editors)
        refuse_notice(self._title(), sentences, is_signed=is_signed)
        return ParseError(
            "the page holds a few sentences, and nothing says that they are an article's text"
        )

    def _title(self) -> str:
        printed = self.outline.blocks[self.title_at].text if self.title_at is not None else ""
        title = clean_title(printed) or next(iter(self.evidence.titles), None)
        if not title:
            raise ParseError("the article has no title")
        return title

    def _is_gated(self, choice: Choice, fragment: str) -> bool:
        """Whether right below the text the page asks to subscribe or to log in for the rest."""
        below = choice.kept[-1] + 1
        gate = any(
            _GATE.search(block.text) for block in self.outline.blocks[below : below + _BELOW]
        )
        stated = self.evidence.text  # all of it, where the text comes from there
        return gate and not (stated and stated in fragment)

    def _lead(self, opening: int, text: str) -> str | None:
        """The printed teaser; where no text is printed, that of the data it comes from."""
        if printed := head.teaser(self.outline, self.evidence, self.title_at, opening):
            return printed
        told = next(iter(self.evidence.island.leads), None)
        shown = self.title_at is not None and self.evidence.is_stated_by(text) >= _ENOUGH
        return told if told and not shown and not self.evidence.covers(told) else None

    def _dates(self, opening: int) -> list[tuple[str, datetime]]:
        """The printed dates of publication; the nearest above the text first."""
        dates = [date for date in self.dates if not date.is_change]
        dates.sort(key=lambda date: (date.at > opening, abs(opening - date.at)))
        return [(date.raw, date.moment) for date in dates]

    def _modified(self) -> str | None:
        stated = self.page.modified or self._marked("dateModified") or self.evidence.island.modified
        return stated or next((date.raw for date in self.dates if date.is_change), None)

    def _marked(self, name: str) -> str | None:
        """The value of a microdata property."""
        tag = next(iter(self.outline.properties.get(name, [])), None)
        if tag is None:
            return None
        value = tag.get("datetime") or tag.get("content") or tag.get_text()
        return meaningful(str(value))

    def _section(self, title: str, opening: int) -> list[str]:
        printed = head.breadcrumb(self.outline, title, opening)
        stated = self.page.metas.get("article:section")
        told = self.evidence.island.section or self.evidence.linked.section
        stated = stated or self._marked("articleSection")
        return printed or told or names(stated)

    def _tags(self) -> list[str]:
        told, linked = self.evidence.island, self.evidence.linked
        marked = names(self._marked("keywords"), divided=True)
        return (
            self.page.keywords
            or told.tags
            or linked.tags
            or marked
            or head.tag_links(self.outline, self.zones)
        )

    def _images(self, opening: int) -> list[Image]:
        told = self.evidence.island.images
        named = [self.page.metas.get("og:image") or "", *(url for url, _, _ in told)]
        shown = head_photo(self.outline, self.zones, self.page.url, named, opening)
        if shown or not told:
            return shown
        url, caption, credit = told[0]
        try:
            return [Image(url=absolute_url(self.page.url, url), caption=caption, credit=credit)]
        except ValueError:
            return []
