"""A real pywb, with a plain index and with one in pages as Common Crawl's."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from tests.archives.pages import ALL, contents
from tests.archives.played import PlayedArchive, running
from tests.archives.running import archive
from tests.pywb import fill_collection, running_pywb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.archives.pages import Contents

CONFIG = """
collections:
  plain:
    index_paths: ./collections/coll/indexes
    archive_paths: ./collections/coll/archive/
  paged:
    index: zipnum+./paged/cluster.idx
    archive_paths: ./collections/coll/archive/
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pywb")


@pytest.fixture(scope="module")
def pywb(folder: Path, file: Path) -> Iterator[str]:
    """Where pywb shows what the WARC holds."""
    fill_collection(folder, "coll", str(file))
    pages_of(folder / "collections" / "coll" / "indexes" / "index.cdxj", folder / "paged")
    (folder / "config.yaml").write_text(CONFIG)
    with running_pywb(folder) as address:
        yield address


def pages_of(index: Path, folder: Path) -> None:
    """A ZipNum index, of one row a block; pywb shows ten blocks on a page."""
    folder.mkdir()
    with (
        (folder / "cdx-00000.gz").open("wb") as shard,
        (folder / "cluster.idx").open("w") as summary,
    ):
        for number, row in enumerate(sorted(index.read_text().splitlines(keepends=True)), 1):
            block = gzip.compress(row.encode())
            key = " ".join(row.split(" ", 2)[:2])
            place = f"cdx-00000.gz\t{shard.tell()}\t{len(block)}\t{number}"
            summary.write(f"{key}\t{place}\n")
            shard.write(block)
    (folder / "cluster.loc").write_text(f"cdx-00000.gz\t{folder / 'cdx-00000.gz'}\n")


@pytest.mark.parametrize("collection", ["plain", "paged"])
def test_the_database_is_that_of_the_warc_itself(
    collection: str,
    pywb: str,
    folder: Path,
    direct: Contents,
    tmp_path: Path,
) -> None:
    archive(tmp_path, f"{pywb}/{collection}", *ALL)
    assert contents(tmp_path / "republika.db") == direct
    asked = (folder / "log").read_text()
    assert ("&page=1 " in asked) == (collection == "paged")


def test_records_by_their_byte_range(
    pywb: str, file: Path, direct: Contents, tmp_path: Path
) -> None:
    """The index is pywb's, and its files lie on a server that knows ranges."""
    with running(PlayedArchive(file)) as played:
        archive(tmp_path, f"{pywb}/paged/cdx", *ALL, "-a", f"data={played.url}/files")
        assert len(played.asked) == 11
    assert contents(tmp_path / "republika.db") == direct
