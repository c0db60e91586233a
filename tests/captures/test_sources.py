"""Archives are read once, by many processes, and what is taken of them is kept."""

from __future__ import annotations

import gzip
import os
import shutil
from datetime import timedelta

import pytest

from crawler.captures.archives import archives
from crawler.captures.engine import local_engine
from crawler.captures.sources import gather
from crawler.database.store import Store
from crawler.errors import ArchiveError
from tests.captures.again import FIRST, PUTIN, archive, records, reparse
from tests.captures.foreign import OK, record, warc
from tests.helpers import rows

FOREIGN = ("https://www.example.com/berita", 200, "<p>Berita situs lain.</p>")


@pytest.fixture(scope="module")
def news(tmp_path_factory, putin_page):
    """Archives of somebody else: three, each with two articles; the third damaged at its end."""
    folder = tmp_path_factory.mktemp("news")
    url, page = putin_page
    for number in range(3):
        pages = []
        for other in (2 * number, 2 * number + 1):
            new = f"{PUTIN[:6]}{other + 1:03d}"
            text = page.replace(PUTIN, new).replace(" surat ", f" surat {other} ")
            pages += [FOREIGN, (url.replace(PUTIN, new), 200, text)]
        made = archive(folder / str(number), *pages, FOREIGN, begin=FIRST + timedelta(days=number))
        (file,) = made.iterdir()
        file.rename(folder / f"NEWS-{number}.warc.gz")
        made.rmdir()
    with (folder / "NEWS-2.warc.gz").open("r+b") as file:
        file.truncate((folder / "NEWS-2.warc.gz").stat().st_size - 40)
    return folder


