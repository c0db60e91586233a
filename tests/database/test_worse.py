"""A page that shows less than the record: it is kept beside it, and replaces nothing."""

from __future__ import annotations

import pytest

from crawler.database.results import ParsedCapture, Read, Refused, Visit
from crawler.dates import iso
from tests.database.helpers import DAY, HOUR, OK, PUBLISHED, one, rows
from tests.records import T1, T2, T3, article, save

PARAGRAPHS = [
    "Warga Kampung Contoh memanen bawang merah lebih awal karena hujan turun terus-menerus.",
    "Ketua kelompok tani mengatakan hasilnya cukup untuk kebutuhan pasar kecamatan.",
    "Pemerintah desa menyiapkan gudang baru yang dapat menampung dua puluh ton bawang.",
    "Harga di tingkat petani bertahan sejak awal bulan, kata seorang pedagang.",
]
FULL = "\n\n".join(PARAGRAPHS)
SHORT = "Maaf, artikel ini sedang diperbaiki."
SHRUNK = (
    f"the page shows less now, {len(SHORT)} characters where {len(FULL)} are stored;"
    " the fuller text stays"
)


def settle(store, result, now):
    return store.settle("rgmwym370", result, now=now)


def bodies(store):
    """The record's text, and those of the revisions with their marks."""
    (record,) = one(store, "SELECT body FROM articles")
    return record, rows(store, "SELECT body, shrunk, again FROM revisions ORDER BY id")


def test_a_much_shorter_text_stands_beside_the_fuller_one(planned):
    settle(planned, Read(article(body=FULL), OK), T1)
    before = rows(planned, "SELECT * FROM articles")
    settled = settle(planned, Read(article(body=SHORT, title="Maaf"), OK), T2)
    assert (settled.outcome, settled.worse) == ("unchanged", True)
    assert rows(planned, "SELECT * FROM articles") == before
    assert bodies(planned) == (FULL, [(SHORT, 1, 0)])
    (changed,) = one(planned, "SELECT changes FROM revisions")
    assert "- Harga Kedelai Naik\n+ Maaf" in changed
    # It is asked for again without a condition: what stands is not that page's.
    page = "SELECT state, reason, http_status, etag, next_check_at > fetched_at FROM pages"
    assert one(planned, page) == ("stored", SHRUNK, 200, None, 1)
    settle(planned, Read(article(body=FULL), OK), T3)
    assert one(planned, "SELECT reason, etag FROM pages") == (None, '"a"')
    assert bodies(planned) == (FULL, [(SHORT, 1, 0)])


