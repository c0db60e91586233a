"""A damaged full-text index is named as such, and built anew."""

from __future__ import annotations

import resource
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.database.store import Store
from tests.helpers import ROOT, fill, scrapy
from tests.records import T1, article, save

if TYPE_CHECKING:
    from pathlib import Path

STATEMENTS = {
    "no data": "DELETE FROM articles_fts_data",
    "no leaves": "DELETE FROM articles_fts_data WHERE id > 10",
    "empty leaves": "UPDATE articles_fts_data SET block = zeroblob(9) WHERE id > 10",
    "no version": "DELETE FROM articles_fts_config",
    "no new data": "DELETE FROM articles_fts_new_data",
}
TABLES = ("articles_fts_data", "articles_fts_config", "articles_fts_new_data")
DAMAGE = [*STATEMENTS, *TABLES]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of two articles, in one file, with all its texts in the large index."""
    first, second = article(), article("r2puuz396", title="Banjir", lead=None, body="Hujan lebat.")
    path = fill(tmp_path_factory.mktemp("whole") / "republika.db", first, second)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return path


def damage(path: Path, how: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        if how in STATEMENTS:
            connection.execute(STATEMENTS[how])
            return
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        sql = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = connection.execute(sql, [how]).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_index_is_named_and_built_anew(whole: Path, tmp_path: Path, how: str) -> None:
    path = tmp_path / "republika.db"
    shutil.copy(whole, path)
    damage(path, how)
    where = ("-s", f"DATABASE={path}")
    done = scrapy("search", "tidakada", *where)
    says = (
        f"scrapy search: {path} has a damaged full-text index:"
        " scrapy runs --repair builds it anew; its articles are whole\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", says)
    done = scrapy("runs", "--repair", *where)
    says = "the full-text index was built anew: 2 articles\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, says, "")
    assert "1 of 1 articles" in scrapy("search", "hujan", *where).stdout
    # It goes on as one that was never damaged.
    with Store(path) as store:
        save(store, article("r2puuz396", title="Kering", lead=None, body="Panas."), now=T1)
        assert store.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    done = scrapy("search", "hujan", *where)
    assert (done.returncode, done.stdout) == (0, 'nothing found for "hujan"\n')


def test_a_full_disk_is_told_and_the_damage_stays_named(tmp_path: Path) -> None:
    texts = (" ".join(f"kata{n}x{k}" for k in range(3000)) for n in range(20))
    path = fill(
        tmp_path / "republika.db",
        *(article(f"rgm{n:03}430", title=f"Judul {n}", body=text) for n, text in enumerate(texts)),
    )
    damage(path, "no data")
    where = ("-s", f"DATABASE={path}")
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "runs", "--repair", *where],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        # Stands in for a full disk: no file may grow beyond this.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)),
    )
    says = f"scrapy runs: {path} cannot be used: disk I/O error\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", says)
    # Not an index without a text, in which all is searched for in vain.
    assert "has a damaged full-text index" in scrapy("search", "kata3x7", *where).stderr
    assert scrapy("runs", "--repair", *where).returncode == 0
    assert "1 of 1 articles" in scrapy("search", "kata3x7", *where).stdout


def test_a_damaged_database_stays_called_so(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "republika.db"
    shutil.copy(whole, path)
    damage(path, "articles")
    for args in (("search", "hujan"), ("runs", "--repair")):
        done = scrapy(*args, "-s", f"DATABASE={path}")
        assert done.returncode == 1
        assert f"{path} is damaged: restore a copy" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_file_of_another_program_gets_no_index(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE articles (id)")
    before = path.read_bytes()
    done = scrapy("runs", "--repair", "-s", f"DATABASE={path}")
    says = f"scrapy runs: {path} is not a database of this crawler\n"
    assert (done.returncode, done.stderr) == (1, says)
    assert path.read_bytes() == before
