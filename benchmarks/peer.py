"""One reader of articles in an environment of its own, asked for one page at a time.

    PYTHON benchmarks/peer.py NAME PAGES

`peers.py` starts it with the Python that has the peer. PAGES is a file of JSON, a list of
[address, HTML]. A line of input is the number of a page, or `rss`; each is answered by a line of
JSON. From the list's end on its pages come again, each time with other words.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable

    Record = dict[str, Any]  # what there is of title, published, authors, text or html
    Reader = Callable[[str, str], Record]

ROOT = Path(__file__).parents[1]
PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")
BLOCKS = ("p", "br", "div", "li", "h1", "h2", "h3", "h4", "blockquote", "td")


def this_parser() -> Reader:
    """The parser that the others are peers of."""
    sys.path.insert(0, str(ROOT))
    from crawler.parsers import parse_article

    def read(html: str, url: str) -> Record:
        article = parse_article(html, url)
        return {
            "title": article.title,
            "published": article.published_at,
            "authors": article.reporters,
            "text": article.body,
        }

    return read


def bare_lxml() -> Reader:
    """No reader at all: what it costs to make a tree of the page."""
    import lxml.html

    def read(html: str, _: str) -> Record:
        lxml.html.fromstring(html)
        return {}

    return read


def trafilatura() -> Reader:
    bare_extraction = import_module("trafilatura").bare_extraction

    def read(html: str, url: str) -> Record:
        document = bare_extraction(html, url=url, with_metadata=True, include_comments=False)
        return {
            "title": document.title,
            "published": document.date,
            "authors": (document.author or "").split("; "),
            "text": document.text,
        }

    return read


def newspaper4k() -> Reader:
    newspaper = import_module("newspaper")

    def read(html: str, url: str) -> Record:
        article = newspaper.article(url, language="id", input_html=html, fetch_images=False)
        return {
            "title": article.title,
            "published": article.publish_date,
            "authors": article.authors,
            "text": article.text,
        }

    return read


def news_please() -> Reader:
    from_html = import_module("newsplease").NewsPlease.from_html

    def read(html: str, url: str) -> Record:
        article = from_html(html, url=url, fetch_images=False)
        return {
            "title": article.title,
            "published": article.date_publish,
            "authors": article.authors,
            "text": article.maintext,
        }

    return read


def readability_lxml() -> Reader:
    make = import_module("readability").Document

    def read(html: str, url: str) -> Record:
        document = make(html, url=url)
        title, author = document.short_title(), document.author()
        return {
            "title": title,
            "authors": [] if author == "[no-author]" else [author],
            "html": document.summary(html_partial=True),  # last, for it changes the document
        }

    return read


def goose3() -> Reader:
    goose = import_module("goose3").Goose(
        {
            "use_meta_language": False,
            "target_language": "id",
            "enable_image_fetching": False,
        }
    )

    def read(html: str, _: str) -> Record:
        article = goose.extract(raw_html=html)
        return {
            "title": article.title,
            "published": article.publish_datetime_utc or article.publish_date,
            "authors": article.authors,
            "text": article.cleaned_text,
        }

    return read


def fundus() -> Reader:
    """It has no reader for sites at large, but one for each publisher that it knows."""
    publishers = import_module("fundus").PublisherCollection
    host = "republika.co.id"
    found = [publisher for publisher in publishers if host in publisher.domain]
    if not found:
        indonesian = ", ".join(publisher.name for publisher in publishers.id)
        raise LookupError(f"has no parser for {host}; Indonesian publishers it knows: {indonesian}")
    parser = found[0].parser()

    def read(html: str, _: str) -> Record:
        article = parser.parse(html, "suppress")
        return {
            "title": article["title"],
            "published": article["publishing_date"],
            "authors": article["authors"],
            "text": str(article["body"] or ""),
        }

    return read


def news_watch() -> Reader:
    """Its parser of Republika's pages is in the method that downloads, which is given the page."""
    republika = import_module("newswatch.scrapers.republika")

    class Session:
        html = ""
        status = 200

        def __init__(self, **_: object) -> None:
            pass

        def get(self, *_: object, **__: object) -> Self:
            return self

        async def text(self) -> str:
            return Session.html

        async def __aenter__(self) -> Self:
            return self

        async def __aexit__(self, *_: object) -> None:
            pass

    republika.aiohttp.ClientSession = Session
    loop = asyncio.new_event_loop()
    queue: asyncio.Queue[Any] = asyncio.Queue()
    scraper = republika.RepublikaScraper("", queue_=queue)

    def read(html: str, url: str) -> Record:
        Session.html = html
        loop.run_until_complete(scraper.get_article(url, ""))
        if queue.empty():
            raise ValueError("gives no article")
        item = queue.get_nowait()
        return {
            "title": item["title"],
            "published": item["publish_date"],
            "authors": [] if item["author"] == "Unknown" else [item["author"]],
            "text": item["content"],
        }

    return read


READERS = {
    "this parser": this_parser,
    "lxml": bare_lxml,
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "news-please": news_please,
    "readability-lxml": readability_lxml,
    "goose3": goose3,
    "fundus": fundus,
    "news-watch": news_watch,
}


def text_of(html: str) -> str:
    """The text of a reader that gives HTML, a block a line."""
    import lxml.html

    tree = lxml.html.fromstring(html)
    for element in tree.iter(*BLOCKS):
        element.tail = f"\n{element.tail or ''}"
    return str(tree.text_content())


def answer(read: Reader, url: str, html: str) -> Record:
    """The record, and the processor's milliseconds that it took."""
    begin = time.process_time()
    try:
        found = read(html, url)
    except Exception as error:  # noqa: BLE001  # whatever a peer raises is its answer
        return {"error": f"{type(error).__name__}: {error}"[:200]}
    finally:
        milliseconds = (time.process_time() - begin) * 1000
    if "html" in found:
        found["text"] = text_of(found.pop("html"))
    published = found.get("published")
    if published is not None and not isinstance(published, str):
        found["published"] = published.isoformat()
    return {"ms": milliseconds, "record": found}


def offline(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse the network, for an audit hook."""
    if event in ("socket.getaddrinfo", "socket.gethostbyname") or (
        event == "socket.connect" and not isinstance(arguments[1], str)
    ):
        raise ConnectionRefusedError("no network for peers")


def main(name: str, path: Path) -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # a peer may print

    def say(what: Record) -> None:
        print(json.dumps(what), file=answers, flush=True)

    pages = json.loads(path.read_text(encoding="utf-8"))
    sys.addaudithook(offline)
    try:
        read = READERS[name]()
        say({"version": "" if name == "this parser" else metadata.version(name)})
    except Exception as error:  # noqa: BLE001
        say({"error": f"{type(error).__name__}: {error}"[:200]})
        return
    for line in sys.stdin:
        if line.strip() == "rss":
            resident = int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_SIZE
            say({"rss": resident / 1e6})
            continue
        turn, number = divmod(int(line), len(pages))
        url, html = pages[number]
        say(answer(read, url, html.replace(" dan ", f" dan {turn} ") if turn else html))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
