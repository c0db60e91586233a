"""A database of made-up articles of real size, for the benchmarks of what is read from it.

    python benchmarks/library.py FILE [ARTICLES]

Written in bulk on the real schema, the full-text index built at the end. 200,000 articles (the
default) are some 1.2 GB. The same number gives the same database.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from itertools import accumulate, islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from reparse import base36  # noqa: E402
from stories import LAST, LEXICON, SPACING  # noqa: E402

from crawler.article import content_hash  # noqa: E402
from crawler.database.store import Store  # noqa: E402
from crawler.dates import iso  # noqa: E402

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

COMMON = "yang"  # in nearly every article
RARE = "kedelai"  # in one of a thousand
KANAL = "ekonomi"  # of one in seven
ARTICLES = 200_000

_OFTEN = f"""
    {COMMON} dan di itu dengan ini untuk dari dalam tidak akan pada juga ke karena tersebut ada
    oleh mereka bisa sebagai telah kata saat menjadi para tahun kepada orang lebih sudah
""".split()
_SYLLABLES = (
    "ba be bi bu da de di du ga ka ke ki ku la le li lu ma me mi mu na nga pa pe pu ra".split()
)
_VOCABULARY = 40_000
_SENTENCES = 100_000  # to choose from; each is met in some of the articles
_TAGS, _REPORTERS = 3_000, 150
_KANALS = (KANAL, "nasional", "internasional", "khazanah", "olahraga", "news", "sharia")
_BATCH = 5_000


def make(path: Path, number: int) -> None:
    """Write this many articles, with all that hangs on them, into a new database."""
    path.unlink(missing_ok=True)
    with Store(path) as store:
        database = store.db.conn
        with _bulk(database):
            stories = _stories(number)
            while batch := list(islice(stories, _BATCH)):
                for table in batch[0]:
                    _insert(database, table, [row for story in batch for row in story[table]])


@contextmanager
def _bulk(database: sqlite3.Connection) -> Iterator[None]:
    """Without journal and full-text triggers; the index is built at the end."""
    triggers = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'articles'"
    ).fetchall()
    for name, _ in triggers:
        database.execute(f"DROP TRIGGER {name}")
    database.commit()
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA foreign_keys = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA cache_size = -200000")
    database.execute("BEGIN")
    yield
    database.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
    for _, sql in triggers:
        database.execute(sql)
    database.commit()
    database.execute("ANALYZE")
    database.execute("PRAGMA journal_mode = WAL")


def _insert(database: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        names = ", ".join(rows[0])
        marks = ", ".join(f":{name}" for name in rows[0])
        database.executemany(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", rows)


def _zipf(random: Random, words: list[str]) -> Callable[[int], list[str]]:
    """Draws words, the first of them most often."""
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    return lambda count: random.choices(words, cum_weights=weights, k=count)


def _vocabulary(random: Random) -> list[str]:
    made = ("".join(random.choices(_SYLLABLES, k=random.randint(2, 5))) for _ in iter(int, 1))
    return list(dict.fromkeys([*_OFTEN, *LEXICON, *islice(made, _VOCABULARY)]))


def _stories(number: int) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """The rows of each article, by table."""
    random = Random(number)
    words = _zipf(random, _vocabulary(random))
    sentences = [f"{' '.join(words(11)).capitalize()}." for _ in range(_SENTENCES)]
    tags = _zipf(random, [f"{' '.join(words(2))} {n}" for n in range(_TAGS)])
    tag_ids: dict[str, int] = {}
    for n in range(number):
        published = LAST - (number - 1 - n) * SPACING
        article_id = f"{base36(int(published.timestamp()))}{n % 1000:03d}"
        moment = iso(published)
        host = random.choice(_KANALS)
        chosen = random.choices(sentences, k=random.randint(24, 34))
        if n % 1000 == 0:
            chosen[n // 1000 % 20] = f"Harga {RARE} naik."
        body = "\n\n".join(" ".join(chosen[i : i + 2]) for i in range(0, len(chosen), 2))
        title, lead = " ".join(words(8)).title(), f"{' '.join(words(12)).capitalize()}."
        url = (
            f"https://{host}.republika.co.id/berita/{article_id}/{title.lower().replace(' ', '-')}"
        )
        article = {
            "id": article_id,
            "url": url,
            "title": title,
            "lead": lead if n % 5 else None,
            "published_at": moment,
            "published_raw": f"{published:%A %d %b %Y %H:%M} WIB",
            "published_from": "page",
            "modified_at": None,
            "section": f"{host.title()} > {random.choice(LEXICON[:12]).title()}",
            "reporters": json.dumps([f"Contoh Reporter {random.randrange(_REPORTERS)}"]),
            "editors": json.dumps([f"Contoh Redaktur {random.randrange(40)}"]),
            "sources": json.dumps(["Antara"] if n % 3 else []),
            "dateline": "JAKARTA" if n % 2 else None,
            "body": body,
            "word_count": body.count(" ") + 1,
            "language": "id",
            "kind": "gallery" if n % 25 == 0 else "article",
            "partial": int(n % 40 == 0),
            "layout": "republika2023" if n % 2 else "wrap_detail",
            "content_hash": content_hash(title, lead, body),
            "parser_version": "1",
            "fetched_at": moment,
        }
        tagged = sorted(set(tags(4)))
        new_tags = [tag for tag in tagged if tag not in tag_ids]
        tag_ids.update((tag, len(tag_ids) + 1 + i) for i, tag in enumerate(new_tags))
        images = [
            {"url": f"{url}/{i}.jpg", "caption": " ".join(words(12)), "credit": "Republika"}
            for i in range(1 + (n % 3 == 0))
        ]
        related = [
            {"related_id": article_id, "url": url, "title": " ".join(words(8)).title()}
            for _ in range(2)
        ]
        link = {"article_id": article_id}
        yield {
            "articles": [{**article, "first_seen_at": moment, "updated_at": moment}],
            "tags": [{"id": tag_ids[tag], "name": tag} for tag in new_tags],
            "article_tags": [{**link, "tag_id": tag_ids[tag]} for tag in tagged],
            "images": [{**link, "position": i, **image} for i, image in enumerate(images)],
            "related": [{**link, "position": i, **other} for i, other in enumerate(related)],
            "pages": list(_pages(n, article_id, url, moment)),
            "revisions": [_revision(article, tagged, images, related)] if n % 50 == 0 else [],
            "runs": [_run(moment, n)] if n % 20 == 0 else [],
        }


def _pages(n: int, article_id: str, url: str, moment: str) -> Iterator[dict[str, Any]]:
    page = {"found_at": moment, "listed_at": moment, "fetched_at": moment}
    yield {"id": article_id, "url": url, "state": "stored", "reason": None, **page}
    if n % 30 == 0:  # and what gave no record
        reason = ("gone", "HTTP 404") if n % 60 else ("rejected", "no text")
        yield {
            "id": f"{article_id}0",
            "url": url,
            **dict(zip(("state", "reason"), reason, strict=True)),
            **page,
        }


def _revision(
    article: dict[str, Any], tags: list[str], images: list[Any], related: list[Any]
) -> dict[str, Any]:
    former = {name: value for name, value in article.items() if name != "id"}
    return {
        "article_id": article["id"],
        "seen_at": article["fetched_at"],
        **former,
        "title": article["title"].upper(),
        "tags": json.dumps(tags),
        "images": json.dumps(images),
        "related": json.dumps(related),
        "changes": f"title\n- {article['title'].upper()}\n+ {article['title']}",
    }


def _run(moment: str, n: int) -> dict[str, Any]:
    return {
        "spider": "latest",
        "arguments": "{}",
        "versions": "{}",
        "started_at": moment,
        "finished_at": moment,
        "finish_reason": "finished",
        "found": 20,
        "new": 20,
        "healthy": int(n % 400 != 0),
        "why": None if n % 400 else "the newest article is 30 hours old",
        "fields": "{}",
    }


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) == 3 else ARTICLES)
