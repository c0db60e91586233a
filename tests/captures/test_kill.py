"""A writer that is killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from crawler.captures.response import CapturedResponse
from crawler.captures.warc import read_capture, scan
from crawler.captures.writer import WarcWriter
from tests.helpers import ROOT

WRITE = """
import itertools, random, sys
from datetime import UTC, datetime
from pathlib import Path
from crawler.captures.warc import read_capture
from crawler.captures.writer import WarcWriter

size, max_size = int(sys.argv[2]), int(sys.argv[3])
writer = WarcWriter(Path(sys.argv[1]), max_size=max_size)
noise = random.Random(0)
for number in itertools.count():
    payload = noise.randbytes(size)
    writer.response(f"https://a/{number}", 200, (), payload, datetime(2022, 8, 15, tzinfo=UTC))
    print(number, flush=True)
"""


@pytest.mark.parametrize(
    ("size", "max_size", "moments"), [(5_000_000, 10**9, 5), (20_000, 10**9, 5), (2000, 9000, 3)]
)
def test_a_kill_costs_at_most_the_record_that_is_being_written(tmp_path, size, max_size, moments):
    wait = random.Random(size)
    for moment in range(moments):
        folder = tmp_path / str(moment)
        with subprocess.Popen(
            [sys.executable, "-c", WRITE, folder, str(size), str(max_size)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as process:
            process.stdout.readline()
            time.sleep(wait.uniform(0.05, 0.5))
            process.send_signal(signal.SIGKILL)
            written = 1 + len(process.stdout.readlines())
        found = [one for path in sorted(folder.iterdir()) for one in scan(path)]
        captures = [one for one in found if isinstance(one, CapturedResponse)]
        assert [captured.url for captured in captures[:written]] == [
            f"https://a/{number}" for number in range(written)
        ]
        # One more may have been written and not said, and one more cut off.
        assert len(captures) <= written + 1
        assert found[: len(captures)] == captures
        assert len(found) <= len(captures) + 1
        # The next run is not hindered.
        writer = WarcWriter(folder)
        place = writer.response("https://a/", 200, (), b"x", datetime(2022, 8, 15, tzinfo=UTC))
        writer.close()
        assert read_capture(folder / place.file, place.offset).payload == b"x"
