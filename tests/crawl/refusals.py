"""What the tests of refusals share."""

from __future__ import annotations

from datetime import datetime

from crawler.dates import WIB

DAY = datetime(2022, 8, 15, 12, tzinfo=WIB)
BACKFILL = ("backfill", "-a", "since=2022-08-15", "-a", "until=2022-08-15")
