"""One crawl a database at a time, and nothing to clear away after one that died."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler.database.lock import database_lock, is_held
from crawler.database.store import Store
from crawler.errors import Locked, StoreError
from tests.helpers import ROOT

HOLD = """
import sys
from crawler.database.lock import database_lock
with database_lock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path):
    return tmp_path / "republika.db"


@contextmanager
def holder(database):
    """Another process that holds the database until its input ends."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", HOLD, database]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=pipe, stdout=pipe) as process:
        assert process.stdout.readline() == "held\n"
        yield process


def test_a_database_that_another_process_holds(database):
    with holder(database) as process:
        assert is_held(database)
        assert is_held(str(database))
        message = f"process {process.pid} holds {database}; try again when it has ended"
        with pytest.raises(Locked) as error, database_lock(database):
            pytest.fail("two hold the database")
        assert str(error.value) == message
        assert is_held(database)  # asking did not let go of it
    assert process.returncode == 0
    assert not is_held(database)
    with database_lock(database):
        assert is_held(database)


def test_a_holder_that_is_dead_holds_nothing(database):
    with holder(database) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        lock = Path(f"{database}.lock")
        assert lock.read_text() == f"{process.pid}\n"
        assert not is_held(database)
        with database_lock(database):
            assert lock.read_text() == f"{os.getpid()}\n"


def test_a_database_that_nobody_ever_held(database):
    assert not is_held(database)
    assert list(database.parent.iterdir()) == []  # asking leaves nothing behind


def test_an_error_inside_lets_go(database):
    with pytest.raises(KeyError), database_lock(database):
        raise KeyError
    assert not is_held(database)


def test_each_database_has_a_lock_of_its_own(database):
    other = database.with_name("other.db")
    with database_lock(database), database_lock(other):
        assert is_held(database)
        assert is_held(other)


def test_a_holder_that_has_not_said_its_name_yet(database):
    with holder(database):
        Path(f"{database}.lock").write_text("")
        with pytest.raises(Locked, match="process unknown holds"), database_lock(database):
            pytest.fail("two hold the database")


def test_a_lock_file_that_was_removed_lets_nobody_else_in(database):
    with holder(database):
        Path(f"{database}.lock").unlink()
        assert is_held(database)
        with pytest.raises(Locked, match="process unknown holds"), database_lock(database):
            pytest.fail("two hold the database")
    assert not is_held(database)
    with database_lock(database):
        pass


def test_no_connection_notices_the_lock(database):
    with database_lock(database), Store(database) as store, Store(database) as other:
        store.begin_run("latest", {}, {}, "2022-08-15T12:00:00+07:00")
        assert other.runs.last(1)[0].spider == "latest"
        store.db.vacuum()
    assert not is_held(database)


def test_what_is_no_regular_file_is_not_waited_at(database):
    os.mkfifo(f"{database}.lock")
    assert not is_held(database)
    says = re.escape(f"{database}.lock is not a regular file")
    with pytest.raises(StoreError, match=says), database_lock(database):
        pytest.fail("held by a FIFO")


def test_a_folder_that_is_not_there(database):
    missing = database.parent / "none" / "republika.db"
    assert not is_held(missing)
    says = f"{missing}.lock cannot be written: No such file or directory"
    with pytest.raises(StoreError, match=re.escape(says)), database_lock(missing):
        pytest.fail("held in no folder")