@pytest.mark.parametrize(
    ("former", "later", "stands"),
    [
        (FULL, "\n\n".join(PARAGRAPHS[:3]), False),  # an edit
        (FULL, FULL[: len(FULL) * 2 // 5 + 1], False),
        (FULL, FULL[: len(FULL) * 2 // 5 - 1], True),
        ("x" * 100, "y" * 39, True),
        ("x" * 99, "y", False),  # a caption
        (SHORT, FULL, False),
    ],
)
def test_how_much_shorter_a_text_must_be(planned, former, later, stands):
    settle(planned, Read(article(body=former), OK), T1)
    settled = settle(planned, Read(article(body=later), OK), T2)
    assert bodies(planned)[0] == (former if stands else later)
    assert settled.outcome == ("unchanged" if stands else "updated")


@pytest.mark.parametrize("doubt", [None, "the page seems to have more"])
def test_a_teaser_does_not_replace_the_whole_text(planned, doubt):
    settle(planned, Read(article(body=FULL), OK), T1)
    teaser = "\n\n".join(PARAGRAPHS[:3])
    settle(planned, Read(article(body=teaser, partial=1), OK, doubt=doubt), T2)
    assert bodies(planned) == (FULL, [(teaser, 1, 0)])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_order_in_which_pages_come_makes_no_difference(planned, order):
    pages = [article(body=FULL, fetched_at=T1), article(body=SHORT, fetched_at=T2)]
    for place in order:
        settle(planned, Read(pages[place], OK), T3)
    assert one(planned, "SELECT fetched_at FROM articles") == (T1,)
    assert bodies(planned) == (FULL, [(SHORT, 1, 0)])


@pytest.mark.parametrize(
    ("state", "status", "becomes", "worse"),
    [
        ("gone", 200, "gone", True),  # a notice, or another article
        ("gone", 404, "gone", False),
        ("failed", 200, "stored", True),  # a wall
        ("rejected", 200, "stored", True),  # without a text
        ("failed", None, "stored", False),
    ],
)
def test_a_page_without_a_record_leaves_the_one_before(planned, state, status, becomes, worse):
    settle(planned, Read(article(body=FULL), OK), T1)
    before = rows(planned, "SELECT * FROM articles")
    refused = Refused(state, "what it shows", article().url, Visit(status))
    assert settle(planned, refused, T2).worse is worse
    assert rows(planned, "SELECT * FROM articles") == before
    found, reason, due = one(planned, "SELECT state, reason, next_check_at FROM pages")
    assert (found, due > T2) == (becomes, True)
    assert reason == ("" if becomes == "gone" else "the last look at it failed: ") + "what it shows"


def test_the_home_page_in_place_of_an_article_is_how_the_site_takes_it_down(planned):
    settle(planned, Read(article(body=FULL), OK), T1)
    refused = Refused("gone", "the home page", article().url, Visit(200), taken_down=True)
    settled = settle(planned, refused, T2)
    assert (settled.outcome, settled.again, settled.worse) == ("gone", True, False)


def test_a_new_page_that_cannot_be_read_is_no_worse(planned):
    refused = Refused("rejected", "no text", article().url, Visit(200))
    assert not settle(planned, refused, T1).worse
    assert one(planned, "SELECT state FROM pages") == ("rejected",)


def test_the_text_of_another_article_replaces_none(planned):
    save(planned, article(body=FULL), now=T1)
    save(planned, article("rgmwz1371", title="Panen", body=FULL), now=T1)
    assert planned.articles.twin(article("rgmwz1371", body=FULL)) == "rgmwym370"
    assert planned.articles.twin(article("rgmwz1371", title="Panen", body=FULL)) is None


def later(number):
    return iso(PUBLISHED + DAY + number * HOUR)


def test_a_text_that_goes_back_and_forth_is_kept_once(planned):
    texts = [FULL, FULL.replace("dua puluh", "tiga puluh")]
    for number in range(20):
        assert save(planned, article(body=texts[number % 2]), now=later(number)) == (
            "updated" if number else "new"
        )
    record, revisions = bodies(planned)
    assert record == texts[1]
    assert [text for text, *_ in revisions] == texts
    assert sum(again for *_, again in revisions) == 17
    assert one(planned, "SELECT max(again_at) FROM revisions") == (later(19),)


def test_a_counter_in_a_text_does_not_fill_the_revisions(planned):
    for number in range(30):
        read = f"{FULL}\n\nSudah dibaca {number * 37 + 5} kali."
        save(planned, article(body=read), now=later(number))
    record, revisions = bodies(planned)
    assert record.endswith("Sudah dibaca 1078 kali.")
    assert len(revisions) == 5
    assert sum(again for *_, again in revisions) == 24
    rewritten = article(body="\n\n".join([*PARAGRAPHS[:2], "Panen diulang.", "Dua kali."]))
    save(planned, rewritten, now=later(40))
    save(planned, article(body=FULL), now=later(41))
    assert len(bodies(planned)[1]) == 6  # a change of another kind is one more


def test_captures_follow_the_same_rules(planned):
    def parsed(captured_at, result, doubt=None):
        return ParsedCapture(article().url, captured_at, result, doubt)

    captures = [
        parsed(T1, article(body=FULL, fetched_at=T1)),
        parsed(T2, article(body=SHORT, fetched_at=T2)),
    ]
    done = planned.settle_captures("rgmwym370", captures, now=T3)
    assert (done.outcome, done.worse) == ("new", True)
    assert bodies(planned) == (FULL, [(SHORT, 1, 0)])
    assert one(planned, "SELECT state, reason FROM pages") == ("stored", SHRUNK)
    captures.append(parsed(T3, article(body=FULL, partial=1, fetched_at=T3), "more of it"))
    assert planned.settle_captures("rgmwym370", captures[2:], now=T3).worse
    assert one(planned, "SELECT partial FROM articles") == (0,)
    assert planned.settle_captures("rgmwym370", captures[:1], now=T3).outcome == "unchanged"
    assert one(planned, "SELECT state, reason FROM pages") == ("stored", None)


def test_the_doubt_of_a_capture_is_the_reason_of_its_page(planned):
    doubtful = article(body=FULL, partial=1, fetched_at=T1)
    capture = ParsedCapture(article().url, T1, doubtful, "the page seems to have more")
    planned.settle_captures("rgmwym370", [capture], now=T3)
    reason = "SELECT reason FROM pages"
    assert one(planned, reason) == ("partial: the page seems to have more",)
    whole = ParsedCapture(article().url, T1, article(body=FULL, fetched_at=T1))
    planned.settle_captures("rgmwym370", [whole], now=T3)  # by a better parser
    assert one(planned, reason) == (None,)
