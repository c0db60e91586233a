"""The database as it grows: time to store one more article, size on disk, time to search.

    python benchmarks/store.py [ARTICLES ...]

At each of these numbers (1,000, 100,000 and 1,000,000, which are some 8 GB in the temporary folder)
500 articles are stored as a crawl does, each in a transaction of its own and in turn with one into
a small database, and words are searched. Up to there articles are stored many to a transaction, by
the same code.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from datetime import datetime
from itertools import accumulate, islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from recorded import Results  # noqa: E402
from reparse import base36  # noqa: E402

from crawler.article import Article, Image, Related, content_hash  # noqa: E402
from crawler.database.pages import Found  # noqa: E402
from crawler.database.results import Read, Visit  # noqa: E402
from crawler.database.store import Store  # noqa: E402
from crawler.dates import WIB, iso  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SIZES = (1_000, 100_000, 1_000_000)
SMALL = 1_000  # articles in the database that is measured beside it
SINGLE = 500  # articles stored one by one at each size
BATCH = 1_000  # in a transaction, up to there
ROUNDS = 5  # of each search
BEGIN, SPACING = 1_300_000_000, 300  # seconds: of the first id, and between two
WORDS, SENTENCES = 40_000, 50_000  # to choose from
SYLLABLES = (
    "ba be da di du ga ka ke ki la le ma me mi na nga pa pe ra ri sa se si ta te ti tu wa ya"
)
SEARCH = """
    SELECT articles.id, articles.title
    FROM articles_fts JOIN articles ON articles.rowid = articles_fts.rowid
    WHERE articles_fts MATCH ? ORDER BY rank LIMIT 20
"""


def vocabulary(random: Random) -> list[str]:
    """Made-up words; the nearer to the start, the more often they are used."""
    syllables = SYLLABLES.split()
    made = ("".join(random.choices(syllables, k=random.randint(2, 5))) for _ in iter(int, 1))
    return list(islice(dict.fromkeys(islice(made, 3 * WORDS)), WORDS))


def articles(words: list[str], random: Random) -> Iterator[Article]:
    """Made-up articles of 330 words, with all that hangs on one, without end."""
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    sentences = [
        f"{' '.join(random.choices(words, cum_weights=weights, k=11)).capitalize()}."
        for _ in range(SENTENCES)
    ]
    for second in range(BEGIN, sys.maxsize, SPACING):
        identifier = f"{base36(second)}900"
        chosen = random.choices(sentences, k=32)
        title, lead, body = chosen[0][:-1].title(), chosen[1], "\n\n".join(chosen[2:])
        slug = title.lower().replace(" ", "-")
        url = f"https://news.republika.co.id/berita/{identifier}/{slug}"
        moment = iso(datetime.fromtimestamp(second, WIB))
        yield Article(
            id=identifier,
            url=url,
            title=title,
            lead=lead,
            published_at=moment,
            published_raw=moment,
            published_from="page",
            section="News > Umum",
            reporters=["Contoh Reporter"],
            editors=["Contoh Redaktur"],
            dateline="JAKARTA",
            body=body,
            word_count=body.count(" ") + 1,
            language="id",
            kind="article",
            layout="republika2023",
            content_hash=content_hash(title, lead, body),
            parser_version="1",
            tags=random.choices(words[1000:4000], k=4),
            images=[Image(url=f"{url}.jpg", caption=chosen[2], credit="Contoh")],
            related=[Related(related_id=identifier, url=url, title=title)] * 2,
        )


def save(store: Store, article: Article) -> None:
    """As the crawl does."""
    store.settle(article.id, Read(article, Visit(http_status=200)), now=article.published_at)


def fill(store: Store, made: Iterator[Article], number: int) -> None:
    """Store this many articles, many in a transaction."""
    while number > 0:
        with store.transaction():
            for article in islice(made, min(BATCH, number)):
                save(store, article)
        number -= BATCH


class Single(NamedTuple):
    """What it took to store some articles one by one."""

    times: list[float]  # milliseconds, the shortest first
    busy: float  # the processor's milliseconds for one, on average


def single(stores: Sequence[Store], made: Iterator[Article]) -> list[Single]:
    """Store some more articles in each of these, in turn, so that all meet the same machine.

    What is indexed for many at once is paid by the one that comes last.
    """
    measured: list[tuple[list[float], list[float]]] = [([], []) for _ in stores]
    for _ in range(SINGLE):
        for store, (times, busy) in zip(stores, measured, strict=True):
            article = next(made)
            found = Found(id=article.id, url=article.url, listed_at=article.published_at)
            store.pages.find([found], article.published_at)
            begin, busy_begin = time.perf_counter(), time.process_time()
            save(store, article)
            times.append((time.perf_counter() - begin) * 1000)
            busy.append((time.process_time() - busy_begin) * 1000)
    return [Single(sorted(times), statistics.fmean(busy)) for times, busy in measured]


def search(store: Store, query: str) -> str:
    """The fastest milliseconds to find the best articles, and in how many the words stand."""
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        store.rows(SEARCH, [query])
        times.append((time.perf_counter() - begin) * 1000)
    ((count,),) = store.db.conn.execute(
        "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", [query]
    )
    return f"{min(times):.1f} ({count:,})"


def main(sizes: list[int]) -> None:
    random = Random(0)
    words = vocabulary(random)
    made = articles(words, random)
    # In about 1 article of 1,000, of 100 and of 10; and two of the last kind together.
    queries = (words[-1], words[4000], words[400], f"{words[400]} {words[401]}")
    rows: list[tuple[object, ...]] = []
    with (
        TemporaryDirectory() as folder,
        Store(Path(folder) / "growing.db") as store,
        Store(Path(folder) / "small.db") as small,
    ):
        stored = 0
        fill(small, made, SMALL)
        for size in sizes:
            fill(store, made, size - stored)
            (times, busy), beside = single([store, small], made)
            stored = size + SINGLE
            store.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            size_each = store.path.stat().st_size / stored / 1000
            at = (statistics.median(times), times[int(0.95 * SINGLE)], times[-1], busy)
            rows.append(
                (
                    f"{size:,}",
                    *(f"{milliseconds:.2f}" for milliseconds in at),
                    f"{busy / beside.busy:.2f}",
                    f"{size_each:.1f}",
                    *(search(store, query) for query in queries),
                )
            )
            print(*rows[-1], file=sys.stderr, flush=True)  # the last may take an hour
    kinds = ("rare word", "less rare", "common", "two common")
    results = Results("store")
    results.table(
        ("articles", "ms", "95 % under", "most", "CPU ms", "of a small one", "KB each", *kinds),
        rows,
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    results.say(f"Memory at most: {peak} MB.")
    results.keep()


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or list(SIZES))
