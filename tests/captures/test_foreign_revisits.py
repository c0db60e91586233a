"""Revisits as other tools write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.captures.replay import ReplayIndex
from crawler.captures.response import payload_digest
from tests.captures.again import reparse
from tests.captures.foreign import OK, record, warc

if TYPE_CHECKING:
    from pathlib import Path

IDENTICAL = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"
TARGET = {
    "WARC_Refers_To_Target_URI": "https://a/1",
    "WARC_Refers_To_Date": "2022-08-15T02:15:01Z",
}


@pytest.mark.parametrize(
    "reference",
    [
        {"WARC_Refers_To": "<urn:uuid:1>"},
        TARGET,
        {"WARC_Payload_Digest": payload_digest(b"one")},
        {"WARC_Refers_To": "<urn:uuid:404>", **TARGET},  # a record that is nowhere
    ],
)
@pytest.mark.parametrize(
    ("profile", "http", "status"),
    [
        (IDENTICAL, b"HTTP/1.1 203 OK\r\nX: own\r\n\r\n", 203),
        (IDENTICAL, b"", 200),  # it need not say what it had of its own
        (NOT_MODIFIED, b"HTTP/1.1 304 Not Modified\r\n\r\n", 200),
        (NOT_MODIFIED, b"", 200),
    ],
)
def test_a_revisit_is_replayed_across_files_and_addresses(
    tmp_path, reference, profile, http, status
):
    files = [  # the revisit before what it refers to
        warc(
            tmp_path / "1.warc.gz",
            record(9, http, b"", kind="revisit", WARC_Profile=profile, **reference),
            record(1, payload=b"another", WARC_Record_ID=None, WARC_Date="2021-08-15T02:15:01Z"),
        ),
        warc(tmp_path / "2.warc", record(1, payload=b"one"), record(2, payload=b"two")),
    ]
    found = ReplayIndex(files).find("https://a/9")
    assert (found.captured.payload, found.captured.status) == (b"one", status)
    own = ((b"X", b"own"),)
    assert found.captured.headers == (own if status == 203 else ((b"Content-Type", b"text/html"),))
    if profile == NOT_MODIFIED:  # what still stands is the response itself
        assert (found.path, found.captured.url) == (files[1], "https://a/1")
    else:
        assert (found.path, found.captured.url) == (files[0], "https://a/9")
        assert (found.original.path, found.original.captured.url) == (files[1], "https://a/1")


@pytest.mark.parametrize("profile", [IDENTICAL, NOT_MODIFIED])
def test_a_revisit_of_what_is_nowhere_gives_the_last_page_before_it(tmp_path, profile):
    revisit = {"kind": "revisit", "WARC_Profile": profile, "WARC_Refers_To": "<urn:uuid:404>"}
    path = warc(
        tmp_path / "a.warc.gz",
        record(1, payload=b"early"),
        record(2, payload=b"late", WARC_Target_URI="https://a/1"),
        record(3, b"HTTP/1.1 503 Busy\r\n\r\n", b"", WARC_Target_URI="https://a/1"),
        record(4, b"", b"", WARC_Target_URI="https://a/1", **revisit),
        record(5, b"", b"", **revisit),
    )
    index = ReplayIndex([path])
    assert index.find("https://a/1").captured.payload == b"late"
    assert index.find("https://a/5") is None


def test_a_revisit_that_names_a_record_alone_is_read_again(
    tmp_path: Path, putin: tuple[str, str]
) -> None:
    url, page = putin
    path = warc(
        tmp_path / "a.warc.gz",
        record(1, OK, page.encode(), WARC_Target_URI=url),
        record(
            2,
            b"",
            b"",
            kind="revisit",
            WARC_Target_URI=url,
            WARC_Profile=IDENTICAL,
            WARC_Refers_To="<urn:uuid:1>",
        ),
    )
    done = reparse(tmp_path / "a.db", str(path))
    assert done.returncode == 0, done.stderr
    assert "found 1: 1 new" in done.stdout