@pytest.fixture(scope="module")
def alone(news, tmp_path_factory):
    """What one process makes of them."""
    database = tmp_path_factory.mktemp("alone") / "a.db"
    done = reparse(database, str(news), "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert "found 6: 6 new" in done.stdout
    return database


def everything(database):
    tables = records(database)
    tables["captures"] = [tuple(row) for row in rows(database, "SELECT * FROM captures")]
    told = "name, size, stamp, records, kept, damaged, file"
    tables["sources"] = [tuple(row) for row in rows(database, f"SELECT {told} FROM sources")]
    return tables


def test_many_processes_make_the_same_of_them(news, alone, tmp_path):
    done = reparse(tmp_path / "a.db", str(news), "--jobs", "2")
    assert done.returncode == 0, done.stderr
    assert everything(tmp_path / "a.db") == everything(alone)
    (third,) = rows(alone, "SELECT * FROM sources WHERE name LIKE '%NEWS-2%'")
    assert (third["records"], third["kept"], third["damaged"]) == (5, 2, 1)
    assert third["file"] == "NEWS-2.republika.warc.gz"
    assert third["stored_at"]


def test_what_was_taken_makes_the_database_again_without_the_archives(news, alone, tmp_path):
    kept = alone.with_suffix(".captures")
    assert sorted(path.name for path in kept.iterdir()) == [
        f"NEWS-{number}.republika.warc.gz" for number in range(3)
    ]
    # The records are those of the archive, byte for byte.
    first = (kept / "NEWS-0.republika.warc.gz").read_bytes()
    sizes = rows(alone, "SELECT length FROM captures WHERE file LIKE 'NEWS-0%' ORDER BY offset")
    source = (news / "NEWS-0.warc.gz").read_bytes()
    begin = 0
    for row in sizes:
        assert first[begin : begin + row["length"]] in source
        begin += row["length"]
    assert begin == len(first)
    shutil.copytree(kept, tmp_path / "b.captures")
    done = reparse(tmp_path / "b.db", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert records(tmp_path / "b.db") == records(alone)


def test_an_archive_is_read_once_unless_it_is_another_or_asked_for(news, alone, tmp_path):
    database = tmp_path / "a.db"
    shutil.copy(alone, database)
    shutil.copytree(alone.with_suffix(".captures"), tmp_path / "a.captures")
    folder = tmp_path / "news"
    shutil.copytree(news, folder)
    first = folder / "NEWS-0.warc.gz"
    assert reparse(database, str(first), "--jobs", "1").returncode == 0
    (again,) = [path for path in database.with_suffix(".captures").iterdir() if "0-" in path.name]
    before, stat = everything(database), first.stat()
    # Nothing of it is read: it may be anything.
    first.write_bytes(b"x" * stat.st_size)
    os.utime(first, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    done = reparse(database, str(first), "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert "found 0" in done.stdout
    assert "archives that were read before: 1; --again reads them again" in done.stdout
    assert everything(database) == before
    assert reparse(database, str(first), "--jobs", "1", "--again").returncode == 1
    shutil.copy(news / "NEWS-1.warc.gz", first)
    done = reparse(database, str(first), "--jobs", "1")
    assert "found 2: 0 new, 0 updated, 2 unchanged" in done.stdout, done.stderr
    (name,) = rows(database, f"SELECT DISTINCT file FROM captures WHERE file = '{again.name}'")
    assert name


def test_a_run_that_ends_early_goes_on_at_the_next_archive(news, tmp_path):
    names, folder = archives([str(news)]), tmp_path / "captures"
    read = []
    folder.mkdir()
    (folder / "NEWS-2.republika.warc.gz.1.part").touch()  # of a process that was killed

    def find(store, progress):
        with local_engine(1) as engine:
            return gather(
                store,
                folder,
                names,
                engine,
                extracts=folder,
                others={},
                reindex=False,
                again=False,
                dry_run=False,
                progress=progress,
            )

    def stop(done, _total):
        read.append(done)
        if len(read) == 2:
            raise KeyboardInterrupt

    with Store(tmp_path / "a.db") as store, pytest.raises(KeyboardInterrupt):
        find(store, stop)
    with Store(tmp_path / "a.db") as store:
        sources = find(store, lambda *_: None)
        assert sources.known == names[:2]
        assert sources.read == names  # their articles are not stored yet
        assert store.rows("SELECT count(*) AS n FROM temp.gathered") == [{"n": 6}]
    assert [path.suffix for path in folder.iterdir()] == [".gz"] * 3


def test_lists_name_archives(news, tmp_path):
    files = [str(news / f"NEWS-{number}.warc.gz") for number in range(3)]
    lists = tmp_path / "plain.txt", tmp_path / "packed.paths.gz"
    lists[0].write_text(f"\n{files[1]}\n{files[0]}\n")
    lists[1].write_bytes(gzip.compress(f"{files[2]}\n".encode()))
    shutil.copy(files[0], tmp_path / "beside.warc.gz")
    (tmp_path / "relative").write_text("beside.warc.gz\n")
    assert archives([f"@{name}" for name in lists]) == [files[1], files[0], files[2]]
    assert archives([f"@{tmp_path / 'relative'}"]) == [str(tmp_path / "beside.warc.gz")]
    (tmp_path / "empty").write_text("\n")
    for name in ("empty", "nowhere"):
        with pytest.raises(ArchiveError, match=name):
            archives([f"@{tmp_path / name}"])


def test_an_arc_is_told_with_its_remedy_and_zstd_is_read(putin_page, tmp_path):
    url, page = putin_page
    opening = b"filedesc://a.arc 0.0.0.0 20080815000000 text/plain 77\n1 0 Arsip\n"
    (tmp_path / "old.arc").write_bytes(opening)
    (tmp_path / "packed.arc.gz").write_bytes(gzip.compress(opening))
    packed = warc(tmp_path / "w.warc.zst", record(1, OK, page.encode(), WARC_Target_URI=url))
    database = tmp_path / "a.db"
    names = [str(tmp_path / name) for name in ("old.arc", "packed.arc.gz")]
    done = reparse(database, *names, str(packed), "--jobs", "1")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"unhealthy: {name} is an ARC file: convert it by `warcio recompress`" for name in names
    ]
    assert "found 1: 1 new" in done.stdout
    assert [row["file"] for row in rows(database, "SELECT file FROM captures")] == [
        "w.republika.warc.gz"
    ]
    packed.unlink()
    assert "1 unchanged" in reparse(database, "--jobs", "1").stdout


def test_a_list_that_cannot_be_read_is_told_in_words(tmp_path):
    (tmp_path / "bytes").write_bytes(b"\xd3\x00\xff")
    (tmp_path / "torn.gz").write_bytes(gzip.compress(b"a.warc.gz\n")[:-6])
    (tmp_path / "empty").touch()
    for name, why in (
        ("nowhere", "No such file or directory"),
        (".", "Is a directory"),
        ("bytes", "it is neither text nor gzip"),
        ("torn.gz", "it is neither text nor gzip"),
    ):
        with pytest.raises(ArchiveError) as told:
            archives([f"@{tmp_path}/{name}"])
        assert str(told.value) == f"the list {tmp_path}/{name} cannot be read: {why}"
    with pytest.raises(ArchiveError, match="is empty"):
        archives([f"@{tmp_path}/empty"])
