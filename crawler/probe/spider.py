"""The spider of ``scrapy probe``: what is believed of the live site, held against it once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request

from crawler.crawl.politeness import DOWNLOAD_ERRORS, Forbidden, RunEnds
from crawler.crawl.rules import RobotRules
from crawler.dates import now
from crawler.errors import NotAnArticle, ParseError
from crawler.parsers import find_wall
from crawler.parsers.feed import parse_feed
from crawler.parsers.listing import next_offset, tag_is_known
from crawler.probe.finding import (
    Differs,
    Finding,
    article_of,
    freshness,
    listed_in,
    number_of,
    refuse_absent,
)
from crawler.site import DATE_INDEXES, FEEDS, HOME, NEWEST, SITEMAP, tag_url
from crawler.urls import id_time
from spiders.base import ArticleSpider
from spiders.responses import describe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from scrapy.http import Response

    from crawler.article import Article
    from crawler.parsers.listing import ListedArticle
    from crawler.probe.finding import State

# A day of each generation of the site, for an article of its time.
ERAS = (date(2013, 9, 10), date(2016, 2, 15), date(2019, 8, 14), date(2022, 8, 15))
_SECTION = "ekonomi"  # large enough to have news each day
_FEW = 10  # articles that a listing of news has at least
_WORDS = 30  # of a text


class ProbeSpider(ArticleSpider):
    """Asks the site for one of each kind of page, in turn, and stores no article."""

    name = "probe"

    def __init__(self) -> None:
        super().__init__()
        self.findings: list[Finding] = []
        self._listed: list[ListedArticle] = []  # what listings have shown, the first found first
        self._article: Article | None = None  # one of today
        self._stopped: str | None = None  # why nothing more is asked

    def feed(self) -> None:
        """Leave alone what waits in the database."""

    async def first_requests(self) -> AsyncIterator[Request]:
        await self._robots()
        await self._newest()
        await self._days()
        await self._feeds()
        await self._forms()
        await self._tag()
        differing = [finding for finding in self.findings if finding.state == "differs"]
        if differing:
            self.run.add_problem(f"the site differs from what is believed: {len(differing)}")
        untold = sum(finding.state == "cannot be told" for finding in self.findings)
        if untold:
            self.run.add_problem(f"what could not be told of the site: {untold}")
        return
        yield  # no request for Scrapy's own queue

    # -- asking ------------------------------------------------------------------------------

    async def _hold(
        self, belief: str, url: str, place: str, look: Callable[[Response], str]
    ) -> Response | None:
        """Ask for a page, and note what ``look`` makes of it; None where that is not as believed.

        ``look`` gives what was seen, or raises what parsers raise.
        """
        response, state, seen = await self._ask(url)
        if response is not None:
            try:
                state, seen = "holds", look(response)
            except (Differs, NotAnArticle, ParseError) as error:
                state, seen = "differs", f"HTTP {response.status}: {error}"
        self.findings.append(Finding(belief, state, seen, url, place))
        return response if state == "holds" else None

    async def _ask(self, url: str) -> tuple[Response | None, State, str]:
        """The response, or why there is none."""
        if self._stopped:
            return None, "cannot be told", self._stopped
        assert self.crawler.engine
        is_rules = urlsplit(url).path == "/robots.txt"
        request = Request(url, dont_filter=True, meta={"dont_obey_robotstxt": is_rules})
        try:
            response = await self.crawler.engine.download_async(request)
        except RunEnds as error:
            self._stopped = str(error) or "the run was ended"
            return None, "cannot be told", self._stopped
        except Forbidden as error:
            return None, "cannot be told", str(error)
        except DOWNLOAD_ERRORS as error:
            return None, "cannot be told", describe(error)
        if wall := find_wall(response.body, url):
            self._stopped = wall
            self.blocked(wall)
            return None, "cannot be told", wall
        if response.status in (403, 429) or response.status >= 500:
            return None, "cannot be told", f"HTTP {response.status}"
        return response, "holds", ""

    # -- what is believed --------------------------------------------------------------------

    async def _robots(self) -> None:
        agent = self.settings["ROBOTSTXT_USER_AGENT"] or self.settings["USER_AGENT"]

        def look(response: Response) -> str:
            if response.status != 200:
                return f"HTTP {response.status}: no rules, so all may be asked"
            rules = RobotRules(response.body)
            for path in ("/berita/x", NEWEST.url(0).removeprefix(HOME)):
                if not rules.allowed(HOME + path, agent):
                    raise Differs(f"robots.txt forbids {path}")
            signals = f", signals: {'; '.join(rules.signals)}" if rules.signals else ""
            return f"articles and the index are allowed{signals}"

        await self._hold(
            "robots.txt lets this crawler in", f"{HOME}/robots.txt", "USER_AGENT", look
        )

    async def _newest(self) -> None:
        place = "crawler/site.py: NEWEST"
        await self._hold(
            "the home page lists news", f"{HOME}/", "crawler/site.py: HOME", self._news
        )
        first = await self._hold(
            "the index of all news lists the newest", NEWEST.url(0), place, self._news
        )
        known = {listed.id for listed in self._listed} if first else set()

        def further(response: Response) -> str:
            listed = listed_in(response)
            if not {article.id for article in listed} - known:
                raise Differs("its second page shows what the first does")
            return number_of(listed)

        await self._hold("its second page goes on", NEWEST.url(NEWEST.step), place, further)
        await self._hold(
            "a section has an index of its own", NEWEST.url(0, _SECTION), place, self._news
        )
        await self._hold(
            "a section has a host of its own",
            f"https://{_SECTION}.republika.co.id/",
            "crawler/site.py: SECTIONS",
            self._news,
        )

    async def _days(self) -> None:
        newest = max(filter(None, (id_time(one.id) for one in self._listed)), default=now())
        yesterday = newest.date() - timedelta(days=1)
        await self._indexed("the index lists yesterday", yesterday, all_generations=True)
        await self._read_article(self._first(yesterday) or self._first(), "today")
        for day in ERAS:
            await self._indexed(f"the index lists a day of {day.year}", day)
            await self._read_article(self._first(day), str(day.year))

    async def _indexed(self, belief: str, day: date, *, all_generations: bool = False) -> None:
        """Ask the generations of the index for a day; one that shows it is enough for a crawl."""
        tried: list[Finding] = []
        for number, index in enumerate(DATE_INDEXES, start=1):
            urls = [index.url(day, 0)]
            if all_generations and index.sectioned:
                urls.append(index.url(day, 0, _SECTION))
            for url in urls:
                place = f"crawler/site.py: DATE_INDEXES[{number - 1}]"
                await self._hold(belief, url, place, lambda response: self._day(response, day))
                found = self.findings.pop()
                tried.append(replace(found, seen=f"{urlsplit(url).path}: {found.seen}"))
                if found.state != "holds":
                    break  # a section's is of the same form
            if not all_generations and tried[-1].state == "holds":
                break
        best = next((one for one in tried if one.state == "holds"), tried[0])
        self.findings.append(replace(best, seen="; ".join(one.seen for one in tried)))

    async def _read_article(self, listed: ListedArticle | None, time: str) -> None:
        belief = f"an article of {time} is read in a known layout"
        place = "crawler/parsers/layouts.py"
        if listed is None:
            seen = "no listing has shown an article of that time"
            self.findings.append(Finding(belief, "cannot be told", seen, "", place))
            return

        def look(response: Response) -> str:
            article = article_of(response, listed.id)
            if time == "today":
                self._article = article
            if article.layout == "generic":
                raise Differs("its layout is unknown; it was read by its text")
            if article.published_from == "id":
                raise Differs(f"layout {article.layout}: no date was found in it")
            if article.word_count < _WORDS:
                raise Differs(f"layout {article.layout}: {article.word_count} words")
            filled = [name for name in _FIELDS if getattr(article, name)]
            lacking = sorted(set(_FIELDS) - set(filled))
            empty = f", empty: {', '.join(lacking)}" if lacking else ""
            return f"layout {article.layout}, {article.word_count} words{empty}"

        await self._hold(belief, listed.url, place, look)

    async def _feeds(self) -> None:
        for number, url in enumerate(FEEDS):
            belief = f"the feed {urlsplit(url).path} shows the newest"
            await self._hold(belief, url, f"crawler/site.py: FEEDS[{number}]", self._fed)
        await self._hold(
            "the sitemap lists articles", SITEMAP, "crawler/site.py: SITEMAP", self._fed
        )

    async def _forms(self) -> None:
        """The forms of an article's address, by which links and archives name it."""
        place = "crawler/urls.py: classify"
        article = self._article
        if article is None:
            seen = "no article of today was read"
            self.findings += [
                Finding(belief, "cannot be told", seen, "", place) for belief, _ in _FORMS
            ]
            return

        def look(response: Response) -> str:
            shown = article_of(response, article.id)
            if shown.title != article.title:
                raise Differs(f"another title is shown: {shown.title}")
            return f"the article in the layout {shown.layout}, at {response.url}"

        slug = urlsplit(article.url).path.rpartition("/")[2]
        for belief, form in _FORMS:
            url = form.format(id=article.id, slug=slug, url=article.url)
            await self._hold(belief, url, place, look)

    async def _tag(self) -> None:
        place = "crawler/site.py: tag_url"
        belief, further = "a tag has a page of its articles", "the page of a tag goes on"
        tag = next(iter(self._article.tags), None) if self._article else None
        if tag is None:
            seen = "no article with a tag was read"
            self.findings.append(Finding(belief, "cannot be told", seen, "", place))
            return
        url = tag_url("-".join(tag.lower().split()), 0)

        def look(response: Response) -> str:
            if not tag_is_known(response.body, response.url):
                raise Differs("it is not the page of that tag")
            return number_of(listed_in(response))

        shown = await self._hold(belief, url, place, look)
        if shown and (offset := next_offset(shown.body, url, 0)):
            address = f"{url}/{offset}"
            await self._hold(further, address, place, lambda page: number_of(listed_in(page)))

    # -- what is seen ------------------------------------------------------------------------

    def _news(self, response: Response) -> str:
        listed = listed_in(response)
        self._listed += listed
        if len(listed) < _FEW:
            raise Differs(f"{len(listed)} articles")
        return freshness(listed, response)

    def _fed(self, response: Response) -> str:
        refuse_absent(response)
        listed = parse_feed(response.body, response.url)
        self._listed += listed
        if not listed:
            raise Differs("no article")
        return freshness(listed, response)

    def _day(self, response: Response, day: date) -> str:
        listed = listed_in(response)
        self._listed += listed
        of_day = sum((at := id_time(one.id)) is not None and at.date() == day for one in listed)
        if not of_day:
            raise Differs(f"{len(listed)} articles, none of {day}")
        return f"{len(listed)} articles, {of_day} of {day}"

    def _first(self, day: date | None = None) -> ListedArticle | None:
        """The first article that a listing has shown, of any or of one day."""
        for listed in self._listed:
            at = id_time(listed.id)
            if day is None or (at is not None and at.date() == day):
                return listed
        return None


# Fields that nearly every article has.
_FIELDS = ("title", "published_raw", "section", "editors", "tags", "images", "body")
# Each belief, and the form of an article's address.
_FORMS = (
    ("an article is found by its id alone", f"{HOME}/berita/{{id}}"),
    ("an address with a double slash shows the article", f"{HOME}/berita//{{id}}/{{slug}}"),
    ("an address of www shows the article", "https://www.republika.co.id/berita/{id}/{slug}"),
    ("/share/ leads to the article", f"{HOME}/share/{{id}}"),
    ("/r/ leads to the article", f"{HOME}/r/{{id}}"),
    ("the AMP page shows the article", f"{HOME}/amp/{{id}}/{{slug}}"),
    ("?page=all shows the article", "{url}?page=all"),
    ("the address of a first part shows the article", "{url}-part1"),
)
